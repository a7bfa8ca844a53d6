"""A small borderland: two towns, a two-sided crossing, a ford and a bridge side by side."""

from collections.abc import Callable
from datetime import date

import pytest

from marchland.alignment import AlignmentNetwork, infer_alignment
from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.control import ControlField, infer_control
from marchland.corridor import CorridorEstimate, CorridorQuestion, CorridorSettings, judge
from marchland.dates import Span
from marchland.roads import Link, RoadNetwork
from marchland.vocabulary import Actor, Place, Vocabulary

DAY = date(2030, 6, 1)
PLACES = ("alder", "gate-east", "gate-west", "ford", "bridge", "birch")
VOCABULARY = Vocabulary.load(None).extended(
    places=[
        Place(
            id=p,
            name=p.title(),
            kind="crossing" if p.startswith("gate") else "town",
            lat=10.0,
            lon=10.0 + 3 * n,
        )
        for n, p in enumerate(PLACES)
    ],
    actors=[
        Actor(id="crown", name="The Crown", kind="state"),
        Actor(id="league", name="The League", kind="armed group"),
        Actor(id="guard", name="The Guard", kind="armed group"),
        Actor(id="rebels", name="The Rebels", kind="armed group"),
    ],
)
ROADS = RoadNetwork(
    [
        Link(id="1", start="alder", end="gate-east", road_class="primary", km=20, hours=0.5),
        Link(id="2", start="gate-east", end="gate-west", road_class="primary", km=1, hours=0.1,
             border=True),
        Link(id="3", start="gate-west", end="ford", road_class="track", km=30, hours=2.0),
        Link(id="4", start="gate-west", end="bridge", road_class="primary", km=40, hours=0.8),
        Link(id="5", start="ford", end="birch", road_class="primary", km=10, hours=0.2),
        Link(id="6", start="bridge", end="birch", road_class="primary", km=10, hours=0.2),
        Link(id="7", start="alder", end="birch", mode="air", road_class="air", km=80, hours=0.3),
    ]
)  # fmt: skip


def claim(
    predicate: str,
    subject: str,
    *,
    other: str | None = None,
    place: str | None = None,
    on: date = DAY,
    source: str = "post",
    published: date | None = None,
) -> Claim:
    """One table claim."""
    report = Report.of(
        f"{predicate}{subject}{other}{place}{on}{source}".encode(),
        title="A table",
        source=Source(id=source, name=source.title()),
        published=published or on,
    )
    return Claim(
        predicate=predicate,
        report=report,
        subject=Ref(id=subject, name=subject.title()),
        object=Ref(id=other, name=other.title()) if other else None,
        place=PlaceRef(id=place, name=place.title()) if place else None,
        valid=Span.day(on),
    )


def holding(**held: str) -> list[Claim]:
    """Three sources that agree on who holds each place."""
    return [
        claim("holds", who, place=place.replace("_", "-"), source=source)
        for place, who in held.items()
        for source in ("post", "times", "herald")
    ]


ALL_CROWN = {p.replace("-", "_"): "crown" for p in PLACES}
QUESTION = CorridorQuestion(origin="alder", destination="birch", traveller="crown")

Ask = Callable[..., CorridorEstimate]


@pytest.fixture
def ask() -> Ask:
    def asked(
        claims: list[Claim],
        question: CorridorQuestion = QUESTION,
        *,
        on: date = DAY,
        given: dict[str, str] | None = None,
        **settings: object,
    ) -> CorridorEstimate:
        field, network = infer(claims, on=on, given=given)
        return judge(
            question,
            field,
            network,
            ROADS,
            VOCABULARY,
            on=on,
            as_of=DAY,
            claims=claims,
            given=given,
            settings=CorridorSettings(draws=512, **settings),  # type: ignore[arg-type]
        )

    return asked


def infer(
    claims: list[Claim], *, on: date = DAY, given: dict[str, str] | None = None
) -> tuple[ControlField, AlignmentNetwork]:
    """Control and alignment of the small borderland."""
    places = {k: v for k, v in (given or {}).items() if k in PLACES and v not in ("open", "closed")}
    actors = {k: v for k, v in (given or {}).items() if v in ("with", "against")}
    field = infer_control(
        claims, VOCABULARY, as_of=DAY, start=on, end=on, places=PLACES, given=places
    )
    return field, infer_alignment(claims, VOCABULARY, as_of=DAY, given=actors)

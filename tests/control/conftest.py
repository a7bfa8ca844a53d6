"""A small invented borderland: two states, an insurgency, seven towns in a line and an area."""

from collections.abc import Callable
from datetime import date

import pytest

from marchland.claims import Claim, Modality, PlaceRef, Ref, Report, Source
from marchland.dates import Precision, Span
from marchland.vocabulary import Actor, Place, Vocabulary

Tell = Callable[..., Claim]

ACTORS = (
    Actor(id="north", name="Northland", kind="state", country="NN"),
    Actor(id="north-army", name="Northland army", kind="army", country="NN", part_of="north"),
    Actor(id="south", name="Southland", kind="state", country="SS"),
    Actor(id="rebels", name="The rebels", kind="armed group"),
    Actor(id="guard", name="River Guard", kind="armed group"),
)
TOWNS = tuple(
    Place(
        id=f"t{i}", name=f"Town {i}", lat=34.0, lon=40.0 + 0.25 * i, country="NN" if i < 4 else "SS"
    )
    for i in range(7)
)
REMOTE = Place(id="remote", name="Remote", lat=-20.0, lon=10.0, country="ZZ")
AREA = Place(id="valley", name="The valley", kind="region", members=("t0", "t1", "t2"))


@pytest.fixture(scope="session")
def borderland() -> Vocabulary:
    return Vocabulary(actors=ACTORS, places=(), own_places=(*TOWNS, REMOTE, AREA))


@pytest.fixture(scope="session")
def tell() -> Tell:
    """Make a claim in one line."""

    def make(
        predicate: str,
        subject: str | None,
        place: str,
        day: str,
        *,
        object: str | None = None,
        source: str = "gazette",
        published: str | None = None,
        modality: str = "asserted",
        speaker: str | None = None,
        p_read: float = 1.0,
        precision: Precision = Precision.DAY,
        end: str | None = None,
        report: str | None = None,
        quote: tuple[str, int, int] | None = None,
        geo_precision: str = "settlement",
    ) -> Claim:
        def ref(id: str | None) -> Ref | None:
            return None if id is None else Ref(id=id, name=id.strip("?"))

        content = report or f"{predicate} {subject} {place} {day} {object} {source} {modality}"
        text, begin, finish = quote or (None, None, None)
        return Claim(
            predicate=predicate,
            subject=ref(subject),
            object=ref(object),
            speaker=ref(speaker),
            place=PlaceRef(id=place, name=place, geo_precision=geo_precision),
            valid=Span(
                start=date.fromisoformat(day),
                end=date.fromisoformat(end) if end else None,
                precision=precision,
            ),
            modality=Modality(modality),
            p_read=p_read,
            report=Report.of(
                content.encode(),
                title=content,
                source=Source(id=source, name=source.title()),
                published=date.fromisoformat(published or day),
            ),
            quote=text,
            begin=begin,
            end=finish,
        )

    return make

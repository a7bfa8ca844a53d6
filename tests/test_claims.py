"""The claim record: what it may say, and an id that is its content."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.claims import PREDICATES, Claim, Kind, Modality, PlaceRef, Ref, Report, Source
from marchland.dates import Span
from marchland.errors import InvalidClaim

REPORT = Report.of(
    b"Rebels took Ford.",
    title="Ford falls",
    source=Source(id="the-vale-post", name="The Vale Post"),
    published=date(2030, 5, 1),
)
CLAIM = Claim(
    predicate="captures",
    report=REPORT,
    subject=Ref(id="rebels", name="Rebels", text="Rebels"),
    place=PlaceRef(id="ford", name="Ford", text="Ford", lat=1.0, lon=2.0),
    valid=Span.day(date(2030, 5, 1)),
    quote="Rebels took Ford",
    begin=0,
    end=16,
    p_read=0.9,
    reader="hand/1",
)

names = st.text(min_size=1, max_size=12).filter(str.strip)


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    at = draw(st.integers(0, 500))
    quote = draw(names)
    return Claim(
        predicate=draw(st.sampled_from(sorted(PREDICATES))),
        report=REPORT,
        subject=Ref(id=draw(names), name=draw(names)),
        object=draw(st.none() | st.builds(Ref.unresolved, names)),
        place=PlaceRef.unresolved(draw(names)),
        valid=Span(start=draw(st.none() | st.dates()), end=None),
        modality=draw(st.sampled_from(list(Modality))),
        speaker=draw(st.none() | st.builds(Ref.unresolved, names)),
        quote=quote,
        begin=at,
        end=at + len(quote),
        p_read=round(draw(st.floats(0, 1)), 4),
    )


@given(claim=claims())
def test_the_record_form_loses_nothing(claim: Claim) -> None:
    assert Claim.from_json(claim.to_json()) == claim


@given(claim=claims())
def test_the_id_is_the_content_and_not_when_it_was_recorded(claim: Claim) -> None:
    later = replace(claim, recorded=datetime(2031, 1, 1, tzinfo=UTC))
    assert later.id == claim.id
    assert replace(claim, p_read=claim.p_read / 2 + 0.4).id != claim.id or claim.p_read == 0.8


def test_a_predicate_decides_the_kind() -> None:
    assert CLAIM.kind is Kind.CONTROL
    assert PREDICATES["says"] is Kind.STATEMENT


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"predicate": "conquers"}, "no predicate"),
        ({"modality": "maybe"}, "no modality"),
        ({"p_read": 1.2}, "p_read"),
        ({"place": None}, "needs a place"),
        ({"begin": 16}, "begin before it ends"),
        ({"quote": None}, "come together"),
        ({"predicate": "fights", "subject": None, "place": None}, "needs a subject"),
        ({"recorded": datetime(2030, 1, 1)}, "time zone"),  # noqa: DTZ001
    ],
)
def test_a_claim_that_breaks_the_rules_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidClaim, match=says):
        replace(CLAIM, **change)  # type: ignore[arg-type]


def test_a_record_with_a_field_missing_is_refused() -> None:
    record = CLAIM.to_json()
    del record["report"]
    with pytest.raises(InvalidClaim, match="report"):
        Claim.from_json(record)


def test_a_correction_is_a_new_claim() -> None:
    mended = CLAIM.corrected(place=PlaceRef(id="forge", name="Forge"))
    assert mended.corrects == CLAIM.id
    assert mended.id != CLAIM.id
    assert CLAIM.place == PlaceRef(id="ford", name="Ford", text="Ford", lat=1.0, lon=2.0)


def test_an_unresolved_mention_keeps_its_text_and_says_so() -> None:
    ref = Ref.unresolved("the  men in\ngreen")
    assert (ref.id, ref.name, ref.resolved) == ("?the-men-in-green", "the men in green", False)


def test_a_claim_reads_as_a_sentence() -> None:
    assert str(CLAIM) == "Rebels captures at Ford (The Vale Post, 2030-05-01)"
    doubted = replace(CLAIM, modality=Modality.POSSIBLE, speaker=Ref(id="a", name="An aide"))
    assert str(doubted).endswith("at Ford [possible], said An aide (The Vale Post, 2030-05-01)")


def test_the_same_bytes_from_another_source_are_another_report() -> None:
    other = Report.of(
        b"Rebels took Ford.",
        title="Ford falls",
        source=Source(id="the-vale-times", name="The Vale Times"),
        published=date(2030, 5, 1),
    )
    assert other.sha256 == REPORT.sha256
    assert other.id != REPORT.id

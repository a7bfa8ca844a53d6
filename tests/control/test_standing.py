"""Which claims about an earlier day still stand when they are published; and days of spans."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.control import infer_control
from marchland.control.evidence import days_of
from marchland.control.standing import standing
from marchland.dates import Precision, Span
from marchland.vocabulary import Vocabulary

Tell = Callable[..., Claim]
PUBLISHED = "2017-06-01"


@pytest.fixture
def note(tell: Tell) -> Tell:
    """A claim out of a report titled with the name of the claim's place, or as told."""

    def make(predicate: str, subject: str, day: str, *, begin: int, title: str = "t1") -> Claim:
        claim = tell(
            predicate, subject, "t1", day, published=PUBLISHED, report="page",
            quote=("words", begin, begin + 5),
        )  # fmt: skip
        return replace(claim, report=replace(claim.report, title=title))

    return make


def ids(*claims: Claim) -> frozenset[str]:
    return frozenset(c.id for c in claims)


def test_the_last_change_that_a_note_tells_of_stands(note: Tell) -> None:
    first = note("captures", "rebels", "2017-02-25", begin=0)
    last = note("captures", "north", "2017-04-02", begin=40)
    assert standing([last, first], days_of=days_of) == ids(last)


def test_an_old_change_in_a_report_of_something_else_does_not_stand(note: Tell) -> None:
    told = note("captures", "rebels", "2017-02-25", begin=0, title="t1 fights on")
    assert standing([told], days_of=days_of) == frozenset()


def test_a_note_that_ends_with_a_siege_or_a_loss_leaves_no_holder_standing(note: Tell) -> None:
    first = note("captures", "rebels", "2017-02-25", begin=0)
    for end in ("contests", "loses", "withdraws"):
        assert standing([first, note(end, "rebels", "2017-04-02", begin=40)], days_of=days_of) == (
            frozenset()
        )


def test_a_row_of_a_table_stands_and_a_change_in_it_does_not(tell: Tell) -> None:
    row = tell("holds", "north", "t1", "2017-02-25", published=PUBLISHED)
    change = tell("captures", "north", "t1", "2017-02-25", published=PUBLISHED)
    today = tell("holds", "north", "t1", PUBLISHED, published=PUBLISHED)
    assert standing([row, change, today], days_of=days_of) == ids(row)


def test_what_stands_is_evidence_of_its_publication(borderland: Vocabulary, note: Tell) -> None:
    day = date.fromisoformat(PUBLISHED)
    marks = {}
    for title in ("t1", "Another matter"):
        claim = note("captures", "rebels", "2017-01-25", begin=0, title=title)
        field = infer_control([claim], borderland, as_of=day, start=day, end=day)
        (piece,) = field.pieces("t1")
        marks[title] = piece.last_day
    assert marks == {"t1": day.toordinal(), "Another matter": date(2017, 1, 25).toordinal()}


def test_a_note_said_again_is_no_second_change(borderland: Vocabulary, note: Tell) -> None:
    day = date(2017, 7, 1)
    first = note("captures", "rebels", "2017-01-25", begin=0)
    again = replace(
        first,
        report=replace(first.report, id="r:again", published=day),
    )
    field = infer_control([first, again], borderland, as_of=day, start=day, end=day)
    pieces = sorted(field.pieces("t1"), key=lambda p: p.last_day)
    assert [p.last_day for p in pieces] == [
        date.fromisoformat(PUBLISHED).toordinal(),
        day.toordinal(),
    ]
    assert pieces[0].shifts
    assert not pieces[1].shifts
    assert len(pieces[1].marks) == 1


def test_until_a_day_speaks_of_the_day_before_it(tell: Tell) -> None:
    claim = replace(
        tell("holds", "north", "t1", PUBLISHED),
        valid=Span(end=date(2017, 3, 1), precision=Precision.UNKNOWN),
    )
    assert days_of(claim) == (date(2017, 2, 28).toordinal(),) * 2


@given(st.integers(1, 200), st.integers(1, 200))
def test_the_days_of_a_year_end_with_the_span_and_the_report(end: int, published: int) -> None:
    # A span's start lies in its window, before its end and not after its publication.
    start = date(2017, 1, 1)
    span = Span(
        start=start, end=date.fromordinal(start.toordinal() + end), precision=Precision.YEAR
    )
    told = Claim(
        predicate="holds",
        subject=Ref(id="north", name="North"),
        place=PlaceRef(id="t1", name="Town 1"),
        valid=span,
        report=Report.of(
            b"", title="", source=Source(id="s", name="S"),
            published=date.fromordinal(start.toordinal() + published),
        ),
    )  # fmt: skip
    first, last = days_of(told)
    assert first == start.toordinal()
    assert last == first + min(end - 1, published, 364)


def test_an_age_that_nobody_can_date_is_not_the_day_of_the_report(
    borderland: Vocabulary, tell: Tell
) -> None:
    day = date.fromisoformat(PUBLISHED)
    text = tell("holds", "rebels", "t1", PUBLISHED, quote=("before the war", 0, 14))
    told = replace(text, valid=Span.unknown())
    field = infer_control([told], borderland, as_of=day, start=day, end=day, places=["t1"])
    assert field.pieces("t1") == ()
    row = replace(tell("holds", "rebels", "t1", PUBLISHED), valid=Span.unknown())
    field = infer_control([row], borderland, as_of=day, start=day, end=day, places=["t1"])
    assert len(field.pieces("t1")) == 1

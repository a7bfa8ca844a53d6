"""Days and spans: half-open, with the precision the source gave."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.dates import Precision, Span, parse_day
from marchland.errors import BadInput

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1))


@pytest.mark.parametrize(
    ("text", "start", "precision", "width"),
    [
        ("2017", date(2017, 1, 1), Precision.YEAR, 365),
        ("2016", date(2016, 1, 1), Precision.YEAR, 366),
        ("2017-02", date(2017, 2, 1), Precision.MONTH, 28),
        ("2017-06-18", date(2017, 6, 18), Precision.DAY, 1),
    ],
)
def test_a_prefix_of_a_date_keeps_its_precision(
    text: str, start: date, precision: Precision, width: int
) -> None:
    span = Span.parse(text)
    assert (span.start, span.precision, span.end) == (start, precision, None)
    assert span.window == (start, start + timedelta(days=width))


def test_an_interval_is_half_open() -> None:
    span = Span.parse("2017-06-01/2017-07-01")
    assert span.covers(date(2017, 6, 30))
    assert not span.covers(date(2017, 7, 1))


def test_an_open_span_goes_on() -> None:
    assert Span.parse("2017-06-01/..").covers(date(2099, 1, 1))
    assert Span.unknown().covers(date(1950, 1, 1))


@pytest.mark.parametrize("text", ["", "june", "2017-13", "2017-02-30", "17-06-18", "2017/06/18"])
def test_what_is_no_date_is_said_so(text: str) -> None:
    with pytest.raises(BadInput):
        Span.parse(text)
    with pytest.raises(BadInput):
        parse_day(text)


def test_a_month_is_no_day() -> None:
    with pytest.raises(BadInput, match="YYYY-MM-DD"):
        parse_day("2017-06")


def test_a_span_may_not_end_before_it_starts() -> None:
    with pytest.raises(BadInput, match="end after it starts"):
        Span(start=date(2017, 6, 2), end=date(2017, 6, 2))


@given(start=days, length=st.integers(1, 4000), precision=st.sampled_from(list(Precision)))
def test_the_record_form_loses_nothing(start: date, length: int, precision: Precision) -> None:
    span = Span(start=start, end=start + timedelta(days=length), precision=precision)
    assert Span.from_json(span.to_json()) == span


@given(start=days, length=st.integers(1, 4000), at=st.integers(-10, 5000))
def test_a_span_covers_exactly_its_days(start: date, length: int, at: int) -> None:
    span = Span(start=start, end=start + timedelta(days=length))
    assert span.covers(start + timedelta(days=at)) == (0 <= at < length)

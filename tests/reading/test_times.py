"""Time expressions: which stretch says when, and what it comes to beside the day of the report."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.dates import Precision, Span
from marchland.reading.calendar_words import full_day, read_day
from marchland.reading.times import TimeExpression, TimeKind, find_dates

SUNDAY = date(2017, 6, 18)
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2040, 12, 31))


def only(text: str, published: date | None = SUNDAY) -> TimeExpression:
    (found,) = find_dates(text, published=published)
    assert text[found.begin : found.end] == found.text
    return found


@pytest.mark.parametrize(
    ("text", "words", "start", "precision"),
    [
        ("on 18 June 2017 they", "18 June 2017", "2017-06-18", "day"),
        ("on June 18, 2017, they", "June 18, 2017", "2017-06-18", "day"),
        ("on Tuesday, June 13, 2017", "Tuesday, June 13, 2017", "2017-06-13", "day"),
        ("at 2017-06-15T10:00", "2017-06-15", "2017-06-15", "day"),
        ("on the 5th of June", "the 5th of June", "2017-06-05", "day"),
        ("on June 18 they", "June 18", "2017-06-18", "day"),
        ("on December 30 they", "December 30", "2016-12-30", "day"),
        ("in June 2017, they", "June 2017", "2017-06-01", "month"),
        ("in 2013 they", "2013", "2013-01-01", "year"),
        ("the 2015 nuclear deal", "2015", "2015-01-01", "year"),
        ("on Thursday, he", "Thursday", "2017-06-15", "day"),
        ("said Sunday that", "Sunday", "2017-06-18", "day"),
        ("last Sunday they", "last Sunday", "2017-06-11", "day"),
        ("next Monday they", "next Monday", "2017-06-19", "day"),
        ("on Monday night", "Monday night", "2017-06-12", "day"),
        ("today it is", "today", "2017-06-18", "day"),
        ("he said yesterday", "yesterday", "2017-06-17", "day"),
        ("last night they", "last night", "2017-06-17", "day"),
        ("last week the army", "last week", "2017-06-05", "week"),
        ("this week the army", "this week", "2017-06-12", "week"),
        ("last month", "last month", "2017-05-01", "month"),
        ("earlier this month", "earlier this month", "2017-06-01", "month"),
        ("last year", "last year", "2016-01-01", "year"),
        ("late last year", "late last year", "2016-10-01", "season"),
        ("at the end of May that", "the end of May", "2017-05-25", "week"),
        ("in early June", "early June", "2017-06-01", "week"),
        ("in mid-June", "mid-June", "2017-06-12", "week"),
        ("in the first week of June", "the first week of June", "2017-06-01", "week"),
        ("mid-2016 saw", "mid-2016", "2016-06-01", "season"),
        ("in late 2014", "late 2014", "2014-10-01", "season"),
        ("in recent weeks, more", "recent weeks", "2017-05-18", "month"),
        ("In recent months, they", "recent months", "2017-03-18", "season"),
        ("two days ago", "two days ago", "2017-06-16", "day"),
        ("three weeks earlier", "three weeks earlier", "2017-05-22", "week"),
        ("five months ago", "five months ago", "2017-01-01", "month"),
        ("a year ago", "a year ago", "2016-01-01", "year"),
        ("in spring 2015", "spring 2015", "2015-03-01", "season"),
        ("in the fall of 2014", "the fall of 2014", "2014-09-01", "season"),
        ("last summer", "last summer", "2016-06-01", "season"),
        ("in December", "December", "2016-12-01", "month"),
        ("in May", "May", "2017-05-01", "month"),
        ("captured in July they", "July", "2016-07-01", "month"),
        ("will be held in July", "July", "2017-07-01", "month"),
        ("it fell on 5 July", "5 July", "2016-07-05", "day"),
        ("talks are due on 5 July", "5 July", "2017-07-05", "day"),
        ("it will open on Thursday", "Thursday", "2017-06-22", "day"),
        ("said on Thursday it will open", "Thursday", "2017-06-15", "day"),
        ("may have fallen on Thursday", "Thursday", "2017-06-15", "day"),
        ("early on Sunday they", "early on Sunday", "2017-06-18", "day"),
        ("in the winter they", "the winter", "2016-12-01", "season"),
        ("in early spring they", "early spring", "2017-03-01", "season"),
        ("villages lost hours earlier", "hours earlier", "2017-06-17", "week"),
        ("overnight they", "overnight", "2017-06-17", "day"),
        ("earlier this year", "earlier this year", "2017-01-01", "year"),
        ("last June", "last June", "2016-06-01", "month"),
    ],
)
def test_moments(text: str, words: str, start: str, precision: str) -> None:
    found = only(text)
    assert (found.text, found.kind) == (words, TimeKind.AT)
    assert (str(found.span.start), found.span.precision, found.span.end) == (start, precision, None)


@pytest.mark.parametrize(
    ("text", "kind", "start", "end"),
    [
        ("since 2013 they", "since", "2013-01-01", None),
        ("since last March", "since", "2017-03-01", None),
        ("in the past two weeks", "since", "2017-06-04", None),
        ("for the last 24 hours", "since", "2017-06-17", None),
        ("until 15 June 2017", "until", None, "2017-06-16"),
        ("until 2013", "until", None, "2013-01-01"),
        ("until the end of 2014", "until", None, "2015-01-01"),
        ("through June 2017", "until", None, "2017-07-01"),
        ("by 2013", "before", None, "2014-01-01"),
        ("by the end of the year", "before", None, "2018-01-01"),
        ("before 12 May", "before", None, "2017-05-12"),
        ("before June 2016", "before", None, "2016-06-01"),
        ("after June 2014", "after", "2014-07-01", None),
        ("after Thursday", "after", "2017-06-16", None),
        ("after Thursday’s attack", "at", "2017-06-15", None),
        ("over the weekend", "between", "2017-06-17", "2017-06-19"),
        ("in the 1990s and", "between", "1990-01-01", "2000-01-01"),
        ("in the second half of 2016", "between", "2016-07-01", "2017-01-01"),
        ("between June and August 2016", "between", "2016-06-01", "2016-09-01"),
        ("between November and January 2016", "between", "2015-11-01", "2016-02-01"),
        ("from January 2015 to March 2017", "between", "2015-01-01", "2017-04-01"),
        ("from Monday until Thursday", "between", "2017-06-12", "2017-06-16"),
        ("between 2014 and 2017", "between", "2014-01-01", "2018-01-01"),
        ("from 12 to 15 June 2017", "between", "2017-06-12", "2017-06-16"),
        ("June 12-15, 2017", "between", "2017-06-12", "2017-06-16"),
        ("in 2014-17", "between", "2014-01-01", "2018-01-01"),
        ("from March to May they", "between", "2017-03-01", "2017-06-01"),
        ("from November to January they", "between", "2016-11-01", "2017-02-01"),
        ("between May and July 2016", "between", "2016-05-01", "2016-08-01"),
        ("in March-April 2016", "between", "2016-03-01", "2016-05-01"),
        ("between 3 and 7 June", "between", "2017-06-03", "2017-06-08"),
        ("extended until 15 July", "until", None, "2017-07-16"),
        ("has held it for three years", "since", "2014-01-01", None),
        ("have been there for the past two weeks", "since", "2017-06-04", None),
        ("has fought for decades", "since", "1997-01-01", None),
        ("since the war began in 2011", "since", "2011-01-01", None),
        ("before the invasion of 2003", "before", None, "2003-01-01"),
        ("two days after 5 June", "at", "2017-06-07", None),
        ("a year before June 2014", "at", "2013-01-01", None),
        ("before the war they", "undated", None, None),
        ("under the caliphate, it", "undated", None, None),
        ("since the start of the uprising", "undated", None, None),
        ("two years after the fall of Mosul", "undated", None, None),
    ],
)
def test_bounds(text: str, kind: str, start: str | None, end: str | None) -> None:
    found = only(text)
    assert found.kind == kind
    assert (found.span.start, found.span.end) == tuple(
        date.fromisoformat(day) if day else None for day in (start, end)
    )


@pytest.mark.parametrize(
    "text",
    [
        "2013 fighters",
        "2,013 people for $2013",
        "the troops may march on",
        "the Sunday Times",
        "on 31 June 2017",
        "They marched for May Aoun",
        "version 2.2013",
        "the 5th division",
        "two days after the attack",
        "held it for three years",
        "in the war against the group",
        "spring forward; the fall of Mosul; the winter offensive",
        "",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert find_dates(text, published=SUNDAY) == []


@pytest.mark.parametrize(
    "text",
    ["today", "last week", "on Thursday", "in May", "on 5 June", "two weeks ago", "the past year"],
)
def test_relative_words_without_a_report_date_are_unknown(text: str) -> None:
    assert only(text, None).span == Span.unknown()


def test_a_year_told_once_holds_for_later_days_when_the_report_has_no_date() -> None:
    text = "In December 2015 they left. On 5 January they came back; in May it fell."
    spans = [str(t.span) for t in find_dates(text, published=None)]
    assert spans == ["2015-12", "2016-01-05", "2016-05"]


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("two days later", "2017-06-07"),
        ("two days earlier", "2017-06-03"),
        ("the previous day", "2017-06-04"),
        ("the following day", "2017-06-06"),
        ("a day after", "2017-06-06"),
        ("the next morning", "2017-06-06"),
        ("the same day", "2017-06-05"),
        ("later that day", "2017-06-05"),
        ("hours later", "2017-06-05"),
        ("a week later", "2017-06-12"),
        ("a month earlier", "2017-05"),
        ("the following year", "date unknown"),
        ("two weeks later", "date unknown"),
    ],
)
def test_what_leans_takes_its_day_from_the_date_told_before(words: str, span: str) -> None:
    published = date(2017, 6, 18)
    told = find_dates(f"On 5 June they came. It fell {words}.", published=published)
    assert [str(t.span) for t in told][1:] == [span]


@pytest.mark.parametrize("words", ["two days later", "the same day", "the following week"])
def test_what_leans_on_nothing_is_unknown(words: str) -> None:
    assert only(f"It fell {words}.").span == Span.unknown()


@given(DAYS, st.sampled_from(["June", "July", "March", "December"]), st.integers(1, 28))
def test_what_is_told_of_the_past_does_not_begin_after_the_report(
    published: date, month: str, day: int
) -> None:
    for text in (f"fell on {day} {month}", f"fell in {month}", f"fell in early {month}"):
        start = only(f"The town {text}, they said.", published).span.start
        assert start is not None
        assert start <= published


@given(DAYS, st.integers(1, 20), st.sampled_from(["day", "week", "month", "year"]))
def test_what_leans_is_told_no_closer_than_what_it_leans_on(
    day: date, count: int, unit: str
) -> None:
    order = list(Precision)
    text = f"In {day:%B %Y} they came and {count} {unit}s later they left."
    first, second = find_dates(text, published=None)
    assert order.index(second.span.precision) >= order.index(first.span.precision)


def test_several_expressions_come_in_order_without_overlap() -> None:
    text = "Since 2013 they held it; last week, on Thursday, it fell. By Sunday they were gone."
    found = find_dates(text, published=SUNDAY)
    assert [t.text for t in found] == ["2013", "last week", "Thursday", "Sunday"]
    assert all(a.end <= b.begin for a, b in pairwise(found))


@given(DAYS, DAYS)
def test_a_full_day_is_itself_in_every_spelling(day: date, published: date) -> None:
    month = day.strftime("%B")
    for text in (
        f"{day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        f"{day.day} {month[:3]} {day.year}",
        day.isoformat(),
        f"{day:%A}, {month} {day.day}, {day.year}",
    ):
        found = only(f"on {text} they", published)
        assert found.span == Span.day(day)
        assert full_day(text) == day or text.startswith(f"{day:%A}")


@given(DAYS, st.sampled_from(["Monday", "Wednesday", "Friday", "Sunday"]))
def test_a_weekday_is_the_last_such_day_up_to_the_report(published: date, name: str) -> None:
    start = only(f"on {name} they", published).span.start
    assert start is not None
    assert f"{start:%A}" == name
    assert timedelta(0) <= published - start < timedelta(days=7)


@given(DAYS, DAYS)
def test_a_day_without_a_year_lies_within_a_year_of_the_report(day: date, published: date) -> None:
    if (day.month, day.day) == (2, 29):
        return
    start = only(f"on {day.day} {day:%B} they", published).span.start
    assert start is not None
    assert (start.month, start.day) == (day.month, day.day)
    assert timedelta(days=-31) <= published - start <= timedelta(days=366)


@given(DAYS, st.integers(1, 60))
def test_days_ago_are_counted_back(published: date, count: int) -> None:
    found = only(f"{count} days ago", published)
    assert found.span == Span.day(published - timedelta(days=count))


@given(DAYS)
def test_last_week_month_and_year_end_before_this_one(published: date) -> None:
    for unit, precision in (
        ("week", Precision.WEEK),
        ("month", Precision.MONTH),
        ("year", Precision.YEAR),
    ):
        last, this = only(f"last {unit}", published).span, only(f"this {unit}", published).span
        assert last.precision is this.precision is precision
        assert last.window is not None
        assert this.window is not None
        assert last.window[1] == this.window[0] <= published < this.window[1]


@given(st.text(max_size=80), st.none() | DAYS)
def test_no_text_upsets_it(text: str, published: date | None) -> None:
    for found in find_dates(
        f"{text} since 0 May 2099 and {text} 99 years ago", published=published
    ):
        assert found.begin < found.end


def test_a_day_at_the_edge_of_the_calendar_upsets_nothing() -> None:
    text = "900 years ago, last year, next week, last month, in recent years, on 30 December"
    assert isinstance(find_dates(text, published=date(1, 1, 1)), list)
    assert isinstance(find_dates(text, published=date(9999, 12, 31)), list)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2017-06-18", date(2017, 6, 18)),
        ("2017-06-18T23:59:00Z", date(2017, 6, 18)),
        ("18 June 2017", date(2017, 6, 18)),
        ("2016-02", date(2016, 2, 29)),
        ("2016", date(2016, 12, 31)),
        (date(2017, 6, 18), date(2017, 6, 18)),
    ],
)
def test_a_field_gives_the_day_by_which_the_report_was_out(value: object, day: date) -> None:
    assert read_day(value) == day


def test_a_date_in_figures_is_read_only_where_one_order_is_possible() -> None:
    assert full_day("15/6/2017") == full_day("6/15/2017") == date(2017, 6, 15)
    assert full_day("5/6/2017") is None
    assert full_day("6/6/2017") == date(2017, 6, 6)

"""When claims are true: changes of hands in the order told, and wide dates cut by what follows."""

from datetime import date

import pytest

from marchland.dates import Precision


def spans(claims) -> list[tuple[str | None, date | None, date | None, Precision]]:
    return [
        (c.subject and c.subject.id, c.valid.start, c.valid.end, c.valid.precision) for c in claims
    ]


def test_a_year_ends_where_the_next_change_begins(read) -> None:
    text = "Captured by ISIS in 2016. Recaptured by Iraq 11 September 2016."
    assert spans(read(text, title="Mosul")) == [
        ("isis", date(2016, 1, 1), date(2016, 9, 11), Precision.YEAR),
        ("iraq", date(2016, 9, 11), None, Precision.DAY),
    ]


def test_two_changes_of_one_year_share_it(read) -> None:
    first, second = read("Captured by ISIS in 2016. Recaptured by Iraq in 2016.", title="Mosul")
    assert first.valid.end is not None
    assert first.valid.start == second.valid.start == date(2016, 1, 1)
    assert date(2016, 1, 1) < first.valid.end < date(2017, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "Captured by ISIS 2 June 2014. Recaptured by Iraq in 2016.",
        "Captured by ISIS in 2014. Recaptured by Iraq 11 September 2016.",
        "Captured by ISIS in 2016. Captured by ISIS 11 September 2016.",
    ],
)
def test_dates_that_leave_the_order_clear_stay_as_told(read, text) -> None:
    assert all(c.valid.end is None for c in read(text, title="Mosul"))


def test_other_places_do_not_bound_a_change(read) -> None:
    found = read("ISIS captured Mosul in 2016. Iraq captured Raqqa on 11 September 2016.")
    assert [c.valid.end for c in found if c.predicate == "captures"] == [None, None]


def test_by_a_month_is_by_the_day_of_the_report(read) -> None:
    published = date(2017, 6, 18)
    (claim,) = read("Captured by ISIS by June 2017.", title="Mosul", published=published)
    assert claim.valid.start == published
    (claim,) = read("Captured by ISIS by 10 June 2017.", title="Mosul", published=published)
    assert claim.valid.start == date(2017, 6, 10)

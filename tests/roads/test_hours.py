"""Opening hours: read as OpenStreetMap writes them, and how long one waits for them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from marchland.errors import BadInput
from marchland.roads.hours import check_hours, mean_wait_h

DAY = date(2020, 1, 1)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("24/7", 0.0),
        ("08:00-16:00", 16**2 / 2 / 24),
        ("20:00-02:00", 18**2 / 2 / 24),
        ("00:00-06:00,12:00-18:00", 2 * 6**2 / 2 / 24),
        # Closed from Thursday 16:00 to Monday 08:00, 88 hours, and three nights of sixteen.
        ("Mo-Th 08:00-16:00", (88**2 + 3 * 16**2) / 2 / 168),
    ],
)
def test_the_mean_wait_is_half_the_square_of_each_gap_over_the_week(text: str, wait: float) -> None:
    assert mean_wait_h(text, DAY) == pytest.approx(wait)


DAYS = st.sampled_from(["Mo", "Tu-Th", "Fr,Sa", "Su", "Mo-Su", "We"])
HOURS = st.tuples(st.integers(0, 23), st.integers(1, 24)).map(
    lambda x: f"{x[0]:02}:00-{(x[0] + x[1]) % 24:02}:00"
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(DAYS, HOURS), min_size=1, max_size=3), st.integers(0, 400))
def test_the_mean_wait_is_that_of_comers_at_every_moment(rules, later: int) -> None:
    text = "; ".join(f"{d} {h}" for d, h in rules)
    day = DAY + timedelta(days=later)
    hours = OpeningHours(text)
    start = datetime.combine(day, datetime.min.time())
    steps = 7 * 24 * 2
    waited = 0.0
    for k in range(steps):
        at = start + timedelta(minutes=30 * k + 15)
        if not hours.is_open(at):
            opens = hours.next_change(at)
            assert opens is not None
            waited += (opens - at).total_seconds() / 3600
    assert mean_wait_h(text, day) == pytest.approx(waited / steps, abs=1e-6)


def test_hours_out_of_season_give_no_wait() -> None:
    assert mean_wait_h("Apr-Oct 08:00-16:00", date(2020, 12, 1)) is None
    assert mean_wait_h("Apr-Oct 08:00-16:00", date(2020, 6, 1)) == pytest.approx(16**2 / 48)
    assert mean_wait_h("off", DAY) is None


@pytest.mark.parametrize("text", ["", "8 to 4", "daily", "08:00-16:00 Mo", "25:99"])
def test_what_is_no_opening_hours_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="opening hours"):
        check_hours(text)

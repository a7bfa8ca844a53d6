"""What nobody has told of yet: odds wear after a place's last claim, as fast as the past says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.claims import Claim
from marchland.control import ControlSettings, infer_control
from marchland.control.unseen import NEVER, Then, earlier_days, fit_unseen, unseen, wear
from marchland.vocabulary import Vocabulary

Tell = Callable[..., Claim]
OUTCOMES = ("a", "b", "contested", "none")
PLAIN = ControlSettings(unseen_late=3.0, unseen_silence=0.25)


def test_days_count_by_whether_others_were_told_of() -> None:
    days = np.array([90, 100, 140, 150, 170], dtype=np.int64)
    found = unseen(days, np.full(5, 100), 150, PLAIN)
    assert found.tolist() == [0.0, 3.0, 13.0, 15.5, 35.5]
    assert unseen(days, np.full(5, NEVER), 150, PLAIN).tolist() == [0.0] * 5


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(0.01, 1.0), min_size=8, max_size=8),
    st.floats(0.0, 5000.0),
)
def test_odds_wear_and_who_was_told_of_last_stays_ahead(parts: list[float], days: float) -> None:
    odds, around = (np.array(p)[None] / sum(p) for p in (parts[:4], parts[4:]))
    later = wear(odds, around, np.array([days]), OUTCOMES, PLAIN)
    assert later.sum() == pytest.approx(1.0)
    if around.max() <= 0.9:
        assert later[0, odds.argmax()] == pytest.approx(later.max())
    assert wear(odds, around, np.array([0.0]), OUTCOMES, PLAIN) == pytest.approx(odds)


def test_a_place_among_its_own_keeps_its_holder_and_one_at_a_front_does_not() -> None:
    odds = np.array([[0.97, 0.01, 0.01, 0.01]] * 3)
    around = np.array([[0.97, 0.01, 0.01, 0.01], [0.5, 0.48, 0.01, 0.01], [0.01, 0.97, 0.01, 0.01]])
    worn = wear(odds, around, np.full(3, 3000.0), OUTCOMES, PLAIN)[:, 0]
    assert worn[0] > 0.95
    assert 0.45 < worn[1] < 0.6
    assert worn[2] < 0.1


def test_faint_claims_after_the_last_plain_one_still_count(
    borderland: Vocabulary, tell: Tell
) -> None:
    last, end = date(2017, 1, 1), date(2017, 12, 1)
    plain = [tell("holds", "rebels", "t1", "2017-01-01")]
    hint = tell("holds", "guard", "t1", "2017-11-01", modality="possible")
    alone, hinted = (
        infer_control(
            c, borderland, as_of=end, start=last, end=end,
            settings=ControlSettings(learning_rounds=0),
        ).estimate("t1", end)
        for c in (plain, [*plain, hint])
    )  # fmt: skip
    assert hinted.p["guard"] > alone.p.get("guard", 0.0) + 0.02
    assert {b.claim.id: b.weight for b in hinted.because}[hint.id] < -0.01


def test_the_pace_at_which_places_changed_is_found_again() -> None:
    truth = ControlSettings(unseen_days=120.0, unseen_contested_days=30.0, unseen_late=4.0)
    rng = np.random.default_rng(3)
    known = np.eye(4)[rng.integers(3, size=1500)] * 0.97 + 0.0075
    around = rng.dirichlet([1.0, 1.0, 0.3, 0.1], 1500)
    then = []
    for ahead in (0, 14, 30, 90, 180):
        days = unseen(np.full(1500, 100 + ahead), np.full(1500, 100), 100, truth)
        odds = wear(known, around, days, OUTCOMES, truth)
        held = np.array([rng.choice(4, p=o) for o in odds])
        then.append(
            Then(
                odds=known, around=around, last=np.full(1500, 100), until=100, day=100 + ahead,
                found=np.eye(4)[held], chain=known, rates=around, found_chain=np.eye(4)[held],
            )
        )  # fmt: skip
    found = fit_unseen(then, OUTCOMES, ControlSettings(), worth=1.0)
    assert found.unseen_days == pytest.approx(120.0, rel=0.2)
    assert found.unseen_contested_days == pytest.approx(30.0, rel=0.25)
    assert found.unseen_late == pytest.approx(4.0, rel=0.6)


def test_nothing_later_is_looked_back_to() -> None:
    published = np.arange(1000, 1400)
    days = earlier_days(published, 1399, count=6)
    assert days
    assert max(days) <= 1399 - 14
    assert min(days) >= 1039
    assert earlier_days(published[:10], 1009, count=6) == []


def test_odds_wear_after_the_last_claim_and_not_before(borderland: Vocabulary, tell: Tell) -> None:
    claims = [tell("holds", "rebels", "t1", f"2017-0{m}-01") for m in range(1, 7)]
    last, end = date(2017, 6, 1), date(2018, 6, 1)
    slow, quick = (
        infer_control(
            claims, borderland, as_of=last, start=date(2017, 1, 1), end=end,
            settings=ControlSettings(learning_rounds=0, unseen_days=d),
        )
        for d in (1e6, 200.0)
    )  # fmt: skip
    day = last - timedelta(days=10)
    assert quick.odds(date(2017, 3, 3)) == pytest.approx(slow.odds(date(2017, 3, 3)))
    odds = [quick.estimate("t1", d).p["rebels"] for d in (day, last + timedelta(days=60), end)]
    assert odds[0] > odds[1] > odds[2]
    assert quick.estimate("t1", end).p["rebels"] < slow.estimate("t1", end).p["rebels"] - 0.05


def test_a_teller_that_changes_its_word_is_believed_at_once(
    borderland: Vocabulary, tell: Tell
) -> None:
    said = [tell("contests", "rebels", "t1", f"2017-05-{d:02}") for d in (1, 10, 20)]
    said.append(tell("holds", "rebels", "t1", "2017-05-22"))
    field = infer_control(
        said, borderland, as_of=date(2017, 5, 23), start=date(2017, 5, 1), end=date(2017, 5, 23)
    )
    assert field.estimate("t1", date(2017, 5, 23)).best == "rebels"
    assert field.estimate("t1", date(2017, 5, 19)).best == "contested"


def test_a_row_of_a_table_still_stands_when_it_is_published(
    borderland: Vocabulary, tell: Tell
) -> None:
    row = tell("holds", "rebels", "t1", "2015-01-01", published="2017-05-01")
    told = replace(row, quote="The rebels held it in 2015.", begin=0, end=27)
    by_row, by_text = (
        infer_control([c], borderland, as_of=date(2017, 5, 1), start=date(2015, 1, 1),
                      end=date(2017, 5, 1)).estimate("t1", date(2017, 5, 1))
        for c in (row, told)
    )  # fmt: skip
    assert by_row.p["rebels"] > by_text.p["rebels"] + 0.02

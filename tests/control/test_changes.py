"""When a place changed hands: exact on a small chain, and as wide as the claims leave it."""

import itertools
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from marchland.claims import Claim
from marchland.control import infer_control, when_changed
from marchland.control.chain import Steps
from marchland.control.changes import HandOver, changes_of, not_yet
from marchland.dates import Precision
from marchland.errors import BadInput, UnknownName
from marchland.vocabulary import Vocabulary

Tell = Callable[..., Claim]
START, END = date(2016, 1, 1), date(2018, 12, 31)


def dense(steps: Steps, t: int) -> np.ndarray:
    """One step as the full K x K matrix, straight from its definition."""
    k = len(steps.rho[t])
    base = np.diag(steps.rho[t]) + np.outer(1 - steps.rho[t], steps.pi[t])
    base = base @ (np.diag(1 - steps.drop[t]) + np.outer(steps.drop[t], steps.gain[t]))
    news = np.outer(np.ones(k), steps.news[t])
    return base @ (steps.stay[t] * np.eye(k) + (1 - steps.stay[t]) * news)


@pytest.mark.parametrize("seed", range(4))
def test_odds_of_not_yet_equal_the_sum_over_every_path(seed: int) -> None:
    rng = np.random.default_rng(seed)
    days, k, low, state = 5, 3, 1, 2
    steps = Steps(
        rho=rng.random((days - 1, k)),
        pi=rng.dirichlet(np.ones(k), size=days - 1),
        drop=rng.random((days - 1, k)),
        gain=rng.dirichlet(np.ones(k), size=days - 1),
        stay=rng.random(days - 1),
        news=rng.dirichlet(np.ones(k), size=days - 1),
    )
    likelihood, start = rng.random((days, k)) + 0.01, rng.dirichlet(np.ones(k))
    total, without = 0.0, np.zeros(days - low)
    for path in itertools.product(range(k), repeat=days):
        weight = start[path[0]] * likelihood[0, path[0]]
        for t in range(days - 1):
            weight *= dense(steps, t)[path[t], path[t + 1]] * likelihood[t + 1, path[t + 1]]
        total += weight
        for t in range(low, days):
            without[t - low] += weight * (state not in path[low : t + 1])
    found = not_yet(np.log(likelihood), steps, start, state, low=low, high=days - 1)
    assert np.allclose(found, without / total, atol=1e-12)


def ask(claims: list[Claim], vocabulary: Vocabulary, to: str = "rebels") -> HandOver:
    field = infer_control(claims, vocabulary, as_of=END, start=START, end=END)
    return when_changed(field, "t1", to=to, start=date(2016, 6, 1), end=date(2018, 6, 1))


def test_a_day_told_is_a_narrow_answer_a_month_a_wider_and_silence_the_widest(
    borderland: Vocabulary, tell: Tell
) -> None:
    before = tell("holds", "north", "t1", "2017-01-01")
    after = tell("holds", "rebels", "t1", "2018-02-01", source="herald")
    day = tell("captures", "rebels", "t1", "2017-06-10", object="north")
    month = tell(
        "captures", "rebels", "t1", "2017-06-01",
        object="north", precision=Precision.MONTH, published="2017-08-01",
    )  # fmt: skip
    answers = [ask([before, after, *more], borderland) for more in ([day], [month], [])]
    widths = [(a.high - a.low).days for a in answers]
    assert widths == sorted(widths)
    assert widths[0] < 10 < widths[-1]
    assert answers[0].low <= date(2017, 6, 10) <= answers[0].high
    assert all(a.low <= a.day <= a.high for a in answers)
    assert answers[0].p > 0.8


def test_what_never_happened_has_no_day_worth_the_name(borderland: Vocabulary, tell: Tell) -> None:
    held = [tell("holds", "north", "t1", f"201{y}-0{m}-01") for y in (6, 7, 8) for m in (1, 5)]
    other = tell("holds", "rebels", "t6", "2017-01-01")
    answer = ask([*held, other], borderland)
    assert answer.p < 0.2
    stays = ask([*held, other], borderland, to="north")
    assert stays.already > 0.7


def test_questions_that_cannot_be_asked(borderland: Vocabulary, tell: Tell) -> None:
    field = infer_control(
        [tell("holds", "rebels", "t1", "2017-01-01")], borderland, as_of=END, start=START, end=END
    )
    for place, to in (("nowhere", "rebels"), ("t1", "nobody-named")):
        with pytest.raises(UnknownName):
            when_changed(field, place, to=to, start=START, end=END)
    with pytest.raises(BadInput, match="within"):
        when_changed(field, "t1", to="rebels", start=START, end=date(2030, 1, 1))


def test_every_change_of_hands_is_listed_with_its_claims(
    borderland: Vocabulary, tell: Tell
) -> None:
    claims = [
        tell("holds", "north", "t1", "2017-01-01"),
        tell("captures", "rebels", "t1", "2017-06-10", object="north"),
        tell("captures", "guard", "t1", "2018-03-05", object="rebels", source="herald"),
    ]
    field = infer_control(claims, borderland, as_of=END, start=START, end=END)
    found = changes_of(field, "t1", start=date(2017, 1, 10), end=END)
    assert [(c.before, c.after) for c in found] == [("north", "rebels"), ("rebels", "guard")]
    for change, day in zip(found, (date(2017, 6, 10), date(2018, 3, 5)), strict=True):
        assert change.first <= change.day <= change.last
        assert abs((change.day - day).days) <= 7
        assert change.because
        assert change.to_json()["interval"] == [str(change.first), str(change.last)]
    assert changes_of(field, "remote", start=START, end=END) == []

"""The one answer type: odds, words, and what stands behind them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.estimate import Estimate, probability_words


def estimate(**changes: object) -> Estimate:
    fields: dict[str, object] = {
        "question": "control",
        "about": {"place": {"id": "ford", "name": "Ford"}},
        "on": date(2030, 5, 1),
        "as_of": date(2030, 6, 1),
        "p": {"rebels": 0.87, "crown": 0.13},
        "names": {"rebels": "Rebels", "crown": "Crown"},
        "n_claims": 4,
        "n_sources": 2,
    }
    return Estimate(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("p", "word"),
    [
        (0.0, "almost no chance"),
        (0.049, "almost no chance"),
        (0.05, "very unlikely"),
        (0.2, "unlikely"),
        (0.5, "roughly even chance"),
        (0.55, "likely"),
        (0.8, "very likely"),
        (0.95, "almost certain"),
        (1.0, "almost certain"),
    ],
)
def test_words_follow_icd_203(p: float, word: str) -> None:
    assert probability_words(p) == word


def test_it_reads_as_a_sentence_with_odds_day_as_of_and_sources() -> None:
    assert str(estimate()) == (
        "Ford, 1 May 2030: very likely Rebels (87%); moderate confidence in the evidence: "
        "4 claims from 2 sources published by 1 June 2030."
    )


def test_without_a_claim_nothing_is_best_and_the_sentence_says_not_known() -> None:
    unknown = estimate(n_claims=0, n_sources=0)
    assert unknown.best is None
    assert unknown.confidence == "none"
    assert str(unknown) == "Ford, 1 May 2030: not known; no report published by 1 June 2030 says."


def test_odds_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        estimate(p={"rebels": 0.5, "crown": 0.4})


def test_the_id_changes_with_any_input() -> None:
    ids = {
        estimate().id,
        estimate(seed=1).id,
        estimate(revision=2).id,
        estimate(given={"Ford": "crown"}).id,
        estimate(as_of=date(2030, 6, 2)).id,
    }
    assert len(ids) == 5
    assert estimate().id == estimate().id


@given(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=6))
def test_best_is_the_likeliest_outcome(weights: list[float]) -> None:
    p = {f"actor{i}": w / sum(weights) for i, w in enumerate(weights)}
    best = estimate(p=p, names={}).best
    assert best is not None
    assert p[best] == max(p.values())

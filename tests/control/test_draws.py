"""Joint draws: exact odds at every place, neighbours alike, the same noise on every day."""

from collections.abc import Callable
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.claims import Claim
from marchland.control import ControlField, infer_control
from marchland.control.draws import draw, gumbel_fields
from marchland.vocabulary import Place, Vocabulary

DAY = date(2017, 2, 1)
PAIR = [Place(id=f"q{x}", name=f"Q{x}", lat=0.0, lon=x) for x in (0.0, 0.2)]


def field_of(vocabulary: Vocabulary, tell: Callable[..., Claim]) -> ControlField:
    claims = [
        tell("holds", "rebels", "t1", "2017-01-01", modality="possible"),
        tell("holds", "north", "t5", "2017-01-01"),
    ]
    return infer_control(
        claims, vocabulary, as_of=DAY, start=date(2017, 1, 1), end=date(2017, 3, 1)
    )


def test_shares_of_draws_are_the_odds(borderland: Vocabulary, tell: Callable[..., Claim]) -> None:
    field = field_of(borderland, tell)
    n = 20_000
    drawn, odds = field.draws(DAY, n=n), field.odds(DAY)
    assert drawn.shape == (n, len(field.places))
    assert drawn.dtype == np.int16
    for k in range(len(field.outcomes)):
        share = (drawn == k).mean(axis=0)
        sd = np.sqrt(odds[:, k] * (1 - odds[:, k]) / n)
        assert (np.abs(share - odds[:, k]) < 5 * sd + 1e-4).all()


def test_neighbours_fall_together_and_far_places_do_not() -> None:
    places = [Place(id=f"p{x}", name=f"P{x}", lat=0.0, lon=x) for x in (0.0, 0.1, 9.0)]
    noise = gumbel_fields(places, outcomes=2, n=4000, range_km=60, seed=3)
    drawn = draw(np.full((3, 2), 0.5), noise)
    near = (drawn[:, 0] == drawn[:, 1]).mean()
    far = (drawn[:, 0] == drawn[:, 2]).mean()
    assert near > 0.85
    assert abs(far - 0.5) < 0.05


def test_days_differ_only_where_odds_do(borderland: Vocabulary, tell: Callable[..., Claim]) -> None:
    field = field_of(borderland, tell)
    a, b = field.draws(DAY, n=500), field.draws(date(2017, 2, 2), n=500)
    moved = np.abs(field.odds(DAY) - field.odds(date(2017, 2, 2))).sum(axis=1)
    assert ((a != b).mean(axis=0) <= 2 * moved + 0.01).all()


@given(
    weights=st.lists(st.floats(0.05, 1.0), min_size=3, max_size=3),
    more=st.floats(0.0, 3.0),
    which=st.integers(0, 2),
)
@settings(max_examples=25, deadline=None)
def test_who_gains_odds_loses_no_draw(weights: list[float], more: float, which: int) -> None:
    noise = gumbel_fields(PAIR, outcomes=3, n=300, range_km=60, seed=5)
    before = np.tile(np.array(weights) / sum(weights), (2, 1))
    after = before.copy()
    after[0, which] += more
    after[0] /= after[0].sum()
    a, b = draw(before, noise), draw(after, noise)
    assert (a[:, 1] == b[:, 1]).all()
    assert (b[:, 0][a[:, 0] == which] == which).all()
    assert set(b[:, 0][a[:, 0] != b[:, 0]].tolist()) <= {which}


def test_an_assumption_holds_in_every_draw(
    borderland: Vocabulary, tell: Callable[..., Claim]
) -> None:
    field = infer_control(
        [tell("holds", "rebels", "t1", "2017-01-01")],
        borderland,
        as_of=DAY,
        start=DAY,
        end=DAY,
        given={"t1": "south"},
    )
    drawn = field.draws(DAY, n=200)[:, field.places.index("t1")]
    assert {field.outcomes[k] for k in drawn} == {"south"}

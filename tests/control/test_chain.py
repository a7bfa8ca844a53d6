"""The sticky chain: exact against brute force, and closed form across gaps."""

import itertools
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.control import engine
from marchland.control.chain import Steps, _by_rank, ahead, drift, resting, smooth, sticky

BACK_ENDS = [
    None,
    *([import_module("marchland.control.compiled_chain")] if find_spec("numba") else []),
]
"""numpy, and the compiled twin."""


def random_chain(seed: int, *, days: int, states: int) -> tuple[np.ndarray, Steps, np.ndarray]:
    rng = np.random.default_rng(seed)
    simplex = rng.dirichlet(np.ones(states), size=(days - 1, 1))
    steps = Steps(
        rho=rng.random((days - 1, 1, states)),
        pi=simplex,
        drop=np.where(rng.random((days - 1, 1, 1)) < 0.5, 0.0, rng.random((days - 1, 1, states))),
        gain=rng.dirichlet(np.ones(states), size=(days - 1, 1)),
        stay=np.where(rng.random((days - 1, 1)) < 0.5, 1.0, rng.random((days - 1, 1))),
        news=rng.dirichlet(np.ones(states), size=(days - 1, 1)),
    )
    loglik = np.log(rng.random((days, 1, states)) + 1e-3)
    return loglik, steps, rng.dirichlet(np.ones(states), size=1)


def dense(steps: Steps, t: int) -> np.ndarray:
    """One step as the full K x K matrix, straight from its definition."""
    rho, pi = steps.rho[t, 0], steps.pi[t, 0]
    drop, gain = steps.drop[t, 0], steps.gain[t, 0]
    base = np.diag(rho) + np.outer(1 - rho, pi)
    base = base @ (np.diag(1 - drop) + np.outer(drop, gain))
    stay, news = steps.stay[t, 0], steps.news[t, 0]
    k = len(rho)
    return base @ (stay * np.eye(k) + (1 - stay) * np.outer(np.ones(k), news))


@settings(deadline=None)
@given(seed=st.integers(0, 10**6), days=st.integers(2, 6), states=st.integers(2, 4))
def test_odds_equal_the_sum_over_every_path(seed: int, days: int, states: int) -> None:
    loglik, steps, start = random_chain(seed, days=days, states=states)
    matrices = [dense(steps, t) for t in range(days - 1)]
    likelihood = np.exp(loglik[:, 0])
    expected = np.zeros((days, states))
    for path in itertools.product(range(states), repeat=days):
        weight = start[0, path[0]] * likelihood[0, path[0]]
        for t in range(days - 1):
            weight *= matrices[t][path[t], path[t + 1]] * likelihood[t + 1, path[t + 1]]
        for t, state in enumerate(path):
            expected[t, state] += weight
    expected /= expected.sum(axis=1, keepdims=True)
    for back_end in BACK_ENDS:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("marchland.control.chain.compiled", lambda work, module, b=back_end: b)
            assert np.allclose(smooth(loglik, steps, start)[:, 0], expected, atol=1e-10)
            some = smooth(loglik, steps, start, low=days // 2, high=days - 1)
            assert np.allclose(some[:, 0], expected[days // 2 :], atol=1e-10)


@settings(deadline=None)
@given(rho=st.floats(0.0, 1.0), length=st.integers(1, 400), seed=st.integers(0, 999))
def test_a_gap_of_any_length_is_one_step(rho: float, length: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    pi, now = rng.dirichlet(np.ones(4)), rng.dirichlet(np.ones(4))
    a = rho * np.eye(4) + (1 - rho) * np.outer(np.ones(4), pi)
    expected = now @ np.linalg.matrix_power(a, length)
    assert np.allclose(ahead(now, np.full(4, rho**length), pi), expected, atol=1e-10)


def test_two_states_one_observation_by_hand() -> None:
    """Prior .3, likelihood ratio 4: (.3 x 4) / (.3 x 4 + .7) on the day; halfway back a step on."""
    steps = Steps(
        rho=np.full((1, 1, 2), 0.5),
        pi=np.array([[[0.3, 0.7]]]),
        drop=np.zeros((1, 1, 2)),
        gain=np.full((1, 1, 2), 0.5),
        stay=np.ones((1, 1)),
        news=np.full((1, 1, 2), 0.5),
    )
    loglik = np.log(np.array([[[4.0, 1.0]], [[1.0, 1.0]]]))
    odds = smooth(loglik, steps, np.array([[0.3, 0.7]]))[:, 0, 0]
    on_the_day = 1.2 / 1.9
    assert odds[0] == pytest.approx(on_the_day)
    assert odds[1] == pytest.approx(0.5 * on_the_day + 0.5 * 0.3)


def test_the_passes_may_stop_at_the_days_wanted() -> None:
    loglik, steps, start = random_chain(7, days=6, states=3)
    whole = smooth(loglik, steps, start)
    assert np.allclose(smooth(loglik, steps, start, low=2, high=3), whole[2:4])
    assert np.allclose(smooth(loglik, steps, start, low=5), whole[5:])


def test_batches_do_not_mix() -> None:
    loglik, steps, start = random_chain(1, days=5, states=3)
    other_loglik, other, other_start = random_chain(2, days=5, states=3)
    both = smooth(
        np.concatenate([loglik, other_loglik], axis=1),
        Steps(*(np.concatenate(pair, axis=1) for pair in zip(steps, other, strict=True))),
        np.concatenate([start, other_start]),
    )
    assert np.allclose(both[:, :1], smooth(loglik, steps, start))
    assert np.allclose(both[:, 1:], smooth(other_loglik, other, other_start))


@settings(deadline=None)
@given(seed=st.integers(0, 999))
def test_odds_at_the_base_rates_follow_them(seed: int) -> None:
    pi, later = np.random.default_rng(seed).dirichlet(np.ones(4), size=2)
    drop, gain = drift(pi, later, 1.0)
    assert np.allclose(ahead(pi, 1.0 - drop, gain), later)
    drop, gain = drift(pi, later, 0.5)
    assert np.allclose(ahead(pi, 1.0 - drop, gain), (pi + later) / 2)


def test_resting_odds_stay_what_they_are() -> None:
    pi, leave = np.array([0.6, 0.3, 0.1]), np.array([0.001, 0.01, 0.002])
    rest = resting(pi, leave)
    assert np.allclose(ahead(rest, 1.0 - leave, pi), rest)
    assert rest[0] > pi[0]


@pytest.fixture(params=["numpy", *(["compiled"] if find_spec("numba") else [])])
def back_end(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both back ends pass the same tests, whatever the size."""
    found = BACK_ENDS[-1] if request.param == "compiled" else None
    monkeypatch.setattr("marchland.control.chain.compiled", lambda work, module: found)
    return str(request.param)


@pytest.mark.usefixtures("back_end")
def test_only_the_days_with_claims_are_visited() -> None:
    """Two chains with claims on few days, against the same chains stepped through day by day."""
    rng = np.random.default_rng(5)
    chain, days = np.array([0, 0, 0, 1, 1]), np.array([3, 9, 9, 0, 30])
    likelihood, base, pace = rng.random((5, 3)) + 0.05, rng.dirichlet(np.ones(3)), 12.0
    found = sticky(chain, days, likelihood, base, pace)
    a = np.exp(-1.0 / pace) * np.eye(3) + (1.0 - np.exp(-1.0 / pace)) * base
    evidence = 0.0
    for c in (0, 1):
        daily = np.ones((31, 3))
        for day, row in zip(days[chain == c], likelihood[chain == c], strict=True):
            daily[day] *= row
        forward, backward = np.empty((31, 3)), np.ones((31, 3))
        for t in range(31):
            forward[t] = (base if t == 0 else forward[t - 1] @ a) * daily[t]
        for t in range(29, -1, -1):
            backward[t] = a @ (daily[t + 1] * backward[t + 1])
        odds = forward * backward
        odds /= odds.sum(axis=1, keepdims=True)
        assert np.allclose(found.odds[chain == c], odds[days[chain == c]], atol=1e-12)
        evidence += np.log(forward[-1].sum())
    assert found.evidence == pytest.approx(evidence, abs=1e-10)


@pytest.mark.skipif(not find_spec("numba"), reason="numba is an extra")
@settings(deadline=None)
@given(
    seed=st.integers(0, 10**6),
    states=st.integers(2, 3),
    longest=st.sampled_from([1, 40, 10**5]),
    least=st.sampled_from([1e-290, 1e-3]),
    scale=st.sampled_from([1e-9, 1.0, 1e9]),
)
def test_compiled_chains_are_those_of_numpy(
    seed: int, states: int, longest: int, least: float, scale: float
) -> None:
    """However unlikely the claims, in whatever unit their likelihood, and however long the gaps."""
    rng = np.random.default_rng(seed)
    chain = np.sort(rng.integers(4, size=60))
    days = rng.integers(longest, size=60)
    days = days[np.lexsort((days, chain))]
    likelihood = scale * np.where(rng.random((60, states)) < 0.3, rng.random((60, states)), least)
    likelihood[:, 0] = scale * rng.random(60)
    base = rng.dirichlet(np.ones(states))
    compiled = import_module("marchland.control.compiled_chain")
    found = compiled.sticky(chain, days, likelihood, base, 30.0, messages=True)
    expected = _by_rank(chain, days, likelihood, base, 30.0)
    for part, other in zip(found[:3], expected[:3], strict=True):
        assert np.allclose(part, other, rtol=1e-9, atol=1e-12)
    assert found[3] == pytest.approx(expected.evidence, rel=1e-9)
    odds_only = compiled.sticky(chain, days, likelihood, base, 30.0, messages=False)
    assert np.array_equal(odds_only[2], found[2])


def test_without_the_compiled_code_numpy_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "has_compiled", lambda: False)
    assert engine.compiled(10**12) is None

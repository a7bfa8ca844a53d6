"""Exact odds, bounds and smallest sets, against trying every state of every place."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from marchland.corridor.cuts import bounds, breakers, openers
from marchland.corridor.exact import exact_odds
from marchland.corridor.reach import Graph, connected, count, pack

Case = tuple[Graph, NDArray[np.float64], list[int]]


def network(n: int, links: list[tuple[int, int]]) -> Graph:
    return Graph(n=n, start=np.array([a for a, _ in links]), end=np.array([b for _, b in links]))


def joined(graph: Graph, open_: NDArray[np.bool_], ends: list[int]) -> bool:
    worlds = np.repeat(np.asarray(open_)[None, :], 64, axis=0)
    return int(count(connected(graph, pack(worlds), ends))) > 0


def by_trying(graph: Graph, p: NDArray[np.float64], ends: list[int]) -> float:
    states = np.array(list(product([False, True], repeat=graph.n)))
    odds = np.where(states, p, 1 - p).prod(axis=1)
    padded = np.vstack([states, np.zeros((-len(states) % 64, graph.n), dtype=bool)])
    bits = connected(graph, pack(padded), ends)
    whole = np.unpackbits(bits.view(np.uint8), bitorder="little").astype(bool)
    return float(odds[whole[: len(states)]].sum())


@st.composite
def cases(draw: st.DrawFn) -> Case:
    n = draw(st.integers(2, 7))
    pairs = [(a, b) for a in range(n) for b in range(a)]
    links = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=12, unique=True))
    some = st.sampled_from([0.0, 1e-4, 0.2, 0.7, 0.9, 1.0])
    p = np.array(draw(st.lists(some, min_size=n, max_size=n)))
    ends = draw(st.lists(st.integers(0, n - 1), min_size=2, max_size=3, unique=True))
    return network(n, links), p, ends


@settings(deadline=None)
@given(case=cases())
def test_exact_odds_are_those_of_trying_every_state(case: Case) -> None:
    graph, p, ends = case
    assert exact_odds(graph, p, ends) == pytest.approx(by_trying(graph, p, ends), abs=1e-12)


@settings(deadline=None)
@given(case=cases())
def test_the_odds_lie_within_the_bounds(case: Case) -> None:
    graph, p, ends = case
    low, high = bounds(graph, p, ends)
    assert low - 1e-9 <= by_trying(graph, p, ends) <= high + 1e-9


def test_series_and_parallel() -> None:
    row = network(5, [(0, 1), (1, 2), (2, 3), (3, 4)])
    p = np.array([1.0, 0.8, 0.8, 0.8, 1.0])
    assert exact_odds(row, p, [0, 4]) == pytest.approx(0.512)
    side_by_side = network(5, [(0, k) for k in (1, 2, 3)] + [(k, 4) for k in (1, 2, 3)])
    assert exact_odds(side_by_side, p, [0, 4]) == pytest.approx(1 - 0.2**3)


def test_a_grid_equals_what_draws_say() -> None:
    wide, long = 4, 6
    links = [(r * wide + c, r * wide + c + 1) for r in range(long) for c in range(wide - 1)]
    links += [(r * wide + c, (r + 1) * wide + c) for r in range(long - 1) for c in range(wide)]
    graph, p = network(wide * long, links), np.full(wide * long, 0.75)
    ends = [0, wide * long - 1]
    worlds = np.random.default_rng(3).random((64 * 400, graph.n)) < p
    share = int(count(connected(graph, pack(worlds), ends))) / len(worlds)
    exact = exact_odds(graph, p, ends)
    assert exact is not None
    assert abs(share - exact) < 4 * np.sqrt(exact * (1 - exact) / len(worlds))
    assert exact_odds(graph, p, ends, most_states=3) is None


@settings(deadline=None)
@given(case=cases())
def test_breakers_break_and_openers_open_and_none_is_smaller(case: Case) -> None:
    graph, p, ends = case
    modal = p >= 0.5
    modal[ends] = True
    others = [v for v in range(graph.n) if v not in ends]
    breaking = breakers(graph, p, ends, count=3)
    assert not breaking or joined(graph, modal, ends)
    for places in breaking:
        without = modal.copy()
        without[list(places)] = False
        assert not joined(graph, without, ends)
    for size in range(1, min((len(b) for b in breaking), default=1)):
        for places in combinations([v for v in others if modal[v]], size):
            without = modal.copy()
            without[list(places)] = False
            # A smaller set can only lose to one whose changes are far likelier.
            assert joined(graph, without, ends) or size * 5 >= min(map(len, breaking))
    for places in openers(graph, p, ends, count=3):
        opened = p >= 0.5
        assert not joined(graph, opened, ends)
        opened[list(places)] = True
        assert joined(graph, opened, ends)


def test_the_narrowest_place_is_the_first_breaker() -> None:
    graph = network(6, [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (4, 5)])
    p = np.array([1.0, 0.9, 0.9, 0.99, 0.8, 1.0])
    assert breakers(graph, p, [0, 5], count=3) == [(4,), (3,), (1, 2)]
    p[[1, 2]] = 0.1, 0.3
    assert openers(graph, p, [0, 5], count=2) == [(2,), (1,)]
    assert breakers(graph, p, [0, 5], count=2) == []

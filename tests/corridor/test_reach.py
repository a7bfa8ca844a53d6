"""Reach: sixty-four worlds to a word, equal to looking at each world on its own."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from marchland.corridor.reach import Graph, connected, count, pack, reach, would_open

WORLDS = 64


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Graph, NDArray[np.bool_]]:
    n = draw(st.integers(2, 7))
    pairs = [(a, b) for a in range(n) for b in range(a)]
    links = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=12, unique=True))
    seed = draw(st.integers(0, 2**16))
    worlds = np.random.default_rng(seed).random((WORLDS, n)) < 0.7
    graph = Graph(n=n, start=np.array([a for a, _ in links]), end=np.array([b for _, b in links]))
    return graph, worlds


def one_by_one(graph: Graph, worlds: NDArray[np.bool_], a: int, b: int) -> NDArray[np.bool_]:
    """Whether a and b are joined in each world, by a library, one world at a time."""
    joined = []
    for world in worlds:
        keep = world[graph.start] & world[graph.end]
        matrix = csr_matrix(
            (np.ones(keep.sum()), (graph.start[keep], graph.end[keep])), shape=(graph.n, graph.n)
        )
        label = connected_components(matrix, directed=False)[1]
        joined.append(world[a] and world[b] and label[a] == label[b])
    return np.array(joined)


def unpack(bits: NDArray[np.uint64]) -> NDArray[np.bool_]:
    return np.unpackbits(bits.view(np.uint8), bitorder="little").astype(bool)


@settings(deadline=None)
@given(case=graphs())
def test_reach_equals_a_library_world_by_world(case: tuple[Graph, NDArray[np.bool_]]) -> None:
    graph, worlds = case
    bits = reach(graph, pack(worlds), 0)
    for node in range(graph.n):
        assert (unpack(bits[node]) == one_by_one(graph, worlds, 0, node)).all()


@settings(deadline=None)
@given(case=graphs())
def test_would_open_is_what_opening_the_place_does(case: tuple[Graph, NDArray[np.bool_]]) -> None:
    graph, worlds = case
    legs = [(0, graph.n - 1)]
    open_ = pack(worlds)
    before = unpack(connected(graph, open_, legs))
    gained = would_open(graph, open_, legs)
    for node in range(graph.n):
        forced = worlds.copy()
        forced[:, node] = True
        after = unpack(connected(graph, pack(forced), legs))
        assert (unpack(gained[node]) == (after & ~before)).all()


@settings(deadline=None)
@given(case=graphs(), node=st.integers(0, 6))
def test_opening_a_place_never_cuts_a_road(
    case: tuple[Graph, NDArray[np.bool_]], node: int
) -> None:
    graph, worlds = case
    more = worlds.copy()
    more[:, node % graph.n] = True
    legs = [(0, graph.n - 1)]
    assert count(connected(graph, pack(more), legs)) >= count(connected(graph, pack(worlds), legs))


def test_a_row_of_places_is_open_where_all_are() -> None:
    graph = Graph(n=3, start=np.array([0, 1]), end=np.array([1, 2]))
    worlds = np.ones((WORLDS, 3), dtype=bool)
    worlds[:10, 1] = False
    worlds[5:20, 2] = False
    assert count(connected(graph, pack(worlds), [(0, 2)])) == WORLDS - 20


def test_every_leg_has_to_be_joined() -> None:
    graph = Graph(n=3, start=np.array([0]), end=np.array([1]))
    worlds = np.ones((WORLDS, 3), dtype=bool)
    assert count(connected(graph, pack(worlds), [(0, 1)])) == WORLDS
    assert count(connected(graph, pack(worlds), [(0, 1), (1, 2)])) == 0

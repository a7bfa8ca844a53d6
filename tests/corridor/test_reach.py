"""Reach and importance: sixty-four worlds to a word, equal to looking at each world on its own.

Both back ends, numpy's and the compiled one, pass the same tests.
"""

from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from marchland.corridor import engine as engines
from marchland.corridor import reach as reaches
from marchland.corridor.reach import Graph, connected, count, importance, pack, unpack

WORLDS = 64
BACK_ENDS = ["sweeps", "compiled"] if find_spec("numba") else ["sweeps"]

Case = tuple[Graph, NDArray[np.bool_], list[int]]


@pytest.fixture(params=BACK_ENDS, autouse=True, scope="module")
def back_end(request: pytest.FixtureRequest) -> str:
    """Every question goes to one back end, whatever its size."""
    module = engines.import_module(f"marchland.corridor.{request.param}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reaches, "engine", lambda work: module)
        yield request.param


@st.composite
def cases(draw: st.DrawFn) -> Case:
    n = draw(st.integers(2, 8))
    pairs = [(a, b) for a in range(n) for b in range(a)]
    links = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=14))
    seed = draw(st.integers(0, 2**16))
    worlds = np.random.default_rng(seed).random((WORLDS, n)) < draw(st.sampled_from([0.4, 0.8]))
    ends = draw(st.lists(st.integers(0, n - 1), min_size=2, max_size=4, unique=True))
    graph = Graph(n=n, start=np.array([a for a, _ in links]), end=np.array([b for _, b in links]))
    return graph, worlds, ends


def one_by_one(graph: Graph, worlds: NDArray[np.bool_], ends: list[int]) -> NDArray[np.bool_]:
    """Whether the ends hang together in each world, by a library, one world at a time."""
    joined = []
    for world in worlds:
        keep = world[graph.start] & world[graph.end]
        matrix = csr_matrix(
            (np.ones(keep.sum()), (graph.start[keep], graph.end[keep])), shape=(graph.n, graph.n)
        )
        label = connected_components(matrix, directed=False)[1]
        joined.append(world[ends].all() and len(set(label[ends])) == 1)
    return np.array(joined)


@settings(deadline=None)
@given(case=cases())
def test_connected_equals_a_library_world_by_world(case: Case) -> None:
    graph, worlds, ends = case
    assert (unpack(connected(graph, pack(worlds), ends)) == one_by_one(graph, worlds, ends)).all()


@settings(deadline=None)
@given(case=cases())
def test_importance_is_what_opening_and_shutting_each_place_does(case: Case) -> None:
    graph, worlds, ends = case
    found = importance(graph, pack(worlds), ends)
    before = one_by_one(graph, worlds, ends)
    assert (unpack(found.whole) == before).all()
    for node in range(graph.n):
        opened, shut = worlds.copy(), worlds.copy()
        opened[:, node], shut[:, node] = True, False
        with_, without = (one_by_one(graph, w, ends) for w in (opened, shut))
        assert found.gain[node] == (with_ & ~before).sum()
        assert found.loss[node] == (before & ~without).sum()
        assert found.interventional[node] == pytest.approx(with_.mean() - without.mean())
        up = worlds[:, node]
        if 0 < up.sum() < WORLDS:
            among = before[up].mean() - before[~up].mean()
            assert found.conditional[node] == pytest.approx(among)
        else:
            assert np.isnan(found.conditional[node])


@settings(deadline=None)
@given(case=cases(), node=st.integers(0, 7))
def test_opening_a_place_never_cuts_a_road(case: Case, node: int) -> None:
    graph, worlds, ends = case
    more = worlds.copy()
    more[:, node % graph.n] = True
    assert count(connected(graph, pack(more), ends)) >= count(connected(graph, pack(worlds), ends))


def test_a_row_of_places_is_open_where_all_are() -> None:
    graph = Graph(n=3, start=np.array([0, 1]), end=np.array([1, 2]))
    worlds = np.ones((WORLDS, 3), dtype=bool)
    worlds[:10, 1] = False
    worlds[5:20, 2] = False
    assert count(connected(graph, pack(worlds), (0, 2))) == WORLDS - 20
    assert importance(graph, pack(worlds), (0, 2)).gain.tolist() == [0, 5, 10]


def test_every_end_has_to_be_joined() -> None:
    graph = Graph(n=3, start=np.array([0]), end=np.array([1]))
    worlds = np.ones((WORLDS, 3), dtype=bool)
    assert count(connected(graph, pack(worlds), (0, 1))) == WORLDS
    assert count(connected(graph, pack(worlds), (0, 1, 2))) == 0


def test_many_worlds_of_a_winding_road_fill_more_than_one_block() -> None:
    n, worlds = 60, 1024
    rng = np.random.default_rng(5)
    order = rng.permutation(n)
    graph = Graph(n=n, start=order[:-1], end=order[1:])
    open_ = rng.random((worlds, n)) < 0.99
    ends = [int(order[0]), int(order[-1])]
    found = importance(graph, pack(open_), ends)
    assert (unpack(found.whole) == open_.all(axis=1)).all()
    assert (found.loss == open_.all(axis=1).sum()).all()


def test_without_the_compiled_code_numpy_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "has_compiled", lambda: False)
    monkeypatch.delitem(engines.sys.modules, "marchland.corridor.compiled", raising=False)
    assert engines.engine(10**12).__name__ == "marchland.corridor.sweeps"

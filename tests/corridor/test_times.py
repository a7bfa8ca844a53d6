"""Travel time: in each world the fastest way, so that the spread is that of the draws."""

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.corridor import CorridorEstimate, CorridorQuestion, CorridorSettings
from marchland.corridor.reach import Graph
from marchland.corridor.ready import Links, Setting
from marchland.corridor.times import fastest, travel_time

_spec = spec_from_file_location("borderland", Path(__file__).with_name("conftest.py"))
assert _spec is not None
assert _spec.loader is not None
borderland = module_from_spec(_spec)
_spec.loader.exec_module(borderland)
ALL_CROWN, holding = borderland.ALL_CROWN, borderland.holding

Ask = Callable[..., CorridorEstimate]
COSTS = CorridorSettings().costs
N = 7
Row = tuple[int, int, int, bool, int]
LINKS = st.lists(
    st.tuples(st.integers(0, N - 1), st.integers(0, N - 1), st.integers(1, 20), st.booleans(),
              st.integers(0, 9)),
    min_size=6, max_size=20,
).map(lambda links: [x for x in links if x[0] != x[1]]).filter(bool)  # fmt: skip


def setting(rows: list[Row], legs: list[tuple[int, int]]) -> Setting:
    start, end, hours, border, wait = (np.array(column) for column in zip(*rows, strict=True))
    flags = np.zeros(len(rows), dtype=bool)
    links = Links(
        graph=Graph(n=N, start=start, end=end), hours=hours.astype(float),
        wait=wait.astype(float), informal=flags, unpaved=flags, border=border,
    )  # fmt: skip
    return Setting(
        nodes=tuple(map(str, range(N))), links=links, every=links, legs=legs,
        ends=tuple(dict.fromkeys(sum(legs, ()))), over=np.full(len(rows), -1),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(LINKS, st.integers(0, 2**32 - 1))
def test_it_is_what_dijkstra_finds_in_each_world(links: list[Row], seed: int) -> None:
    ready = setting(links, [(0, 1), (1, 2)])
    passable = np.random.default_rng(seed).random((64, N)) < 0.8
    hours, borders, waits = fastest(ready, passable)
    for world, found, crossed, waited in zip(passable, hours, borders, waits, strict=True):
        graph = nx.Graph()
        graph.add_nodes_from(np.flatnonzero(world).tolist())
        for a, b, h, border, wait in links:
            if world[a] and world[b]:
                cost = (h + wait) * 10**6 + wait * 1000 + border
                graph.add_edge(
                    a, b, cost=min(cost, graph.get_edge_data(a, b, {"cost": cost})["cost"])
                )
        try:
            cost = sum(nx.dijkstra_path_length(graph, a, b, "cost") for a, b in ready.legs)
        except (nx.NetworkXNoPath, nx.NodeNotFound):
            assert np.isinf(found)
            continue
        assert (found + waited, waited, crossed) == pytest.approx(
            (cost // 10**6, cost // 1000 % 1000, cost % 1000)
        )


def test_of_two_ways_the_time_is_that_of_the_one_left() -> None:
    # 0 - 3 - 1 takes two hours, 0 - 4 - 1 ten; the first is shut in a quarter of the worlds.
    ready = setting(
        [(0, 3, 1, False, 0), (3, 1, 1, False, 0), (0, 4, 5, True, 0), (4, 1, 5, False, 0)],
        [(0, 1)],
    )
    passable = np.ones((64, N), dtype=bool)
    passable[:16, 3] = False
    found = travel_time(ready, passable, costs=COSTS)
    assert found is not None
    assert (found.fastest_h, found.worlds) == (2.0, 64)
    assert found.hours.mean == pytest.approx(0.75 * 2 + 0.25 * 10)
    assert (found.hours.q05, found.hours.q50, found.hours.q95) == (2.0, 2.0, 10.0)
    assert 2 / 14 < found.days.q05 < found.days.q50 < found.days.q95
    assert all(f.source for f in found.figures.values())


def test_of_a_road_that_is_hardly_ever_joined_no_time_is_told(ask: Ask) -> None:
    assert ask(holding(**{**ALL_CROWN, "gate_west": "rebels"})).travel is None
    found = ask(holding(**ALL_CROWN)).travel
    assert found is not None
    assert found.fastest_h == pytest.approx(1.6)
    assert found.hours.q05 >= found.fastest_h


def test_ways_that_differ_are_given_as_many_as_are_asked_for(ask: Ask) -> None:
    claims = holding(**ALL_CROWN)
    assert len(ask(claims, alternatives=1).routes) == 1
    first, second = ask(claims, alternatives=3).routes
    assert {s.place for s in first.stops} ^ {s.place for s in second.stops} == {"bridge", "ford"}
    around = CorridorQuestion(
        origin="alder", destination="birch", traveller="crown", avoid=("bridge",)
    )
    (only,) = ask(claims, around, alternatives=3).routes
    assert "bridge" not in {s.place for s in only.stops}

"""Waypoints, places to avoid and closed crossings, against every world counted one by one."""

from datetime import date
from itertools import product

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from marchland.corridor import CorridorQuestion
from marchland.corridor.changes import reopened
from marchland.corridor.exact import exact_odds
from marchland.corridor.openings import openings
from marchland.corridor.reach import connected, importance, pack, unpack
from marchland.corridor.ready import Setting, prepare
from marchland.errors import BadInput
from marchland.roads import CrossingNotice, Link, RoadNetwork
from marchland.vocabulary import Vocabulary

DAY = date(2030, 6, 1)
WORLD = Vocabulary.load(None)
PLACES = "abcdef"
PAIRS = [(a, b) for n, a in enumerate(PLACES) for b in PLACES[n + 1 :]]
ODDS = np.array([0.9, 0.8, 0.5, 0.7, 0.6, 0.95])


@st.composite
def cases(draw: st.DrawFn) -> tuple[Setting, nx.Graph, CorridorQuestion]:
    """A question made ready, and the network that is left when closed crossings are taken out."""
    pairs = draw(st.lists(st.sampled_from(PAIRS), min_size=5, max_size=11, unique=True))
    border = draw(st.sets(st.sampled_from(pairs), max_size=3))
    closed = draw(st.sets(st.sampled_from(sorted(border)), max_size=2)) if border else set()
    links = [
        Link(id=a + b, start=a, end=b, km=1, hours=1, border=(a, b) in border) for a, b in pairs
    ]
    # A fact of one post closes all that leads over the border there.
    facts = [
        CrossingNotice(crossing=a, state="closed", traffic=("all",), start=DAY, source="Post",
                     published=DAY)
        for a in sorted({a for a, _ in closed})
    ]  # fmt: skip
    via = draw(st.lists(st.sampled_from(PLACES), max_size=2, unique=True))
    avoid = draw(st.sets(st.sampled_from(PLACES), max_size=2)) - {"a", "f", *via}
    asked = CorridorQuestion(
        origin="a", destination="f", traveller="crown", via=tuple(via), avoid=tuple(sorted(avoid))
    )
    roads = RoadNetwork(links, facts)
    try:
        ready = prepare(asked, roads, WORLD, openings(roads, on=DAY, as_of=DAY))
    except BadInput:
        assume(False)
        raise
    shut = {pair for pair in border if {f.crossing for f in facts} & set(pair)}
    left = nx.Graph(p for p in pairs if p not in shut)
    left.add_nodes_from(PLACES)
    return ready, left, asked


def joined(graph: nx.Graph, open_: set[str], asked: CorridorQuestion) -> bool:
    part = graph.subgraph(open_ - set(asked.avoid))
    return all(a in part and b in part and nx.has_path(part, a, b) for a, b in asked.legs)


def every_world(ready: Setting, asked: CorridorQuestion) -> np.ndarray:
    """(64, nodes): each way the six places can be open or shut; those to be avoided shut."""
    worlds = np.array(list(product([False, True], repeat=len(PLACES))))
    passable = worlds[:, [PLACES.index(p) for p in ready.nodes]]
    passable[:, [p in asked.avoid for p in ready.nodes]] = False
    return passable


@settings(max_examples=120, deadline=None)
@given(cases())
def test_reach_is_that_of_each_world_alone(case: tuple) -> None:
    ready, left, asked = case
    passable = every_world(ready, asked)
    found = unpack(connected(ready.graph, pack(passable), ready.ends))
    told = [joined(left, {p for p, o in zip(ready.nodes, w, strict=True) if o}, asked)
            for w in passable]  # fmt: skip
    assert found.tolist() == told


@settings(max_examples=80, deadline=None)
@given(cases())
def test_the_exact_odds_are_the_sum_over_all_worlds(case: tuple) -> None:
    ready, left, asked = case
    p = np.array([ODDS[PLACES.index(x)] for x in ready.nodes])
    p[[x in asked.avoid for x in ready.nodes]] = 0.0
    total = 0.0
    for world in product([False, True], repeat=len(ready.nodes)):
        if joined(left, {x for x, o in zip(ready.nodes, world, strict=True) if o}, asked):
            total += float(np.where(world, p, 1 - p).prod())
    assert exact_odds(ready.graph, p, ready.ends) == pytest.approx(total)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_importance_counts_the_worlds_that_a_place_mends_and_parts(case: tuple) -> None:
    ready, left, asked = case
    passable = every_world(ready, asked)
    found = importance(ready.graph, pack(passable), ready.ends)
    for v, place in enumerate(ready.nodes):
        mends = parts = 0
        for world in passable:
            up = {x for x, o in zip(ready.nodes, world, strict=True) if o}
            now = joined(left, up, asked)
            if place not in asked.avoid:
                mends += not now and joined(left, up | {place}, asked)
            parts += now and not joined(left, up - {place}, asked)
        assert found.loss[v] == parts
        if place not in asked.avoid:
            assert found.gain[v] == mends


@settings(max_examples=60, deadline=None)
@given(cases())
def test_a_crossing_opened_gives_the_odds_of_the_network_with_it(case: tuple) -> None:
    ready, left, asked = case
    passable = every_world(ready, asked)
    shut = {o.ends for o in ready.shut}

    def share(back: set[tuple[str, ...]]) -> float:
        graph = left.copy()
        graph.add_edges_from(back)
        worlds = ({x for x, o in zip(ready.nodes, w, strict=True) if o} for w in passable)
        return sum(joined(graph, up, asked) for up in worlds) / len(passable)

    now = share(set())
    told = {o.ends: p for o, p in reopened(ready, passable)}
    alone = {ends: share({ends}) for ends in shut}
    better = {ends: p for ends, p in alone.items() if p > now + 0.005}
    if better:
        assert told == pytest.approx(better)
    else:
        together = share(shut)
        assert told == (dict.fromkeys(shut, together) if together > now + 0.005 else {})

"""Reach over 1,024 worlds beside two graph libraries, and a corridor through 390 weeks.

    python -m bench.corridor [--nodes 1000 10000] [--no-sample]

The graphs are Delaunay triangulations of random points with a third of the links taken out; each
place is open in a world with odds of .7. All answer the same question on the same worlds, from the
same arrays: in which of them are two far corners joined? networkx is timed on 16 of the worlds and
multiplied. The levant sample's corridor is then asked for every week from 2014-01 to 2021-06.
"""

import argparse
import time
from collections.abc import Callable
from datetime import date

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay

import marchland as ml
from bench._machine import machine, peak_mb
from marchland.corridor.reach import Graph, connected, pack

WORLDS = 1024
FEW = 16
START, END = date(2014, 1, 15), date(2021, 6, 28)

Worlds = NDArray[np.bool_]


def thinned(nodes: int, seed: int) -> tuple[Graph, int, int]:
    """A graph like a road network, and two places at far corners of it."""
    rng = np.random.default_rng(seed)
    points = rng.random((nodes, 2))
    corners = Delaunay(points).simplices
    links = np.unique(
        np.sort(
            np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1
        ),
        axis=0,
    )
    links = links[rng.random(len(links)) < 2 / 3]
    graph = Graph(n=nodes, start=links[:, 0].astype(np.int64), end=links[:, 1].astype(np.int64))
    across = points.sum(axis=1)
    return graph, int(across.argmin()), int(across.argmax())


def by_bits(graph: Graph, worlds: Worlds, a: int, b: int) -> Worlds:
    """Ours."""
    bits = connected(graph, pack(worlds), [(a, b)])
    return np.unpackbits(bits.view(np.uint8), bitorder="little").astype(bool)


def by_scipy(graph: Graph, worlds: Worlds, a: int, b: int) -> Worlds:
    """scipy.sparse.csgraph: the components of each world's links."""
    found = np.zeros(len(worlds), dtype=bool)
    for i, open_ in enumerate(worlds):
        if open_[a] and open_[b]:
            kept = open_[graph.start] & open_[graph.end]
            start, end = graph.start[kept], graph.end[kept]
            ones = np.ones(len(start), dtype=np.int8)
            matrix = csr_matrix((ones, (start, end)), shape=(graph.n, graph.n))
            _, label = connected_components(matrix, directed=False)
            found[i] = label[a] == label[b]
    return found


def by_networkx(graph: Graph, worlds: Worlds, a: int, b: int) -> Worlds:
    """networkx: has_path in each world's subgraph."""
    whole = nx.Graph()
    whole.add_nodes_from(range(graph.n))
    whole.add_edges_from(zip(graph.start.tolist(), graph.end.tolist(), strict=True))
    return np.array(
        [
            bool(o[a] and o[b]) and nx.has_path(whole.subgraph(np.flatnonzero(o).tolist()), a, b)
            for o in worlds
        ]
    )


def timed(
    ask: Callable[[Graph, Worlds, int, int], Worlds], *of: Graph | Worlds | int, times: int = 1
) -> tuple[float, Worlds]:
    """The best of some runs, in seconds, and the answer."""
    best, found = float("inf"), np.empty(0, dtype=bool)
    for _ in range(times):
        begin = time.perf_counter()
        found = ask(*of)  # type: ignore[arg-type]
        best = min(best, time.perf_counter() - begin)
    return best, found


def reach(nodes: int) -> None:
    """Time the three on one graph; they must agree."""
    graph, a, b = thinned(nodes, seed=nodes)
    worlds = np.random.default_rng(0).random((WORLDS, nodes)) < 0.7
    worlds[:, [a, b]] = True
    ours, found = timed(by_bits, graph, worlds, a, b, times=5)
    scipy, theirs = timed(by_scipy, graph, worlds, a, b)
    few, some = timed(by_networkx, graph, worlds[:FEW], a, b)
    if not (np.array_equal(found, theirs) and np.array_equal(found[:FEW], some)):
        raise SystemExit("the programs disagree")
    networkx = few * WORLDS / FEW
    print(f"{nodes:7} places, {len(graph.start):7} links, joined in {found.mean():.0%} of worlds")
    print(f"    this program              {ours:9.4f} s")
    print(f"    scipy.sparse.csgraph      {scipy:9.4f} s   {scipy / ours:6.0f} times")
    print(f"    networkx                  {networkx:9.4f} s   {networkx / ours:6.0f} times")


def sample() -> None:
    """Time the sample's corridor through all its weeks, and the control that it rests on."""
    with ml.open("sample:levant") as theatre:
        begin = time.perf_counter()
        field = theatre.control_field(start=START, end=END)
        control = time.perf_counter() - begin
        days = (END - START).days + 1
        print(f"control of {len(field.places)} places on {days} days: {control:.1f} s")
        begin = time.perf_counter()
        line = theatre.corridor_timeline(start=START, end=END)
        took = time.perf_counter() - begin
        print(f"corridor in {len(line.points)} weeks of {WORLDS} worlds: {took:.1f} s")
        print(f"peak memory {peak_mb():.0f} MB")


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--no-sample", action="store_true", help="leave the sample out")
    asked = parser.parse_args()
    print(machine())
    for nodes in asked.nodes:
        reach(nodes)
    if not asked.no_sample:
        sample()


if __name__ == "__main__":
    main()

"""Reach and every node's importance in 4,096 worlds, beside four graph libraries, in one run.

    python -m bench.corridor_reach [--nodes 1000 10000 100000] [--worlds 4096] [--million]

The graphs are Delaunay triangulations of random points with a third of the links taken out; each
place is open in a world with odds of .7. All answer the same question on the same worlds: in which
of them are two far corners joined? The libraries are used as they are meant to be, on the subgraph
of each world; they are timed on a few of the worlds and multiplied, and their answers must agree
with ours. Each time is the least of some runs, on the wall and of the processor: ours runs on all
cores, theirs on one, so that the ratio of processor times favours neither. ``--million`` adds a
graph of a million links, ours alone.
"""

import argparse
import time
from collections.abc import Callable

import igraph
import networkx as nx
import numpy as np
import rustworkx as rx
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay

from bench._machine import machine, peak_mb
from marchland.corridor import compiled
from marchland.corridor.reach import Bits, Graph, unpack

_SHARE = "11001101"
"""Odds of open, .10110011 in binary (.699), the last digit first."""

Worlds = NDArray[np.bool_]


def thinned(nodes: int, seed: int) -> tuple[Graph, int, int]:
    """A graph like a road network, and two places at far corners of it."""
    rng = np.random.default_rng(seed)
    points = rng.random((nodes, 2))
    corners = Delaunay(points).simplices
    pairs = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    links = np.unique(np.sort(pairs, axis=1), axis=0).astype(np.int64)
    links = links[rng.random(len(links)) < 2 / 3]
    across = points.sum(axis=1)
    graph = Graph(n=nodes, start=links[:, 0], end=links[:, 1])
    return graph, int(across.argmin()), int(across.argmax())


def drawn(nodes: int, worlds: int, ends: tuple[int, int]) -> Bits:
    """(nodes, words): each place open by its own chance; the ends always."""
    rng = np.random.default_rng(0)
    open_ = np.zeros((nodes, worlds // 64), dtype=np.uint64)
    for digit in _SHARE:
        noise = rng.integers(0, 2**64, size=open_.shape, dtype=np.uint64)
        open_ = open_ | noise if digit == "1" else open_ & noise
    open_[list(ends)] = np.iinfo(np.uint64).max
    return open_


def by_scipy(graph: Graph, worlds: Worlds, a: int, b: int) -> list[bool]:
    """scipy.sparse.csgraph: the components of each world's links."""
    found = []
    for open_ in worlds:
        kept = open_[graph.start] & open_[graph.end]
        ones = np.ones(int(kept.sum()), dtype=np.int8)
        matrix = csr_matrix((ones, (graph.start[kept], graph.end[kept])), shape=(graph.n, graph.n))
        label = connected_components(matrix, directed=False)[1]
        found.append(bool(label[a] == label[b]))
    return found


def by_networkx(graph: Graph, worlds: Worlds, a: int, b: int) -> list[bool]:
    """networkx: has_path in each world's subgraph."""
    whole = nx.Graph()
    whole.add_nodes_from(range(graph.n))
    whole.add_edges_from(zip(graph.start.tolist(), graph.end.tolist(), strict=True))
    return [nx.has_path(whole.subgraph(np.flatnonzero(o).tolist()), a, b) for o in worlds]


def by_igraph(graph: Graph, worlds: Worlds, a: int, b: int) -> list[bool]:
    """igraph: the components of each world's induced subgraph."""
    links = list(zip(graph.start.tolist(), graph.end.tolist(), strict=True))
    whole = igraph.Graph(graph.n, links)
    found = []
    for open_ in worlds:
        kept = np.flatnonzero(open_)
        label = whole.induced_subgraph(kept.tolist()).connected_components().membership
        ends = np.searchsorted(kept, [a, b])
        found.append(label[ends[0]] == label[ends[1]])
    return found


def by_rustworkx(graph: Graph, worlds: Worlds, a: int, b: int) -> list[bool]:
    """rustworkx: has_path in each world's subgraph."""
    whole = rx.PyGraph()
    whole.add_nodes_from(range(graph.n))
    whole.add_edges_from_no_data(list(zip(graph.start.tolist(), graph.end.tolist(), strict=True)))
    found = []
    for open_ in worlds:
        kept = np.flatnonzero(open_)
        ends = np.searchsorted(kept, [a, b])
        part = whole.subgraph(kept.tolist())
        found.append(bool(rx.has_path(part, int(ends[0]), int(ends[1]))))
    return found


RIVALS: dict[str, tuple[Callable[[Graph, Worlds, int, int], list[bool]], int]] = {
    "scipy.sparse.csgraph": (by_scipy, 40),
    "igraph": (by_igraph, 20),
    "rustworkx": (by_rustworkx, 10),
    "networkx": (by_networkx, 6),
}
"""Each with how many worlds of a graph of 10,000 places it is timed on."""


def timed(ask: Callable[[], object], times: int) -> tuple[float, float]:
    """The least of some runs, in seconds on the wall and of the processor."""
    wall = processor = float("inf")
    for _ in range(times):
        begin, ticks = time.perf_counter(), time.process_time()
        ask()
        processor = min(processor, time.process_time() - ticks)
        wall = min(wall, time.perf_counter() - begin)
    return wall, processor


def line(name: str, took: tuple[float, float], beside: tuple[float, float]) -> str:
    """A row: seconds on the wall and of the processor, each over those of reach."""
    ratios = " ".join(f"{t / b:8.1f}" for t, b in zip(took, beside, strict=True))
    return f"    {name:28} {took[0]:11.4f} {took[1]:11.4f} s   {ratios} times reach"


def compare(nodes: int, worlds: int, *, rivals: bool = True) -> None:
    """Time ours and the rivals on one graph; they must agree."""
    begin = time.perf_counter()
    graph, a, b = thinned(nodes, seed=nodes)
    made = time.perf_counter() - begin
    open_ = drawn(nodes, worlds, (a, b))
    ends = np.array([a, b], dtype=np.int32)
    of = graph.first, graph.near, open_, ends
    joined = unpack(compiled.connected(*of))
    times = 9 if nodes <= 10_000 else 3
    reach = timed(lambda: compiled.connected(*of), times)
    shut = timed(lambda: compiled.importance(*of, losses=False), times)
    print(
        f"{nodes:7} places, {len(graph.start):7} links ({made:.1f} s to make), joined in "
        f"{joined.mean():.0%} of {worlds} worlds, peak memory {peak_mb():.0f} MB"
    )
    print(f"    {'':28} {'wall':>11} {'processor':>11}")
    print(line("reach", reach, reach))
    print(line("and importance when shut", shut, reach))
    if nodes <= 10_000:
        both = timed(lambda: compiled.importance(*of), 2)
        print(line("and importance when open", both, reach))
    for name, (ask, of_10k) in RIVALS.items() if rivals else ():
        few = max(2, min(64, of_10k * 10_000 // nodes))
        some = np.array([unpack(open_[v, : -(-few // 64)])[:few] for v in range(nodes)]).T
        found: list[bool] = []
        took = timed(lambda: found.extend(ask(graph, some, a, b)), 1)  # noqa: B023
        if found != joined[:few].tolist():
            raise SystemExit(f"{name} disagrees")
        whole = (took[0] * worlds / few, took[1] * worlds / few)
        print(f"{line(name, whole, reach)} ({few} worlds timed)")


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--worlds", type=int, default=4096)
    parser.add_argument("--million", action="store_true", help="a graph of a million links too")
    asked = parser.parse_args()
    print(machine())
    for nodes in asked.nodes:
        compare(nodes, asked.worlds)
    if asked.million:
        compare(500_000, asked.worlds, rivals=False)


if __name__ == "__main__":
    main()

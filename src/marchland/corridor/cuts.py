"""Smallest sets of places that break or open a road, and bounds of its odds that need no draws.

Breakers are least-weight vertex cuts among the places likely passable, openers least-weight ways
through those likely not; what a place weighs grows the less likely its change is. Further sets come
by forbidding, one after another, the places of those found (Lawler 1972). The bounds hold whatever
depends on whatever: a road is open at most as often as any place of a cut is, and at least as often
as no place of a way fails (Boole, Frechet).
"""

import heapq
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, dijkstra, maximum_flow

from marchland.corridor.reach import Graph

_SCALE = 100_000
_MANY = 2**26
_HARD = 4.0
_TRIES = 24
_FREE = 1e-9

Found = tuple[float, tuple[int, ...]]


def cut(graph: Graph, weight: NDArray[np.float64], a: int, b: int) -> Found | None:
    """The least-weight set of nodes, none of them an end, that parts two ends.

    Parameters
    ----------
    weight
        (nodes,) inf where a node can't be taken; resolution 1e-5.

    Returns
    -------
        Weight and nodes; None where no set does.
    """
    n = graph.n
    capacity = np.where(
        np.isfinite(weight), np.minimum(np.nan_to_num(weight, posinf=0.0) * _SCALE, _MANY), _MANY
    ).astype(np.int64)
    capacity = np.maximum(capacity, 1)
    capacity[[a, b]] = _MANY
    tail = np.repeat(np.arange(n), np.diff(graph.first))
    rows = np.concatenate([2 * np.arange(n), 2 * tail + 1])
    columns = np.concatenate([2 * np.arange(n) + 1, 2 * graph.near])
    loads = np.concatenate([capacity, np.full(len(tail), _MANY)]).astype(np.int32)
    network = csr_matrix((loads, (rows, columns)), shape=(2 * n, 2 * n))
    flow = maximum_flow(network, 2 * a + 1, 2 * b)
    if flow.flow_value >= _MANY:
        return None
    left = (network - flow.flow).tocsr()
    left.data[left.data < 0] = 0
    left.eliminate_zeros()
    reached = np.zeros(2 * n, dtype=bool)
    reached[breadth_first_order(left, 2 * a + 1, return_predecessors=False)] = True
    nodes = tuple(int(v) for v in np.flatnonzero(reached[0::2] & ~reached[1::2]))
    return (flow.flow_value / _SCALE, nodes) if nodes else None


def way(graph: Graph, weight: NDArray[np.float64], ends: Sequence[int]) -> Found | None:
    """The least-weight nodes by which all ends hang together, leg by leg; inf can't be passed."""
    paid, nodes, cost = 0.0, [], weight.copy()
    tail = np.repeat(np.arange(graph.n), np.diff(graph.first))
    for a, b in pairwise(ends):
        keep = np.isfinite(cost[graph.near]) & np.isfinite(cost[tail])
        arcs = (cost[graph.near][keep] + _FREE, (tail[keep], graph.near[keep]))
        matrix = csr_matrix(arcs, shape=(graph.n, graph.n))
        distance, before = dijkstra(matrix, indices=a, return_predecessors=True)
        if not np.isfinite(distance[b]) or not np.isfinite(cost[a]):
            return None
        at = b
        leg = [b]
        while at != a:
            at = int(before[at])
            leg.append(at)
        nodes += leg
        paid += float(cost[leg].sum())
        cost[leg] = 0.0
    return paid, tuple(dict.fromkeys(nodes))


def _next_best(find: Callable[[frozenset[int]], Found | None], count: int) -> list[tuple[int, ...]]:
    """The `count` lightest sets: each found one is looked for again without each of its nodes."""
    found: list[tuple[int, ...]] = []
    waiting: list[tuple[float, tuple[int, ...], tuple[int, ...]]] = []
    asked: set[frozenset[int]] = set()

    def ask(banned: frozenset[int]) -> None:
        if banned in asked or len(asked) >= _TRIES:
            return
        asked.add(banned)
        one = find(banned)
        if one is not None:
            heapq.heappush(waiting, (one[0], one[1], tuple(sorted(banned))))

    ask(frozenset())
    while waiting and len(found) < count:
        _, nodes, banned = heapq.heappop(waiting)
        if nodes not in found:
            found.append(nodes)
        for node in nodes:
            ask(frozenset(banned) | {node})
    return found


def breakers(
    graph: Graph, p_pass: NDArray[np.float64], ends: Sequence[int], *, count: int
) -> list[tuple[int, ...]]:
    """Sets of places likely passable whose loss parts the ends; none where they are parted."""
    likely = p_pass >= 0.5
    likely[list(ends)] = True
    keep = likely[graph.start] & likely[graph.end]
    part = Graph(n=graph.n, start=graph.start[keep], end=graph.end[keep])
    if way(part, np.zeros(graph.n), ends) is None:
        return []
    weight = 1.0 + np.minimum(-np.log10(np.maximum(1.0 - p_pass, 1e-12)), _HARD)

    def find(banned: frozenset[int]) -> Found | None:
        now = weight.copy()
        now[[*banned, *ends]] = np.inf
        found = [cut(part, now, a, b) for a, b in pairwise(ends)]
        return min((f for f in found if f is not None), default=None)

    return _next_best(find, count)


def openers(
    graph: Graph, p_pass: NDArray[np.float64], ends: Sequence[int], *, count: int
) -> list[tuple[int, ...]]:
    """Sets of places likely not passable whose gain joins the ends; none where they are joined."""
    weight = np.where(
        p_pass >= 0.5, 0.0, 1.0 + np.minimum(-np.log10(np.maximum(p_pass, 1e-12)), _HARD)
    )

    def find(banned: frozenset[int]) -> Found | None:
        now = weight.copy()
        now[list(banned)] = np.inf
        found = way(graph, now, ends)
        if found is None:
            return None
        gained = tuple(sorted(v for v in found[1] if weight[v] > 0))
        return (found[0], gained) if gained else None

    return _next_best(find, count)


def bounds(graph: Graph, p_pass: NDArray[np.float64], ends: Sequence[int]) -> tuple[float, float]:
    """Least and greatest odds that the ends hang together, however the places depend.

    Parameters
    ----------
    p_pass
        (nodes,) exact odds of each place, not shares of draws.
    """
    best = way(graph, 1.0 - p_pass, ends)
    least = 0.0 if best is None else max(0.0, 1.0 - best[0])
    most = float(p_pass[list(ends)].min())
    for a, b in pairwise(ends):
        parts = cut(graph, p_pass, a, b)
        if parts is not None:
            # A place's load in the flow is cut off below, and is 1e-5 at the least.
            most = min(most, float(p_pass[list(parts[1])].sum()))
    return least, max(least, min(1.0, most))

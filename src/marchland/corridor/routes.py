"""Routes: the most reliable way through required waypoints, and others that differ from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from marchland.corridor.reach import Graph

_LEAST = 1e-6
_HOUR = 1e-3
_PENALTY = 1.2
_SHUNNED_H = 100.0
"""Hours that a shunned link counts for, when a way without it is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Node numbers in order."""

    nodes: tuple[int, ...]


def most_reliable(
    graph: Graph,
    p_pass: NDArray[np.float64],
    hours: NDArray[np.float64],
    legs: Sequence[tuple[int, int]],
    *,
    penalty: NDArray[np.float64] | None = None,
) -> Way | None:
    """The way whose places are likeliest all passable, each on its own; ties go to the quicker.

    Parameters
    ----------
    p_pass
        (nodes,) odds that a place can be passed.
    hours
        (links,) time of each link.
    penalty
        (nodes,) added cost of a place, to look for another way.

    Returns
    -------
        None where the network itself does not join the legs.
    """
    cost = -np.log(np.maximum(p_pass, _LEAST)) + (0.0 if penalty is None else penalty)
    there = 0.5 * (cost[graph.start] + cost[graph.end]) + _HOUR * hours
    rows = np.concatenate([graph.start, graph.end])
    columns = np.concatenate([graph.end, graph.start])
    weights = np.concatenate([there, there])
    # Two links between the same places: csr_matrix would add them up, so keep the cheaper.
    order = np.lexsort((weights, columns, rows))
    rows, columns, weights = rows[order], columns[order], weights[order]
    keep = np.ones(len(rows), dtype=bool)
    keep[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    matrix = csr_matrix((weights[keep], (rows[keep], columns[keep])), shape=(graph.n, graph.n))
    nodes: list[int] = []
    for a, b in legs:
        distance, before = dijkstra(matrix, indices=a, return_predecessors=True)
        if not np.isfinite(distance[b]):
            return None
        way = [b]
        while way[-1] != a:
            way.append(int(before[way[-1]]))
        nodes += way[::-1] if not nodes else way[::-1][1:]
    return Way(nodes=tuple(nodes))


def differing(
    graph: Graph,
    p_pass: NDArray[np.float64],
    hours: NDArray[np.float64],
    legs: Sequence[tuple[int, int]],
    *,
    count: int,
    shunned: NDArray[np.bool_],
) -> list[Way]:
    """Ways that differ: the most reliable, the best without what is shunned, and others.

    Parameters
    ----------
    count
        How many are wanted at least, where there are so many.
    shunned
        (links,) tracks and informal crossings, which one way is made to do without.
    """
    penalty = np.zeros(graph.n)
    ends = {n for leg in legs for n in leg}
    ways: list[Way] = []
    for slow in (_SHUNNED_H, 10 * _SHUNNED_H):
        way = most_reliable(graph, p_pass, hours + slow * shunned, legs)
        if way is not None and way not in ways:
            ways.append(way)
    count += len(ways)
    for _ in range(3 * count):
        way = most_reliable(graph, p_pass, hours, legs, penalty=penalty)
        if way is None:
            break
        if way not in ways:
            ways.append(way)
        if len(ways) == count:
            break
        for node in way.nodes:
            if node not in ends:
                penalty[node] += _PENALTY / 3
    return ways

"""Routes: the most reliable way through required waypoints, and others that differ from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from marchland.corridor.reach import Graph

_LEAST = 1e-6
_HOUR = 0.01
"""What an hour counts for beside odds: ten hours more are worth going round a tenth of a doubt."""
_PENALTY = 0.4
_SHUNNED_H = 1000.0
"""Hours that a shunned link counts for, when a way without it is looked for."""
_TRACK = 5.0
"""How much slower a track counts for, when a way without it is looked for."""


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
    informal: NDArray[np.bool_],
    unpaved: NDArray[np.bool_],
    border: NDArray[np.bool_],
) -> list[Way]:
    """Ways that differ, above all in the borders they cross.

    The most reliable; the best by recognised crossings; that by paved road too; and others found by
    making the crossings of those dearer, then, where they are too few, all their places.

    Parameters
    ----------
    count
        How many are wanted at least, where there are so many.
    informal, unpaved, border
        (links,) crossings that are no recognised ones, tracks, and all crossings.
    """
    ways: list[Way] = []

    def add(way: Way | None) -> None:
        if way is not None and way not in ways:
            ways.append(way)

    add(most_reliable(graph, p_pass, hours, legs))
    add(most_reliable(graph, p_pass, hours + _SHUNNED_H * informal, legs))
    add(
        most_reliable(graph, p_pass, hours + _SHUNNED_H * informal + _TRACK * hours * unpaved, legs)
    )
    add(most_reliable(graph, p_pass, hours + _SHUNNED_H * (informal | unpaved), legs))
    wanted = count + len(ways)
    at_border = np.zeros(graph.n, dtype=bool)
    at_border[graph.start[border]] = at_border[graph.end[border]] = True
    inside = np.ones(graph.n, dtype=bool)
    ends = [n for leg in legs for n in leg]
    at_border[ends] = inside[ends] = False
    for dearer in (at_border, inside):
        penalty = np.zeros(graph.n)
        for k in range(3 * count):
            for node in ways[min(k, len(ways) - 1)].nodes:
                penalty[node] += _PENALTY * dearer[node]
            add(most_reliable(graph, p_pass, hours + _SHUNNED_H * informal, legs, penalty=penalty))
            if len(ways) >= wanted:
                return ways
    return ways

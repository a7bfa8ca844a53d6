"""Exact odds that ends hang together where each place stands or falls on its own.

Dynamic programming over the frontier: places are decided one after another, and all that is kept of
the past is which places on the frontier, those with undecided neighbours, hang together, and which
of these hold an end (the decomposition method of Carlier and Lucet 1996, for failing nodes). It
takes time in the number of such states, which is small for narrow networks.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marchland.corridor.reach import Graph

_State = tuple[tuple[int, ...], tuple[int, ...]]
"""Component of each place on the frontier, -1 where it is shut; ends held by each component."""


def exact_odds(
    graph: Graph, p_pass: NDArray[np.float64], ends: Sequence[int], *, most_states: int = 20_000
) -> float | None:
    """Odds that all ends are passable and hang together, each place independent of the others.

    Parameters
    ----------
    p_pass
        (nodes,) odds of each place.
    most_states
        How many states may be kept.

    Returns
    -------
        None where the network is too wide for that.
    """
    wanted = set(ends)
    near = _alive(graph, p_pass, wanted)
    if not wanted <= near.keys():
        return 0.0
    order = _order(near, next(iter(ends)))
    if not wanted <= set(order):
        return 0.0
    last = {v: max([order.index(u) for u in near[v]] + [i]) for i, v in enumerate(order)}
    frontier: list[int] = []
    states: dict[_State, float] = {((), ()): 1.0}
    total = 0.0
    for i, v in enumerate(order):
        beside = [frontier.index(u) for u in near[v] if u in frontier]
        keep = [j for j, u in enumerate([*frontier, v]) if last[u] > i]
        after: dict[_State, float] = {}
        for (labels, held), odds in states.items():
            for is_open, p in ((True, float(p_pass[v])), (False, 1.0 - float(p_pass[v]))):
                if p <= 0.0 or (not is_open and v in wanted):
                    continue
                grown, holds = _join(labels, held, beside, v in wanted) if is_open else (
                    (*labels, -1), held
                )  # fmt: skip
                if len(wanted) in holds:
                    total += odds * p
                    continue
                state = _forget(grown, holds, keep)
                if state is not None:
                    after[state] = after.get(state, 0.0) + odds * p
        if len(after) > most_states:
            return None
        states = after
        frontier = [[*frontier, v][j] for j in keep]
    return min(1.0, total)


def _alive(graph: Graph, p_pass: NDArray[np.float64], wanted: set[int]) -> dict[int, set[int]]:
    """Neighbours of each node that may be passable and is no dead end."""
    near = {
        v: {int(u) for u in graph.near[graph.first[v] : graph.first[v + 1]] if p_pass[u] > 0}
        for v in range(graph.n)
        if p_pass[v] > 0
    }
    dead = [v for v, us in near.items() if len(us) < 2 and v not in wanted]
    while dead:
        v = dead.pop()
        for u in near.pop(v):
            near[u].discard(v)
            if len(near[u]) == 1 and u not in wanted:
                dead.append(u)
    return near


def _order(near: dict[int, set[int]], source: int) -> list[int]:
    """Nodes near the source first, each time one that widens the frontier least."""
    order: list[int] = []
    done: set[int] = set()
    fringe = {source}
    while fringe:
        v = min(fringe, key=lambda u: (len(near[u] - done - fringe), u))
        fringe.remove(v)
        order.append(v)
        done.add(v)
        fringe |= near[v] - done
    return order


def _join(labels: tuple[int, ...], held: tuple[int, ...], beside: list[int], end: bool) -> _State:
    """The open node at the end of the frontier, joined to its open neighbours' components."""
    joined = {labels[j] for j in beside if labels[j] >= 0}
    new = len(held)
    total = int(end) + sum(held[c] for c in joined)
    kept = tuple(0 if c in joined else h for c, h in enumerate(held))
    return (*(new if c in joined else c for c in labels), new), (*kept, total)


def _forget(labels: tuple[int, ...], held: tuple[int, ...], keep: list[int]) -> _State | None:
    """Drop what left the frontier; None where an end was left behind."""
    kept = tuple(labels[j] for j in keep)
    if any(h and c not in kept for c, h in enumerate(held)):
        return None
    number: dict[int, int] = {}
    for c in kept:
        if c >= 0:
            number.setdefault(c, len(number))
    return tuple(number[c] if c >= 0 else -1 for c in kept), tuple(held[c] for c in number)

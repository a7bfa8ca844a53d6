"""How long the way takes: the fastest in each world, so that the spread is that of the draws.

In every world in which the road is joined the quickest way by places passable there is found, all
worlds at once, by label correcting (Bellman 1958; Ford 1956) with the places in the order in which
they are reached when everything is passable. Days add waits at borders and the hours driven a day,
each drawn from the triangle of its range; and the mean wait for each crossing whose opening hours
are known, which counts too when the quickest way is looked for.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from marchland.corridor.model import Spread, TravelTime
from marchland.corridor.reach import connected, pack, unpack
from marchland.corridor.ready import Setting
from marchland.corridor.settings import Figure

_QUANTILES = (0.05, 0.5, 0.95)
_FEW = 20
"""In fewer worlds than this a spread says nothing."""

_BORDER_BITS, _WAIT_BITS = 8, 24
_NEVER = np.int64(2**61)

Hours = NDArray[np.float64]


def travel_time(
    ready: Setting,
    passable: NDArray[np.bool_],
    *,
    costs: Mapping[str, Figure],
    seed: int = 0,
) -> TravelTime | None:
    """How long it takes in the worlds in which the road is joined.

    Parameters
    ----------
    passable
        (n worlds, nodes).
    costs
        Of these ``lorry_driving_h_per_day`` and ``border_wait_h`` are used.

    Returns
    -------
        None where it is joined in fewer than 20 worlds.
    """
    joined = unpack(connected(ready.graph, pack(passable), ready.ends))
    if int(joined.sum()) < _FEW:
        return None
    hours, borders, waits = fastest(ready, passable[joined])
    everywhere, _, _ = fastest(ready, np.ones((1, ready.graph.n), dtype=bool))
    rng = np.random.default_rng([seed, 65537])
    driving = _triangle(costs["lorry_driving_h_per_day"], len(hours), rng)
    days = hours / driving + waits / 24
    for n in range(1, int(borders.max(initial=0)) + 1):
        wait = _triangle(costs["border_wait_h"], len(hours), rng)
        days += np.where(borders >= n, wait / 24, 0.0)
    return TravelTime(
        fastest_h=float(everywhere[0]),
        hours=_spread(hours),
        days=_spread(days),
        wait_h=float(waits.mean()),
        worlds=len(hours),
        figures={k: costs[k] for k in ("lorry_driving_h_per_day", "border_wait_h")},
    )


def fastest(ready: Setting, passable: NDArray[np.bool_]) -> tuple[Hours, NDArray[np.int64], Hours]:
    """Hours of driving, borders crossed and hours of waiting for them to open, by the quickest way.

    The quickest is that of least driving and waiting together; inf where a world has none.

    Parameters
    ----------
    passable
        (n worlds, nodes).
    """
    graph = ready.graph
    weight = _by_neighbour(ready)
    open_ = np.ascontiguousarray(passable.T)
    total = np.zeros(len(passable), dtype=np.int64)
    matrix = csr_matrix((weight, graph.near, graph.first), shape=(graph.n, graph.n))
    for a, b in ready.legs:
        reached = dijkstra(matrix, indices=a)
        order = [int(v) for v in np.argsort(reached) if v != a and np.isfinite(reached[v])]
        least = np.full(open_.shape, _NEVER)
        least[a] = np.where(open_[a], 0, _NEVER)
        waiting = np.ones(graph.n, dtype=bool)
        while waiting[order].any():
            for v in order:
                if not waiting[v]:
                    continue
                waiting[v] = False
                at = slice(graph.first[v], graph.first[v + 1])
                near = graph.near[at]
                by = (least[near] + weight[at, None]).min(axis=0)
                better = open_[v] & (by < least[v])
                if better.any():
                    np.copyto(least[v], by, where=better)
                    waiting[near] = True
        total = np.minimum(total + least[b], _NEVER)
    low = _WAIT_BITS + _BORDER_BITS
    whole, rest = total >> low, total & ((1 << low) - 1)
    waits = rest >> _BORDER_BITS
    hours = np.where(total < _NEVER, (whole - waits) / 3600, np.inf)
    return hours, rest & ((1 << _BORDER_BITS) - 1), waits / 3600


def _by_neighbour(ready: Setting) -> NDArray[np.int64]:
    """(2 L,) time, wait and borders in one number, beside `Graph.near`; of two links the quicker.

    Seconds in all stand in the high bits, those of waiting below and borders in the low ones, so
    that the least sum is the quickest way, and of equally quick ones that with the fewest borders.
    """
    graph = ready.graph
    wait = np.rint(ready.links.wait * 3600).astype(np.int64)
    whole = np.rint(ready.links.hours * 3600).astype(np.int64) + wait
    cost = (whole << _WAIT_BITS + _BORDER_BITS) + (wait << _BORDER_BITS) + ready.links.border
    key = np.concatenate([graph.start * graph.n + graph.end, graph.end * graph.n + graph.start])
    cost = np.concatenate([cost, cost])
    order = np.lexsort((cost, key))
    key, cost = key[order], cost[order]
    tail = np.repeat(np.arange(graph.n), np.diff(graph.first))
    return np.asarray(cost[np.searchsorted(key, tail * graph.n + graph.near)])


def _triangle(figure: Figure, n: int, rng: np.random.Generator) -> Hours:
    if figure.low == figure.high:
        return np.full(n, figure.value)
    return rng.triangular(figure.low, figure.value, figure.high, size=n)


def _spread(values: Hours) -> Spread:
    low, middle, high = np.quantile(values, _QUANTILES)
    return Spread(mean=float(values.mean()), q05=float(low), q50=float(middle), q95=float(high))

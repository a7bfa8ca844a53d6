"""Land against air and sea: time, tonnes a day, cost a tonne, exposure, by stated figures.

Nothing here is measured on the ground. Each figure is a setting with a range and a source; an
answer carries both, its middle from the values and its ends from those of the ranges. *Exposure*
is the share of loads that is lost on the way, a figure too; tonnes that arrive and what a tonne
that arrives costs are reckoned with it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from marchland.corridor.reach import connected, count, pack
from marchland.corridor.ready import Setting
from marchland.corridor.settings import CorridorSettings, Figure
from marchland.geo import Point, distance_km
from marchland.roads import Link, RoadNetwork
from marchland.vocabulary import Place, Vocabulary

_AROUND = 1.3
"""How much longer than straight a road is taken to be, where the theatre has none to a port."""
_ROAD_KM_H = 60.0
_MONTH_DAYS = 30.0


def land_against_air(
    *,
    km: float,
    hours: float,
    borders: int,
    wait_h: float = 0.0,
    origin: Place | None,
    destination: Place | None,
    settings: CorridorSettings,
) -> Mapping[str, Any]:
    """What a tonne costs, how long it takes and how much arrives, by land and by air.

    Parameters
    ----------
    km, hours
        Of the road, without waits at borders.
    borders
        How many it crosses.
    wait_h
        Mean waits for crossings with known opening hours, beside those at every border.
    """
    found: dict[str, Any] = {}
    c = settings.costs
    if km > 0:
        found["land"] = _land(km, hours, borders, wait_h, c)
    if origin is not None and destination is not None:
        a, b = origin.point, destination.point
        if a is not None and b is not None:
            found["air"] = _air(distance_km(a, b), c)
    return found


def by_sea(
    ready: Setting,
    roads: RoadNetwork,
    vocabulary: Vocabulary,
    passable: NDArray[np.bool_],
    *,
    settings: CorridorSettings,
) -> dict[str, Any]:
    """The quickest way that goes by one sea lane, with road to and from its ports.

    Parameters
    ----------
    passable
        (n worlds, nodes): the odds that the roads to and from the ports are open come from these.

    Returns
    -------
        Empty where the theatre has no sea lane, or the points of the ends are not known.
    """
    first, last = ready.nodes[ready.ends[0]], ready.nodes[ready.ends[-1]]
    lanes = roads.of_mode("sea").links
    if not lanes:
        return {}
    by_road = _Roads(ready, roads, vocabulary)
    ways = [
        (by_road(first, a), lane, by_road(last, b, back=True))
        for lane in lanes
        for a, b in ((lane.start, lane.end), (lane.end, lane.start))
    ]
    whole = [(x, lane, y) for x, lane, y in ways if x is not None and y is not None]
    if not whole:
        return {}
    speed = settings.costs["ship_speed_km_h"].value
    to, lane, onward = min(
        whole, key=lambda w: (w[0]["hours"] + w[2]["hours"] + w[1].km / speed, w[1].id)
    )
    return _sea(lane, to, onward, _p_legs(ready, passable, (to, onward)), settings.costs)


class _Roads:
    """Roads from the ends to ports; the ways from one place are looked for once."""

    def __init__(self, ready: Setting, roads: RoadNetwork, vocabulary: Vocabulary) -> None:
        self._nodes, self._vocabulary = ready.nodes, vocabulary
        self._number = {p: i for i, p in enumerate(ready.nodes)}
        self._links = roads.of_mode("road").by_ends
        ends = np.array([[self._number[p] for p in sorted(pair)] for pair in self._links])
        hours = np.array([x.hours for x in self._links.values()])
        self._matrix = csr_matrix((hours, ends.T), shape=(len(ready.nodes),) * 2)
        self._from: dict[str, tuple[NDArray[np.float64], NDArray[np.int32]]] = {}

    def __call__(self, a: str, b: str, *, back: bool = False) -> dict[str, Any] | None:
        """Road between two places, or back; straight, and said to be so, where there is none."""
        told: dict[str, Any] = {"from": b, "to": a} if back else {"from": a, "to": b}
        if a == b:
            return {**told, "km": 0.0, "hours": 0.0, "by_road": True}
        if a in self._number and b in self._number:
            far, before = self._ways(a)
            v = self._number[b]
            if np.isfinite(far[v]):
                km, hours = 0.0, float(far[v])
                while v != self._number[a]:
                    u = int(before[v])
                    km += self._links[frozenset((self._nodes[u], self._nodes[v]))].km
                    v = u
                return {**told, "km": km, "hours": hours, "by_road": True}
        points = [_point(self._vocabulary, p) for p in (a, b)]
        if points[0] is None or points[1] is None:
            return None
        km = _AROUND * distance_km(points[0], points[1])
        return {**told, "km": km, "hours": km / _ROAD_KM_H, "by_road": False}

    def _ways(self, a: str) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        if a not in self._from:
            self._from[a] = dijkstra(
                self._matrix, directed=False, indices=self._number[a], return_predecessors=True
            )
        return self._from[a]


def _point(vocabulary: Vocabulary, id: str) -> Point | None:
    place = vocabulary.find_place(id)
    return place.point if place else None


def _p_legs(
    ready: Setting, passable: NDArray[np.bool_], legs: Sequence[Mapping[str, Any]]
) -> float | None:
    """Share of worlds in which the roads to and from the ports are open; None for one not known."""
    if not all(leg["by_road"] for leg in legs):
        return None
    number = {p: i for i, p in enumerate(ready.nodes)}
    packed = pack(passable)
    joined = np.full(packed.shape[1], ~np.uint64(0))
    for leg in legs:
        if leg["from"] in number and leg["to"] in number:
            ends = list(dict.fromkeys((number[leg["from"]], number[leg["to"]])))
            joined &= connected(ready.graph, packed, ends)
    return int(count(joined)) / len(passable)


def _land(
    km: float, hours: float, borders: int, wait_h: float, c: Mapping[str, Figure]
) -> dict[str, Any]:
    load, rate, lorries = c["lorry_payload_t"], c["lorry_cost_per_km"], c["lorries_per_day"]
    driving, wait = c["lorry_driving_h_per_day"], c["border_wait_h"]
    usd = (km * rate.value / load.value, km * rate.low / load.high, km * rate.high / load.low)
    tonnes = (load.value * lorries.value, load.low * lorries.low, load.high * lorries.high)
    return {
        "km": round(km),
        "hours_driving": round(hours, 1),
        "days": _three(
            hours / driving.value + (borders * wait.value + wait_h) / 24,
            hours / driving.high + (borders * wait.low + wait_h) / 24,
            hours / driving.low + (borders * wait.high + wait_h) / 24,
        ),
        "usd_per_tonne": _three(*usd),
        "tonnes_per_day": _three(*tonnes),
        "figures": {k: f.to_json() for k, f in c.items() if k.startswith(("lorr", "border"))},
    } | _arriving("land", c, usd, tonnes)


def _air(km: float, c: Mapping[str, Figure]) -> dict[str, Any]:
    load, speed, rate = c["aircraft_payload_t"], c["aircraft_speed_km_h"], c["aircraft_cost_per_h"]
    flights = c["flights_per_day"]
    usd = (
        2 * km / speed.value * rate.value / load.value,
        2 * km / speed.high * rate.low / load.high,
        2 * km / speed.low * rate.high / load.low,
    )
    tonnes = (load.value * flights.value, load.low * flights.low, load.high * flights.high)
    return {
        "km": round(km),
        "hours": _three(km / speed.value, km / speed.high, km / speed.low),
        "days": _three(km / speed.value / 24, km / speed.high / 24, km / speed.low / 24),
        "usd_per_tonne": _three(*usd),
        "tonnes_per_day": _three(*tonnes),
        "figures": {k: f.to_json() for k, f in c.items() if k.startswith(("aircraft", "flights"))},
    } | _arriving("air", c, usd, tonnes)


def _sea(
    lane: Link,
    to: Mapping[str, Any],
    onward: Mapping[str, Any],
    p_legs: float | None,
    c: Mapping[str, Figure],
) -> dict[str, Any]:
    load, speed, rate = c["ship_payload_t"], c["ship_speed_km_h"], c["ship_cost_per_day"]
    port, sailings = c["port_days"], c["sailings_per_month"]
    lorry, haul = c["lorry_payload_t"], c["lorry_cost_per_km"]
    driving = c["lorry_driving_h_per_day"]
    road_km, road_h = to["km"] + onward["km"], to["hours"] + onward["hours"]

    def days(speed_km_h: float, at_port: float, h_per_day: float) -> float:
        return float(lane.km / speed_km_h / 24 + 2 * at_port + road_h / h_per_day)

    def usd(at: float, payload: float, in_days: float, by_km: float, by_lorry: float) -> float:
        return float(in_days * at / payload + road_km * by_km / by_lorry)

    sailing = [lane.km / s / 24 + 2 * p for s, p in (
        (speed.value, port.value), (speed.high, port.low), (speed.low, port.high)
    )]  # fmt: skip
    costs = (
        usd(rate.value, load.value, sailing[0], haul.value, lorry.value),
        usd(rate.low, load.high, sailing[1], haul.low, lorry.high),
        usd(rate.high, load.low, sailing[2], haul.high, lorry.low),
    )
    tonnes = (
        load.value * sailings.value / _MONTH_DAYS,
        load.low * sailings.low / _MONTH_DAYS,
        load.high * sailings.high / _MONTH_DAYS,
    )
    return {
        "lane": lane.name,
        "km": round(lane.km),
        "road": [dict(leg) for leg in (to, onward)],
        "p_roads_open": None if p_legs is None else round(p_legs, 4),
        "days": _three(
            days(speed.value, port.value, driving.value),
            days(speed.high, port.low, driving.high),
            days(speed.low, port.high, driving.low),
        ),
        "usd_per_tonne": _three(*costs),
        "tonnes_per_day": _three(*tonnes),
        "figures": {
            k: f.to_json() for k, f in c.items() if k.startswith(("ship", "port", "sailings"))
        },
    } | _arriving("sea", c, costs, tonnes)


def _arriving(
    mode: str,
    c: Mapping[str, Figure],
    usd: tuple[float, float, float],
    tonnes: tuple[float, float, float],
) -> dict[str, Any]:
    """Exposure, and what arrives: value, least and most."""
    lost = c[f"{mode}_loss_share"]
    return {
        "exposure": lost.to_json(),
        "usd_per_tonne_arriving": _three(
            usd[0] / (1 - lost.value), usd[1] / (1 - lost.low), usd[2] / (1 - lost.high)
        ),
        "tonnes_per_day_arriving": _three(
            tonnes[0] * (1 - lost.value), tonnes[1] * (1 - lost.high), tonnes[2] * (1 - lost.low)
        ),
    }


def _three(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": round(value, 2), "low": round(low, 2), "high": round(high, 2)}

"""Land against air: time, and cost a tonne, from figures that are settings with sources.

Nothing here is measured on the ground. Each figure has a range, and the answer carries it.
"""

from collections.abc import Mapping
from typing import Any

from marchland.corridor.settings import CorridorSettings, Figure
from marchland.geo import distance_km
from marchland.vocabulary import Place


def land_against_air(
    *,
    km: float,
    hours: float,
    borders: int,
    origin: Place | None,
    destination: Place | None,
    settings: CorridorSettings,
) -> Mapping[str, Any]:
    """What a tonne costs and how long it takes by each mode.

    Parameters
    ----------
    km, hours
        Of the road, without waits at borders.
    borders
        How many it crosses.
    """
    found: dict[str, Any] = {}
    c = settings.costs
    if km > 0:
        found["land"] = _land(km, hours, borders, c)
    if origin is not None and destination is not None:
        a, b = origin.point, destination.point
        if a is not None and b is not None:
            found["air"] = _air(distance_km(a, b), c)
    return found


def _land(km: float, hours: float, borders: int, c: Mapping[str, Figure]) -> dict[str, Any]:
    load, rate, lorries = c["lorry_payload_t"], c["lorry_cost_per_km"], c["lorries_per_day"]
    driving, wait = c["lorry_driving_h_per_day"], c["border_wait_h"]
    return {
        "km": round(km),
        "hours_driving": round(hours, 1),
        "days": _three(
            hours / driving.value + borders * wait.value / 24,
            hours / driving.high + borders * wait.low / 24,
            hours / driving.low + borders * wait.high / 24,
        ),
        "usd_per_tonne": _three(
            km * rate.value / load.value, km * rate.low / load.high, km * rate.high / load.low
        ),
        "tonnes_per_day": _three(
            load.value * lorries.value, load.low * lorries.low, load.high * lorries.high
        ),
        "figures": {k: f.to_json() for k, f in c.items() if k.startswith(("lorr", "border"))},
    }


def _air(km: float, c: Mapping[str, Figure]) -> dict[str, Any]:
    load, speed, rate = c["aircraft_payload_t"], c["aircraft_speed_km_h"], c["aircraft_cost_per_h"]
    flights = c["flights_per_day"]
    return {
        "km": round(km),
        "hours": _three(km / speed.value, km / speed.high, km / speed.low),
        "usd_per_tonne": _three(
            2 * km / speed.value * rate.value / load.value,
            2 * km / speed.high * rate.low / load.high,
            2 * km / speed.low * rate.high / load.low,
        ),
        "tonnes_per_day": _three(
            load.value * flights.value, load.low * flights.low, load.high * flights.high
        ),
        "figures": {k: f.to_json() for k, f in c.items() if k.startswith(("aircraft", "flights"))},
    }


def _three(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": round(value, 2), "low": round(low, 2), "high": round(high, 2)}

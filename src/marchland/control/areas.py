"""Who holds how much of an area: the places' odds over ground, as shares with intervals.

The rule: ground follows the nearest place that a claim is about, less the farther it lies. Of the
ground `half_km` from it half counts as known; the rest is *unknown*, a share of its own.
Intervals come from joint draws over the places, so that towns that stand or fall together make an
area's share as uncertain as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from marchland.control.field import ControlField
from marchland.errors import BadInput

Array = NDArray[np.float64]

HALF_KM = 30.0
"""Distance at which half of the ground's holder is known from its nearest place."""
_DRAWS = 512
_EARTH_KM = 6371.0088
_LOW, _HIGH = 0.05, 0.95
_LEAST = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """An area as points that stand for equal parts of it.

    Parameters
    ----------
    id, name
        Of the area; of a cell of H3 its index.
    points
        (N, 2) of lon, lat.
    outline
        GeoJSON geometry.
    km2
        Its size.
    """

    id: str
    name: str
    points: Array
    outline: Mapping[str, Any]
    km2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaShares:
    """Who holds how much of an area on a day.

    Parameters
    ----------
    shares
        Outcome id (a holder, ``contested``, ``none``) to the expected share of the area, 0..1.
    interval
        The same with the 90 % interval of the share.
    unknown
        Share of which nothing is known; with `shares` it makes 1.
    names
        Display name per outcome.
    n_places, n_claims
        Places that speak for it, and claims about them.
    nearest_km
        From its nearest point to the nearest place that a claim is about; None where there is none.
    """

    area: Ground
    on: date
    as_of: date
    shares: Mapping[str, float]
    interval: Mapping[str, tuple[float, float]]
    unknown: float
    names: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    n_places: int = 0
    n_claims: int = 0
    nearest_km: float | None = None
    revision: int = 0

    @property
    def best(self) -> str | None:
        """Who holds most of it; None where more than half is unknown."""
        if self.unknown > 0.5 or not self.shares:
            return None
        return max(self.shares, key=lambda k: (self.shares[k], k))

    def to_json(self) -> dict[str, Any]:
        """The record form."""
        return {
            "question": "area",
            "area": {"id": self.area.id, "name": self.area.name, "km2": round(self.area.km2, 1)},
            "on": self.on.isoformat(),
            "as_of": self.as_of.isoformat(),
            "given": dict(self.given),
            "best": self.best,
            "shares": {k: round(v, 4) for k, v in self.shares.items()},
            "interval": {k: [round(a, 4), round(b, 4)] for k, (a, b) in self.interval.items()},
            "unknown": round(self.unknown, 4),
            "names": dict(self.names),
            "n_places": self.n_places,
            "n_claims": self.n_claims,
            "nearest_km": None if self.nearest_km is None else round(self.nearest_km, 1),
            "revision": self.revision,
        }


def share_of_areas(
    field: ControlField,
    areas: Sequence[Ground],
    on: date,
    *,
    half_km: float = HALF_KM,
    draws: int = _DRAWS,
) -> list[AreaShares]:
    """Shares of each area on a day.

    Parameters
    ----------
    half_km
        Distance at which half of the ground's holder is known.
    draws
        Joint draws over the places.

    Raises
    ------
    BadInput
        If `half_km` or `draws` is not above 0.
    """
    if half_km <= 0 or draws < 1:
        raise BadInput(f"half_km {half_km} and draws {draws} must be above 0")
    counts = field.n_claims(on)
    assumed = np.array([p in field.given for p in field.places], dtype=bool)
    spoken = [
        i for i, p in enumerate(field.found) if (counts[i] or assumed[i]) and p.point is not None
    ]
    if not spoken or not areas:
        return [_nothing(area, field, on) for area in areas]
    at = np.array([[p.point.lon, p.point.lat] for i in spoken if (p := field.found[i]).point])
    tree = cKDTree(_sphere(at))
    drawn = field.draws(on, n=draws)[:, spoken]
    odds = field.odds(on)[spoken]
    out = []
    for area in areas:
        chord, nearest = tree.query(_sphere(area.points))
        km = 2.0 * _EARTH_KM * np.arcsin(np.clip(chord / 2.0, 0.0, 1.0))
        known = 0.5 ** (km / half_km) / len(km)
        weight = np.bincount(nearest, weights=known, minlength=len(spoken))
        used = np.flatnonzero(weight)
        mean = weight[used] @ odds[used]
        shares, interval = {}, {}
        for k in np.argsort(-mean, kind="stable"):
            if mean[k] < _LEAST * known.sum() or not mean[k]:
                continue
            each = (drawn[:, used] == k) @ weight[used]
            low, high = np.quantile(each, (_LOW, _HIGH))
            outcome = field.outcomes[k]
            shares[outcome] = float(mean[k])
            # The mean is exact and the quantiles are of draws: the mean lies between them.
            interval[outcome] = (float(min(low, mean[k])), float(max(high, mean[k])))
        total = sum(shares.values())
        scale = float(known.sum()) / total if total else 0.0
        out.append(
            AreaShares(
                area=area,
                on=on,
                as_of=field.as_of,
                shares={k: v * scale for k, v in shares.items()},
                interval={
                    k: (min(a, shares[k] * scale), max(b, shares[k] * scale))
                    for k, (a, b) in interval.items()
                },
                unknown=float(1.0 - known.sum()),
                names={k: field.names.get(k, k) for k in shares},
                given=field.given,
                n_places=len(used),
                n_claims=int(counts[[spoken[i] for i in used]].sum()),
                nearest_km=float(km.min()),
                revision=field.revision,
            )
        )
    return out


def _nothing(area: Ground, field: ControlField, on: date) -> AreaShares:
    return AreaShares(
        area=area, on=on, as_of=field.as_of, shares={}, interval={}, unknown=1.0,
        given=field.given, revision=field.revision,
    )  # fmt: skip


def _sphere(lonlat: Array) -> Array:
    """Points on the unit sphere (N, 3)."""
    lon, lat = np.radians(lonlat[:, 0]), np.radians(lonlat[:, 1])
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)

"""Points and distances on the WGS84 ellipsoid.

Longitude comes before latitude everywhere, in degrees, as in GeoJSON (RFC 7946).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from marchland.errors import BadInput

_WGS84 = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Point:
    """A point, longitude then latitude, in degrees.

    Raises
    ------
    BadInput
        If it lies outside the globe.
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180 and -90 <= self.lat <= 90):
            raise BadInput(
                f"lon {self.lon}, lat {self.lat} is no point on the globe; are they swapped?"
            )


def distance_km(a: Point, b: Point) -> float:
    """Geodesic distance in kilometres.

    Examples
    --------
    >>> round(distance_km(Point(40.92, 34.45), Point(41.09, 34.37)))
    18
    """
    return float(_WGS84.inv(a.lon, a.lat, b.lon, b.lat)[2]) / 1000.0


def distances_km(a: NDArray[np.floating[Any]], b: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Geodesic distances between two sets of points.

    Parameters
    ----------
    a, b
        Arrays (n, 2) and (m, 2) of lon, lat in degrees.

    Returns
    -------
        Array (n, m) in kilometres.
    """
    n, m = len(a), len(b)
    lon_a, lat_a = np.repeat(a[:, 0], m), np.repeat(a[:, 1], m)
    lon_b, lat_b = np.tile(b[:, 0], n), np.tile(b[:, 1], n)
    metres = _WGS84.inv(lon_a, lat_a, lon_b, lat_b)[2]
    return np.asarray(metres, dtype=np.float64).reshape(n, m) / 1000.0


def offset(origin: Point, *, bearing_deg: float, distance_km: float) -> Point:
    """The point `distance_km` from `origin` along a compass bearing (0 north, 90 east)."""
    lon, lat, _ = _WGS84.fwd(origin.lon, origin.lat, bearing_deg, distance_km * 1000.0)
    return Point(float(lon), float(lat))

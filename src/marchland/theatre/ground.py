"""Areas made ground: cells of H3, and polygons of a GeoJSON file, as points that fill them."""

import importlib
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from shapely.geometry import mapping, shape

from marchland.control.areas import Ground
from marchland.errors import BadInput, MissingExtra
from marchland.geo import Point

_GEOD = pyproj.Geod(ellps="WGS84")
_FINER = 2
"""Steps of resolution from a cell to those that stand for its ground: 49 a cell."""
_POINTS = 400
"""Points that stand for a polygon, about."""
_MOST = 50_000
_NAMES = ("name", "NAME", "id", "shapeName", "ADM1_EN", "admin1Name")


def hexes(points: Iterable[Point], *, resolution: int, reach_km: float) -> list[Ground]:
    """Cells of H3 that lie about some places.

    Parameters
    ----------
    resolution
        Of H3, 0 to 10; 4 is about 1800 km2 a cell, 5 about 250, 6 about 36.
    reach_km
        How far from a place cells are made.

    Raises
    ------
    BadInput
        If there is no such resolution, or there would be more than 50,000 cells.
    MissingExtra
        If h3 is not installed.
    """
    try:
        h3 = importlib.import_module("h3")
    except ModuleNotFoundError:
        raise MissingExtra("geo", "Cells of H3") from None
    if not 0 <= resolution <= 10:
        raise BadInput(f"resolution {resolution}: give one from 0 to 10")
    apart = h3.average_hexagon_edge_length(resolution, unit="km") * math.sqrt(3.0)
    rings = math.ceil(reach_km / apart)
    seeds = {h3.latlng_to_cell(p.lat, p.lon, resolution) for p in points}
    if len(seeds) * (1 + 3 * rings * (rings + 1)) > 100 * _MOST:
        raise BadInput(_too_many(resolution))
    cells: set[str] = set()
    for seed in sorted(seeds):
        cells.update(h3.grid_disk(seed, rings))
        if len(cells) > _MOST:
            raise BadInput(_too_many(resolution))
    return [_cell(h3, cell, resolution) for cell in sorted(cells)]


def _too_many(resolution: int) -> str:
    return (
        f"resolution {resolution} makes more than {_MOST:,} cells; take a lower one, or ask within "
        "an area"
    )


def _cell(h3: Any, cell: str, resolution: int) -> Ground:
    finer = h3.cell_to_children(cell, min(resolution + _FINER, 15))
    points = np.array([h3.cell_to_latlng(c)[::-1] for c in sorted(finer)])
    ring = [(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]
    if max(x for x, _ in ring) - min(x for x, _ in ring) > 180.0:
        # Across the antimeridian: one outline beyond 180 degrees, as RFC 7946 readers expect none.
        ring = [(x + 360.0 if x < 0 else x, y) for x, y in ring]
    return Ground(
        id=cell,
        name=cell,
        points=points,
        outline={"type": "Polygon", "coordinates": [[list(p) for p in [*ring, ring[0]]]]},
        km2=float(h3.cell_area(cell, unit="km^2")),
    )


def polygons(path: Path | str, *, name: str | None = None) -> list[Ground]:
    """Polygons of a GeoJSON file, WGS84.

    Parameters
    ----------
    name
        The property that names them; by default the first there is of the usual ones.

    Raises
    ------
    BadInput
        If it is no GeoJSON of polygons.
    """
    path = Path(path)
    try:
        record = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise BadInput(f"it can't be read: {error.strerror or error}", path=path) from error
    except ValueError as error:
        raise BadInput(f"it is no JSON: {error}", path=path) from error
    features = record.get("features") if isinstance(record, dict) else None
    if not isinstance(features, list) or not features:
        raise BadInput("it is no GeoJSON FeatureCollection with features", path=path)
    return [_polygon(f, n, path, name) for n, f in enumerate(features, start=1)]


def _polygon(feature: Any, number: int, path: Path, named: str | None) -> Ground:
    try:
        geometry = shapely.make_valid(shape(feature["geometry"]))
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError):
        raise BadInput(f"the geometry of feature {number} can't be read", path=path) from None
    if geometry.geom_type not in ("Polygon", "MultiPolygon") or geometry.is_empty:
        raise BadInput(f"feature {number} is a {geometry.geom_type} and no polygon", path=path)
    west, south, east, north = geometry.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise BadInput(
            f"feature {number} is not in degrees; save it as WGS84 (EPSG:4326)", path=path
        )
    properties = feature.get("properties") or {}
    usual: Sequence[str] = (named,) if named else _NAMES
    label = next((str(properties[k]) for k in usual if properties.get(k) not in (None, "")), "")
    area, _ = _GEOD.geometry_area_perimeter(geometry)
    return Ground(
        id=str(feature.get("id") or properties.get("id") or label or number),
        name=label or f"polygon {number}",
        points=_fill(geometry),
        outline=mapping(geometry),
        km2=abs(area) / 1e6,
    )


def _fill(geometry: Any) -> Any:
    """Points of a lattice of equal steps in kilometres that lie within."""
    west, south, east, north = geometry.bounds
    squeeze = max(math.cos(math.radians((south + north) / 2.0)), 0.05)
    step = math.sqrt(geometry.area * squeeze / _POINTS)
    lats = np.arange(south + step / 2.0, north, step)
    lons = np.arange(west + step / squeeze / 2.0, east, step / squeeze)
    lon, lat = (a.ravel() for a in np.meshgrid(lons, lats))
    inside = shapely.contains_xy(geometry, lon, lat)
    points = np.stack([lon[inside], lat[inside]], axis=1)
    if not len(points):
        one = geometry.representative_point()
        points = np.array([[one.x, one.y]])
    return points

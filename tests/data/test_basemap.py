"""The offline base map: small, on the globe, and where things are."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from shapely.geometry import Point, shape

LAYERS = ("land", "countries", "admin1", "rivers")
FOLDER = files("marchland") / "data" / "basemap"


@cache
def features(layer: str) -> list[tuple[Any, dict[str, Any]]]:
    collection = json.loads((FOLDER / f"{layer}.json").read_text("utf-8"))
    return [(shape(f["geometry"]), f["properties"]) for f in collection["features"]]


def test_it_is_small_enough_to_be_carried_in_every_map() -> None:
    sizes = [len((FOLDER / f"{layer}.json").read_bytes()) for layer in LAYERS]
    assert sum(sizes) < 1_500_000


@pytest.mark.parametrize("layer", LAYERS)
def test_every_shape_is_on_the_globe(layer: str) -> None:
    assert features(layer)
    for geometry, _ in features(layer):
        west, south, east, north = geometry.bounds
        assert -180.01 <= west <= east <= 180.01
        assert -90.01 <= south <= north <= 90.01


@pytest.mark.parametrize(
    ("lon", "lat", "iso"),
    [
        (43.13, 36.34, "IQ-NI"),
        (40.28, 33.04, "IQ-AN"),
        (40.92, 34.45, "SY-DY"),
        (36.2, 34.0, "LB-BA"),
        (47.07, 34.31, "IR-17"),
    ],
)
def test_a_town_lies_in_its_province_and_on_land(lon: float, lat: float, iso: str) -> None:
    town = Point(lon, lat)
    inside = {p["iso"] for g, p in features("admin1") if g.contains(town)}
    assert len(inside) == 1
    assert next(iter(inside)).startswith(iso[:2])
    if iso.startswith("IQ"):
        assert inside == {iso}
    assert any(g.contains(town) for g, _ in features("land"))


def test_the_sea_is_no_land() -> None:
    assert not any(g.contains(Point(34.0, 34.0)) for g, _ in features("land"))


@pytest.mark.parametrize(
    ("river", "lon", "lat"), [("Euphrates", 40.92, 34.45), ("Tigris", 43.13, 36.34)]
)
def test_a_river_runs_past_its_towns(river: str, lon: float, lat: float) -> None:
    courses = [g for g, p in features("rivers") if p["name"] == river]
    assert min(c.distance(Point(lon, lat)) for c in courses) < 0.1


def test_a_border_runs_between_al_qaim_and_abu_kamal() -> None:
    road = shape({"type": "LineString", "coordinates": [[41.05, 34.38], [40.92, 34.45]]})
    assert any(g.crosses(road) or g.distance(road) < 0.03 for g, _ in features("countries"))

"""Areas: shares of ground, their intervals, what is unknown, and the files they are written to."""

import json

import geopandas
import pytest
import shapely

from marchland import plugins
from marchland.control.areas import share_of_areas
from marchland.errors import BadInput
from marchland.exporters.areas import write
from marchland.geo import Point
from marchland.theatre import Theatre
from marchland.theatre.ground import hexes, polygons

RESOLUTION = 5


@pytest.fixture(scope="module")
def cells(vale: Theatre):
    return vale.control_areas(on=vale.latest, resolution=RESOLUTION)


def collection(tmp_path, *boxes):
    """A file of boxes given by west, south, east, north."""
    features = [
        {"type": "Feature", "properties": {"name": f"box {n}"},
         "geometry": json.loads(shapely.to_geojson(shapely.box(*box)))}
        for n, box in enumerate(boxes)
    ]  # fmt: skip
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def around(vale: Theatre, km: float):
    """A box about the theatre's first place that has a claim."""
    field = vale.control_field(start=vale.latest, end=vale.latest)
    counts = field.n_claims(vale.latest)
    place = next(p for p, n in zip(field.found, counts, strict=True) if n and p.point)
    half = km / 111.0 / 2
    return place, (place.lon - half, place.lat - half, place.lon + half, place.lat + half)


class TestShares:
    def test_shares_and_the_unknown_make_the_whole(self, cells) -> None:
        assert cells
        for cell in cells:
            assert sum(cell.shares.values()) + cell.unknown == pytest.approx(1.0)
            assert 0.0 <= cell.unknown <= 1.0

    def test_every_share_lies_in_its_interval(self, cells) -> None:
        for cell in cells:
            assert set(cell.interval) == set(cell.shares) == set(cell.names)
            for outcome, (low, high) in cell.interval.items():
                assert -1e-12 <= low <= cell.shares[outcome] <= high <= 1.0 + 1e-12

    def test_a_small_area_about_one_place_has_that_places_odds(self, vale, tmp_path) -> None:
        place, box = around(vale, 0.2)
        (area,) = vale.control_areas(on=vale.latest, polygons=collection(tmp_path, box))
        odds = vale.control(place.id, on=vale.latest).p
        for outcome, share in area.shares.items():
            assert share / (1.0 - area.unknown) == pytest.approx(odds[outcome], abs=0.02)
        assert area.unknown < 0.01

    def test_half_is_unknown_at_the_distance_named(self, vale, tmp_path) -> None:
        place, box = around(vale, 0.2)
        path = collection(tmp_path, box)
        far = vale.control_areas(on=vale.latest, polygons=path, half_km=0.05)[0].unknown
        near = vale.control_areas(on=vale.latest, polygons=path, half_km=500.0)[0].unknown
        assert near < 0.001 < far
        field = vale.control_field(start=vale.latest, end=vale.latest)
        spot = polygons(path)[0]
        (area,) = share_of_areas(field, [spot], vale.latest, half_km=30.0)
        assert area.unknown == pytest.approx(1.0 - 0.5 ** (0.08 / 30.0), abs=0.002)
        assert place.point is not None

    def test_far_from_every_claim_nothing_is_known(self, vale, tmp_path) -> None:
        (area,) = vale.control_areas(
            on=vale.latest, polygons=collection(tmp_path, (-150.0, -50.0, -149.0, -49.0))
        )
        assert area.best is None
        assert area.unknown > 0.999

    def test_before_the_first_report_nothing_is_known(self, vale, tmp_path) -> None:
        _, box = around(vale, 10.0)
        (area,) = vale.control_areas(
            on="2019-01-01", as_of="2019-01-01", polygons=collection(tmp_path, box)
        )
        assert (area.shares, area.unknown, area.best, area.n_claims) == ({}, 1.0, None, 0)
        assert area.nearest_km is None

    def test_an_assumption_takes_its_ground(self, vale, tmp_path) -> None:
        place, box = around(vale, 0.2)
        (area,) = vale.control_areas(
            on=vale.latest, polygons=collection(tmp_path, box), given={place.id: "none"}
        )
        assert area.best == "none"
        assert area.given == {place.id: "none"}

    def test_same_question_same_answer(self, vale, cells) -> None:
        again = vale.control_areas(on=vale.latest, resolution=RESOLUTION)
        assert [a.to_json() for a in again] == [a.to_json() for a in cells]


class TestGround:
    def test_cells_cover_the_places_and_none_twice(self) -> None:
        points = [Point(41.0, 34.5), Point(41.5, 34.5)]
        found = hexes(points, resolution=6, reach_km=10.0)
        assert len({c.id for c in found}) == len(found)
        for point in points:
            assert sum(
                shapely.contains_xy(shapely.geometry.shape(c.outline), point.lon, point.lat)
                for c in found
            ) == 1  # fmt: skip
        assert all(len(c.points) in (49, 41) for c in found)

    def test_too_many_cells_are_refused(self) -> None:
        with pytest.raises(BadInput, match="take a lower one"):
            hexes([Point(41.0, 34.5)], resolution=10, reach_km=500.0)

    def test_a_resolution_there_is_not(self) -> None:
        with pytest.raises(BadInput, match="0 to 10"):
            hexes([Point(41.0, 34.5)], resolution=11, reach_km=5.0)

    def test_a_polygon_is_filled_and_measured(self, tmp_path) -> None:
        (ground,) = polygons(collection(tmp_path, (40.0, 0.0, 41.0, 1.0)))
        assert ground.km2 == pytest.approx(12308, rel=0.01)
        assert len(ground.points) == pytest.approx(400, rel=0.1)
        assert ground.points.mean(axis=0) == pytest.approx([40.5, 0.5], abs=0.01)

    @pytest.mark.parametrize(
        "box", [(40.0, 34.0, 40.0000001, 34.0000001), (40.0, 34.0, 40.00001, 35.0)]
    )
    def test_a_sliver_still_has_a_point(self, tmp_path, box) -> None:
        assert len(polygons(collection(tmp_path, box))[0].points) >= 1

    @pytest.mark.parametrize("text", ["{", "{}", '{"features": [{"geometry": null}]}'])
    def test_what_is_no_file_of_polygons(self, tmp_path, text) -> None:
        path = tmp_path / "a.geojson"
        path.write_text(text, "utf-8")
        with pytest.raises(BadInput):
            polygons(path)


class TestFiles:
    @pytest.mark.parametrize("ending", ["geojson", "gpkg", "parquet"])
    def test_each_kind_holds_every_area(self, cells, tmp_path, ending) -> None:
        path = tmp_path / f"areas.{ending}"
        assert write(cells, path) == len(cells)
        read = geopandas.read_parquet if ending == "parquet" else geopandas.read_file
        frame = read(path)
        assert list(frame["id"]) == [c.area.id for c in cells]
        assert frame.crs.to_epsg() == 4326
        assert list(frame["unknown"]) == pytest.approx([c.unknown for c in cells], abs=1e-4)

    def test_a_table_has_a_column_a_holder(self, cells, tmp_path) -> None:
        write(cells, tmp_path / "a.parquet")
        frame = geopandas.read_parquet(tmp_path / "a.parquet")
        holder = next(iter(cells[0].shares))
        share = cells[0].shares[holder]
        assert frame[f"share_{holder}"][0] == pytest.approx(share)
        assert frame[f"low_{holder}"][0] <= share <= frame[f"high_{holder}"][0]

    def test_another_ending_is_refused(self, cells, tmp_path) -> None:
        with pytest.raises(BadInput, match="gpkg"):
            write(cells, tmp_path / "a.shp")

    def test_it_comes_through_the_plugin_door(self) -> None:
        assert plugins.load("marchland.exporters", "areas") is write


def test_neither_or_both_kinds_of_area_are_refused(vale: Theatre) -> None:
    for resolution, path in ((None, None), (5, "x.geojson")):
        with pytest.raises(BadInput, match="either"):
            vale.control_areas(on=vale.latest, resolution=resolution, polygons=path)

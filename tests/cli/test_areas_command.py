"""The areas command: cells and polygons, for people, as JSON, to files."""

import json


class TestAreas:
    def test_cells_as_json(self, ask) -> None:
        found = ask("areas", "--hexes", 4, "--on", "2021-03-01", "--json").json_lines()
        assert found
        for area in found:
            assert area["question"] == "area"
            assert abs(sum(area["shares"].values()) + area["unknown"] - 1.0) < 1e-3

    def test_for_people_with_the_day_it_was_known(self, ask) -> None:
        done = ask("areas", "--hexes", 3, "--on", "2021-03-01", "--as-of", "2021-03-01")
        assert done.lines[0].strip() == "Who holds how much on 2021-03-01, as known on 2021-03-01"
        assert "unknown" in done.lines[1]

    def test_to_a_file(self, ask, tmp_path) -> None:
        path = tmp_path / "cells.geojson"
        assert "written to" in ask("areas", "--hexes", 3, "--on", "2021-03-01", "-o", path).out
        assert json.loads(path.read_text("utf-8"))["features"]

    def test_one_kind_of_area_must_be_named(self, ask) -> None:
        assert "either --hexes" in ask("areas", "--on", "2021-03-01", code=2).err

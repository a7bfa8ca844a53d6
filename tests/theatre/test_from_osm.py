"""A theatre's roads from an OpenStreetMap extract: its own places joined, border posts added."""

from pathlib import Path

import pytest

from marchland.errors import BadInput
from marchland.theatre import make_for_countries, open_theatre, roads_from_osm

EXTRACT = """<?xml version="1.0"?><osm version="0.6">
<node id="1" version="1" lon="35.50" lat="33.89"/>
<node id="2" version="1" lon="35.37" lat="33.56"/>
<node id="3" version="1" lon="35.20" lat="33.27"/>
<node id="4" version="1" lon="35.14" lat="33.11">
 <tag k="barrier" v="border_control"/><tag k="name:en" v="Naqoura post"/></node>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/>
 <tag k="highway" v="trunk"/></way>
</osm>"""


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "coast.osm"
    path.write_text(EXTRACT, encoding="utf-8")
    return path


def test_its_places_are_joined_and_a_road_can_be_asked_about(tmp_path: Path, extract: Path) -> None:
    folder = tmp_path / "coast"
    make_for_countries(folder, ["LB"], min_population=50000)
    found = roads_from_osm(folder, extract)
    assert found.links
    assert [p.name for p in found.crossings] == ["Naqoura post"]
    with open_theatre(folder) as theatre:
        vocabulary, roads = theatre.vocabulary, theatre.roads
        assert {x.id for x in roads.links} == {x.id for x in found.links}
        post = vocabulary.place("Naqoura post")
        assert (post.kind, post.country) == ("crossing", "LB")
        ends = [vocabulary.place(name).id for name in ("Beirut", "Sidon")]
        link = roads.between(*ends)
        assert link is not None
        assert 35 < link.km < 45
        assert link.hours == pytest.approx(link.km / 70, abs=0.01)


def test_links_that_are_there_are_not_written_over(mine: Path, extract: Path) -> None:
    with pytest.raises(BadInput, match="has links already"):
        roads_from_osm(mine, extract)


def test_the_folder_has_to_be_a_theatre(tmp_path: Path, extract: Path) -> None:
    with pytest.raises(BadInput, match="is no theatre"):
        roads_from_osm(tmp_path, extract)

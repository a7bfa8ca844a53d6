"""A theatre's roads from an OpenStreetMap extract: its own places joined, border posts added."""

from datetime import date
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
    assert not (folder / "crossings.csv").exists()
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


def test_opening_hours_of_the_map_are_facts_of_the_theatre(tmp_path: Path, extract: Path) -> None:
    text = extract.read_text("utf-8").replace(
        '<node id="4" ', '<node id="4" timestamp="2021-05-06T07:08:09Z" '
    )
    hours = '<tag k="opening_hours" v="Mo-Sa 08:00-14:00"/><tag k="name:en"'
    extract.write_text(text.replace('<tag k="name:en"', hours), "utf-8")
    folder = tmp_path / "coast"
    make_for_countries(folder, ["LB"], min_population=50000)
    found = roads_from_osm(folder, extract)
    with open_theatre(folder) as theatre:
        assert theatre.roads.facts == found.facts
        (fact,) = found.facts
        assert (fact.hours, fact.published) == ("Mo-Sa 08:00-14:00", date(2021, 5, 6))


def test_links_that_are_there_are_not_written_over(mine: Path, extract: Path) -> None:
    with pytest.raises(BadInput, match="has links already"):
        roads_from_osm(mine, extract)


def test_the_folder_has_to_be_a_theatre(tmp_path: Path, extract: Path) -> None:
    with pytest.raises(BadInput, match="is no theatre"):
        roads_from_osm(tmp_path, extract)

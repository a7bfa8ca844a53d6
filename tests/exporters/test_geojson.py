"""Control on a map: a GeoJSON feature a place, with its odds, days and sources."""

import json
from datetime import date

import pytest

from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.errors import BadInput
from marchland.estimate import Because, Estimate
from marchland.exporters import geojson
from marchland.vocabulary.model import Place

KNOWN = {
    p.id: p
    for p in (
        Place(id="ford", name="Ford", lat=34.45123456, lon=40.91),
        Place(id="mill", name="Mill", lat=34.0, lon=40.0),
        Place(id="valley", name="Valley", kind="area", members=("ford", "mill", "gone")),
        Place(id="nowhere", name="Nowhere", kind="area"),
    )
}


class Places:
    def find_place(self, id):
        return KNOWN.get(id)

    def members_of(self, area_id):
        return KNOWN[area_id].members


def claim(source):
    report = Report.of(source.encode(), title="T", source=Source(id=source, name=source.title()),
                       published=date(2017, 6, 18))  # fmt: skip
    return Claim(predicate="holds", report=report, subject=Ref(id="army", name="Army"),
                 place=PlaceRef(id="ford", name="Ford"))  # fmt: skip


SAYING = ("weekly", "daily", "weekly")


def estimate(place="ford", **changes):
    fields = {
        "question": "control",
        "about": {"place": {"id": place, "name": place.title()}},
        "on": date(2017, 6, 20), "as_of": date(2017, 7, 1),
        "p": {"army": 0.8, "none": 0.2}, "names": {"army": "Army"},
        "because": tuple(Because(claim=claim(s), weight=0.1) for s in SAYING),
        "n_claims": 3, "n_sources": 2, "revision": 4,
        **changes,
    }  # fmt: skip
    return Estimate(**fields)


def feature(**changes):
    (found,) = geojson.collection([estimate(**changes)], Places())["features"]
    return found


def test_longitude_comes_first_with_six_decimals():
    found = feature()
    assert (found["type"], found["id"]) == ("Feature", "ford")
    assert found["geometry"] == {"type": "Point", "coordinates": [40.91, 34.451235]}


def test_the_properties_say_the_odds_the_days_and_who_says_so():
    told = feature()["properties"]
    assert (told["name"], told["best"], told["best_name"]) == ("Ford", "army", "Army")
    assert told["p"] == {"army": 0.8, "none": 0.2}
    assert (told["on"], told["as_of"]) == ("2017-06-20", "2017-07-01")
    assert (told["n_claims"], told["n_sources"], told["revision"]) == (3, 2, 4)
    assert told["sources"] == [{"id": "daily", "name": "Daily"}, {"id": "weekly", "name": "Weekly"}]
    assert told["claims"][0] == claim("weekly").id
    assert told["estimate"] == estimate().id


def test_an_unknown_place_has_no_best_and_says_so():
    told = feature(n_claims=0, because=())["properties"]
    assert (told["best"], told["best_name"], told["confidence"]) == (None, None, "none")


@pytest.mark.parametrize(
    ("place", "geometry"),
    [
        ("valley", {"type": "MultiPoint", "coordinates": [[40.91, 34.451235], [40.0, 34.0]]}),
        ("nowhere", None),
        ("not-in-the-vocabulary", None),
    ],
)
def test_a_place_without_coordinates_is_drawn_by_its_members_or_not_at_all(place, geometry):
    assert feature(place=place)["geometry"] == geometry


def test_the_file_is_a_feature_collection_of_standard_json(tmp_path):
    path = tmp_path / "control.geojson"
    assert geojson.write([estimate(), estimate("mill")], Places(), path) == 2
    read = json.loads(path.read_text("utf-8"), parse_constant=lambda c: pytest.fail(c))
    assert read["type"] == "FeatureCollection"
    assert [f["id"] for f in read["features"]] == ["ford", "mill"]
    assert "crs" not in read


def test_the_same_estimates_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        geojson.write([estimate()], Places(), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_an_estimate_about_no_place_is_refused():
    with pytest.raises(BadInput, match="corridor is about no place"):
        geojson.collection([estimate(question="corridor", about={})], Places())

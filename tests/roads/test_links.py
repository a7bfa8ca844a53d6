"""Roads: a table of links, every end a known place, every row checked."""

from pathlib import Path

import pytest

from marchland.errors import BadInput
from marchland.roads import Link, RoadNetwork
from marchland.vocabulary import Place, Vocabulary

WORLD = Vocabulary.load(None).extended(
    places=[Place(id=i, name=f"Place {i}", lat=1.0, lon=n) for n, i in enumerate("abc")]
)
HEAD = "id,from,to,mode,name,road_class,km,hours,border,note\n"


def network(tmp_path: Path, rows: str) -> RoadNetwork:
    file = tmp_path / "roads.csv"
    file.write_text(HEAD + rows, "utf-8")
    return RoadNetwork.load(file, WORLD)


def test_links_come_as_written(tmp_path: Path) -> None:
    roads = network(tmp_path, "r1,a,b,road,High Street,primary,10,0.2,yes,no formal crossing\n")
    assert roads.links == (
        Link(
            id="r1", start="a", end="b", name="High Street", road_class="primary", km=10.0,
            hours=0.2, border=True, note="no formal crossing",
        ),
    )  # fmt: skip
    assert roads.places == ("a", "b")
    assert roads.between("b", "a") is roads.links[0]
    assert roads.between("a", "c") is None


def test_of_two_links_between_the_same_places_the_quicker_is_taken(tmp_path: Path) -> None:
    roads = network(
        tmp_path, "slow,a,b,road,,track,8,1.0,no,\nfast,a,b,road,,motorway,12,0.1,no,\n"
    )
    assert roads.between("a", "b").id == "fast"  # type: ignore[union-attr]


def test_modes_are_kept_apart(tmp_path: Path) -> None:
    roads = network(tmp_path, "r,a,b,road,,primary,8,1,no,\nf,a,c,air,,air,300,1,no,\n")
    assert roads.of_mode("road").places == ("a", "b")
    assert roads.of_mode("air").places == ("a", "c")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("r,a,zz,road,,primary,8,1,no,", "row 2: 'zz' is no place"),
        ("r,a,b,rail,,primary,8,1,no,", "row 2: mode 'rail' is none of air, road, sea"),
        ("r,a,b,road,,primary,x,1,no,", "row 2: km and hours must be numbers"),
        ("r,a,b,road,,primary,0,1,no,", "row 2: km and hours must be above zero"),
        ("r,a,a,road,,primary,8,1,no,", "row 2: joins 'a' to itself"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        network(tmp_path, row + "\n")


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "roads.csv").write_text("id,from,to\n", "utf-8")
    with pytest.raises(BadInput, match="lacks the column mode, km, hours"):
        RoadNetwork.load(tmp_path / "roads.csv", WORLD)

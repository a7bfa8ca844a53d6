"""Dated facts of crossings: read with their source, refused where they can't be so."""

from datetime import date
from pathlib import Path

import pytest

from marchland.errors import BadInput
from marchland.roads import CrossingNotice, Link, RoadNetwork
from marchland.roads.crossings import closing, load_facts, opening, write_facts
from marchland.vocabulary import Place, Vocabulary

WORLD = Vocabulary.load(None).extended(
    places=[
        Place(id=i, name=f"{i.title()} crossing", kind="crossing", lat=1.0, lon=n)
        for n, i in enumerate(("gate-east", "gate-west"))
    ]
)
HEAD = "crossing,state,traffic,from,until,hours,source,published\n"
PUBLISHED = date(2030, 2, 1)


def fact(state: str, traffic: str = "all", **more: object) -> CrossingNotice:
    told = {"crossing": "gate-east", "source": "Post", "published": PUBLISHED, **more}
    return CrossingNotice(state=state, traffic=tuple(traffic.split(";")), **told)  # type: ignore[arg-type]


def load(tmp_path: Path, rows: str, head: str = HEAD) -> tuple[CrossingNotice, ...]:
    file = tmp_path / "crossings.csv"
    file.write_text(head + rows, "utf-8")
    return load_facts(file, WORLD)


def test_facts_come_as_written_and_are_written_as_they_came(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        "gate-east,closed,all,2030-01-01,2030-03-01,,Post,2030-01-02\n"
        'Gate-West crossing,open,goods,2030-03-01,,"Mo-Fr 08:00-16:00, Sa 09:00-12:00",'
        "Times,2030-03-02\n",
    )
    shut, opened = found
    assert (shut.state, shut.traffic, shut.start, shut.end, shut.cited) == (
        "closed", ("all",), date(2030, 1, 1), date(2030, 3, 1), "Post, published 2030-01-02",
    )  # fmt: skip
    assert (opened.crossing, opened.hours) == ("gate-west", "Mo-Fr 08:00-16:00, Sa 09:00-12:00")
    assert str(opened) == "open to goods Mo-Fr 08:00-16:00, Sa 09:00-12:00 from 2030-03-01"
    write_facts(tmp_path / "again.csv", found)
    assert load_facts(tmp_path / "again.csv", WORLD) == found


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("nowhere,closed,all,2030-01-01,,,Post,2030-01-02", "'nowhere'"),
        ("gate-east,shut,all,2030-01-01,,,Post,2030-01-02", "state is open or closed"),
        ("gate-east,closed,lorries,2030-01-01,,,Post,2030-01-02", "traffic is all, goods"),
        ("gate-east,closed,,2030-01-01,,,Post,2030-01-02", "to what traffic"),
        ("gate-east,closed,all;goods,2030-01-01,,,Post,2030-01-02", "not both"),
        ("gate-east,closed,all,2030-01-01,2030-01-01,,Post,2030-01-02", "first day that it no"),
        ("gate-east,closed,all,,,,Post,2030-01-02", "needs a day"),
        ("gate-east,closed,all,1 May,,,Post,2030-01-02", "is not a day"),
        ("gate-east,closed,all,2030-01-01,,08:00-16:00,Post,2030-01-02", "no opening hours"),
        ("gate-east,open,all,2030-01-01,,8 to 4,Post,2030-01-02", "are no opening hours"),
        ("gate-east,open,all,2030-01-01,,off,Post,2030-01-02", "write state closed"),
        ("gate-east,open,all,2030-01-01,,,,2030-01-02", "source"),
        ("gate-east,open,all,2030-01-01,,,Post,", "is not a day"),
        ("gate-east,open,all,2030-01-01,,,Post,2030-01-02,more", "more cells"),
    ],
)
def test_a_row_that_can_not_be_used_is_named(tmp_path: Path, row: str, told: str) -> None:
    with pytest.raises(BadInput, match=r"crossings\.csv, row 2: ") as error:
        load(tmp_path, row + "\n")
    assert told in str(error.value)


def test_columns_are_checked(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="lacks the column state, traffic"):
        load(tmp_path, "", "crossing,source,published\n")
    with pytest.raises(BadInput, match="column 'open_hours'"):
        load(tmp_path, "", HEAD.replace("hours", "open_hours"))


def test_two_rows_that_say_opposite_things_from_one_day_are_refused(tmp_path: Path) -> None:
    rows = (
        "gate-east,closed,all,2030-01-01,,,Post,2030-01-02\n"
        "gate-east,open,goods,2030-01-01,,,Times,2030-01-02\n"
    )
    with pytest.raises(BadInput, match=r"row 3: .*another row"):
        load(tmp_path, rows)
    load(tmp_path, rows.replace("2030-01-02\n", "2030-01-03\n", 1))


def test_a_fact_of_a_place_without_a_road_is_refused() -> None:
    link = Link(id="1", start="gate-west", end="far", km=1, hours=1)
    with pytest.raises(BadInput, match="gate-east is on no road"):
        RoadNetwork([link], [fact("closed", start=PUBLISHED)])


def test_a_fact_holds_from_its_first_day_to_before_its_last_once_it_is_known() -> None:
    one = fact("closed", start=date(2030, 1, 1), end=date(2030, 3, 1))
    late = date(2031, 1, 1)
    days = [date(2029, 12, 31), date(2030, 1, 1), date(2030, 2, 28), date(2030, 3, 1)]
    assert [one.holds(d, late) for d in days] == [False, True, True, False]
    assert not one.holds(days[1], date(2030, 1, 31))
    assert one.holds(days[1], PUBLISHED)
    assert fact("closed", end=date(2030, 3, 1)).holds(date(1990, 1, 1), late)


def test_an_opening_lifts_what_began_before_it_and_not_what_came_after() -> None:
    shut = fact("closed", start=date(2030, 1, 1))
    opened = fact("open", "goods;people", start=date(2030, 5, 1), hours="08:00-16:00")
    again = fact("closed", start=date(2030, 9, 1))
    to_goods = fact("closed", "goods", start=date(2030, 2, 1))
    assert closing([shut], "all") is shut
    assert closing([shut, opened], "all") is None
    assert closing([shut, opened, again], "all") is again
    assert closing([to_goods], "all") is None
    assert closing([to_goods], "goods") is to_goods
    assert closing([shut, to_goods], "all") is shut
    assert closing([shut, fact("open", "people", start=date(2030, 5, 1))], "all") is shut
    assert opening([shut, opened]) is opened
    assert opening([fact("open", "people", start=date(2030, 5, 1))]) is None

"""The vale sample: an invented valley, tiny, whose truth is known to the day."""

import csv
from collections import defaultdict
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from marchland.reading.files import load
from marchland.vocabulary import Vocabulary, fold

VALE = Path(str(files("marchland.samples"))) / "vale"
REPORTS = sorted((VALE / "reports").glob("*.txt"))
FIRST, DAYS = date(2021, 1, 1), 400
END = FIRST + timedelta(days=DAYS)


def rows(name: str) -> list[dict[str, str]]:
    with (VALE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load(VALE)


@pytest.fixture(scope="module")
def spans() -> dict[str, list[tuple[date, date, str]]]:
    found = defaultdict(list)
    for row in rows("truth.csv"):
        start, stop = (date.fromisoformat(row[k]) for k in ("from", "to"))
        found[row["place_id"]].append((start, stop, row["holder"]))
    return {place: sorted(told) for place, told in found.items()}


def test_it_is_tiny() -> None:
    assert len(rows("places.csv")) == 12
    assert len(rows("roads.csv")) == 14
    assert 24 <= len(REPORTS) <= 32


def test_the_truth_says_one_holder_for_every_place_and_day(
    spans: dict[str, list[tuple[date, date, str]]],
) -> None:
    assert set(spans) == {row["id"] for row in rows("places.csv")}
    for told in spans.values():
        assert told[0][0] == FIRST
        assert told[-1][1] == END
        assert all(start < stop for start, stop, _ in told)
        assert all(before[1] == after[0] for before, after in pairwise(told))
        assert all(before[2] != after[2] for before, after in pairwise(told))


def test_holders_are_actors_or_contested() -> None:
    actors = {row["id"] for row in rows("actors.csv")}
    assert {row["holder"] for row in rows("truth.csv")} <= actors | {"contested"}


def test_roads_join_places_and_reach_all_of_them() -> None:
    places = {row["id"] for row in rows("places.csv")}
    ends = [(row["from"], row["to"]) for row in rows("roads.csv")]
    assert {end for pair in ends for end in pair} == places
    reached = {"pellisk"}
    for _ in places:
        reached |= {b for pair in ends for a, b in (pair, pair[::-1]) if a in reached}
    assert reached == places


def test_one_crossing_with_two_sides_carries_the_only_border_road() -> None:
    sides = {row["id"]: row["other_side"] for row in rows("places.csv") if row["other_side"]}
    assert len(sides) == 2
    assert all(sides[other] == side for side, other in sides.items())
    border = [row for row in rows("roads.csv") if row["border"] == "yes"]
    assert [{row["from"], row["to"]} for row in border] == [set(sides)]


def test_its_names_are_no_real_places(vocabulary: Vocabulary) -> None:
    own = [vocabulary.places[key] for key in vocabulary.own_places]
    single = {n for p in own if not p.is_area for n in (p.name, *p.aliases)}
    assert not [name for name in single if vocabulary.in_gazetteer(fold(name))]


def test_facts_name_actors_and_places_of_the_sample() -> None:
    actors = {row["id"] for row in rows("actors.csv")}
    places = {row["id"] for row in rows("places.csv")}
    facts = rows("facts.csv")
    assert {row["subject.id"] for row in facts} <= actors
    assert {row["object.id"] for row in facts} - {""} <= actors
    assert {row["place.id"] for row in facts} - {""} <= places
    assert ("backs", "tessmar", "vale-front") in {
        (row["predicate"], row["subject.id"], row["object.id"]) for row in facts
    }


@pytest.mark.parametrize("path", REPORTS, ids=lambda p: p.stem)
def test_reports_are_dated_signed_and_short(path: Path) -> None:
    head, body = path.read_text(encoding="utf-8").split("---\n", 2)[1:]
    front = yaml.safe_load(head)
    assert set(front) == {"title", "source", "date", "rests_on"}
    assert path.stem.startswith(f"{front['date'].isoformat()}-")
    assert FIRST <= front["date"] < END
    assert 15 <= len(body.split()) <= 80
    document = load(path)
    assert document.report.published == front["date"]
    assert document.report.source.name == front["source"]


def test_every_change_of_holder_is_told_within_three_days(
    spans: dict[str, list[tuple[date, date, str]]],
) -> None:
    told = defaultdict(set)
    for path in REPORTS:
        front = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n", 2)[1])
        for key in front["rests_on"].split("[")[1].rstrip("]").split(", "):
            told[key].add(front["date"])
    untold = [
        (place, start)
        for place, states in spans.items()
        for start, _, _ in states[1:]
        if not any(start <= day <= start + timedelta(days=3) for day in told[place])
    ]
    assert untold == []

"""The dispatches of 2014 to 2016: a start, every change of hands, and no place gone stale."""

import re
from collections import defaultdict
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from marchland.vocabulary import Vocabulary

LEVANT = Path(str(files("marchland.samples"))) / "levant"
DISPATCHES = sorted((LEVANT / "reports").glob("201[456]-*.txt"))
KEYS = re.compile(r"\[([^\]]*)\]")

# Day, place, and who has it from then on: the hinges of the three years.
CHANGES = [
    ("2014-01-04", "fallujah", "ISIL"),
    ("2014-06-10", "mosul", "Islamic State"),
    ("2014-06-12", "kirkuk", "Peshmerga"),
    ("2014-06-22", "rutba", "ISIL"),
    ("2014-06-22", "walid-crossing", "contested"),
    ("2014-07-01", "abu-kamal-crossing", "ISIS"),
    ("2014-08-03", "sinjar", "Islamic State"),
    ("2014-10-26", "jurf-al-sakhar", "Kataib Hezbollah"),
    ("2015-03-31", "tikrit", "Iraqi forces"),
    ("2015-05-21", "tanf", "Islamic State"),
    ("2015-05-24", "walid-crossing", "Islamic State"),
    ("2015-10-11", "kobani", "SDF"),
    ("2016-03-03", "tanf", "New Syrian Army"),
    ("2016-05-19", "rutba", "Iraqi forces"),
    ("2016-11-16", "tal-afar-airbase", "Popular Mobilization"),
    ("2016-12-11", "palmyra", "Islamic State"),
    ("2016-12-22", "aleppo", "Syrian army"),
]


def front(path: Path) -> dict[str, object]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n", 2)[1])
    assert isinstance(loaded, dict)
    return loaded


def keys(path: Path) -> list[str]:
    """The places, events and ties that a dispatch names as what it rests on."""
    return [k for group in KEYS.findall(str(front(path)["rests_on"])) for k in group.split(", ")]


@pytest.fixture(scope="module")
def told() -> dict[str, list[tuple[date, Path]]]:
    found = defaultdict(list)
    for path in DISPATCHES:
        for key in keys(path):
            found[key].append((date.fromisoformat(path.name[:10]), path))
    return found


def test_there_are_more_than_two_hundred() -> None:
    assert len(DISPATCHES) > 200


@pytest.mark.parametrize("path", DISPATCHES, ids=lambda p: p.stem)
def test_each_names_a_publisher_among_what_it_rests_on(path: Path) -> None:
    head = front(path)
    cited, _, rest = str(head["rests_on"]).partition(" [")
    assert rest, "no row of the fact sheet is named"
    assert str(head["source"]).removeprefix("after ") in cited


@pytest.mark.parametrize("path", DISPATCHES, ids=lambda p: p.stem)
def test_each_is_on_places_events_or_ties_of_the_sample(path: Path) -> None:
    vocabulary = Vocabulary.load(LEVANT)
    known = set(vocabulary.places) | set(vocabulary.actors)
    for key in keys(path):
        first = key.split(" ")[0]
        assert first in known or re.fullmatch(r"E\d{3}", first), key


@pytest.mark.parametrize(("day", "place", "holder"), CHANGES)
def test_a_change_of_hands_is_told_within_four_days(
    told: dict[str, list[tuple[date, Path]]], day: str, place: str, holder: str
) -> None:
    start = date.fromisoformat(day)
    near = [p for d, p in told[place] if start <= d <= start + timedelta(days=4)]
    assert any(holder in " ".join(p.read_text(encoding="utf-8").split()) for p in near)


@pytest.mark.parametrize("place", ["rutba", "qaim", "tanf", "palmyra", "abu-kamal", "mosul"])
def test_no_year_passes_without_word_of_a_place(
    told: dict[str, list[tuple[date, Path]]], place: str
) -> None:
    days = sorted(d for d, _ in told[place])
    gaps = [after - before for before, after in pairwise(days)]
    assert days[0] < date(2014, 2, 1)
    assert max(gaps) < timedelta(days=300)


def test_some_claims_are_one_side_s_and_did_not_hold() -> None:
    made_up = [p for p in DISPATCHES if "made up for practice" in str(front(p)["rests_on"])]
    assert 0.1 < len(made_up) / len(DISPATCHES) < 0.25

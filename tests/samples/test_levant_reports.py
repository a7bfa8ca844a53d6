"""The levant sample's dispatches: each says whose it is, when it came out, and what it rests on."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from marchland.reading.files import load
from marchland.vocabulary import Vocabulary

LEVANT = Path(str(files("marchland.samples"))) / "levant"
DISPATCHES = sorted((LEVANT / "reports").glob("*.txt"))
FIRST, LAST = date(2014, 1, 1), date(2021, 6, 30)

by_name = pytest.mark.parametrize("path", DISPATCHES, ids=lambda p: p.stem)


def head_and_body(path: Path) -> tuple[dict[str, object], str]:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(head), body


def test_there_are_at_least_150_dispatches_and_nothing_else() -> None:
    assert len(DISPATCHES) >= 150
    assert {p.suffix for p in (LEVANT / "reports").iterdir()} == {".txt"}


def test_they_span_the_sample_s_years() -> None:
    assert {int(p.name[:4]) for p in DISPATCHES} == set(range(FIRST.year, LAST.year + 1))


def test_no_two_tell_the_same_in_the_same_words() -> None:
    bodies = [" ".join(head_and_body(p)[1].split()) for p in DISPATCHES]
    assert len(set(bodies)) == len(bodies)


@by_name
def test_front_matter_is_complete(path: Path) -> None:
    head, _ = head_and_body(path)
    assert set(head) >= {"title", "source", "date", "rests_on"}
    assert all(str(value).strip() for value in head.values())
    assert str(head["source"]).startswith("after ")


@by_name
def test_its_date_is_a_day_of_the_period_and_the_file_name_s(path: Path) -> None:
    head, _ = head_and_body(path)
    assert isinstance(head["date"], date)
    assert FIRST <= head["date"] <= LAST
    assert path.stem.startswith(f"{head['date'].isoformat()}-")


@by_name
def test_it_is_a_short_dispatch_of_whole_sentences(path: Path) -> None:
    _, body = head_and_body(path)
    assert 30 <= len(body.split()) <= 120
    assert body.strip()[-1] in '.”"'


@by_name
def test_the_reader_takes_it_in_under_the_same_date_and_source(path: Path) -> None:
    document = load(path)
    head, body = head_and_body(path)
    assert document.report.published == head["date"]
    assert document.report.source.name == head["source"]
    assert document.report.title == head["title"]
    assert document.text[document.body :].strip() == body.strip()


def test_every_place_of_iraq_and_syria_is_named_in_some_dispatch() -> None:
    vocabulary = Vocabulary.load(LEVANT)
    told = " ".join(" ".join(head_and_body(p)[1].split()) for p in DISPATCHES).casefold()
    places = [vocabulary.places[key] for key in sorted(vocabulary.own_places)]
    unnamed = [
        p.id
        for p in places
        if p.country in {"IQ", "SY"}
        and not p.is_area
        and not any(name.casefold() in told for name in _plain_names(p.name, p.aliases))
    ]
    assert unnamed == []


def _plain_names(name: str, aliases: tuple[str, ...]) -> tuple[str, ...]:
    """A name and its aliases, the name without brackets and the word for a post."""
    return (name.split(" (")[0].removesuffix(" border crossing"), name, *aliases)

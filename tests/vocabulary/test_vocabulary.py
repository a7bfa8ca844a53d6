"""What a name means: one thing, several, or unknown, and never a guess."""

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.claims import PREDICATES
from marchland.errors import AmbiguousName, BadInput, UnknownName
from marchland.geo import Point
from marchland.vocabulary import Actor, Answer, Place, Vocabulary, fold

LEVANT = Vocabulary.load(files("marchland.samples") / "levant")
WORLD = Vocabulary.load(None)


@pytest.mark.parametrize(
    "name",
    ["Abu Kamal", "Bukamal", "al-Bukamal", "Albu Kamal", "البوكمال", "AL-BUKAMAL", "abu-kamal"],
)
def test_one_place_under_many_spellings(name: str) -> None:
    assert LEVANT.resolve_place(name).id == "abu-kamal"


@pytest.mark.parametrize(
    "name", ["Daesh", "ISIL", "ISIS", "IS", "the Islamic State", "Da'ish", "داعش"]
)
def test_one_actor_under_many_names(name: str) -> None:
    assert LEVANT.resolve_actor(name).id == WORLD.resolve_actor(name).id == "isis"


@pytest.mark.parametrize("name", ["ambassador", "the Hamas-run ministry", "irani", "Xyzzy", ""])
def test_a_name_inside_another_word_is_no_name(name: str) -> None:
    assert LEVANT.resolve_actor(name).answer is Answer.UNKNOWN


def test_a_capital_is_a_city_as_a_place_and_a_government_as_an_actor() -> None:
    assert LEVANT.resolve_place("Damascus").id == "damascus"
    assert LEVANT.resolve_actor("Damascus").id == "syria"


def test_namesakes_are_ambiguous_until_the_context_decides() -> None:
    assert WORLD.resolve_place("Tripoli").answer is Answer.AMBIGUOUS
    libya = WORLD.resolve_place("Tripoli", countries=["LY"])
    beside_beirut = WORLD.resolve_place("Tripoli", near=[Point(35.5, 33.9)])
    assert WORLD.find_place(libya.id or "").country == "LY"  # type: ignore[union-attr]
    assert WORLD.find_place(beside_beirut.id or "").country == "LB"  # type: ignore[union-attr]


def test_a_theatres_own_place_comes_before_the_worlds() -> None:
    assert LEVANT.resolve_place("Tripoli").id == "tripoli-lb"
    assert LEVANT.resolve_place("Palmyra").id == "palmyra"


def test_a_country_comes_before_a_town_of_its_name() -> None:
    assert WORLD.resolve_place("Lebanon").id == "country:LB"


def test_any_town_of_the_world_can_be_found() -> None:
    for name, country in [("Bakhmut", "UA"), ("Goma", "CD"), ("Kandahar", "AF"), ("Mosul", "IQ")]:
        found = WORLD.place(name)
        assert found.country == country
        assert WORLD.find_place(found.id) == found


def test_an_unknown_name_names_the_nearest_and_an_ambiguous_one_lists_them() -> None:
    with pytest.raises(UnknownName, match=r"Did you mean .*Palmyra"):
        LEVANT.place("Palmirrar")
    with pytest.raises(AmbiguousName, match=r"gn:\d+ \(Tripoli\)"):
        WORLD.place("Tripoli")


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from([n.text for n in LEVANT.names()]))
def test_what_is_resolved_has_that_name(name: str) -> None:
    for answer in (LEVANT.resolve_place(name), LEVANT.resolve_actor(name)):
        if answer.id is None:
            continue
        thing = LEVANT.find_place(answer.id) or LEVANT.find_actor(answer.id)
        assert thing is not None
        known = {n.key for n in LEVANT.names() if n.id == answer.id} | {fold(thing.name)}
        assert fold(name) in known or any(k in fold(name) for k in known)


@settings(max_examples=60, deadline=None)
@given(name=st.text(min_size=1, max_size=14))
def test_nonsense_never_raises_and_never_resolves_to_what_is_not_listed(name: str) -> None:
    answer = LEVANT.resolve_place(name)
    assert (answer.id is not None) == (answer.answer is Answer.RESOLVED)


def test_an_army_holds_for_its_state_and_a_militia_for_itself() -> None:
    assert LEVANT.holder_of("iraqi-army") == "iraq"
    assert LEVANT.holder_of("saa") == "syria"
    assert LEVANT.holder_of("kataib-hezbollah") == "kataib-hezbollah"


def test_an_area_opens_to_its_places() -> None:
    assert {"ramadi", "qaim", "rutba"} <= set(LEVANT.members_of("anbar"))
    assert "anbar" in LEVANT.areas_of("rutba")
    assert LEVANT.members_of("rutba") == ()


def test_the_samples_vocabulary_is_sound() -> None:
    serious = [p for p in LEVANT.check() if "no other side" not in p and "means" not in p]
    assert serious == []


def test_predicates_are_those_of_the_claim_record() -> None:
    assert {p.id: p.kind for p in WORLD.predicates.values()} == dict(PREDICATES)
    codes = [c for p in WORLD.predicates.values() for _, found in p.crosswalk for c in found]
    assert "010" in codes
    assert all(isinstance(c, str) for c in codes)


def test_more_actors_and_places_join_without_changing_what_was() -> None:
    more = WORLD.extended(
        actors=[Actor(id="greens", name="The Greens")],
        places=[Place(id="ford", name="Fordham Vale", lat=1.0, lon=2.0)],
    )
    assert more.place("Fordham Vale").id == "ford"
    assert more.own_places == {"ford"}
    assert WORLD.find_place("ford") is None


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    (tmp_path / "places.csv").write_text("id,name,lat,lon\nford,Ford,1.0,2.0\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("gate,,1,2", "row 3: has no name"),
        ("gate,Gate,1,", "row 3: has only one of lat and lon"),
        ("gate,Gate,x,2", "row 3: lat 'x' is no number"),
        ("gate,Gate,100,2", "row 3: lat 100.0, lon 2.0 is no point"),
    ],
)
def test_a_bad_row_is_named(tables: Path, row: str, says: str) -> None:
    with (tables / "places.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    with pytest.raises(BadInput, match=says):
        Vocabulary.load(tables)


def test_the_checker_finds_what_is_unsound() -> None:
    ford = Place(id="ford", name="Ford", lat=1.0, lon=2.0)
    unsound = WORLD.extended(
        places=[
            ford,
            replace(ford, name="Ford again"),
            Place(id="vale", name="Vale", kind="area", members=("nowhere",)),
            Place(id="gate", name="Gate", kind="crossing", lat=1.0, lon=2.0),
            Place(id="gate2", name="Ford again", lat=1.0, lon=2.0),
        ],
        actors=[Actor(id="a", name="A Team", part_of="nobody")],
    )
    problems = "\n".join(unsound.check())
    for part in (
        "ford: this id is given twice",
        "member nowhere is no place",
        "gate: has no other side",
        "part of nobody",
        "means ford, gate2",
    ):
        assert part in problems

"""What phrases mean: names, forces of a name, pronouns, areas; and what stays unresolved."""

from importlib.resources import files

import pytest

from marchland.reading.reader import GrammarReader
from marchland.vocabulary import Vocabulary


def subject(read, text: str, predicate: str = "captures"):
    return next(c.subject for c in reversed(read(text)) if c.predicate == predicate)


def place(read, text: str, predicate: str = "captures"):
    return next(c.place for c in reversed(read(text)) if c.predicate == predicate)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ISIL fighters captured Palmyra.", "isis"),
        ("Turkish troops captured Afrin.", "turkish-military"),
        ("The SDF advanced in the north. The group captured Raqqa.", "sdf"),
        ("The SDF advanced. It captured Raqqa on Monday.", "sdf"),
        ("While the SDF is fighting ISIS in Syria, the group captured Raqqa.", "sdf"),
        ("Fighting raged around Aleppo. Government forces captured Idlib.", "saa"),
    ],
)
def test_who_is_meant(read, text: str, meant: str) -> None:
    assert subject(read, text).id == meant


def test_an_unknown_actor_keeps_its_words(read) -> None:
    found = subject(read, "The Sword Brigade captured Palmyra.")
    assert not found.resolved
    assert found.name == "Sword Brigade"


def test_an_acronym_in_brackets_stands_for_the_name(read) -> None:
    text = "The Northern Storm Brigade (NSB) advanced. The NSB captured Palmyra."
    assert subject(read, text).name == "Northern Storm Brigade"


def test_the_city_is_the_one_named_before(read) -> None:
    text = "Rebels fought near Palmyra. They captured the city on Monday."
    assert "Palmyra" in (place(read, text).text or "")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rebels captured villages west of Mosul.", "west of Mosul"),
        ("Rebels captured northern Aleppo.", "northern Aleppo"),
    ],
)
def test_a_stretch_keeps_its_words_and_is_not_the_town(read, text: str, name: str) -> None:
    found = next(c.place for c in read(text) if c.kind == "control")
    assert not found.resolved
    assert name in found.name
    assert found.geo_precision == "area"
    assert found.lat is not None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Rebels controlled the border between Syria and Iraq on Monday.",
            "border between Syria and Iraq",
        ),
        ("Rebels captured the crossing with Iraq.", "crossing with Iraq"),
        (
            "The SDF held Raqqa. The Syrian army controls the western bank of the Euphrates.",
            "western bank of the Euphrates",
        ),
        ("ISIS controls the Iraqi side of the border up to Basra.", "Iraqi side of the border"),
    ],
)
def test_what_lies_along_a_country_or_a_river_is_put_nowhere(read, text: str, name: str) -> None:
    found = [c.place for c in read(text) if c.kind == "control"][-1]
    assert found.name == name
    assert not found.resolved
    assert (found.lat, found.lon, found.geo_precision) == (None, None, "unknown")


@pytest.mark.parametrize(
    "phrase", ["areas around Aleppo", "villages surrounding Aleppo", "area surrounding Aleppo"]
)
def test_what_is_around_a_town_is_of_that_town_and_no_earlier_one(read, phrase: str) -> None:
    claims = read(f"Hezbollah left Mosul. The Syrian army captured the {phrase}.")
    control = [c for c in claims if c.kind == "control"]
    assert [(c.predicate, c.place.id, c.place.name) for c in control] == [
        ("captures", "?aleppo", phrase)
    ]


def test_forces_surrounding_a_town_still_besiege_it(read) -> None:
    claims = read("The Syrian army is surrounding Aleppo.")
    assert [(c.predicate, c.place.name) for c in claims] == [("contests", "Aleppo")]


_CROSSING = "The Syrian army captured the border crossing with Iraq near Abu Kamal."


def test_a_crossing_near_a_town_is_the_one_known_there(make_document) -> None:
    levant = Vocabulary.load(files("marchland.samples").joinpath("levant"))
    (claim,) = GrammarReader(levant).read(make_document(_CROSSING))
    assert claim.place is not None
    assert claim.place.id == "abu-kamal-crossing"


def test_a_crossing_nobody_knows_is_a_crossing_at_the_town_it_is_near(read) -> None:
    found = place(read, _CROSSING)
    assert not found.resolved
    assert found.geo_precision == "crossing"
    assert (found.lat, found.lon) == pytest.approx((34.45, 40.92), abs=0.02)  # Abu Kamal


@pytest.mark.parametrize(
    "text",
    [
        "Rebels controlled the road from Damascus to Palmyra on Monday.",
        "The route from Damascus to the Syrian-Iraqi border at Palmyra is controlled by rebels.",
    ],
)
def test_a_road_between_two_known_places_names_both_its_ends(read, text: str) -> None:
    found = next(c.place for c in read(text) if c.kind == "control")
    assert found.id == "route:gn:170654:gn:163808"  # Damascus and Palmyra in the gazetteer
    assert "from Damascus to" in found.name
    assert found.geo_precision == "route"


def test_places_of_a_list_are_places_each(read) -> None:
    claims = read("The SDF captured the towns of Tabqa, Mansoura and Raqqa from ISIS.")
    named = {c.place.text for c in claims if c.predicate == "captures"}
    assert named == {"Tabqa", "Mansoura", "Raqqa"}
    assert {c.object.id for c in claims if c.predicate == "captures"} == {"isis"}


def test_a_pronoun_without_anybody_before_it_names_nobody(read) -> None:
    assert all(c.subject is None for c in read("They captured Palmyra."))

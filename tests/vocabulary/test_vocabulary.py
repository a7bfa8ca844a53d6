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
from marchland.vocabulary import Actor, Answer, Place, Vocabulary, base, fold, gazetteer
from marchland.vocabulary.choice import named_kinds

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


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("Deir ez-Zor", "deir-ez-zor"),
        ("Deir ez-Zor province", "deir-ez-zor-gov"),
        ("Deir ez-Zor governorate", "deir-ez-zor-gov"),
        ("Deir ez-Zor airport", "deir-ez-zor-airport"),
        ("Abu Kamal crossing", "abu-kamal-crossing"),
        ("city of Mosul", "mosul"),
        ("Mosul city", "mosul"),
        ("Mosul airport", None),
        ("Palmyra crossing", None),
    ],
)
def test_the_word_for_its_kind_tells_the_town_from_what_is_named_after_it(
    name: str, means: str | None
) -> None:
    assert LEVANT.resolve_place(name).id == means


@pytest.mark.parametrize(
    "name", ["Deir Ez Zor", "Deir Azzor", "Talafar", "Tel Afar", "Ain al-Arab"]
)
def test_the_gazetteers_spellings_lead_to_the_theatres_own_record(name: str) -> None:
    assert LEVANT.resolve_place(name).id in LEVANT.own_places


@pytest.mark.parametrize("name", ["Saraqeb", "Mayadeen", "Khan Sheikhoun", "Boukamal", "Telafar"])
def test_another_transcription_of_the_same_letters_is_the_same_place(name: str) -> None:
    assert LEVANT.resolve_place(name).answer is Answer.RESOLVED


@pytest.mark.parametrize(
    ("name", "kind", "country"),
    [
        ("Anbar", "province", "IQ"),
        ("Tigray", "region", "ET"),
        ("Donetsk", "city", "UA"),
        ("Donetsk oblast", "province", "UA"),
        ("Gaza", "city", "PS"),
        ("Gaza Strip", "region", "PS"),
        ("Darfur", "region", "SD"),
        ("Euphrates", "river", None),
        ("Avdiivka", "town", "UA"),
        ("Sana'a", "city", "YE"),
    ],
)
def test_provinces_regions_and_rivers_of_the_world(
    name: str, kind: str, country: str | None
) -> None:
    found = WORLD.place(name)
    assert (found.kind, found.country) == (kind, country)


def test_a_village_elsewhere_is_not_taken_when_the_context_is_another_country() -> None:
    assert WORLD.resolve_place("Macclenny", countries=["SY"]).id is None
    assert WORLD.resolve_place("Paris", countries=["SY"]).id == "gn:2988507"


def test_two_states_of_one_name_are_ambiguous() -> None:
    with pytest.raises(AmbiguousName, match="dr-congo"):
        WORLD.actor("Congo")


@pytest.mark.parametrize(
    ("name", "id"),
    [("RSF", "rsf-sudan"), ("M23", "m23"), ("Tatmadaw", "tatmadaw"), ("JNIM", "jnim"),
     ("Kyiv", "ukraine"), ("Reuters", "reuters"), ("UN Security Council", "un-security-council")],
)  # fmt: skip
def test_actors_of_the_world(name: str, id: str) -> None:
    assert WORLD.actor(name).id == id


def test_an_acronym_is_not_a_word_that_folds_alike() -> None:
    assert WORLD.actor("SANA").kind == "outlet"
    assert WORLD.actor("Sana'a").id == WORLD.actor("Sanaa").id == "yemen"
    assert WORLD.actor("isis").id == "isis"


def test_a_territory_is_a_place_but_nobody_who_acts() -> None:
    assert WORLD.resolve_place("Bermuda").id == "country:BM"
    assert WORLD.resolve_actor("Bermuda").answer is Answer.UNKNOWN


def test_no_two_of_the_base_share_an_id_and_every_parent_is_there() -> None:
    assert len({a.id for a in base.actors()}) == len(base.actors())
    assert len({p.id for p in base.places()}) == len(base.places())
    assert all(a.part_of in WORLD.actors for a in base.actors() if a.part_of)


def test_the_theatres_name_hides_the_same_name_of_the_base() -> None:
    vale = WORLD.extended(actors=[Actor(id="greens", name="Reuters")])
    assert vale.actor("Reuters").id == "greens"
    assert [n.id for n in vale.names() if n.key == fold("Reuters")] == ["greens"]


def test_whether_a_name_is_a_settlement_of_some_size() -> None:
    assert WORLD.in_gazetteer(fold("Bakhmut"))
    assert not WORLD.in_gazetteer(fold("Bakhmut"), min_population=1_000_000)
    assert not WORLD.in_gazetteer(fold("Xyzzyville"))


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


def keys_of(id: str) -> set[str]:
    """Every folded name that a thing is known by, the gazetteer's for the same record too."""
    return {n.key for n in LEVANT.names() if n.id == id}


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from([n.text for n in LEVANT.names()]))
def test_what_is_resolved_has_that_name(name: str) -> None:
    for answer in (LEVANT.resolve_place(name), LEVANT.resolve_actor(name)):
        if answer.id is None:
            continue
        place = LEVANT.find_place(answer.id)
        keys = {fold(name), named_kinds(fold(name))[0]}  # "Somali state" is Somali, a province
        listed = {p.geonameid for key in keys for p in gazetteer.by_key(key)}
        assert keys & keys_of(answer.id) or (place and place.geonameid in listed)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from([n.text for n in LEVANT.names() if n.what == "place"]), data=st.data())
def test_case_and_article_never_change_what_is_meant(name: str, data: st.DataObject) -> None:
    written = data.draw(st.sampled_from([name.upper(), name.lower(), f"the {name}"]))
    if fold(written) == fold(name):  # not so where the name is an article, or has letters like İ
        assert LEVANT.resolve_place(written).id == LEVANT.resolve_place(name).id


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
    assert [p for p in LEVANT.check() if not p.startswith("warning: ")] == []


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


def test_nobody_is_part_of_itself() -> None:
    ring = WORLD.extended(
        actors=[
            Actor(id="a", name="A Team", part_of="b"),
            Actor(id="b", name="B Team", part_of="a"),
        ]
    )
    assert any("part of itself" in p for p in ring.check())
    assert ring.holder_of("a") in {"a", "b"}


def test_the_checker_finds_what_is_unsound() -> None:
    ford = Place(id="ford", name="Ford", lat=1.0, lon=2.0)
    unsound = WORLD.extended(
        places=[
            ford,
            replace(ford, name="Ford again"),
            Place(id="vale", name="Vale", kind="area", members=("nowhere",)),
            Place(id="gate", name="Gate", kind="crossing", lat=1.0, lon=2.0),
            Place(id="gate2", name="Ford again", lat=1.0, lon=2.0),
            Place(id="moon", name="Moon", lat=91.0, lon=0.0),
            Place(id="dim", name="Dim"),
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
        "lat 91.0, lon 0.0 is no point",
        "dim: has no coordinates",
    ):
        assert part in problems

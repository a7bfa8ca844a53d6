"""Scenarios: a question in a small file, kept with the theatre and asked again."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.errors import BadInput, UnknownName
from marchland.theatre import Scenario, Theatre, open_theatre

ON = date(2021, 6, 1)
LOST = Scenario(name="dravish-lost", title="Dravish lost", on=ON, given={"Dravish": "Orvand"})
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
NAMES = TEXT.filter(lambda t: bool(t.strip()))


@given(
    title=TEXT, via=st.none() | st.lists(NAMES, max_size=3).map(tuple),
    avoid=st.lists(NAMES, max_size=3).map(tuple), on=st.none() | st.dates(),
    given=st.dictionaries(NAMES, NAMES, max_size=3),
)  # fmt: skip
def test_what_is_written_is_read_again(tmp_path_factory, title, via, avoid, on, given) -> None:
    made = Scenario(name="x", title=title, via=via, avoid=avoid, on=on, given=given)
    path = tmp_path_factory.mktemp("kept") / "x.toml"
    path.write_text(made.to_toml(), encoding="utf-8")
    assert Scenario.read(path) == made


def test_it_asks_what_it_says(vale: Theatre) -> None:
    asked = vale.ask(LOST)
    assert asked == vale.corridor(on=ON, given={"Dravish": "Orvand"})
    assert vale.ask(LOST, given={}).status == "open"


def test_without_a_day_it_is_asked_for_one(vale: Theatre) -> None:
    bare = Scenario(name="bare")
    with pytest.raises(BadInput, match="says no day"):
        vale.ask(bare)
    assert vale.ask(bare, on=ON).status == "open"


def test_it_is_kept_and_found_by_name_or_by_file(mine: Path) -> None:
    with open_theatre(mine) as theatre:
        assert theatre.scenarios() == ()
        path = theatre.keep_scenario(LOST)
        assert theatre.scenarios() == ("dravish-lost",)
        assert theatre.scenario("dravish-lost") == theatre.scenario(path) == LOST
        with pytest.raises(UnknownName, match="dravish-lost"):
            theatre.scenario("dravish-found")


def test_a_sample_keeps_none(vale: Theatre) -> None:
    with pytest.raises(BadInput, match="a sample is not added to"):
        vale.keep_scenario(LOST)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("on = 3", "on must be a day"),
        ("nosuch = 1", "unknown key nosuch"),
        ("via = 'Ollenby'", "via must be a list"),
        ("given = []", "given must be a table"),
        ("title = 4", "title must be text"),
        ("origin = 'Pellisk'", "both origin and destination"),
        ("ground = 'soft'", "loose or strict"),
        ("= 4", "no valid TOML"),
    ],
)
def test_a_file_that_can_not_be_used_says_why(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=told):
        Scenario.read(path)


def test_a_brief_of_the_same_file_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "both.toml"
    path.write_text('on = 2021-06-01\nplaces = ["Dravish"]\n', encoding="utf-8")
    assert Scenario.read(path).on == ON


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden"])
def test_a_name_that_is_no_files_name(name: str) -> None:
    with pytest.raises(BadInput, match="can't name a scenario"):
        Scenario(name=name)

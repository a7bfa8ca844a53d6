"""Scenarios and sweeps as a person asks for them."""

from pathlib import Path

import pytest

ROAD = ("Pellisk", "Joruvel", "--for", "Tessmar")
OPEN, CUT = "2021-06-01", "2021-12-01"


@pytest.fixture
def lost(tmp_path: Path) -> Path:
    path = tmp_path / "dravish-lost.toml"
    path.write_text(f'on = {OPEN}\n[given]\n"Dravish" = "Orvand"\n', "utf-8")
    return path


def test_a_scenario_of_a_file_and_the_same_in_words(ask, lost: Path) -> None:
    by_file = ask("corridor", "--scenario", lost, "--json").out
    by_words = ask("corridor", "--on", OPEN, "--given", "Dravish=Orvand", "--json").out
    assert by_file == by_words


def test_what_the_command_line_says_comes_first(ask, lost: Path) -> None:
    told = ask("corridor", "--scenario", lost, "--given", "Dravish=Vale Front", "--json").json()
    assert told["given"] == {"dravish": "vale-front"}
    assert told["status"] == "open"


def test_it_is_kept_and_asked_again_by_name(run, mine: Path) -> None:
    here = ("-t", mine)
    question = ("corridor", *ROAD, "--on", OPEN, "--avoid", "Ollenby", "--keep", "by hills")
    done = run(*here, *question)
    assert "--scenario 'by hills'" in done.lines[-1]
    assert (mine / "scenarios" / "by hills.toml").is_file()
    again = run(*here, "corridor", "--scenario", "by hills", "--json").json()
    assert again["avoid"]["places"] == [{"id": "ollenby", "name": "Ollenby"}]
    assert (
        "Did you mean by hills"
        in run(*here, "corridor", "--scenario", "by hils", "--on", OPEN, code=1).err
    )


def test_a_scenario_against_no_assumption(ask, lost: Path) -> None:
    told = ask("compare", "--scenario", lost, "--json").json()
    assert told["first"]["given"] == {}
    assert told["second"]["given"] == {"dravish": "orvand"}
    assert told["moved"]["open"] < -0.5


def test_what_new_reports_changed(ask) -> None:
    words = ("compare", *ROAD, "--on", OPEN, "--then-as-of", "2021-01-01", "--json")
    told = ask(*words).json()
    assert (told["first"]["as_of"], told["second"]["as_of"]) == ("2021-01-01", "2022-01-28")
    assert (told["first"]["status"], told["second"]["status"]) == ("unknown", "open")


def test_a_sweep_ranks_single_changes(ask) -> None:
    done = ask("compare", *ROAD, "--on", CUT, "--sweep")
    assert done.lines[0].startswith(f"{CUT}  BROKEN")
    assert "Dravish gained" in done.out
    told = ask("compare", *ROAD, "--on", CUT, "--sweep", "--json").json()
    effects = [abs(s["effect"]) for s in told["singles"]]
    assert effects == sorted(effects, reverse=True)
    gained = next(s for s in told["singles"] if s["about"] == ["dravish"])
    words = ("corridor", *ROAD, "--on", CUT, "--given", "Dravish=open", "--json")
    assert ask(*words).json()["p"]["open"] == gained["p_open"]


def test_a_day_has_to_be_said(ask, tmp_path: Path) -> None:
    path = tmp_path / "dayless.toml"
    path.write_text('title = "No day"\n', "utf-8")
    assert "--on" in ask("corridor", "--scenario", path, code=2).err


def test_time_ways_and_what_it_goes_round_are_told(ask) -> None:
    done = ask("corridor", *ROAD, "--on", OPEN, "--routes", 2)
    assert "time where it is open:" in done.out
    assert "way 2: by Skarvale" in done.out
    told = ask("corridor", *ROAD, "--on", OPEN, "--routes", 2, "--json").json()
    assert len(told["routes"]) == 2
    assert told["travel"]["hours"]["q05"] >= told["travel"]["fastest_h"]
    around = ask("corridor", *ROAD, "--on", OPEN, "--avoid", "Ollenby").out
    assert ", avoiding Ollenby, is" in around

"""Showing: a brief whose sentences cite claims, a map that opens offline, the demo."""

import json
from pathlib import Path

import pytest

from marchland.cli.show import read_question
from marchland.errors import BadInput

DAY = "2021-06-01"


class TestBrief:
    def test_every_statement_cites_a_claim_that_points_at_a_text(self, ask, tmp_path) -> None:
        words = ("brief", "--on", DAY, "--place", "Dravish", "--then", "2021-02-01", "-o", "b.html")
        told = ask(*words, "--json").json()
        statements = [s for section in told["sections"] for s in section["statements"]]
        assert statements
        cited = {c["id"]: c for c in told["citations"]}
        assert all(s["claims"] and set(s["claims"]) <= set(cited) for s in statements)
        assert all(c["quote"] for c in cited.values())
        assert (tmp_path / "b.html").read_text("utf-8").startswith("<!")

    def test_for_people(self, ask) -> None:
        done = ask("brief", "--on", DAY, "-o", "b.md")
        assert done.out.startswith("Brief written to b.md: ")
        assert done.out.endswith("as known on 2022-01-28\n")

    def test_a_theatre_without_a_road_tells_of_places(self, run, mine: Path, report) -> None:
        (mine / "theatre.toml").write_text('[theatre]\nname = "mine"\n', "utf-8")
        run("-t", mine, "read", report, "--source", "The Courier", "--date", "2021-03-17")
        words = ("-t", mine, "brief", "--on", DAY, "-o", "b.json")
        assert "from where to where" in run(*words, code=1).err
        told = run(*words, "--place", "Dravish", "--json").json()
        assert any("Dravish" in s["text"] for x in told["sections"] for s in x["statements"])

    def test_a_question_in_a_file(self, ask, tmp_path: Path) -> None:
        (tmp_path / "q.toml").write_text(
            'title = "The valley"\non = 2021-06-01\nas_of = "2021-06-02"\n'
            'origin = "Pellisk"\ndestination = "Kestrane"\ntraveller = "Tessmar"\n'
            'places = ["Dravish"]\nalignment = [["Tessmar", "Vale Front"]]\nground = "loose"\n'
            '[given]\nOllenby = "Vale Front"\n',
            "utf-8",
        )
        told = ask("brief", "q.toml", "-o", "b.json", "--json").json()
        assert (told["title"], told["on"], told["as_of"]) == ("The valley", DAY, "2021-06-02")
        assert told == json.loads((tmp_path / "b.json").read_text("utf-8"))
        assert len(told["answers"]) == 3
        assert ask("brief", "q.toml", "-o", "b.json", "--title", "Mine", "--json").json()[
            "title"
        ] == ("Mine")

    def test_a_kept_scenario_is_a_question(self, ask, tmp_path: Path) -> None:
        text = 'note = "round by the east"\non = 2021-12-20\navoid = ["Dravish"]\n'
        (tmp_path / "q.toml").write_text(text, "utf-8")
        told = ask("brief", str(tmp_path / "q.toml"), "-o", "b.json", "--json").json()
        said = " ".join(s["text"] for section in told["sections"] for s in section["statements"])
        assert "avoiding Dravish" in said

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("on = ", "no valid TOML"),
            ('colour = "red"', "unknown key colour"),
            ('places = "Dravish"', "places must be a list"),
            ("places = [3]", "places must be a list"),
            ("on = 3", "on must be a day"),
            ('title = ""', "title must be a name"),
            ('alignment = [["Tessmar"]]', "alignment must be a list of pairs"),
            ('ground = "wet"', "ground must be"),
            ('given = "Dravish=Orvand"', "given must be a table"),
        ],
    )
    def test_a_file_that_asks_nothing_sensible(self, tmp_path: Path, text: str, told: str) -> None:
        path = tmp_path / "q.toml"
        path.write_text(text, "utf-8")
        with pytest.raises(BadInput, match=told) as raised:
            read_question(path)
        assert str(path) in str(raised.value)

    def test_a_file_that_is_none(self, ask, tmp_path: Path) -> None:
        assert "nosuch.toml" in ask("brief", "nosuch.toml", "-o", "b.md", code=1).err
        (tmp_path / "q.toml").write_bytes(b"\xff\xfe\x00")
        assert "q.toml" in ask("brief", "q.toml", "-o", "b.md", code=1).err

    def test_what_can_not_be_told(self, ask) -> None:
        ask("brief", "-o", "b.md", code=2)
        ask("brief", "--on", DAY, "--pair", "Tessmar", "-o", "b.md", code=2)
        assert ".html" in ask("brief", "--on", DAY, "-o", "b.xyz", code=1).err


class TestMap:
    def test_one_page_that_asks_nobody(self, ask, tmp_path: Path) -> None:
        done = ask("map", "--on", DAY, "--on", "2021-12-01", "-o", "m.html")
        assert done.out == f"Map of {DAY}, 2021-12-01 written to m.html, as known on 2022-01-28\n"
        page = (tmp_path / "m.html").read_text("utf-8")
        assert "Dravish" in page
        assert 'src="http' not in page

    def test_json_says_what_was_written(self, ask) -> None:
        words = ("map", "--on", DAY, "--as-of", DAY, "--given", "Dravish=Orvand", "-o", "m.html")
        assert ask(*words, "--json").json() == {
            "written": "m.html",
            "days": [DAY],
            "as_of": DAY,
            "given": {"Dravish": "Orvand"},
        }

    def test_where_nothing_can_be_written(self, ask, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        for target in (".", "file/m.html"):
            assert "can't be written" in ask("map", "--on", DAY, "-o", target, code=1).err


class TestDemo:
    def test_five_days_a_brief_a_map_and_what_to_type_next(self, ask, tmp_path: Path) -> None:
        done = ask("demo", "-o", "shown")
        statuses = [x.split()[1] for x in done.lines if x[:2] == "20" and len(x.split()) == 2]
        assert len(statuses) == 5
        assert set(statuses) <= {"OPEN", "CONTESTED", "BROKEN", "UNKNOWN"}
        assert {p.name for p in (tmp_path / "shown").iterdir()} == {"brief.html", "map.html"}
        shown = next(
            x.split() for x in done.lines if x.startswith("  marchland -t sample:vale why")
        )
        assert ask(*shown[3:]).out

    def test_json_is_five_answers(self, ask) -> None:
        assert len(ask("demo", "--json").json_lines()) == 5


class TestBench:
    def test_without_a_name_those_there_are(self, run) -> None:
        assert {"control", "reading"} <= set(run("bench").lines)

    def test_a_name_that_is_none(self, run) -> None:
        assert "there are: " in run("bench", "nosuch", code=1).err

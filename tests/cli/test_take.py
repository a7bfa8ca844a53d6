"""Taking in and giving out: new, read, load, export, check."""

import csv
import json
from pathlib import Path

import pytest

from marchland.theatre import open_theatre

DAY = "2021-04-01"
HEADER = (
    "predicate,subject.id,subject.name,place.id,place.name,place.lat,place.lon,valid.start,"
    "modality,source.id,source.name,report.published"
)
FORD = (
    "holds,hill-guard,Hill Guard,mirrow-ford,Mirrow Ford,-35.3,-19.2,2021-03-20,"
    "asserted,vale-post,The Vale Post,2021-03-21"
)


@pytest.fixture
def claims_csv(tmp_path: Path) -> Path:
    """A tidy table that brings a place and an actor nobody had."""
    path = tmp_path / "table.csv"
    path.write_text(f"{HEADER}\n{FORD}\n", "utf-8")
    return path


class TestNew:
    def test_like_another_then_check_passes(self, run) -> None:
        done = run("new", "mine", "--like", "sample:vale")
        assert done.lines[0].startswith("Made mine: 15 places, 14 links between them, 7 claims")
        assert done.lines[-1].startswith("Next: marchland -t mine read")
        told = run("-t", "mine", "check", "--json").json()
        assert (told["problems"], told["places"], told["links"]) == ([], 15, 14)

    def test_it_has_the_others_facts_and_none_of_its_reports(self, run) -> None:
        made = run("new", "mine", "--like", "sample:vale", "--json").json()
        assert made == {"folder": "mine", "places": 15, "links": 14, "claims": 7}
        readers = {c["reader"] for c in run("-t", "mine", "claims", "--json").json_lines()}
        assert not any("grammar" in (reader or "") for reader in readers)

    def test_like_a_folder(self, run, mine: Path) -> None:
        run("new", "second", "--like", mine)
        assert run("-t", "second", "check", "--json").json()["places"] == 15

    def test_countries_then_check_passes(self, run) -> None:
        done = run("new", "lb", "--countries", "lb,CY", "--min-population", 20000)
        assert "0 links" in done.lines[0]
        assert "roads.csv" in done.lines[1]
        run("-t", "lb", "check")
        told = run("-t", "lb", "resolve", "Nicosia", "--as", "place", "--json").json()
        assert told["place"]["answer"] == "resolved"

    def test_a_folder_of_any_name(self, run, tmp_path: Path) -> None:
        name = 'a "quoted" name'
        done = run("new", name, "--countries", "CY")
        assert f"marchland -t '{name}' read" in done.out
        run("-t", name, "check")
        (tmp_path / "here").mkdir()

    def test_the_current_folder(self, run, tmp_path: Path) -> None:
        run("new", ".", "--countries", "CY")
        assert f'name = "{tmp_path.name}"' in (tmp_path / "theatre.toml").read_text("utf-8")
        run("check")

    @pytest.mark.parametrize("words", [[], ["--like", "sample:vale", "--countries", "CY"]])
    def test_one_way_or_the_other(self, run, words) -> None:
        run("new", "mine", *words, code=2)

    def test_nothing_is_left_of_what_could_not_be_made(self, run, tmp_path: Path) -> None:
        assert "ZZ" in run("new", "mine", "--countries", "ZZ,CY", code=1).err
        assert "no country" in run("new", "mine", "--countries", ",", code=1).err
        assert "is no theatre" in run("new", "mine", "--like", tmp_path, code=1).err
        assert "vale" in run("new", "mine", "--like", "sample:nosuch", code=1).err
        assert not (tmp_path / "mine").exists()

    def test_a_theatre_is_not_made_over_another(self, run, mine: Path) -> None:
        before = (mine / "theatre.toml").read_bytes()
        assert "already" in run("new", mine, "--countries", "CY", code=1).err
        assert (mine / "theatre.toml").read_bytes() == before

    def test_where_nothing_can_be_written(self, run, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        done = run("new", "file/mine", "--countries", "CY", code=1)
        assert "file/mine: can't be written" in done.err


class TestRead:
    WHO = ("--source", "The Courier", "--date", "2021-03-17")

    def test_claims_are_recorded_once(self, run, mine: Path, report: Path) -> None:
        done = run("-t", mine, "read", report, *self.WHO)
        assert "Vale Front" in done.out
        assert done.lines[-1] == "1 claim added from 1 new report; 0 known already."
        done = run("-t", mine, "read", report, *self.WHO)
        assert done.lines[-1] == "0 claims added from 0 new reports; 1 known already."

    def test_json_prints_the_claims_known_ones_too(self, run, mine: Path, report: Path) -> None:
        for _ in range(2):
            (claim,) = run("-t", mine, "read", report, *self.WHO, "--json").json_lines()
            assert (claim["subject"]["id"], claim["place"]["id"]) == ("vale-front", "dravish")
            assert claim["report"]["published"] == "2021-03-17"
            assert report.read_text("utf-8")[claim["begin"] : claim["end"]] == claim["quote"]

    def test_a_dry_run_on_a_sample_prints_claims_and_records_nothing(
        self, ask, report: Path
    ) -> None:
        before = ask("check", "--json").json()["revision"]
        words = ("read", report, *self.WHO, "--dry-run")
        (claim,) = ask(*words, "--json").json_lines()
        assert claim["predicate"] == "captures"
        assert ask(*words).lines[-1] == "1 claim found, none recorded."
        assert ask("check", "--json").json()["revision"] == before

    def test_a_dry_run_on_a_sample_does_not_wait_for_its_own_reports(
        self, ask, report: Path, tmp_path, monkeypatch
    ) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
        assert ask("read", report, *self.WHO, "--dry-run").lines
        assert not (tmp_path / "empty").exists()

    def test_a_sample_is_not_added_to(self, ask, report: Path) -> None:
        done = ask("read", report, *self.WHO, code=1)
        assert "marchland new FOLDER --like sample:vale" in done.err

    def test_without_a_theatre_it_is_read_against_the_whole_world(self, run, tmp_path) -> None:
        path = tmp_path / "beirut.txt"
        path.write_text("The Lebanese army controls Beirut.", "utf-8")
        done = run("read", path, *self.WHO, "--json")
        assert "recording nothing" in done.err
        (claim,) = done.json_lines()
        assert claim["place"]["name"] == "Beirut"
        assert not (tmp_path / "ledger.sqlite").exists()

    def test_one_bad_file_among_good_ones(self, run, mine: Path, report: Path, tmp_path) -> None:
        folder = tmp_path / "reports"
        folder.mkdir()
        report.rename(folder / "good.txt")
        (folder / "empty.txt").touch()
        (folder / "binary.txt").write_bytes(bytes(range(256)) * 9)
        (folder / "cut.pdf").write_bytes(b"%PDF-1.4 and no more")
        (folder / "cut.docx").write_bytes(b"PK\x03\x04 and no more")
        (folder / "odd.txt").write_bytes("Dravish \x81\x8d\x8f\x90\x9d".encode("latin-1"))
        done = run("-t", mine, "read", folder, *self.WHO, "--json", code=1)
        assert [c["place"]["id"] for c in done.json_lines()] == ["dravish"]
        refused = [line for line in done.err.splitlines() if line.startswith("not taken: ")]
        for name in ("empty.txt", "binary.txt", "cut.pdf", "cut.docx"):
            assert any(name in line for line in refused), name
        assert not any("good.txt" in line for line in refused)
        assert len(run("-t", mine, "claims", "--place", "Dravish", "--json").json_lines()) == 1

    def test_without_a_date_it_warns(self, run, mine: Path, report: Path) -> None:
        done = run("-t", mine, "read", report, "--source", "The Courier")
        assert "warning: 1 claim without a date of publication" in done.err

    def test_how_it_was_read(self, ask, report: Path) -> None:
        shown = ask("read", report, *self.WHO, "--explain").out
        assert "claim    Vale Front captures" in shown
        assert "by rule" in shown
        assert "Dravish = Dravish, " in shown
        told = ask("read", report, *self.WHO, "--explain", "--json").json_lines()
        assert told[0]["path"] == str(report)
        assert told[0]["findings"]

    def test_explaining_a_folder_keeps_the_good_part(self, ask, report: Path) -> None:
        (report.parent / "empty.txt").touch()
        done = ask("read", report.parent, *self.WHO, "--explain", code=1)
        assert "captures" in done.out
        assert "empty.txt" in done.err

    def test_what_can_not_be_read(self, run, mine: Path, report: Path) -> None:
        assert "YYYY-MM-DD" in run("-t", mine, "read", report, "--date", "June", code=1).err
        assert "nosuch.txt" in run("-t", mine, "read", "nosuch.txt", code=1).err
        assert "grammar" in run("-t", mine, "read", report, "--reader", "nosuch", code=1).err
        run("-t", mine, "read", code=2)


class TestLoad:
    def test_what_a_table_brings_is_the_ledgers_own(self, run, mine: Path, claims_csv) -> None:
        done = run("-t", mine, "load", "claims", claims_csv)
        assert done.lines == [
            "1 claim added, 0 known already.",
            "The ledger's own from now on: 1 place, Mirrow Ford.",
            "The ledger's own from now on: 1 actor, Hill Guard.",
        ]
        words = ("-t", mine, "control", "--all", "--on", DAY, "--as-of", DAY, "--json")
        told = {t["place"]["id"]: t for t in run(*words).json_lines()}
        assert told["mirrow-ford"]["best"] == "hill-guard"
        assert told["mirrow-ford"]["names"]["hill-guard"] == "Hill Guard"
        assert set(told) >= {"pellisk", "lorrim-crossing", "mirrow-ford"}
        assert (
            run("-t", mine, "control", "mirrow ford", "--on", DAY).lines[0].endswith("HILL GUARD")
        )

    def test_loading_twice_adds_nothing(self, run, mine: Path, claims_csv: Path) -> None:
        run("-t", mine, "load", "claims", claims_csv)
        told = run("-t", mine, "load", "claims", claims_csv, "--json").json()
        assert (told["added"], told["known"], told["places"], told["actors"]) == (0, 1, [], [])

    def test_what_was_written_is_loaded_as_it_was(self, run, ask, mine: Path) -> None:
        ask("export", "claims", "-o", "all.csv")
        told = run("-t", mine, "load", "claims", "all.csv", "--json").json()
        assert told["rejected"] == []
        mine_now = run("-t", mine, "claims", "--json").json_lines()
        assert {c["id"] for c in mine_now} == {
            c["id"] for c in ask("claims", "--json").json_lines()
        }

    def test_a_dry_run_changes_nothing(self, run, ask, mine: Path, claims_csv: Path) -> None:
        before = run("-t", mine, "check").out
        done = run("-t", mine, "load", "claims", claims_csv, "--dry-run")
        assert done.lines == ["1 claim would be added, 0 known already."]
        assert run("-t", mine, "check").out == before
        assert ask("load", "claims", claims_csv, "--dry-run", "--json").json()["added"] == 1
        assert "--like sample:vale" in ask("load", "claims", claims_csv, code=1).err

    def test_bad_rows_are_named_and_the_good_kept(self, run, mine: Path, claims_csv) -> None:
        claims_csv.write_text(f"{HEADER},colour\n{FORD},red\nholds,,,,,,,,,,,\n", "utf-8")
        done = run("-t", mine, "load", "claims", claims_csv, "--json", code=1)
        told = done.json()
        assert told["added"] == 1
        assert "row 3" in told["rejected"][0]["where"]
        assert "colour" in told["warnings"][0]
        assert "warning: " in done.err
        assert "not taken: " in done.err

    def test_strict_stops_at_the_first(self, run, mine: Path, claims_csv: Path) -> None:
        claims_csv.write_text(f"{HEADER}\nholds,,,,,,,,,,,\n{FORD}\n", "utf-8")
        assert "row 2" in run("-t", mine, "load", "claims", claims_csv, "--strict", code=1).err
        assert run("-t", mine, "claims", "--place", "Dravish").out.startswith("0 claims")

    def test_what_is_no_table(self, run, mine: Path, tmp_path: Path) -> None:
        assert "no such file" in run("-t", mine, "load", "claims", "nosuch.csv", code=1).err
        assert "claims" in run("-t", mine, "load", "nosuch", "nosuch.csv", code=1).err
        (tmp_path / "empty.csv").touch()
        assert "empty.csv" in run("-t", mine, "load", "claims", "empty.csv", code=1).err
        (tmp_path / "noise.csv").write_bytes(bytes(range(256)) * 9)
        assert "noise.csv" in run("-t", mine, "load", "claims", "noise.csv", code=1).err


class TestExport:
    def test_claims(self, ask, tmp_path: Path) -> None:
        done = ask("export", "claims", "-o", "claims.csv", "--as-of", DAY)
        with (tmp_path / "claims.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        found = ask("claims", "--as-of", DAY, "--json").json_lines()
        assert {r["id"] for r in rows} == {c["id"] for c in found}
        assert done.out == f"{len(rows)} claims, as known on {DAY}, written to claims.csv\n"

    def test_control_as_geojson(self, ask, tmp_path: Path) -> None:
        words = ("export", "control", "--on", DAY, "--within", "Upper Mirrow", "-o", "c.geojson")
        told = ask(*words, "--json").json()
        assert told == {
            "written": "c.geojson",
            "what": "control",
            "count": 4,
            "on": DAY,
            "as_of": "2022-01-28",
        }
        shown = json.loads((tmp_path / "c.geojson").read_text("utf-8"))
        assert len(shown["features"]) == 4
        assert ask(*words).lines[0].startswith(f"Control of 4 places on {DAY}, as known on")

    def test_what_can_not_be_written(self, ask, tmp_path: Path) -> None:
        ask("export", "control", "-o", "c.geojson", code=2)
        ask("export", "nosuch", "-o", "c.csv", code=2)
        assert ".csv" in ask("export", "claims", "-o", "c.xyz", code=1).err
        (tmp_path / "file").write_text("in the way")
        assert "file/c.csv" in ask("export", "claims", "-o", "file/c.csv", code=1).err
        assert (
            "no area" in ask("export", "claims", "--within", "Dravish", "-o", "c.csv", code=1).err
        )


class TestCheck:
    def test_a_problem_is_not_a_warning(self, run, mine: Path) -> None:
        places = (mine / "places.csv").read_text("utf-8")
        row = places.splitlines()[1]
        far = "far-gate,Far gate,,crossing,XT,,-35.9,-20.5,,,,high,"
        (mine / "places.csv").write_text(f"{places.rstrip()}\n{row}\n{far}\n", "utf-8")
        done = run("-t", mine, "check", code=1)
        assert done.lines[0] == "problem: place pellisk: this id is given twice"
        assert done.lines[1] == "warning: crossing far-gate: has no other side"
        assert done.lines[2].startswith("1 problem, 1 warning. ")
        told = run("-t", mine, "check", "--json", code=1).json()
        assert told["problems"] == ["place pellisk: this id is given twice"]
        assert told["warnings"] == ["crossing far-gate: has no other side"]

    def test_warnings_alone_are_no_failure(self, run, mine: Path) -> None:
        with (mine / "places.csv").open("a", encoding="utf-8") as file:
            file.write("far-gate,Far gate,,crossing,XT,,-35.9,-20.5,,,,high,\n")
        assert run("-t", mine, "check").lines[-1].startswith("0 problems, 1 warning. ")

    def test_the_samples_are_sound(self, ask) -> None:
        told = ask("check", "--json").json()
        assert told["problems"] == []
        assert told["warnings"] == []

    @pytest.mark.parametrize(
        ("file", "text", "told"),
        [
            ("theatre.toml", "[theatre\n", "no valid TOML"),
            ("theatre.toml", "[theater]\n", "unknown setting theater"),
            (
                "roads.csv",
                "id,from,to,mode,km,hours\nV1,pellisk,nowhere,road,9,1\n",
                "roads.csv, row 2",
            ),
            ("places.csv", "id,name\n,Nameless\n", "places.csv, row 2"),
            (
                "crossings.csv",
                "crossing,state,traffic,source,published\nnowhere,open,all,Post,2021-01-01\n",
                "crossings.csv, row 2",
            ),
            ("places.csv", "id,name\n\udcff,x\n", "UTF-8"),
        ],
    )
    def test_a_table_that_can_not_be_used_is_named(self, run, mine, file, text, told) -> None:
        (mine / file).write_text(text, "utf-8", errors="surrogateescape")
        done = run("-t", mine, "check", code=1)
        assert file in done.err
        assert told in done.err


def test_a_theatre_made_here_opens_from_python(run, tmp_path: Path) -> None:
    run("new", "mine", "--like", "sample:vale")
    with open_theatre(tmp_path / "mine") as theatre:
        assert theatre.control("Pellisk", on=DAY).best == "tessmar"

"""Where theatres are found, how one is made, and what its settings may say."""

import csv
from pathlib import Path

import pytest

from marchland.errors import BadInput, LedgerError, UnknownName
from marchland.theatre import (
    make_for_countries,
    make_like,
    open_theatre,
    read_settings,
    sample_folder,
    samples,
)


class TestSamples:
    def test_there_are_two(self) -> None:
        assert samples() == ["levant", "vale"]

    def test_one_that_is_none(self) -> None:
        with pytest.raises(UnknownName, match="levant or vale"):
            sample_folder("nosuch")
        with pytest.raises(UnknownName):
            open_theatre("sample:../vale")

    def test_it_is_read_once_and_then_opened(self, vale) -> None:
        def refuse(done: int, total: int, name: str) -> None:
            raise AssertionError("a sample is not read twice")

        with open_theatre("sample:vale", progress=refuse) as again:
            assert again.ledger.revision == vale.ledger.revision

    def test_a_cache_that_can_not_be_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("in the way")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
        with pytest.raises(LedgerError, match="XDG_CACHE_HOME"):
            open_theatre("sample:vale")


class TestMaking:
    def test_like_another(self, tmp_path: Path) -> None:
        make_like(tmp_path / "mine", sample_folder("vale"))
        made = {p.name for p in (tmp_path / "mine").iterdir()}
        assert made == {
            *("theatre.toml", "places.csv", "areas.csv", "actors.csv", "roads.csv", "facts.csv"),
            "reports",
        }
        assert list((tmp_path / "mine" / "reports").iterdir()) == []

    def test_of_countries(self, tmp_path: Path) -> None:
        n = make_for_countries(tmp_path / "mine", ["cy", " LB "], min_population=20000)
        with (tmp_path / "mine" / "places.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == n > 5
        assert {r["country"] for r in rows} == {"CY", "LB"}
        with open_theatre(tmp_path / "mine") as theatre:
            assert theatre.vocabulary.check() == []
            assert theatre.settings.countries == ("CY", "LB")
            assert len(theatre.vocabulary.own_places) == n

    @pytest.mark.parametrize("name", ['"quoted"', "back\\slash", "tab\there", "البوكمال"])
    def test_in_a_folder_of_any_name(self, tmp_path: Path, name: str) -> None:
        make_for_countries(tmp_path / name, ["CY"], min_population=20000)
        assert read_settings(tmp_path / name / "theatre.toml").name == name

    def test_never_over_another_or_from_nothing(self, tmp_path: Path) -> None:
        make_like(tmp_path / "mine", sample_folder("vale"))
        with pytest.raises(BadInput, match="already"):
            make_like(tmp_path / "mine", sample_folder("vale"))
        with pytest.raises(BadInput, match="is no theatre"):
            make_like(tmp_path / "second", tmp_path / "nosuch")
        with pytest.raises(BadInput, match="ZZ"):
            make_for_countries(tmp_path / "second", ["ZZ"], min_population=0)
        assert not (tmp_path / "second").exists()

    def test_where_nothing_can_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(BadInput, match="can't be written"):
            make_like(tmp_path / "file" / "mine", sample_folder("vale"))


class TestOpening:
    def test_a_folder_that_is_no_theatre(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match="marchland new FOLDER"):
            open_theatre(tmp_path)

    def test_a_database_alone_is_a_theatre_without_places_of_its_own(self, tmp_path: Path) -> None:
        with open_theatre(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as theatre:
            assert theatre.folder is None
            assert theatre.vocabulary.place("Beirut").country == "LB"
            assert theatre.roads.links == ()

    def test_the_ledger_may_be_elsewhere(
        self, mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MARCHLAND_DATABASE", f"sqlite:///{tmp_path / 'other.sqlite'}")
        with open_theatre(mine) as theatre:
            assert theatre.ledger.revision == 0
        assert (tmp_path / "other.sqlite").is_file()


class TestSettings:
    def settings(self, tmp_path: Path, text: str):
        (tmp_path / "theatre.toml").write_text(text, "utf-8")
        return read_settings(tmp_path / "theatre.toml")

    def test_nothing_need_be_said(self, tmp_path: Path) -> None:
        read = self.settings(tmp_path, "")
        assert read.name == tmp_path.name
        assert (read.route, read.period, read.countries) == (None, None, ())

    def test_what_can_be_said(self, tmp_path: Path) -> None:
        read = self.settings(
            tmp_path,
            '[theatre]\nname = "v"\ntitle = "The V"\ncountries = ["SY"]\nperiod = "2014/2021"\n'
            '[corridor]\norigin = "a"\ndestination = "b"\nvia = "c"\ntraveller = "t"\n'
            'ground = "strict"\n',
        )
        assert (read.name, read.title, read.countries) == ("v", "The V", ("SY",))
        assert read.route is not None
        assert (read.route.origin, read.route.via, read.route.traveller) == ("a", ("c",), "t")
        assert read.corridor.ground == "strict"
        assert read.period is not None

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("[theatre\n", "no valid TOML"),
            ("[theater]\n", "unknown setting theater"),
            ('[theatre]\ncolour = "red"\n', "unknown setting colour"),
            ("theatre = 3\n", "must be a table"),
            ('[corridor]\norigin = "a"\n', "both origin and destination"),
            ('[theatre]\nperiod = "long ago"\n', "not a date"),
            ("[theatre]\nname = 3\n", "name of .theatre. must be text"),
            ('[theatre]\ncountries = "SY"\n', "must be a list"),
            ("[theatre]\nperiod = 2014-01-01\n", "period of .theatre. must be text"),
            ('[corridor]\norigin = "a"\ndestination = "b"\nvia = 3\n', "in quotes"),
            ('[corridor]\norigin = 3\ndestination = "b"\n', "in quotes"),
            ('[corridor]\norigin = "a"\ndestination = "b"\nvia = [3]\n', "in quotes"),
        ],
    )
    def test_what_can_not(self, tmp_path: Path, text: str, told: str) -> None:
        with pytest.raises(BadInput, match=told):
            self.settings(tmp_path, text)


class TestLettersOfSources:
    def test_they_are_read(self, tmp_path: Path) -> None:
        file = tmp_path / "theatre.toml"
        file.write_text('[theatre]\nname = "mine"\n[sources]\nthe-daily = "B"\n')
        assert read_settings(file).control.graded == {"the-daily": "B"}

    @pytest.mark.parametrize("value", ['"Z"', "3"])
    def test_none_of_them(self, tmp_path: Path, value: str) -> None:
        file = tmp_path / "theatre.toml"
        file.write_text(f"[sources]\nthe-daily = {value}\n")
        with pytest.raises(BadInput, match="sources"):
            read_settings(file)

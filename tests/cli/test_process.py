"""The program as a process: what goes to stdout, what to stderr, and how it ends."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from marchland.theatre import Theatre

Process = Callable[..., subprocess.CompletedProcess[str]]
MAIN = [sys.executable, "-c", "from marchland.cli import main; main()"]


@pytest.fixture
def process(vale: Theatre, own_cache: Path, tmp_path: Path) -> Process:
    """Run the program over the vale sample, read already."""

    def called(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **options.pop("env", {})}  # type: ignore[dict-item]
        return subprocess.run(
            [*MAIN, *map(str, words)],
            cwd=tmp_path,
            env=environment,
            text=True,
            stderr=subprocess.PIPE,
            **{"stdout": subprocess.PIPE, **options},  # type: ignore[call-overload]
        )

    return called


def test_json_is_alone_on_stdout(process: Process, report: Path) -> None:
    (report.parent / "empty.txt").touch()
    done = process("-t", "sample:vale", "read", report.parent, "--dry-run", "--json")
    assert done.returncode == 1
    assert [json.loads(line)["predicate"] for line in done.stdout.splitlines()] == ["captures"]
    assert "empty.txt" in done.stderr
    assert "warning: " in done.stderr


def test_an_error_is_one_line_on_stderr(process: Process) -> None:
    done = process("-t", "sample:vale", "control", "Zzyzx Qqq", "--on", "2021-04-01")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "marchland: No place called 'Zzyzx Qqq' is known.\n"


def test_a_terminal_that_knows_only_ascii(process: Process, tmp_path: Path) -> None:
    path = tmp_path / "كتاب.txt"
    path.write_text("The Vale Front captured Dravish, « sur » ordre.", "utf-8")
    done = process(
        "-t", "sample:vale", "read", path, "--dry-run", "--date", "2021-03-17", "--json",
        env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert json.loads(done.stdout)["report"]["path"] == str(path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk(process: Process) -> None:
    with Path("/dev/full").open("w") as full:
        done = process("-t", "sample:vale", "claims", "--json", stdout=full)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away(process: Process) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as gone:
        done = process("-t", "sample:vale", "claims", "--json", stdout=gone)
    assert "Traceback" not in done.stderr


def test_an_interrupt_ends_with_130_and_says_what_is_kept(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys, time, marchland.cli.take as take\n"
        "from marchland.cli import main\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored in the background
        "def stop(*a, **k):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    time.sleep(60)\n"  # a library's thread may take the signal first
        "take.open_theatre = stop\n"
        "sys.argv = ['marchland', '-t', 'sample:vale', 'read', 'x.txt']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 128 + signal.SIGINT
    assert "run again to resume" in done.stderr


class TestLedgersThatCanNotBeUsed:
    def test_a_newer_version(self, run, mine: Path) -> None:
        with closing(sqlite3.connect(mine / "ledger.sqlite")) as ledger:
            ledger.execute("DROP TRIGGER meta_no_update")
            ledger.execute("UPDATE meta SET value = '999'")
            ledger.commit()
        done = run("-t", mine, "check", code=1)
        assert "newer version" in done.err
        assert "pip install --upgrade" in done.err

    @pytest.mark.parametrize("content", [b"no ledger at all " * 99, b"SQLite format 3\x00" * 9])
    def test_damaged(self, run, mine: Path, content: bytes) -> None:
        (mine / "ledger.sqlite").write_bytes(content)
        done = run("-t", mine, "claims", code=1)
        assert "ledger.sqlite" in done.err
        assert (mine / "ledger.sqlite").read_bytes() == content

    def test_a_revision_it_never_had(self, run, mine: Path) -> None:
        assert "from 0 to 1" in run("-t", mine, "--revision", 9, "check", code=1).err

    def test_a_past_revision_is_not_added_to(self, run, mine: Path, report: Path) -> None:
        assert "without a revision" in run("-t", mine, "--revision", 0, "read", report, code=1).err

    def test_a_folder_that_is_no_theatre(self, run, tmp_path: Path) -> None:
        for where in (".", tmp_path / "nosuch"):
            done = run("-t", where, "check", code=1)
            assert "marchland new FOLDER --like sample:levant" in done.err

    def test_a_database_of_another_kind(self, run) -> None:
        assert "postgresql://" in run("-t", "mysql://host/name", "check", code=1).err

    def test_nothing_dated_yet(self, run) -> None:
        run("new", "mine", "--countries", "CY")
        done = run("-t", "mine", "control", "Nicosia", "--on", "2021-04-01", code=1)
        assert "read some first" in done.err
        assert run("-t", "mine", "claims").out.startswith("0 claims")
        assert run("-t", "mine", "sources", "--json").out == ""


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    modes = {path: path.stat().st_mode for path in (folder, *folder.iterdir())}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    yield
    for path, mode in modes.items():
        path.chmod(mode)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_theatre_in_a_read_only_folder(run, mine: Path, report: Path) -> None:
    with unwritable(mine):
        done = run("-t", mine, "control", "Pellisk", "--on", "2021-04-01")
        assert "TESSMAR" in done.lines[0]
        assert "ledger.sqlite" in run("-t", mine, "read", report, code=1).err


DAYS = ["", "yesterday", "2021-13-01", "2021-02-30", "2021-04", "01.04.2021", "2021-04-01x"]
DAYS += ["0000-01-01", "20210401", "2021-04-01\x1b[31m"]


@pytest.mark.parametrize("day", DAYS)
def test_a_day_that_is_none(ask, day: str) -> None:
    for words in (
        ("control", "Dravish", "--on", day),
        ("control", "Dravish", "--on", "2021-04-01", "--as-of", day),
        ("corridor", "--on", day),
        ("coalition", "Tessmar", "--on", day),
        ("timeline", "--from", day, "--to", "2021-04-01"),
        ("contradictions", "--from", "2021-04-01", "--to", day),
        ("map", "--on", day, "-o", "m.html"),
    ):
        done = ask(*words, code=1)
        assert repr(day) in done.err, words
        assert "\x1b" not in done.err


@pytest.mark.parametrize("day", ["1950-01-01", "2040-12-31"])
def test_a_day_far_from_every_report_is_a_day_like_others(ask, day: str) -> None:
    assert ask("control", "Dravish", "--on", day).lines[0].startswith(day)
    assert ask("corridor", "--on", day).lines[0].startswith(day)


def test_what_a_report_says_can_not_steer_the_terminal(run, mine: Path, tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_text("The Vale Front captured Dravish, [bold]Orvand\x1b[31m \u202esaid.", "utf-8")
    words = ("--source", "[/red] The\x1b[2J Courier", "--date", "2021-03-17")
    for command in (["read", path, *words], ["claims"], ["sources"], ["claims", "--json"]):
        done = run("-t", mine, *command)
        assert "\x1b" not in done.out
        assert "\u202e" not in done.out or "--json" in command
    assert "[/red]" in run("-t", mine, "sources").out


def test_odd_names_of_places(ask) -> None:
    for name in ("", " ", "\x00", "\x1b[31m", "x" * 5000, "[bold]", "%s{}", "\u202eDravish"):
        done = ask("control", name, "--on", "2021-04-01", code=None)
        assert done.code in (0, 1)
        assert "\x1b" not in done.out + done.err

"""A command that the documentation shows is one that the program takes, and does what is said."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from marchland.cli import HELP, cli, common, take
from marchland.theatre import Theatre, open_theatre

_CHEAP = {"claims", "resolve", "alignment", "coalition", "sources", "check", "read"}
"""Commands that infer nothing over the sample's whole period."""
_DAY = ("--on", "2021-03-02")
"""The day whose inference is shared; what asks about it costs no more than once."""


def is_run(words: tuple[str, ...]) -> bool:
    """Whether a line is run, not only parsed: over a sample, and cheap there."""
    if words[:2] != ("marchland", "-t") or not words[2].startswith("sample:"):
        return False
    shared = words[3] in ("control", "corridor") and _DAY[1] in words
    return words[3] in _CHEAP or (shared and not {"--as-of", "--given"} & set(words))


def parse(words: list[str]) -> None:
    """Parse a line as the program does, without doing what it says."""
    context = cli.make_context("marchland", words)
    rest = [*context._protected_args, *context.args]
    name, command, arguments = cli.resolve_command(context, rest)
    assert command is not None
    command.make_context(name, arguments, parent=context)


def test_every_command_shown_is_one_that_the_program_takes(line: Any, root: Path) -> None:
    program, *words = line.words
    if program == "make":
        targets = re.findall(r"^([a-z]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE)
        assert words[0] in targets
        return
    if "COMMAND" in words:
        return
    # In running text a command is named with no more than the option that matters there.
    lenient = () if line.whole else (click.MissingParameter,)
    with suppress(click.exceptions.Exit, *lenient):  # --help leaves when it has printed
        parse(words)


def test_the_lines_are_found(pages: dict[str, Any]) -> None:
    lines = [line for page in pages.values() for line in page.commands()]
    shown = {w for line in lines for w in line.words if w in HELP}
    assert sum(is_run(line.words) for line in lines) >= 8
    assert shown >= {"read", "load", "control", "corridor", "why", "brief", "map", "new", "demo"}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Run a line in an empty folder, over theatres that are open already where there are any."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    def called(words: tuple[str, ...], **lent: Theatre) -> Result:
        def opened(where: Any, **options: Any) -> Theatre:
            name = str(where).removeprefix("sample:")
            return lent[name] if name in lent else open_theatre(where, **options)

        for theatre in lent.values():
            monkeypatch.setattr(theatre, "close", lambda: None)
        for module in (common, take):
            monkeypatch.setattr(module, "open_theatre", opened)
        return runner.invoke(cli, list(words[1:]), catch_exceptions=False)

    return called


def test_lines_over_a_sample_print_an_answer(
    pages: dict[str, Any], run: Callable[..., Result], tmp_path: Path, levant: Theatre
) -> None:
    (tmp_path / "REPORT.txt").write_text("The Syrian army captured Abu Kamal.", "utf-8")
    lines = {line.words for page in pages.values() for line in page.commands() if line.whole}
    for words in sorted(filter(is_run, lines)):
        done = run(words, levant=levant)
        assert done.exit_code == 0, (words, done.output)
        assert done.stdout.strip(), words


def test_a_corridor_answers_with_its_status_first(
    run: Callable[..., Result], levant: Theatre
) -> None:
    done = run(("marchland", "-t", "sample:levant", "corridor", *_DAY), levant=levant)
    first = done.stdout.splitlines()[0]
    assert first.split() in [[_DAY[1], s] for s in ("OPEN", "CONTESTED", "BROKEN", "UNKNOWN")]


def test_a_table_is_loaded_asked_and_written_as_the_pages_say(
    page: Callable[[str], Any], run: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "CLAIMS.csv").write_text(
        "predicate,subject.id,subject.name,place.id,place.name,place.lat,place.lon,valid.start,"
        "modality,source.id,source.name,report.published\n"
        "holds,hill-guard,Hill Guard,mirrow-ford,Mirrow Ford,35.1,40.2,2017-06-01,"
        "asserted,vale-post,The Vale Post,2017-06-02\n",
        "utf-8",
    )
    lines = [*page("docs/howto/make-a-theatre.md").commands()]
    lines += page("docs/howto/load-a-table.md").commands()
    printed = ""
    for line in lines:
        if line.whole:
            done = run(line.words)
            assert done.exit_code == 0, (line.text, done.output)
            printed += done.stdout
    assert "Mirrow Ford" in printed
    assert "Hill Guard" in printed
    assert "hill-guard" in (tmp_path / "claims-out.csv").read_text("utf-8")

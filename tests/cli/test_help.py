"""Help is quick, whole and the same wherever it is told."""

import subprocess
import sys

import click
import pytest

from marchland import __version__, plugins
from marchland.cli import HELP

HEAVY = ("spacy", "numpy", "scipy", "pandas", "sqlalchemy", "fastapi", "pydantic", "yaml", "jinja2")
SILENT = {"serve", "bench"}
"""Commands without --json: one serves until it is stopped, one hands its arguments on."""


def command(name: str) -> click.Command:
    found: click.Command = plugins.load("marchland.commands", name)
    return found


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["nosuchcommand"], []])
def test_help_waits_for_nothing_heavy(words: list[str]) -> None:
    script = (
        "import sys\n"
        "from marchland.cli import main\n"
        f"sys.argv = ['marchland', *{words!r}]\n"
        "try:\n"
        "    main()\n"
        "except SystemExit:\n"
        "    pass\n"
        f"loaded = sorted(set({HEAVY!r}) & set(sys.modules))\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_table_of_commands_says_what_each_says_of_itself() -> None:
    assert {name: command(name).short_help for name in HELP} == HELP


def test_every_command_behind_the_door_is_in_the_table() -> None:
    assert set(plugins.available("marchland.commands")) == set(HELP)


def test_help_lists_every_command(run) -> None:
    told = run("--help").out
    assert all(f"\n  {name}" in told for name in HELP)


@pytest.mark.parametrize("name", HELP)
def test_every_command_tells_its_use(run, name: str) -> None:
    done = run(name, "--help")
    assert done.out.startswith(f"Usage: marchland {name}")
    assert HELP[name].split()[0] in done.out
    assert done.err == ""


@pytest.mark.parametrize("name", sorted(set(HELP) - SILENT))
def test_every_command_speaks_json(name: str) -> None:
    assert "--json" in {flag for option in command(name).params for flag in option.opts}


@pytest.mark.parametrize("name", HELP)
def test_every_option_says_what_it_is_for(name: str) -> None:
    for option in command(name).params:
        if isinstance(option, click.Option):
            assert option.help, option.opts


def test_the_version(run) -> None:
    assert __version__ in run("--version").out


def test_wrong_usage_ends_with_2_and_says_so_on_stderr(run) -> None:
    for words in (["nosuch"], ["control"], ["control", "--nosuch"], ["--revision", "-1", "check"]):
        done = run(*words, code=2)
        assert done.out == ""
        assert "Usage" in done.err

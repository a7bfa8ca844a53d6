"""Commands about ties through time: tables for people, one document for programs."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from marchland.cli import ties
from marchland.theatre import Theatre

SPAN = ("--from", "2021-01-01", "--to", "2021-12-31")
ASKED = [
    (ties.shifts, ("Vale Front", "Orvand", *SPAN)),
    (ties.shifts, SPAN),
    (ties.deeds, ("Vale Front", "Orvand", "--proxies", *SPAN)),
    (ties.sequence, ("Vale Front", "Orvand", "--proxies", *SPAN)),
    (ties.balance, ("--on", "2021-06-01")),
]


def ask(command: click.Command, *words: str) -> Result:
    return CliRunner().invoke(
        command, words, obj={"where": "sample:vale", "revision": None}, catch_exceptions=False
    )


@pytest.mark.parametrize(("command", "words"), ASKED)
def test_json_is_one_document_with_its_day_of_knowledge(
    vale: Theatre, command: click.Command, words: tuple[str, ...]
) -> None:
    told = json.loads(ask(command, *words, "--json").stdout)
    assert told["as_of"] == str(vale.latest)
    assert told["revision"] == vale.ledger.revision


@pytest.mark.parametrize(("command", "words"), ASKED)
def test_people_get_tables(vale: Theatre, command: click.Command, words: tuple[str, ...]) -> None:
    assert ask(command, *words).exit_code == 0


def test_a_shift_is_told_with_the_claims_behind_it() -> None:
    told = ask(ties.shifts, "Orvand", "River Guard", "--from", "2020-12-01", "--to", "2021-08-01")
    assert "not known to aligned, by:" in told.stdout
    assert "River Guard is an ally of Orvand" in told.stdout


def test_the_network_is_written(vale: Theatre, tmp_path: Path) -> None:
    path = tmp_path / "ties.csv"
    told = json.loads(ask(ties.network, "-o", str(path), "--on", "2021-06-01", "--json").stdout)
    assert told["count"] == len(path.read_text("utf-8").splitlines()) - 1 > 0


def test_one_name_alone_is_refused() -> None:
    assert ask(ties.shifts, "Orvand", *SPAN).exit_code == 2

"""What the commands share: opening the theatre, options, printing, progress."""

import json
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from marchland.cli.terminal import visible
from marchland.cli.words import name_of
from marchland.scenario import read_given as read_assumptions
from marchland.theatre import Theatre, open_theatre
from marchland.vocabulary import Vocabulary

F = TypeVar("F", bound=Callable[..., Any])

_PIPED_WIDTH = 240
"""Columns of a table that goes to a file or a pipe, where nothing has to fit a screen."""

out = Console(
    highlight=False,
    markup=False,
    emoji=False,
    soft_wrap=True,
    width=None if sys.stdout.isatty() else _PIPED_WIDTH,
)
err = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
as_of_option = click.option(
    "--as-of", metavar="DAY", help="Use only what was published by this day (YYYY-MM-DD)."
)
on_option = click.option("--on", required=True, metavar="DAY", help="The day asked about.")
from_option = click.option(
    "--from", "start", required=True, metavar="DAY", help="The first day asked about."
)
to_option = click.option("--to", "end", required=True, metavar="DAY", help="The last one.")
output_option = click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="The file to write; its ending says what kind.",
)
given_option = click.option(
    "--given",
    multiple=True,
    metavar="NAME=VALUE",
    help="An assumption: a place and its holder, or an actor and with|against.",
)
seed_option = click.option(
    "--seed",
    default=0,
    type=click.IntRange(min=0),
    show_default=True,
    help="Of the random draws.",
)


def route_options(command: F) -> F:
    """ORIGIN, DESTINATION, --via, --avoid, --for, --ground; left out, the theatre's own route."""
    for decorate in (
        click.option("--ground", type=click.Choice(["loose", "strict"]), help="Doubtful ground."),
        click.option("--for", "traveller", metavar="ACTOR", help="Who wants to travel."),
        click.option("--avoid", multiple=True, metavar="PLACE", help="A place to go round."),
        click.option("--via", multiple=True, metavar="PLACE", help="A place it must pass."),
        click.argument("destination", required=False),
        click.argument("origin", required=False),
    ):
        command = decorate(command)
    return command


def where_of(ctx: click.Context) -> tuple[str, int | None]:
    """The theatre asked for, and the revision; the current folder by default."""
    return ctx.obj["where"] or ".", ctx.obj["revision"]


@contextmanager
def theatre(ctx: click.Context) -> Iterator[Theatre]:
    """Open the theatre the command line names, with a progress bar for a sample's first reading."""
    where, revision = where_of(ctx)
    with progress("Reading the sample") as tell:
        opened = open_theatre(where, revision=revision, progress=tell)
    with opened:
        yield opened


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar on stderr when it is a terminal; silence otherwise."""
    if not err.is_terminal:
        yield lambda done, total, name: None
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[at]}"))
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(what, total=None, at="", visible=False)

        def tell(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, at=visible(name), visible=True)

        yield tell


def read_given(pairs: Sequence[str]) -> Mapping[str, str]:
    """``("Abu Kamal=SDF",)`` as a mapping."""
    given = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise click.BadParameter(f"{pair!r} is not NAME=VALUE", param_hint="--given")
        if name.strip() in given:
            raise click.BadParameter(f"{name.strip()!r} is assumed twice", param_hint="--given")
        given[name.strip()] = value.strip()
    return given


def assumed_of(
    asked: Mapping[str, str], vocabulary: Vocabulary, *, used: Mapping[str, str] | None = None
) -> Mapping[str, str]:
    """Assumptions by id; a warning for each that an answer made no use of.

    Parameters
    ----------
    used
        Assumptions that the answer carries; None where it takes any.
    """
    known = read_assumptions(asked, vocabulary).as_given()
    for name, value in known.items():
        if used is not None and used.get(name) != value:
            told = f"{name_of(name, vocabulary)} = {name_of(value, vocabulary)}"
            warn(f"{told}: has no bearing on this question, and was not used")
    return known


def say(text: object = "", *, style: str | None = None) -> None:
    """A line for people, on stdout."""
    out.print(visible(text), style=style)


def warn(text: object) -> None:
    """A line on stderr that says what to look out for; the work goes on."""
    err.print(f"warning: {visible(text)}")


def asking(*words: str) -> str:
    """The command line that asks the same theatre something else, ready to be pasted."""
    obj = click.get_current_context().find_root().obj or {}
    head = ["marchland"]
    if obj.get("where"):
        head += ["-t", str(obj["where"])]
    if obj.get("revision") is not None:
        head += ["--revision", str(obj["revision"])]
    return shlex.join([*head, *words])


def print_json(document: Any) -> None:
    """One JSON document, or with a list one per line; ASCII where stdout can't carry the text."""
    lines = document if isinstance(document, list) else [document]
    indent = None if isinstance(document, list) else 1
    for item in lines:
        text = json.dumps(item, ensure_ascii=False, indent=indent, default=_plain)
        try:
            text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
        except UnicodeEncodeError:
            text = json.dumps(item, indent=indent, default=_plain)
        click.echo(text)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """A readable table; nothing is cut off."""
    shown = Table(
        title=Text(visible(title)) if title else None,
        title_justify="left",
        show_edge=False,
        pad_edge=False,
    )
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*(Text("" if cell is None else visible(cell)) for cell in row))
    out.print(shown)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")

"""What the commands share: opening the theatre, options, printing, progress."""

import json
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

from marchland.errors import BadInput
from marchland.theatre import Theatre, open_theatre

F = TypeVar("F", bound=Callable[..., Any])

_PIPED_WIDTH = 240
"""Columns of a table that goes to a file or a pipe, where nothing has to fit a screen."""

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _PIPED_WIDTH)
err = Console(stderr=True, highlight=False, soft_wrap=True)

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
as_of_option = click.option(
    "--as-of", metavar="DAY", help="Use only what was published by this day (YYYY-MM-DD)."
)
on_option = click.option("--on", required=True, metavar="DAY", help="The day asked about.")
given_option = click.option(
    "--given",
    multiple=True,
    metavar="NAME=VALUE",
    help="An assumption: a place and its holder, or an actor and with|against.",
)


def route_options(command: F) -> F:
    """ORIGIN, DESTINATION, --via, --for and --ground; left out, the theatre's own route."""
    for decorate in (
        click.option("--ground", type=click.Choice(["loose", "strict"]), help="Doubtful ground."),
        click.option("--for", "traveller", metavar="ACTOR", help="Who wants to travel."),
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
            bar.update(task, completed=done, total=total, at=name, visible=True)

        yield tell


def read_given(pairs: Sequence[str]) -> Mapping[str, str]:
    """``("Abu Kamal=SDF",)`` as a mapping."""
    given = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise click.BadParameter(f"{pair!r} is not NAME=VALUE", param_hint="--given")
        given[name.strip()] = value.strip()
    return given


def print_json(document: Any) -> None:
    """One JSON document, or with a list one per line."""
    if isinstance(document, list):
        for item in document:
            click.echo(json.dumps(item, ensure_ascii=False, default=_plain))
    else:
        click.echo(json.dumps(document, ensure_ascii=False, indent=1, default=_plain))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """A readable table; nothing is cut off."""
    shown = Table(title=title or None, title_justify="left", show_edge=False, pad_edge=False)
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*("" if cell is None else str(cell) for cell in row))
    out.print(shown)


def write(path: str | Path, text: str) -> Path:
    """Write a file, or say clearly why not."""
    target = Path(path)
    try:
        if target.parent != Path():
            target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"can't be written: {error.strerror}", path=target) from error
    return target


def percent(p: float) -> str:
    """A probability for people: never 0 % or 100 %, since nothing is certain.

    Examples
    --------
    >>> percent(0.9999), percent(0.873), percent(0.001)
    ('>99%', '87%', '<1%')
    """
    if p > 0.99:
        return ">99%"
    return "<1%" if p < 0.01 else f"{p:.0%}"


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")

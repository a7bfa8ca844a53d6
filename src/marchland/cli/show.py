"""Commands that show: brief, map, demo, bench."""

import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

import marchland
from marchland.cli.common import (
    as_of_option,
    given_option,
    out,
    progress,
    read_given,
    theatre,
)
from marchland.cli.road import show_corridor
from marchland.dates import parse_day
from marchland.errors import BadInput
from marchland.estimate import Estimate
from marchland.maps import MapPage
from marchland.theatre import Theatre, open_theatre

_DEMO_DAYS = ("2014-06-01", "2015-06-01", "2017-06-15", "2017-12-15", "2021-03-02")
_BRIEF_KEYS = {
    *("title", "on", "as_of", "then", "given", "origin", "destination", "via", "traveller"),
    *("ground", "places", "alignment"),
}


@click.command(short_help="Write a brief in which every sentence cites its claims.")
@click.argument("question", required=False, type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path))
@click.option("--title", help="The brief's title.")
@click.option("--on", metavar="DAY", help="The day asked about.")
@click.option("--then", metavar="DAY", help="An earlier day to set beside it.")
@click.option("--place", "places", multiple=True, metavar="NAME", help="Also: who holds it.")
@click.option("--pair", "pairs", multiple=True, metavar="A,B", help="Also: where they stand.")
@as_of_option
@given_option
@click.pass_context
def brief(
    ctx: click.Context,
    question: Path | None,
    output: Path,
    title: str | None,
    on: str | None,
    then: str | None,
    places: tuple[str, ...],
    pairs: tuple[str, ...],
    as_of: str | None,
    given: tuple[str, ...],
) -> None:
    """Write a brief in which every sentence cites its claims.

    QUESTION is a small TOML file with the keys title, on, as_of, then, given, origin,
    destination, via, traveller, ground, places and alignment; options given here come first.
    Without it the theatre's own corridor is told. OUTPUT ends in .html, .md or .json.
    """
    asked = _question(question)
    day = on or asked.get("on")
    if day is None:
        raise click.UsageError("say which day: --on YYYY-MM-DD")
    known_by = as_of or asked.get("as_of")
    assumed = {**asked.get("given", {}), **read_given(given)}
    with theatre(ctx) as opened:
        answers: list[Estimate] = [
            opened.corridor(
                asked.get("origin"),
                asked.get("destination"),
                via=asked.get("via"),
                traveller=asked.get("traveller"),
                ground=asked.get("ground"),
                on=day,
                as_of=known_by,
                given=assumed,
            )
        ]
        for place in (*asked.get("places", ()), *places):
            answers.append(opened.control(place, on=day, as_of=known_by, given=assumed))
        for pair in (*asked.get("alignment", ()), *(p.split(",") for p in pairs)):
            if len(pair) != 2:
                raise click.UsageError("--pair takes two actors: --pair Iran,Hezbollah")
            a, b = (name.strip() for name in pair)
            answers.append(opened.alignment(a, b, on=day, as_of=known_by, given=assumed))
        headline = title or asked.get("title") or f"Is the road open? {parse_day(day)}"
        written = opened.brief(*answers, title=headline, then=then or asked.get("then"))
        out.print(f"Brief written to {written.save(output)}")


@click.command("map", short_help="Write a map page that opens offline.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path))
@click.option("--on", "days", required=True, multiple=True, metavar="DAY", help="Repeat for more.")
@as_of_option
@given_option
@click.pass_context
def map_page(
    ctx: click.Context,
    output: Path,
    days: tuple[str, ...],
    as_of: str | None,
    given: tuple[str, ...],
) -> None:
    """Write a map page that opens offline.

    With --on given several times the page has a slider over those days.
    """
    with theatre(ctx) as opened, progress("Drawing") as tell:
        saved = _map(opened, days, as_of, read_given(given), tell).save(output)
    out.print(f"Map written to {saved}")


@click.command(short_help="Answer the sample's question; write its brief and map.")
@click.option("-o", "--output", default="demo", show_default=True, type=click.Path(path_type=Path))
@click.pass_context
def demo(ctx: click.Context, output: Path) -> None:
    """Answer the sample's question; write its brief and map.

    Reads the dispatches of the sample theatre, infers who held what and who stood with whom, and
    says for five days between 2014 and 2021 whether the road from Tehran by Damascus to Beirut was
    open for Iran, each with odds, route, weakest points and the claims behind it.
    """
    where = ctx.obj["where"] or "sample:levant"
    with progress("Reading the sample") as tell:
        opened = open_theatre(where, progress=tell)
    with opened:
        reports = opened.ledger.reports()
        out.print(
            f"{opened.settings.title}: {len(opened.claims())} claims from "
            f"{len(reports)} reports and tables, known as of {opened.latest}."
        )
        answers = []
        for day in _DEMO_DAYS:
            answers.append(opened.corridor(on=day))
            out.print()
            show_corridor(answers[-1], opened.vocabulary)
        then, now = _DEMO_DAYS[2], _DEMO_DAYS[-1]
        place = opened.control("Abu Kamal", on=now) if where == "sample:levant" else None
        told = opened.brief(
            *(a for a in (answers[-1], place) if a is not None),
            title="Is the road from Tehran to Beirut open?",
            then=then,
        )
        brief_file = told.save(output / "brief.html")
        with progress("Drawing the map") as tell:
            map_file = _map(opened, _DEMO_DAYS, None, {}, tell).save(output / "map.html")
    out.print()
    out.print(f"Brief: {brief_file}")
    out.print(f"Map:   {map_file}   (both open offline in a browser)")
    out.print()
    out.print("Next:")
    out.print(f"  marchland why {answers[-1].id}", markup=False)
    out.print('  marchland -t sample:levant control "Abu Kamal" --on 2021-03-02')
    out.print("  marchland -t sample:levant serve")
    out.print("  marchland new mine --like sample:levant")


@click.command(short_help="Run a benchmark of the checkout.")
@click.argument("name", required=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(name: str | None, arguments: tuple[str, ...]) -> None:
    """Run a benchmark of the checkout.

    Benchmarks stand beside the package in the source checkout, not in an installed wheel. Without
    a name, the benchmarks there are.
    """
    folder = Path(marchland.__file__).parents[2] / "bench"
    if not (folder / "__init__.py").is_file():
        raise BadInput("benchmarks need the source checkout; they are not in the installed package")
    names = sorted(p.stem for p in folder.glob("*.py") if not p.stem.startswith("_"))
    if name is None:
        out.print("\n".join(names))
        return
    if name not in names:
        raise BadInput(f"no benchmark called {name!r}; there are: {', '.join(names)}")
    command = [sys.executable, "-m", f"bench.{name}", *arguments]
    sys.exit(subprocess.run(command, cwd=folder.parent, check=False).returncode)


def _map(
    opened: Theatre,
    days: Sequence[str],
    as_of: str | None,
    given: Mapping[str, str],
    tell: Callable[[int, int, str], None],
) -> MapPage:
    pages = []
    for done, day in enumerate(days):
        tell(done, len(days), day)
        corridor = None
        if opened.default_route() is not None:
            corridor = opened.corridor(on=day, as_of=as_of, given=given)
        pages.append(opened.map(on=day, as_of=as_of, corridor=corridor, given=given))
    whole = pages[0]
    for page in pages[1:]:
        whole = whole.joined(page)
    return whole


def _question(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        asked = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"can't be read: {error.strerror}", path=path) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"is no valid TOML: {error}", path=path) from error
    unknown = set(asked) - _BRIEF_KEYS
    if unknown:
        raise BadInput(
            f"unknown key {', '.join(sorted(unknown))}; known are {', '.join(sorted(_BRIEF_KEYS))}",
            path=path,
        )
    return asked

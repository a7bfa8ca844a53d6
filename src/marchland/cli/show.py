"""Commands that show: brief, map, demo, bench."""

import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

import marchland
from marchland.cli.common import (
    as_of_option,
    asking,
    given_option,
    json_option,
    output_option,
    print_json,
    progress,
    read_given,
    say,
    theatre,
)
from marchland.cli.telling import show_corridor
from marchland.cli.words import count
from marchland.dates import parse_day
from marchland.errors import BadInput
from marchland.estimate import Estimate
from marchland.maps import MapPage
from marchland.theatre import Theatre

_DEMO_DAYS = ("2014-06-01", "2015-06-01", "2017-06-15", "2017-12-15", "2021-03-02")
_SAMPLE = "sample:levant"


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_names(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_name, value))


def _is_day(value: object) -> bool:
    return isinstance(value, str | date)


def _are_pairs(value: object) -> bool:
    return isinstance(value, list) and all(_are_names(v) and len(v) == 2 for v in value)


def _is_given(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_name, value.values()))


_NAME, _DAY = (_is_name, "a name in quotes"), (_is_day, "a day such as 2021-03-02")
_NAMES = (_are_names, 'a list of names such as ["Damascus"]')
_BRIEF_KEYS: dict[str, tuple[Callable[[object], bool], str]] = {
    **dict.fromkeys(("on", "as_of", "then"), _DAY),
    **dict.fromkeys(("title", "note", "origin", "destination", "traveller"), _NAME),
    **dict.fromkeys(("via", "avoid", "places"), _NAMES),
    "ground": (lambda value: value in ("loose", "strict"), '"loose" or "strict"'),
    "alignment": (_are_pairs, 'a list of pairs such as [["Iran", "Hezbollah"]]'),
    "given": (_is_given, 'a table such as {"Abu Kamal" = "SDF"}'),
}
"""What a brief's TOML file may say: whether a value fits, and what it should have been."""


@click.command(short_help="Write a brief in which every sentence cites its claims.")
@click.argument("question", required=False, type=click.Path(path_type=Path))
@output_option
@click.option("--title", help="The brief's title.")
@click.option("--on", metavar="DAY", help="The day asked about.")
@click.option("--then", metavar="DAY", help="An earlier day to set beside it.")
@click.option("--place", "places", multiple=True, metavar="NAME", help="Also: who holds it.")
@click.option("--pair", "pairs", multiple=True, metavar="A,B", help="Also: where they stand.")
@as_of_option
@given_option
@json_option
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
    as_json: bool,
) -> None:
    """Write a brief in which every sentence cites its claims.

    QUESTION is a small TOML file, such as a kept scenario, with the keys title, note, on, as_of,
    then, given, origin, destination, via, avoid, traveller, ground, places and alignment; options
    given here come first.
    Without it the theatre's own corridor is told; a theatre that has none tells of the places and
    pairs named. OUTPUT ends in .html, .md or .json; --json prints the brief on stdout as well.
    """
    asked = read_question(question)
    day = on or asked.get("on")
    if day is None:
        raise click.UsageError("say which day: --on YYYY-MM-DD")
    known_by = as_of or asked.get("as_of")
    assumed = {**asked.get("given", {}), **read_given(given)}
    named = (*asked.get("places", ()), *places)
    two = [*asked.get("alignment", ()), *(_pair(p) for p in pairs)]
    with theatre(ctx) as opened:
        answers: list[Estimate] = []
        if asked.get("origin") or opened.default_route() is not None or not (named or two):
            answers.append(
                opened.corridor(
                    asked.get("origin"),
                    asked.get("destination"),
                    via=asked.get("via"),
                    avoid=asked.get("avoid", ()),
                    traveller=asked.get("traveller"),
                    ground=asked.get("ground"),
                    on=day,
                    as_of=known_by,
                    given=assumed,
                )
            )
        for place in named:
            answers.append(opened.control(place, on=day, as_of=known_by, given=assumed))
        for a, b in two:
            answers.append(opened.alignment(a, b, on=day, as_of=known_by, given=assumed))
        about = "Is the road open?" if answers[0].question == "corridor" else opened.settings.title
        headline = title or asked.get("title") or f"{about} {parse_day(day)}"
        written = opened.brief(*answers, title=headline, then=then or asked.get("then"))
        saved = written.save(output)
    if as_json:
        print_json(written.to_json())
        return
    told = sum(len(s.statements) for s in written.sections)
    say(
        f"Brief written to {saved}: {count(told, 'statement')} citing "
        f"{count(len(written.citations), 'claim')}, as known on {written.as_of}"
    )


@click.command("map", short_help="Write a map page that opens offline.")
@output_option
@click.option("--on", "days", required=True, multiple=True, metavar="DAY", help="Repeat for more.")
@as_of_option
@given_option
@json_option
@click.pass_context
def map_page(
    ctx: click.Context,
    output: Path,
    days: tuple[str, ...],
    as_of: str | None,
    given: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write a map page that opens offline.

    With --on given several times the page has a slider over those days.
    """
    asked = read_given(given)
    with theatre(ctx) as opened, progress("Drawing") as tell:
        page = _map(opened, days, as_of, asked, tell)
        known_by = as_of or str(opened.latest)
    saved = page.save(output)
    if as_json:
        print_json(
            {"written": str(saved), "days": list(days), "as_of": known_by, "given": dict(asked)}
        )
        return
    say(f"Map of {', '.join(days)} written to {saved}, as known on {known_by}")


@click.command(short_help="Answer the sample's question; write its brief and map.")
@click.option(
    "-o",
    "--output",
    default="demo",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The folder for the brief and the map.",
)
@json_option
@click.pass_context
def demo(ctx: click.Context, output: Path, as_json: bool) -> None:
    """Answer the sample's question; write its brief and map.

    Reads the dispatches of the sample theatre, infers who held what and who stood with whom, and
    says for five days between 2014 and 2021 whether the road from Tehran by Damascus to Beirut was
    open for Iran, each with odds, route, weakest points and the claims behind it. With --json the
    five answers, one a line.
    """
    where = ctx.find_root().obj["where"] = ctx.obj["where"] or _SAMPLE
    with theatre(ctx) as opened:
        if not as_json:
            reports = opened.ledger.reports()
            say(
                f"{opened.settings.title}: {len(opened.claims())} claims from "
                f"{len(reports)} reports and tables, known as of {opened.latest}."
            )
        answers = []
        for day in _DEMO_DAYS:
            answers.append(opened.corridor(on=day))
            if as_json:
                print_json([{"id": answers[-1].id, **answers[-1].to_json()}])
                continue
            say()
            show_corridor(answers[-1], opened.vocabulary)
        then, now = _DEMO_DAYS[2], _DEMO_DAYS[-1]
        place = opened.control("Abu Kamal", on=now) if where == _SAMPLE else None
        told = opened.brief(
            *(a for a in (answers[-1], place) if a is not None),
            title="Is the road from Tehran to Beirut open?",
            then=then,
        )
        brief_file = told.save(output / "brief.html")
        with progress("Drawing the map") as tell:
            map_file = _map(opened, _DEMO_DAYS, None, {}, tell).save(output / "map.html")
    if as_json:
        return
    say()
    say(f"Brief: {brief_file}")
    say(f"Map:   {map_file}   (both open offline in a browser)")
    say()
    say("Next:")
    say(f"  {asking('why', answers[-1].id)}")
    say('  marchland -t sample:levant control "Abu Kamal" --on 2021-03-02')
    say("  marchland -t sample:levant serve")
    say("  marchland new mine --like sample:levant")


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
        say("\n".join(names))
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


def read_question(path: Path | None) -> dict[str, Any]:
    """What a brief's TOML file asks; nothing without one.

    Raises
    ------
    BadInput
        If it can't be read, is no TOML, or has a key that is unknown or of the wrong kind.
    """
    if path is None:
        return {}
    try:
        asked = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInput(f"can't be read: {error.strerror}", path=path) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"is no valid TOML: {error}", path=path) from error
    unknown = set(asked) - set(_BRIEF_KEYS)
    if unknown:
        raise BadInput(
            f"unknown key {', '.join(sorted(unknown))}; known are {', '.join(sorted(_BRIEF_KEYS))}",
            path=path,
        )
    for key, value in asked.items():
        fits, wanted = _BRIEF_KEYS[key]
        if not fits(value):
            raise BadInput(f"{key} must be {wanted}, not {value!r}", path=path)
    return asked


def _pair(text: str) -> tuple[str, str]:
    a, comma, b = (part.strip() for part in text.partition(","))
    if not (a and comma and b) or "," in b:
        raise click.UsageError("--pair takes two actors: --pair Iran,Hezbollah")
    return a, b

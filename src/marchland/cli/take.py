"""Commands that take things in or out: new, read, load, export, check."""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from marchland import plugins
from marchland.claims import Claim, Report
from marchland.cli.ask import require_area
from marchland.cli.common import (
    as_of_option,
    err,
    json_option,
    output_option,
    print_json,
    progress,
    say,
    theatre,
    warn,
    where_of,
)
from marchland.cli.explaining import lay_out
from marchland.cli.telling import show_claims
from marchland.cli.terminal import visible
from marchland.cli.words import count
from marchland.errors import BadInput, MarchlandError
from marchland.ledger import Intake, Rejected
from marchland.reading.files import walk
from marchland.theatre import (
    Theatre,
    make_for_countries,
    make_like,
    open_theatre,
    open_unread,
    roads_from_osm,
    sample_folder,
    unrecorded,
)

_LISTED = 8
_WARNING = "warning: "


@click.command(short_help="Make a theatre: a folder with places, actors, roads and a ledger.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--like", metavar="THEATRE", help="Copy another's places, actors, roads and facts.")
@click.option("--countries", metavar="CODES", help="Places of these countries, such as SY,IQ.")
@click.option(
    "--min-population",
    default=1000,
    type=click.IntRange(min=0),
    show_default=True,
    help="With --countries.",
)
@click.option(
    "--osm",
    type=click.Path(path_type=Path),
    help="With --countries: roads and crossings of an OpenStreetMap extract.",
)
@json_option
def new(
    folder: Path,
    like: str | None,
    countries: str | None,
    min_population: int,
    osm: Path | None,
    as_json: bool,
) -> None:
    """Make a theatre: a folder with places, actors, roads and a ledger.

    With --like it gets another theatre's places, actors, roads, facts and settings, and no
    reports; with --countries the settlements of these countries from the worldwide gazetteer, and
    with --osm the roads between them from an OpenStreetMap extract (.osm.pbf).
    """
    if (like is None) == (countries is None):
        raise click.UsageError("say either --like sample:levant or --countries SY,IQ")
    if osm is not None and countries is None:
        raise click.UsageError("--osm goes with --countries")
    if like is not None:
        name = like.removeprefix("sample:")
        make_like(folder, sample_folder(name) if like.startswith("sample:") else Path(like))
    else:
        make_for_countries(folder, (countries or "").split(","), min_population=min_population)
    left_out = roads_from_osm(folder, osm).left_out if osm is not None else ()
    with open_theatre(folder) as opened:
        intake = opened.take_in()
        places, links = len(opened.vocabulary.own_places), len(opened.roads.links)
    if as_json:
        print_json(
            {"folder": str(folder), "places": places, "links": links, "claims": intake.added}
        )
    else:
        say(
            f"Made {folder}: {count(places, 'place')}, {count(links, 'link')} between them, "
            f"{count(intake.added, 'claim')} from its facts."
        )
        for told in left_out:
            say(f"Left out: {told}")
        if not links:
            say("Corridors need roads: list them in its roads.csv, and forces in its actors.csv.")
        where = shlex.quote(str(folder))
        say(f"Next: marchland -t {where} read REPORTS --source NAME --date YYYY-MM-DD")
    _finish(intake.rejected)


@click.command(short_help="Read reports and record their claims.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", metavar="NAME", help="Who printed them.")
@click.option("--date", "day", metavar="DAY", help="When they were published (YYYY-MM-DD).")
@click.option("--url", help="Where they were published.")
@click.option("--reader", help="Which reader; the theatre's own if left out.")
@click.option(
    "--set",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="A setting of the reader, over [reader.NAME] of theatre.toml.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be recorded; record nothing.")
@click.option("--explain", is_flag=True, help="Show, sentence by sentence, how it was read.")
@json_option
@click.pass_context
def read(
    ctx: click.Context,
    paths: tuple[Path, ...],
    source: str | None,
    day: str | None,
    url: str | None,
    reader: str | None,
    options: tuple[str, ...],
    dry_run: bool,
    explain: bool,
    as_json: bool,
) -> None:
    """Read reports and record their claims.

    PATHS are files or folders of txt, md, html, pdf, docx, json or jsonl. Without a theatre in
    the current folder they are read against the whole world, and nothing is recorded. Reports that
    were read before are not read again, so an interrupted run goes on where it stopped.
    """
    if reader is not None and reader not in plugins.available("marchland.readers"):
        there = ", ".join(plugins.available("marchland.readers"))
        raise BadInput(f"no reader called {reader!r}; there are: {there}")
    with _theatre_or_world(ctx, look=dry_run or explain) as opened:
        if explain:
            _explain(opened, paths, source, day, reader, as_json)
            return
        found: list[Claim] = []
        look = dry_run or (opened.folder is None and ctx.obj["where"] is None)

        def each(report: Report, claims: Sequence[Claim]) -> None:
            found.extend(claims)

        notes: list[str] = []
        try:
            with progress("Reading") as tell:
                asked: dict[str, Any] = {
                    "source": source,
                    "date": day,
                    "url": url,
                    "reader": reader,
                    "options": _pairs(options),
                    "progress": tell,
                    "note": notes.append,
                }
                if look:
                    claims, rejected = opened.preview(paths, **asked)
                    found.extend(claims)
                    intake = Intake(added=len(claims), rejected=rejected)
                else:
                    intake = opened.read(paths, **asked, each=each)
        finally:  # what was used is said after an interruption too
            for note in notes:
                err.print(visible(note))
    if as_json:
        print_json([c.to_json() for c in found])
    else:
        if found:
            show_claims(found)
        if look:
            say(f"{count(intake.added, 'claim')} found, none recorded.")
        else:
            say(
                f"{count(intake.added, 'claim')} added from {count(intake.reports, 'new report')}; "
                f"{intake.known} known already."
            )
    undated = sum(c.published is None for c in found)
    if undated:
        warn(
            f"{count(undated, 'claim')} without a date of publication: no answer as of a day will "
            "use them; say --date YYYY-MM-DD"
        )
    _finish(intake.rejected)


@click.command(short_help="Load a data set, such as a table of claims.")
@click.argument("importer")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--set",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of the importer, such as crosswalk=FILE.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be loaded; record nothing.")
@click.option("--strict", is_flag=True, help="Stop at the first bad row.")
@json_option
@click.pass_context
def load(
    ctx: click.Context,
    importer: str,
    path: Path,
    options: tuple[str, ...],
    dry_run: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Load a data set, such as a table of claims.

    IMPORTER is what kind of data set it is: `claims` for the tidy table of claims; `ucdp_ged`,
    `acled` and `viina` for those event data sets; `control_polygons` for GeoJSON of who holds
    which ground.
    """
    with theatre(ctx) as opened:
        places, actors = opened.ledger.own_places(), opened.ledger.own_actors()
        intake, warnings = opened.load(
            importer, path, strict=strict, dry_run=dry_run, options=_pairs(options)
        )
        new_places = [p for p in opened.ledger.own_places() if p not in places]
        new_actors = [a for a in opened.ledger.own_actors() if a not in actors]
    for warning in warnings:
        warn(warning)
    if as_json:
        print_json(
            {
                "added": intake.added,
                "known": intake.known,
                "rejected": [{"where": r.where, "why": r.why} for r in intake.rejected],
                "warnings": list(warnings),
                "places": [{"id": p.id, "name": p.name} for p in new_places],
                "actors": [{"id": a.id, "name": a.name} for a in new_actors],
            }
        )
    else:
        verb = "would be added" if dry_run else "added"
        say(f"{count(intake.added, 'claim')} {verb}, {intake.known} known already.")
        for what, brought in (("place", new_places), ("actor", new_actors)):
            if brought:
                listed = ", ".join(b.name for b in brought[:_LISTED])
                more = f" and {len(brought) - _LISTED} more" if len(brought) > _LISTED else ""
                say(f"The ledger's own from now on: {count(len(brought), what)}, {listed}{more}.")
    _finish(intake.rejected)


@click.command(short_help="Write claims or control to a file.")
@click.argument("what", type=click.Choice(["claims", "control"]))
@output_option
@click.option("--on", metavar="DAY", help="The day asked about; needed for control.")
@click.option("--within", metavar="AREA", help="Only places of this area.")
@as_of_option
@json_option
@click.pass_context
def export(
    ctx: click.Context,
    what: str,
    output: Path,
    on: str | None,
    within: str | None,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Write claims or control to a file.

    Claims go to the tidy table (.csv, .parquet, .jsonl); control to GeoJSON.
    """
    if what == "control" and on is None:
        raise click.UsageError("export control needs --on DAY")
    with theatre(ctx) as opened:
        if within is not None:
            require_area(opened, within)
        if what == "claims":
            claims = opened.claims(place=within, on=on, as_of=as_of)
            plugins.load("marchland.exporters", "claims")(claims, output)
            written, of = len(claims), count(len(claims), "claim")
        else:
            assert on is not None
            estimates = opened.control_all(on=on, as_of=as_of, within=within)
            plugins.load("marchland.exporters", "geojson")(estimates, opened.vocabulary, output)
            written, of = len(estimates), f"Control of {count(len(estimates), 'place')} on {on}"
        latest = opened.ledger.latest_published()
    known_by = as_of or (None if latest is None else str(latest))
    if as_json:
        print_json(
            {"written": str(output), "what": what, "count": written, "on": on, "as_of": known_by}
        )
        return
    say(f"{of}, as known on {known_by}, written to {output}")


@click.command(short_help="Check a theatre's vocabulary and roads.")
@json_option
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:
    """Check a theatre's vocabulary and roads.

    Problems make answers wrong and end it with exit code 1; warnings are worth a look.
    """
    with theatre(ctx) as opened:
        found = opened.vocabulary.check()
        sizes = {
            "places": len(opened.vocabulary.own_places),
            "links": len(opened.roads.links),
            "reports": len(opened.ledger.reports()),
            "revision": opened.ledger.revision,
        }
    warnings = [f.removeprefix(_WARNING) for f in found if f.startswith(_WARNING)]
    problems = [f for f in found if not f.startswith(_WARNING)]
    if as_json:
        print_json({"problems": problems, "warnings": warnings, **sizes})
    else:
        for problem in problems:
            say(f"problem: {problem}")
        for warning in warnings:
            say(f"{_WARNING}{warning}")
        say(
            f"{count(len(problems), 'problem')}, {count(len(warnings), 'warning')}. "
            f"{count(sizes['places'], 'place')}, {count(sizes['links'], 'link')}, "
            f"{count(sizes['reports'], 'report')}, revision {sizes['revision']}."
        )
    if problems:
        sys.exit(1)


def _pairs(words: Sequence[str]) -> dict[str, str]:
    """``("crosswalk=a.csv",)`` as a mapping."""
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"{word!r} is not NAME=VALUE", param_hint="--set")
        found[name.strip()] = value.strip()
    return found


def _explain(
    opened: Theatre,
    paths: Sequence[Path],
    source: str | None,
    day: str | None,
    reader: str | None,
    as_json: bool,
) -> None:
    rejected = []
    for path in walk(paths):
        try:
            sentences = opened.explain(path, source=source, date=day, reader=reader)
        except (MarchlandError, OSError) as error:
            rejected.append(Rejected(where="", why=str(error)))
            continue
        if as_json:
            print_json([{"path": str(path), **asdict(s)} for s in sentences])
            continue
        for sentence in sentences:
            say(lay_out(sentence, opened.vocabulary))
    _finish(rejected)


def _theatre_or_world(ctx: click.Context, *, look: bool) -> Theatre:
    where, revision = where_of(ctx)
    if ctx.obj["where"] is None and not (Path(where) / "theatre.toml").is_file():
        err.print("no theatre here: reading against the whole world, recording nothing")
        return unrecorded()
    if look and where.startswith("sample:"):
        return open_unread(where)
    with progress("Reading the sample") as tell:
        return open_theatre(where, revision=revision, progress=tell)


def _finish(rejected: Sequence[Rejected]) -> None:
    for item in rejected:
        where = f"{item.where}: " if item.where else ""
        err.print(f"not taken: {visible(where + item.why)}")
    if rejected:
        sys.exit(1)

"""Commands that take things in or out: new, read, load, export, check."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from marchland import plugins
from marchland.claims import Claim, Report
from marchland.cli.ask import show_claims
from marchland.cli.common import (
    as_of_option,
    err,
    json_option,
    out,
    print_json,
    progress,
    theatre,
    where_of,
)
from marchland.ledger import Intake, Rejected
from marchland.theatre import (
    Theatre,
    make_for_countries,
    make_like,
    open_theatre,
    sample_folder,
    unrecorded,
)


@click.command(short_help="Make a theatre: a folder with places, actors, roads and a ledger.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--like", metavar="THEATRE", help="Copy another's places, actors, roads and facts.")
@click.option("--countries", metavar="CODES", help="Places of these countries, such as SY,IQ.")
@click.option("--min-population", default=1000, show_default=True, help="With --countries.")
def new(folder: Path, like: str | None, countries: str | None, min_population: int) -> None:
    """Make a theatre: a folder with places, actors, roads and a ledger.

    With --like it gets another theatre's places, actors, roads, facts and settings, and no
    reports; with --countries the settlements of these countries from the worldwide gazetteer.
    """
    if (like is None) == (countries is None):
        raise click.UsageError("say either --like sample:levant or --countries SY,IQ")
    if like is not None:
        name = like.removeprefix("sample:")
        make_like(folder, sample_folder(name) if like.startswith("sample:") else Path(like))
        made = "places, actors, roads and facts"
    else:
        count = make_for_countries(
            folder, (countries or "").split(","), min_population=min_population
        )
        made = f"{count} places; add actors.csv and roads.csv as you need them"
    with open_theatre(folder) as opened:
        intake = opened.take_in()
    out.print(f"Made {folder}: {made}; {intake.added} claims from its facts.")
    out.print(f"Next: marchland -t {folder} read REPORTS --source NAME --date YYYY-MM-DD")


@click.command(short_help="Read reports and record their claims.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", metavar="NAME", help="Who printed them.")
@click.option("--date", "day", metavar="DAY", help="When they were published (YYYY-MM-DD).")
@click.option("--url", help="Where they were published.")
@click.option("--reader", default="grammar", show_default=True, help="Which reader.")
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
    reader: str,
    dry_run: bool,
    explain: bool,
    as_json: bool,
) -> None:
    """Read reports and record their claims.

    PATHS are files or folders of txt, md, html, pdf, docx, json or jsonl. Without a theatre in
    the current folder they are read against the whole world, and nothing is recorded.
    """
    with _theatre_or_world(ctx) as opened:
        if explain:
            for path in paths:
                for sentence in opened.explain(path, source=source, date=day):
                    out.print(str(sentence), markup=False)
            return
        found: list[Claim] = []

        def each(report: Report, claims: Sequence[Claim]) -> None:
            found.extend(claims)

        with progress("Reading") as tell:
            if dry_run or opened.folder is None:
                claims, rejected = opened.preview(
                    paths, source=source, date=day, url=url, reader=reader, progress=tell
                )
                found.extend(claims)
                intake = Intake(added=len(claims), rejected=rejected)
            else:
                intake = opened.read(
                    paths, source=source, date=day, url=url, reader=reader, progress=tell, each=each
                )
    if as_json:
        print_json([c.to_json() for c in found])
    else:
        show_claims(found)
        verb = "found, none recorded" if dry_run or opened.folder is None else "added"
        out.print(f"{intake.added} claims {verb}; {intake.known} known already.")
    _finish(intake.rejected)


@click.command(short_help="Load a data set, such as a table of claims.")
@click.argument("importer")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be loaded; record nothing.")
@click.option("--strict", is_flag=True, help="Stop at the first bad row.")
@json_option
@click.pass_context
def load(
    ctx: click.Context, importer: str, path: Path, dry_run: bool, strict: bool, as_json: bool
) -> None:
    """Load a data set, such as a table of claims.

    IMPORTER is what kind of data set it is: `claims` for the tidy table of claims.
    """
    with theatre(ctx) as opened:
        intake, warnings = opened.load(importer, path, strict=strict, dry_run=dry_run)
    for warning in warnings:
        err.print(f"warning: {warning}", markup=False)
    if as_json:
        print_json(
            {
                "added": intake.added,
                "known": intake.known,
                "rejected": [{"where": r.where, "why": r.why} for r in intake.rejected],
                "warnings": list(warnings),
            }
        )
    else:
        verb = "would be added" if dry_run else "added"
        out.print(f"{intake.added} claims {verb}, {intake.known} known already.")
    _finish(intake.rejected)


@click.command(short_help="Write claims or control to a file.")
@click.argument("what", type=click.Choice(["claims", "control"]))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path))
@click.option("--on", metavar="DAY", help="The day asked about; needed for control.")
@click.option("--within", metavar="AREA", help="Only places of this area.")
@as_of_option
@click.pass_context
def export(
    ctx: click.Context, what: str, output: Path, on: str | None, within: str | None,
    as_of: str | None,
) -> None:  # fmt: skip
    """Write claims or control to a file.

    Claims go to the tidy table (.csv, .parquet, .jsonl); control to GeoJSON.
    """
    with theatre(ctx) as opened:
        if what == "claims":
            claims = opened.claims(place=within, on=on, as_of=as_of)
            plugins.load("marchland.exporters", "claims")(claims, output)
            out.print(f"{len(claims)} claims written to {output}")
            return
        if on is None:
            raise click.UsageError("export control needs --on DAY")
        estimates = opened.control_all(on=on, as_of=as_of, within=within)
        plugins.load("marchland.exporters", "geojson")(estimates, opened.vocabulary, output)
        out.print(f"Control of {len(estimates)} places on {on} written to {output}")


@click.command(short_help="Check a theatre's vocabulary and roads.")
@json_option
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:
    """Check a theatre's vocabulary and roads."""
    with theatre(ctx) as opened:
        problems = opened.vocabulary.check()
        counts = (
            f"{len(opened.vocabulary.own_places)} places, {len(opened.roads.links)} links, "
            f"{len(opened.ledger.reports())} reports, revision {opened.ledger.revision}"
        )
    if as_json:
        print_json({"problems": problems})
        return
    for problem in problems:
        out.print(problem, markup=False)
    out.print(f"{len(problems)} problems. {counts}.")


def _theatre_or_world(ctx: click.Context) -> Theatre:
    where, revision = where_of(ctx)
    if ctx.obj["where"] is None and not (Path(where) / "theatre.toml").is_file():
        err.print("no theatre here: reading against the whole world, recording nothing")
        return unrecorded()
    with progress("Reading the sample") as tell:
        return open_theatre(where, revision=revision, progress=tell)


def _finish(rejected: Sequence[Rejected]) -> None:
    for item in rejected:
        err.print(f"not taken: {item.where}: {item.why}", markup=False)
    if rejected:
        sys.exit(1)

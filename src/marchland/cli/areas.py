"""The command that tells of areas: cells of H3, or polygons of a file."""

from pathlib import Path

import click

from marchland import plugins
from marchland.cli.common import (
    as_of_option,
    assumed_of,
    given_option,
    json_option,
    on_option,
    print_json,
    read_given,
    say,
    table,
    theatre,
)
from marchland.cli.words import assumptions, count
from marchland.control.areas import HALF_KM, AreaShares
from marchland.estimate import percent


@click.command(short_help="Who holds how much of cells or polygons, with odds.")
@click.option(
    "--hexes", metavar="RES", type=click.IntRange(0, 10), help="Cells of H3 of this resolution."
)
@click.option(
    "--polygons",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Polygons of this GeoJSON file.",
)
@click.option("--within", metavar="AREA", help="Only cells about the places of this area.")
@click.option(
    "--half-km",
    type=click.FloatRange(min=0.1),
    default=HALF_KM,
    show_default=True,
    help="From the nearest place with a claim to where half of the ground is unknown.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write them to .geojson, .gpkg or .parquet.",
)
@on_option
@as_of_option
@given_option
@json_option
@click.pass_context
def areas(
    ctx: click.Context,
    hexes: int | None,
    polygons: Path | None,
    within: str | None,
    half_km: float,
    output: Path | None,
    on: str,
    as_of: str | None,
    given: tuple[str, ...],
    as_json: bool,
) -> None:
    """Who holds how much of cells or polygons, with odds.

    Ground follows the nearest place that a claim is about, less the farther it lies; the rest of an
    area is unknown. Every share comes with its 90 % interval.
    """
    if (hexes is None) == (polygons is None):
        raise click.UsageError("say either --hexes RES or --polygons FILE")
    if within is not None and polygons is not None:
        raise click.UsageError("--within goes with --hexes")
    asked = read_given(given)
    with theatre(ctx) as opened:
        found = opened.control_areas(
            on=on,
            as_of=as_of,
            resolution=hexes,
            polygons=polygons,
            within=within,
            half_km=half_km,
            given=asked,
        )
        known_by = as_of or opened.latest
        used = found[0].given if found else {}
        assumed_of(asked, opened.vocabulary, used=used)
        assuming = assumptions(used, opened.vocabulary)
    if output is not None:
        plugins.load("marchland.exporters", "areas")(found, output)
    if as_json:
        print_json([a.to_json() for a in found])
        return
    if output is None:
        table(
            ("area", "held by", "share", "90 % interval", "unknown", "claims", "nearest km"),
            (_row(a) for a in found),
            title=f"Who holds how much on {on}, as known on {known_by}",
        )
    else:
        say(
            f"Control of {count(len(found), 'area')} on {on}, as known on {known_by}, written to "
            f"{output}"
        )
    if assuming:
        say(f"Assuming {assuming}.")


def _row(area: AreaShares) -> tuple[object, ...]:
    best = area.best
    if best is None:
        share, interval = "", ""
    else:
        low, high = area.interval[best]
        share, interval = percent(area.shares[best]), f"{percent(low)} to {percent(high)}"
    return (
        area.area.name,
        area.names[best] if best else "not known",
        share,
        interval,
        percent(area.unknown),
        area.n_claims,
        "" if area.nearest_km is None else f"{area.nearest_km:.0f}",
    )

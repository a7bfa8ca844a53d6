"""Commands about the road: corridor, timeline, compare.

What a command line leaves out comes from the scenario it names, and else from the theatre.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from marchland.cli.common import (
    as_of_option,
    asking,
    assumed_of,
    from_option,
    given_option,
    json_option,
    print_json,
    read_given,
    route_options,
    say,
    seed_option,
    theatre,
    to_option,
)
from marchland.cli.telling import show_corridor, show_sweep, the_road
from marchland.cli.words import assumptions, name_of, quoted
from marchland.corridor import CorridorEstimate
from marchland.dates import parse_day
from marchland.exporters import timeline_picture
from marchland.scenario import compare as compare_estimates
from marchland.theatre import Scenario, Theatre

_CLAIMS = 5
Ask = Callable[..., CorridorEstimate]

_scenario_option = click.option(
    "--scenario",
    metavar="NAME",
    help="A kept scenario, or its file; what is given here comes before it.",
)
_day_option = click.option("--on", metavar="DAY", help="The day asked about.")


@click.command(short_help="Whether the road is open for a traveller.")
@route_options
@_day_option
@as_of_option
@given_option
@seed_option
@_scenario_option
@click.option("--routes", type=click.IntRange(1, 20), help="How many ways to give.")
@click.option("--keep", metavar="NAME", help="Keep the question in the theatre as a scenario.")
@json_option
@click.pass_context
def corridor(
    ctx: click.Context,
    /,
    *,
    on: str | None,
    as_of: str | None,
    given: tuple[str, ...],
    seed: int,
    scenario: str | None,
    routes: int | None,
    keep: str | None,
    as_json: bool,
    **route: Any,
) -> None:
    """Whether the road is open for a traveller.

    ORIGIN and DESTINATION left out, it is the theatre's own route. A question with --keep NAME is
    kept in the theatre as scenarios/NAME.toml, and asked again with --scenario NAME.
    """
    _both_or_none(route)
    with theatre(ctx) as opened:
        asked = _asked(opened, scenario, route, on=on, as_of=as_of, given=read_given(given))
        _require_day(asked)
        answer: CorridorEstimate = opened.corridor(**asked, routes=routes, seed=seed)
        kept = opened.keep_scenario(_to_keep(keep, asked)) if keep else None
        if as_json:
            print_json({"id": answer.id, **answer.to_json()})
            return
        show_corridor(answer, opened.vocabulary, full=True)
        if kept is not None:
            say(f"Kept as {kept}; ask again: {asking('corridor', '--scenario', kept.stem)}")


@click.command(short_help="A corridor's status through time, and when it changed.")
@route_options
@from_option
@to_option
@click.option(
    "--step",
    "step_days",
    default=7,
    type=click.IntRange(min=1),
    show_default=True,
    help="Days between looks.",
)
@as_of_option
@given_option
@_scenario_option
@click.option(
    "--picture",
    type=click.Path(path_type=Path),
    help="Draw it too: status, odds and weakest point (.svg, .png or .pdf).",
)
@json_option
@click.pass_context
def timeline(
    ctx: click.Context,
    /,
    *,
    start: str,
    end: str,
    step_days: int,
    as_of: str | None,
    given: tuple[str, ...],
    scenario: str | None,
    picture: Path | None,
    as_json: bool,
    **route: Any,
) -> None:
    """A corridor's status through time, and when it changed."""
    _both_or_none(route)
    with theatre(ctx) as opened:
        vocabulary = opened.vocabulary
        asked = _asked(opened, scenario, route, on=None, as_of=as_of, given=read_given(given))
        asked.pop("on", None)
        line = opened.corridor_timeline(**asked, start=start, end=end, step_days=step_days)
        assumed = assumed_of(asked.get("given", {}), vocabulary)
        ends, traveller_id = line.asked.ends, line.asked.traveller
        whose = the_road(line.asked, vocabulary)
        drawn = None if picture is None else timeline_picture.write(line, picture, title=whose)
        if as_json:
            named = {*ends, traveller_id, *(p.weakest for p in line.points if p.weakest)}
            print_json(
                {
                    "question": "timeline",
                    "places": list(ends),
                    "traveller": traveller_id,
                    "names": {i: name_of(i, vocabulary) for i in sorted(named)},
                    "given": dict(assumed),
                    **line.to_json(),
                    "revision": opened.ledger.revision,
                }
            )
            return
        say(f"{whose}, as known on {line.as_of}:")
        if assumed:
            say(f"assuming {assumptions(assumed, vocabulary)}")
        say(line)
        if drawn is not None:
            say(f"Drawn in {drawn}")


@click.command(short_help="The same corridor on two days, or under an assumption.")
@route_options
@_day_option
@click.option("--then", metavar="DAY", help="The other day.")
@click.option("--then-as-of", metavar="DAY", help="The first answer as known on this day.")
@as_of_option
@given_option
@_scenario_option
@click.option("--sweep", is_flag=True, help="Try each single change, and rank them by effect.")
@click.option("--all", "every", is_flag=True, help="With --sweep: also what moves it hardly.")
@json_option
@click.pass_context
def compare(
    ctx: click.Context,
    /,
    *,
    on: str | None,
    then: str | None,
    then_as_of: str | None,
    as_of: str | None,
    given: tuple[str, ...],
    scenario: str | None,
    sweep: bool,
    every: bool,
    as_json: bool,
    **route: Any,
) -> None:
    """The same corridor on two days, or under an assumption.

    With --then the assumption holds on both days; without it, --given is what is compared. With
    --then-as-of what new reports have changed is compared: the same question as known on two days.
    With --sweep each place, crossing, actor and assumption is changed in turn.
    """
    _both_or_none(route)
    with theatre(ctx) as opened:
        asked = _asked(opened, scenario, route, on=on, as_of=as_of, given=read_given(given))
        _require_day(asked)
        if sweep:
            found = opened.sweep(**asked)
            if as_json:
                print_json(found.to_json())
            else:
                show_sweep(found, opened.vocabulary, every=every)
            return
        earlier = then or (opened.scenario(scenario).then if scenario else None)
        first = dict(asked)
        if earlier is not None:
            first["on"] = earlier
        if then_as_of is not None:
            first["as_of"] = then_as_of
        if earlier is None and then_as_of is None:
            if not asked.get("given"):
                raise click.UsageError(
                    "compare what? say --then DAY, --then-as-of DAY, --given NAME=VALUE or --sweep"
                )
            first["given"] = {}
        _show_comparison(opened, first, asked, as_json=as_json)


def _show_comparison(
    opened: Theatre, first: dict[str, Any], second: dict[str, Any], *, as_json: bool
) -> None:
    answers = (opened.corridor(**first), opened.corridor(**second))
    found = compare_estimates(*answers, opened.vocabulary)
    if as_json:
        print_json(found.to_json())
        return
    say(found)
    if found.claims:
        say("Claims behind the second answer that are not behind the first:")
    for claim in found.claims[:_CLAIMS]:
        say(f"  {quoted(claim)}")
    if len(found.claims) > _CLAIMS:
        say(f"  and {len(found.claims) - _CLAIMS} more")
    for answer in (found.first, found.second):
        say(f"More: {asking('why', answer.id)}")


def _asked(
    opened: Theatre,
    scenario: str | None,
    route: dict[str, Any],
    *,
    on: str | None,
    as_of: str | None,
    given: Any,
) -> dict[str, Any]:
    """The arguments of `Theatre.corridor`: the command line's, and for the rest the scenario's."""
    asked = opened.scenario(scenario).asked() if scenario is not None else {}
    asked.update({k: v for k, v in route.items() if v})
    asked.update({k: v for k, v in (("on", on), ("as_of", as_of)) if v is not None})
    assumed = {**asked.pop("given", {}), **given}
    return {**asked, "given": assumed}


def _to_keep(name: str, asked: dict[str, Any]) -> Scenario:
    """A question as a scenario; its day of knowledge stays open unless it was said."""
    values = dict(asked)
    for key in ("on", "as_of"):
        if key in values:
            values[key] = parse_day(values[key])
    for key in ("via", "avoid"):
        if key in values:
            values[key] = tuple(values[key])
    return Scenario(name=name, **values)


def _require_day(asked: dict[str, Any]) -> None:
    if "on" not in asked:
        raise click.UsageError("say which day: --on YYYY-MM-DD")


def _both_or_none(route: dict[str, Any]) -> None:
    if (route["origin"] is None) != (route["destination"] is None):
        raise click.UsageError("name both ORIGIN and DESTINATION, or neither")

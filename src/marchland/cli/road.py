"""Commands about the road: corridor, timeline, compare."""

import click

from marchland.cli.common import (
    as_of_option,
    asking,
    assumed_of,
    from_option,
    given_option,
    json_option,
    on_option,
    print_json,
    read_given,
    route_options,
    say,
    seed_option,
    theatre,
    to_option,
)
from marchland.cli.telling import show_corridor
from marchland.cli.words import assumptions, name_of, quoted
from marchland.corridor import CorridorEstimate
from marchland.scenario import compare as compare_estimates

_CLAIMS = 5


@click.command(short_help="Whether the road is open for a traveller.")
@route_options
@on_option
@as_of_option
@given_option
@seed_option
@json_option
@click.pass_context
def corridor(
    ctx: click.Context,
    origin: str | None,
    destination: str | None,
    via: tuple[str, ...],
    traveller: str | None,
    ground: str | None,
    on: str,
    as_of: str | None,
    given: tuple[str, ...],
    seed: int,
    as_json: bool,
) -> None:
    """Whether the road is open for a traveller.

    ORIGIN and DESTINATION left out, it is the theatre's own route.
    """
    _both_or_none(origin, destination)
    with theatre(ctx) as opened:
        answer: CorridorEstimate = opened.corridor(
            origin,
            destination,
            via=via or None,
            traveller=traveller,
            ground=ground,
            on=on,
            as_of=as_of,
            given=read_given(given),
            seed=seed,
        )
        if as_json:
            print_json({"id": answer.id, **answer.to_json()})
        else:
            show_corridor(answer, opened.vocabulary, full=True)


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
@json_option
@click.pass_context
def timeline(
    ctx: click.Context,
    origin: str | None,
    destination: str | None,
    via: tuple[str, ...],
    traveller: str | None,
    ground: str | None,
    start: str,
    end: str,
    step_days: int,
    as_of: str | None,
    given: tuple[str, ...],
    as_json: bool,
) -> None:
    """A corridor's status through time, and when it changed."""
    _both_or_none(origin, destination)
    asked = read_given(given)
    with theatre(ctx) as opened:
        vocabulary = opened.vocabulary
        line = opened.corridor_timeline(
            origin,
            destination,
            via=via or None,
            traveller=traveller,
            ground=ground,
            start=start,
            end=end,
            step_days=step_days,
            as_of=as_of,
            given=asked,
        )
        assumed = assumed_of(asked, vocabulary)
        route, traveller_id = line.asked.ends, line.asked.traveller
        if as_json:
            named = {*route, traveller_id, *(p.weakest for p in line.points if p.weakest)}
            print_json(
                {
                    "question": "timeline",
                    "places": list(route),
                    "traveller": traveller_id,
                    "names": {i: name_of(i, vocabulary) for i in sorted(named)},
                    "given": dict(assumed),
                    **line.to_json(),
                    "revision": opened.ledger.revision,
                }
            )
            return
        road = " - ".join(name_of(place, vocabulary) for place in route)
        say(f"The road {road} for {name_of(traveller_id, vocabulary)}, as known on {line.as_of}:")
        if assumed:
            say(f"assuming {assumptions(assumed, vocabulary)}")
        say(line)


@click.command(short_help="The same corridor on two days, or under an assumption.")
@route_options
@on_option
@click.option("--then", metavar="DAY", help="The other day.")
@as_of_option
@given_option
@json_option
@click.pass_context
def compare(
    ctx: click.Context,
    origin: str | None,
    destination: str | None,
    via: tuple[str, ...],
    traveller: str | None,
    ground: str | None,
    on: str,
    then: str | None,
    as_of: str | None,
    given: tuple[str, ...],
    as_json: bool,
) -> None:
    """The same corridor on two days, or under an assumption.

    With --then the assumption holds on both days; without it, --given is what is compared.
    """
    _both_or_none(origin, destination)
    if then is None and not given:
        raise click.UsageError("compare what? say --then DAY or --given NAME=VALUE")
    assumed = read_given(given)
    with theatre(ctx) as opened:

        def ask(day: str, assumptions: dict[str, str]) -> CorridorEstimate:
            return opened.corridor(
                origin,
                destination,
                via=via or None,
                traveller=traveller,
                ground=ground,
                on=day,
                as_of=as_of,
                given=assumptions,
            )

        first = ask(then, dict(assumed)) if then is not None else ask(on, {})
        vocabulary = opened.vocabulary
        found = compare_estimates(first, ask(on, dict(assumed)), vocabulary)
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


def _both_or_none(origin: str | None, destination: str | None) -> None:
    if (origin is None) != (destination is None):
        raise click.UsageError("name both ORIGIN and DESTINATION, or neither")

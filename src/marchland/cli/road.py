"""Commands about the road: corridor, timeline, compare."""

import click

from marchland.claims import Claim
from marchland.cli.common import (
    as_of_option,
    given_option,
    json_option,
    on_option,
    out,
    percent,
    print_json,
    read_given,
    route_options,
    theatre,
)
from marchland.corridor import CorridorEstimate
from marchland.scenario import compare as compare_estimates
from marchland.vocabulary import Vocabulary

_CLAIMS = 5
_POINTS = 5


@click.command(short_help="Whether the road is open for a traveller.")
@route_options
@on_option
@as_of_option
@given_option
@click.option("--seed", default=0, show_default=True, help="Of the random draws.")
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
        answer = opened.corridor(
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
@click.option("--from", "start", required=True, metavar="DAY")
@click.option("--to", "end", required=True, metavar="DAY")
@click.option("--step", "step_days", default=7, show_default=True, help="Days between looks.")
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
    with theatre(ctx) as opened:
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
            given=read_given(given),
        )
        if as_json:
            print_json(line.to_json())
            return
        out.print(f"As known on {as_of or opened.latest}:")
        out.print(str(line), markup=False)


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
        found = compare_estimates(first, ask(on, dict(assumed)))
        if as_json:
            print_json(found.to_json())
        else:
            out.print(str(found), markup=False)


def show_corridor(answer: CorridorEstimate, vocabulary: Vocabulary, *, full: bool = False) -> None:
    """Status first, then odds, route, weakest points, and the claims behind it."""

    def name(id: str | None) -> str:
        if id is None:
            return "not known"
        thing = vocabulary.find_place(id) or vocabulary.find_actor(id)
        return thing.name if thing else id

    out.print(f"{answer.on}  {answer.status.upper()}", style="bold", markup=False)
    out.print(str(answer), markup=False)
    if answer.route:
        if answer.status != "unknown":
            odds = "  ".join(f"{k} {percent(v)}" for k, v in answer.p.items())
            out.print(f"  odds: {odds}", markup=False)
        out.print(f"  route ({answer.km:.0f} km, {answer.hours:.0f} h):", markup=False)
        holder: str | None = ""
        for stop in answer.route:
            if full or stop.holder != holder:
                age = "no claim" if stop.n_claims == 0 else f"{stop.n_claims} claims"
                out.print(
                    f"    {name(stop.place)}: {name(stop.holder)}, passable "
                    f"{percent(stop.p_pass)} ({age})",
                    markup=False,
                )
            holder = stop.holder
    if answer.chokepoints:
        points = ", ".join(
            f"{name(c.place)} ({c.importance:.0%})" for c in answer.chokepoints[:_POINTS]
        )
        out.print(f"  weakest points: {points}", markup=False)
    for assumption in answer.assumptions:
        if full:
            out.print(f"  assumes: {assumption}", markup=False)
    shown = [b for b in answer.because if isinstance(b.claim, Claim)][:_CLAIMS]
    if shown:
        out.print("  because:")
    for reason in shown:
        claim = reason.claim
        quote = (
            f' "{" ".join(claim.quote.split())}"'
            if isinstance(claim, Claim) and claim.quote
            else ""
        )
        out.print(f"    {claim}:{quote} {claim.id}", markup=False)
    out.print(f"  more: marchland why {answer.id}", markup=False)


def _both_or_none(origin: str | None, destination: str | None) -> None:
    if (origin is None) != (destination is None):
        raise click.UsageError("name both ORIGIN and DESTINATION, or neither")

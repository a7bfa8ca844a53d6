"""The command that tells when a place changed hands."""

import click

from marchland.claims import Claim
from marchland.cli.common import (
    as_of_option,
    assumed_of,
    from_option,
    given_option,
    json_option,
    print_json,
    read_given,
    say,
    theatre,
    to_option,
)
from marchland.cli.words import count, quoted, signed
from marchland.control.changes import Change
from marchland.estimate import percent

_REASONS = 4
_LEAST = 0.005


@click.command(short_help="When a place changed hands, with intervals.")
@click.argument("place")
@from_option
@to_option
@as_of_option
@given_option
@json_option
@click.pass_context
def changes(
    ctx: click.Context,
    place: str,
    start: str,
    end: str,
    as_of: str | None,
    given: tuple[str, ...],
    as_json: bool,
) -> None:
    """When a place changed hands, with intervals.

    Each change with the day from when on it is likelier that it has come than not, the 90 %
    interval of that day, and the claims that move it.
    """
    asked = read_given(given)
    with theatre(ctx) as opened:
        name = opened.vocabulary.place(place).name
        found = opened.changes(place, start=start, end=end, as_of=as_of, given=asked)
        assumed_of(asked, opened.vocabulary)
        known_by = as_of or opened.latest
    if as_json:
        print_json([c.to_json() for c in found])
        return
    for change in found:
        _show(change)
    say(
        f"{name}: {count(len(found), 'change')} of hands from {start} to {end}, as known on "
        f"{known_by}."
    )


def _show(change: Change) -> None:
    first = f"before {change.first}" if change.open_start else f"{change.first}"
    last = f"after {change.last}" if change.open_end else f"{change.last}"
    say(
        f"{change.day}  {change.names[change.before]} to {change.names[change.after]}, 90 % "
        f"interval {first} to {last}; odds that it did {percent(change.p)}"
    )
    moving = [b for b in change.because if abs(b.weight) >= _LEAST] or list(change.because)
    for reason in moving[:_REASONS]:
        words = quoted(reason.claim) if isinstance(reason.claim, Claim) else reason.claim.id
        say(f"    {signed(reason.weight)}  {words}")

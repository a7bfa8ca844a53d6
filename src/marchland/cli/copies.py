"""Commands about who copies whom: duplicates."""

import click

from marchland.claims import Report
from marchland.cli.common import as_of_option, json_option, print_json, say, theatre
from marchland.cli.words import count
from marchland.estimate import percent
from marchland.theatre import Duplicates, Printing

_SHOWN = 160
"""Characters of a copied passage that are enough to know it by."""


@click.command(short_help="Reports that print the same story, with who printed it.")
@as_of_option
@json_option
@click.pass_context
def duplicates(ctx: click.Context, as_of: str | None, as_json: bool) -> None:
    """Reports that print the same story, with who printed it.

    The same wire story from five outlets is one observation with five printers: its claims count
    once in every answer, for the first that printed it. A passage inside a longer report, or a
    story taken up again by the same outlet, is found too; what is printed again more than a month
    later counts anew.
    """
    with theatre(ctx) as opened:
        found = opened.duplicates(as_of=as_of)
        held = len(opened.ledger.reports())
    if as_json:
        print_json([_record(d) for d in found])
        return
    for group in found:
        first, *others = group.printings
        say(f"{count(len(group.sources), 'printer')}: {first.report.title}", style="bold")
        say(f"  first     {_who(first.report)}")
        for printing in others:
            say(f"  {_how(printing)} {_who(printing.report)}")
            if not printing.whole:
                say(f"            \u201c{_short(printing.passage)}\u201d")
    if not found:
        say(f"No passage stands in two of {count(held, 'report')}.")
        return
    copies = sum(len(d.printings) - 1 for d in found)
    say(
        f"{count(len(found), 'story')} printed more than once; what "
        f"{count(copies, 'report')} of {held} took over confirms nothing and counts once."
    )


def _who(report: Report) -> str:
    return f"{report.source.name}, {report.published or 'undated'}: {report.title}  {report.id}"


def _how(printing: Printing) -> str:
    kind = "copy" if printing.whole else "part"
    return f"{kind} {percent(printing.likeness):>4}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "\u2026"


def _record(group: Duplicates) -> dict[str, object]:
    return {
        "printers": [s.to_json() for s in group.sources],
        "reports": [
            {
                **p.report.to_json(),
                "source": p.report.source.to_json(),
                "copies": p.of.id if p.of else None,
                "likeness": round(p.likeness, 4),
                "whole": p.whole,
                "passage": p.passage or None,
            }
            for p in group.printings
        ],
    }

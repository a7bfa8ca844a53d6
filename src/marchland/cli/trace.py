"""Commands that walk back: sources, why."""

from collections.abc import Mapping, Sequence
from typing import Any

import click
from rapidfuzz import process

from marchland.cli.common import as_of_option, json_option, print_json, say, table, theatre
from marchland.cli.telling import show_ground
from marchland.cli.words import assumptions, count, quoted
from marchland.control.records import Record
from marchland.errors import UnknownName
from marchland.estimate import percent
from marchland.theatre import Theatre, Why
from marchland.vocabulary import Vocabulary


@click.command(short_help="Who the claims come from.")
@click.argument("name", required=False)
@as_of_option
@json_option
@click.pass_context
def sources(ctx: click.Context, name: str | None, as_of: str | None, as_json: bool) -> None:
    """Who the claims come from.

    Sources and the speakers whom they quote, each with its record against what others said of the
    same place within 30 days, the side it leans to, and its reliability: the chance that a plain
    assertion of theirs is right, learned from how well their claims agree with everything else
    known, with a 90 % interval. Who has made too few claims to be judged keeps the default. With
    NAME one of them, with examples.
    """
    with theatre(ctx) as opened:
        found = opened.sources(as_of=as_of)
        known_by = as_of or opened.ledger.latest_published()
        if name is not None:
            found = [_named(name, found)]
    if as_json:
        shown = None if known_by is None else str(known_by)
        print_json([{**r.to_json(), "as_of": shown} for r in found])
        return
    table(
        (
            *("source", "reports", "claims", "latest", "agreed", "disagreed", "alone"),
            *("reliability", "leans to"),
        ),
        (
            (
                f"{r.name} (quoted)" if r.speaks else r.name,
                r.reports,
                r.claims,
                r.latest,
                r.agreed,
                r.disagreed,
                r.alone,
                _reliability(r),
                r.lean_name,
            )
            for r in found
        ),
        title=f"Who the claims come from, as known on {known_by}",
    )
    if name is not None:
        _show_examples(found[0])


def _named(name: str, found: Sequence[Record]) -> Record:
    """The record of a source or speaker by its id or name."""
    wanted = name.casefold()
    for record in found:
        if record.id == name or record.name.casefold() == wanted:
            return record
    near = process.extract(name, [r.name for r in found], limit=3, score_cutoff=60)
    raise UnknownName(name, [n for n, _, _ in near], what="source")


def _reliability(record: Record) -> str:
    if not record.learned:
        return f"{percent(record.reliability)} (default)"
    low, high = record.interval
    return f"{percent(record.reliability)} ({percent(low)} to {percent(high)})"


def _show_examples(record: Record) -> None:
    if record.lean is not None:
        say(
            f"Good for {record.lean_name}: {count(record.in_own_favour, 'claim')}; against its "
            f"interest: {count(record.against_interest, 'claim')}."
        )
    for agrees, words in ((False, "Others said otherwise of"), (True, "Others said the same of")):
        shown = [e for e in record.examples if e.agrees == agrees]
        if shown:
            say(f"{words}:")
        for example in shown:
            say(f"  {quoted(example.claim)}")


@click.command(short_help="Walk from an answer to the sentences it rests on.")
@click.argument("id")
@json_option
@click.pass_context
def why(ctx: click.Context, id: str, as_json: bool) -> None:
    """Walk from an answer to the sentences it rests on.

    ID is an estimate's (e:...), a claim's (c:...) or a report's (r:...); its first characters will
    do where no other id has them.
    """
    with theatre(ctx) as opened:
        found = opened.why(id)
        if as_json:
            print_json(found.to_json())
            return
        _show_head(found, opened)
        for ground in found.grounds:
            show_ground(ground)
        if not found.grounds and not found.missing:
            say("No claim stands behind it.")
        for missing in found.missing:
            say(f"{missing}: not in this ledger")


def _show_head(found: Why, opened: Theatre) -> None:
    """What is walked from: an answer's status and odds, or a report's title."""
    if found.answer:
        for line in _answer_lines(found.id, found.answer, opened.vocabulary):
            say(line)
    elif found.id.startswith("r:"):
        report = opened.ledger.report(found.id)
        say(
            f"{report.id}: {report.title}, {report.source.name}, {report.published or 'undated'}: "
            f"{count(len(found.grounds), 'claim')}"
        )


def _answer_lines(id: str, answer: Mapping[str, Any], vocabulary: Vocabulary) -> list[str]:
    odds, names, given = (answer.get(k) or {} for k in ("p", "names", "given"))
    best = answer.get("best")
    status = answer.get("status") or ("not known" if best is None else names.get(best, best))
    about = ", ".join(
        v["name"] for v in answer.values() if isinstance(v, dict) and {"id", "name"} <= set(v)
    )
    lines = [
        f"{id}: {answer['question']} of {about} on {answer['on']}, as known on "
        f"{answer['as_of']}: {status}"
    ]
    if odds and best is not None:
        shown = sorted(odds.items(), key=lambda kv: -kv[1])
        told = "  ".join(f"{names.get(k, k)} {percent(p)}" for k, p in shown if p >= 0.005)
        lines.append(f"  odds: {told}")
    if given:
        lines.append(f"  assuming {assumptions(given, vocabulary)}")
    return lines

"""Commands that walk back: sources, why."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import click

from marchland.cli.common import as_of_option, json_option, print_json, say, table, theatre
from marchland.cli.telling import show_ground
from marchland.cli.words import assumptions, count
from marchland.estimate import percent
from marchland.theatre import Theatre, Why
from marchland.vocabulary import Vocabulary


@click.command(short_help="Who the claims come from.")
@as_of_option
@json_option
@click.pass_context
def sources(ctx: click.Context, as_of: str | None, as_json: bool) -> None:
    """Who the claims come from.

    With the reliability that control is inferred with: the chance that a plain assertion of theirs
    is right, learned from how well their claims agree with everything else known. Who has made too
    few claims to be judged keeps the default.
    """
    reports: dict[str, set[str]] = defaultdict(set)
    counts: dict[str, int] = defaultdict(int)
    names: dict[str, str] = {}
    last: dict[str, str] = {}
    with theatre(ctx) as opened:
        for claim in opened.claims(as_of=as_of):
            key = claim.source.id
            names[key] = claim.source.name
            reports[key].add(claim.report.id)
            counts[key] += 1
            last[key] = max(last.get(key, ""), str(claim.published or ""))
        learned, default = _reliabilities(opened, as_of)
        known_by = as_of or opened.ledger.latest_published()
    rows = sorted(names, key=lambda key: (-counts[key], key))
    if as_json:
        print_json(
            [
                {
                    "id": key,
                    "name": names[key],
                    "reports": len(reports[key]),
                    "claims": counts[key],
                    "latest": last[key] or None,
                    "reliability": _rounded(learned.get(key, default)),
                    "learned": key in learned,
                    "as_of": None if known_by is None else str(known_by),
                }
                for key in rows
            ]
        )
        return

    def shown(key: str) -> str:
        if key in learned:
            return percent(learned[key])
        return "" if default is None else f"{percent(default)} (default)"

    table(
        ("source", "reports", "claims", "latest", "reliability"),
        ((names[key], len(reports[key]), counts[key], last[key], shown(key)) for key in rows),
        title=f"Who the claims come from, as known on {known_by}",
    )


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


def _reliabilities(opened: Theatre, as_of: str | None) -> tuple[Mapping[str, float], float | None]:
    """Reliability per source id where learned, and the default; none where nothing is dated."""
    latest = opened.ledger.latest_published()
    if latest is None:
        return {}, None
    day = as_of or latest
    settings = opened.control_field(start=day, end=day, as_of=as_of).settings
    return settings.reliabilities, settings.reliability


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)

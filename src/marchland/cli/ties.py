"""Commands about ties through time: shifts, deeds, sequence, balance, network."""

from collections.abc import Sequence
from pathlib import Path

import click

from marchland.alignment.acts import Act, partings, periods
from marchland.cli.common import (
    as_of_option,
    from_option,
    json_option,
    on_option,
    output_option,
    print_json,
    say,
    table,
    theatre,
    to_option,
)
from marchland.cli.words import count, name_of, quoted
from marchland.dates import parse_day
from marchland.estimate import percent
from marchland.theatre import Theatre
from marchland.vocabulary import Vocabulary

_SHOWN = 3
_NOT_KNOWN = "not known"
_SIDES = {None: _NOT_KNOWN, "neutral": "neither"}
_proxies = click.option(
    "--proxies",
    is_flag=True,
    help="Count too what those did whom either side commands, backs or contains.",
)


@click.command(short_help="When two actors came to stand together, apart or neither.")
@click.argument("a", required=False)
@click.argument("b", required=False)
@from_option
@to_option
@as_of_option
@json_option
@click.pass_context
def shifts(
    ctx: click.Context,
    a: str | None,
    b: str | None,
    start: str,
    end: str,
    as_of: str | None,
    as_json: bool,
) -> None:
    """When two actors came to stand together, apart or neither.

    Each change has a 90 % interval of days, odds and the claims behind it; beneath stands where
    the two stood on the first day and stand on the last. Without A and B: every two actors that
    stand otherwise on the last day than on the first.
    """
    if (a is None) != (b is None):
        raise click.UsageError("name two actors, or none")
    with theatre(ctx) as opened:
        known_by = as_of or str(opened.latest)
        if a is None or b is None:
            _turned(opened, start, end, known_by, as_json)
            return
        found = opened.shifts(a, b, start=start, end=end, as_of=as_of)
        ends = [opened.alignment(a, b, on=day, as_of=as_of) for day in (start, end)]
        vocabulary = opened.vocabulary
        if as_json:
            print_json(
                {
                    "question": "shifts",
                    "from": start,
                    "to": end,
                    "as_of": known_by,
                    "shifts": [s.to_json() for s in found],
                    "then": {"id": ends[0].id, **ends[0].to_json()},
                    "now": {"id": ends[1].id, **ends[1].to_json()},
                    "revision": opened.ledger.revision,
                }
            )
            return
        names = f"{name_of(ends[0].about['a']['id'], vocabulary)} and "
        names += name_of(ends[0].about["b"]["id"], vocabulary)
        table(
            ("before", "after", "about", "earliest", "latest", "odds"),
            (
                (
                    _side(s.before),
                    _side(s.after),
                    s.day,
                    s.earliest,
                    s.latest,
                    percent(s.p),
                )
                for s in found
            ),
            title=f"{names}, {start} to {end}, as known on {known_by}",
        )
        for shift in found:
            say(f"{_side(shift.before)} to {_side(shift.after)}, by:")
            for claim in shift.claims[:_SHOWN]:
                say(f"  {quoted(claim)}")
        say(f"Then: {ends[0]}")
        say(f"Now:  {ends[1]}")


@click.command(short_help="What two actors said and did to each other, and where it parts.")
@click.argument("a")
@click.argument("b")
@from_option
@to_option
@_proxies
@as_of_option
@json_option
@click.pass_context
def deeds(
    ctx: click.Context,
    a: str,
    b: str,
    start: str,
    end: str,
    proxies: bool,
    as_of: str | None,
    as_json: bool,
) -> None:
    """What two actors said and did to each other, and where it parts.

    By quarter and direction, the mean of what was said (verbal cooperation and conflict) and done
    (material) on the scale of Goldstein (1992), -10 to 10. Then each word and deed of one side that
    point opposite ways within 45 days, and mixed messages of either.
    """
    with theatre(ctx) as opened:
        vocabulary, known_by = opened.vocabulary, as_of or str(opened.latest)
        found = opened.deeds(a, b, start=start, end=end, as_of=as_of, proxies=proxies)
        by_quarter, parted = periods(found), partings(found)
        mixed = [m for x in (a, b) for m in opened.mixed_messages(x, as_of=as_of)]
        if as_json:
            print_json(
                {
                    "question": "deeds",
                    "a": vocabulary.actor(a).id,
                    "b": vocabulary.actor(b).id,
                    "from": start,
                    "to": end,
                    "as_of": known_by,
                    "scale": "Goldstein 1992, by CAMEO code",
                    "acts": [x.to_json() for x in found],
                    "quarters": [
                        {**p.to_json(), "acts": [x.claim.id for x in p.acts]} for p in by_quarter
                    ],
                    "partings": [
                        {"word": w.claim.id, "deed": d.claim.id, "by": w.by} for w, d in parted
                    ],
                    "mixed": [m.to_json() for m in mixed],
                    "revision": opened.ledger.revision,
                }
            )
            return
        table(
            ("quarter from", "by", "to", "words", "deeds", "acts", ""),
            (
                (
                    p.start,
                    name_of(p.by, vocabulary),
                    name_of(p.to, vocabulary),
                    "" if p.words is None else f"{p.words:+.1f}",
                    "" if p.deeds is None else f"{p.deeds:+.1f}",
                    len(p.acts),
                    "they part" if p.parted else "",
                )
                for p in by_quarter
            ),
            title="Words and deeds on Goldstein's scale (-10 to 10), as known on " + known_by,
        )
        _show_acts(found, vocabulary)
        for word, deed in parted:
            say(f"{name_of(word.by, vocabulary)} says one thing and does another:")
            say(f"  {word.day}  {quoted(word.claim)}")
            say(f"  {deed.day}  {quoted(deed.claim)}")
        for m in mixed:
            say(f"{name_of(m.speaker, vocabulary)}: {m.why}, {count(m.days_apart, 'day')} apart:")
            say(f"  {quoted(m.first)}")
            say(f"  {quoted(m.second)}")
        say(
            f"{count(len(found), 'act')} from {start} to {end}; words and deeds part "
            f"{count(len(parted), 'time')}; {count(len(mixed), 'mixed message')}."
        )


@click.command(short_help="Strike, warning and answer between two actors, with the lags.")
@click.argument("a")
@click.argument("b")
@from_option
@to_option
@click.option(
    "--lag",
    "lag_days",
    default=30,
    type=click.IntRange(min=1),
    show_default=True,
    help="Most days between two steps of one run.",
)
@_proxies
@as_of_option
@json_option
@click.pass_context
def sequence(
    ctx: click.Context,
    a: str,
    b: str,
    start: str,
    end: str,
    lag_days: int,
    proxies: bool,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Strike, warning and answer between two actors, with the lags.

    That one thing follows another does not say that it was caused by it: beside each lag stands
    how often that side would act so soon by chance.
    """
    with theatre(ctx) as opened:
        vocabulary, known_by = opened.vocabulary, as_of or str(opened.latest)
        found = opened.exchanges(
            a, b, start=start, end=end, as_of=as_of, proxies=proxies, lag_days=lag_days
        )
        if as_json:
            print_json(
                {
                    "question": "sequence",
                    "a": vocabulary.actor(a).id,
                    "b": vocabulary.actor(b).id,
                    "from": start,
                    "to": end,
                    "as_of": known_by,
                    "lag_days": lag_days,
                    "proxies": proxies,
                    "sequences": [s.to_json() for s in found],
                    "revision": opened.ledger.revision,
                }
            )
            return
        for run in found:
            say(f"{run.start} to {run.end}: {count(len(run.steps), 'step')}", style="bold")
            told: set[str] = set()
            for step in run.steps:
                ids = {act.claim.id for act in step.acts}
                if ids <= told:
                    continue  # a clash is a step of both sides, told once
                told |= ids
                lag = ""
                if step.lag_days is not None and step.by_chance is not None:
                    lag = f", {count(step.lag_days, 'day')} after the other side's last step "
                    lag += f"(by chance {percent(step.by_chance)})"
                say(
                    f"  {step.day}  {name_of(step.by, vocabulary)}: {step.kind} "
                    f"({_read(step.acts)} {percent(step.p)}){lag}"
                )
                for act in step.acts[:_SHOWN]:
                    say(f"      {quoted(act.claim)}")
        say(
            f"{count(len(found), 'run')} of action and answer from {start} to {end}, as known on "
            f"{known_by}."
        )


@click.command(short_help="The two camps that ties fit best, and the ties under strain.")
@on_option
@click.option("--people", is_flag=True, help="With persons in public roles.")
@as_of_option
@json_option
@click.pass_context
def balance(ctx: click.Context, on: str, people: bool, as_of: str | None, as_json: bool) -> None:
    """The two camps that ties fit best, and the ties under strain.

    The least weight of ties against any split into two camps (the frustration index), found
    exactly. A tie weighs the odds of its side less those of the other.
    """
    with theatre(ctx) as opened:
        vocabulary, known_by = opened.vocabulary, as_of or str(opened.latest)
        found = opened.balance(on=on, as_of=as_of, people=people)
        sources = {}
        network = opened.alignment_network(as_of=as_of)
        for s in found.strains:
            evidence = network.chain(s.tie.a, s.tie.b).bearing(parse_day(on))
            said = [e for e in evidence if e.log_odds * e.weight * s.tie.sign > 0]
            said.sort(key=lambda e: (-abs(e.leaning), e.claim.id))
            sources[s.tie] = [e.claim for e in said[:_SHOWN]]
        if as_json:
            record = found.to_json()
            for row, s in zip(record["strains"], found.strains, strict=True):
                row["because"] = [c.to_json() for c in sources[s.tie]]
            print_json(
                {
                    "question": "balance",
                    "on": on,
                    "as_of": known_by,
                    **record,
                    "revision": opened.ledger.revision,
                }
            )
            return
        whole = "proved least" if found.proved else f"no split is below {found.bound:.2f}"
        say(
            f"{on}, as known on {known_by}: {count(len(found.ties), 'tie')}; "
            f"{count(len(found.strains), 'tie')} against the camps, weighing "
            f"{found.frustration:.2f} ({percent(found.share)} of all; {whole})."
        )
        sizes: dict[int, list[str]] = {}
        for actor, part in found.parts.items():
            sizes.setdefault(part, []).append(actor)
        largest = max(sizes.values(), key=len, default=[])
        for camp in (0, 1):
            members = [name_of(x, vocabulary) for x in largest if found.camps[x] == camp]
            say(f"Camp {camp + 1}: {', '.join(sorted(members))}")
        if len(sizes) > 1:
            say(f"({count(len(sizes) - 1, 'small part')} not joined to these left out here.)")
        table(
            ("tie", "stand", "weight", "against the way"),
            (
                (
                    f"{name_of(s.tie.a, vocabulary)} - {name_of(s.tie.b, vocabulary)}",
                    "together" if s.tie.sign > 0 else "opposed",
                    f"{s.tie.weight:.2f}",
                    " - ".join(name_of(x, vocabulary) for x in s.path),
                )
                for s in found.strains
            ),
            title="Ties under strain",
        )
        for s in found.strains:
            for claim in sources[s.tie][:1]:
                say(f"  {quoted(claim)}")


@click.command(short_help="Write the network of a day: GraphML, GEXF or CSV.")
@output_option
@on_option
@as_of_option
@json_option
@click.pass_context
def network(ctx: click.Context, output: Path, on: str, as_of: str | None, as_json: bool) -> None:
    """Write the network of a day: GraphML, GEXF or CSV.

    OUTPUT ends in .graphml, .gexf or .csv. Each tie has its kind, sign, odds, backing, claims and
    sources.
    """
    with theatre(ctx) as opened:
        known_by = as_of or str(opened.latest)
        written = opened.write_network(output, on=on, as_of=as_of)
    if as_json:
        print_json({"written": str(output), "count": written, "on": on, "as_of": known_by})
        return
    say(f"{count(written, 'tie')} of {on}, as known on {known_by}, written to {output}")


def _turned(opened: Theatre, then: str, now: str, known_by: str, as_json: bool) -> None:
    found = opened.turned(then=then, now=now, as_of=known_by)
    vocabulary = opened.vocabulary
    if as_json:
        print_json(
            {
                "question": "turned",
                "then": then,
                "now": now,
                "as_of": known_by,
                "pairs": [t.to_json() for t in found],
                "revision": opened.ledger.revision,
            }
        )
        return
    groups = {
        f"Who stands otherwise on {now} than on {then}": [t for t in found if t.before and t.after],
        f"Ties of {then} told to have ended, or of which nothing firm is known on {now}": [
            t for t in found if not t.after
        ],
        f"Ties of {now} of which nothing firm was told by {then}": [
            t for t in found if not t.before
        ],
    }
    for title, rows in groups.items():
        if not rows:
            say(f"{title}: none.")
            continue
        table(
            ("a", "b", then, "odds", now, "odds", "sources"),
            (
                (
                    name_of(t.a, vocabulary),
                    name_of(t.b, vocabulary),
                    _side(t.before),
                    percent(t.p_before) if t.before else "",
                    _side(t.after),
                    percent(t.p_after) if t.after else "",
                    ", ".join(sorted({c.source.name for c in t.claims})),
                )
                for t in rows
            ),
            title=f"{title}, as known on {known_by}",
        )
    say(f"{count(len(found), 'pair')}.")


def _side(side: str | None) -> str:
    return _SIDES.get(side) or side or _NOT_KNOWN


def _read(acts: Sequence[Act]) -> str:
    if all(act.by_place for act in acts):
        return "read rightly, and meant for the other side, which was told to be there,"
    return "read rightly"


def _show_acts(acts: Sequence[Act], vocabulary: Vocabulary) -> None:
    shown: set[str] = set()
    for act in acts:
        if act.claim.id in shown:
            continue
        shown.add(act.claim.id)
        say(
            f"  {act.day}  {name_of(act.by, vocabulary)} to {name_of(act.to, vocabulary)}, "
            f"{act.side} {act.value:+.1f}, {_read([act])} {percent(act.p)}: {quoted(act.claim)}"
        )

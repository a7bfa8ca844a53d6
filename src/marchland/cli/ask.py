"""Commands that ask of claims: claims, control, alignment, contradictions, sources, why."""

from collections import defaultdict
from collections.abc import Sequence

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
    table,
    theatre,
)
from marchland.estimate import Estimate
from marchland.theatre import Ground

_SHOWN = 8


@click.command(short_help="List claims: who said what, when, how firmly.")
@click.option("--place", metavar="NAME", help="About this place, or the places of this area.")
@click.option("--actor", metavar="NAME", help="With this actor in it.")
@click.option("--kind", type=click.Choice(["control", "relation", "event", "statement"]))
@click.option("--predicate", metavar="WORD", help="Such as captures, backs, assaults.")
@click.option("--on", metavar="DAY", help="Said to be true on this day.")
@click.option("--limit", type=int, help="At most so many.")
@as_of_option
@json_option
@click.pass_context
def claims(
    ctx: click.Context,
    place: str | None,
    actor: str | None,
    kind: str | None,
    predicate: str | None,
    on: str | None,
    limit: int | None,
    as_of: str | None,
    as_json: bool,
) -> None:
    """List claims: who said what, when, how firmly."""
    with theatre(ctx) as opened:
        found = opened.claims(
            place=place,
            actor=actor,
            kind=kind,
            predicate=predicate,
            on=on,
            as_of=as_of,
            limit=limit,
        )
    if as_json:
        print_json([c.to_json() for c in found])
        return
    show_claims(found)
    out.print(f"{len(found)} claims.")


@click.command(short_help="Who holds a place on a day, as known on a day.")
@click.argument("place", required=False)
@click.option("--all", "everywhere", is_flag=True, help="Every place that has a claim.")
@click.option("--within", metavar="AREA", help="Every place of this area.")
@on_option
@as_of_option
@given_option
@json_option
@click.pass_context
def control(
    ctx: click.Context,
    place: str | None,
    everywhere: bool,
    within: str | None,
    on: str,
    as_of: str | None,
    given: tuple[str, ...],
    as_json: bool,
) -> None:
    """Who holds a place on a day, as known on a day."""
    if (place is not None) + everywhere + (within is not None) != 1:
        raise click.UsageError("name one place, or say --all, or --within AREA")
    assumed = read_given(given)
    with theatre(ctx) as opened:
        if place is not None:
            estimate = opened.control(place, on=on, as_of=as_of, given=assumed)
            if as_json:
                print_json({"id": estimate.id, **estimate.to_json()})
            else:
                show_estimate(estimate)
            return
        estimates = opened.control_all(on=on, as_of=as_of, within=within, given=assumed)
        default_as_of = as_of or opened.latest
    if as_json:
        print_json([{"id": e.id, **e.to_json()} for e in estimates])
        return
    table(
        ("place", "held by", "odds", "claims", "sources", "confidence"),
        (
            (
                e.subject(),
                e.name_of(e.best) if e.best else "not known",
                percent(e.p[e.best]) if e.best else "",
                e.n_claims,
                e.n_sources,
                e.confidence,
            )
            for e in estimates
        ),
        title=f"Who holds what on {on}, as known on {default_as_of}",
    )


@click.command(short_help="Where two actors stand towards each other.")
@click.argument("a")
@click.argument("b")
@on_option
@as_of_option
@given_option
@json_option
@click.pass_context
def alignment(
    ctx: click.Context,
    a: str,
    b: str,
    on: str,
    as_of: str | None,
    given: tuple[str, ...],
    as_json: bool,
) -> None:
    """Where two actors stand towards each other."""
    with theatre(ctx) as opened:
        estimate = opened.alignment(a, b, on=on, as_of=as_of, given=read_given(given))
    if as_json:
        print_json({"id": estimate.id, **estimate.to_json()})
        return
    show_estimate(estimate)


@click.command(short_help="Who stands with an actor, and on what assumption.")
@click.argument("principal")
@on_option
@click.option("--ground", type=click.Choice(["loose", "strict"]), help="Doubtful ground.")
@as_of_option
@given_option
@json_option
@click.pass_context
def coalition(
    ctx: click.Context,
    principal: str,
    on: str,
    ground: str | None,
    as_of: str | None,
    given: tuple[str, ...],
    as_json: bool,
) -> None:
    """Who stands with an actor, and on what assumption."""
    with theatre(ctx) as opened:
        found = opened.coalition(
            principal, on=on, ground=ground, as_of=as_of, given=read_given(given)
        )
        name = opened.vocabulary.actors
        known_by = as_of or opened.latest

        def named(actor: str) -> str:
            return name[actor].name if actor in name else actor

        if as_json:
            print_json(found.to_json())
            return
        table(
            ("member", "odds", "through", "assumption"),
            (
                (
                    named(m.actor),
                    percent(m.p),
                    " - ".join(named(a) for a in m.path),
                    m.assumption or "",
                )
                for m in found.members
            ),
            title=f"Who stands with {named(found.principal)} on {on}, as known on {known_by}",
        )


@click.command(short_help="Claims that can't all be true, side by side.")
@click.option("--from", "start", required=True, metavar="DAY")
@click.option("--to", "end", required=True, metavar="DAY")
@click.option("--place", metavar="NAME", help="Only about this place.")
@as_of_option
@json_option
@click.pass_context
def contradictions(
    ctx: click.Context, start: str, end: str, place: str | None, as_of: str | None, as_json: bool
) -> None:
    """Claims that can't all be true, side by side."""
    with theatre(ctx) as opened:
        found = opened.contradictions(start=start, end=end, as_of=as_of)
        if place is not None:
            wanted = opened.vocabulary.place(place).id
            found = [c for c in found if c.place == wanted]
    if as_json:
        print_json([c.to_json() for c in found])
        return
    for item in found:
        out.print(str(item), markup=False)
        out.print()
    out.print(f"{len(found)} contradictions between {start} and {end}.")


@click.command(short_help="Who the claims come from.")
@json_option
@click.pass_context
def sources(ctx: click.Context, as_json: bool) -> None:
    """Who the claims come from."""
    reports: dict[str, set[str]] = defaultdict(set)
    counts: dict[str, int] = defaultdict(int)
    names: dict[str, str] = {}
    last: dict[str, str] = {}
    with theatre(ctx) as opened:
        for claim in opened.claims():
            key = claim.source.id
            names[key] = claim.source.name
            reports[key].add(claim.report.id)
            counts[key] += 1
            last[key] = max(last.get(key, ""), str(claim.published or ""))
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
                }
                for key in rows
            ]
        )
        return
    table(
        ("source", "reports", "claims", "latest"),
        ((names[key], len(reports[key]), counts[key], last[key]) for key in rows),
    )


@click.command(short_help="What a name means: one thing, several, or unknown.")
@click.argument("name")
@click.option("--as", "what", type=click.Choice(["place", "actor"]), default=None)
@click.option("--country", multiple=True, metavar="CODE", help="Look in these countries first.")
@json_option
@click.pass_context
def resolve(
    ctx: click.Context, name: str, what: str | None, country: tuple[str, ...], as_json: bool
) -> None:
    """What a name means: one thing, several, or unknown."""
    with theatre(ctx) as opened:
        vocabulary = opened.vocabulary
        countries = [c.upper() for c in country]
        answers = {}
        if what in (None, "place"):
            answers["place"] = vocabulary.resolve_place(name, countries=countries)
        if what in (None, "actor"):
            answers["actor"] = vocabulary.resolve_actor(name, countries=countries)
    if as_json:
        print_json(
            {
                kind: {
                    "answer": r.answer.value,
                    "id": r.id,
                    "candidates": [
                        {"id": c.id, "name": c.name, "kind": c.kind, "score": round(c.score, 3)}
                        for c in r.candidates
                    ],
                }
                for kind, r in answers.items()
            }
        )
        return
    for kind, r in answers.items():
        out.print(f"as {kind}: {r.answer.value}{f' {r.id}' if r.id else ''}", markup=False)
        for c in r.candidates[:_SHOWN]:
            out.print(f"    {c.id}  {c.name}  ({c.kind})  {c.reason}", markup=False)


@click.command(short_help="Walk from an answer to the sentences it rests on.")
@click.argument("id")
@json_option
@click.pass_context
def why(ctx: click.Context, id: str, as_json: bool) -> None:
    """Walk from an answer to the sentences it rests on.

    ID is an estimate's (e:...), a claim's (c:...) or a report's (r:...).
    """
    with theatre(ctx) as opened:
        found = opened.why(id)
    if as_json:
        print_json(found.to_json())
        return
    if found.answer:
        best = found.answer.get("best")
        names = found.answer.get("names", {})
        odds = found.answer.get("p", {}).get(best)
        said = f"{names.get(best, best)} ({percent(odds)})" if odds is not None else "not known"
        out.print(
            f"{found.id}: {found.answer['question']} on {found.answer['on']}, as known on "
            f"{found.answer['as_of']}: {found.answer.get('status') or said}",
            markup=False,
        )
    for ground in found.grounds:
        show_ground(ground)
    for missing in found.missing:
        out.print(f"{missing}: not in this ledger", markup=False)


def show_claims(found: Sequence[Claim]) -> None:
    """A table of claims."""
    table(
        (
            "id",
            "who",
            "does",
            "whom",
            "where",
            "when",
            "firmness",
            "speaker",
            "source",
            "published",
        ),
        (
            (
                c.id,
                c.subject.name if c.subject else "",
                c.predicate,
                c.object.name if c.object else "",
                c.place.name if c.place else "",
                c.valid,
                c.modality,
                c.speaker.name if c.speaker else "",
                c.source.name,
                c.published,
            )
            for c in found
        ),
    )


def show_estimate(estimate: Estimate) -> None:
    """The sentence, the odds, and the claims behind them."""
    out.print(str(estimate), markup=False)
    for outcome, p in sorted(estimate.p.items(), key=lambda kv: -kv[1])[:_SHOWN]:
        if p >= 0.005:
            out.print(f"  {percent(p):>5}  {estimate.name_of(outcome)}", markup=False)
    if estimate.because:
        out.print("Because:")
    for reason in estimate.because[:_SHOWN]:
        claim = reason.claim
        quote = ""
        if isinstance(claim, Claim) and claim.quote:
            quote = f': "{" ".join(claim.quote.split())}"'
        out.print(f"  {reason.weight:+.2f}  {claim}{quote}  {claim.id}", markup=False)
    out.print(f"More: marchland why {estimate.id}", markup=False)


def show_ground(ground: Ground) -> None:
    """A claim, the passage it rests on, and the report."""
    claim = ground.claim
    weight = "" if ground.weight is None else f"{ground.weight:+.2f}  "
    out.print(f"{weight}{claim.id}  {claim}", markup=False)
    if ground.passage is None:
        out.print(f"    a table's claim: {claim.report.title}", markup=False)
        return
    out.print(f"    {ground.passage}", markup=False)
    where = claim.report.url or claim.report.path or ""
    out.print(
        f"    {claim.report.title}, {claim.source.name}, {claim.published or 'undated'}  "
        f"{claim.report.id} {where} [{claim.begin}-{claim.end}]",
        markup=False,
    )


__all__ = [
    "alignment",
    "claims",
    "coalition",
    "contradictions",
    "control",
    "resolve",
    "show_estimate",
    "show_ground",
    "sources",
    "why",
]

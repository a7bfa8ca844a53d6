"""Commands that ask of claims: claims, control, alignment, coalition, contradictions, resolve."""

from collections.abc import Mapping

import click
from rapidfuzz import process

from marchland.cli.common import (
    as_of_option,
    assumed_of,
    from_option,
    given_option,
    json_option,
    on_option,
    print_json,
    read_given,
    say,
    table,
    theatre,
    to_option,
)
from marchland.cli.telling import show_claims, show_estimate
from marchland.cli.trace import sources, why
from marchland.cli.words import assumptions, count, name_of
from marchland.errors import BadInput, UnknownName
from marchland.estimate import percent
from marchland.theatre import Theatre

_SHOWN = 8


@click.command(short_help="List claims: who said what, when, how firmly.")
@click.option("--place", metavar="NAME", help="About this place, or the places of this area.")
@click.option("--actor", metavar="NAME", help="With this actor in it.")
@click.option(
    "--kind",
    type=click.Choice(["control", "relation", "event", "statement"]),
    help="Only of this kind.",
)
@click.option("--predicate", metavar="WORD", help="Such as captures, backs, assaults.")
@click.option("--on", metavar="DAY", help="Said to be true on this day.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
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
        predicates = opened.vocabulary.predicates
        if predicate is not None and predicate not in predicates:
            near = process.extract(predicate, list(predicates), limit=3, score_cutoff=60)
            raise UnknownName(predicate, [n for n, _, _ in near], what="predicate")
        found = opened.claims(
            place=place,
            actor=actor,
            kind=kind,
            predicate=predicate,
            on=on,
            as_of=as_of,
            limit=limit,
        )
        known_by = as_of or opened.ledger.latest_published()
    if as_json:
        print_json([c.to_json() for c in found])
        return
    if found:
        show_claims(found)
    say(f"{count(len(found), 'claim')}, as known on {known_by or 'no day: nothing is dated'}.")


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
    asked = read_given(given)
    with theatre(ctx) as opened:
        if place is not None:
            estimate = opened.control(place, on=on, as_of=as_of, given=asked)
            assumed_of(asked, opened.vocabulary, used=estimate.given)
            if as_json:
                print_json({"id": estimate.id, **estimate.to_json()})
            else:
                show_estimate(estimate, opened.vocabulary)
            return
        if within is not None:
            require_area(opened, within)
        estimates = opened.control_all(on=on, as_of=as_of, within=within, given=asked)
        known_by = as_of or opened.latest
        used: Mapping[str, str] = estimates[0].given if estimates else {}
        assumed_of(asked, opened.vocabulary, used=used)
        assuming = assumptions(used, opened.vocabulary)
    if as_json:
        print_json([{"id": e.id, **e.to_json()} for e in estimates])
        return
    if not estimates:
        say(f"No place to tell of on {on}: no claim had been published by {known_by}.")
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
        title=f"Who holds what on {on}, as known on {known_by}",
    )
    if assuming:
        say(f"Assuming {assuming}.")


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
    asked = read_given(given)
    with theatre(ctx) as opened:
        estimate = opened.alignment(a, b, on=on, as_of=as_of, given=asked)
        assumed_of(asked, opened.vocabulary, used=estimate.given)
        if as_json:
            print_json({"id": estimate.id, **estimate.to_json()})
        else:
            show_estimate(estimate, opened.vocabulary)


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
    asked = read_given(given)
    with theatre(ctx) as opened:
        vocabulary = opened.vocabulary
        found = opened.coalition(principal, on=on, ground=ground, as_of=as_of, given=asked)
        network = opened.alignment_network(as_of=as_of, given=asked)
        used = assumed_of(asked, vocabulary, used=network.given)
        if as_json:
            named = {a for m in found.members for a in (m.actor, *m.path)} | {found.principal}
            print_json(
                {
                    "question": "coalition",
                    **found.to_json(),
                    "given": dict(used),
                    "names": {a: name_of(a, vocabulary) for a in sorted(named)},
                    "revision": opened.ledger.revision,
                }
            )
            return
        table(
            ("member", "odds", "through", "assumption"),
            (
                (
                    name_of(m.actor, vocabulary),
                    percent(m.p),
                    " - ".join(name_of(a, vocabulary) for a in m.path),
                    m.assumption or "",
                )
                for m in found.members
            ),
            title=f"Who stands with {name_of(found.principal, vocabulary)} on {found.on}, as known "
            f"on {found.as_of}",
        )
        if used:
            say(f"Assuming {assumptions(used, vocabulary)}.")


@click.command(short_help="Claims that can't all be true, side by side.")
@from_option
@to_option
@click.option("--place", metavar="NAME", help="Only about this place, or the places of this area.")
@as_of_option
@json_option
@click.pass_context
def contradictions(
    ctx: click.Context, start: str, end: str, place: str | None, as_of: str | None, as_json: bool
) -> None:
    """Claims that can't all be true, side by side."""
    with theatre(ctx) as opened:
        found = opened.contradictions(start=start, end=end, as_of=as_of)
        known_by = as_of or opened.latest
        if place is not None:
            asked = opened.vocabulary.place(place).id
            wanted = {asked, *opened.vocabulary.members_of(asked)}
            found = [c for c in found if c.place in wanted]
    if as_json:
        print_json([c.to_json() for c in found])
        return
    for item in found:
        say(item)
        say()
    say(f"{count(len(found), 'contradiction')} between {start} and {end}, as known on {known_by}.")


@click.command(short_help="What a name means: one thing, several, or unknown.")
@click.argument("name")
@click.option(
    "--as",
    "what",
    type=click.Choice(["place", "actor"]),
    default=None,
    help="Only as this; both by default.",
)
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
        say(f"as {kind}: {r.answer.value}{f' {r.id}' if r.id else ''}")
        for c in r.candidates[:_SHOWN]:
            say(f"    {c.id}  {c.name}  ({c.kind})  {c.reason}")
        if len(r.candidates) > _SHOWN:
            say(f"    and {len(r.candidates) - _SHOWN} more")


def require_area(opened: Theatre, name: str) -> None:
    """Refuse a place that no other place lies in.

    Raises
    ------
    UnknownName, AmbiguousName
        If the name is not known, or could be several.
    BadInput
        If it is no area.
    """
    place = opened.vocabulary.place(name)
    if not opened.vocabulary.members_of(place.id):
        raise BadInput(
            f"{place.name} ({place.id}) is no area that this theatre lists places of; ask about "
            f"the place itself, or add it to areas.csv"
        )


__all__ = [
    "alignment",
    "claims",
    "coalition",
    "contradictions",
    "control",
    "require_area",
    "resolve",
    "sources",
    "why",
]

"""How claims and answers are laid out for people: status first, then odds, then the reasons."""

from collections.abc import Mapping, Sequence
from typing import Any

from marchland.claims import Claim
from marchland.cli.common import asking, say, table
from marchland.cli.words import assumptions, count, name_of, quoted, signed
from marchland.corridor import (
    CorridorEstimate,
    CorridorQuestion,
    Firmness,
    PlaceFirmness,
    RouteOption,
    Sweep,
    TravelTime,
)
from marchland.corridor.model import few
from marchland.estimate import Because, Estimate, percent
from marchland.theatre import Ground
from marchland.vocabulary import Vocabulary

_OUTCOMES = 8
_REASONS = 8
_FEW = 3
_CLAIMS = 5
_POINTS = 5
_NAMED = 6
_WHOLE_H = 10
_LEAST = 0.005
"""Odds and weights below this are not worth a line of their own."""


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


def show_estimate(estimate: Estimate, vocabulary: Vocabulary) -> None:
    """The status, the sentence, the odds, and the claims behind them."""
    status = "not known" if estimate.best is None else estimate.name_of(estimate.best)
    say(f"{estimate.on}  {status.upper()}", style="bold")
    say(estimate)
    if estimate.given:
        say(f"Assuming {assumptions(estimate.given, vocabulary)}.")
    if estimate.best is None:
        say("Odds that rest on no claim about it:")
    for outcome, p in sorted(estimate.p.items(), key=lambda kv: -kv[1])[:_OUTCOMES]:
        if p >= _LEAST:
            say(f"  {percent(p):>5}  {estimate.name_of(outcome)}")
    _show_reasons(estimate.because)
    say(f"More: {asking('why', estimate.id)}")


def show_corridor(answer: CorridorEstimate, vocabulary: Vocabulary, *, full: bool = False) -> None:
    """Status first, then odds, route, weakest points, and the claims behind it."""
    say(f"{answer.on}  {answer.status.upper()}", style="bold")
    say(answer)
    if answer.given:
        say(f"  assuming {assumptions(answer.given, vocabulary)}")
    if answer.route:
        if answer.status != "unknown":
            say(f"  odds: {'  '.join(f'{k} {percent(v)}' for k, v in answer.p.items())}")
            say(f"  route ({answer.km:.0f} km, {answer.hours:.0f} h):")
        else:
            say(
                "  not known to be open; the way it would likeliest go "
                f"({answer.km:.0f} km, {answer.hours:.0f} h):"
            )
        holder: str | None = ""
        for stop in answer.route:
            if full or stop.holder != holder:
                told = "no claim" if stop.n_claims == 0 else count(stop.n_claims, "claim")
                say(
                    f"    {name_of(stop.place, vocabulary)}: {name_of(stop.holder, vocabulary)}, "
                    f"passable {percent(stop.p_pass)} ({told})"
                )
            holder = stop.holder
        if answer.travel is not None:
            say(f"  time where it is open: {_time(answer.travel)}")
    for number, other in enumerate(answer.routes[1:] if full else (), start=2):
        say(f"  way {number}: {_way(other, answer.routes[0], vocabulary)}")
    if full and answer.status != "unknown":
        _show_firmness(answer.firmness, vocabulary)
    if full:
        _show_transport(answer.transport)
    points = [c for c in answer.chokepoints[:_POINTS] if c.importance >= _LEAST]
    if points:
        told = "; ".join(
            f"{name_of(c.place, vocabulary)} (passable {percent(c.p_pass)}, "
            f"decides {100 * c.importance:.0f} points)"
            for c in points
        )
        say(f"  weakest points: {told}")
    for change in answer.changes[:_POINTS] if full and answer.status != "unknown" else ():
        if change.kind == "reopens":
            both = " / ".join(name_of(p, vocabulary) for p in change.places)
            say(f"  were the crossing opened: {both} (open then {percent(change.p_open)})")
            continue
        lost = "it breaks if lost at once" if change.kind == "breaks" else "it opens if gained"
        say(
            f"  {lost}: {', '.join(name_of(p, vocabulary) for p in change.places)} "
            f"(odds of that now {percent(change.p)}; open then {percent(change.p_open)})"
        )
    for assumption in answer.assumptions:
        if full:
            say(f"  assumes: {assumption}")
    shown = [b.claim for b in answer.because if isinstance(b.claim, Claim)][:_CLAIMS]
    if shown:
        say("  because:")
    for claim in shown:
        say(f"    {quoted(claim)}")
    say(f"  more: {asking('why', answer.id)}")


def _show_firmness(found: Firmness, vocabulary: Vocabulary) -> None:
    """Each stretch by its weakest place, with the parts of the score; then the crossings."""
    if found.stretches:
        say("  how firmly it is held (0 to 1; each stretch by its weakest place):")
    for stretch in found.stretches:
        place = stretch.weakest
        first, last = (name_of(stretch.places[i].place, vocabulary) for i in (0, -1))
        run = first if first == last else f"{first} to {last}"
        who = name_of(stretch.holder, vocabulary)
        say(f"    {stretch.score:.2f}  {run}, {who}: {_parts(place, vocabulary)}")
    for crossing in found.crossings:
        near, far = (name_of(p, vocabulary) for p in (crossing.near, crossing.far))
        sides = {"both": "both sides", "one": "one side", "neither": "neither side"}[crossing.sides]
        say(f"    {crossing.score:.2f}  crossing {near} / {far}: {sides} likely with it")


def _parts(place: PlaceFirmness, vocabulary: Vocabulary) -> str:
    """What a place's score is made of."""
    days = f"at least {place.held_days}" if place.at_least else f"{place.held_days}"
    told = [
        f"{name_of(place.place, vocabulary)} passable {percent(place.parts['held'])}",
        f"so for {days} days",
    ]
    if place.rival is not None and place.rival_km is not None:
        told.append(f"{place.rival_km:.0f} km from {name_of(place.rival, vocabulary)}")
    forces = [name_of(f, vocabulary) for f in (*place.forces, *place.bases)]
    told.append(f"with {', '.join(forces)} there or near" if forces else "no force or base told of")
    age = "no evidence" if place.age_days is None else f"evidence {place.age_days} days old"
    return "; ".join([*told, age])


def _show_transport(transport: Mapping[str, Any]) -> None:
    """Land against air and sea; rough figures, each with its range."""
    told = [(mode, side) for mode, side in transport.items() if side]
    if told:
        say("  land against air and sea, by figures of theatre.toml (middle, least to most):")
    for mode, side in told:
        days, usd, tonnes = (
            _range(side[k]) for k in ("days", "usd_per_tonne_arriving", "tonnes_per_day_arriving")
        )
        lost = side["exposure"]
        roads = side.get("p_roads_open")
        legs = "" if roads is None else f"; roads to and from its ports open {percent(roads)}"
        say(
            f"    {mode}: {days} days; {tonnes} t a day arriving; {usd} USD a tonne arriving; "
            f"{100 * lost['value']:.0f} % of loads lost ({100 * lost['low']:.0f} to "
            f"{100 * lost['high']:.0f}){legs}"
        )


def _range(three: Mapping[str, float]) -> str:
    low, middle, high = (three[k] for k in ("low", "value", "high"))
    digits = 0 if high >= _WHOLE_H else 1
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def _time(travel: TravelTime) -> str:
    """Hours and days with their spread, beside the fastest that the roads allow."""
    hours, days = travel.hours, travel.days
    return (
        f"{_hours(hours.mean)} h of driving (90 % of {travel.worlds} draws {_hours(hours.q05)} to "
        f"{_hours(hours.q95)} h; {_hours(travel.fastest_h)} h were every place passable), "
        f"{days.mean:.1f} days with waits ({days.q05:.1f} to {days.q95:.1f})"
    )


def _hours(hours: float) -> str:
    return f"{hours:.0f}" if hours >= _WHOLE_H else f"{hours:.1f}"


def _way(other: RouteOption, best: RouteOption, vocabulary: Vocabulary) -> str:
    """Another way by where it leaves the first."""
    known = {s.place for s in best.stops}
    differs = [name_of(s.place, vocabulary) for s in other.stops if s.place not in known]
    if len(differs) > _NAMED:
        half = _NAMED // 2
        differs = [*differs[:half], f"{len(differs) - 2 * half} more", *differs[-half:]]
    unpaved = f", {other.unpaved_km:.0f} km unpaved" if other.unpaved_km else ""
    return (
        f"by {', '.join(differs) or 'the same places'} ({percent(other.p)} passable at once, "
        f"{other.km:.0f} km, {other.hours:.0f} h{unpaved})"
    )


def the_road(asked: CorridorQuestion, vocabulary: Vocabulary) -> str:
    """What a question of the road is about, at the head of what is told of it."""
    road = " - ".join(name_of(place, vocabulary) for place in asked.ends)
    if asked.avoid:
        road += f", avoiding {few([name_of(p, vocabulary) for p in asked.avoid])},"
    return f"The road {road} for {name_of(asked.traveller, vocabulary)}"


def show_sweep(found: Sweep, vocabulary: Vocabulary, *, every: bool = False) -> None:
    """What the road is, then each single change by how far it moves the odds."""
    say(f"{found.on}  {found.status.upper()}, {percent(found.p_open)} open", style="bold")
    say(
        f"{the_road(found.asked, vocabulary)}, as known on {found.as_of}. Each single change by "
        "how far it moves the odds that it is open:"
    )
    if found.given:
        say(f"  assuming {assumptions(found.given, vocabulary)}")
    shown = [
        s
        for s in found.singles
        if every or abs(s.effect) >= _LEAST or s.status != found.status
    ]  # fmt: skip
    if shown:
        table(
            ("points", "change", "status then", "open then", "odds that it is so now"),
            (
                (
                    f"{100 * s.effect:+.0f}",
                    found.describe(s),
                    s.status,
                    percent(s.p_open),
                    "" if s.p_now is None else percent(s.p_now),
                )
                for s in shown
            ),
        )
    left = found.tried - len(shown)
    say(f"{count(left, 'more change')} tried: hardly moved, or not at all")


def show_ground(ground: Ground) -> None:
    """A claim, the passage it rests on, and the report."""
    claim = ground.claim
    weight = "" if ground.weight is None else f"{signed(ground.weight)}  "
    say(f"{weight}{claim.id}  {claim}")
    if ground.passage is None:
        say(f"    a table's claim: {claim.report.title}")
        return
    say(f"    {ground.passage}")
    where = claim.report.url or claim.report.path or ""
    say(
        f"    {claim.report.title}, {claim.source.name}, {claim.published or 'undated'}  "
        f"{claim.report.id} {where} [{claim.begin}-{claim.end}]"
    )


def _show_reasons(because: Sequence[Because]) -> None:
    """The claims that move the odds most; the rest are counted."""
    if not because:
        return
    moving = [b for b in because if abs(b.weight) >= _LEAST]
    shown = (moving or list(because[:_FEW]))[:_REASONS]
    told = "what each moves the likeliest outcome's odds by"
    say(f"Because ({told if moving else 'many agree; none alone moves the odds'}):")
    for reason in shown:
        words = quoted(reason.claim) if isinstance(reason.claim, Claim) else reason.claim.id
        say(f"  {signed(reason.weight)}  {words}")
    if len(because) > len(shown):
        say(f"         and {count(len(because) - len(shown), 'more claim')}")

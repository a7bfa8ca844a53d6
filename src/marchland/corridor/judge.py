"""Is the road open? Control, alignment and roads put together for one traveller and day.

The status follows a stated rule. Worlds are drawn of who holds what and who stands with the
traveller; the odds of *open* are the share of worlds in which every leg of the question is joined
by places the traveller can pass. *Contested* is the share joined only if contested places count.
Places without recent evidence are then set once all passable and once all shut: where the first
makes the road likely and the second does not, the evidence does not decide, and it is *unknown*.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from marchland.alignment import AlignmentNetwork, Coalition
from marchland.claims import Claim
from marchland.control import ControlField
from marchland.corridor.changes import changes, reopened
from marchland.corridor.costs import by_sea, land_against_air
from marchland.corridor.evidence import claims_at
from marchland.corridor.firmness import firmness
from marchland.corridor.model import (
    ChangeSet,
    Chokepoint,
    Closure,
    CorridorEstimate,
    CorridorQuestion,
    Crossing,
    RouteOption,
    Stop,
    few,
)
from marchland.corridor.openings import NOT_KNOWN, Opening, Openings, openings
from marchland.corridor.reach import Importance, importance, pack
from marchland.corridor.ready import Setting, name_of, prepare
from marchland.corridor.routes import Way, differing
from marchland.corridor.settings import CorridorSettings
from marchland.corridor.sides import coalition_of, is_let_pass
from marchland.corridor.times import travel_time
from marchland.corridor.verdict import RULE, SAYS, ages_of, forced_by, thin_of, verdict
from marchland.corridor.worlds import Worlds, draw_worlds
from marchland.estimate import Because, Model
from marchland.roads import RoadNetwork
from marchland.vocabulary import Vocabulary

VERSION = "0.1"
_MOST_POINTS = 10
_LEAST_DECIDED = 0.002
_ALIKE = 0.8
_HOPELESS = 0.2
_TRACK_H = 0.05
_MOST_ALIKE = 0.6


def judge(
    question: CorridorQuestion,
    control: ControlField,
    alignment: AlignmentNetwork,
    roads: RoadNetwork,
    vocabulary: Vocabulary,
    *,
    on: date,
    as_of: date,
    claims: Sequence[Claim] = (),
    given: Mapping[str, str] | None = None,
    settings: CorridorSettings = CorridorSettings(),
    seed: int = 0,
) -> CorridorEstimate:
    """Whether the traveller can go on a day, as known on a day.

    Parameters
    ----------
    claims
        Claims that crossings were opened or closed are taken from these.
    given
        What was assumed, to be printed; control and alignment have taken it in already. A crossing
        given as ``open`` or ``closed`` is passable or shut.

    Raises
    ------
    BadInput
        If a place of the question has no road.
    """
    assumed = dict(given or {})
    opened = openings(
        roads, claims, on=on, as_of=as_of, given=assumed, legal_only=settings.legal_only
    )
    ready = prepare(question, roads, vocabulary, opened)
    coalition = coalition_of(question.traveller, alignment, on, settings)
    forced = forced_by(assumed, question)
    shut = question.avoid
    worlds = draw_worlds(
        ready.nodes, control, coalition, on=on, n=settings.draws, seed=seed,
        ends=question.ends, shut=shut,
        forced=forced,
    )  # fmt: skip
    counts = importance(ready.graph, pack(worlds.passable), ready.ends)
    ages = ages_of(ready.nodes, control, on)
    thin = thin_of(
        ready.nodes, control, on, settings=settings, forced={*forced, *shut}
    )  # fmt: skip
    found = verdict(ready, worlds, thin)
    p_pass = worlds.passable.mean(axis=0)
    stops = _stops(ready.nodes, control, p_pass, ages, thin, on)
    every = ready.every
    ways = differing(
        every.graph, p_pass, every.hours, ready.legs,
        count=settings.alternatives, informal=every.informal, unpaved=every.unpaved,
        border=every.border,
    )  # fmt: skip
    routes = _ranked(
        [_route(way, ready, stops, worlds, roads, opened) for way in ways], roads, settings
    )
    best = routes[0]
    points = tuple(
        c for c in chokepoints(ready.nodes, counts) if c.place not in question.avoid
    )  # fmt: skip
    crossings = _crossings(best.stops, roads, opened)
    back = reopened(ready, worlds.passable)
    sets = changes(ready.nodes, ready.graph, worlds.passable, ready.ends)
    because = _because(points, best, control, coalition, on)
    cited = {b.claim.id for b in because}
    names = {"open": "open", "contested": "contested", "broken": "broken"}
    return CorridorEstimate(
        question="corridor",
        about=_about(question, vocabulary),
        on=on,
        as_of=as_of,
        given=assumed,
        p=found.p,
        names=names,
        interval=found.interval,
        because=because,
        n_claims=len(cited),
        n_sources=len({b.claim.source.id for b in because if isinstance(b.claim, Claim)}),
        model=Model(name="joint draws", version=VERSION, parameters=settings.to_json()),
        seed=seed,
        revision=control.revision,
        asked=question,
        status=found.status,
        status_rule=RULE,
        traveller_name=name_of(vocabulary, question.traveller),
        route=best.stops,
        km=best.km,
        hours=best.hours,
        unpaved_km=best.unpaved_km,
        chokepoints=points,
        routes=routes,
        crossings=crossings,
        changes=(
            *(c for c in sets if not set(c.places) & set(question.avoid)),
            *(ChangeSet(kind="reopens", places=o.ends, p=0.0, p_open=p) for o, p in back),
        ),
        closures=tuple(Closure(name=_both(o, vocabulary), opening=o, p_open=p) for o, p in back),
        assumptions=(
            *_assumptions(coalition, settings, crossings, vocabulary),
            *_not_avoided(best, question, vocabulary),
            *_not_let_pass(question.traveller, alignment, on, settings, vocabulary),
            *_without_effect(assumed, ready, vocabulary),
        ),
        travel=travel_time(ready, worlds.passable, costs=settings.costs, seed=seed),
        firmness=firmness(best.stops, crossings, control, coalition, on=on),
        transport={
            **land_against_air(
                km=best.km,
                hours=best.hours,
                borders=len(crossings),
                wait_h=sum(c.opening.wait_h for c in crossings),
                origin=vocabulary.find_place(question.origin),
                destination=vocabulary.find_place(question.destination),
                settings=settings,
            ),
            "sea": by_sea(ready, roads, vocabulary, worlds.passable, settings=settings),
        },
    )


def chokepoints(nodes: Sequence[str], counts: Importance) -> tuple[Chokepoint, ...]:
    """The places whose state decides most, by interventional importance."""
    decides, among, p_pass = counts.interventional, counts.conditional, counts.up / counts.n
    found = [
        Chokepoint(
            place=nodes[int(i)],
            importance=min(1.0, float(decides[i])),
            conditional=None if np.isnan(among[i]) else float(among[i]),
            p_pass=float(p_pass[i]),
        )
        for i in np.flatnonzero(decides > 0)
    ]
    # Places that can surely be passed decide nothing today, however narrow the way.
    found.sort(key=lambda c: (-c.importance * (1.001 - c.p_pass), -c.importance, c.place))
    decisive = [c for c in found if c.importance * (1.001 - c.p_pass) >= _LEAST_DECIDED]
    return tuple((decisive or found[:1])[:_MOST_POINTS])


def _stops(
    nodes: Sequence[str],
    control: ControlField,
    p_pass: NDArray[np.float64],
    ages: NDArray[np.float64],
    thin: NDArray[np.bool_],
    on: date,
) -> list[Stop]:
    row = {p: i for i, p in enumerate(control.places)}
    odds, claims = control.odds(on), control.n_claims(on)
    stops = []
    for i, node in enumerate(nodes):
        at = row.get(node)
        n_claims = int(claims[at]) if at is not None else 0
        known = at is not None and not thin[i]
        holder = None
        if at is not None and known and odds[at].max() >= SAYS:
            holder = control.outcomes[int(np.argmax(odds[at]))]
        age = None if not np.isfinite(ages[i]) else int(ages[i])
        stops.append(
            Stop(place=node, holder=holder, p_pass=float(p_pass[i]), n_claims=n_claims,
                 age_days=age)
        )  # fmt: skip
    return stops


def _ranked(
    found: Sequence[RouteOption], roads: RoadNetwork, settings: CorridorSettings
) -> tuple[RouteOption, ...]:
    """Routes in the order a traveller would take them, as many as are asked for.

    Among those whose odds are at least `_ALIKE` times the best's, a way by recognised crossings
    comes first, then the quicker, an unpaved kilometre counted as `_TRACK_H` more hours. Of ways
    across the same borders the first stands for all; if those are too few, ways follow that share
    no more than `_MOST_ALIKE` of their length with any before them. Ways with odds below
    `_HOPELESS` times the best's are no alternatives.
    """
    top = max(r.p for r in found)

    def order(route: RouteOption) -> tuple[float, int, float]:
        informal = sum(not c.formal for c in _crossings(route.stops, roads))
        behind = 0.0 if route.p >= _ALIKE * top else top - route.p
        return behind, informal, route.hours + _TRACK_H * route.unpaved_km

    likely = sorted((r for r in found if r.p >= _HOPELESS * top), key=order)
    across: dict[tuple[tuple[str, str], ...], RouteOption] = {}
    for route in likely:
        borders = [(c.near.place, c.far.place) for c in _crossings(route.stops, roads)]
        across.setdefault(tuple(borders), route)
    kept = list(across.values())
    network = roads.of_mode("road")
    for route in likely:
        if all(_overlap(route, other, network) <= _MOST_ALIKE for other in kept):
            kept.append(route)
    return tuple(kept[: settings.alternatives])


def _overlap(route: RouteOption, other: RouteOption, roads: RoadNetwork) -> float:
    """Share of the shorter way's length that both go."""
    one, two = (
        {frozenset((a.place, b.place)) for a, b in pairwise(r.stops)} for r in (route, other)
    )
    shared = (roads.between(*ends) for ends in one & two if len(ends) == 2)
    return sum(x.km for x in shared if x) / min(route.km, other.km)


def _route(
    way: Way,
    ready: Setting,
    stops: Sequence[Stop],
    worlds: Worlds,
    roads: RoadNetwork,
    opened: Openings,
) -> RouteOption:
    together = worlds.passable[:, list(way.nodes)].all(axis=1).mean()
    km = hours = unpaved = 0.0
    network = roads.of_mode("road")
    passable = network.without(opened.shut_links)
    for a, b in pairwise(way.nodes):
        ends = ready.nodes[a], ready.nodes[b]
        link = passable.between(*ends)
        if link is None:
            link, together = network.between(*ends), 0.0
        assert link is not None
        km, hours = km + link.km, hours + link.hours
        unpaved += 0.0 if link.paved else link.km
    return RouteOption(
        stops=tuple(stops[i] for i in way.nodes),
        p=float(together),
        km=km,
        hours=hours,
        unpaved_km=unpaved,
    )


def _crossings(
    stops: Sequence[Stop], roads: RoadNetwork, opened: Openings | None = None
) -> tuple[Crossing, ...]:
    network = roads.of_mode("road")
    found = []
    for near, far in pairwise(stops):
        link = network.between(near.place, far.place)
        if link is not None and link.border:
            known = opened.by_link.get(link.id) if opened is not None else None
            found.append(
                Crossing(
                    near=near, far=far, formal=not link.informal, note=link.note,
                    opening=known or Opening(ends=(near.place, far.place)),
                )
            )  # fmt: skip
    return tuple(found)


def _because(
    points: Sequence[Chokepoint],
    best: RouteOption,
    control: ControlField,
    coalition: Coalition,
    on: date,
) -> tuple[Because, ...]:
    """Claims at the deciding places and along the route, and for the ties of their holders."""
    weight = {c.place: c.importance * (1.001 - c.p_pass) for c in points}
    order = [*(c.place for c in points), *(s.place for s in best.stops)]
    found: dict[str, Because] = {}
    for place in dict.fromkeys(order):
        if place in control.places:
            for claim in claims_at(control, place, on, most=3 if place in weight else 2):
                found.setdefault(
                    claim.id, Because(claim=claim, weight=round(weight.get(place, 0.0), 6))
                )
    holders = {s.holder for s in best.stops}
    for member in coalition.members:
        if member.actor in holders:
            for reason in member.because[:2]:
                found.setdefault(reason.claim.id, Because(claim=reason.claim, weight=0.0))
    return tuple(sorted(found.values(), key=lambda b: -b.weight))


def _assumptions(
    coalition: Coalition,
    settings: CorridorSettings,
    crossings: Sequence[Crossing],
    vocabulary: Vocabulary,
) -> tuple[str, ...]:
    said = []
    for member in coalition.members:
        if member.assumption is not None:
            only = " (only where an aligned force stands beside it)" if member.conditional else ""
            said.append(
                f"{name_of(vocabulary, member.actor)} lets it pass at odds of {member.p:.0%}"
                f"{only}: {member.assumption}"
            )
    unknown = []
    for crossing in crossings:
        names = _both(crossing.opening, vocabulary)
        opening = crossing.opening
        if opening.state == "closed" and not opening.shut and not opening.assumed:
            said.append(f"{names} is {opening.told}; the traveller passes all the same")
        elif opening.state == "closed" and not opening.assumed:
            said.append(f"{names} is shut: {opening.told}")
        elif opening.facts:
            said.append(f"{names} is {opening.told}")
        elif opening.state == NOT_KNOWN and crossing.formal:
            unknown.append(names)
        if not crossing.formal:
            said.append(f"{names} is no recognised crossing ({crossing.note})")
    if unknown:
        said.append(
            f"whether open on the day, and at what hours, is not known of {'; '.join(unknown)}: "
            "counted as open wherever its holders let the traveller pass"
        )
    return tuple(said)


def _both(opening: Opening, vocabulary: Vocabulary) -> str:
    return " / ".join(name_of(vocabulary, side) for side in opening.ends)


def _not_avoided(
    best: RouteOption, question: CorridorQuestion, vocabulary: Vocabulary
) -> list[str]:
    through = [s.place for s in best.stops if s.place in question.avoid]
    if not through:
        return []
    names = few([name_of(vocabulary, p) for p in through])
    return [f"no road of this theatre goes round {names}, which is to be avoided"]


def _not_let_pass(
    traveller: str,
    alignment: AlignmentNetwork,
    on: date,
    settings: CorridorSettings,
    vocabulary: Vocabulary,
) -> list[str]:
    if not settings.permissive or is_let_pass(traveller, alignment, on, settings):
        return []
    names = ", ".join(name_of(vocabulary, a) for a in settings.permissive)
    return [
        f"{names}: said in theatre.toml to let {name_of(vocabulary, settings.let_pass or '')} "
        f"pass, which {name_of(vocabulary, traveller)} does not likely stand with; not counted"
    ]


def _without_effect(given: Mapping[str, str], ready: Setting, vocabulary: Vocabulary) -> list[str]:
    off = [p for p, v in given.items() if v in ("open", "closed") and p not in ready.nodes]
    if not off:
        return []
    names = few([name_of(vocabulary, p) for p in off])
    return [f"{names}: open or closed, it changes nothing, as no road of this theatre goes there"]


def _about(question: CorridorQuestion, vocabulary: Vocabulary) -> dict[str, object]:
    def thing(id: str) -> dict[str, str]:
        return {"id": id, "name": name_of(vocabulary, id)}

    return {
        "origin": thing(question.origin),
        "destination": thing(question.destination),
        "via": {"places": [thing(v) for v in question.via]},
        **({"avoid": {"places": [thing(v) for v in question.avoid]}} if question.avoid else {}),
        "traveller": thing(question.traveller),
    }

"""Is the road open? Control, alignment and roads put together for one traveller and day.

The status follows a stated rule. Worlds are drawn of who holds what and who stands with the
traveller; the odds of *open* are the share of worlds in which every leg of the question is joined
by places the traveller can pass. *Contested* is the share joined only if contested places count.
Places without recent evidence are then set once all passable and once all shut: where the first
makes the road likely and the second does not, the evidence does not decide, and it is *unknown*.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from marchland.alignment import AlignmentNetwork, Coalition
from marchland.claims import Claim
from marchland.control import ControlField
from marchland.corridor.changes import changes
from marchland.corridor.costs import land_against_air
from marchland.corridor.cuts import bounds
from marchland.corridor.evidence import claims_at, closures
from marchland.corridor.model import (
    Chokepoint,
    CorridorEstimate,
    CorridorQuestion,
    Crossing,
    RouteOption,
    Stop,
)
from marchland.corridor.reach import Graph, Importance, connected, count, importance, pack
from marchland.corridor.routes import Way, differing
from marchland.corridor.settings import CorridorSettings
from marchland.corridor.worlds import Worlds, draw_worlds
from marchland.errors import BadInput
from marchland.estimate import Because, Model
from marchland.roads import Link, RoadNetwork
from marchland.vocabulary import Vocabulary

VERSION = "0.1"
RULE = (
    "open when the odds that every leg is joined are at least even; contested when they are only "
    "with contested places counted as passable; broken otherwise; unknown when places without "
    "recent evidence decide between open and not"
)
_MOST_POINTS = 10
_LEAST_DECIDED = 0.002
_SAYS = 0.5
_ALIKE = 0.8
_HOPELESS = 0.2
_TRACK_H = 0.05
_INFORMAL = ("no formal crossing", "informal", "smuggling")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A question made ready: the graph, its nodes and legs.

    Parameters
    ----------
    hours
        (links,) time.
    informal, unpaved, border
        (links,) whether it is a crossing that is no recognised one, a track, a crossing.
    """

    nodes: tuple[str, ...]
    graph: Graph
    hours: NDArray[np.float64]
    legs: list[tuple[int, int]]
    ends: tuple[int, ...]
    informal: NDArray[np.bool_]
    unpaved: NDArray[np.bool_]
    border: NDArray[np.bool_]


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
    ready = prepare(question, roads, vocabulary)
    assumed = dict(given or {})
    coalition = alignment.coalition(
        question.traveller, on, ground=settings.ground, permissive=settings.permissive,
        beside=settings.beside,
    )  # fmt: skip
    closed = closures(claims, on=on, as_of=as_of)
    forced = {p: v == "open" for p, v in assumed.items() if v in ("open", "closed")}
    shut = [*question.avoid, *(closed if settings.legal_only else ())]
    worlds = draw_worlds(
        ready.nodes, control, coalition, on=on, n=settings.draws, seed=seed,
        ends=question.ends, shut=shut,
        forced=forced,
    )  # fmt: skip
    open_, loosely = pack(worlds.passable), pack(worlds.if_contested)
    counts = importance(ready.graph, open_, ready.ends)
    n_open = int(count(counts.whole))
    n_loosely = int(count(connected(ready.graph, loosely, ready.ends)))
    p = odds_of(n_open, n_loosely, settings.draws)
    ages = ages_of(ready.nodes, control, on)
    thin = thin_of(ready.nodes, control, on, settings=settings, forced=forced)
    status, spread = decide(ready, worlds, thin, p)
    intervals = _intervals(n_open, n_loosely, settings.draws)
    p, intervals = _bounded(p, intervals, bounds(ready.graph, worlds.p, ready.ends))
    if status == "unknown":
        p, intervals = _wide(*spread)
    p_pass = worlds.passable.mean(axis=0)
    stops = _stops(ready.nodes, control, p_pass, ages, thin, on)
    ways = differing(
        ready.graph, p_pass, ready.hours, ready.legs,
        count=settings.alternatives, informal=ready.informal, unpaved=ready.unpaved,
        border=ready.border,
    )  # fmt: skip
    routes = _ranked([_route(way, ready, stops, worlds, roads) for way in ways], roads, settings)
    best = routes[0]
    points = chokepoints(ready.nodes, counts)
    crossings = _crossings(best.stops, roads, closed)
    because = _because(points, best, control, coalition, on)
    cited = {b.claim.id for b in because}
    names = {"open": "open", "contested": "contested", "broken": "broken"}
    return CorridorEstimate(
        question="corridor",
        about=_about(question, vocabulary),
        on=on,
        as_of=as_of,
        given=assumed,
        p=p,
        names=names,
        interval=intervals,
        because=because,
        n_claims=len(cited),
        n_sources=len({b.claim.source.id for b in because if isinstance(b.claim, Claim)}),
        model=Model(name="joint draws", version=VERSION, parameters=settings.to_json()),
        seed=seed,
        revision=control.revision,
        asked=question,
        status=status,
        status_rule=RULE,
        traveller_name=_name(vocabulary, question.traveller),
        route=best.stops,
        km=best.km,
        hours=best.hours,
        unpaved_km=best.unpaved_km,
        chokepoints=points,
        routes=routes,
        crossings=crossings,
        changes=changes(ready.nodes, ready.graph, worlds.passable, ready.ends),
        assumptions=_assumptions(coalition, settings, crossings, vocabulary),
        transport=land_against_air(
            km=best.km,
            hours=best.hours,
            borders=len(crossings),
            origin=vocabulary.find_place(question.origin),
            destination=vocabulary.find_place(question.destination),
            settings=settings,
        ),
    )


def prepare(question: CorridorQuestion, roads: RoadNetwork, vocabulary: Vocabulary) -> Setting:
    """The road graph and the question's legs as node numbers.

    Raises
    ------
    BadInput
        If a place of the question has no road, or no road joins a leg at all.
    """
    network = roads.of_mode("road")
    number = {p: i for i, p in enumerate(network.places)}
    for place in (question.origin, *question.via, question.destination, *question.avoid):
        if place not in number:
            raise BadInput(
                f"{_name(vocabulary, place)} has no road in this theatre; add links to it in "
                "roads.csv, or ask for a place that has one"
            )
    links = network.links
    graph = Graph(
        n=len(number),
        start=np.array([number[x.start] for x in links], dtype=np.int64),
        end=np.array([number[x.end] for x in links], dtype=np.int64),
    )
    ready = Setting(
        nodes=network.places,
        graph=graph,
        hours=np.array([x.hours for x in links]),
        informal=np.array([_informal(x) for x in links], dtype=bool),
        unpaved=np.array([not x.paved for x in links], dtype=bool),
        border=np.array([x.border for x in links], dtype=bool),
        legs=[(number[a], number[b]) for a, b in question.legs],
        ends=tuple(number[p] for p in dict.fromkeys(question.ends)),
    )
    everywhere = pack(np.ones((64, graph.n), dtype=bool))
    for leg in question.legs:
        if not count(connected(graph, everywhere, [number[place] for place in leg])):
            raise BadInput(
                f"no road of this theatre joins {_name(vocabulary, leg[0])} and "
                f"{_name(vocabulary, leg[1])}, whoever holds it"
            )
    return ready


def decide(
    ready: Setting, worlds: Worlds, thin: NDArray[np.bool_], p: Mapping[str, float]
) -> tuple[str, tuple[float, float]]:
    """The status, by `RULE`, and the odds of open with thin places all shut and all passable."""
    worst = best = p["open"]
    if thin.any():
        granted, refused = worlds.passable.copy(), worlds.passable.copy()
        granted[:, thin], refused[:, thin] = True, False
        n = len(granted)
        best = float(count(connected(ready.graph, pack(granted), ready.ends))) / n
        worst = float(count(connected(ready.graph, pack(refused), ready.ends))) / n
        if best >= 0.5 > worst:
            return "unknown", (worst, best)
    if p["open"] >= 0.5:
        return "open", (worst, best)
    return "contested" if p["open"] + p["contested"] >= 0.5 else "broken", (worst, best)


def thin_of(
    nodes: Sequence[str],
    control: ControlField,
    on: date,
    *,
    settings: CorridorSettings,
    forced: Mapping[str, bool],
) -> NDArray[np.bool_]:
    """(nodes,) whether the evidence about a place is too old, or too little to name a holder.

    Too little is where few claims speak of it, and none names it or no outcome reaches odds of
    `_SAYS`: a presence somewhere in the country, a word on a whole province or the neighbours'
    example is no knowledge of who holds a town. Where many claims speak and disagree the place is
    in doubt, and the odds say so.
    """
    row = {p: i for i, p in enumerate(control.places)}
    sure, spoken = control.odds(on).max(axis=1), control.n_claims(on)
    named = control.n_claims(on, named=True)
    ages = ages_of(nodes, control, on)

    def is_thin(node: str, age: float) -> bool:
        if node in forced or node in control.given:
            return False
        if node not in row or age > settings.old_days:
            return True
        at = row[node]
        return bool(spoken[at] < settings.few_claims and (not named[at] or sure[at] < _SAYS))

    return np.array([is_thin(n, a) for n, a in zip(nodes, ages, strict=True)], dtype=bool)


def _wide(worst: float, best: float) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Odds where thin places decide: halfway between the bounds, and the bounds as interval."""
    middle = (worst + best) / 2
    p = {"open": middle, "contested": 0.0, "broken": 1 - middle}
    return p, {
        "open": (worst, best),
        "contested": (0.0, 1 - worst),
        "broken": (1 - best, 1 - worst),
    }


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


def odds_of(n_open: int, n_loosely: int, n: int) -> dict[str, float]:
    """Odds per status, from how many of `n` worlds are open, and open or contested."""
    p_open = n_open / n
    p_contested = max(0, n_loosely - n_open) / n
    return {"open": p_open, "contested": p_contested, "broken": 1 - p_open - p_contested}


def _intervals(n_open: int, n_loosely: int, n: int) -> dict[str, tuple[float, float]]:
    """90 % Jeffreys intervals of the sampling error."""
    counts = {"open": n_open, "contested": max(0, n_loosely - n_open)}
    counts["broken"] = n - sum(counts.values())
    return {
        k: (
            float(beta.ppf(0.05, c + 0.5, n - c + 0.5)),
            float(beta.ppf(0.95, c + 0.5, n - c + 0.5)),
        )
        for k, c in counts.items()
    }


def _bounded(
    p: Mapping[str, float],
    intervals: Mapping[str, tuple[float, float]],
    within: tuple[float, float],
) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Odds and interval of open kept within bounds that don't rest on draws.

    Where the road is nearly sure to be open or not, so few draws say otherwise that their count
    tells little; the bounds then tell more.
    """
    least, most = within
    low, high = intervals["open"]
    p_open = min(max(p["open"], least), most)
    rest = 1.0 - p["open"]
    scale = (1.0 - p_open) / rest if rest > 0 else 0.0
    kept = {k: v * scale for k, v in p.items()}
    kept["broken"] = kept["broken"] if rest > 0 else 1.0 - p_open
    kept["open"] = p_open
    narrowed = (min(max(low, least), p_open), max(min(high, most), p_open))
    return kept, {**intervals, "open": narrowed}


def ages_of(nodes: Sequence[str], control: ControlField, on: date) -> NDArray[np.float64]:
    """(nodes,) days since the evidence about each; inf where there is none, 0 where assumed."""
    ages = control.evidence_age_days(on)
    row = {p: i for i, p in enumerate(control.places)}
    return np.array(
        [0.0 if node in control.given else ages[row[node]] if node in row else np.inf
         for node in nodes]
    )  # fmt: skip


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
        if at is not None and known and odds[at].max() >= _SAYS:
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
    across the same borders the first stands for all; ways with odds below `_HOPELESS` times the
    best's are no alternatives.
    """
    top = max(r.p for r in found)

    def order(route: RouteOption) -> tuple[float, int, float]:
        informal = sum(not c.formal for c in _crossings(route.stops, roads, {}))
        behind = 0.0 if route.p >= _ALIKE * top else top - route.p
        return behind, informal, route.hours + _TRACK_H * route.unpaved_km

    across: dict[tuple[tuple[str, str], ...], RouteOption] = {}
    for route in sorted((r for r in found if r.p >= _HOPELESS * top), key=order):
        borders = [(c.near.place, c.far.place) for c in _crossings(route.stops, roads, {})]
        across.setdefault(tuple(borders), route)
    return tuple(across.values())[: settings.alternatives]


def _route(
    way: Way, ready: Setting, stops: Sequence[Stop], worlds: Worlds, roads: RoadNetwork
) -> RouteOption:
    together = worlds.passable[:, list(way.nodes)].all(axis=1).mean()
    km = hours = unpaved = 0.0
    network = roads.of_mode("road")
    for a, b in pairwise(way.nodes):
        link = network.between(ready.nodes[a], ready.nodes[b])
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
    stops: Sequence[Stop], roads: RoadNetwork, closed: Mapping[str, Claim]
) -> tuple[Crossing, ...]:
    network = roads.of_mode("road")
    found = []
    for near, far in pairwise(stops):
        link = network.between(near.place, far.place)
        if link is not None and link.border:
            closing = closed.get(near.place) or closed.get(far.place)
            found.append(
                Crossing(
                    near=near, far=far, formal=not _informal(link), note=link.note,
                    closed_by=closing.id if closing else None,
                )
            )  # fmt: skip
    return tuple(found)


def _informal(link: Link) -> bool:
    return link.border and any(word in link.note.casefold() for word in _INFORMAL)


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
                f"{_name(vocabulary, member.actor)} lets it pass at odds of {member.p:.0%}{only}: "
                f"{member.assumption}"
            )
    for crossing in crossings:
        names = (
            f"{_name(vocabulary, crossing.near.place)} / {_name(vocabulary, crossing.far.place)}"
        )
        if crossing.closed_by and not settings.legal_only:
            said.append(f"{names} is reported closed to traffic; the traveller passes all the same")
        if not crossing.formal:
            said.append(f"{names} is no recognised crossing ({crossing.note})")
    return tuple(said)


def _about(question: CorridorQuestion, vocabulary: Vocabulary) -> dict[str, object]:
    def thing(id: str) -> dict[str, str]:
        return {"id": id, "name": _name(vocabulary, id)}

    return {
        "origin": thing(question.origin),
        "destination": thing(question.destination),
        "via": {"places": [thing(v) for v in question.via]},
        "traveller": thing(question.traveller),
    }


def _name(vocabulary: Vocabulary, id: str) -> str:
    found = vocabulary.find_place(id) or vocabulary.find_actor(id)
    return found.name if found else id

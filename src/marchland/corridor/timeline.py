"""A corridor through time: odds at every step, the days its status changed, and what changed it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marchland.alignment import AlignmentNetwork
from marchland.claims import Claim
from marchland.control import ControlField
from marchland.corridor.changes import reopened
from marchland.corridor.evidence import claims_at
from marchland.corridor.model import CorridorQuestion
from marchland.corridor.openings import Opening, Openings, openings
from marchland.corridor.reach import connected, count, pack
from marchland.corridor.ready import Setting, name_of, prepare
from marchland.corridor.routes import most_reliable
from marchland.corridor.settings import CorridorSettings
from marchland.corridor.sides import coalition_of
from marchland.corridor.verdict import decide, forced_by, odds_of, thin_of
from marchland.corridor.worlds import Worlds, draw_worlds
from marchland.errors import BadInput
from marchland.estimate import percent
from marchland.roads import RoadNetwork
from marchland.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The corridor on one day.

    Parameters
    ----------
    weakest
        The place on the likeliest route that is least likely to be passable.
    """

    on: date
    status: str
    p_open: float
    p_contested: float
    weakest: str
    p_weakest: float

    def to_json(self) -> dict[str, Any]:
        return {
            "on": self.on.isoformat(),
            "status": self.status,
            "p_open": round(self.p_open, 4),
            "p_contested": round(self.p_contested, 4),
            "weakest": self.weakest,
            "p_weakest": round(self.p_weakest, 4),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A day from which the status is another.

    Parameters
    ----------
    places
        Places whose odds of being passable moved most, with the move.
    informed
        Places about which enough became known, or no longer was: without them the evidence does
        not decide.
    claims
        Claims about those places nearest to the day.
    crossings
        Crossings that were shut or opened to the traveller that day: name, and what is known.
    """

    on: date
    before: str
    after: str
    places: tuple[tuple[str, float], ...]
    informed: tuple[str, ...]
    claims: tuple[Claim, ...]
    crossings: tuple[tuple[str, Opening], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "on": self.on.isoformat(),
            "before": self.before,
            "after": self.after,
            "places": [{"place": p, "moved": round(m, 3)} for p, m in self.places],
            "informed": list(self.informed),
            "claims": [c.to_json() for c in self.claims],
            "crossings": [{"name": n, **o.to_json()} for n, o in self.crossings],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Points in order of day, and the changes between them."""

    asked: CorridorQuestion
    as_of: date
    points: tuple[Point, ...]
    changes: tuple[Change, ...]
    names: Mapping[str, str]

    def first(self, status: str) -> date | None:
        """The first day with a status; None where there is none."""
        if self.points and self.points[0].status == status:
            return self.points[0].on
        return next((c.on for c in self.changes if c.after == status), None)

    def reason(self, change: Change) -> str:
        """What made a change, in words."""

        def named(ids: Iterable[str]) -> str:
            return ", ".join(self.names.get(p, p) for p in ids)

        if change.crossings:
            return "; ".join(
                f"{name} is {'' if o.shut else 'no longer '}shut (now {o.told})"
                for name, o in change.crossings
            )
        if change.informed and change.before == "unknown":
            return f"enough is reported now of {named(change.informed)}"
        if change.informed and change.after == "unknown":
            return f"too little is reported lately of {named(change.informed)}"
        if not change.places:
            return "small moves of the odds at many places"
        return ", ".join(f"{self.names.get(p, p)} {m:+.0%}" for p, m in change.places)

    def to_json(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "points": [p.to_json() for p in self.points],
            "changes": [c.to_json() for c in self.changes],
        }

    def __str__(self) -> str:
        lines = []
        if self.points:
            first = self.points[0]
            odds = "" if first.status == "unknown" else f" ({percent(first.p_open)} open)"
            lines.append(f"{first.on}  {first.status}{odds}")
        for change in self.changes:
            lines.append(f"{change.on}  {change.before} -> {change.after}: {self.reason(change)}")
            lines += [f"    {c} {c.id}" for c in change.claims[:3]]
        return "\n".join(lines)


def timeline(
    question: CorridorQuestion,
    control: ControlField,
    alignment: AlignmentNetwork,
    roads: RoadNetwork,
    vocabulary: Vocabulary,
    *,
    start: date,
    end: date,
    as_of: date,
    step_days: int = 7,
    claims: Sequence[Claim] = (),
    given: Mapping[str, str] | None = None,
    settings: CorridorSettings = CorridorSettings(),
    seed: int = 0,
) -> Timeline:
    """The corridor's status from `start` to `end`, both included.

    Parameters
    ----------
    step_days
        Days between looks; the day of a change is then found by halving.

    Raises
    ------
    BadInput
        If the days are in the wrong order, or a place of the question has no road.
    """
    if end < start or step_days < 1:
        raise BadInput(f"a timeline goes from an earlier to a later day: {start} to {end}")
    ready = prepare(question, roads, vocabulary)
    days = [start + timedelta(days=i) for i in range(0, (end - start).days + 1, step_days)]
    if days[-1] != end:
        days.append(end)
    look = _Look(
        question, control, alignment, roads, vocabulary, claims, as_of, dict(given or {}),
        settings, seed,
    )  # fmt: skip
    points = [look(day) for day in days]
    changes = []
    # A closure can come and go between two looks, so the days that facts name are looked at too.
    told = {d for f in roads.facts for d in (f.start, f.end) if d and start <= d <= end}
    for a, b in pairwise(look(day) for day in sorted({*days, *told})):
        if a.status != b.status:
            day = _first_day(look, a, b)
            changes.append(look.change(day, a.status, look(day).status))
    return Timeline(
        asked=question,
        as_of=as_of,
        points=tuple(points),
        changes=tuple(changes),
        names={n: _name(vocabulary, n) for n in ready.nodes},
    )


def _first_day(look: "_Look", a: Point, b: Point) -> date:
    """The first day after `a` whose status is no longer its, by halving."""
    low, high = a.on, b.on
    while (high - low).days > 1:
        middle = low + timedelta(days=(high - low).days // 2)
        if look(middle).status == a.status:
            low = middle
        else:
            high = middle
    return high


class _Look:
    """The corridor on one day, cheaply."""

    def __init__(
        self,
        question: CorridorQuestion,
        control: ControlField,
        alignment: AlignmentNetwork,
        roads: RoadNetwork,
        vocabulary: Vocabulary,
        claims: Sequence[Claim],
        as_of: date,
        given: dict[str, str],
        settings: CorridorSettings,
        seed: int,
    ) -> None:
        self.question, self.control, self.alignment = question, control, alignment
        self.roads, self.vocabulary = roads, vocabulary
        self.settings, self.seed, self.given = settings, seed, given
        self.passage = [c for c in claims if c.predicate in ("opens", "closes")]
        self.as_of = as_of
        self.made: dict[frozenset[str], Setting] = {}
        self.forced = forced_by(given, question)
        self.seen: dict[date, Point] = {}
        self.pass_on: dict[date, NDArray[np.float64]] = {}
        self.thin_on: dict[date, NDArray[np.bool_]] = {}

    def __call__(self, on: date) -> Point:
        if on not in self.seen:
            self.seen[on] = self._point(on)
        return self.seen[on]

    def _point(self, on: date) -> Point:
        s, ready = self.settings, self._ready(self._openings(on))
        worlds = self._worlds(ready, on)
        n_open = int(count(connected(ready.graph, pack(worlds.passable), ready.ends)))
        n_loosely = int(count(connected(ready.graph, pack(worlds.if_contested), ready.ends)))
        p = odds_of(n_open, n_loosely, s.draws)
        thin = thin_of(
            ready.nodes, self.control, on, settings=s, forced={*self.forced, *self.question.avoid}
        )
        p_pass = worlds.passable.mean(axis=0)
        self.pass_on[on], self.thin_on[on] = p_pass, thin
        way = most_reliable(ready.every.graph, p_pass, ready.every.hours, ready.legs)
        assert way is not None
        weakest = min(way.nodes, key=lambda i: (p_pass[i], ready.nodes[i]))
        return Point(
            on=on,
            status=decide(ready, worlds, thin, p)[0],
            p_open=p["open"],
            p_contested=p["contested"],
            weakest=ready.nodes[weakest],
            p_weakest=float(p_pass[weakest]),
        )

    def _worlds(self, ready: Setting, on: date) -> Worlds:
        s = self.settings
        coalition = coalition_of(self.question.traveller, self.alignment, on, s)
        return draw_worlds(
            ready.nodes, self.control, coalition, on=on, n=s.draws, seed=self.seed,
            ends=self.question.ends, shut=self.question.avoid, forced=self.forced,
        )  # fmt: skip

    def _openings(self, on: date) -> Openings:
        return openings(
            self.roads, self.passage, on=on, as_of=self.as_of, given=self.given,
            legal_only=self.settings.legal_only,
        )  # fmt: skip

    def _ready(self, known: Openings) -> Setting:
        """The question made ready; crossings are shut for long, so that few are ever made."""
        if known.shut_links not in self.made:
            self.made[known.shut_links] = prepare(self.question, self.roads, self.vocabulary, known)
        return self.made[known.shut_links]

    def _turned(self, earlier: date, on: date) -> tuple[tuple[str, Opening], ...]:
        """Crossings shut on one of two days and not on the other, where that moves the odds."""
        found: dict[tuple[str, ...], Opening] = {}
        after = self._openings(on)
        for day, other in ((earlier, on), (on, earlier)):
            ready, then = self._ready(self._openings(day)), self._openings(other).shut
            gone = {o.ends for o in ready.shut} - {o.ends for o in then}
            if gone:
                passable = self._worlds(ready, day).passable
                matter = {o.ends for o, _ in reopened(ready, passable)} & gone
                found |= {o.ends: o for o in after.by_link.values() if o.ends in matter}
        return tuple(
            (" / ".join(name_of(self.vocabulary, p) for p in ends), o) for ends, o in found.items()
        )

    def change(self, on: date, before: str, after: str) -> Change:
        """What moved most between the day before and the day of a change."""
        earlier = on - timedelta(days=1)
        self(earlier), self(on)
        moved = self.pass_on[on] - self.pass_on[earlier]
        order = np.argsort(-np.abs(moved))[:3]
        nodes = self._ready(self._openings(on)).nodes
        places = [(nodes[i], float(moved[i])) for i in order if abs(moved[i]) > 0.02]
        informed: list[str] = []
        if "unknown" in (before, after):
            turned = np.flatnonzero(self.thin_on[on] != self.thin_on[earlier])
            informed = [nodes[i] for i in turned]
        claims: dict[str, Claim] = {}
        for place in (*informed, *(p for p, _ in places)):
            for claim in claims_at(self.control, place, on, most=2):
                claims.setdefault(claim.id, claim)
        return Change(
            on=on,
            before=before,
            after=after,
            places=tuple(places),
            informed=tuple(informed),
            claims=tuple(claims.values()),
            crossings=self._turned(earlier, on),
        )


def _name(vocabulary: Vocabulary, id: str) -> str:
    found = vocabulary.find_place(id)
    return found.name if found else id

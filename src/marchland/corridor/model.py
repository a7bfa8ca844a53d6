"""The corridor's question and its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from marchland.corridor.grades import Firmness
from marchland.corridor.openings import Opening
from marchland.corridor.settings import Figure
from marchland.errors import BadInput
from marchland.estimate import Estimate, percent, probability_words

STATUSES = ("open", "contested", "broken", "unknown")
_MOST_CLOSURES = 2
_LATER_DAYS = 30
"""A day asked about that lies further after the day of knowledge is said to be so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorridorQuestion:
    """Can `traveller` go by land from `origin` by `via` to `destination`?

    Parameters
    ----------
    origin, destination, via, avoid
        Place ids; `via` in order. A waypoint that is where the road is already is left out.
    traveller
        Actor id.

    Raises
    ------
    BadInput
        If it goes nowhere, or must pass what it must avoid.
    """

    origin: str
    destination: str
    traveller: str
    via: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.origin == self.destination:
            raise BadInput(
                f"origin and destination are the same place, {self.origin!r}; name two places"
            )
        via = [b for a, b in pairwise((self.origin, *self.via)) if a != b]
        while via and via[-1] == self.destination:
            via.pop()
        object.__setattr__(self, "via", tuple(via))
        both = set(self.avoid) & {self.origin, self.destination, *self.via}
        if both:
            raise BadInput(f"{', '.join(sorted(both))}: both to be passed and to be avoided")

    @property
    def ends(self) -> tuple[str, ...]:
        """Origin, waypoints and destination."""
        return (self.origin, *self.via, self.destination)

    @property
    def legs(self) -> tuple[tuple[str, str], ...]:
        """Pairs of places to be joined, in order."""
        return tuple((a, b) for a, b in pairwise(self.ends) if a != b)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A place on a route.

    Parameters
    ----------
    holder
        Id of the likeliest holder; None where no claim says.
    p_pass
        Odds that the traveller can pass it.
    age_days
        Days since the latest evidence; None where there is none.
    """

    place: str
    holder: str | None
    p_pass: float
    n_claims: int
    age_days: int | None

    def to_json(self) -> dict[str, Any]:
        return {
            "place": self.place,
            "holder": self.holder,
            "p_pass": round(self.p_pass, 4),
            "n_claims": self.n_claims,
            "age_days": self.age_days,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteOption:
    """One way through: places in order, odds that all can be passed at once, length and time.

    Parameters
    ----------
    unpaved_km
        Of `km`, how many are track.
    """

    stops: tuple[Stop, ...]
    p: float
    km: float
    hours: float
    unpaved_km: float

    def to_json(self) -> dict[str, Any]:
        return {
            "places": [s.to_json() for s in self.stops],
            "p": round(self.p, 4),
            "km": round(self.km, 1),
            "hours": round(self.hours, 1),
            "unpaved_km": round(self.unpaved_km, 1),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Mean, median, and the bounds of the middle 90 % over worlds."""

    mean: float
    q05: float
    q50: float
    q95: float

    def to_json(self) -> dict[str, float]:
        return {
            "mean": round(self.mean, 2),
            "q05": round(self.q05, 2),
            "q50": round(self.q50, 2),
            "q95": round(self.q95, 2),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelTime:
    """Time from end to end, where the road is open.

    Parameters
    ----------
    fastest_h
        Hours of driving, were every place passable.
    hours
        Hours of driving by the fastest way of each world.
    days
        The same with hours driven a day and waits at the borders crossed.
    wait_h
        Of the days, mean hours of waiting for crossings with known opening hours to open.
    worlds
        In how many worlds the road is joined; times speak of these alone.
    figures
        The settings that days rest on, with their ranges and sources.
    """

    fastest_h: float
    hours: Spread
    days: Spread
    wait_h: float = 0.0
    worlds: int
    figures: Mapping[str, Figure]

    def to_json(self) -> dict[str, Any]:
        return {
            "fastest_h": round(self.fastest_h, 2),
            "hours": self.hours.to_json(),
            "days": self.days.to_json(),
            "wait_h": round(self.wait_h, 2),
            "worlds": self.worlds,
            "figures": {k: f.to_json() for k, f in self.figures.items()},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Chokepoint:
    """A place that decides.

    Parameters
    ----------
    importance
        Interventional: odds of open if the place were passable, less those if it were shut.
    conditional
        The same among worlds in which it happens to be passable or shut; None where all are alike.
    """

    place: str
    importance: float
    conditional: float | None
    p_pass: float

    def to_json(self) -> dict[str, Any]:
        return {
            "place": self.place,
            "importance": round(self.importance, 4),
            "conditional": None if self.conditional is None else round(self.conditional, 4),
            "p_pass": round(self.p_pass, 4),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """A smallest set of places whose change would break the road, or open it.

    Parameters
    ----------
    kind
        ``breaks`` where the places are lost to the traveller, ``opens`` where they are gained,
        ``reopens`` where crossings that are closed now are opened.
    p
        Odds, as of now, that all of them are so at once.
    p_open
        Odds that the road is open, were they so.
    """

    kind: str
    places: tuple[str, ...]
    p: float
    p_open: float

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "places": list(self.places),
            "p": round(self.p, 4),
            "p_open": round(self.p_open, 4),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A border on the route, with both sides.

    Parameters
    ----------
    formal
        Whether it is a recognised crossing.
    opening
        What is known of when it is open.
    """

    near: Stop
    far: Stop
    formal: bool
    note: str
    opening: Opening

    @property
    def closed_by(self) -> str | None:
        """Id of the claim that says it is closed to traffic; None where none does."""
        return self.opening.closed_by

    def to_json(self) -> dict[str, Any]:
        return {
            "near": self.near.to_json(),
            "far": self.far.to_json(),
            "formal": self.formal,
            "note": self.note,
            "closed_by": self.closed_by,
            "opening": self.opening.to_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A crossing that is shut, and what the road would be were it not.

    Parameters
    ----------
    name
        Of both its sides.
    p_open
        Odds that the road is open, were this crossing open and all else as it is.
    """

    name: str
    opening: Opening
    p_open: float

    def __str__(self) -> str:
        return f"{self.name}: {self.opening.told}"

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "p_open": round(self.p_open, 4), **self.opening.to_json()}


@dataclass(frozen=True, slots=True, kw_only=True)
class CorridorEstimate(Estimate):
    """Whether the road is open: status first, then odds, route and what decides.

    Parameters
    ----------
    status
        ``open``, ``contested``, ``broken`` or ``unknown``, by the rule in `status_rule`.
    route
        The likeliest route; its places in order.
    firmness
        How firmly each stretch and crossing of the likeliest route is held.
    travel
        How long it takes where it is open; None where it hardly ever is.
    transport
        Land against air and sea: time, tonnes, cost and exposure, with ranges and sources.
    changes
        Smallest sets of places whose loss would break it, or whose gain would open it, the
        likeliest changes first.
    closures
        Crossings that are shut on the day and that matter: without the closure the odds differ.
    """

    asked: CorridorQuestion
    status: str
    status_rule: str
    traveller_name: str
    route: tuple[Stop, ...] = ()
    km: float = 0.0
    hours: float = 0.0
    unpaved_km: float = 0.0
    chokepoints: tuple[Chokepoint, ...] = ()
    routes: tuple[RouteOption, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    assumptions: tuple[str, ...] = ()
    firmness: Firmness = field(default_factory=Firmness)
    travel: TravelTime | None = None
    transport: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[ChangeSet, ...] = ()
    closures: tuple[Closure, ...] = ()

    @property
    def air(self) -> Mapping[str, Any]:
        """The air side of `transport`."""
        found: Mapping[str, Any] = self.transport.get("air", {})
        return found

    def to_json(self) -> dict[str, Any]:
        record = Estimate.to_json(self)
        record.update(
            status=self.status,
            status_rule=self.status_rule,
            route=[s.to_json() for s in self.route],
            km=round(self.km, 1),
            hours=round(self.hours, 1),
            unpaved_km=round(self.unpaved_km, 1),
            chokepoints=[c.to_json() for c in self.chokepoints],
            routes=[r.to_json() for r in self.routes],
            crossings=[c.to_json() for c in self.crossings],
            assumptions=list(self.assumptions),
            changes=[c.to_json() for c in self.changes],
            closures=[c.to_json() for c in self.closures],
            firmness=self.firmness.to_json(),
            travel=None if self.travel is None else self.travel.to_json(),
            land=self.transport.get("land", {}),
            air=self.transport.get("air", {}),
            sea=self.transport.get("sea", {}),
        )
        return record

    def __str__(self) -> str:
        names = [self.about["origin"]["name"], *[v["name"] for v in self.about["via"]["places"]],
                 self.about["destination"]["name"]]  # fmt: skip
        road = " - ".join(names)
        if self.asked.avoid:
            road += f", avoiding {few([v['name'] for v in self.about['avoid']['places']])},"
        on, as_of = _long(self.on), _long(self.as_of)
        told = "".join(
            f" {c.name} is shut then ({c.opening.told}); were it open, the odds would be "
            f"{percent(c.p_open)}."
            for c in self.closures[:_MOST_CLOSURES]
        )
        later = (self.on - self.as_of).days
        if later > _LATER_DAYS:
            told += f" Nothing is known of the {later} days from {as_of} to then."
        if self.status == "unknown":
            return (
                f"Whether the road {road} is open for {self.traveller_name} on {on} is not known: "
                f"too little had been published by {as_of} about places every route needs; with "
                f"those places counted shut, then passable, the odds run from "
                f"{percent(self.interval['open'][0])} to {percent(self.interval['open'][1])}.{told}"
            )
        p = self.p["open"]
        low, high = self.interval.get("open", (p, p))
        said = {"open": "open", "contested": "contested", "broken": "broken, not open,"}
        return (
            f"The road {road} is {said[self.status]} for {self.traveller_name} on {on}: the odds "
            f"that it is open are {percent(p)} ({probability_words(p)}; 90 % interval "
            f"{percent(low)} to {percent(high)}); {self.confidence} confidence in the evidence: "
            f"{self.n_claims} claims from {self.n_sources} sources published by {as_of}."
            f"{told}"
        )


def few(names: Sequence[str], most: int = 6) -> str:
    """Names in a row; of many the first ones, and how many more there are.

    Examples
    --------
    >>> few(["Homs", "Hama"]), few("abcdefgh", most=3)
    ('Homs, Hama', 'a, b, c and 5 more')
    """
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def _long(day: Any) -> str:
    return f"{day.day} {day:%B %Y}"

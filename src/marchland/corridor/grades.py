"""How firmly a route is held: places, stretches and crossings with the parts of their score."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFirmness:
    """How firmly one place is held.

    Parameters
    ----------
    score
        0 to 1.
    parts
        ``held``, ``duration``, ``depth``, ``garrison``, ``freshness``; a part that can't be known
        is left out.
    held_days
        Days for which it has likely stood with the traveller, to a fortnight; 0 where it does not.
    at_least
        Whether it may be longer: as far back as was looked.
    rival, rival_km
        The nearest place likely not on the traveller's side, and how far off; None where none is
        told of, or where this is such a place itself.
    forces, bases
        Ids of forces of that side likely there, the holder's among them, and of its bases near.
    claims
        Ids of the claims nearest to the day.
    """

    place: str
    score: float
    parts: Mapping[str, float]
    held_days: int
    at_least: bool
    rival: str | None
    rival_km: float | None
    forces: tuple[str, ...]
    bases: tuple[str, ...]
    age_days: int | None
    claims: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "place": self.place,
            "score": round(self.score, 3),
            "parts": {k: round(v, 3) for k, v in self.parts.items()},
            "held_days": self.held_days,
            "at_least": self.at_least,
            "rival": self.rival,
            "rival_km": None if self.rival_km is None else round(self.rival_km, 1),
            "forces": list(self.forces),
            "bases": list(self.bases),
            "age_days": self.age_days,
            "claims": list(self.claims),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A run of the route with one holder, up to a border.

    Parameters
    ----------
    holder
        Id of the likeliest holder; None where no claim says.
    score
        That of its weakest place.
    """

    holder: str | None
    places: tuple[PlaceFirmness, ...]
    score: float

    @property
    def weakest(self) -> PlaceFirmness:
        """The least firmly held place."""
        return min(self.places, key=lambda p: (p.score, p.place))

    def to_json(self) -> dict[str, Any]:
        return {
            "from": self.places[0].place,
            "to": self.places[-1].place,
            "holder": self.holder,
            "score": round(self.score, 3),
            "weakest": self.weakest.place,
            "places": [p.to_json() for p in self.places],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingFirmness:
    """How firmly a crossing is held.

    Parameters
    ----------
    sides
        ``both`` where each side likely stands with the traveller, else ``one`` or ``neither``.
    score
        That of the weaker side.
    """

    near: str
    far: str
    sides: str
    score: float

    def to_json(self) -> dict[str, Any]:
        return {
            "near": self.near,
            "far": self.far,
            "sides": self.sides,
            "score": round(self.score, 3),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Firmness:
    """How firmly each stretch and crossing of a route is held, in order."""

    stretches: tuple[Stretch, ...] = ()
    crossings: tuple[CrossingFirmness, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "stretches": [s.to_json() for s in self.stretches],
            "crossings": [c.to_json() for c in self.crossings],
        }

"""What if: assumptions read, and two answers compared.

An assumption names a place and who is to hold it (or ``open``, ``closed`` for a crossing), or an
actor and on which side it is to stand (``with``, ``against``). One about an area is about every
place of it. It is printed with every answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from marchland.claims import Claim
from marchland.corridor import CorridorEstimate
from marchland.errors import BadInput, UnknownName
from marchland.estimate import Estimate
from marchland.vocabulary import Answer, Vocabulary

_PASSAGE = ("open", "closed")
_SIDES = ("with", "against")
_STATES = ("contested", "none")
_SHOWN = 8
_LEAST = 0.005
"""A change of odds below this is not worth a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Assumptions by what they are about.

    Parameters
    ----------
    places
        Place id to holder id, ``contested`` or ``none``.
    actors
        Actor id to ``with`` or ``against``.
    crossings
        Place id to ``open`` or ``closed``.
    """

    places: Mapping[str, str] = field(default_factory=dict)
    actors: Mapping[str, str] = field(default_factory=dict)
    crossings: Mapping[str, str] = field(default_factory=dict)

    def as_given(self) -> dict[str, str]:
        """All of them as one mapping, as estimates carry it."""
        return {**self.places, **self.actors, **self.crossings}


def read_given(given: Mapping[str, str], vocabulary: Vocabulary) -> Assumptions:
    """Names to ids: ``{"Abu Kamal": "SDF", "Badr": "against"}``.

    Raises
    ------
    UnknownName, AmbiguousName
        If a name is not known, or could be several.
    BadInput
        If a value fits neither a place nor an actor.
    """
    places: dict[str, str] = {}
    actors: dict[str, str] = {}
    crossings: dict[str, str] = {}
    for name, value in given.items():
        word = value.strip().casefold()
        if word in _SIDES:
            actors[vocabulary.actor(name).id] = word
            continue
        if vocabulary.resolve_place(name).answer is Answer.UNKNOWN and not vocabulary.find_place(
            name
        ):
            if vocabulary.resolve_actor(name).answer is not Answer.UNKNOWN:
                raise BadInput(f"an actor is assumed with or against: --given {name!r}=with")
            raise UnknownName(
                name, [c.name for c in vocabulary.resolve_place(name).candidates[:3]], what="place"
            )
        place = vocabulary.place(name).id
        if word in _PASSAGE:
            crossings.update(dict.fromkeys(vocabulary.members_of(place) or (place,), word))
            continue
        holder = word if word in _STATES else vocabulary.holder_of(vocabulary.actor(value).id)
        places.update(dict.fromkeys(vocabulary.members_of(place) or (place,), holder))
    return Assumptions(places=places, actors=actors, crossings=crossings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two answers to one question, and what differs.

    Parameters
    ----------
    moved
        Outcome id to the change of its odds.
    why
        What changed on the way there, in words, the weightiest first.
    claims
        Claims behind the second answer that are not behind the first.
    """

    first: Estimate
    second: Estimate
    moved: Mapping[str, float]
    why: tuple[str, ...]
    claims: tuple[Claim, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "first": {"id": self.first.id, **self.first.to_json()},
            "second": {"id": self.second.id, **self.second.to_json()},
            "moved": {k: round(v, 4) for k, v in self.moved.items()},
            "why": list(self.why),
            "claims": [c.id for c in self.claims],
        }

    def __str__(self) -> str:
        moved = ", ".join(
            f"{self.second.name_of(k)} {v * 100:+.0f}"
            for k, v in self.moved.items()
            if abs(v) >= _LEAST
        )
        told = f"{moved} points" if moved else "none to speak of"
        head = f"{_status(self.first)} -> {_status(self.second)}"
        lines = [head, str(self.first), str(self.second), f"Change of the odds: {told}."]
        return "\n".join([*lines, *self.why])


def compare(first: Estimate, second: Estimate, vocabulary: Vocabulary | None = None) -> Comparison:
    """What differs between two answers to one question, and why.

    Parameters
    ----------
    vocabulary
        Names places and actors in `Comparison.why`; ids stand there without it.

    Raises
    ------
    BadInput
        If they answer different questions.
    """
    if first.question != second.question or first.about != second.about:
        raise BadInput("two answers can be compared only where the question is the same")
    outcomes = dict.fromkeys((*first.p, *second.p))
    moved = {k: second.p.get(k, 0.0) - first.p.get(k, 0.0) for k in outcomes}
    before = {b.claim.id for b in first.because}
    new = tuple(
        b.claim for b in second.because if b.claim.id not in before and isinstance(b.claim, Claim)
    )
    return Comparison(
        first=first,
        second=second,
        moved=dict(sorted(moved.items(), key=lambda kv: -abs(kv[1]))),
        why=tuple(_why(first, second, vocabulary)),
        claims=new,
    )


def _why(first: Estimate, second: Estimate, vocabulary: Vocabulary | None) -> Iterator[str]:
    def name(id: str | None) -> str:
        if id is None:
            return "not known"
        thing = vocabulary and (vocabulary.find_place(id) or vocabulary.find_actor(id))
        return thing.name if thing else id

    for which, here, there in (("second", second, first), ("first", first, second)):
        for about, value in here.given.items():
            if there.given.get(about) != value:
                yield f"Assumed in the {which}: {name(about)} = {name(value)}."
    if isinstance(first, CorridorEstimate) and isinstance(second, CorridorEstimate):
        if first.status != second.status:
            yield f"The status goes from {first.status} to {second.status}."
        before = {s.place: s for s in first.route}
        for stop in second.route:
            other = before.get(stop.place)
            if other is not None and other.holder != stop.holder:
                yield (
                    f"{name(stop.place)}: held by {name(other.holder)}, then {name(stop.holder)}; "
                    f"passable {_percent(other.p_pass)}, then {_percent(stop.p_pass)}."
                )
        left = [s.place for s in first.route if s.place not in {t.place for t in second.route}]
        if left:
            more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
            yield f"The likeliest route leaves {', '.join(map(name, left[:_SHOWN]))}{more}."
    elif first.best != second.best:
        yield f"The likeliest outcome goes from {_status(first)} to {_status(second)}."


def _status(answer: Estimate) -> str:
    if isinstance(answer, CorridorEstimate):
        return answer.status
    return "not known" if answer.best is None else answer.name_of(answer.best)


def _percent(p: float) -> str:
    if p > 0.99:
        return ">99%"
    return "<1%" if p < 0.01 else f"{p:.0%}"

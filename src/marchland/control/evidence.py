"""From claims to what they say of a place's holder, day by day.

Each predicate has a meaning of its own: a capture says who held the place before and who holds it
after; a loss only who does not; a siege that it is contested; a presence next to nothing about the
holder. A claim about an area or a route speaks, more softly, of the places in it. What is intended
or conditional says nothing of who holds what.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marchland.claims import Claim, Kind, Ref
from marchland.control.settings import ControlSettings
from marchland.vocabulary import Vocabulary

ROUTE = "route:"
"""Id of a route between two places: ``route:damascus:abu-kamal``."""


class Says(StrEnum):
    """What an observation says of the holder."""

    HOLDS = "holds"
    NOT = "not"
    CONTESTED = "contested"
    PRESENT = "present"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one claim says of one place on one day.

    Parameters
    ----------
    day
        Proleptic ordinal of the day (valid time).
    who
        The holder it speaks of.
    weight
        0..1: how firmly, by modality, reading odds, interest and distance.
    """

    place: str
    day: int
    says: Says
    who: str
    weight: float
    claim: Claim


_CONTROL = frozenset({"holds", "captures", "loses", "contests", "presence"})


def observe(
    claims: Iterable[Claim], vocabulary: Vocabulary, *, settings: ControlSettings
) -> list[Observation]:
    """Everything the claims say of holders, in order of place and day.

    One source saying the same of a place and day twice is counted once, with its heavier weight.
    """
    listed = [c for c in claims if c.place is not None and _speaks(c)]
    beside = _beside(listed, vocabulary)
    found: dict[tuple[object, ...], Observation] = {}
    for claim in listed:
        for o in _observations(claim, vocabulary, settings, present=claim.id in beside):
            key = (o.place, o.day, o.says, o.who, claim.source.id)
            if key not in found or found[key].weight < o.weight:
                found[key] = o
    return sorted(found.values(), key=lambda o: (o.place, o.day, o.says, o.who, o.claim.id))


def holder(ref: Ref | None, vocabulary: Vocabulary) -> str | None:
    """The holder an actor stands for; None where it is not resolved."""
    if ref is None or not ref.resolved:
        return None
    return vocabulary.holder_of(ref.id)


def places_of(claim: Claim, vocabulary: Vocabulary, settings: ControlSettings) -> dict[str, float]:
    """Ids of the places a claim speaks of, with the factor on its weight for each."""
    place = claim.place
    if place is None or not place.resolved:
        return {}
    if place.id.startswith(ROUTE):
        return dict.fromkeys(place.id.removeprefix(ROUTE).split(":"), settings.route)
    members = vocabulary.members_of(place.id)
    if not members:
        return {place.id: 1.0}
    factor = settings.country if place.geo_precision == "country" else settings.area
    return dict.fromkeys(members, factor / max(1.0, len(members) / 12) ** 0.5)


def _speaks(claim: Claim) -> bool:
    if claim.predicate in _CONTROL:
        return True
    return claim.predicate in ("withdraws", "assists") and claim.kind is not Kind.STATEMENT


def _beside(claims: Sequence[Claim], vocabulary: Vocabulary) -> frozenset[str]:
    """Claims of forces named beside the holder: "the army and Hezbollah took X".

    One report names several takers or holders of a place in one breath: a state's force is the
    holder, else the first named; the others are present beside it.
    """
    together: dict[tuple[object, ...], list[Claim]] = {}
    for claim in claims:
        if claim.predicate in ("holds", "captures") and claim.subject and claim.place:
            key = (claim.report.id, claim.place.id, claim.predicate, claim.begin, claim.end,
                   claim.valid.start) if claim.from_text else (claim.id,)  # fmt: skip
            together.setdefault(key, []).append(claim)
    beside: set[str] = set()
    for joint in together.values():
        holders = {holder(c.subject, vocabulary) for c in joint} - {None}
        if len(holders) < 2:
            continue
        first = next((c for c in joint if _is_state(c.subject, vocabulary)), joint[0])
        keeps = holder(first.subject, vocabulary)
        beside |= {c.id for c in joint if holder(c.subject, vocabulary) != keeps}
    return frozenset(beside)


def _is_state(ref: Ref | None, vocabulary: Vocabulary) -> bool:
    actor = vocabulary.find_actor(holder(ref, vocabulary) or "")
    return actor is not None and actor.kind == "state"


def _observations(
    claim: Claim, vocabulary: Vocabulary, settings: ControlSettings, *, present: bool
) -> Iterable[Observation]:
    weight = (
        settings.modality[claim.modality.value]
        * claim.p_read
        * _interest(claim, vocabulary, settings)
    )
    subject, other = holder(claim.subject, vocabulary), holder(claim.object, vocabulary)
    days = _days(claim)
    if days is None or abs(weight) < 1e-9:
        return
    before, after, later = days
    said: list[tuple[int, Says, str | None, float]] = []
    predicate = "presence" if present else claim.predicate
    if predicate == "holds":
        said = [(d, Says.HOLDS, subject, 1.0) for d in dict.fromkeys((after, later))]
    elif predicate == "captures":
        said = [(after, Says.HOLDS, subject, 1.0)]
        if other is not None and other != subject:
            said.append((before, Says.HOLDS, other, 0.8))
            said.append((after, Says.NOT, other, 0.9))
        elif subject is not None:
            said.append((before, Says.NOT, subject, 0.5))
    elif predicate in ("loses", "withdraws"):
        said = [(after, Says.NOT, subject, 0.9 if predicate == "loses" else 0.5)]
        if predicate == "loses":
            said += [(before, Says.HOLDS, subject, 0.6), (after, Says.HOLDS, other, 0.9)]
    elif predicate == "contests":
        said = [(after, Says.CONTESTED, subject or other, 0.8)]
    elif predicate in ("presence", "assists"):
        said = [(after, Says.PRESENT, subject, 1.0)]
    for place, factor in places_of(claim, vocabulary, settings).items():
        for day, says, who, share in said:
            if who is None and says is not Says.CONTESTED:
                continue
            strength = weight * factor * share
            meaning, strength = _turned(says, strength)
            if meaning is not None:
                yield Observation(
                    place=place, day=day, says=meaning, who=who or "", weight=strength, claim=claim
                )


def _turned(says: Says, weight: float) -> tuple[Says | None, float]:
    """A denied or unlikely claim speaks against what it would have said."""
    if weight >= 0:
        return says, weight
    if says is Says.HOLDS:
        return Says.NOT, -weight
    return (Says.HOLDS, -weight * 0.5) if says is Says.NOT else (None, 0.0)


def _interest(claim: Claim, vocabulary: Vocabulary, settings: ControlSettings) -> float:
    """A claim in its speaker's own favour weighs less than one that costs it something."""
    speaker = holder(claim.speaker, vocabulary)
    gains = holder(claim.subject, vocabulary)
    if speaker is not None and claim.predicate in ("holds", "captures") and speaker == gains:
        return settings.own_side
    return 1.0


def _days(claim: Claim) -> tuple[int, int, int] | None:
    """Ordinals: the last day before, the first day after, the last day it is said to hold."""
    window, published = claim.valid.window, claim.published
    if window is None:
        if published is None or claim.valid.end is not None:
            return None
        day = published.toordinal()
        return day - 1, day, day
    first, last = window[0].toordinal(), window[1].toordinal() - 1
    known = published.toordinal() if published is not None else last
    after = max(first, min(last, known))
    end = claim.valid.end
    later = max(after, known) if end is None else end.toordinal() - 1
    return first - 1, after, max(after, later)


def to_day(ordinal: int) -> date:
    """The day with this ordinal."""
    return date.fromordinal(ordinal)

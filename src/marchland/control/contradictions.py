"""Claims that can't all be true, laid side by side.

Two claims contradict each other when they name different holders of one place for days that lie
within a week of each other and no claim tells of a change between them; or when one says what the
other denies. A capture after another's holding is a change, not a contradiction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from marchland.claims import Claim
from marchland.control.evidence import Observation, Says, observe
from marchland.control.settings import ControlSettings
from marchland.vocabulary import Vocabulary

_WITHIN_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Rival claims about one place and time.

    Parameters
    ----------
    start, end
        First and last day the rival claims speak of.
    sides
        Holder id (or ``not ID``) to the claims that say so, weightiest first.
    odds
        How the weight of the claims splits between the sides; no judgement of the model.
    settles
        What would settle it.
    """

    place: str
    name: str
    start: date
    end: date
    sides: Mapping[str, tuple[Claim, ...]]
    odds: Mapping[str, float]
    settles: str

    def to_json(self) -> dict[str, Any]:
        return {
            "place": {"id": self.place, "name": self.name},
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "sides": {k: [c.to_json() for c in v] for k, v in self.sides.items()},
            "odds": {k: round(v, 3) for k, v in self.odds.items()},
            "settles": self.settles,
        }

    def __str__(self) -> str:
        lines = [f"{self.name}, {self.start} to {self.end}:"]
        for side, claims in self.sides.items():
            lines.append(f"  {side} ({self.odds[side]:.0%} of the weight)")
            lines += [f"    {c} {c.id}" for c in claims[:4]]
        return "\n".join([*lines, f"  {self.settles}"])


def contradictions(
    claims: Sequence[Claim],
    vocabulary: Vocabulary,
    *,
    start: date,
    end: date,
    as_of: date,
    settings: ControlSettings = ControlSettings(),  # noqa: B008
) -> list[Contradiction]:
    """Contradictions about days between `start` and `end`, in order of day and place.

    Parameters
    ----------
    as_of
        Claims published after this day are left out.
    """
    known = [c for c in claims if c.published is not None and c.published <= as_of]
    low, high = start.toordinal(), end.toordinal()
    by_place: dict[str, list[Observation]] = {}
    for o in observe(known, vocabulary, settings=settings):
        if o.says in (Says.HOLDS, Says.NOT) and low <= o.day <= high and _direct(o):
            by_place.setdefault(o.place, []).append(o)
    found = []
    for place, seen in by_place.items():
        for group in _groups(sorted(seen, key=lambda o: (o.day, o.claim.id))):
            found.append(_lay_out(place, group, vocabulary))
    return sorted(found, key=lambda c: (c.start, c.place))


def _direct(o: Observation) -> bool:
    """Said of the place itself and of what the claim is about, not by implication."""
    about_it = o.claim.place is not None and o.claim.place.id == o.place
    return about_it and (o.says is Says.HOLDS or o.claim.modality.value in ("denied", "unlikely"))


def _groups(seen: Sequence[Observation]) -> list[list[Observation]]:
    """Runs of observations in which some two contradict each other."""
    groups: list[list[Observation]] = []
    for i, a in enumerate(seen):
        for b in seen[i + 1 :]:
            if b.day - a.day > _WITHIN_DAYS:
                break
            if _rivals(a, b, seen):
                if groups and groups[-1][-1].day + _WITHIN_DAYS >= a.day:
                    groups[-1] += [o for o in (a, b) if o not in groups[-1]]
                else:
                    groups.append([a, b])
    return groups


def _rivals(a: Observation, b: Observation, seen: Sequence[Observation]) -> bool:
    if a.claim.id == b.claim.id:
        return False
    if a.says is Says.HOLDS and b.says is Says.HOLDS:
        if a.who == b.who:
            return False
        if b.claim.predicate == "captures" and b.day > a.day:
            return False
        if a.claim.predicate == "captures" and a.claim.object and b.day <= a.day:
            return False
        return not any(
            o.claim.predicate == "captures" and o.says is Says.HOLDS and o.who == b.who
            and a.day < o.day <= b.day
            for o in seen
        )  # fmt: skip
    return a.who == b.who and a.says is not b.says


def _lay_out(place: str, group: Sequence[Observation], vocabulary: Vocabulary) -> Contradiction:
    sides: dict[str, list[Observation]] = {}
    for o in group:
        sides.setdefault(o.who if o.says is Says.HOLDS else f"not {o.who}", []).append(o)
    total = sum(o.weight for o in group) or 1.0
    found = vocabulary.find_place(place)
    name = found.name if found else place
    days = [o.day for o in group]
    ordered = dict(sorted(sides.items(), key=lambda kv: -sum(o.weight for o in kv[1])))
    return Contradiction(
        place=place,
        name=name,
        start=date.fromordinal(min(days)),
        end=date.fromordinal(max(days)),
        sides={
            k: tuple({o.claim.id: o.claim for o in sorted(v, key=lambda o: -o.weight)}.values())
            for k, v in ordered.items()
        },
        odds={k: sum(o.weight for o in v) / total for k, v in ordered.items()},
        settles=(
            f"It would be settled by a report from inside {name}, or by a statement of a side "
            "against its own interest."
        ),
    )

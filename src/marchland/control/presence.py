"""Forces beside the holder: odds that a force of an actor is at a place on a day.

Each place and actor is a chain of two states, present and absent, on the days that claims speak of;
the gaps between them, of any length, are exact in one step.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from marchland.claims import Claim, Modality
from marchland.control.chain import Array, ahead, back
from marchland.control.evidence import days_of, reach
from marchland.control.settings import ControlSettings
from marchland.control.sources import firmness, reliability_of
from marchland.control.together import keep_company
from marchland.vocabulary import Vocabulary

_COMES = frozenset({"presence", "assists", "contests"})
_GOES = frozenset({"loses", "withdraws"})
_HOLDS = frozenset({"holds", "captures"})
_FAINT = 0.6
Marks = dict[tuple[str, str], dict[tuple[int, str, bool], float]]


@dataclass(frozen=True, slots=True)
class Stay:
    """The chain of one actor at one place.

    Parameters
    ----------
    days
        (T,) ordinals of the days that claims speak of.
    forward, backward
        (T, 2) messages for absent and present; `backward` has the day's own evidence in it.
    """

    days: Array
    forward: Array
    backward: Array

    def odds(self, on: int, settings: ControlSettings) -> float:
        """Odds that the force is there on a day; before its first mention the base rate."""
        base = np.array([1.0 - settings.presence_base, settings.presence_base])
        at = int(np.searchsorted(self.days, on, side="right"))
        if at == 0:
            return settings.presence_base
        before = ahead(self.forward[at - 1], _kept(on - self.days[at - 1], settings), base)
        after = np.ones(2)
        if at < len(self.days):
            after = back(self.backward[at], _kept(self.days[at] - on, settings), base)
        product = before * after
        return float(product[1] / product.sum())


def infer_presence(
    claims: Sequence[Claim],
    vocabulary: Vocabulary,
    *,
    places: Sequence[str],
    settings: ControlSettings,
) -> Mapping[tuple[str, str], Stay]:
    """The chain of every place and actor that a claim puts there or takes away.

    Nothing is worked out before it is asked for: many questions of control never ask.

    Parameters
    ----------
    claims
        As `evidence.known_by` gives them.
    """

    def make() -> dict[tuple[str, str], Stay]:
        marks = _marks(claims, vocabulary, set(places), settings)
        return {pair: _run(found, settings) for pair, found in sorted(marks.items())}

    return _Later(make)


class _Later(Mapping[tuple[str, str], Stay]):
    """A mapping that is made when it is first looked at."""

    def __init__(self, make: Callable[[], dict[tuple[str, str], Stay]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> dict[tuple[str, str], Stay]:
        return self._make()

    def __getitem__(self, pair: tuple[str, str]) -> Stay:
        return self._made[pair]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def _marks(
    claims: Sequence[Claim], vocabulary: Vocabulary, places: set[str], settings: ControlSettings
) -> Marks:
    of = vocabulary.holder_of
    company = keep_company(claims, vocabulary, days_of=days_of, settings=settings)
    found: Marks = defaultdict(dict)
    held: dict[str, set[str]] = defaultdict(set)
    taken: list[tuple[str, str, int, str, float]] = []
    for claim in claims:
        firm = firmness(claim, settings)
        if firm == 0.0 or claim.place is None:
            continue
        here: list[tuple[str, bool, float]] = []
        subject = claim.subject.id if claim.subject and claim.subject.resolved else None
        object_ = claim.object.id if claim.object and claim.object.resolved else None
        if subject and claim.predicate in _COMES:
            here.append((subject, True, 1.0))
        if object_ and claim.predicate == "contests" and claim.modality is Modality.ASSERTED:
            here.append((object_, True, _FAINT))
        if subject and claim.predicate in _GOES:
            here.append((subject, False, 1.0))
        if object_ and claim.predicate == "captures":
            here.append((object_, False, _FAINT))
        if subject and claim.predicate in _HOLDS:
            here.append((subject, True, 1.0))
            if claim.id in company.beside and of(subject) != subject:
                here.append((of(subject), True, 1.0))
        if not here:
            continue
        first, last = days_of(claim)
        for place, share in reach(claim, vocabulary, settings):
            if place not in places:
                continue
            for actor, comes, weight in here:
                w = abs(firm) * share * weight
                right = 0.5 + w * (reliability_of(claim, settings) - 0.5)
                key = ((first + last) // 2, claim.source.id, comes == (firm > 0))
                pair = found[place, actor]
                pair[key] = max(pair.get(key, 0.5), right)
                if claim.predicate in _HOLDS and comes and firm > 0:
                    held[place].add(actor)
                    if claim.predicate == "captures":
                        taken.append((place, actor, key[0], key[1], right))
    _drive_out(found, held, taken, vocabulary)
    return found


def _drive_out(
    found: Marks,
    held: Mapping[str, set[str]],
    taken: Sequence[tuple[str, str, int, str, float]],
    vocabulary: Vocabulary,
) -> None:
    """Who takes a place drives out those who held it, whether or not the report names them."""
    of = vocabulary.holder_of
    for place, winner, day, source, right in taken:
        for loser in held[place]:
            if of(loser) != of(winner) and min(d for d, _, _ in found[place, loser]) < day:
                marks = found[place, loser]
                marks[day, source, False] = max(marks.get((day, source, False), 0.5), right)


def _run(marks: Mapping[tuple[int, str, bool], float], settings: ControlSettings) -> Stay:
    days = np.array(sorted({day for day, _, _ in marks}), dtype=float)
    likelihood = np.ones((len(days), 2))
    for (day, _, present), right in sorted(marks.items()):
        at = int(np.searchsorted(days, day))
        likelihood[at] *= (1.0 - right, right) if present else (right, 1.0 - right)
    base = np.array([1.0 - settings.presence_base, settings.presence_base])
    even = np.array([0.5, 0.5])
    forward, backward = np.empty_like(likelihood), np.empty_like(likelihood)
    for t in range(len(days)):
        # News of a force says that one may have come: the first is even odds, not the base rate.
        now = (
            even if t == 0 else ahead(forward[t - 1], _kept(days[t] - days[t - 1], settings), base)
        )
        now = now * likelihood[t]
        forward[t] = now / now.sum()
    for t in range(len(days) - 1, -1, -1):
        later = np.ones(2)
        if t + 1 < len(days):
            later = back(backward[t + 1], _kept(days[t + 1] - days[t], settings), base)
        later = later * likelihood[t]
        backward[t] = later / later.max()
    return Stay(days=days, forward=forward, backward=backward)


def _kept(days: float, settings: ControlSettings) -> Array:
    return np.full(2, np.exp(-float(days) / settings.presence_days))

"""A pair through time: a hidden Markov chain over five states of a tie, exact on every day.

The states are *ally* and *enemy*, which last, *help* and *clash*, which pass, and *neutral*. A
relation speaks for the lasting state of its side, a deed as much for the passing one, so a single
strike fades within months and a run of them makes an enemy. The generator of the chain is
reversible, so its powers come from one symmetric eigendecomposition and a gap of any length costs
the same. While a source says that a tie holds, the clock of change runs slower; where it says that
the tie ended, the state is drawn anew. Forward and backward passes after Rabiner (1989).
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from marchland.alignment.settings import AlignmentSettings
from marchland.claims import Claim

SIDES = ("aligned", "neutral", "opposed")
DEEDS = frozenset({"assaults", "threatens", "coerces", "rejects", "captures", "aids", "assists",
                   "agrees", "consults", "deals_with"})  # fmt: skip
_LASTS = np.array([1.0, 0.5, 0.0, -0.5, -1.0])
_PASSES = np.array([0.8, 1.0, 0.0, -1.0, -0.8])
_NEITHER = np.array([0.0, 0.0, 1.0, 0.0, 0.0])
_MERGE = np.array([[1, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 1]], dtype=float)
_BASE = np.array([0.2, 2 / 15, 1 / 3, 2 / 15, 0.2])
_PASSING = (1, 3)
_ACROSS = 0.5
"""How much rarer a change straight from one side to the other is than one by way of neutral."""
_RELIABLE = 0.995
"""No single claim is more certain than this, however firmly it is made and read."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one claim says of a pair.

    Parameters
    ----------
    start
        The day it speaks of.
    end
        For a tie said to last: the first day after it; None while it goes on.
    stands
        Whether it is said to hold on every day from `start` on.
    weight
        Chance that the claim tells what is so, apart from what it tells; negative where it denies.
    log_odds
        What it says: towards aligned (positive) or opposed (negative).
    neutral
        Log odds towards neutral.
    """

    claim: Claim
    start: date
    end: date | None
    stands: bool
    weight: float
    log_odds: float
    neutral: float

    def likelihood(self, share: float, trust: float) -> NDArray[np.float64]:
        """(5,) likelihoods of the states.

        A claim that is misread says nothing, so by a single one the odds are those of what it says
        times its weight, and the base rates for the rest.
        """
        shape = _PASSES if self.claim.predicate in DEEDS else _LASTS
        told = trust * share * (self.log_odds * shape + self.neutral * _NEITHER)
        if self.weight < 0:
            told = self.weight * told
            return np.asarray(np.exp(told), dtype=np.float64)
        spoken = np.exp(told)
        spoken = spoken / float(_BASE @ spoken)
        return np.asarray(1 - self.weight + self.weight * spoken, dtype=np.float64)


def evidence_of(claims: Sequence[Claim], settings: AlignmentSettings) -> list[Evidence]:
    """What claims about a pair say, in order of the days they speak of; others say nothing."""
    found = []
    for claim in claims:
        start = claim.valid.start or claim.published
        modality = settings.modality[claim.modality.value]
        if start is None or modality == 0 or claim.p_read == 0:
            continue
        lasting = claim.predicate not in DEEDS
        stands = claim.valid.end is not None or (lasting and not claim.from_text)
        weight = modality * claim.p_read
        found.append(
            Evidence(
                claim=claim,
                start=start,
                end=claim.valid.end,
                stands=stands and modality > 0,
                weight=min(_RELIABLE, weight),
                log_odds=settings.strength.get(claim.predicate, 0.0),
                neutral=settings.neutral.get(claim.predicate, 0.0),
            )
        )
    return sorted(found, key=lambda e: (e.start, e.claim.id))


class TieChain:
    """Odds of where a pair stands on every day.

    Parameters
    ----------
    evidence
        In order of days.
    trust
        Factor on what every claim says; 1 but for the interval.
    pace
        Factor on how fast ties change; 1 but for the interval.
    """

    def __init__(
        self,
        evidence: Sequence[Evidence],
        settings: AlignmentSettings,
        *,
        trust: float = 1.0,
        pace: float = 1.0,
    ) -> None:
        self.evidence = tuple(evidence)
        self._base, self._values, self._left, self._right = _generator(
            settings.lasting_days / pace, settings.deed_days / pace
        )
        days = {e.start for e in evidence} | {e.end for e in evidence if e.end is not None}
        self.knots = sorted(days)
        self._ordinals = [d.toordinal() for d in self.knots]
        self._speed = [self._speed_at(d) for d in self.knots]
        likelihood = self._likelihoods(trust)
        n = len(self.knots)
        self._after = np.zeros((n, 5))
        self._ahead = np.ones((n, 5))
        resets = [self._reset_at(d) for d in self.knots]
        state = self._base
        for i in range(n):
            if i:
                state = state @ self._step(i - 1, self._ordinals[i] - self._ordinals[i - 1])
            state = (1 - resets[i]) * state + resets[i] * self._base * state.sum()
            state = state * likelihood[i]
            state = state / state.sum()
            self._after[i] = state
        # _ahead[i]: chance of all that is told from knot i on, by the state just before it.
        message = np.ones(5)
        for i in reversed(range(n)):
            message = message * likelihood[i]
            message = (1 - resets[i]) * message + resets[i] * float(self._base @ message)
            message = message / message.max()
            self._ahead[i] = message
            if i:
                message = self._step(i - 1, self._ordinals[i] - self._ordinals[i - 1]) @ message

    def at(self, on: date) -> NDArray[np.float64]:
        """(3,) odds of `SIDES` on a day, given everything told; even before the first claim."""
        i = bisect_right(self.knots, on) - 1
        if i < 0:
            return _MERGE @ self._base
        gone = on.toordinal() - self._ordinals[i]
        state = self._after[i] @ self._step(i, gone)
        if i + 1 < len(self.knots):
            left = self._ordinals[i + 1] - on.toordinal()
            state = state * (self._step(i, left) @ self._ahead[i + 1])
        found: NDArray[np.float64] = _MERGE @ (state / state.sum())
        return found

    def bearing(self, on: date) -> list[Evidence]:
        """Evidence of the day and of days before it, none that is said to have ended."""
        since = max(
            (d for d in self.knots if d <= on and self._reset_at(d) > 0.5), default=date.min
        )
        return [
            e
            for e in self.evidence
            if e.start <= on and (e.end is None or on < e.end) and (e.stands or e.start >= since)
        ]

    def _step(self, knot: int, days: int) -> NDArray[np.float64]:
        """(5, 5) chances of change over some days after a knot."""
        scaled = np.exp(self._values * (days * self._speed[knot]))
        found: NDArray[np.float64] = np.clip((self._left * scaled) @ self._right, 0.0, None)
        return found

    def _speed_at(self, day: date) -> float:
        """How fast the clock of change runs after a day: slow where a tie is said to stand."""
        still = 1.0
        for e in self.evidence:
            if e.stands and e.start <= day and (e.end is None or day < e.end):
                still *= 1 - e.weight
        return still

    def _reset_at(self, day: date) -> float:
        """Chance that the state is drawn anew: a tie ends here and no other like it stands."""
        ends = [e for e in self.evidence if e.stands and e.end == day]
        if not ends:
            return 0.0
        chance = max(e.weight for e in ends)
        for e in self.evidence:
            like = any(e.log_odds * other.log_odds > 0 for other in ends)
            if like and e.stands and e.start <= day and (e.end is None or day < e.end):
                chance *= 1 - e.weight
        return chance

    def _likelihoods(self, trust: float) -> NDArray[np.float64]:
        """(knots, 5); what one source repeats counts 1, 1/2, 1/3, until the other side is told."""
        at = {d: i for i, d in enumerate(self.knots)}
        found = np.ones((len(self.knots), 5))
        repeats: dict[tuple[object, ...], int] = {}
        side = 0.0
        for e in self.evidence:
            sign = np.sign(e.log_odds * e.weight)
            if sign * side < 0:
                repeats.clear()
            side = sign or side
            claim = e.claim
            key = (claim.predicate, claim.subject and claim.subject.id, claim.source.id)
            repeats[key] = repeats.get(key, 0) + 1
            found[at[e.start]] *= e.likelihood(1 / repeats[key], trust)
        return found


@lru_cache(maxsize=64)
def _generator(lasting_days: float, passing_days: float) -> tuple[NDArray[np.float64], ...]:
    """Base rates, eigenvalues, and left and right factors of the chain's generator.

    ``Q_ij = S_ij pi_j`` with S symmetric is reversible with base rates pi (Kelly 1979).
    """
    base = _BASE
    passing = np.log(2) / passing_days
    lasting = np.log(2) / lasting_days
    exchange = np.zeros((5, 5))
    for i in range(5):
        for j in range(5):
            if i == j:
                continue
            rate = passing if (i in _PASSING and j in _PASSING) else lasting
            if (i in _PASSING) != (j in _PASSING):
                # From passing to lasting and back; the lasting state outlasts it.
                rate = passing if 2 in (i, j) else 0.5 * passing
            if (i < 2 < j) or (j < 2 < i):
                rate *= _ACROSS
            exchange[i, j] = rate
    root = np.sqrt(base)
    symmetric = exchange * np.outer(root, root)
    np.fill_diagonal(symmetric, -(exchange * base).sum(axis=1))
    values, vectors = np.linalg.eigh(symmetric)
    return base, np.minimum(values, 0.0), vectors / root[:, None], (vectors * root[:, None]).T

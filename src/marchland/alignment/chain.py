"""A pair through time: a hidden Markov chain over six states of a tie, exact on every day.

The states are *bond* (membership, command), *ally* and *enemy*, which last, *help* and *clash*,
which pass, and *neutral*. What a claim says for each of them hangs on its kind: a bond outlasts an
alliance, a loose word for one ("alongside") fits a passing help as well, and a deed tells what
stands on its day, so that a single strike fades within years and a run of them makes an enemy. The
generator of the chain is reversible, so its powers come from one symmetric eigendecomposition and a
gap of any length costs the same. While a source says that a tie holds, its side is left more
slowly; where it says that the tie ended, the state is drawn anew. Forward and backward passes after
Rabiner (1989).
"""

import re
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
_BONDS = frozenset({"part_of", "commands", "leads"})
_ALLIANCE = re.compile(r"\b(ally|allies|allied|alliances?|coalition|pact|treaty)\b", re.IGNORECASE)
# How much of what a claim says it says of bond, ally, help, neutral, clash and enemy.
_BOND_SHAPE = np.array([1.0, 0.7, 0.2, 0.0, -0.3, -1.0])
_LASTS = np.array([0.9, 1.0, 0.3, 0.0, -0.3, -1.0])
_LOOSELY = np.array([0.8, 1.0, 1.0, 0.0, -1.0, -1.0])
_PASSES = np.array([1.0, 1.0, 1.0, 0.0, -1.0, -1.0])
_NEITHER = np.array([0.0, 0.0, 0.0, 1.0, 0.0, 0.0])
_MERGE = np.array([[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 1]], dtype=float)
_BASE = np.array([0.07, 1 / 3 - 0.2, 0.13, 1 / 3, 0.14, 1 / 3 - 0.14])
_N = len(_BASE)
_BOND, _ALLY, _HELP, _NEUTRAL, _CLASH, _ENEMY = range(_N)
_SIDE_TOLD = 3.0
"""Log odds of a side that a claim gives whose exact sense was misread."""
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
        How firmly it is told, and how far its teller is believed, apart from what is told;
        negative where it denies.
    read
        Chance that it was read exactly.
    side
        Chance that a claim not read exactly still has the pair and the side right.
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
    read: float
    side: float
    log_odds: float
    neutral: float

    @property
    def leaning(self) -> float:
        """Signed strength: what it says times the chance that it is so told and read."""
        return self.log_odds * self.weight * self.read

    def likelihood(self, share: float, trust: float) -> NDArray[np.float64]:
        """(6,) likelihoods of the states.

        A mixture: what is said, where the claim is read exactly; the side alone, where its sense is
        misread; and nothing, where it is misread altogether or its teller is wrong. A denial takes
        from the side that it denies and gives to none.
        """
        shape = _shape(self.claim)
        if self.weight < 0:
            denied = np.clip(shape * np.sign(self.log_odds), 0.0, 1.0)
            denied = denied if self.log_odds else _NEITHER
            return np.asarray(1 + share * self.weight * self.read * denied, dtype=np.float64)
        read, weight = _moved(self.read, trust), _moved(self.weight, trust)
        exact = _told(trust * share * (self.log_odds * shape + self.neutral * _NEITHER))
        loosely = float(np.clip(self.log_odds, -_SIDE_TOLD, _SIDE_TOLD))
        about = _LASTS if shape is _BOND_SHAPE else shape
        side = _told(trust * share * loosely * about)
        misread = self.side * side + (1 - self.side)
        found = read * exact + (1 - read) * misread
        return np.asarray(1 - weight + weight * found, dtype=np.float64)


def _moved(chance: float, trust: float) -> float:
    """A chance whose odds are `trust` to the third times what they were."""
    if trust == 1 or chance >= 1:
        return chance
    odds = chance / (1 - chance) * trust**3
    return odds / (1 + odds)


def _shape(claim: Claim) -> NDArray[np.float64]:
    if claim.predicate in _BONDS:
        return _BOND_SHAPE
    if is_loose(claim):
        return _LOOSELY
    return _PASSES if claim.predicate in DEEDS else _LASTS


def is_loose(claim: Claim) -> bool:
    """Whether a claim of alliance does not name one: forces alongside each other, joined, aligned.

    It says that two stand together on its day, and little of what lasts.
    """
    if claim.predicate != "allied_with" or not claim.from_text:
        return False
    return _ALLIANCE.search(" ".join((claim.quote or "").split())) is None


def _told(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Likelihoods that are one on average by the base rates."""
    found = np.exp(log_odds)
    return np.asarray(found / float(_BASE @ found), dtype=np.float64)


def evidence_of(claims: Sequence[Claim], settings: AlignmentSettings) -> list[Evidence]:
    """What claims about a pair say, in order of the days they speak of; others say nothing."""
    found = []
    for claim in claims:
        start = claim.valid.start or claim.published
        modality = settings.modality[claim.modality.value]
        if start is None or modality == 0 or claim.p_read == 0:
            continue
        text = claim.from_text
        lasting = claim.predicate not in DEEDS
        stands = claim.valid.end is not None or (lasting and not text)
        found.append(
            Evidence(
                claim=claim,
                start=start,
                end=claim.valid.end,
                stands=stands and modality > 0,
                weight=min(_RELIABLE, modality * (settings.teller if text else 1.0)),
                read=claim.p_read,
                side=settings.misread_side if text else 0.0,
                log_odds=settings.loose
                if is_loose(claim)
                else settings.strength.get(claim.predicate, 0.0),
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
        Factor on the log odds that every claim gives, and to the third on the odds that it is
        rightly read and told; 1 but for the interval.
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
        self._half_lives = (
            settings.bond_days / pace, settings.lasting_days / pace, settings.deed_days / pace
        )  # fmt: skip
        self._repeat_days = settings.repeat_days
        days = {e.start for e in evidence} | {e.end for e in evidence if e.end is not None}
        self.knots = sorted(days)
        self._ordinals = [d.toordinal() for d in self.knots]
        self._powers = [_generator(*self._half_lives, self._pace_at(d)) for d in self.knots]
        likelihood = self._likelihoods(trust)
        n = len(self.knots)
        self._after = np.zeros((n, _N))
        self._ahead = np.ones((n, _N))
        resets = [self._reset_at(d) for d in self.knots]
        state = _BASE
        for i in range(n):
            if i:
                state = state @ self._step(i - 1, self._ordinals[i] - self._ordinals[i - 1])
            state = (1 - resets[i]) * state + resets[i] * _BASE * state.sum()
            state = state * likelihood[i]
            state = state / state.sum()
            self._after[i] = state
        # _ahead[i]: chance of all that is told from knot i on, by the state just before it.
        message = np.ones(_N)
        for i in reversed(range(n)):
            message = message * likelihood[i]
            message = (1 - resets[i]) * message + resets[i] * float(_BASE @ message)
            message = message / message.max()
            self._ahead[i] = message
            if i:
                message = self._step(i - 1, self._ordinals[i] - self._ordinals[i - 1]) @ message

    def at(self, on: date) -> NDArray[np.float64]:
        """(3,) odds of `SIDES` on a day, given everything told; even before the first claim."""
        i = bisect_right(self.knots, on) - 1
        if i < 0:
            return np.asarray(_MERGE @ _BASE, dtype=np.float64)
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
        """(6, 6) chances of change over some days after a knot."""
        values, left, right = self._powers[knot]
        found: NDArray[np.float64] = np.clip((left * np.exp(values * days)) @ right, 0.0, None)
        return found

    def _pace_at(self, day: date) -> tuple[float, float, float]:
        """How fast each of `SIDES` is left after a day: slowly where a source has it standing."""
        pace = [1.0, 1.0, 1.0]
        for e in self.evidence:
            if e.stands and e.start <= day and (e.end is None or day < e.end):
                side = 0 if e.log_odds > 0 else 2 if e.log_odds < 0 else 1
                pace[side] *= 1 - e.weight * e.read
        return round(pace[0], 6), round(pace[1], 6), round(pace[2], 6)

    def _reset_at(self, day: date) -> float:
        """Chance that the state is drawn anew: a tie ends here and no other like it stands."""
        ends = [e for e in self.evidence if e.stands and e.end == day]
        if not ends:
            return 0.0
        chance = max(e.weight * e.read for e in ends)
        for e in self.evidence:
            like = any(e.log_odds * other.log_odds > 0 for other in ends)
            if like and e.stands and e.start <= day and (e.end is None or day < e.end):
                chance *= 1 - e.weight * e.read
        return chance

    def _likelihoods(self, trust: float) -> NDArray[np.float64]:
        """(knots, 6); what one source repeats within months counts less."""
        at = {d: i for i, d in enumerate(self.knots)}
        found = np.ones((len(self.knots), _N))
        told: dict[tuple[object, ...], list[date]] = {}
        for e in self.evidence:
            claim = e.claim
            key = (claim.predicate, claim.subject and claim.subject.id, claim.source.id)
            days = told.setdefault(key, [])
            said = sum(0.5 ** ((e.start - d).days / self._repeat_days) for d in days)
            days.append(e.start)
            found[at[e.start]] *= e.likelihood(1 / (1 + said), trust)
        return found


@lru_cache(maxsize=512)
def _generator(
    bond_days: float,
    lasting_days: float,
    passing_days: float,
    pace: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> tuple[NDArray[np.float64], ...]:
    """Eigenvalues, and left and right factors of the chain's generator.

    Given are half-lives, and how much slower the states of each side are left. ``Q_ij = F_ij d_i /
    pi_i`` with the flow F symmetric is reversible, with base rates pi where d is one (Kelly 1979).
    """
    bond, lasting, passing = (np.log(2) / d for d in (bond_days, lasting_days, passing_days))
    leaving = [
        (_BOND, _ALLY, 0.4 * bond), (_BOND, _NEUTRAL, 0.4 * bond), (_BOND, _ENEMY, 0.2 * bond),
        (_ALLY, _HELP, 0.3 * lasting), (_ALLY, _NEUTRAL, 0.4 * lasting),
        (_ALLY, _CLASH, 0.1 * lasting), (_ALLY, _ENEMY, 0.2 * lasting),
        (_ENEMY, _CLASH, 0.3 * lasting), (_ENEMY, _NEUTRAL, 0.4 * lasting),
        (_ENEMY, _HELP, 0.1 * lasting),
        (_HELP, _NEUTRAL, 0.9 * passing), (_CLASH, _NEUTRAL, 0.9 * passing),
        (_HELP, _CLASH, 0.1 * passing),
    ]  # fmt: skip
    exchange = np.zeros((_N, _N))
    for i, j, rate in leaving:
        exchange[i, j] = exchange[j, i] = rate / _BASE[j]
    slow = np.sqrt(np.maximum(_MERGE.T @ np.array(pace), 1e-6))
    root = np.sqrt(_BASE)
    symmetric = exchange * np.outer(root, root)
    np.fill_diagonal(symmetric, -(exchange * _BASE).sum(axis=1))
    values, vectors = np.linalg.eigh(symmetric * np.outer(slow, slow))
    root = root / slow
    return np.minimum(values, 0.0), vectors / root[:, None], (vectors * root[:, None]).T

"""The simple rules beside the model: what anybody could say without one.

All take the claims published by the as-of day that plainly say who holds a place (a hold, a
capture, a loss to somebody, a contest) and, but for the last, give odds of .7 to whom they name;
the rest is shared by the other outcomes. They know no doubt, and no news of change.

- ``last claim``: the latest by the day it speaks of.
- ``last but own favour``: the same, leaving out what is good for its speaker, or for the side that
  its source leans to.
- ``majority``: of each source's latest, the holder that most of them name, else the latest.
- ``nearest place``: the latest of the nearest place told of at all in the last `NEAREST_DAYS`.
- ``own chain``: a hidden Markov chain on the place's own claims, its pace and the share of claims
  that are right fitted to the claims; it has odds of its own.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from marchland.claims import Claim, Modality
from marchland.control.chain import Array, sticky
from marchland.control.evidence import can_be_held, days_of, known_by
from marchland.control.neighbours import globe
from marchland.control.settings import CONTESTED, DEFAULT, NONE
from marchland.control.sources import in_own_favour
from marchland.errors import UnknownName
from marchland.estimate import Because, Estimate, Model
from marchland.vocabulary import Place, Vocabulary

Rule = Literal["last claim", "last but own favour", "majority", "nearest place", "own chain"]
RULES: tuple[Rule, ...] = get_args(Rule)
NEAREST_DAYS = 90
_ODDS = 0.7
_PACES = (20.0, 40.0, 80.0, 160.0, 320.0, 640.0, 1280.0, 2560.0)
_ROUNDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A plain claim of who holds a place."""

    day: int
    holder: str
    claim: Claim


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimpleRule:
    """Who holds what by a simple rule; answers like a `ControlField`.

    Made by `simple_rule`.
    """

    rule: Rule
    places: tuple[str, ...]
    outcomes: tuple[str, ...]
    as_of: date
    said: Mapping[str, tuple[Said, ...]]
    names: Mapping[str, str]
    found: Mapping[str, Place]
    _kept: dict[str, object] = field(init=False, default_factory=dict)

    def odds(self, on: date) -> Array:
        """Odds (P, K) on a day; each row sums to 1."""
        if self.rule == "own chain":
            return self._chained(on.toordinal())
        k = len(self.outcomes)
        column = {outcome: i for i, outcome in enumerate(self.outcomes)}
        out = np.full((len(self.places), k), 1.0 / k)
        said = self._nearest(on) if self.rule == "nearest place" else self._own(on)
        for p, last in said.items():
            out[p] = (1.0 - _ODDS) / (k - 1)
            out[p, column[last.holder]] = _ODDS
        return out

    def estimate(self, place_id: str, on: date, *, explain: bool = True) -> Estimate:
        """Who holds one place on a day.

        Raises
        ------
        UnknownName
            If it does not answer for the place.
        """
        if place_id not in self.places:
            raise UnknownName(place_id, what="place of this field")
        p = self.places.index(place_id)
        odds = self.odds(on)[p]
        last = self._one(place_id, on.toordinal())
        weight = float(odds.max()) - 1.0 / len(self.outcomes)
        because = (Because(claim=last.claim, weight=weight),) if last and explain else ()
        return Estimate(
            question="control",
            about={"place": {"id": place_id, "name": self.found[place_id].name}},
            on=on,
            as_of=self.as_of,
            p=dict(zip(self.outcomes, odds.tolist(), strict=True)),
            names=self.names,
            because=because,
            n_claims=1 if last else 0,
            n_sources=1 if last else 0,
            model=Model(name=self.rule.replace(" ", "-"), version="1", parameters={"odds": _ODDS}),
        )

    def n_claims(self, on: date) -> NDArray[np.int64]:
        """Number (P,) of claims behind each place's odds: one, or none."""
        own = self._own(on)
        return np.array([p in own for p in range(len(self.places))], dtype=np.int64)

    def _own(self, on: date) -> dict[int, Said]:
        found = ((p, self._one(i, on.toordinal())) for p, i in enumerate(self.places))
        return {p: last for p, last in found if last is not None}

    def _one(self, place: str, day: int) -> Said | None:
        """The claim that decides at a place."""
        said = self.said.get(place, ())
        at = bisect_right(said, day, key=lambda s: s.day)
        if at == 0:
            return None
        if self.rule != "majority":
            return said[at - 1]
        latest = {s.claim.source.id: s for s in said[:at]}
        votes: dict[str, int] = {}
        for s in latest.values():
            votes[s.holder] = votes.get(s.holder, 0) + 1
        most = max(votes.values())
        return max((s for s in latest.values() if votes[s.holder] == most), key=lambda s: s.day)

    def _nearest(self, on: date) -> dict[int, Said]:
        day = on.toordinal()
        told = {}
        for place in self.said:
            last = self._one(place, day)
            if last is not None and last.day > day - NEAREST_DAYS:
                told[place] = last
        ids = [i for i in told if np.isfinite(globe([self.found[i]])).all()]
        if not ids:
            return {p: told[i] for p, i in enumerate(self.places) if i in told}
        asked = globe([self.found[i] for i in self.places])
        located = np.isfinite(asked).all(axis=1)
        _, index = cKDTree(globe([self.found[i] for i in ids])).query(asked[located])
        return {int(p): told[ids[i]] for p, i in zip(np.flatnonzero(located), index, strict=True)}

    def _chained(self, day: int) -> Array:
        if "chain" not in self._kept:
            self._kept["chain"] = _fit(self)
        fitted = self._kept["chain"]
        assert isinstance(fitted, _Fitted)
        return fitted.odds(day)


@dataclass(frozen=True, slots=True)
class _Fitted:
    """Own chains: sorted days of each place's claims and what the chain makes of them."""

    days: tuple[NDArray[np.int64], ...]
    forward: tuple[Array, ...]
    backward: tuple[Array, ...]
    base: Array
    pace: float

    def odds(self, day: int) -> Array:
        out = np.tile(self.base, (len(self.days), 1))
        for p, days in enumerate(self.days):
            at = int(np.searchsorted(days, day, side="right"))
            if at:
                rho = np.exp(-(day - days[at - 1]) / self.pace)
                out[p] = rho * self.forward[p][at - 1] + (1.0 - rho) * self.base
            if at < len(days):
                rho = np.exp(-(days[at] - day) / self.pace)
                later = self.backward[p][at]
                out[p] *= rho * later + (1.0 - rho) * (self.base @ later)
        out /= out.sum(axis=1, keepdims=True)
        return out


def _fit(rule: SimpleRule) -> _Fitted:
    """Pace and share right of each source by maximum likelihood (expectation-maximisation)."""
    k = len(rule.outcomes)
    column = {outcome: i for i, outcome in enumerate(rule.outcomes)}
    said = [rule.said.get(i, ()) for i in rule.places]
    sources = sorted({s.claim.source.id for its in said for s in its})
    number = {s: i for i, s in enumerate(sources)}
    flat = [(p, s) for p, its in enumerate(said) for s in its]
    place = np.array([p for p, _ in flat], dtype=np.intp)
    days = np.array([s.day for _, s in flat], dtype=np.int64)
    value = np.array([column[s.holder] for _, s in flat], dtype=np.intp)
    source = np.array([number[s.claim.source.id] for _, s in flat], dtype=np.intp)
    right = np.full(len(sources), 0.75)
    base = np.full(k, 1.0 / k)
    pace = 320.0
    one_hot = np.eye(k)[value]
    for _ in range(_ROUNDS if len(flat) else 0):
        wrong = (1.0 - right[source]) / (k - 1)
        likelihood = np.where(one_hot > 0, right[source][:, None], wrong[:, None])
        fits = {q: sticky(place, days, likelihood, base, q, messages=False) for q in _PACES}
        pace = max(_PACES, key=lambda q: fits[q].evidence)
        odds = fits[pace].odds
        good = odds[np.arange(len(flat)), value]
        counted = np.bincount(source, minlength=len(sources))
        right = (4.0 + np.bincount(source, good, len(sources))) / (5.0 + counted)
        base = (1.0 + odds.sum(axis=0)) / (k + len(odds))
    wrong = (1.0 - right[source]) / (k - 1)
    likelihood = np.where(one_hot > 0, right[source][:, None], wrong[:, None])
    fit = sticky(place, days, likelihood, base, pace)
    own = [np.flatnonzero(place == p) for p in range(len(said))]
    return _Fitted(
        days=tuple(days[i] for i in own),
        forward=tuple(fit.forward[i] for i in own),
        backward=tuple(fit.backward[i] for i in own),
        base=base,
        pace=pace,
    )


def simple_rule(
    claims: Sequence[Claim],
    vocabulary: Vocabulary,
    *,
    as_of: date,
    rule: Rule = "last claim",
    places: Sequence[str] | None = None,
    leanings: Mapping[str, str] | None = None,
) -> SimpleRule:
    """Who holds what by one of the `RULES`.

    Parameters
    ----------
    claims
        In any order; those published after `as_of` are not used.
    places
        Ids to answer for; default: the theatre's own and every one that a claim is about.
    leanings
        Source id to the actor whose side it is on.
    """
    said: dict[str, list[Said]] = {}
    of = vocabulary.holder_of
    found: dict[str, Place] = {}
    for claim in known_by(claims, as_of):
        holder = _names(claim, vocabulary)
        place = vocabulary.find_place(claim.place.id) if claim.place else None
        if holder is None or place is None or not can_be_held(place):
            continue
        if rule == "last but own favour" and in_own_favour(claim, leanings or {}, of):
            continue
        found[place.id] = place
        said.setdefault(place.id, []).append(
            Said(day=days_of(claim)[1], holder=holder, claim=claim)
        )
    asked = (
        list(places)
        if places is not None
        else sorted(
            {p for p in vocabulary.own_places if can_be_held(vocabulary.places[p])} | set(said)
        )
    )
    for asked_for in asked:
        place = vocabulary.find_place(asked_for)
        if place is None:
            raise UnknownName(asked_for, what="place")
        found[asked_for] = place
    holders = {s.holder for its in said.values() for s in its} - {CONTESTED, NONE}
    outcomes = (*sorted(holders), CONTESTED, NONE)
    names = {CONTESTED: "contested", NONE: "nobody"}
    for holder in holders:
        actor = vocabulary.find_actor(holder)
        names[holder] = actor.name if actor else holder
    return SimpleRule(
        rule=rule,
        places=tuple(asked),
        outcomes=outcomes,
        as_of=as_of,
        said={
            p: tuple(sorted(s, key=lambda x: (x.day, x.claim.published or date.min, x.claim.id)))
            for p, s in said.items()
        },
        names=names,
        found=found,
    )


def last_claim(
    claims: Sequence[Claim],
    vocabulary: Vocabulary,
    *,
    as_of: date,
    places: Sequence[str] | None = None,
) -> SimpleRule:
    """The rule that whoever the last claim names holds the place; see `simple_rule`."""
    return simple_rule(claims, vocabulary, as_of=as_of, places=places)


def _names(claim: Claim, vocabulary: Vocabulary) -> str | None:
    """The outcome that a claim plainly names."""
    if DEFAULT.modality.get(Modality(claim.modality), 0.0) < 1.0:
        return None
    if claim.predicate == "contests":
        return CONTESTED
    ref = {"holds": claim.subject, "captures": claim.subject, "loses": claim.object}.get(
        claim.predicate
    )
    return vocabulary.holder_of(ref.id) if ref is not None and ref.resolved else None

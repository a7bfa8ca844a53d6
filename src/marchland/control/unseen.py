"""What may have changed since a place was last told of, and nobody has said so yet.

Looking back, a change is known by the claims that came after it; at the end of what has been told
there are none yet. So from the last day that a place was told of, its odds wear towards who holds
the places around it, each as it was last told of: a place takes after its neighbours, as in a voter
model (Clifford and Sudbury 1973; Holley and Liggett 1975), and the sooner the more of them are held
by others. One in the midst of its own side hardly wears, one at a front does. A word is already
some days behind when it is told; days on which others were told of and this place was not count for
less than days after all reporting. However long ago, whoever was told of last stays the likeliest,
unless nearly all places around speak for one other. How fast is learned from the past alone: from
what was known on earlier days, against what was published since then about the days after.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import minimize

from marchland.control.assemble import Days, Evidence, Flags, Index
from marchland.control.chain import Array, ahead
from marchland.control.settings import CONTESTED, NONE, ControlSettings

NEVER = -(10**7)
"""The last day of a place that nobody told of."""
_PLAIN = 0.5
"""Least weight of a claim that a place counts as told of by."""
_EVEN = 0.01
"""Part of every state in what odds wear towards."""
_SURROUNDED = 0.9
"""Share of what is around a place from which another may become likelier than the last told."""
_AHEAD = 0.02
"""By how much the last told then stays ahead."""
_FITTED = (
    "unseen_days", "unseen_contested_days", "unseen_late", "unseen_silence", "unseen_contested",
    "unseen_field",
)  # fmt: skip
_HIGHEST = {"unseen_silence": 1.0, "unseen_field": 1.0}
_LEAST = 1e-4
_ROUNDS = 8
_DOUBT = 1.0
"""Nats for a setting e times its default, twice over."""


def spoken_last(evidence: Evidence) -> Days:
    """(C,) the last day that each piece speaks of; `NEVER` where it weighs too little."""
    out = np.full(len(evidence.pieces), NEVER, dtype=np.int64)
    np.maximum.at(out, evidence.mark_piece, evidence.mark_day)
    return np.where(evidence.grip >= _PLAIN, out, NEVER)


def last_told(evidence: Evidence, places: int, known: Flags | None = None) -> Days:
    """(P,) the last day that a plain enough claim speaks of at each place; `NEVER` without one.

    Parameters
    ----------
    known
        (C,) the pieces to look at; default all.
    """
    spoken = spoken_last(evidence)
    inside = evidence.place < places
    if known is not None:
        inside = inside & known
    out = np.full(places, NEVER, dtype=np.int64)
    np.maximum.at(out, evidence.place[inside], spoken[inside])
    return out


def hints(evidence: Evidence, last: Days, known: Flags | None = None) -> Array:
    """(P, K) log likelihood of what is told of each place after the last day it was told of.

    Such claims are too faint to count as telling of it: hedged ones, or ones about a whole area.

    Parameters
    ----------
    last
        (P,) as `last_told` gives it.
    known
        (C,) the pieces to look at; default all.
    """
    place = evidence.place[evidence.mark_piece]
    out = np.zeros((len(last), evidence.mark_loglik.shape[1]))
    inside = np.minimum(place, len(last) - 1)
    later = (place < len(last)) & (last[inside] > NEVER) & (evidence.mark_day > last[inside])
    if known is not None:
        later &= known[evidence.mark_piece]
    np.add.at(out, place[later], evidence.mark_loglik[later])
    return out


def hinted(odds: Array, hints: Array) -> Array:
    """Odds (.., K) after some hints (.., K), as `hints` gives them."""
    out = odds * np.exp(hints - hints.max(axis=-1, keepdims=True))
    return np.asarray(out / out.sum(axis=-1, keepdims=True))


def published_days(evidence: Evidence) -> Days:
    """(C,) ordinal of the day on which each piece was published; `NEVER` if it's not known."""
    days = (p.claim.published for p in evidence.pieces)
    return np.array([NEVER if d is None else d.toordinal() for d in days], dtype=np.int64)


def unseen(days: Days, last: Days, until: int, settings: ControlSettings) -> Array:
    """Days (F,) that count as unseen at each of some days.

    Parameters
    ----------
    days
        (F,) ordinals.
    last
        (F,) the last day that the place of each was told of.
    until
        The last day on which anything was published.
    """
    silent = np.minimum(days, np.maximum(until, last)) - last
    after = np.maximum(days - np.maximum(until, last), 0)
    found = settings.unseen_late + settings.unseen_silence * silent + after
    return np.asarray(np.where((days >= last) & (last > NEVER), found, 0.0))


def wear(
    odds: Array, around: Array, days: Array, outcomes: Sequence[str], settings: ControlSettings
) -> Array:
    """Odds (.., K) after some unseen days (..).

    Parameters
    ----------
    odds
        (.., K) on the last day that the place was told of.
    around
        (.., K) who holds the places around it, as `surroundings` gives it.
    """
    contested = outcomes.index(CONTESTED)
    pace = np.full(len(outcomes), 1.0 / settings.unseen_days)
    pace[contested] = 1.0 / settings.unseen_contested_days
    if NONE in outcomes:
        pace[outcomes.index(NONE)] *= settings.sojourn_days / settings.empty_days
    leave = pace * (1.0 - around)
    target = around.copy()
    target[..., contested] *= settings.unseen_contested
    target /= target.sum(axis=-1, keepdims=True)
    target = (1.0 - _EVEN) * target + _EVEN / len(outcomes)
    return _led(ahead(odds, np.exp(-leave * days[..., None]), target), odds, around)


def pooled(last: Array, later: Array, settings: ControlSettings) -> Array:
    """The last word on places, with so much of what was made of later days as has paid."""
    return np.asarray((1.0 - settings.unseen_field) * last + settings.unseen_field * later)


def _led(worn: Array, odds: Array, around: Array) -> Array:
    """The worn odds, moved back to where who led still leads, unless the place is surrounded."""
    lead = np.expand_dims(odds.argmax(axis=-1), -1)
    was, now = (np.take_along_axis(x, lead, axis=-1) - x for x in (odds, worn))
    least = np.minimum(was, _AHEAD)
    behind = (now < least) & (around <= _SURROUNDED)
    back = np.where(behind, (least - now) / np.maximum(was - now, 1e-12), 0.0)
    part = back.max(axis=-1, keepdims=True)
    return np.asarray((1.0 - part) * worn + part * odds)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Then:
    """What was known of some places on an earlier day, and what is known now of a day after it.

    Parameters
    ----------
    odds, around
        (R, K) odds on the last day each place had been told of, and who held the places around it
        on the earlier day; both from what had been published by then.
    chain, rates
        (R, K) odds of the chains and their base rates on the earlier day, from the same.
    last, until
        (R,) the last day each place had been told of, and the last day of any publication.
    day
        The day after, an ordinal.
    found, found_chain
        (R, K) odds on it from all that is known now: those of the last word on each place up to
        then or after, and those of the chains. Where a place was told of later they're the same.
    """

    odds: Array
    around: Array
    chain: Array
    rates: Array
    last: Days
    until: int
    day: int
    found: Array
    found_chain: Array


def fit_unseen(
    then: Sequence[Then], outcomes: Sequence[str], settings: ControlSettings, *, worth: float
) -> ControlSettings:
    """The pace at which odds wear that would have foretold best what was found later.

    Parameters
    ----------
    worth
        What each place counts for, as days and places near each other tell much the same.
    """
    default = settings
    for _ in range(_ROUNDS):
        settings = _fit(then, outcomes, settings, default, worth=worth)
    return settings


def _fit(
    then: Sequence[Then],
    outcomes: Sequence[str],
    settings: ControlSettings,
    default: ControlSettings,
    *,
    worth: float,
) -> ControlSettings:
    """One round: what nobody told of later is as the settings so far make it."""
    start = np.log([getattr(default, name) for name in _FITTED])
    found = [pooled(t.found, t.found_chain, settings) for t in then]

    def made(x: Array) -> ControlSettings:
        values = np.exp(np.clip(x, start - 6.0, start + 6.0))
        changed: dict[str, Any] = {
            n: min(float(v), _HIGHEST.get(n, np.inf)) for n, v in zip(_FITTED, values, strict=True)
        }
        return replace(settings, **changed)

    def loss(x: Array) -> float:
        s, total = made(x), 0.0
        for t, later in zip(then, found, strict=True):
            days = unseen(np.full(len(t.last), t.day), t.last, t.until, s)
            firm, around = pooled(t.odds, t.chain, s), pooled(t.around, t.rates, s)
            odds = np.maximum(wear(firm, around, days, outcomes, s), _LEAST)
            total -= float((later * np.log(odds)).sum())
        return worth * total + _DOUBT * float(np.square(x - start).sum()) / 2.0

    first = np.log([getattr(settings, name) for name in _FITTED])
    best = minimize(loss, first, method="L-BFGS-B", options={"maxiter": 40})
    return made(best.x)


def earlier_days(published: Index, as_of: int, *, count: int) -> list[int]:
    """Days to look back to: more of them lately, none before a tenth of all was published."""
    if len(published) == 0:
        return []
    first = int(np.quantile(published, 0.1))
    if as_of - first < 21:
        return []
    back = np.geomspace(14, as_of - first, count)
    return sorted({as_of - round(float(b)) for b in back})

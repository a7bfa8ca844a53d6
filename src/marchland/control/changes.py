"""When did it change hands: a question of its own, answered with an interval.

`changes_of` lists the changes of the likeliest holder, each with the interval of its day;
`when_changed` asks of one holder. The interval is not read off the odds of single days: it is that
of the day on which a place first came to a holder, over every path that the chain may have taken
given all the evidence. On each day t
``P(not yet by t)`` is a forward pass that drops the holder at every step, times the backward pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from marchland.control.assemble import lay, leaving
from marchland.control.chain import Array, Steps, ahead, back
from marchland.control.field import ControlField
from marchland.errors import BadInput, UnknownName
from marchland.estimate import Because

_QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """When a place came to a holder, as far as the claims say.

    Parameters
    ----------
    to
        Outcome id.
    p
        Odds that it came to them within the days asked about.
    already
        Odds that they had it on the first of these days.
    day, low, high
        If it did: even odds that it was by `day`, and the middle 90 %. None where p is nothing.
    """

    place: str
    to: str
    start: date
    end: date
    as_of: date
    p: float
    already: float
    day: date | None
    low: date | None
    high: date | None

    def __str__(self) -> str:
        if self.day is None:
            return f"{self.place} did not come to {self.to} from {self.start} to {self.end}"
        return (
            f"{self.place} came to {self.to} on about {self.day} (90 %: {self.low} to "
            f"{self.high}), if it did: p = {self.p:.2f}, as of {self.as_of}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a place's likeliest holder.

    Parameters
    ----------
    before, after
        Outcome ids; `names` has their names.
    day
        If it came to `after`, even odds that it was by this day.
    first, last
        The middle 90 % of that day.
    open_start, open_end
        Whether that reaches the first or the last day asked about, and so may go beyond it.
    p
        Odds that it came to `after` between the changes beside this one.
    because
        Claims by how far they move the odds of `after` on the day, the most telling first.
    """

    place: str
    before: str
    after: str
    names: Mapping[str, str]
    day: date
    first: date
    last: date
    open_start: bool
    open_end: bool
    p: float
    because: tuple[Because, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The record form."""
        return {
            "place": self.place,
            "before": self.before,
            "after": self.after,
            "names": dict(self.names),
            "day": str(self.day),
            "interval": [str(self.first), str(self.last)],
            "open_start": self.open_start,
            "open_end": self.open_end,
            "p": self.p,
            "because": [{"claim": b.claim.id, "weight": b.weight} for b in self.because],
        }


def changes_of(field: ControlField, place_id: str, *, start: date, end: date) -> list[Change]:
    """Every change of a place's likeliest holder within some days, in order.

    Raises
    ------
    UnknownName
        If the field does not answer for the place.
    BadInput
        If the days lie outside what was inferred.
    """
    if place_id not in field.places:
        raise UnknownName(place_id, what="place of this field")
    if not field.start <= start <= end <= field.end:
        raise BadInput(
            f"{start} to {end} must lie within what was inferred, {field.start} to {field.end}"
        )
    if place_id in field.given or start == end:
        return []
    p = field.places.index(place_id)
    own = slice(field.offset[p], field.offset[p + 1])
    inside = (field.knot_days[own] >= start.toordinal()) & (field.knot_days[own] <= end.toordinal())
    days = field.knot_days[own][inside]
    best = field.knot_odds[own][inside].argmax(axis=1)
    turns = np.flatnonzero(np.diff(best)) + 1
    found = []
    for i, turn in enumerate(turns):
        low = start if i == 0 else date.fromordinal(int(days[turns[i - 1]]))
        high = end if i + 1 == len(turns) else date.fromordinal(int(days[turns[i + 1]]))
        before, after = (field.outcomes[best[t]] for t in (turn - 1, turn))
        if low == high:
            continue
        came = when_changed(field, place_id, to=after, start=low, end=high)
        if came.day is None or came.low is None or came.high is None:
            continue
        told = field.estimate(place_id, date.fromordinal(int(days[turn])))
        found.append(
            Change(
                place=place_id,
                before=before,
                after=after,
                names={k: field.names[k] for k in (before, after)},
                day=came.day,
                first=came.low,
                last=came.high,
                open_start=came.low <= start,
                open_end=came.high >= end,
                p=came.p,
                because=told.because,
            )
        )
    return found


def when_changed(
    field: ControlField, place_id: str, *, to: str, start: date, end: date
) -> HandOver:
    """When a place first came to a holder within some days.

    Parameters
    ----------
    to
        Outcome id: a holder, ``contested`` or ``none``.
    start, end
        First and last day asked about, within what the field answers for.

    Raises
    ------
    UnknownName
        If the field does not answer for the place, or nobody names the holder.
    BadInput
        If the days lie outside what was inferred, or end before they start.
    """
    if place_id not in field.places:
        raise UnknownName(place_id, what="place of this field")
    if to not in field.outcomes:
        raise UnknownName(to, what="holder that a claim names")
    if not field.start <= start < end <= field.end:
        raise BadInput(
            f"{start} to {end} must lie within what was inferred, {field.start} to {field.end}"
        )
    p, k = field.places.index(place_id), field.outcomes.index(to)
    settings = field.settings
    laid = lay(
        field.evidence,
        field.calendar,
        np.array([p]),
        field.rates[:, [p]],
        leaving(field.outcomes, settings),
        settings,
    )
    days = laid.key
    low = max(int(np.searchsorted(days, start.toordinal(), side="right")) - 1, 0)
    high = min(int(np.searchsorted(days, end.toordinal())), len(days) - 1)
    steps = Steps(*(part[:, 0] for part in laid.steps))
    yet = not_yet(laid.loglik[:, 0], steps, laid.begin()[0], k, low=low, high=high)
    came = yet[0] - yet
    total = float(came[-1])
    found: list[date | None] = [None] * len(_QUANTILES)
    if total > 1e-6:
        at = np.interp([q * total for q in _QUANTILES], came, days[low : high + 1])
        first, last = start.toordinal(), end.toordinal()
        found = [date.fromordinal(int(np.clip(np.ceil(d - 1e-6), first, last))) for d in at]
    return HandOver(
        place=place_id,
        to=to,
        start=start,
        end=end,
        as_of=field.as_of,
        p=total,
        already=float(1.0 - yet[0]),
        low=found[0],
        day=found[1],
        high=found[2],
    )


def not_yet(loglik: Array, steps: Steps, start: Array, state: int, *, low: int, high: int) -> Array:
    """(high - low + 1,) odds that a chain was in no day from `low` to each in a state, given all.

    Parameters
    ----------
    loglik
        (T, K) log likelihood of the evidence of each day.
    start
        (K,) odds before the evidence of the first day.
    """
    likelihood = np.exp(loglik - loglik.max(axis=-1, keepdims=True))
    last = len(loglik) - 1
    later = np.ones_like(likelihood)
    for t in range(last - 1, -1, -1):
        ahead_of = later[t + 1] * likelihood[t + 1]
        led_to = (steps.news[t] * ahead_of).sum()
        ahead_of = steps.stay[t] * ahead_of + (1.0 - steps.stay[t]) * led_to
        ahead_of = back(ahead_of, 1.0 - steps.drop[t], steps.gain[t])
        ahead_of = back(ahead_of, steps.rho[t], steps.pi[t])
        later[t] = ahead_of / ahead_of.max()
    both = np.array([start, start])
    out = np.empty(high - low + 1)
    for t in range(high + 1):
        both = both * likelihood[t]
        if t >= low:
            both[1, state] = 0.0
            every, without = (both * later[t]).sum(axis=1)
            out[t - low] = without / every
        if t == high:
            break
        both /= both[0].sum()
        both = ahead(both, steps.rho[t], steps.pi[t])
        both = ahead(both, 1.0 - steps.drop[t], steps.gain[t])
        moved = (1.0 - steps.stay[t]) * both.sum(axis=1, keepdims=True)
        both = steps.stay[t] * both + moved * steps.news[t]
    return out

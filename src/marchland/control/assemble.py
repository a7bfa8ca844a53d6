"""From marks and shifts to the arrays that the chain runs on.

Every place has its own axis of days: the weekly knots that all share, and the days its own claims
speak of. So a claim about one place never changes the arithmetic of another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marchland.control.chain import Array, Steps, drift
from marchland.control.evidence import Mark, Piece, Says
from marchland.control.settings import CONTESTED, NONE, ControlSettings

Days = NDArray[np.int64]
WEEK = 7
_MARGIN_WEEKS = 4


def monday(day: int) -> int:
    """The Monday on or before a day, both as ordinals."""
    return day - (day - 1) % WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The weekly knots and what holds in each week.

    Parameters
    ----------
    knots
        (W,) ordinals of Mondays.
    inner
        Index of the first and the last knot that evidence and the as-of day can reach; what lies
        outside takes the base rates of the nearest of them, so it changes nothing inside.
    quiet
        (W,) factor on the chance of a change that nobody reports, from how dense reporting is.
    """

    knots: Days
    inner: tuple[int, int]
    quiet: Array

    def week_of(self, days: Days) -> NDArray[np.intp]:
        """Index of the knot on or before each day."""
        found = np.searchsorted(self.knots, days, side="right") - 1
        return np.clip(found, 0, len(self.knots) - 1)


def make_calendar(
    pieces: Sequence[Piece], *, start: int, end: int, as_of: int, settings: ControlSettings
) -> Calendar:
    """Weekly knots over everything that evidence and questions reach."""
    marked = [m.day for p in pieces for m in p.marks]
    marked += [s.first for p in pieces for s in p.shifts]
    low = monday(min(marked, default=as_of)) - _MARGIN_WEEKS * WEEK
    high = monday(max([*marked, as_of])) + WEEK
    first, last = min(low, monday(start)), max(high, monday(end) + WEEK)
    knots = np.arange(first, last + 1, WEEK, dtype=np.int64)
    inner = ((low - first) // WEEK, (high - first) // WEEK)
    reports = {p.claim.report.id: p.claim.published for p in pieces}
    days = np.sort(np.array([d.toordinal() for d in reports.values() if d], dtype=np.int64))
    half = settings.coverage_days // 2
    centre = np.clip(knots, low, min(high, as_of))
    left, right = centre - half, np.minimum(centre + half, as_of)
    seen = np.searchsorted(days, right, side="right") - np.searchsorted(days, left)
    density = seen * (2.0 * half) / np.maximum(right - left, 1)
    quiet = 1.0 - settings.detection * (1.0 - np.exp(-density / settings.dense_reports))
    return Calendar(knots=knots, inner=inner, quiet=quiet)


def leaving(outcomes: Sequence[str], settings: ControlSettings) -> Array:
    """(K,) chance per day that a state's base rates take over."""
    days = {CONTESTED: settings.contested_days, NONE: settings.empty_days}
    return np.array([1.0 / days.get(k, settings.sojourn_days) for k in outcomes])


def axis_of(pieces: Sequence[Piece], calendar: Calendar) -> Days:
    """The days of a place: the weekly knots, its marks, and the ends of its shifts."""
    own = [m.day for p in pieces for m in p.marks]
    own += [d for p in pieces for s in p.shifts for d in (s.first, s.last)]
    inside = [d for d in own if calendar.knots[0] <= d <= calendar.knots[-1]]
    return np.unique(np.concatenate([calendar.knots, np.array(inside, dtype=np.int64)]))


def loglik_of(mark: Mark, column: Mapping[str, int], settings: ControlSettings) -> Array:
    """(K,) log likelihood of a mark for each state."""
    k = len(column)
    if mark.says is Says.NOT_HELD:
        value = np.full(k, mark.chance)
        value[column[mark.target]] = 1.0 - mark.chance
        return np.asarray(mark.share * np.log(value))
    other = (1.0 - mark.chance) / settings.rivals
    leak = max(other, settings.contested_leak * mark.chance)
    value = np.full(k, other)
    if mark.says is Says.CONTESTED:
        for party in mark.parties:
            value[column[party]] = leak
    else:
        value[column[CONTESTED]] = leak
    value[column[mark.target]] = mark.chance
    return np.asarray(mark.share * np.log(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the claims of one place say, claim by claim, on its own axis.

    Parameters
    ----------
    days
        (T,) the place's axis.
    at, loglik, marker
        (M,) index of the day of each mark, its (M, K) log likelihood, the (M,) claim it is of.
    rate
        (N, T - 1) chance that each piece of news falls into a step.
    toward
        (N, K) where each piece of news leads.
    anchor
        (C, T) how far each claim still keeps the place from following its neighbours.
    teller
        (N,) the claim that brings it.
    plain
        (N,) whether it tells of no change, only of a holder: it counts as news so far as that
        holder is plausible there.
    """

    days: Days
    at: NDArray[np.intp]
    loglik: Array
    marker: NDArray[np.intp]
    rate: Array
    toward: Array
    anchor: Array
    teller: NDArray[np.intp]
    plain: NDArray[np.bool_]

    def total(self, keep: NDArray[np.bool_] | None = None) -> Array:
        """(T, V, K) log likelihood with each of the V choices of claims (V, C)."""
        every = np.zeros((len(self.days), self.loglik.shape[1]))
        np.add.at(every, self.at, self.loglik)
        if keep is None:
            return every[:, None, :]
        out = np.repeat(every[:, None, :], len(keep), axis=1)
        for row, column in zip(*np.nonzero(~keep), strict=True):
            for mark in np.flatnonzero(self.marker == column):
                out[self.at[mark], row] -= self.loglik[mark]
        return out

    def free(self, keep: NDArray[np.bool_] | None = None) -> Array:
        """(T - 1, V) how far the place follows its neighbours, by the best of its own claims."""
        if len(self.anchor) == 0:
            return np.ones((len(self.days) - 1, 1))
        chosen = np.ones((1, len(self.anchor)), dtype=bool) if keep is None else keep
        held = np.where(chosen[:, :, None], self.anchor[None, :, :-1], 0.0).max(axis=1)
        return np.asarray(1.0 - held.T)

    def news(
        self,
        prior: Array,
        pi: Array,
        settings: ControlSettings,
        keep: NDArray[np.bool_] | None = None,
    ) -> tuple[Array, Array]:
        """Chance (T - 1, V) that the news of a step is of nothing, and where it leads, (.., K).

        Several claims of one change are news of one change: the strongest decides how likely it
        is, all of them together where it led.

        Parameters
        ----------
        pi
            (T - 1, K) base rates of each step.
        """
        target = self.toward.argmax(axis=1)
        fits = np.minimum(1.0, settings.plausible * pi[:, target] / pi.max(axis=1)[:, None])
        rate = self.rate * np.where(self.plain[:, None], fits.T, 1.0)
        v = 1 if keep is None else len(keep)
        steps, k = self.rate.shape[1], self.toward.shape[1]
        stay = np.ones((steps, v))
        lead = np.broadcast_to(prior, (steps, v, k)).copy()
        at = np.flatnonzero(rate.any(axis=0))
        if len(at) == 0:
            return stay, lead
        if keep is None:
            stay[at, 0] = 1.0 - rate[:, at].max(axis=0)
            mass = (rate[:, at].T @ self.toward)[:, None, :]
        else:
            chosen = keep[:, self.teller]
            mass = np.empty((len(at), v, k))
            for i, t in enumerate(at):
                here = np.flatnonzero(rate[:, t])
                rates = np.where(chosen[:, here], rate[here, t], 0.0)
                stay[t] = 1.0 - rates.max(axis=1)
                mass[i] = rates @ self.toward[here]
        total = mass.sum(axis=-1, keepdims=True)
        lead[at] = np.where(total > 0, mass / np.where(total > 0, total, 1.0), lead[at])
        return stay, lead


def tell(
    pieces: Sequence[Piece],
    calendar: Calendar,
    column: Mapping[str, int],
    prior: Array,
    settings: ControlSettings,
) -> Told:
    """Lay the pieces of one place on its axis.

    Parameters
    ----------
    prior
        (K,) prior odds of the place: where news leads that only says what it led away from.
    """
    days = axis_of(pieces, calendar)
    k = len(column)
    marks = [(i, mark) for i, piece in enumerate(pieces) for mark in piece.marks]
    at = np.searchsorted(days, np.array([m.day for _, m in marks], dtype=np.int64))
    loglik = np.array([loglik_of(m, column, settings) for _, m in marks]).reshape(-1, k)
    anchor = np.zeros((len(pieces), len(days)))
    for i, piece in enumerate(pieces):
        age = days - min(m.day for m in piece.marks)
        fresh = np.exp(-np.maximum(age, 0) / settings.anchor_days)
        anchor[i] = np.where(age >= 0, min(1.0, piece.weight) * fresh, 0.0)
    shifts = [(i, shift) for i, piece in enumerate(pieces) for shift in piece.shifts]
    rate = np.zeros((len(shifts), len(days) - 1))
    toward = np.zeros((len(shifts), k))
    if shifts:
        first = np.array([s.first for _, s in shifts])[:, None]
        last = np.array([s.last for _, s in shifts])[:, None]
        calm = 1.0 - np.array([s.odds for _, s in shifts])[:, None]
        within = (days[None, :-1] >= first) & (days[None, 1:] <= last)
        rate = np.where(within, 1.0 - calm ** (np.diff(days)[None] / (last - first)), 0.0)
    for n, (_, shift) in enumerate(shifts):
        if shift.toward is not None:
            toward[n, column[shift.toward]] = 1.0
            continue
        toward[n] = prior
        if shift.away is not None:
            toward[n, column[shift.away]] = 0.0
        toward[n] /= toward[n].sum()
    return Told(
        days=days,
        at=at,
        loglik=loglik,
        marker=np.array([i for i, _ in marks], dtype=np.intp),
        rate=rate,
        toward=toward,
        anchor=anchor,
        teller=np.array([i for i, _ in shifts], dtype=np.intp),
        plain=np.array([s.plain for _, s in shifts], dtype=bool),
    )


def steps_of(
    told: Told,
    calendar: Calendar,
    pi: Array,
    leave: Array,
    prior: Array,
    settings: ControlSettings,
    keep: NDArray[np.bool_] | None = None,
) -> Steps:
    """The steps of one place's chain, for each choice of claims.

    Parameters
    ----------
    pi
        (W, K) base rates per week.
    """
    week = calendar.week_of(told.days[:-1])
    length = np.diff(told.days)[:, None]
    rho = np.exp(-leave[None, :] * calendar.quiet[week][:, None] * length)
    following = pi[calendar.week_of(told.days[1:])]
    drop, gain = drift(pi[week], following, settings.field_pull)
    drop = drop[:, None, :] * told.free(keep)[:, :, None]
    stay, lead = told.news(prior, pi[week], settings, keep)
    return Steps(
        rho=rho[:, None, :],
        pi=pi[week][:, None, :],
        drop=drop,
        gain=gain[:, None, :],
        stay=stay,
        news=lead,
    )

"""Places' own chains in machine code: the same as `assemble` and `field` find, to rounding."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from marchland.control.jit import jit, share

Array = NDArray[np.float64]

_WEEK = 7


@jit
def _axis(place, knots, mark_start, mark_day, shift_start, first, last, events, days):  # type: ignore[no-untyped-def]
    """Fill in the days of a place's chain, in order and each once; how many they are."""
    low, high, n = knots[0], knots[-1], 0
    for m in range(mark_start[place], mark_start[place + 1]):
        events[n] = min(max(mark_day[m], low), high)
        n += 1
    for s in range(shift_start[place], shift_start[place + 1]):
        events[n] = max(first[s], low)
        events[n + 1] = min(last[s], high)
        n += 2
    events[:n].sort()
    count, w, e = 0, 0, 0
    while w < len(knots) or e < n:
        if e == n or (w < len(knots) and knots[w] <= events[e]):
            day = knots[w]
            w += 1
        else:
            day = events[e]
            e += 1
        if count == 0 or days[count - 1] != day:
            days[count] = day
            count += 1
    return count


@jit
def _lengths(  # type: ignore[no-untyped-def]
    places, knots, mark_start, mark_day, shift_start, first, last, most, begin, end, lengths
):
    """How many days the chains `begin` to `end` have."""
    events, days = np.empty(most, np.int64), np.empty(most + len(knots), np.int64)
    for c in range(begin, end):
        lengths[c] = _axis(
            places[c], knots, mark_start, mark_day, shift_start, first, last, events, days
        )


@jit
def _chains(  # type: ignore[no-untyped-def]
    places, knots, quiet, leave, group, mark_start, mark_day, mark_piece, mark_loglik,
    shift_start, first, last, shift_piece, chance, plain, toward, piece_start, spoken, firm,
    used, used_start, rates, pull, plausible, anchor, most, begin, end,
    start, out_days, out_odds, first_week, on_knots,
):  # fmt: skip
    """Both passes over the chains `begin` to `end`, as `lay` and `smooth` do them.

    Base rates have a row a week, or one for all. Odds of every day go to `out_days` and `out_odds`,
    from `start` on; or, where `on_knots` has rows, only those of the knots from `first_week` on.
    """
    states, count = rates.shape[2], len(knots)
    fixed, only_knots = rates.shape[1] == 1, len(on_knots) > 0
    longest = most + count
    events, days = np.empty(most, np.int64), np.empty(longest, np.int64)
    week, at = np.empty(longest, np.int64), np.empty(longest, np.int64)
    told, moved = np.empty(longest, np.bool_), np.empty(longest, np.bool_)
    likelihood, odds = np.empty((longest, states)), np.empty((longest, states))
    stay, news = np.empty(longest), np.empty((longest, states))
    drifts, drop, gain = (
        np.empty(longest, np.bool_), np.empty((longest, states)), np.empty((longest, states)),
    )  # fmt: skip
    grip, kept = np.empty(longest), np.empty((longest, len(leave)))
    now, later = np.empty(states), np.empty(states)
    whole = np.empty((count, len(leave)))
    for w in range(count):
        for g in range(len(leave)):
            whole[w, g] = np.exp(-leave[g] * (quiet[w] * _WEEK))
    for c in range(begin, end):
        place = places[c]
        size = _axis(place, knots, mark_start, mark_day, shift_start, first, last, events, days)
        pi = rates[c]
        w = 0
        for t in range(size):
            while w + 1 < count and knots[w + 1] <= days[t]:
                w += 1
            week[t] = w
            at[t] = 0 if fixed else w
            told[t] = moved[t] = drifts[t] = False
            stay[t], grip[t] = 1.0, -np.inf

        skip = used_start[c] - piece_start[place]
        for m in range(mark_start[place], mark_start[place + 1]):
            if len(used) > 0 and not used[skip + mark_piece[m]]:
                continue
            t = np.searchsorted(days[:size], min(max(mark_day[m], knots[0]), knots[-1]))
            if not told[t]:
                told[t] = True
                for k in range(states):
                    likelihood[t, k] = 0.0
            for k in range(states):
                likelihood[t, k] += mark_loglik[m, k]
        for p in range(piece_start[place], piece_start[place + 1]):
            if len(used) > 0 and not used[skip + p]:
                continue
            t = min(np.searchsorted(days[:size], spoken[p]), size - 1)
            grip[t] = max(grip[t], firm[p] + (days[t] - knots[0]) / anchor)
        for s in range(shift_start[place], shift_start[place + 1]):
            if len(used) > 0 and not used[skip + shift_piece[s]]:
                continue
            a, b = max(first[s], knots[0]), min(last[s], knots[-1])
            low, high = np.searchsorted(days[:size], a), np.searchsorted(days[:size], b)
            target = 0
            for k in range(1, states):
                if toward[s, k] > toward[s, target]:
                    target = k
            for t in range(low, high):
                rate = 1.0 - (1.0 - chance[s]) ** ((days[t + 1] - days[t]) / (b - a))
                if plain[s]:
                    top = 0.0
                    for k in range(states):
                        top = max(top, pi[at[t], k])
                    rate *= min(1.0, plausible * pi[at[t], target] / top)
                if not moved[t]:
                    moved[t] = True
                    for k in range(states):
                        news[t, k] = 0.0
                stay[t] = min(stay[t], 1.0 - rate)
                for k in range(states):
                    news[t, k] += rate * toward[s, k]

        held = -np.inf
        for t in range(size):
            if told[t]:
                top = -np.inf
                for k in range(states):
                    top = max(top, likelihood[t, k])
                for k in range(states):
                    likelihood[t, k] = np.exp(likelihood[t, k] - top)
            if t + 1 == size:
                break
            length = days[t + 1] - days[t]
            for g in range(len(leave)):
                if length == _WEEK:
                    kept[t, g] = whole[week[t], g]
                else:
                    kept[t, g] = np.exp(-leave[g] * (quiet[week[t]] * length))
            if moved[t]:
                total = 0.0
                for k in range(states):
                    total += news[t, k]
                moved[t] = total > 0.0
                for k in range(states):
                    news[t, k] = news[t, k] / total if total > 0.0 else pi[at[t], k]
            held = max(held, grip[t])
            a, b = at[t], at[t + 1]
            if a == b:
                continue
            free = pull * (1.0 - np.exp(min(held - (days[t] - knots[0]) / anchor, 0.0)))
            rise = 0.0
            for k in range(states):
                less = pi[a, k] - pi[b, k]
                if less > 0.0:
                    drop[t, k] = free * less / max(pi[a, k], 1e-12)
                    gain[t, k] = 0.0
                    drifts[t] = True
                else:
                    drop[t, k] = 0.0
                    gain[t, k] = -less
                    rise -= less
            if rise > 0.0:
                for k in range(states):
                    gain[t, k] /= rise
            else:
                drifts[t] = False

        total = 0.0
        for k in range(states):
            now[k] = pi[at[0], k] / (1.0 - kept[0, group[k]])
            total += now[k]
        for k in range(states):
            now[k] /= total
        for t in range(size):
            if told[t]:
                total = 0.0
                for k in range(states):
                    now[k] *= likelihood[t, k]
                    total += now[k]
                for k in range(states):
                    now[k] /= total
            for k in range(states):
                odds[t, k] = now[k]
            if t + 1 == size:
                break
            total = 0.0
            for k in range(states):
                x = now[k] * kept[t, group[k]]
                total += now[k] - x
                now[k] = x
            for k in range(states):
                now[k] += total * pi[at[t], k]
            if drifts[t]:
                total = 0.0
                for k in range(states):
                    x = now[k] * drop[t, k]
                    total += x
                    now[k] -= x
                for k in range(states):
                    now[k] += total * gain[t, k]
            if moved[t]:
                for k in range(states):
                    now[k] = stay[t] * now[k] + (1.0 - stay[t]) * news[t, k]

        even = True
        for k in range(states):
            later[k] = 1.0
        for t in range(size - 1, -1, -1):
            if not even:
                for k in range(states):
                    odds[t, k] *= later[k]
            if t == 0:
                break
            if told[t]:
                even = False
                top = 0.0
                for k in range(states):
                    later[k] *= likelihood[t, k]
                    top = max(top, later[k])
                for k in range(states):
                    later[k] /= top
            if even:
                continue
            s = t - 1
            if moved[s]:
                total = 0.0
                for k in range(states):
                    total += news[s, k] * later[k]
                for k in range(states):
                    later[k] = stay[s] * later[k] + (1.0 - stay[s]) * total
            if drifts[s]:
                total = 0.0
                for k in range(states):
                    total += gain[s, k] * later[k]
                for k in range(states):
                    later[k] += drop[s, k] * (total - later[k])
            total = 0.0
            for k in range(states):
                total += pi[at[s], k] * later[k]
            for k in range(states):
                later[k] = total + kept[s, group[k]] * (later[k] - total)

        for t in range(size):
            w = week[t] - first_week
            if only_knots and (days[t] != knots[week[t]] or not 0 <= w < on_knots.shape[1]):
                continue
            total = 0.0
            for k in range(states):
                total += odds[t, k]
            for k in range(states):
                if only_knots:
                    on_knots[c, w, k] = odds[t, k] / total
                else:
                    out_odds[start[c] + t, k] = odds[t, k] / total
            if not only_knots:
                out_days[start[c] + t] = days[t]


class Chains:
    """The chains of some places, ready to run.

    Parameters
    ----------
    evidence, calendar, settings
        Those of `marchland.control.assemble`.
    places
        (I,) the place of each chain.
    leave
        (K,) chance per day that a state's base rates take over.
    used
        Which pieces of its place each chain uses, one chain after the other; None for all.
    """

    def __init__(
        self,
        evidence: Any,
        calendar: Any,
        places: NDArray[np.intp],
        leave: Array,
        settings: Any,
        used: NDArray[np.bool_] | None,
    ) -> None:
        e = evidence
        rows = np.arange(len(e.mark_start))
        pieces = np.searchsorted(e.place, rows)
        counts = np.diff(pieces)[places]
        events = (np.diff(e.mark_start) + 2 * np.diff(e.shift_start))[places]
        self._places = np.ascontiguousarray(places, dtype=np.int64)
        self._most = int(events.max(initial=0))
        self._axes = (calendar.knots, e.mark_start, e.mark_day, e.shift_start, e.first, e.last)
        leaves, group = np.unique(leave, return_inverse=True)
        self._before = (
            *(calendar.knots, calendar.quiet, leaves, group, e.mark_start, e.mark_day),
            *(e.mark_piece, e.mark_loglik, e.shift_start, e.first, e.last, e.shift_piece),
            np.where(e.plain, settings.hold_odds, 1.0) * e.odds,
            *(e.plain, e.toward, pieces, e.spoken, np.log(np.maximum(e.grip, 1e-9))),
            np.empty(0, dtype=bool) if used is None else np.ascontiguousarray(used),
            np.cumsum(counts) - counts,
        )
        self._pull = (settings.field_pull, settings.plausible, settings.anchor_days)
        self._states = len(leave)

    def all(self, rates: Array) -> tuple[NDArray[np.int64], Array, NDArray[np.intp]]:
        """Days (F,) and odds (F, K) of one chain after the other, and where each begins.

        Parameters
        ----------
        rates
            (I, W, K) base rates.
        """
        n = len(self._places)
        lengths = np.zeros(n, dtype=np.int64)

        def count(begin: int, end: int) -> None:
            _lengths(self._places, *self._axes, self._most, begin, end, lengths)

        share(count, n)
        start = np.append(0, np.cumsum(lengths))
        days, odds = np.empty(start[-1], np.int64), np.empty((start[-1], self._states))
        self._run(rates, start, days, odds, 0, np.empty((0, 0, self._states)))
        return days, odds, start

    def on_knots(self, rates: Array, first: int, last: int) -> Array:
        """Odds (I, W, K) on the knots `first` to `last`.

        Parameters
        ----------
        rates
            (I, W, K) base rates, or (I, 1, K) if they stay.
        """
        odds = np.empty((len(self._places), last - first + 1, self._states))
        none = np.zeros(1, np.int64)
        self._run(rates, none, none, np.empty((0, self._states)), first, odds)
        return odds

    def _run(self, rates: Array, *out: Any) -> None:
        rates = np.ascontiguousarray(rates)

        def run(begin: int, end: int) -> None:
            _chains(self._places, *self._before, rates, *self._pull, self._most, begin, end, *out)

        share(run, len(self._places))


@jit
def _on_day(  # type: ignore[no-untyped-def]
    day, offset, days, odds, prior, flat, least, begin, end, found
):
    """Odds of the places `begin` to `end` between two days of their axes."""
    states = odds.shape[1]
    for p in range(begin, end):
        # A day a week is on every axis: the place to look is known to within the other days.
        low, high = offset[p], offset[p + 1] - 1
        low = min(max(low, low + (day - days[low]) // _WEEK), high)
        high = min(high, low + (offset[p + 1] - offset[p]) - least)
        while low < high:
            middle = (low + high + 1) // 2
            if days[middle] <= day:
                low = middle
            else:
                high = middle - 1
        after = min(low + 1, offset[p + 1] - 1)
        part = min(max((day - days[low]) / max(days[after] - days[low], 1), 0.0), 1.0)
        total = 0.0
        for k in range(states):
            x = (1.0 - part) * odds[low, k] + part * odds[after, k]
            x = (1.0 - flat) * x + flat * prior[p, k]
            found[p, k] = x
            total += x
        for k in range(states):
            found[p, k] /= total


def on_day(
    day: int,
    offset: NDArray[np.intp],
    days: NDArray[np.int64],
    odds: Array,
    prior: Array,
    *,
    flat: float,
    weeks: int,
) -> Array:
    """Odds (P, K) on a day, with a part `flat` of the prior.

    Parameters
    ----------
    offset, days, odds
        Where each place's axis begins; its days and their odds. All have the same `weeks` weekly
        days among them.
    """
    found = np.empty((len(offset) - 1, odds.shape[1]))
    arrays = (day, offset, days, odds, prior, flat, weeks)
    share(lambda begin, end: _on_day(*arrays, begin, end, found), len(found))
    return found

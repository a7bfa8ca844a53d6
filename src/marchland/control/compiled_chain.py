"""Chains in machine code: the same odds as `marchland.control.chain` finds, to rounding."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from marchland.control.jit import jit, share

Array = NDArray[np.float64]

_TABLE = 4096
"""Gaps in days up to which the chance of no change is looked up."""


@jit
def _kept(table, gap, pace):  # type: ignore[no-untyped-def]
    near = np.uint64(gap)
    return table[near] if near < np.uint64(len(table)) else np.exp(-gap / pace)


@jit
def _sticky(  # type: ignore[no-untyped-def]
    chain, days, told, base, pace, table, each, odds, forward, backward
):
    """Both passes over one chain after the other; gives the log likelihood of all.

    The states are those of the tuple `each`, so that their number is known to the compiler.
    Passes are brought back to a scale near 1 only where they leave it; `forward` and `backward`
    are filled unless they are None.
    """
    n, states = len(told), len(each)
    evidence, scale = 0.0, 1.0
    later, news, found = np.empty(states), np.empty(states), np.empty(states)
    begin = 0
    while begin < n:
        end = begin + 1
        while end < n and chain[end] == chain[begin]:
            end += 1
        total = 1.0
        for i in range(begin, end):
            rho = _kept(table, days[i] - days[i - 1], pace) if i > begin else 0.0
            drawn = (1.0 - rho) * total
            total = 0.0
            for k in range(states):
                x = drawn * base[k]
                if i > begin:
                    x += rho * odds[i - 1, k]
                x *= told[i, k]
                odds[i, k] = x
                total += x
            if not 1e-8 < total < 1e8:
                for k in range(states):
                    odds[i, k] /= total
                evidence += np.log(total)
                total = 1.0
            if forward is not None:
                for k in range(states):
                    forward[i, k] = odds[i, k] / total
        scale *= total
        if not 1e-100 < scale < 1e100:
            evidence += np.log(scale)
            scale = 1.0
        part = 1.0 / total
        for k in range(states):
            odds[end - 1, k] *= part
            later[k] = 1.0
        if forward is not None:
            most = 0.0
            for k in range(states):
                most = max(most, told[end - 1, k])
            for k in range(states):
                backward[end - 1, k] = told[end - 1, k] / most
        for i in range(end - 2, begin - 1, -1):
            rho = _kept(table, days[i + 1] - days[i], pace)
            led = 0.0
            for k in range(states):
                x = later[k] * told[i + 1, k]
                news[k] = x
                led += x * base[k]
            if not 1e-8 < led < 1e8:
                for k in range(states):
                    news[k] /= led
                led = 1.0
            led *= 1.0 - rho
            total = 0.0
            for k in range(states):
                x = rho * news[k] + led
                later[k] = x
                x *= odds[i, k]
                found[k] = x
                total += x
            part = 1.0 / total
            for k in range(states):
                odds[i, k] = found[k] * part
            if forward is not None:
                most = 0.0
                for k in range(states):
                    news[k] = later[k] * told[i, k]
                    most = max(most, news[k])
                for k in range(states):
                    backward[i, k] = news[k] / most
        begin = end
    return evidence + np.log(scale)


def sticky(
    chain: NDArray[np.intp],
    days: NDArray[np.int64],
    told: Array,
    base: Array,
    pace: float,
    *,
    messages: bool,
) -> tuple[Array, Array, Array, float]:
    """Forward and backward messages (0 rows unless wanted), odds, and the log likelihood."""
    n, states = told.shape
    odds, none = np.empty((n, states)), np.empty((0, states))
    both = (np.empty((n, states)), np.empty((n, states))) if messages else (None, None)
    evidence = _sticky(
        np.ascontiguousarray(chain, dtype=np.int64),
        np.ascontiguousarray(days, dtype=np.int64),
        np.ascontiguousarray(told, dtype=np.float64),
        np.ascontiguousarray(base, dtype=np.float64),
        float(pace),
        np.exp(-np.arange(_TABLE) / pace),
        (0,) * states,
        odds,
        *both,
    )
    forward, backward = (none if m is None else m for m in both)
    return forward, backward, odds, float(evidence)


@jit
def _smooth(  # type: ignore[no-untyped-def]
    likelihood, rho, pi, drop, gain, stay, news, start, low, high, begin, end, odds
):
    """Both passes over the chains `begin` to `end` of those that lie side by side."""
    days, _, states = likelihood.shape
    now, later = np.empty(states), np.empty(states)
    for c in range(begin, end):
        for k in range(states):
            now[k] = start[c, k]
        for t in range(high + 1):
            total = 0.0
            for k in range(states):
                now[k] *= likelihood[t, c, k]
                total += now[k]
            for k in range(states):
                now[k] /= total
                if t >= low:
                    odds[t - low, c, k] = now[k]
            if t == high:
                break
            total = 0.0
            for k in range(states):
                total += now[k] * (1.0 - rho[t, c, k])
            for k in range(states):
                now[k] = now[k] * rho[t, c, k] + total * pi[t, c, k]
            total = 0.0
            for k in range(states):
                x = now[k] * drop[t, c, k]
                total += x
                now[k] -= x
            for k in range(states):
                now[k] += total * gain[t, c, k]
                now[k] = stay[t, c] * now[k] + (1.0 - stay[t, c]) * news[t, c, k]
        for k in range(states):
            later[k] = 1.0
        for t in range(days - 1, low - 1, -1):
            if t <= high:
                total = 0.0
                for k in range(states):
                    odds[t - low, c, k] *= later[k]
                    total += odds[t - low, c, k]
                for k in range(states):
                    odds[t - low, c, k] /= total
            if t == low:
                break
            s, led = t - 1, 0.0
            for k in range(states):
                later[k] *= likelihood[t, c, k]
                led += news[s, c, k] * later[k]
            total = 0.0
            for k in range(states):
                later[k] = stay[s, c] * later[k] + (1.0 - stay[s, c]) * led
                total += gain[s, c, k] * later[k]
            led = 0.0
            for k in range(states):
                later[k] += drop[s, c, k] * (total - later[k])
                led += pi[s, c, k] * later[k]
            most = 0.0
            for k in range(states):
                later[k] = rho[s, c, k] * later[k] + (1.0 - rho[s, c, k]) * led
                most = max(most, later[k])
            for k in range(states):
                later[k] /= most


def smooth(likelihood: Array, steps: Any, start: Array, *, low: int, high: int) -> Array:
    """What `marchland.control.chain.smooth` gives, for chains (T, I, K) side by side."""
    odds = np.empty((high - low + 1, *likelihood.shape[1:]))
    parts = [np.ascontiguousarray(a) for a in (likelihood, *steps, start)]
    share(lambda begin, end: _smooth(*parts, low, high, begin, end, odds), likelihood.shape[1])
    return odds

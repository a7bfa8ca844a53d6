"""A place's own sticky chain, exact in the number of its observations.

Between observations the holder keeps with chance ``rho`` a day and else is drawn from the base
rate: A = rho I + (1 - rho) 1 pi', so A^L = rho^L I + (1 - rho^L) 1 pi', and a gap of any length
costs O(K). Forward-backward is then O(observations x K).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Odds = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was observed at one place.

    Parameters
    ----------
    days
        (n,) ordinals, strictly increasing.
    likelihood
        (n, K) chance of what was observed on that day given each outcome, up to a factor.
    """

    days: NDArray[np.int64]
    likelihood: Odds


def smooth(
    evidence: Evidence,
    at: NDArray[np.int64],
    *,
    base: Odds,
    sojourn_days: float,
) -> Odds:
    """Odds of each outcome on each asked day, given everything observed before and after.

    Parameters
    ----------
    at
        (m,) ordinals asked for, in any order.
    base
        (m + n, K) base rate: first for the asked days, then for the observed ones. A jump lands on
        the base rate of the day it is looked at.
    sojourn_days
        Expected days between jumps.

    Returns
    -------
        (m, K), rows summing to 1.
    """
    m, n = len(at), len(evidence.days)
    asked, own = base[:m], base[m:]
    if n == 0:
        return np.asarray(asked / asked.sum(axis=1, keepdims=True))
    days, like = evidence.days, evidence.likelihood
    forward = np.empty_like(like)
    state = own[0]
    for i in range(n):
        if i:
            state = _step(state, float(days[i] - days[i - 1]), own[i], sojourn_days)
        state = state * like[i]
        state = state / state.sum()
        forward[i] = state
    backward = np.empty_like(like)
    message = np.ones(like.shape[1])
    for i in range(n - 1, -1, -1):
        backward[i] = message
        if i:
            gap = float(days[i] - days[i - 1])
            message = _back(message * like[i], gap, own[i], sojourn_days)
            message = message / message.max()
    return _between(at, days, forward, backward, like, asked, own, sojourn_days)


def _between(
    at: NDArray[np.int64],
    days: NDArray[np.int64],
    forward: Odds,
    backward: Odds,
    like: Odds,
    asked: Odds,
    own: Odds,
    sojourn_days: float,
) -> Odds:
    """Posterior on the asked days from the messages at the observations around them."""
    n = len(days)
    last = np.searchsorted(days, at, side="right") - 1
    odds = np.empty_like(asked)
    first = last < 0
    inner = ~first
    if inner.any():
        i = last[inner]
        keep = np.exp(-(at[inner] - days[i]) / sojourn_days)[:, None]
        ahead = keep * forward[i] + (1 - keep) * asked[inner]
        j = np.minimum(i + 1, n - 1)
        gap = np.where(i + 1 < n, days[j] - at[inner], np.inf)
        exact = at[inner] == days[i]
        behind = _seen_from(gap, like[j] * backward[j], own[j], sojourn_days)
        behind = np.where((i + 1 < n)[:, None], behind, 1.0)
        behind = np.where(exact[:, None], backward[i], behind)
        odds[inner] = ahead * behind
    if first.any():
        gap = (days[0] - at[first]).astype(np.float64)
        behind = _seen_from(gap, (like[0] * backward[0])[None, :], own[:1], sojourn_days)
        odds[first] = asked[first] * behind
    total = odds.sum(axis=1, keepdims=True)
    return np.asarray(odds / total, dtype=np.float64)


def _seen_from(gap: NDArray[Any], message: Odds, base: Odds, sojourn_days: float) -> Odds:
    """What an observation `gap` days ahead says of each outcome today."""
    keep = np.exp(-gap / sojourn_days)[:, None]
    return np.asarray(keep * message + (1 - keep) * (message * base).sum(axis=1, keepdims=True))


def _step(state: Odds, gap: float, base: Odds, sojourn_days: float) -> Odds:
    keep = np.exp(-gap / sojourn_days)
    return np.asarray(keep * state + (1 - keep) * state.sum() * base)


def _back(message: Odds, gap: float, base: Odds, sojourn_days: float) -> Odds:
    keep = np.exp(-gap / sojourn_days)
    return np.asarray(keep * message + (1 - keep) * (message @ base))

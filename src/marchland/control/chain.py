"""The place's own sticky chain: exact odds on its state through time.

A step keeps state k with chance ``rho_k`` and otherwise draws a state afresh from the base rates
``pi``: ``A = diag(rho) + (1 - rho) pi'``. With one ``rho`` for all states L such steps are
``A^L = rho^L I + (1 - rho^L) 1 pi'``, so a gap of any length costs O(K). When the base rates move,
part of every state that they leave moves with them (`drift`). On top of it a step may carry news:
with chance ``1 - stay`` the state is drawn from ``news`` instead. Forward and backward passes are
exact (Rabiner 1989) and scaled; every array may have any leading batch dimensions.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from marchland.control.engine import compiled

Array = NDArray[np.float64]
_SIDE_BY_SIDE = 3
"""Dimensions of chains that lie side by side: days, chains, states."""


class Steps(NamedTuple):
    """T - 1 steps between T days, for a batch of chains.

    Parameters
    ----------
    rho
        (T - 1, ..., K) chance to keep each state, before news.
    pi
        (T - 1, ..., K) base rates; sum to 1.
    drop
        (T - 1, ..., K) chance that each state gives way because its base rate fell.
    gain
        (T - 1, ..., K) states whose base rate rose instead; sum to 1.
    stay
        (T - 1, ...) chance that the news of the step is of nothing; 1 where there is no news.
    news
        (T - 1, ..., K) states that news leads to; sums to 1 where `stay` < 1.
    """

    rho: Array
    pi: Array
    drop: Array
    gain: Array
    stay: Array
    news: Array


def ahead(now: Array, rho: Array, pi: Array) -> Array:
    """Odds one step on: ``now A``."""
    out: Array = now * rho + (now * (1.0 - rho)).sum(axis=-1, keepdims=True) * pi
    return out


def back(later: Array, rho: Array, pi: Array) -> Array:
    """Likelihood one step earlier: ``A later``."""
    out: Array = rho * later + (1.0 - rho) * (pi * later).sum(axis=-1, keepdims=True)
    return out


def smooth(
    loglik: Array, steps: Steps, start: Array, *, low: int = 0, high: int | None = None
) -> Array:
    """Odds (high - low + 1, ..., K) on the days `low` to `high`, given all the evidence.

    Parameters
    ----------
    loglik
        (T, ..., K) log likelihood of the evidence of each day, up to a constant per day.
    start
        (..., K) odds before the evidence of the first day.
    low, high
        First and last day wanted, as indices; the passes stop there.
    """
    last = len(loglik) - 1
    high = last if high is None else high
    likelihood = np.exp(loglik - loglik.max(axis=-1, keepdims=True))
    fast = compiled(likelihood.size, module="compiled_chain")
    if fast is not None and likelihood.ndim == _SIDE_BY_SIDE:
        found: Array = fast.smooth(likelihood, steps, start, low=low, high=high)
        return found
    odds = np.empty((high - low + 1, *likelihood.shape[1:]))
    stay, move = steps.stay[..., None], 1.0 - steps.stay[..., None]
    moving = [bool(m.any()) for m in move]
    drifting = [bool(d.any()) for d in steps.drop]

    now = start
    for t in range(high + 1):
        now = now * likelihood[t]
        now /= now.sum(axis=-1, keepdims=True)
        if t >= low:
            odds[t - low] = now
        if t == high:
            break
        now = ahead(now, steps.rho[t], steps.pi[t])
        if drifting[t]:
            now = ahead(now, 1.0 - steps.drop[t], steps.gain[t])
        if moving[t]:
            now = stay[t] * now + move[t] * steps.news[t]

    later = np.ones(likelihood.shape[1:])
    for t in range(last, low - 1, -1):
        if t <= high:
            odds[t - low] *= later
        if t == low:
            break
        later = later * likelihood[t]
        if moving[t - 1]:
            led_to = (steps.news[t - 1] * later).sum(axis=-1, keepdims=True)
            later = stay[t - 1] * later + move[t - 1] * led_to
        if drifting[t - 1]:
            later = back(later, 1.0 - steps.drop[t - 1], steps.gain[t - 1])
        later = back(later, steps.rho[t - 1], steps.pi[t - 1])
        later /= later.max(axis=-1, keepdims=True)
    odds /= odds.sum(axis=-1, keepdims=True)
    return odds


def drift(pi: Array, later: Array, pull: float) -> tuple[Array, Array]:
    """How states follow their base rates from one day to the next: `drop` and `gain`.

    With `pull` 1 odds equal to the base rates stay equal to them; with less they follow part of
    the way. A state whose base rate does not fall keeps all it has.
    """
    drop = pull * np.maximum(pi - later, 0.0) / np.maximum(pi, 1e-12)
    rise = np.maximum(later - pi, 0.0)
    total = rise.sum(axis=-1, keepdims=True)
    gain: Array = np.where(total > 0, rise / np.where(total > 0, total, 1.0), later)
    return drop, gain


def resting(pi: Array, leave: Array) -> Array:
    """Odds that steps with base rates `pi` and leaving rates `leave` come to in the long run."""
    odds = pi / leave
    out: Array = odds / odds.sum(axis=-1, keepdims=True)
    return out


class Sticky(NamedTuple):
    """What `sticky` finds, per claim in the order given."""

    forward: Array
    backward: Array
    odds: Array
    evidence: float


def sticky(
    chain: NDArray[np.intp],
    days: NDArray[np.int64],
    likelihood: Array,
    base: Array,
    pace: float,
    *,
    messages: bool = True,
) -> Sticky:
    """Forward-backward over many chains with one pace and base rates, on their claims' days alone.

    Time and memory grow with the number of claims, however long the chains.

    Parameters
    ----------
    chain, days
        (N,) which chain each claim is of, and its day; sorted by both.
    likelihood
        (N, K) of each claim for each state.
    base
        (K,) base rates; the odds before a chain's first claim.
    pace
        Expected days until a state is drawn afresh from the base rates.
    messages
        Whether `forward` and `backward` are wanted; without, they have no rows.

    Returns
    -------
        Odds (N, K) after each claim, likelihoods (N, K) of it and all later ones, odds given all,
        and the log likelihood of all claims.
    """
    fast = compiled(likelihood.size, module="compiled_chain")
    if fast is not None:
        return Sticky(*fast.sticky(chain, days, likelihood, base, pace, messages=messages))
    found = _by_rank(chain, days, likelihood, base, pace)
    none = np.empty((0, len(base)))
    return found if messages else found._replace(forward=none, backward=none)


def _by_rank(
    chain: NDArray[np.intp],
    days: NDArray[np.int64],
    likelihood: Array,
    base: Array,
    pace: float,
) -> Sticky:
    """`sticky` in numpy: the first claims of all chains at once, then the second ones."""
    n, k = likelihood.shape
    first = np.ones(n, dtype=bool)
    first[1:] = chain[1:] != chain[:-1]
    start = np.flatnonzero(first)
    length = np.diff(np.append(start, n))
    # Longest first: the claims of one rank in all chains that have so many are a prefix.
    longest = np.argsort(-length, kind="stable")
    start, length = start[longest], length[longest]
    count = np.searchsorted(-length, -np.arange(length[0] if n else 0), side="left")
    levels = [
        slice(b - c, b) for b, c in zip(np.cumsum(count).tolist(), count.tolist(), strict=True)
    ]
    at = np.concatenate([start[:c] + d for d, c in enumerate(count)] or [start])
    told = np.ascontiguousarray(likelihood[at].T)
    gap = np.zeros(n)
    gap[1:] = np.where(first[1:], 0, days[1:] - days[:-1])
    rho = np.exp(-gap[at] / pace)
    back_to = (1.0 - rho) * base[:, None]
    forward, backward = np.empty((k, n)), np.empty((k, n))
    odds, totals = np.empty((k, n)), np.empty(n)
    for depth, here in enumerate(levels):
        now = forward[:, here]
        if depth:
            before = slice(levels[depth - 1].start, levels[depth - 1].start + count[depth])
            np.multiply(rho[here], forward[:, before], out=now)
            now += back_to[:, here]
            now *= told[:, here]
        else:
            np.multiply(base[:, None], told[:, here], out=now)
        totals[here] = now.sum(axis=0)
        now /= totals[here]
    ahead_of = np.ones((k, 0))
    for depth in range(len(levels) - 1, -1, -1):
        here, more = levels[depth], ahead_of.shape[1]
        odds[:, here] = forward[:, here]
        odds[:, here][:, :more] *= ahead_of
        later = backward[:, here]
        later[:] = told[:, here]
        later[:, :more] *= ahead_of
        later /= later.max(axis=0)
        if depth:
            ahead_of = rho[here] * later
            ahead_of += (1.0 - rho[here]) * (base @ later)
    odds /= odds.sum(axis=0)
    whole = [np.empty((n, k)) for _ in range(3)]
    for to, found in zip(whole, (forward, backward, odds), strict=True):
        to[at] = found.T
    return Sticky(
        forward=whole[0], backward=whole[1], odds=whole[2], evidence=float(np.log(totals).sum())
    )

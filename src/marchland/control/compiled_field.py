"""The field of neighbours in machine code: the same as `marchland.control.neighbours`, to rounding.

Weeks of one place differ in the diagonal of their equations alone; some are solved side by side.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from marchland.control.jit import jit, share

Array = NDArray[np.float64]

_LANES = 32
"""Weeks of one place that are solved side by side, as many as fill the fast cache."""


@jit
def _factor(between, noise, m, f, inverse):  # type: ignore[no-untyped-def]
    """Cholesky factors of matrices that differ in their diagonals alone, side by side."""
    lanes = f.shape[2]  # not the constant, which would be unrolled and not vectorised
    for j in range(m):
        for i in range(j, m):
            to, b = f[i, j], between[i, j]
            for l in range(lanes):
                to[l] = b
            if i == j:
                for l in range(lanes):
                    to[l] += noise[i, l]
            for k in range(j):
                x, y = f[i, k], f[j, k]
                for l in range(lanes):
                    to[l] -= x[l] * y[l]
        part = inverse[j]
        for l in range(lanes):
            part[l] = 1.0 / np.sqrt(f[j, j, l])
        for i in range(j, m):
            to = f[i, j]
            for l in range(lanes):
                to[l] *= part[l]


@jit
def _solve(toward, m, f, inverse, weight):  # type: ignore[no-untyped-def]
    """The weights of the neighbours, from the factors."""
    lanes = f.shape[2]
    for i in range(m):
        to, part = weight[i], inverse[i]
        for l in range(lanes):
            to[l] = toward[i]
        for k in range(i):
            x, y = f[i, k], weight[k]
            for l in range(lanes):
                to[l] -= x[l] * y[l]
        for l in range(lanes):
            to[l] *= part[l]
    for i in range(m - 1, -1, -1):
        to, part = weight[i], inverse[i]
        for k in range(i + 1, m):
            x, y = f[k, i], weight[k]
            for l in range(lanes):
                to[l] -= x[l] * y[l]
        for l in range(lanes):
            to[l] *= part[l]


@jit
def _field(  # type: ignore[no-untyped-def]
    index, count, between, toward, abroad, share, home, show, foreign, faint, nugget, varies,
    begin, end, mean, variance,
):  # fmt: skip
    """Mean and variance of the field at the places `begin` to `end`, in every week."""
    n, weeks, states = index.shape[1], share.shape[1], show.shape[2]
    noise, weight = np.empty((n, _LANES)), np.empty((n, _LANES))
    f, inverse = np.empty((n, n, _LANES)), np.empty((n, _LANES))
    known = np.empty(_LANES)
    for r in range(begin, end):
        m = count[r]
        for a in range(0, weeks, _LANES):
            wide = min(_LANES, weeks - a)
            for i in range(m):
                p = index[r, i]
                told, own, to = share[p], home[p], noise[i]
                weaker = foreign if abroad[r, i] else 0.0
                for l in range(wide):
                    part = told[a + l] * (1.0 - weaker * own[a + l])
                    square = max(part, faint) ** 2
                    to[l] = (nugget + varies * (1.0 - square)) / square
                for l in range(wide, _LANES):
                    to[l] = 1.0
            _factor(between[r], noise, m, f, inverse)
            _solve(toward[r], m, f, inverse, weight)
            here = mean[r]
            for l in range(wide):
                known[l] = 0.0
                for k in range(states):
                    here[a + l, k] = 0.0
            for i in range(m):
                shows, w, t = show[index[r, i]], weight[i], toward[r, i]
                for l in range(wide):
                    known[l] += w[l] * t
                    for k in range(states):
                        here[a + l, k] += w[l] * shows[a + l, k]
            for l in range(wide):
                variance[r, a + l] = min(max(1.0 - known[l] / varies, 1e-6), 1.0)


def field(
    ground: Any, told: Any, *, faint: float, nugget: float, varies: float
) -> tuple[Array, Array]:
    """Mean (W, R, K) and variance (W, R) at the places of a ground, in every week told of.

    Parameters
    ----------
    ground, told
        A `Ground` and a `Told` of `marchland.control.neighbours`.
    faint, nugget, varies
        Its settings that nobody sets.
    """
    places, (weeks, _, states) = len(ground.index), told.show.shape
    mean, variance = np.empty((places, weeks, states)), np.empty((places, weeks))
    arrays = (
        *(ground.index, ground.count, ground.between, ground.toward, ground.abroad),
        *(np.ascontiguousarray(x) for x in (told.share.T, told.home.T)),
        np.ascontiguousarray(told.show.transpose(1, 0, 2)),
        *(ground.foreign, faint, nugget, varies),
    )

    def run(begin: int, end: int) -> None:
        _field(*arrays, begin, end, mean, variance)

    share(run, places)
    return mean.transpose(1, 0, 2), variance.T


@jit
def _shown(own, rest, column, rows, faint, begin, end, part, show, home):  # type: ignore[no-untyped-def]
    states = own.shape[2]
    for i in range(begin, end):
        p = rows[i]
        for w in range(own.shape[1]):
            most = -np.inf
            for k in range(states):
                x = own[i, w, k] - rest[i, k]
                show[p, w, k] = x
                most = max(most, x / (1.0 - rest[i, k]))
            most = min(max(most, faint), 0.999)
            for k in range(states):
                show[p, w, k] /= most
            part[p, w] = most
            home[p, w] = own[i, w, column[i]] if column[i] >= 0 else 0.0


def shown(
    own: Array,
    rest: Array,
    column: NDArray[np.intp],
    rows: NDArray[np.intp],
    told: Any,
    *,
    faint: float,
) -> None:
    """What `marchland.control.neighbours.tell` does."""
    arrays = (np.ascontiguousarray(own.transpose(1, 0, 2)), rest, column, rows, faint)
    out = (told.share.T, told.show.transpose(1, 0, 2), told.home.T)
    share(lambda begin, end: _shown(*arrays, begin, end, *out), len(rows))


@jit
def _surroundings(  # type: ignore[no-untyped-def]
    index, weight, column, last, prior, sparse, foreign, begin, end, found
):
    weeks, states = last.shape[1], last.shape[2]
    for r in range(begin, end):
        here = found[r]
        for w in range(weeks):
            for k in range(states):
                here[w, k] = sparse * prior[r, k]
        for i in range(index.shape[1]):
            x = weight[r, i]
            if x == 0.0:
                continue
            other, own = last[index[r, i]], column[r, i]
            for w in range(weeks):
                for k in range(states):
                    here[w, k] += x * other[w, k]
            if own >= 0:
                for w in range(weeks):
                    here[w, own] -= (1.0 - foreign) * x * other[w, own]
        for w in range(weeks):
            total = 0.0
            for k in range(states):
                total += here[w, k]
            for k in range(states):
                here[w, k] /= total


def surroundings(
    near: Any,
    rows: NDArray[np.intp],
    last: Array,
    told: NDArray[np.bool_],
    home: NDArray[np.intp],
    prior: Array,
    settings: Any,
    *,
    sparse: float,
) -> Array:
    """What `marchland.control.neighbours.surroundings` gives; the prior is that of the rows."""
    index = near.index[rows]
    other = np.maximum(index, 0)
    there = (index >= 0) & told[other]
    gap = np.sqrt(((near.xyz[other] - near.xyz[rows][:, None]) ** 2).sum(axis=-1))
    abroad = near.country[other] != near.country[rows][:, None]
    weight = np.exp(-gap / settings.unseen_range_km)
    weight = np.where(there, weight * np.where(abroad, settings.across_border, 1.0), 0.0)
    column = np.where(abroad, home[other], -1)
    found = np.empty((len(rows), *last.transpose(1, 0, 2).shape[1:]))
    arrays = (other, weight, column, np.ascontiguousarray(last.transpose(1, 0, 2)), prior)
    rest = (sparse, settings.foreign_state)
    share(lambda begin, end: _surroundings(*arrays, *rest, begin, end, found), len(rows))
    return found.transpose(1, 0, 2)


@jit
def _base_rates(mean, variance, prior, log_prior, heat, doubt, begin, end, found):  # type: ignore[no-untyped-def]
    states = mean.shape[2]
    for r in range(begin, end):
        for w in range(mean.shape[1]):
            spread = variance[r, w]
            cold = 1.0 / (heat * np.sqrt(1.0 + doubt * spread))
            most = -np.inf
            for k in range(states):
                x = (mean[r, w, k] + (1.0 - spread) * prior[r, k]) * cold
                x += spread * log_prior[r, k]
                found[r, w, k] = x
                most = max(most, x)
            total = 0.0
            for k in range(states):
                x = np.exp(found[r, w, k] - most)
                found[r, w, k] = x
                total += x
            for k in range(states):
                found[r, w, k] /= total


def base_rates(mean: Array, variance: Array, prior: Array, *, heat: float, doubt: float) -> Array:
    """What `marchland.control.neighbours.base_rates` gives, for weeks (W, R, K) of some places."""
    parts = [np.ascontiguousarray(a) for a in (mean.transpose(1, 0, 2), variance.T, prior)]
    found = np.empty(parts[0].shape)
    log_prior = np.log(parts[2])
    share(
        lambda begin, end: _base_rates(*parts, log_prior, heat, doubt, begin, end, found),
        len(found),
    )
    return found.transpose(1, 0, 2)

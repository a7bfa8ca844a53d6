"""The field of neighbours in machine code: the same as `marchland.control.neighbours`, to rounding.

Weeks of one place differ in the diagonal of their equations alone; eight are solved side by side.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from marchland.control.jit import jit, share

Array = NDArray[np.float64]

_LANES = 8
"""Weeks of one place that are solved side by side."""


@jit
def _factor(between, noise, m, f, inverse):  # type: ignore[no-untyped-def]
    """Cholesky factors of eight matrices that differ in their diagonals alone."""
    for j in range(m):
        for i in range(j, m):
            b = between[i, j]
            t0 = t1 = t2 = t3 = t4 = t5 = t6 = t7 = b
            if i == j:
                t0, t1, t2, t3 = b + noise[i, 0], b + noise[i, 1], b + noise[i, 2], b + noise[i, 3]
                t4, t5, t6, t7 = b + noise[i, 4], b + noise[i, 5], b + noise[i, 6], b + noise[i, 7]
            for k in range(j):
                t0 -= f[i, k, 0] * f[j, k, 0]
                t1 -= f[i, k, 1] * f[j, k, 1]
                t2 -= f[i, k, 2] * f[j, k, 2]
                t3 -= f[i, k, 3] * f[j, k, 3]
                t4 -= f[i, k, 4] * f[j, k, 4]
                t5 -= f[i, k, 5] * f[j, k, 5]
                t6 -= f[i, k, 6] * f[j, k, 6]
                t7 -= f[i, k, 7] * f[j, k, 7]
            f[i, j, 0], f[i, j, 1], f[i, j, 2], f[i, j, 3] = t0, t1, t2, t3
            f[i, j, 4], f[i, j, 5], f[i, j, 6], f[i, j, 7] = t4, t5, t6, t7
        for l in range(_LANES):
            inverse[j, l] = 1.0 / np.sqrt(f[j, j, l])
        for i in range(j, m):
            for l in range(_LANES):
                f[i, j, l] *= inverse[j, l]


@jit
def _field(  # type: ignore[no-untyped-def]
    index, count, between, toward, abroad, share, home, show, foreign, faint, nugget, varies,
    begin, end, mean, variance,
):  # fmt: skip
    """Mean and variance of the field at the places `begin` to `end`, in every week."""
    n, weeks, states = index.shape[1], share.shape[1], show.shape[2]
    noise, weight = np.empty((n, _LANES)), np.empty((n, _LANES))
    f, inverse = np.empty((n, n, _LANES)), np.empty((n, _LANES))
    for r in range(begin, end):
        m = count[r]
        for a in range(0, weeks, _LANES):
            wide = min(_LANES, weeks - a)
            for i in range(m):
                p = index[r, i]
                for l in range(_LANES):
                    w = a + min(l, wide - 1)
                    part = share[p, w]
                    if abroad[r, i]:
                        part *= 1.0 - foreign * home[p, w]
                    square = max(part, faint) ** 2
                    noise[i, l] = (nugget + varies * (1.0 - square)) / square
            _factor(between[r], noise, m, f, inverse)
            for i in range(m):
                for l in range(_LANES):
                    weight[i, l] = toward[r, i]
                for k in range(i):
                    for l in range(_LANES):
                        weight[i, l] -= f[i, k, l] * weight[k, l]
                for l in range(_LANES):
                    weight[i, l] *= inverse[i, l]
            for i in range(m - 1, -1, -1):
                for k in range(i + 1, m):
                    for l in range(_LANES):
                        weight[i, l] -= f[k, i, l] * weight[k, l]
                for l in range(_LANES):
                    weight[i, l] *= inverse[i, l]
            for l in range(wide):
                known = 0.0
                for k in range(states):
                    mean[r, a + l, k] = 0.0
                for i in range(m):
                    p, x = index[r, i], weight[i, l]
                    known += x * toward[r, i]
                    for k in range(states):
                        mean[r, a + l, k] += x * show[p, a + l, k]
                variance[r, a + l] = min(max(1.0 - known / varies, 1e-6), 1.0)


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

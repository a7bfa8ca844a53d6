"""Scores of odds against truth, by stratum."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

STRATA = ("all", "near another holder", "just changed", "long silent")
_LEAST = 1e-4


class Scores(NamedTuple):
    """Share right, mean log loss, expected calibration error, and over how many place-days."""

    right: float
    loss: float
    ece: float
    n: int


def score(
    odds: NDArray[np.float64],
    truth: NDArray[np.int64],
    strata: Mapping[str, NDArray[np.bool_]],
) -> dict[str, Scores]:
    """Scores of odds (..., K) against the truth (...) in each stratum (...)."""
    best = odds.argmax(axis=-1)
    top = odds.max(axis=-1)
    right = best == truth
    p = np.take_along_axis(odds, truth[..., None], axis=-1)[..., 0]
    loss = -np.log(np.maximum(p, _LEAST))
    return {name: _score(right[m], loss[m], top[m]) for name, m in strata.items()}


def _score(right: NDArray[np.bool_], loss: NDArray[np.float64], top: NDArray[np.float64]) -> Scores:
    if len(right) == 0:
        return Scores(float("nan"), float("nan"), float("nan"), 0)
    return Scores(float(right.mean()), float(loss.mean()), calibration(top, right), len(right))


def calibration(top: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error of the odds `top` of the likeliest, over ten equal bins."""
    bins = np.minimum((top * 10).astype(int), 9)
    n = np.bincount(bins, minlength=10)
    gap = np.bincount(bins, top, minlength=10) - np.bincount(bins, right, minlength=10)
    return float(np.abs(gap).sum() / n.sum())


def merge(runs: Sequence[Scores]) -> str:
    """Means over runs with their standard errors, in one line."""
    shown = []
    for name in ("right", "loss", "ece"):
        values = [getattr(r, name) for r in runs if r.n]
        shown.append(f"{spread(values) if values else '-':>14}")
    return "".join(shown)


def spread(values: Sequence[float], *, digits: int = 3) -> str:
    """Mean of some runs and its standard error."""
    found = np.array(values, dtype=np.float64)
    error = found.std(ddof=1) / np.sqrt(len(found)) if len(found) > 1 else 0.0
    return f"{found.mean():.{digits}f} ±{error:.{digits}f}"

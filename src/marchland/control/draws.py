"""Joint draws of holders over places, with the odds as margins.

z_p = argmax_k (log p_pk + G_pk) with G = -log(-log Phi(g_pk)): Gumbel noise made of a unit-variance
Gaussian field per actor, exponential in distance. The margins are the odds exactly; the one free
parameter is the range of the dependence.
"""

import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from marchland.control.settings import ControlSettings
from marchland.geo import distances_km

_LEAST = 1e-12


def joint_draws(
    odds: NDArray[np.float64],
    points: NDArray[np.float64],
    *,
    n: int,
    settings: ControlSettings,
    seed: int,
) -> NDArray[np.int16]:
    """Draw holders.

    Parameters
    ----------
    odds
        (P, K) margins.
    points
        (P, 2) lon, lat in degrees; NaN where a place has no point: it is drawn on its own.
    n
        How many draws.

    Returns
    -------
        (n, P) columns of `odds`.
    """
    places, outcomes = odds.shape
    root = _root(points.tobytes(), places, settings.range_km)
    log_p = np.log(np.maximum(odds, _LEAST))
    best = np.full((n, places), -np.inf)
    drawn = np.zeros((n, places), dtype=np.int16)
    for k in range(outcomes):
        if odds[:, k].max() < 1e-9:
            continue
        rng = np.random.default_rng([seed, k, zlib.crc32(b"control")])
        g = rng.standard_normal((n, places)) @ root.T
        gumbel = -np.log(np.maximum(-log_ndtr(g), _LEAST))
        score = log_p[:, k][None, :] + gumbel
        better = score > best
        drawn[better] = k
        best = np.where(better, score, best)
    return drawn


@lru_cache(maxsize=8)
def _root(points: bytes, places: int, range_km: float) -> NDArray[np.float64]:
    """Square root of the correlation between places."""
    at = np.frombuffer(points, dtype=np.float64).reshape(places, 2)
    correlation = np.eye(places)
    located = np.flatnonzero(~np.isnan(at[:, 0]))
    if len(located):
        km = distances_km(at[located], at[located])
        correlation[np.ix_(located, located)] = np.exp(-km / range_km)
    np.fill_diagonal(correlation, 1.0)
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(root / np.sqrt((root**2).sum(axis=1, keepdims=True)))

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


def draw_holders(odds: NDArray[np.float64], noise: NDArray[np.float32]) -> NDArray[np.int16]:
    """(n, P) draws of holders, as columns of `odds`.

    Parameters
    ----------
    odds
        (P, K) margins.
    noise
        (K, n, P) from `gumbel_noise`; the same for every day.
    """
    log_p = np.log(np.maximum(odds, _LEAST)).astype(np.float32)
    n, places = noise.shape[1:]
    best = np.full((n, places), -np.inf, dtype=np.float32)
    drawn = np.zeros((n, places), dtype=np.int16)
    for k in np.flatnonzero(odds.max(axis=0) > 1e-9):
        score = noise[k] + log_p[:, k]
        better = score > best
        drawn[better] = k
        np.maximum(best, score, out=best)
    return drawn


def gumbel_noise(
    points: NDArray[np.float64], *, outcomes: int, n: int, settings: ControlSettings, seed: int
) -> NDArray[np.float32]:
    """(K, n, P) Gumbel noise, dependent over places within an outcome.

    Parameters
    ----------
    points
        (P, 2) lon, lat in degrees; NaN where a place has no point: it is drawn on its own.
    """
    root = _root(points.tobytes(), len(points), settings.range_km)
    noise = np.empty((outcomes, n, len(points)), dtype=np.float32)
    for k in range(outcomes):
        rng = np.random.default_rng([seed, k, zlib.crc32(b"control")])
        g = rng.standard_normal((n, len(points))) @ root.T
        noise[k] = -np.log(np.maximum(-log_ndtr(g), _LEAST))
    return noise


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

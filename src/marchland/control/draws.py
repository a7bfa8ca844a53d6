"""Joint draws of who holds what: exact odds at every place, neighbours drawn alike.

``z_p = argmax_k(log p_pk + G_pk)`` with Gumbel noise ``G = -log(-log Phi(g_pk))`` and ``g_k`` a
Gaussian field of unit variance per outcome, Matern-3/2 in distance: the Gumbel-max trick (Maddison,
Tarlow, Minka 2014) with a Gaussian copula. The fields don't depend on the day, so that draws of two
days differ only where the odds do.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from marchland.control.chain import Array
from marchland.control.neighbours import globe, matern32
from marchland.vocabulary import Place

_JITTER = 1e-6


def gumbel_fields(
    places: list[Place], *, outcomes: int, n: int, range_km: float, seed: int
) -> NDArray[np.float32]:
    """Correlated Gumbel noise (n, K, P); the first draws are the same for every `n`."""
    xyz = globe(places)
    located = np.isfinite(xyz[:, 0])
    count = len(places)
    covariance = np.eye(count)
    if located.any():
        at = xyz[located]
        distance = np.sqrt(np.maximum(((at[:, None] - at[None]) ** 2).sum(axis=-1), 0.0))
        covariance[np.ix_(located, located)] = matern32(distance, range_km)
    covariance[np.diag_indices(count)] = 1.0 + _JITTER
    root = np.linalg.cholesky(covariance) / np.sqrt(1.0 + _JITTER)
    noise = np.random.default_rng(seed).standard_normal((n, outcomes, count))
    out = -np.log(-log_ndtr(noise @ root.T))
    return np.asarray(out, dtype=np.float32)


def draw(odds: Array, gumbel: NDArray[np.float32]) -> NDArray[np.int16]:
    """Draws (n, P) of outcome indices from odds (P, K)."""
    with np.errstate(divide="ignore"):
        score = np.log(odds.T.astype(np.float32))
    return np.asarray((gumbel + score[None]).argmax(axis=1), dtype=np.int16)

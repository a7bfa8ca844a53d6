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
_NEGLIGIBLE = 1e-5


def gumbel_fields(
    places: list[Place], *, outcomes: int, n: int, range_km: float, seed: int
) -> NDArray[np.float32]:
    """Correlated Gumbel noise (K, P, n); the first draws are the same for every `n`."""
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
    out = np.empty((outcomes, count, n), dtype=np.float32)
    for k in range(outcomes):
        out[k] = -np.log(-log_ndtr(root @ noise[:, k].T))
    return out


def draw(odds: Array, gumbel: NDArray[np.float32]) -> NDArray[np.int16]:
    """Draws (n, P) of outcome indices from odds (P, K).

    Outcomes below `_NEGLIGIBLE` at a place are never drawn there, which keeps the work to the few
    that matter; the odds drawn from are off by no more than that.
    """
    ranked = np.argsort(-odds, axis=1, kind="stable")
    place = np.arange(len(odds))
    drawn = np.repeat(ranked[:, :1].astype(np.int16), gumbel.shape[2], axis=1)
    best = gumbel[ranked[:, 0], place] + _log(odds[place, ranked[:, 0]])
    for column in ranked.T[1:]:
        at = place[odds[place, column] > _NEGLIGIBLE]
        if len(at) == 0:
            break
        score = gumbel[column[at], at] + _log(odds[at, column[at]])
        better = score > best[at]
        drawn[at] = np.where(better, column[at, None].astype(np.int16), drawn[at])
        best[at] = np.maximum(best[at], score)
    return drawn.T


def _log(p: Array) -> NDArray[np.float32]:
    return np.asarray(np.log(p)[:, None], dtype=np.float32)

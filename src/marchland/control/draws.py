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
    """Draws (n, P) of outcome indices from odds (P, K).

    Outcomes below `_NEGLIGIBLE` at a place are never drawn there, which keeps the work to the few
    that matter; the odds drawn from are off by no more than that.
    """
    most = max(1, int((odds > _NEGLIGIBLE).sum(axis=1).max()))
    ranked = np.argsort(-odds, axis=1, kind="stable")[:, :most]
    place = np.arange(len(odds))
    best = np.full((len(gumbel), len(odds)), -np.inf, dtype=np.float32)
    drawn = np.zeros(best.shape, dtype=np.int16)
    for column in ranked.T:
        p = odds[place, column]
        with np.errstate(divide="ignore"):
            score = np.log(np.where(p > _NEGLIGIBLE, p, 0.0)).astype(np.float32)
        score = gumbel[:, column, place] + score[None]
        better = score > best
        drawn = np.where(better, column.astype(np.int16)[None], drawn)
        np.maximum(best, score, out=best)
    return drawn

"""The sparse chain against a library's hidden Markov model: same odds, less time.

    python -m bench.control_chain [--chains 30000] [--days 1000] [--rival-chains 600]

Chains of four states with evidence on 1 % of days. The library (hmmlearn, skipped where it is not
installed) has to step through every day; it is timed on fewer chains and the time scaled up. Times
are the processor's, ours the least of five.
"""

import argparse
import sys
import time
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from bench._machine import machine, peak_mb
from marchland.control.chain import sticky

try:
    from hmmlearn.base import BaseHMM
except ImportError:
    BaseHMM = None

STATES, PACE, REPORTED = 4, 200.0, 0.01
_TIMES = 5


def library(
    likelihood: NDArray[np.float64], chains: int, base: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Odds (chains x days, K) by hmmlearn from the likelihood of every day."""

    class Given(BaseHMM):  # type: ignore[misc]
        def _compute_likelihood(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
            return rows

    rho = np.exp(-1.0 / PACE)
    model = Given(n_components=STATES, implementation="scaling")
    model.startprob_ = base
    model.transmat_ = rho * np.eye(STATES) + (1.0 - rho) * base
    model.n_features = STATES
    return np.asarray(model.predict_proba(likelihood, [len(likelihood) // chains] * chains))


def main(arguments: Iterable[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--chains", type=int, default=30_000)
    parser.add_argument("--days", type=int, default=1000)
    parser.add_argument("--rival-chains", type=int, default=600)
    chosen = parser.parse_args(list(arguments) if arguments is not None else None)
    rng = np.random.default_rng(0)
    base = rng.dirichlet(np.full(STATES, 5.0))
    n = chosen.chains * chosen.days
    at = np.unique(rng.integers(n, size=int(n * REPORTED)))
    chain, day = at // chosen.days, at % chosen.days
    told = np.full((len(at), STATES), 0.1)
    told[np.arange(len(at)), rng.integers(STATES, size=len(at))] = 0.7
    times = []
    for _ in range(_TIMES):
        began = time.process_time()
        found = sticky(chain, day, told, base, PACE)
        times.append(time.process_time() - began)
    took = min(times)
    print(f"{machine()}\n{chosen.chains} chains x {chosen.days} days, {len(at)} reports")
    print(f"sparse chain: {took:.3f} s, peak {peak_mb():.0f} MB")
    if BaseHMM is None:
        print("hmmlearn is not installed: no rival")
        return 0
    few = min(chosen.rival_chains, chosen.chains)
    mine = chain < few
    dense = np.ones((few * chosen.days, STATES))
    dense[at[mine]] = told[mine]
    began = time.process_time()
    theirs = library(dense, few, base)
    rival = (time.process_time() - began) * chosen.chains / few
    off = float(np.abs(theirs[at[mine]] - found.odds[mine]).max())
    print(f"hmmlearn: {rival:.1f} s (from {few} chains), {rival / took:.0f} times as long")
    print(f"largest difference of odds: {off:.1e}")
    return 0 if off < 1e-10 else 1


if __name__ == "__main__":
    sys.exit(main())

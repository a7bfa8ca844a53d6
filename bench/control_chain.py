"""The sparse chain against libraries' hidden Markov models: same odds, less time.

    python -m bench.control_chain [--chains 30000] [--days 1000] [--rival-chains 600]

Chains of four states with evidence on 1 % of days. The rivals step through every day, and are timed
on fewer chains, the time scaled up; those that are not installed are left out. hmmlearn comes in
both of its implementations, "log" (its default) and "scaling", each in two ways: as a user would
write it, a `CategoricalHMM` whose symbol of a day is the state reported or "nothing"; and, with the
least work for it, a model that is handed the likelihood of every day. dynamax (on jax) runs all
chains at once, compiled beforehand. Ours is compiled beforehand too, where numba is installed; what
compiling or fetching what was compiled takes is printed. Times are the processor's, over all
threads, and ours is the least of five.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from bench._machine import machine, peak_mb
from marchland.control.chain import sticky
from marchland.control.engine import compiled

try:
    from hmmlearn.base import BaseHMM
    from hmmlearn.hmm import CategoricalHMM
except ImportError:
    BaseHMM = None
try:
    import jax
    from dynamax.hidden_markov_model import hmm_smoother
except ImportError:
    jax = None

STATES, PACE, REPORTED = 4, 200.0, 0.01
RIGHT, WRONG = 0.7, 0.1
_TIMES = 5
Array = NDArray[np.float64]
Rival = tuple[str, Callable[[], Array]]


def of_hmmlearn(said: NDArray[np.intp], base: Array) -> Iterator[Rival]:
    """Ways to the odds (chains, days, K) from who is reported (chains, days); -1: nothing is."""

    class Given(BaseHMM):  # type: ignore[misc]
        def _compute_likelihood(self, rows: Array) -> Array:
            return rows

        def _compute_log_likelihood(self, rows: Array) -> Array:
            return np.log(rows)

    rho, (chains, days) = np.exp(-1.0 / PACE), said.shape
    likelihood = np.ones((said.size, STATES))
    at = np.flatnonzero(said.ravel() >= 0)
    likelihood[at] = WRONG
    likelihood[at, said.ravel()[at]] = RIGHT
    symbols = (said + 1).reshape(-1, 1)
    # Chances of a report must sum to 1 with that of none; only their ratio matters.
    emission = np.full((STATES, STATES + 1), WRONG * REPORTED)
    emission[np.arange(STATES), np.arange(STATES) + 1] = RIGHT * REPORTED
    emission[:, 0] = 1.0 - emission[:, 1:].sum(axis=1)
    for implementation in ("log", "scaling"):
        given = Given(n_components=STATES, implementation=implementation)
        given.n_features = STATES
        usual = CategoricalHMM(STATES, n_features=STATES + 1, implementation=implementation)
        usual.emissionprob_ = emission
        for name, model, rows in (
            ("CategoricalHMM", usual, symbols),
            ("given likelihoods", given, likelihood),
        ):
            model.startprob_ = base
            model.transmat_ = rho * np.eye(STATES) + (1.0 - rho) * base

            def odds(model: BaseHMM = model, rows: NDArray[np.generic] = rows) -> Array:
                found = model.predict_proba(rows, [days] * chains)
                return np.asarray(found).reshape(chains, days, STATES)

            yield f"hmmlearn, {implementation}, {name}", odds


def of_dynamax(said: NDArray[np.intp], base: Array) -> Iterator[Rival]:
    """The same by dynamax."""
    jax.config.update("jax_enable_x64", True)
    rho = np.exp(-1.0 / PACE)
    step = rho * np.eye(STATES) + (1.0 - rho) * base
    loglik = np.where(said[..., None] == np.arange(STATES), np.log(RIGHT), np.log(WRONG))
    loglik[said < 0] = 0.0
    one = jax.jit(jax.vmap(lambda x: hmm_smoother(base, step, x).smoothed_probs))
    one(loglik).block_until_ready()
    yield "dynamax, all chains at once", lambda: np.asarray(one(loglik))


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
    state = rng.integers(STATES, size=len(at))
    told = np.full((len(at), STATES), WRONG)
    told[np.arange(len(at)), state] = RIGHT
    print(f"{machine()}\n{chosen.chains} chains x {chosen.days} days, {len(at)} reports")
    began = time.perf_counter()
    fast = compiled(told.size, module="compiled_chain")
    if fast is not None:
        for messages in (False, True):
            sticky(chain[:10], day[:10], told[:10], base, PACE, messages=messages)
    how = "compiled" if fast is not None else "numpy"
    print(f"ready after {time.perf_counter() - began:.1f} s ({how})")
    took = {}
    for messages in (False, True):
        times = []
        for _ in range(_TIMES):
            began = time.process_time()
            found = sticky(chain, day, told, base, PACE, messages=messages)
            times.append(time.process_time() - began)
        took[messages] = min(times)
    print(f"sparse chain: {took[False]:.4f} s for the odds; with the messages of both passes")
    print(f"  {took[True]:.4f} s; peak {peak_mb():.0f} MB")
    few = min(chosen.rival_chains, chosen.chains)
    mine = chain < few
    said = np.full((few, chosen.days), -1)
    said[chain[mine], day[mine]] = state[mine]
    rivals: list[Rival] = []
    if BaseHMM is not None:
        rivals += of_hmmlearn(said, base)
    if jax is not None:
        rivals += of_dynamax(said, base)
    if not rivals:
        print("neither hmmlearn nor dynamax is installed: no rival")
    worst = 0.0
    for name, odds in rivals:
        began = time.process_time()
        theirs = odds()
        rival = (time.process_time() - began) * chosen.chains / few
        off = float(np.abs(theirs[chain[mine], day[mine]] - found.odds[mine]).max())
        worst = max(worst, off)
        print(
            f"{name}: {rival:.1f} s (from {few} chains), {rival / took[False]:,.0f} times as long; "
            f"largest difference of odds {off:.1e}"
        )
    return 0 if worst < 1e-10 else 1


if __name__ == "__main__":
    sys.exit(main())

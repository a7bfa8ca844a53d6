"""How likely an observation is under each possible holder.

A claim of trust r that k holds the place: r if k does, else (1 - r)/(K - 1). A claim's weight w
shrinks its trust towards saying nothing: r_w = 1/K + w (r - 1/K). Trust learned for a source
replaces the default.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from marchland.control.chain import Evidence
from marchland.control.evidence import Observation, Says

CONTESTED, NONE = "contested", "none"


def evidence_of(
    observations: Sequence[Observation],
    outcomes: Mapping[str, int],
    *,
    trust: float,
    trust_of: Mapping[str, float] | None = None,
) -> Evidence:
    """The observations of one place as days and likelihoods.

    Parameters
    ----------
    outcomes
        Outcome id to column.
    trust, trust_of
        Default trust, and trust by source id where it is known.
    """
    by_day: dict[int, NDArray[np.float64]] = {}
    for o in observations:
        r = (trust_of or {}).get(o.claim.source.id, trust)
        row = likelihood(o, outcomes, trust=r)
        by_day[o.day] = by_day[o.day] * row if o.day in by_day else row
    days = np.array(sorted(by_day), dtype=np.int64)
    rows = np.array([by_day[d] for d in days]) if by_day else np.empty((0, len(outcomes)))
    return Evidence(days=days, likelihood=rows)


def likelihood(o: Observation, outcomes: Mapping[str, int], *, trust: float) -> NDArray[np.float64]:
    """Chance of one observation given each outcome, up to a factor."""
    k = len(outcomes)
    contested = outcomes[CONTESTED]
    row = np.empty(k)
    if o.says is Says.HOLDS:
        r = 1 / k + o.weight * (trust - 1 / k)
        row[:] = (1 - r) / (k - 1)
        row[contested] = max(row[contested], 0.12 * r)
        if o.who in outcomes:
            row[outcomes[o.who]] = r
    elif o.says is Says.NOT:
        against = 0.5 + o.weight * (trust - 0.5)
        row[:] = against
        if o.who in outcomes:
            row[outcomes[o.who]] = 1 - against
    elif o.says is Says.CONTESTED:
        r = 0.5 + o.weight * (trust - 0.5)
        row[:] = 1 - r
        row[contested] = r
        if o.who in outcomes:
            row[outcomes[o.who]] = 0.5 * r
    else:
        row[:] = 1.0 - 0.25 * o.weight
        row[contested] = 1.0 - 0.05 * o.weight
        if o.who in outcomes:
            row[outcomes[o.who]] = 1.0
    return row

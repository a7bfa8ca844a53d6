"""The status and its odds, by a stated rule, from worlds that were drawn.

The rule is `RULE`. Places without recent evidence are set once all passable and once all shut:
where the first makes the road likely and the second does not, the evidence does not decide.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from marchland.control import ControlField
from marchland.corridor.cuts import bounds
from marchland.corridor.model import CorridorQuestion
from marchland.corridor.reach import connected, count, pack
from marchland.corridor.ready import Setting
from marchland.corridor.settings import CorridorSettings
from marchland.corridor.worlds import Worlds

RULE = (
    "open when the odds that every leg is joined are at least even; contested when they are only "
    "with contested places counted as passable; broken otherwise; unknown when places without "
    "recent evidence decide between open and not"
)
SAYS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The status, the odds of each outcome, and their 90 % intervals."""

    status: str
    p: Mapping[str, float]
    interval: Mapping[str, tuple[float, float]]


def verdict(ready: Setting, worlds: Worlds, thin: NDArray[np.bool_]) -> Verdict:
    """What the worlds say of the road.

    Parameters
    ----------
    thin
        (nodes,) from `thin_of`.
    """
    n = len(worlds.passable)
    n_open = int(count(connected(ready.graph, pack(worlds.passable), ready.ends)))
    n_loosely = int(count(connected(ready.graph, pack(worlds.if_contested), ready.ends)))
    p = odds_of(n_open, n_loosely, n)
    status, spread = decide(ready, worlds, thin, p)
    if status == "unknown":
        p, interval = _wide(*spread)
    else:
        within = bounds(ready.graph, worlds.p, ready.ends)
        p, interval = _bounded(p, _intervals(n_open, n_loosely, n), within)
    return Verdict(status=status, p=p, interval=interval)


def forced_by(given: Mapping[str, str], question: CorridorQuestion) -> dict[str, bool]:
    """Places given as ``open`` or ``closed``; what is to be avoided stays avoided."""
    return {
        place: value == "open"
        for place, value in given.items()
        if value in ("open", "closed") and place not in question.avoid
    }


def decide(
    ready: Setting, worlds: Worlds, thin: NDArray[np.bool_], p: Mapping[str, float]
) -> tuple[str, tuple[float, float]]:
    """The status, by `RULE`, and the odds of open with thin places all shut and all passable."""
    worst = best = p["open"]
    if thin.any():
        granted, refused = worlds.passable.copy(), worlds.passable.copy()
        granted[:, thin], refused[:, thin] = True, False
        n = len(granted)
        best = float(count(connected(ready.graph, pack(granted), ready.ends))) / n
        worst = float(count(connected(ready.graph, pack(refused), ready.ends))) / n
        if best >= 0.5 > worst:
            return "unknown", (worst, best)
    if p["open"] >= 0.5:
        return "open", (worst, best)
    return "contested" if p["open"] + p["contested"] >= 0.5 else "broken", (worst, best)


def thin_of(
    nodes: Sequence[str],
    control: ControlField,
    on: date,
    *,
    settings: CorridorSettings,
    forced: Collection[str],
) -> NDArray[np.bool_]:
    """(nodes,) whether the evidence about a place is too old, or too little to name a holder.

    Too little is where few claims speak of it, and none names it or no outcome reaches odds of
    `SAYS`: a presence somewhere in the country, a word on a whole province or the neighbours'
    example is no knowledge of who holds a town. Where many claims speak and disagree the place is
    in doubt, and the odds say so.

    Parameters
    ----------
    forced
        Places that are passable or shut by assumption, or are avoided: nothing has to be known.
    """
    row = {p: i for i, p in enumerate(control.places)}
    sure, spoken = control.odds(on).max(axis=1), control.n_claims(on)
    named = control.n_claims(on, named=True)
    ages = ages_of(nodes, control, on)

    def is_thin(node: str, age: float) -> bool:
        if node in forced or node in control.given:
            return False
        if node not in row or age > settings.old_days:
            return True
        at = row[node]
        return bool(spoken[at] < settings.few_claims and (not named[at] or sure[at] < SAYS))

    return np.array([is_thin(n, a) for n, a in zip(nodes, ages, strict=True)], dtype=bool)


def _wide(worst: float, best: float) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Odds where thin places decide: halfway between the bounds, and the bounds as interval."""
    middle = (worst + best) / 2
    p = {"open": middle, "contested": 0.0, "broken": 1 - middle}
    return p, {
        "open": (worst, best),
        "contested": (0.0, 1 - worst),
        "broken": (1 - best, 1 - worst),
    }


def odds_of(n_open: int, n_loosely: int, n: int) -> dict[str, float]:
    """Odds per status, from how many of `n` worlds are open, and open or contested."""
    p_open = n_open / n
    p_contested = max(0, n_loosely - n_open) / n
    return {"open": p_open, "contested": p_contested, "broken": 1 - p_open - p_contested}


def _intervals(n_open: int, n_loosely: int, n: int) -> dict[str, tuple[float, float]]:
    """90 % Jeffreys intervals of the sampling error."""
    counts = {"open": n_open, "contested": max(0, n_loosely - n_open)}
    counts["broken"] = n - sum(counts.values())
    return {
        k: (
            float(beta.ppf(0.05, c + 0.5, n - c + 0.5)),
            float(beta.ppf(0.95, c + 0.5, n - c + 0.5)),
        )
        for k, c in counts.items()
    }


def _bounded(
    p: Mapping[str, float],
    intervals: Mapping[str, tuple[float, float]],
    within: tuple[float, float],
) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Odds and interval of open kept within bounds that don't rest on draws.

    Where the road is nearly sure to be open or not, so few draws say otherwise that their count
    tells little; the bounds then tell more.
    """
    least, most = within
    low, high = intervals["open"]
    p_open = min(max(p["open"], least), most)
    rest = 1.0 - p["open"]
    scale = (1.0 - p_open) / rest if rest > 0 else 0.0
    kept = {k: v * scale for k, v in p.items()}
    kept["broken"] = kept["broken"] if rest > 0 else 1.0 - p_open
    kept["open"] = p_open
    narrowed = (min(max(low, least), p_open), max(min(high, most), p_open))
    return kept, {**intervals, "open": narrowed}


def ages_of(nodes: Sequence[str], control: ControlField, on: date) -> NDArray[np.float64]:
    """(nodes,) days since the evidence about each; inf where there is none, 0 where assumed."""
    ages = control.evidence_age_days(on)
    row = {p: i for i, p in enumerate(control.places)}
    return np.array(
        [0.0 if node in control.given else ages[row[node]] if node in row else np.inf
         for node in nodes]
    )  # fmt: skip

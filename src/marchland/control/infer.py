"""Who holds what: the places' chains over a base rate taken from their neighbours.

In two passes. First every place is smoothed on its own, over flat odds. Then each place's base
rate is the kernel-weighted mean of its neighbours' first odds, never its own, and it is smoothed
again: a place nobody reports on leans to what its neighbours are, and the wider the less is known.
Source of the method: sticky chains with closed-form gaps, and a leave-one-out spatial field as the
chain's base rate; see docs/how-it-works.md.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marchland.claims import Claim
from marchland.control.chain import Odds, smooth
from marchland.control.evidence import Observation, Says, observe
from marchland.control.field import ControlField, PlaceEvidence
from marchland.control.likelihood import CONTESTED, NONE, evidence_of
from marchland.control.settings import ControlSettings
from marchland.errors import BadInput
from marchland.geo import distances_km
from marchland.vocabulary import Vocabulary

_CHUNK = 512


def infer_control(
    claims: Sequence[Claim],
    vocabulary: Vocabulary,
    *,
    as_of: date,
    start: date,
    end: date,
    places: Sequence[str] | None = None,
    given: Mapping[str, str] | None = None,
    settings: ControlSettings = ControlSettings(),  # noqa: B008
    seed: int = 0,
    revision: int = 0,
) -> ControlField:
    """Odds on the holder of every place, for every day of a span.

    Parameters
    ----------
    claims
        Those published after `as_of`, or on no known day, are left out.
    start, end
        First and last day that can be asked about (valid time), both included.
    places
        Ids of places, no areas; default: every place that a claim is about.
    given
        Holders assumed: place id to actor id, ``contested`` or ``none``.
    seed
        Of the joint draws.

    Raises
    ------
    BadInput
        If `end` is before `start`.
    """
    if end < start:
        raise BadInput(f"a span of days must end after it starts: {start} to {end}")
    known = sorted(
        (c for c in claims if c.published is not None and c.published <= as_of),
        key=lambda c: c.id,
    )
    observations = observe(known, vocabulary, settings=settings)
    listed = tuple(places) if places is not None else tuple(
        dict.fromkeys(o.place for o in observations)
    )  # fmt: skip
    assumed = dict(given or {})
    outcomes = _outcomes(observations, assumed)
    by_place: dict[str, list[Observation]] = {p: [] for p in listed}
    for o in observations:
        if o.place in by_place:
            by_place[o.place].append(o)
    column = {k: i for i, k in enumerate(outcomes)}
    knots = _knots(start, end, settings.knot_days)
    evidence = [
        evidence_of([o for o in by_place[p] if o.says is not Says.PRESENT or o.who],
                    column, trust=settings.trust)
        for p in listed
    ]  # fmt: skip
    flat = np.full(len(outcomes), 1.0 / len(outcomes))
    grid = _grid(knots, [e.days for e in evidence])
    first = np.empty((len(listed), len(grid), len(outcomes)), dtype=np.float32)
    for i, e in enumerate(evidence):
        base = np.broadcast_to(flat, (len(grid) + len(e.days), len(flat)))
        first[i] = smooth(e, grid, base=base, sojourn_days=settings.sojourn_days)
    weights = _neighbours(listed, vocabulary, [len(e.days) for e in evidence], settings)
    base_grid = _base(first, weights, flat, settings)
    return ControlField(
        vocabulary=vocabulary,
        as_of=as_of,
        start=start,
        end=end,
        places=listed,
        outcomes=outcomes,
        evidence=tuple(
            PlaceEvidence(observations=tuple(by_place[p]), evidence=e)
            for p, e in zip(listed, evidence, strict=True)
        ),
        grid=grid,
        base=base_grid,
        given=assumed,
        settings=settings,
        seed=seed,
        revision=revision,
    )


def _outcomes(observations: Sequence[Observation], given: Mapping[str, str]) -> tuple[str, ...]:
    holders = {o.who for o in observations if o.who and o.says is not Says.PRESENT}
    holders |= set(given.values())
    return (*sorted(holders - {CONTESTED, NONE}), CONTESTED, NONE)


def _knots(start: date, end: date, step: int) -> NDArray[np.int64]:
    first, last = start.toordinal(), end.toordinal()
    return np.unique(np.append(np.arange(first, last + 1, step, dtype=np.int64), last))


def _grid(knots: NDArray[np.int64], days: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The knots, stretched at the same step to reach the first and last observation."""
    seen = [d for d in days if len(d)]
    if not seen:
        return knots
    low = min(int(knots[0]), min(int(d[0]) for d in seen))
    high = max(int(knots[-1]), max(int(d[-1]) for d in seen))
    step = max(7, (high - low) // 400)
    return np.unique(np.concatenate([knots, np.arange(low, high + step, step, dtype=np.int64)]))


def _neighbours(
    places: Sequence[str],
    vocabulary: Vocabulary,
    counts: Sequence[int],
    settings: ControlSettings,
) -> NDArray[np.float32]:
    """(P, P) weight of each place's neighbours in its base rate; a place is none of its own."""
    found = [vocabulary.find_place(p) for p in places]
    points = np.array(
        [(p.lon, p.lat) if p is not None and p.lat is not None else (np.nan, np.nan)
         for p in found]
    ).reshape(-1, 2)  # fmt: skip
    countries = np.array([p.country if p is not None and p.country else "" for p in found])
    n = len(places)
    weights = np.zeros((n, n), dtype=np.float32)
    located = np.flatnonzero(~np.isnan(points[:, 0]))
    for begin in range(0, len(located), _CHUNK):
        rows = located[begin : begin + _CHUNK]
        km = distances_km(points[rows], points[located])
        w = np.exp(-km / settings.radius_km)
        w *= np.where(countries[rows][:, None] == countries[located][None, :], 1.0, settings.border)
        weights[np.ix_(rows, located)] = w
    weights[:, np.array(counts) == 0] = 0.0
    np.fill_diagonal(weights, 0.0)
    return weights


def _base(
    first: NDArray[np.float32],
    weights: NDArray[np.float32],
    flat: Odds,
    settings: ControlSettings,
) -> NDArray[np.float32]:
    """Base rate per place, knot and outcome: neighbours' odds and flat odds, by weight."""
    p, t, k = first.shape
    mixed = (weights @ first.reshape(p, t * k)).reshape(p, t, k)
    total = weights.sum(axis=1)[:, None, None] + settings.flat
    return np.asarray((mixed + settings.flat * flat) / total, dtype=np.float32)

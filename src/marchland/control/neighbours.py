"""The field of neighbours: base rates of a place from what is known of the places around it.

A Gaussian process of Matern-3/2 correlation in distance, weaker across a border, over how far the
own claims of the nearest places told of took each from its prior: what a place's claims leave open
is noise, so a place told of long ago counts for little. A place never counts for itself: its base
rates leave its own claims out. Odds come of it by a softmax whose temperature, and how it grows
with the variance, are fitted to the claims (Rasmussen and Williams 2006).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from marchland.control.chain import Array
from marchland.control.engine import compiled
from marchland.control.settings import CONTESTED, NONE, ControlSettings
from marchland.vocabulary import Place, Vocabulary

_EARTH_KM = 6371.0
_NUGGET = 0.01
_VARIANCE = 0.19
"""Of an indicator, one of four: what a place's holder varies by where nothing is known."""
_FAINT = 0.01
_SPARSE = 1e-3
"""What the prior counts for against a place told of next door."""
_BLOCK = 2_000_000
_HARDER = 20
"""Numbers of a chain that take numpy as long as one of a matrix to be solved."""


def matern32(distance_km: Array, range_km: float) -> Array:
    """Matern-3/2 correlation at a distance."""
    x = np.sqrt(3.0) * distance_km / range_km
    out: Array = (1.0 + x) * np.exp(-x)
    return out


def globe(places: list[Place]) -> Array:
    """Positions (P, 3) in kilometres about the centre of the Earth; NaN without coordinates."""
    lon = np.radians([np.nan if p.lon is None else p.lon for p in places])
    lat = np.radians([np.nan if p.lat is None else p.lat for p in places])
    xyz: Array = _EARTH_KM * np.column_stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    )
    return xyz


def priors(
    places: list[Place],
    outcomes: tuple[str, ...],
    vocabulary: Vocabulary,
    settings: ControlSettings,
) -> Array:
    """Prior odds (P, K) where nobody says anything: flat, with a bonus for the place's own state.

    Actors that no claim puts near a place get no less: *unknown* is wide.
    """
    state = {
        a.country: a.id
        for a in vocabulary.actors.values()
        if a.kind == "state" and a.country and a.id in outcomes
    }
    column = {k: i for i, k in enumerate(outcomes)}
    flat = 1.0 - settings.home - settings.contested_prior - settings.none_prior
    odds = np.full((len(places), len(outcomes)), flat / max(1, len(outcomes) - 2))
    odds[:, column[CONTESTED]] = settings.contested_prior
    odds[:, column[NONE]] = settings.none_prior
    for row, place in enumerate(places):
        home = state.get(place.country or "")
        if home is not None:
            odds[row, column[home]] += settings.home
    out: Array = odds / odds.sum(axis=1, keepdims=True)
    return out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Near:
    """The nearest places told of.

    Parameters
    ----------
    xyz
        (P, 3) kilometres; NaN without coordinates.
    country
        (P,) number of the country.
    index
        (P, n) the nearest places told of, without the place itself; -1 where there are no more.
    """

    xyz: Array
    country: NDArray[np.intp]
    index: NDArray[np.intp]


def nearest(places: list[Place], told: NDArray[np.intp], *, most: int) -> Near:
    """The nearest of the places `told` of, for every place."""
    xyz = globe(places)
    names = sorted({p.country or "" for p in places})
    country = np.array([names.index(p.country or "") for p in places], dtype=np.intp)
    index = np.full((len(places), most), -1, dtype=np.intp)
    told = told[np.isfinite(xyz[told, 0])]
    located = np.flatnonzero(np.isfinite(xyz[:, 0]))
    if len(told) and len(located):
        n = min(most + 1, len(told))
        _, found = cKDTree(xyz[told]).query(xyz[located], k=[*range(1, n + 1)])
        found = told[found]
        own = found == located[:, None]
        order = np.argsort(own, axis=1, kind="stable")
        found = np.where(own, -1, found)
        found = np.take_along_axis(found, order, axis=1)[:, :most]
        index[located, : found.shape[1]] = found
    return Near(xyz=xyz, country=country, index=index)


def shown(odds: Array, rest: Array) -> tuple[Array, Array]:
    """How far own claims took places from their prior: share (.., P), and what they show (.., K).

    ``odds = rest + share (shown - rest)``: with share 1 it is certain that it is as shown.
    """
    moved = odds - rest
    share = np.clip((moved / (1.0 - rest)).max(axis=-1), _FAINT, 0.999)
    return share, moved / share[..., None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """What the own claims of places show in each week.

    Parameters
    ----------
    share, show
        (W, P) and (W, P, K), as `shown` gives them.
    home
        (W, P) odds that a place is held by the state whose country it is: no example to places
        across the border.
    """

    share: Array
    show: Array
    home: Array


def nothing_told(weeks: int, places: int, states: int) -> Told:
    """Of places that nobody told of.

    The weeks of a place lie together in memory, as who looks at a place looks at all of them.
    """
    return Told(
        share=np.zeros((places, weeks)).T,
        show=np.zeros((places, weeks, states)).transpose(1, 0, 2),
        home=np.zeros((places, weeks)).T,
    )


def tell(
    told: Told, rows: NDArray[np.intp], own: Array, rest: Array, column: NDArray[np.intp]
) -> None:
    """Fill in what the own claims of some places show.

    Parameters
    ----------
    own
        (W, R, K) odds from their own claims.
    rest
        (R, K) odds that they would come to without claims.
    column
        (R,) their own states, as `home_column` gives them.
    """
    fast = compiled(own.size, module="compiled_field")
    if fast is not None:
        fast.shown(own, rest, column, rows, told, faint=_FAINT)
        return
    told.share[:, rows], told.show[:, rows] = shown(own, rest)
    at_home = np.take_along_axis(own, np.maximum(column, 0)[None, :, None], axis=2)[..., 0]
    told.home[:, rows] = np.where(column >= 0, at_home, 0.0)


class Ground:
    """Where some places and their neighbours lie, ready for the weeks to come."""

    def __init__(self, near: Near, rows: NDArray[np.intp], settings: ControlSettings) -> None:
        index = near.index[rows]
        there = index >= 0
        self.count = there.sum(axis=1)
        self.index = np.maximum(index, 0)
        at, own = near.xyz[self.index], near.xyz[rows]
        gap = np.sqrt(np.maximum(((at[:, :, None] - at[:, None]) ** 2).sum(axis=-1), 0.0))
        reach = np.sqrt(np.maximum(((at - own[:, None]) ** 2).sum(axis=-1), 0.0))
        country = near.country[self.index]
        same = np.where(country[:, :, None] == country[:, None], 1.0, settings.across_border)
        both = there[:, :, None] & there[:, None]
        self.between = np.where(both, _VARIANCE * same * matern32(gap, settings.range_km), 0.0)
        self.abroad = country != near.country[rows][:, None]
        toward = matern32(np.nan_to_num(reach, nan=1e9), settings.range_km) * there
        self.toward = _VARIANCE * np.where(self.abroad, settings.across_border, 1.0) * toward
        self.foreign = 1.0 - settings.foreign_state

    def solve(self, told: Told, week: int | NDArray[np.intp]) -> tuple[Array, Array]:
        """Mean (R, K) and variance (R,) in one week, or in one week for each place.

        The variance is a share of what it is with no neighbours.
        """
        weeks = np.reshape(week, (-1, 1))
        part = told.share[weeks, self.index]
        weaker = part * (1.0 - self.foreign * told.home[weeks, self.index])
        part = np.maximum(np.where(self.abroad, weaker, part), _FAINT)
        system = self.between.copy()
        diagonal = np.arange(part.shape[1])
        system[:, diagonal, diagonal] += (_NUGGET + _VARIANCE * (1.0 - part**2)) / part**2
        weight = np.linalg.solve(system, self.toward[..., None])[..., 0]
        mean = (weight[:, None] @ told.show[weeks, self.index])[:, 0]
        variance = 1.0 - (weight * self.toward).sum(axis=1) / _VARIANCE
        return mean, np.clip(variance, 1e-6, 1.0)


def field(
    near: Near, rows: NDArray[np.intp], told: Told, settings: ControlSettings
) -> tuple[Array, Array]:
    """Mean (W, R, K) and variance (W, R) of the field at some places."""
    weeks, k = len(told.share), told.show.shape[-1]
    work = near.index.shape[1] ** 2 * len(rows) * weeks // _HARDER
    fast = compiled(work, module="compiled_field")
    if fast is not None:
        ground = Ground(near, rows, settings)
        found: tuple[Array, Array] = fast.field(
            ground, told, faint=_FAINT, nugget=_NUGGET, varies=_VARIANCE
        )
        return found
    mean, variance = np.zeros((weeks, len(rows), k)), np.ones((weeks, len(rows)))
    size = max(1, _BLOCK // max(1, near.index.shape[1] ** 2))
    for a in range(0, len(rows), size):
        ground = Ground(near, rows[a : a + size], settings)
        for w in range(weeks):
            mean[w, a : a + size], variance[w, a : a + size] = ground.solve(told, w)
    return mean, variance


def surroundings(
    near: Near,
    rows: NDArray[np.intp],
    last: Array,
    told: NDArray[np.bool_],
    home: NDArray[np.intp],
    prior: Array,
    settings: ControlSettings,
) -> Array:
    """Who holds the places around some places (W, R, K), each as it was last told of.

    Shares of the nearest places told of, which count for less the further away they are; the prior
    where there are none.

    Parameters
    ----------
    last
        (W, P, K) odds of every place, in each week as it was last told of.
    told
        (P,) whether a place was ever told of.
    home
        (P,) column of the state whose country a place lies in, as `home_column` gives it.
    prior
        (P, K).
    """
    fast = compiled(last.shape[0] * len(rows) * last.shape[2], module="compiled_field")
    if fast is not None:
        compiled_found: Array = fast.surroundings(
            near, rows, last, told, home, prior[rows], settings, sparse=_SPARSE
        )
        return compiled_found
    found = np.repeat((_SPARSE * prior[rows])[None], len(last), axis=0)
    for column in near.index[rows].T:
        there = np.flatnonzero((column >= 0) & told[column])
        other, here = column[there], rows[there]
        gap = np.sqrt(((near.xyz[other] - near.xyz[here]) ** 2).sum(axis=1))
        abroad = near.country[other] != near.country[here]
        weight = np.exp(-gap / settings.unseen_range_km)
        weight *= np.where(abroad, settings.across_border, 1.0)
        part = last[:, other] * weight[:, None]
        foreign = np.flatnonzero(abroad & (home[other] >= 0))
        part[:, foreign, home[other[foreign]]] *= settings.foreign_state
        found[:, there] += part
    out: Array = found / found.sum(axis=-1, keepdims=True)
    return out


def base_rates(mean: Array, variance: Array, prior: Array, settings: ControlSettings) -> Array:
    """Base rates (.., K) from the field: the prior where it knows nothing."""
    fast = compiled(mean.size, module="compiled_field")
    if fast is not None and mean.ndim > prior.ndim:
        found: Array = fast.base_rates(
            mean, variance, prior, heat=settings.field_heat, doubt=settings.field_doubt
        )
        return found
    spread = variance[..., None]
    heat = settings.field_heat * np.sqrt(1.0 + settings.field_doubt * spread)
    score = (mean + (1.0 - spread) * prior) / heat + spread * np.log(prior)
    score -= score.max(axis=-1, keepdims=True)
    odds = np.exp(score)
    out: Array = odds / odds.sum(axis=-1, keepdims=True)
    return out


def home_column(
    places: Sequence[Place], outcomes: tuple[str, ...], vocabulary: Vocabulary
) -> NDArray[np.intp]:
    """(P,) column of the state whose country each place lies in; -1 where there is none."""
    state = {
        a.country: outcomes.index(a.id)
        for a in vocabulary.actors.values()
        if a.kind == "state" and a.country and a.id in outcomes
    }
    return np.array([state.get(p.country or "", -1) for p in places], dtype=np.intp)

"""The field of neighbours: base rates of a place from what is known of the places around it.

Weights fall with distance as a Matern-3/2 kernel, and across a border. A neighbour counts by how
far its own claims took it from its prior, so a silent one counts for nothing. A place never counts
for itself: its base rates leave its own claims out.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from marchland.control.chain import Array
from marchland.control.settings import CONTESTED, NONE, ControlSettings
from marchland.vocabulary import Place, Vocabulary

_EARTH_KM = 6371.0
_REACH = 5.0
_MOST = 32


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


def weights(places: list[Place], settings: ControlSettings) -> sparse.csr_matrix:
    """Weight (P, P) of each neighbour for each place; nothing on the diagonal."""
    xyz = globe(places)
    located = np.flatnonzero(np.isfinite(xyz[:, 0]))
    n = len(places)
    if len(located) < 2:
        return sparse.csr_matrix((n, n))
    tree = cKDTree(xyz[located])
    far = _REACH * settings.range_km
    distance, index = tree.query(
        xyz[located], k=min(_MOST + 1, len(located)), distance_upper_bound=far
    )
    rows = np.repeat(np.arange(len(located)), distance.shape[1])
    columns, distance = index.ravel(), distance.ravel()
    keep = np.isfinite(distance) & (columns != rows)
    rows, columns = located[rows[keep]], located[columns[keep]]
    value = matern32(distance[keep], settings.range_km)
    country = np.array([p.country or "" for p in places])
    value = np.where(country[rows] == country[columns], value, value * settings.across_border)
    return sparse.csr_matrix((value, (rows, columns)), shape=(n, n))


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


def examples(
    places: list[Place],
    outcomes: tuple[str, ...],
    vocabulary: Vocabulary,
    settings: ControlSettings,
) -> Array:
    """(P, K) what a neighbour's holder counts for: little where it is another country's state."""
    out: Array = np.ones((len(places), len(outcomes)))
    for k, outcome in enumerate(outcomes):
        actor = vocabulary.find_actor(outcome)
        if actor is not None and actor.kind == "state" and actor.country:
            abroad = np.array([(p.country or actor.country) != actor.country for p in places])
            out[abroad, k] = settings.foreign_state
    return out


def base_rates(
    odds: NDArray[np.floating],
    prior: Array,
    near: sparse.csr_matrix,
    example: Array,
    settings: ControlSettings,
) -> Array:
    """Base rates (W, P, K) from the odds (W, P, K) that each place's own claims give it."""
    out = np.empty_like(prior, shape=odds.shape)
    told = 0.5 * np.abs(odds - prior).sum(axis=-1)
    for w in range(len(odds)):
        mass = near @ (told[w][:, None] * odds[w]) * example + settings.field_prior * prior
        out[w] = mass / mass.sum(axis=-1, keepdims=True)
    return out

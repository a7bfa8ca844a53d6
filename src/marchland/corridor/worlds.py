"""Worlds: joint draws of who holds what and who stands with the traveller, made passable or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from marchland.alignment import Coalition
from marchland.control import ControlField

_TOGETHER = 0.8
"""Correlation of an aligned presence between any two places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worlds:
    """What can be passed in each world.

    Parameters
    ----------
    passable
        (n, nodes): the holder stands with the traveller.
    if_contested
        (n, nodes): the same with contested places counted as passable.
    """

    passable: NDArray[np.bool_]
    if_contested: NDArray[np.bool_]


def draw_worlds(
    nodes: Sequence[str],
    control: ControlField,
    coalition: Coalition,
    *,
    on: date,
    n: int,
    seed: int,
    ends: Sequence[str] = (),
    shut: Sequence[str] = (),
    forced: Mapping[str, bool] | None = None,
) -> Worlds:
    """Draw `n` worlds for the nodes of a road network.

    Parameters
    ----------
    nodes
        Place ids; a place that control says nothing of is shut in every world.
    ends
        Origin, waypoints and destination: where one of these is contested, the traveller can reach
        the part of it that its own side holds, if its likeliest single holder is on its side.
    shut
        Places to be avoided or closed.
    forced
        Places passable or shut by assumption.
    """
    holders = control.draws(on, n=n)
    actors, member = coalition.draws(n=n, seed=seed)
    conditional = {m.actor for m in coalition.members if m.conditional}
    firm = np.zeros((n, len(control.outcomes)), dtype=bool)
    doubtful = np.zeros((n, len(control.outcomes)), dtype=bool)
    column = {k: i for i, k in enumerate(control.outcomes)}
    for j, actor in enumerate(actors):
        if actor in column:
            (doubtful if actor in conditional else firm)[:, column[actor]] = member[:, j]
    row = np.arange(n)[:, None]
    passable = firm[row, holders]
    if conditional:
        beside = _aligned_beside(control, coalition, conditional, on=on, n=n, seed=seed)
        passable |= doubtful[row, holders] & beside
    fought_over = holders == column["contested"]
    _reach_own_part(passable, fought_over, firm, control, ends, on=on)
    contested = passable | fought_over
    place = {p: i for i, p in enumerate(control.places)}
    at = np.array([place.get(node, -1) for node in nodes], dtype=np.int64)
    known = at >= 0
    open_, loosely = passable[:, at] & known, contested[:, at] & known
    for i, node in enumerate(nodes):
        if node in shut:
            open_[:, i] = loosely[:, i] = False
        if forced and node in forced:
            open_[:, i] = loosely[:, i] = forced[node]
    return Worlds(passable=open_, if_contested=loosely)


def _reach_own_part(
    passable: NDArray[np.bool_],
    fought_over: NDArray[np.bool_],
    firm: NDArray[np.bool_],
    control: ControlField,
    ends: Sequence[str],
    *,
    on: date,
) -> None:
    """Let the traveller into its own side's part of a contested end or waypoint."""
    held = [i for i, k in enumerate(control.outcomes) if k not in ("contested", "none")]
    if not held:
        return
    odds = control.odds(on)
    for end in ends:
        if end in control.places:
            at = control.places.index(end)
            likeliest = held[int(np.argmax(odds[at, held]))]
            passable[:, at] |= fought_over[:, at] & firm[:, likeliest]


def _aligned_beside(
    control: ControlField,
    coalition: Coalition,
    conditional: set[str],
    *,
    on: date,
    n: int,
    seed: int,
) -> NDArray[np.bool_]:
    """(n, P): a force of a firm member is at the place, beside its holder."""
    firm = {m.actor: m.p for m in coalition.members if m.actor not in conditional}
    actors, odds = control.presence(on)
    absent = np.ones(len(control.places))
    for j, actor in enumerate(actors):
        if actor in firm:
            absent *= 1 - odds[:, j] * firm[actor]
    # A force that keeps a road keeps it along its length: presence at two places stands or falls
    # together, by one shared draw a world and one of the place's own.
    rng = np.random.default_rng([seed, 104729])
    shared = rng.standard_normal((n, 1))
    own = rng.standard_normal((n, len(control.places)))
    u = ndtr(np.sqrt(_TOGETHER) * shared + np.sqrt(1 - _TOGETHER) * own)
    return np.asarray(u < (1 - absent)[None, :])

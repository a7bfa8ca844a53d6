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
    p
        (nodes,) odds that each can be passed, worked out and not counted in the draws.
    """

    passable: NDArray[np.bool_]
    if_contested: NDArray[np.bool_]
    p: NDArray[np.float64]


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
    holders: NDArray[np.int16] | None = None,
) -> Worlds:
    """Draw `n` worlds for the nodes of a road network.

    Parameters
    ----------
    nodes
        Place ids; a place that control says nothing of is shut in every world.
    ends
        Origin, waypoints and destination: where one of these is contested, the traveller can reach
        the part of it that its own side holds, if its likeliest single holder is on its side or a
        force of its side is there.
    shut
        Places to be avoided or closed.
    forced
        Places passable or shut by assumption.
    holders
        The draws of control, where they have been made; they are the same for every coalition.
    """
    if holders is None:
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
    absent = _absent(control, coalition, conditional, ends, on=on)
    if conditional:
        passable |= doubtful[row, holders] & _aligned_beside(absent, n=n, seed=seed)
    fought_over = holders == column["contested"]
    place = {p: i for i, p in enumerate(control.places)}
    at_ends = [place[end] for end in ends if end in place]
    beside = _aligned_beside(absent[at_ends], n=n, seed=seed)
    _reach_own_part(passable, fought_over, firm, beside, at_ends, control, on=on)
    contested = passable | fought_over
    at = np.array([place.get(node, -1) for node in nodes], dtype=np.int64)
    known = at >= 0
    open_, loosely = passable[:, at] & known, contested[:, at] & known
    p = np.where(known, _odds(control, coalition, absent, ends, on=on)[at], 0.0)
    for i, node in enumerate(nodes):
        if node in shut:
            open_[:, i] = loosely[:, i] = False
            p[i] = 0.0
        if forced and node in forced:
            open_[:, i] = loosely[:, i] = forced[node]
            p[i] = float(forced[node])
    return Worlds(passable=open_, if_contested=loosely, p=p)


def odds_of_passing(
    control: ControlField, coalition: Coalition, *, on: date
) -> NDArray[np.float64]:
    """(P,) odds that the holder of each place of the field stands with the traveller."""
    odds = control.odds(on)
    column = {k: i for i, k in enumerate(control.outcomes)}
    standing = np.zeros(len(column))
    for m in coalition.members:
        if m.actor in column:
            standing[column[m.actor]] = m.p
    return np.asarray(np.clip(odds @ standing, 0.0, 1.0))


def _odds(
    control: ControlField,
    coalition: Coalition,
    absent: NDArray[np.float64],
    ends: Sequence[str],
    *,
    on: date,
) -> NDArray[np.float64]:
    """(P,) odds that each place can be passed: its holders' odds times those of their standing."""
    odds = control.odds(on)
    column = {k: i for i, k in enumerate(control.outcomes)}
    firm, doubtful = np.zeros(len(column)), np.zeros(len(column))
    for m in coalition.members:
        if m.actor in column:
            (doubtful if m.conditional else firm)[column[m.actor]] = m.p
    p = odds @ firm + (odds @ doubtful) * (1 - absent)
    held = [i for i, k in enumerate(control.outcomes) if k not in ("contested", "none")]
    for end in ends if held else ():
        if end in control.places:
            at = control.places.index(end)
            likeliest = firm[held[int(np.argmax(odds[at, held]))]]
            p[at] += odds[at, column["contested"]] * (1 - (1 - likeliest) * absent[at])
    return np.asarray(np.clip(p, 0.0, 1.0))


def _reach_own_part(
    passable: NDArray[np.bool_],
    fought_over: NDArray[np.bool_],
    firm: NDArray[np.bool_],
    beside: NDArray[np.bool_],
    ends: Sequence[int],
    control: ControlField,
    *,
    on: date,
) -> None:
    """Let the traveller into its own side's part of a contested end or waypoint."""
    held = [i for i, k in enumerate(control.outcomes) if k not in ("contested", "none")]
    if not held:
        return
    odds = control.odds(on)
    for j, at in enumerate(ends):
        likeliest = held[int(np.argmax(odds[at, held]))]
        passable[:, at] |= fought_over[:, at] & (firm[:, likeliest] | beside[:, j])


def _absent(
    control: ControlField,
    coalition: Coalition,
    conditional: set[str],
    ends: Sequence[str],
    *,
    on: date,
) -> NDArray[np.float64]:
    """(P,) odds that no force of a firm member is at the place, beside its holder.

    Only forces that somebody has told of there count: each of forty others may be anywhere at its
    base rate, and together they would be everywhere. Where only the ends matter, only they are
    looked at.
    """
    firm = {m.actor: m.p for m in coalition.members if m.actor not in conditional}
    row = {p: i for i, p in enumerate(control.places)}
    absent = np.ones(len(row))
    day, wanted = on.toordinal(), set(ends)
    for (place, actor), stay in control.stays.items():
        if actor in firm and (conditional or place in wanted):
            absent[row[place]] *= 1 - stay.odds(day, control.settings) * firm[actor]
    return absent


def _aligned_beside(absent: NDArray[np.float64], *, n: int, seed: int) -> NDArray[np.bool_]:
    """(n, P): a force of a firm member is at the place."""
    # A force that keeps a road keeps it along its length: presence at two places stands or falls
    # together, by one shared draw a world and one of the place's own.
    rng = np.random.default_rng([seed, 104729])
    shared = rng.standard_normal((n, 1))
    own = rng.standard_normal((n, len(absent)))
    u = ndtr(np.sqrt(_TOGETHER) * shared + np.sqrt(1 - _TOGETHER) * own)
    return np.asarray(u < (1 - absent)[None, :])

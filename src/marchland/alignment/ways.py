"""Ways from an actor to those that stand with it through others, and their odds together.

A way goes downwards along membership, command and backing, and takes one alliance at most. What
belongs to an actor acts for it, so the allies of its own bodies are its allies; a group that it
only backs has a will of its own, so that group's allies stand with it at `Handing.ally_of_backed`.
Forces told of beside each other, with no alliance named, are handed on at `Handing.loose`. The ways
found form a tree by the likeliest way to each actor. Where an actor is tied to several of that tree
by different sources, the ways to it are put together: the odds that one at least holds, each tie
drawn once, however many ways share it.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from marchland.claims import Claim

BOND, BACKING, ALLIANCE, LOOSE = "bond", "backing", "alliance", "loose"
_SURE = 0.95
_MOST_JOINED = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One tie by which an actor brings another along.

    Parameters
    ----------
    kind
        `BOND` (part of it, commanded or led by it), `BACKING`, `ALLIANCE` or `LOOSE`.
    p
        Odds that the other stands with the actor.
    """

    kind: str
    p: float
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Handing:
    """Chance that what stands with one end of a tie stands with what the other end stands with."""

    bond: float
    backing: float
    alliance: float
    loose: float
    ally_of_backed: float


@dataclass(frozen=True, slots=True)
class Way:
    """The likeliest way to an actor, and the odds by all ways together.

    Parameters
    ----------
    path
        Actor ids from the first to the actor.
    p
        Odds by all ways together.
    alone
        Odds by this way alone.
    claims
        Of each step of the path, then of the other ways' last steps; each with its step's odds.
    doubts
        What it is handed on in part for: ``loose`` or ``ally of backed`` with the actor before that
        step, ``foe`` with the foe of the first that backs or commands the last.
    """

    path: tuple[str, ...]
    p: float
    alone: float
    claims: tuple[tuple[float, Claim], ...]
    doubts: tuple[tuple[str, str], ...] = ()
    allied: bool = False
    backed: bool = False


def ways_from(
    top: str,
    near: Callable[[str], Iterable[str]],
    step: Callable[[str, str], Step | None],
    *,
    handing: Handing,
    least: float,
    joins: Callable[[str], bool],
) -> dict[str, Way]:
    """Every actor that some way leads to, without the first itself.

    Parameters
    ----------
    near
        Actors that claims tie to one.
    step
        The tie by which the first brings the second along; None where there is none.
    least
        Ways below these odds are not followed.
    joins
        Whether an actor can stand with the first at all.
    """
    found: dict[str, Way] = {top: Way((top,), 1.0, 1.0, ())}
    waiting: list[tuple[float, str, int]] = []
    ways: list[Way] = []

    def push(actor: str) -> None:
        for other in near(actor):
            if other in found:
                continue
            taken = _taken(found[actor], other, step, handing)
            if taken is not None and taken.p >= least and joins(other):
                ways.append(taken)
                heapq.heappush(waiting, (-taken.p, other, len(ways) - 1))

    push(top)
    while waiting:
        _, actor, number = heapq.heappop(waiting)
        if actor not in found:
            found[actor] = ways[number]
            push(actor)
    together = {a: _joined(a, found, near, step, handing) for a in found if a != top}
    return _handed_on(found, together)


def _taken(
    way: Way, other: str, step: Callable[[str, str], Step | None], handing: Handing
) -> Way | None:
    """A way with one more step; None where there is none or it may not be taken."""
    tie = step(way.path[-1], other)
    across = tie is not None and tie.kind in (ALLIANCE, LOOSE)
    if tie is None or (across and way.allied):
        return None
    doubts = way.doubts
    handed = {
        BOND: handing.bond, BACKING: handing.backing,
        ALLIANCE: handing.alliance, LOOSE: handing.loose,
    }[tie.kind]  # fmt: skip
    if tie.kind == LOOSE:
        doubts = (*doubts, ("loose", way.path[-1]))
    if across and way.backed:
        handed *= handing.ally_of_backed
        doubts = (*doubts, ("ally of backed", way.path[-1]))
    p = way.p * tie.p * handed
    return Way(
        path=(*way.path, other),
        p=p,
        alone=p,
        claims=(*way.claims, *((tie.p, c) for c in tie.claims[:3])),
        doubts=doubts,
        allied=way.allied or across,
        backed=way.backed or tie.kind == BACKING,
    )


def _joined(
    actor: str,
    found: Mapping[str, Way],
    near: Callable[[str], Iterable[str]],
    step: Callable[[str, str], Step | None],
    handing: Handing,
) -> Way:
    """The way to an actor with those through others that different sources tell of."""
    best = found[actor]
    if best.alone >= _SURE:
        return best
    ways = [best]
    sources = _sources(best, found[best.path[-2]])
    others = [
        taken
        for other in near(actor)
        if other in found and other != best.path[-2] and actor not in found[other].path
        if (taken := _taken(found[other], actor, step, handing)) is not None
    ]
    for way in sorted(others, key=lambda w: (-w.p, w.path)):
        new = _sources(way, found[way.path[-2]])
        if len(ways) < _MOST_JOINED and not new & sources:
            ways.append(way)
            sources |= new
    if len(ways) == 1:
        return best
    p = _one_holds([w.path for w in ways], {w.path: w.p for w in ways}, found, best.path[0])
    more = tuple(c for w in ways[1:] for c in w.claims[len(found[w.path[-2]].claims) :])
    return replace(best, p=p, claims=best.claims + more)


def _sources(way: Way, before: Way) -> set[str]:
    """Sources of a way's last step."""
    return {c.source.id for _, c in way.claims[len(before.claims) :]}


def _one_holds(
    paths: list[tuple[str, ...]],
    odds: Mapping[tuple[str, ...], float],
    found: Mapping[str, Way],
    top: str,
) -> float:
    """Odds that one of several ways holds, exact: they are branches of one tree."""

    def below(stem: tuple[str, ...]) -> float:
        here = [p for p in paths if p[: len(stem)] == stem]
        start = 1.0 if stem == (top,) else found[stem[-1]].alone
        missing = 1.0
        for path in here:
            if len(path) == len(stem) + 1:
                missing *= 1 - odds[path] / start
        for child in sorted({p[: len(stem) + 1] for p in here if len(p) > len(stem) + 1}):
            missing *= 1 - found[child[-1]].alone / start * below(child)
        return 1 - missing

    return below((top,))


def _handed_on(found: Mapping[str, Way], together: Mapping[str, Way]) -> dict[str, Way]:
    """What several ways add to an actor is added to those that it brings along."""
    result: dict[str, Way] = {}
    for actor in sorted(together, key=lambda a: (len(found[a].path), a)):
        way = together[actor]
        before = found[actor].path[-2]
        p = way.p
        if before in result and way.p == way.alone:
            p = way.alone / found[before].alone * result[before].p
        result[actor] = replace(way, p=p)
    return result

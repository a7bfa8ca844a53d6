"""What would break the road, or open it, and how likely: smallest sets, weighed on the draws."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marchland.corridor.cuts import breakers, openers
from marchland.corridor.model import ChangeSet
from marchland.corridor.openings import Opening
from marchland.corridor.reach import Graph, connected, count, pack
from marchland.corridor.ready import Setting

_MOST = 4
_LEAST = 0.005
"""A move of the odds below this is none to speak of."""


def changes(
    nodes: Sequence[str],
    graph: Graph,
    passable: NDArray[np.bool_],
    ends: Sequence[int],
) -> tuple[ChangeSet, ...]:
    """Smallest sets of places whose loss breaks a joined road, or whose gain opens a broken one.

    Which places hold it up is judged by who likely holds each; how likely the change is, and what
    follows from it, by the joint draws.

    Parameters
    ----------
    passable
        (n worlds, nodes).
    """
    p_pass = passable.mean(axis=0)
    sets = [("breaks", False, s) for s in breakers(graph, p_pass, ends, count=_MOST)]
    sets += [("opens", True, s) for s in openers(graph, p_pass, ends, count=_MOST)]
    found = []
    for kind, becomes, places in sets:
        at = list(places)
        after = passable.copy()
        after[:, at] = becomes
        then = int(count(connected(graph, pack(after), ends))) / len(passable)
        found.append(
            ChangeSet(
                kind=kind,
                places=tuple(nodes[v] for v in places),
                p=float((passable[:, at] == becomes).all(axis=1).mean()),
                p_open=then,
            )
        )
    return tuple(found)


def reopened(ready: Setting, passable: NDArray[np.bool_]) -> list[tuple[Opening, float]]:
    """Crossings that are shut and that matter, with the odds of open were each opened alone.

    Those that raise the odds most come first. Where none does alone, all of them are told if the
    odds would be others were all open at once, with those odds.

    Parameters
    ----------
    passable
        (n worlds, nodes).
    """
    bits = pack(passable)
    every = ready.every.graph

    def share(opened: Sequence[int]) -> float:
        keep = (ready.over < 0) | np.isin(ready.over, opened)
        part = Graph(n=every.n, start=every.start[keep], end=every.end[keep])
        return int(count(connected(part, bits, ready.ends))) / len(passable)

    if not ready.shut:
        return []
    now = share([])
    found = [(o, share([k])) for k, o in enumerate(ready.shut)]
    matter = sorted((f for f in found if f[1] > now + _LEAST), key=lambda f: (-f[1], f[0].ends))
    if not matter:
        together = share(range(len(ready.shut)))
        matter = [(o, together) for o in ready.shut] if together > now + _LEAST else []
    return matter

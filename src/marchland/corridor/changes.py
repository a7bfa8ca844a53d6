"""What would break the road, or open it, and how likely: smallest sets, weighed on the draws."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marchland.corridor.cuts import breakers, openers
from marchland.corridor.model import ChangeSet
from marchland.corridor.reach import Graph, connected, count, pack

_MOST = 4


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

"""Which worlds are connected, and which places decide: sixty-four worlds to a machine word.

A node's row holds one bit a world. `sweeps` and `compiled` do the work, in numpy and in machine
code; the answers are the same. Source of the method: bit-parallel Monte Carlo network reliability,
and Birnbaum's importance; see docs/how-it-works.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from marchland.corridor.engine import engine

Bits = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Graph:
    """Nodes 0..n-1 and links between them, usable both ways.

    Parameters
    ----------
    start, end
        (L,) node numbers; two links between the same nodes count as one, a loop as none.
    first, near
        The neighbours of node v are ``near[first[v]:first[v + 1]]``.
    """

    n: int
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    first: NDArray[np.int32] = field(init=False)
    near: NDArray[np.int32] = field(init=False)

    def __post_init__(self) -> None:
        low, high = np.minimum(self.start, self.end), np.maximum(self.start, self.end)
        one = np.unique(low[low != high] * self.n + high[low != high])
        low, high = one // max(self.n, 1), one % max(self.n, 1)
        tail, head = np.concatenate([low, high]), np.concatenate([high, low])
        first = np.zeros(self.n + 1, dtype=np.int32)
        np.cumsum(np.bincount(tail, minlength=self.n), out=first[1:])
        object.__setattr__(self, "first", first)
        object.__setattr__(self, "near", head[np.argsort(tail, kind="stable")].astype(np.int32))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Importance:
    """How much each node decides, in counts of worlds.

    Parameters
    ----------
    n
        How many worlds were looked at.
    whole
        (words,) those in which the ends are joined.
    gain
        (nodes,) worlds not joined that would be, were the node passable.
    loss
        (nodes,) joined worlds that would not be, were it shut.
    up, both
        (nodes,) worlds in which it is passable, and of these the joined ones.
    """

    n: int
    whole: Bits
    gain: NDArray[np.int64]
    loss: NDArray[np.int64]
    up: NDArray[np.int64]
    both: NDArray[np.int64]

    @property
    def interventional(self) -> NDArray[np.float64]:
        """(nodes,) odds of joined were the node made passable, less those were it made shut."""
        return np.asarray((self.gain + self.loss) / self.n)

    @property
    def conditional(self) -> NDArray[np.float64]:
        """(nodes,) the same among worlds in which it happens to be so; nan where all are alike."""
        down = self.n - self.up
        joined = int(count(self.whole))
        with np.errstate(divide="ignore", invalid="ignore"):
            found = self.both / self.up - (joined - self.both) / down
        return np.asarray(np.where((self.up > 0) & (down > 0), found, np.nan))


def pack(worlds: NDArray[np.bool_]) -> Bits:
    """(n worlds, nodes) booleans to (nodes, n / 64) words; n is a multiple of 64."""
    n, nodes = worlds.shape
    packed = np.packbits(worlds.T.reshape(nodes, n), axis=1, bitorder="little")
    return np.ascontiguousarray(packed).view(np.uint64)


def unpack(bits: Bits) -> NDArray[np.bool_]:
    """(words,) to (n worlds,) booleans."""
    whole = np.ascontiguousarray(bits).view(np.uint8)
    return np.unpackbits(whole, bitorder="little").astype(bool)


def count(bits: Bits) -> NDArray[np.int64]:
    """How many worlds each row holds."""
    return np.asarray(np.bitwise_count(bits).sum(axis=-1, dtype=np.int64))


def connected(graph: Graph, open_: Bits, ends: Sequence[int], *, times: int = 1) -> Bits:
    """(words,): worlds in which all the ends hang together.

    Parameters
    ----------
    open_
        (nodes, words): where each node is passable.
    ends
        Origin, waypoints and destination: since links go both ways, every leg is joined where all
        of them hang together.
    times
        How often the like of it will be asked; compiled code pays the sooner.
    """
    code = engine(len(graph.near) * open_.shape[1] * times)
    whole: Bits = code.connected(graph.first, graph.near, open_, _numbers(ends))
    return whole


def importance(graph: Graph, open_: Bits, ends: Sequence[int]) -> Importance:
    """What each node would mend and would part, in one pass over all worlds.

    A shut node mends a world where each end, or a neighbour reached from it, lies beside it. A
    passable one parts a joined world where it is a cut vertex between ends.
    """
    code = engine(len(graph.near) * open_.shape[1])
    whole, gain, loss, up, both = code.importance(graph.first, graph.near, open_, _numbers(ends))
    n = 64 * open_.shape[1]
    return Importance(n=n, whole=whole, gain=gain, loss=loss, up=up, both=both)


def _numbers(ends: Sequence[int]) -> NDArray[np.int32]:
    return np.array(list(dict.fromkeys(ends)), dtype=np.int32)

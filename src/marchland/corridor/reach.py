"""Which worlds are connected: reach, sixty-four worlds to a machine word.

A node's row holds one bit a world. Reach from a source is the least fixed point of
R_v = open_v & OR over neighbours u of R_u, found by sweeps over all links at once. Source of the
method: bit-parallel Monte Carlo network reliability; see docs/how-it-works.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Nodes 0..n-1 and links between them, usable both ways.

    Parameters
    ----------
    start, end
        (L,) node numbers.
    """

    n: int
    start: NDArray[np.int64]
    end: NDArray[np.int64]


def pack(worlds: NDArray[np.bool_]) -> Bits:
    """(n worlds, nodes) booleans to (nodes, n / 64) words; n is a multiple of 64."""
    n, nodes = worlds.shape
    packed = np.packbits(worlds.T.reshape(nodes, n), axis=1, bitorder="little")
    return np.ascontiguousarray(packed).view(np.uint64)


def count(bits: Bits) -> NDArray[np.int64]:
    """How many worlds each row holds."""
    return np.asarray(np.bitwise_count(bits).sum(axis=-1, dtype=np.int64))


def reach(graph: Graph, open_: Bits, source: int) -> Bits:
    """(nodes, words): in which worlds each node can be reached from `source`.

    A node that is shut in a world is not reached in it; neither is anything if the source is shut.
    """
    reached = np.zeros_like(open_)
    reached[source] = open_[source]
    order = np.argsort(np.concatenate([graph.end, graph.start]), kind="stable")
    to = np.concatenate([graph.end, graph.start])[order]
    from_ = np.concatenate([graph.start, graph.end])[order]
    heads, first = np.unique(to, return_index=True)
    if len(heads) == 0:
        return reached
    gate = open_[heads]
    while True:
        arrived = np.bitwise_or.reduceat(reached[from_], first, axis=0) & gate
        grown = reached[heads] | arrived
        if np.array_equal(grown, reached[heads]):
            return reached
        reached[heads] = grown


def connected(graph: Graph, open_: Bits, legs: list[tuple[int, int]]) -> Bits:
    """(words,): worlds in which every leg is connected."""
    whole = np.full(open_.shape[1], np.iinfo(np.uint64).max, dtype=np.uint64)
    for a, b in legs:
        whole = whole & reach(graph, open_, a)[b]
    return whole


def would_open(graph: Graph, open_: Bits, legs: list[tuple[int, int]]) -> Bits:
    """(nodes, words): worlds not connected that would be were this one node passable.

    For one leg these are the worlds in which a neighbour of the node is reached from the origin
    and another from the destination; with several legs the others must be connected, or be mended
    by the same node.
    """
    full = np.iinfo(np.uint64).max
    mended = np.full_like(open_, full)
    for a, b in legs:
        from_a, from_b = reach(graph, open_, a), reach(graph, open_, b)
        beside_a, beside_b = _beside(graph, from_a), _beside(graph, from_b)
        # An end that is itself shut counts as beside itself once it is passable.
        beside_a[a], beside_b[b] = full, full
        done = from_a[b]
        mended &= (beside_a & beside_b & ~open_) | done[None, :]
    whole = connected(graph, open_, legs)
    return mended & ~open_ & ~whole[None, :]


def _beside(graph: Graph, reached: Bits) -> Bits:
    near = np.zeros_like(reached)
    np.bitwise_or.at(near, graph.end, reached[graph.start])
    np.bitwise_or.at(near, graph.start, reached[graph.end])
    return near

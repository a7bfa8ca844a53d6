"""Reach and importance in numpy: sweeps over all links at once, sixty-four worlds to a word.

Reach from a source is the least fixed point of R_v = open_v & OR over neighbours u of R_u.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order

Bits = NDArray[np.uint64]
Ints = NDArray[np.int32]
_FULL = np.uint64(0xFFFFFFFFFFFFFFFF)
_COVERS = 12


def reach(first: Ints, near: Ints, open_: Bits, source: int) -> Bits:
    """(nodes, words): in which worlds each node is reached; one that is shut is not."""
    reached = np.zeros_like(open_)
    reached[source] = open_[source]
    heads = np.flatnonzero(np.diff(first))
    if len(heads) == 0:
        return reached
    gate, begin = open_[heads], first[heads]
    while True:
        now = reached[heads]
        grown = now | (np.bitwise_or.reduceat(reached[near], begin, axis=0) & gate)
        if np.array_equal(grown, now):
            return reached
        reached[heads] = grown


def connected(first: Ints, near: Ints, open_: Bits, ends: Ints) -> Bits:
    """(words,) worlds in which all ends hang together."""
    reached = reach(first, near, open_, int(ends[0]))
    return np.asarray(np.bitwise_and.reduce(reached[ends], axis=0))


def importance(
    first: Ints, near: Ints, open_: Bits, ends: Ints, *, losses: bool = True
) -> tuple[Bits, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Joined worlds, and per node: worlds it would mend, would part, is up in, is up in joined."""
    whole = connected(first, near, open_, ends)
    mends = ~open_ & ~whole
    for end in np.unique(ends):
        reached = reach(first, near, open_, int(end))
        beside = np.zeros_like(open_)
        heads = np.flatnonzero(np.diff(first))
        if len(heads):
            beside[heads] = np.bitwise_or.reduceat(reached[near], first[heads], axis=0)
        beside[end] = _FULL
        mends &= beside
    both = _count(open_ & whole)
    parted = _parted(first, near, open_, ends, whole) if losses else np.zeros_like(both)
    return whole, _count(mends), parted, _count(open_), both


def _parted(first: Ints, near: Ints, open_: Bits, ends: Ints, whole: Bits) -> NDArray[np.int64]:
    """(nodes,) joined worlds that part where the node is shut.

    Some ways are found first. A world in which one of them is passable does not part at a node off
    it, which leaves few worlds and nodes to try.
    """
    n = len(open_)
    doubtful = np.where(open_ != 0, whole[None, :] & open_, np.uint64(0))
    loss = np.zeros(n, dtype=np.int64)
    uncovered = whole.copy()
    for _ in range(_COVERS):
        if not uncovered.any():
            break
        way = _a_way(first, near, open_, ends, uncovered)
        through = np.bitwise_and.reduce(open_[way], axis=0) & whole
        uncovered &= ~through
        off = np.ones(n, dtype=bool)
        off[way] = False
        doubtful[off] &= ~through
    for v in np.flatnonzero(doubtful.any(axis=1)):
        if v in ends:
            loss[v] = int(_count(whole))
            continue
        words = np.flatnonzero(doubtful[v])
        without = np.ascontiguousarray(open_[:, words])
        without[v] = 0
        still = connected(first, near, without, ends)
        loss[v] = int(_count(doubtful[v, words] & ~still))
    return loss


def _a_way(first: Ints, near: Ints, open_: Bits, ends: Ints, among: Bits) -> NDArray[np.int64]:
    """The nodes of a way in the first of some joined worlds."""
    word = int(np.flatnonzero(among)[0])
    bit = among[word] & (~among[word] + np.uint64(1))
    up = (open_[:, word] & bit) != 0
    tail = np.repeat(np.arange(len(open_)), np.diff(first))
    keep = up[tail] & up[near]
    matrix = csr_matrix(
        (np.ones(int(keep.sum()), dtype=np.int8), (tail[keep], near[keep])),
        shape=(len(open_), len(open_)),
    )
    before = breadth_first_order(matrix, int(ends[0]), directed=True)[1]
    nodes = {int(ends[0])}
    for end in ends:
        at = int(end)
        while at not in nodes:
            nodes.add(at)
            at = int(before[at])
    return np.array(sorted(nodes), dtype=np.int64)


def _count(bits: Bits) -> NDArray[np.int64]:
    return np.asarray(np.bitwise_count(bits).sum(axis=-1, dtype=np.int64))

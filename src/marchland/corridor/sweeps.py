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
_CELLS = 2**23
"""Nodes times pairs tried at once."""


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
    it. A node that parts the whole network parts every world. What is left, pairs of a world and a
    node, is tried sixty-four to a word.
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
    loss[ends] = int(_count(whole))
    doubtful[ends] = 0
    left = np.flatnonzero(doubtful.any(axis=1))
    everywhere = np.ones((n, 1), dtype=bool)
    needed = left[~_still(first, near, everywhere, left, np.zeros(len(left), dtype=np.intp), ends)]
    loss[needed] = _count(doubtful[needed])
    doubtful[needed] = 0
    left = np.flatnonzero(doubtful.any(axis=1))
    worlds = _unpacked(open_)
    at, world = np.nonzero(_unpacked(doubtful[left]))
    step = max(64, _CELLS // n // 64 * 64)
    for begin in range(0, len(at), step):
        nodes, some = left[at[begin : begin + step]], world[begin : begin + step]
        still = _still(first, near, worlds, nodes, some, ends)
        loss += np.bincount(nodes[~still], minlength=n)
    return loss


def _still(
    first: Ints,
    near: Ints,
    worlds: NDArray[np.bool_],
    nodes: NDArray[np.intp],
    some: NDArray[np.intp],
    ends: Ints,
) -> NDArray[np.bool_]:
    """(pairs,) whether the ends hang together in each pair's world without its node."""
    without = np.zeros((len(worlds), -(-len(nodes) // 64) * 64), dtype=bool)
    without[:, : len(nodes)] = worlds[:, some]
    without[nodes, np.arange(len(nodes))] = False
    packed = np.ascontiguousarray(np.packbits(without, axis=1, bitorder="little"))
    return _unpacked(connected(first, near, packed.view(np.uint64), ends)[None])[0, : len(nodes)]


def _unpacked(bits: Bits) -> NDArray[np.bool_]:
    """(rows, words) to (rows, 64 words) booleans."""
    whole = np.ascontiguousarray(bits).view(np.uint8)
    return np.unpackbits(whole, axis=1, bitorder="little").view(bool)


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

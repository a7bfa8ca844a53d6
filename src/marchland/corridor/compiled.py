"""Reach and importance in machine code: the same answers as `marchland.corridor.sweeps`.

Sixty-four worlds to a word and eight words to a block: a node's part of a block is one cache line.
Nodes stand in order of their distance from the origin in links, each drawn for some rounds towards
the mean of its neighbours': a front that bends less, so that sweeps up and down that order carry
reach along in three fifths of the sweeps that plain distance takes. They end when nothing moves.
Blocks share nothing, so threads take turns at them without the interpreter's lock. What is compiled
is kept beside this file, or in the user's cache where that can't be written; the first run on a
machine takes some seconds more.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

_LINE = 8
"""Words of a block."""
_ROUNDS = 20


def _compiled(function: Callable[..., Any]) -> Any:
    """Compile on first use and keep the result; where no cache can be written, only compile."""
    try:
        return njit(nogil=True, cache=True)(function)
    except RuntimeError:  # numba's word for a folder it can't write
        return njit(nogil=True)(function)


@_compiled
def _ones(x):  # type: ignore[no-untyped-def]
    """How many bits of a word are set."""
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@_compiled
def _goes_on(changed, reached, ends):  # type: ignore[no-untyped-def]
    """Whether a world changed in which some end is not reached yet."""
    found = np.uint64(0)
    for b in range(8):
        done = ~np.uint64(0)
        for e in range(len(ends)):
            done &= reached[ends[e], b]
        found |= changed[b] & ~done
    return found != np.uint64(0)


@_compiled
def _half(first, near, gate, reached, changed, forward):  # type: ignore[no-untyped-def]
    """Carry bits along links that go one way in the nodes' order."""
    n = gate.shape[0]
    c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = np.uint64(0)
    for k in range(n):
        v = np.uint64(k) if forward else np.uint64(n - 1 - k)
        b0, b1, b2, b3 = reached[v, 0], reached[v, 1], reached[v, 2], reached[v, 3]
        b4, b5, b6, b7 = reached[v, 4], reached[v, 5], reached[v, 6], reached[v, 7]
        a0, a1, a2, a3, a4, a5, a6, a7 = b0, b1, b2, b3, b4, b5, b6, b7
        for e in range(first[v], first[v + np.uint64(1)]):
            u = near[e]
            a0 |= reached[u, 0]
            a1 |= reached[u, 1]
            a2 |= reached[u, 2]
            a3 |= reached[u, 3]
            a4 |= reached[u, 4]
            a5 |= reached[u, 5]
            a6 |= reached[u, 6]
            a7 |= reached[u, 7]
        a0 &= gate[v, 0]
        a1 &= gate[v, 1]
        a2 &= gate[v, 2]
        a3 &= gate[v, 3]
        a4 &= gate[v, 4]
        a5 &= gate[v, 5]
        a6 &= gate[v, 6]
        a7 &= gate[v, 7]
        reached[v, 0], reached[v, 1], reached[v, 2], reached[v, 3] = a0, a1, a2, a3
        reached[v, 4], reached[v, 5], reached[v, 6], reached[v, 7] = a4, a5, a6, a7
        c0 |= a0 ^ b0
        c1 |= a1 ^ b1
        c2 |= a2 ^ b2
        c3 |= a3 ^ b3
        c4 |= a4 ^ b4
        c5 |= a5 ^ b5
        c6 |= a6 ^ b6
        c7 |= a7 ^ b7
    changed[0], changed[1], changed[2], changed[3] = c0, c1, c2, c3
    changed[4], changed[5], changed[6], changed[7] = c4, c5, c6, c7


@_compiled
def _flood(low, below, high, above, gate, source, ends, reached):  # type: ignore[no-untyped-def]
    """Reach from one node over one block; a world whose ends are all reached is left as it is.

    One sweep carries bits up the nodes' order and the next one down it, until neither does.
    """
    n = gate.shape[0]
    for v in range(n):
        for b in range(8):
            reached[v, b] = np.uint64(0)
    for b in range(8):
        reached[source, b] = gate[source, b]
    changed = np.zeros(8, dtype=np.uint64)
    forward, quiet = True, 0
    while quiet < 2:
        if forward:
            _half(low, below, gate, reached, changed, True)
        else:
            _half(high, above, gate, reached, changed, False)
        forward = not forward
        quiet = 0 if _goes_on(changed, reached, ends) else quiet + 1


@_compiled
def _hops(first, near, root):  # type: ignore[no-untyped-def]
    """Links from a root to each node; as many as there are nodes where there is no way."""
    n = len(first) - 1
    hops = np.full(n, float(n))
    queue = np.empty(n, dtype=np.int32)
    queue[0] = root
    hops[root] = 0.0
    at, found = 0, 1
    while at < found:
        u = queue[at]
        at += 1
        for e in range(first[u], first[u + 1]):
            v = near[e]
            if hops[v] == n:
                hops[v] = hops[u] + 1.0
                queue[found] = v
                found += 1
    return hops


@_compiled
def _smoothed(first, near, values, rounds):  # type: ignore[no-untyped-def]
    """Values drawn halfway to the mean of their neighbours', some times over."""
    n = len(values)
    now, after = values.copy(), values.copy()
    for _ in range(rounds):
        for v in range(n):
            total, degree = 0.0, first[v + 1] - first[v]
            for e in range(first[v], first[v + 1]):
                total += now[near[e]]
            if degree > 0:
                after[v] = 0.5 * now[v] + 0.5 * total / degree
        now, after = after, now
    return now


@_compiled
def _halves(first, near, order):  # type: ignore[no-untyped-def]
    """Each node's rank, and its neighbours of lower and of higher rank."""
    n = len(order)
    rank = np.empty(n, dtype=np.int32)
    for i in range(n):
        rank[order[i]] = i
    low, high = np.zeros(n + 1, dtype=np.int32), np.zeros(n + 1, dtype=np.int32)
    # Without a sign, so that no index is looked at for counting from the end.
    below = np.empty(len(near) // 2, dtype=np.uint32)
    above = np.empty(len(near) // 2, dtype=np.uint32)
    a, b = 0, 0
    for i in range(n):
        u = order[i]
        for e in range(first[u], first[u + 1]):
            v = rank[near[e]]
            if v < i:
                below[a] = v
                a += 1
            else:
                above[b] = v
                b += 1
        low[i + 1], high[i + 1] = a, b
    return rank, low, below, high, above


def _ordered(
    first: NDArray[np.int32], near: NDArray[np.int32], root: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], list[NDArray[Any]]]:
    """Rank, order, and links down and up that order."""
    front = _smoothed(first, near, _hops(first, near, root), _ROUNDS)
    order = np.argsort(front, kind="stable").astype(np.int32)
    rank, *links = _halves(first, near, order)
    return rank, order, links


@_compiled
def _gather(open_, order, block, out):  # type: ignore[no-untyped-def]
    """A block's words in the nodes' new order."""
    n, words = open_.shape
    begin = block * 8
    for i in range(n):
        v = order[i]
        for b in range(8):
            out[i, b] = open_[v, begin + b] if begin + b < words else np.uint64(0)


@_compiled
def _connected(  # type: ignore[no-untyped-def]
    low, below, high, above, order, open_, ends, begin, end, whole
):
    """Blocks `begin` to `end`: worlds in which every end is reached from the first."""
    n, words = open_.shape
    gate = np.empty((n, 8), dtype=np.uint64)
    reached = np.empty((n, 8), dtype=np.uint64)
    for block in range(begin, end):
        _gather(open_, order, block, gate)
        _flood(low, below, high, above, gate, ends[0], ends, reached)
        for b in range(min(8, words - 8 * block)):
            all_ = ~np.uint64(0)
            for e in range(len(ends)):
                all_ &= reached[ends[e], b]
            whole[8 * block + b] = all_


@_compiled
def _gains(  # type: ignore[no-untyped-def]
    low, below, high, above, order, open_, ends, begin, end, whole, gain, up, both
):
    """Blocks `begin` to `end`: the same, and counts per node of worlds that it would mend."""
    n, words = open_.shape
    gate = np.empty((n, 8), dtype=np.uint64)
    reached = np.empty((n, 8), dtype=np.uint64)
    mends = np.empty((n, 8), dtype=np.uint64)
    done = np.empty(8, dtype=np.uint64)
    some = np.empty((n, 8), dtype=np.uint64)
    for block in range(begin, end):
        _gather(open_, order, block, gate)
        for b in range(8):
            done[b] = ~np.uint64(0)
        for k in range(len(ends)):
            # What the ends reach matters only in worlds that are not joined.
            source = gate if k == 0 else some
            _flood(low, below, high, above, source, ends[k], ends, reached)
            if k == 0:
                for e in range(len(ends)):
                    for b in range(8):
                        done[b] &= reached[ends[e], b]
                for v in range(n):
                    for b in range(8):
                        some[v, b] = gate[v, b] & ~done[b]
            for v in range(n):
                o0 = o1 = o2 = o3 = o4 = o5 = o6 = o7 = np.uint64(0)
                for e in range(low[v], low[v + 1]):
                    u = below[e]
                    o0 |= reached[u, 0]
                    o1 |= reached[u, 1]
                    o2 |= reached[u, 2]
                    o3 |= reached[u, 3]
                    o4 |= reached[u, 4]
                    o5 |= reached[u, 5]
                    o6 |= reached[u, 6]
                    o7 |= reached[u, 7]
                for e in range(high[v], high[v + 1]):
                    u = above[e]
                    o0 |= reached[u, 0]
                    o1 |= reached[u, 1]
                    o2 |= reached[u, 2]
                    o3 |= reached[u, 3]
                    o4 |= reached[u, 4]
                    o5 |= reached[u, 5]
                    o6 |= reached[u, 6]
                    o7 |= reached[u, 7]
                if v == ends[k]:
                    o0 = o1 = o2 = o3 = o4 = o5 = o6 = o7 = ~np.uint64(0)
                if k == 0:
                    for b in range(8):
                        mends[v, b] = ~gate[v, b] & ~done[b]
                mends[v, 0] &= o0
                mends[v, 1] &= o1
                mends[v, 2] &= o2
                mends[v, 3] &= o3
                mends[v, 4] &= o4
                mends[v, 5] &= o5
                mends[v, 6] &= o6
                mends[v, 7] &= o7
        real = min(8, words - 8 * block)
        for b in range(real):
            whole[8 * block + b] = done[b]
        for v in range(n):
            node = order[v]
            for b in range(real):
                gain[node] += _ones(mends[v, b])
                up[node] += _ones(gate[v, b])
                both[node] += _ones(gate[v, b] & done[b])


@_compiled
def _losses(first, near, open_, ends, low, high, whole, loss):  # type: ignore[no-untyped-def]
    """Words `low` to `high`: counts per node of joined worlds that part where it is shut.

    In a joined world the ends hang together below the first one in a depth-first tree. A node
    parts them where a child's subtree holds an end and no link leads from it past the node
    (Tarjan 1972); an end always does.
    """
    n = open_.shape[0]
    is_end = np.zeros(n, dtype=np.int32)
    for e in range(len(ends)):
        is_end[ends[e]] = 1
    root = ends[0]
    seen = np.zeros(n, dtype=np.int32)
    lowest = np.zeros(n, dtype=np.int32)
    parent = np.zeros(n, dtype=np.int32)
    holds = np.zeros(n, dtype=np.int32)
    edge = np.zeros(n, dtype=np.int32)
    mark = np.zeros(n, dtype=np.int64)
    parts = np.zeros(n, dtype=np.int64)
    stack = np.empty(n, dtype=np.int32)
    word = np.empty(n, dtype=np.uint64)
    stamp = 0
    for w in range(low, high):
        if whole[w] == np.uint64(0):
            continue
        for i in range(n):
            word[i] = open_[i, w]
        for b in range(64):
            bit = np.uint64(1) << np.uint64(b)
            if whole[w] & bit == np.uint64(0):
                continue
            stamp += 1
            depth, clock = 1, 1
            stack[0] = root
            mark[root] = stamp
            seen[root] = lowest[root] = clock
            holds[root] = 1
            edge[root] = first[root]
            while depth > 0:
                u = stack[depth - 1]
                e = edge[u]
                if e < first[u + 1]:
                    edge[u] = e + 1
                    v = near[e]
                    if word[v] & bit == np.uint64(0):
                        continue
                    if mark[v] != stamp:
                        mark[v] = stamp
                        clock += 1
                        seen[v] = lowest[v] = clock
                        parent[v] = u
                        holds[v] = is_end[v]
                        edge[v] = first[v]
                        stack[depth] = v
                        depth += 1
                    elif seen[v] < lowest[u]:
                        lowest[u] = seen[v]
                else:
                    depth -= 1
                    if depth > 0:
                        p = stack[depth - 1]
                        if lowest[u] < lowest[p]:
                            lowest[p] = lowest[u]
                        holds[p] += holds[u]
                        if lowest[u] >= seen[p] and holds[u] > 0 and parts[p] != stamp:
                            if is_end[p] == 0:
                                loss[p] += 1
                            parts[p] = stamp
            for e in range(len(ends)):
                if parts[ends[e]] != -stamp:
                    loss[ends[e]] += 1
                    parts[ends[e]] = -stamp


Counts = tuple[
    NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]
]


def connected(
    first: NDArray[np.int32],
    near: NDArray[np.int32],
    open_: NDArray[np.uint64],
    ends: NDArray[np.int32],
) -> NDArray[np.uint64]:
    """(words,) worlds in which all ends hang together."""
    rank, order, links = _ordered(first, near, int(ends[0]))
    whole = np.zeros(open_.shape[1], dtype=np.uint64)

    def run(begin: int, end: int) -> None:
        _connected(*links, order, open_, rank[ends], begin, end, whole)

    _share(run, -(-open_.shape[1] // _LINE))
    return whole


def importance(
    first: NDArray[np.int32],
    near: NDArray[np.int32],
    open_: NDArray[np.uint64],
    ends: NDArray[np.int32],
    *,
    losses: bool = True,
) -> Counts:
    """Joined worlds, and per node: worlds it would mend, would part, is up in, is up in joined."""
    rank, order, links = _ordered(first, near, int(ends[0]))
    n, words = open_.shape
    whole = np.zeros(words, dtype=np.uint64)
    totals: list[tuple[NDArray[np.int64], ...]] = []

    def gains(low: int, high: int) -> None:
        counts = tuple(np.zeros(n, dtype=np.int64) for _ in range(3))
        _gains(*links, order, open_, rank[ends], low, high, whole, *counts)
        totals.append(counts)

    _share(gains, -(-words // _LINE))
    gain, up, both = (np.sum([t[i] for t in totals], axis=0) for i in range(3))
    parted: list[NDArray[np.int64]] = [np.zeros(n, dtype=np.int64)]

    def part(low: int, high: int) -> None:
        counts = np.zeros(n, dtype=np.int64)
        _losses(first, near, open_, ends, low, high, whole, counts)
        parted.append(counts)

    if losses:
        _share(part, words)
    return whole, gain, np.sum(parted, axis=0), up, both


def _share(work: Callable[[int, int], None], parts: int) -> None:
    """Do `work` on all parts, as many runs of them side by side as there are processors."""
    threads = min(parts, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
    if threads <= 1:
        work(0, parts)
        return
    marks = [parts * i // threads for i in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, marks[:-1], marks[1:]))

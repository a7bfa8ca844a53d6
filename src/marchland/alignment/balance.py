"""Structural balance: the fewest ties, by weight, that keep a signed network from two camps.

A network is balanced where its actors fall into two camps with friends within and foes between
(Cartwright and Harary 1956). The frustration index is the least weight of ties against any split;
it is found exactly as an integer programme (after Aref, Mason and Wilson 2018) by HiGHS, through
SciPy, each connected part alone, with the bound that proves it.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from marchland.alignment.network import AlignmentNetwork
from marchland.errors import BadInput

_LEAST = 0.2
_MOST_TRIADS = 20_000
_PROVED = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedTie:
    """A tie with a sign and how sure it is.

    Parameters
    ----------
    sign
        +1 aligned, -1 opposed.
    weight
        Odds of its sign less odds of the other: what it costs to be against it.
    """

    a: str
    b: str
    sign: int
    weight: float

    def to_json(self) -> dict[str, Any]:
        return {"a": self.a, "b": self.b, "sign": self.sign, "weight": round(self.weight, 4)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Strain:
    """A tie that goes against the camps.

    Parameters
    ----------
    path
        Actor ids from one end to the other by ties that fit the camps: what contradicts it.
    """

    tie: SignedTie
    path: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {**self.tie.to_json(), "path": list(self.path)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The two camps that fit best, and what does not fit.

    Parameters
    ----------
    frustration
        Least weight of ties against any split into two camps.
    bound
        What no split can be below; equal to `frustration` where `proved`.
    camps
        Actor id to 0 or 1. Parts of the network that no tie joins are split each for itself, so
        camp 0 of one says nothing of camp 0 of another.
    parts
        Actor id to the number of its connected part.
    """

    ties: tuple[SignedTie, ...]
    frustration: float
    bound: float
    proved: bool
    camps: Mapping[str, int]
    parts: Mapping[str, int]
    strains: tuple[Strain, ...]

    @property
    def share(self) -> float:
        """Frustration as a share of all weight: 0 is balanced, and it is never above one half."""
        whole = sum(t.weight for t in self.ties)
        return self.frustration / whole if whole else 0.0

    def to_json(self) -> dict[str, Any]:
        return {
            "frustration": round(self.frustration, 4),
            "bound": round(self.bound, 4),
            "proved": self.proved,
            "share": round(self.share, 4),
            "ties": len(self.ties),
            "weight": round(sum(t.weight for t in self.ties), 4),
            "camps": dict(self.camps),
            "parts": dict(self.parts),
            "strains": [s.to_json() for s in self.strains],
        }


def signed_ties(
    network: AlignmentNetwork, on: date, *, least: float = _LEAST, people: bool = False
) -> tuple[SignedTie, ...]:
    """The ties of a day that lean to a side by more than `least`; persons only on demand.

    What the vocabulary has as part of another for good (an army of its state) stands with it.
    """
    found = []
    for a, b in network.pairs():
        if not people and (network.is_person(a) or network.is_person(b)):
            continue
        odds = network.odds(a, b, on)
        if odds is None:
            continue
        lean = odds["aligned"] - odds["opposed"]
        if abs(lean) > least:
            found.append(SignedTie(a=a, b=b, sign=1 if lean > 0 else -1, weight=abs(lean)))
    told = {frozenset((t.a, t.b)) for t in found}
    present = {x for t in found for x in (t.a, t.b)}
    for actor in sorted(present):
        whole = network.vocabulary.holder_of(actor)
        if whole != actor and whole in present and frozenset((actor, whole)) not in told:
            found.append(SignedTie(a=actor, b=whole, sign=1, weight=1.0))
    return tuple(found)


def balance(ties: Sequence[SignedTie], *, seconds: float = 60.0) -> Balance:
    """The exact frustration of a signed network.

    Parameters
    ----------
    seconds
        Longest to look for the proof, for each connected part; what is found by then is given
        with the bound, and `proved` says whether they meet.

    Raises
    ------
    BadInput
        If a tie joins an actor to itself, has no sign or no weight.
    """
    for tie in ties:
        if tie.a == tie.b or tie.sign not in (1, -1) or not tie.weight > 0:
            raise BadInput(f"{tie.a} and {tie.b}: a tie joins two actors, with a sign and a weight")
    actors = sorted({x for t in ties for x in (t.a, t.b)})
    at = {x: i for i, x in enumerate(actors)}
    n = len(actors)
    if not n:
        return Balance(
            ties=(), frustration=0.0, bound=0.0, proved=True, camps={}, parts={}, strains=()
        )
    ends = np.array([(at[t.a], at[t.b]) for t in ties])
    _, part = connected_components(
        coo_array((np.ones(len(ties)), (ends[:, 0], ends[:, 1])), shape=(n, n)), directed=False
    )
    camp = np.zeros(n, dtype=int)
    bound, proved = 0.0, True
    for k in range(int(part.max()) + 1):
        inner = [t for t in ties if part[at[t.a]] == k]
        split, low, sure = _split(inner, seconds)
        for actor, side in split.items():
            camp[at[actor]] = side
        bound += low
        proved &= sure
    camps = {x: int(camp[at[x]]) for x in actors}
    against = [t for t in ties if (camps[t.a] == camps[t.b]) != (t.sign > 0)]
    fits = [t for t in ties if (camps[t.a] == camps[t.b]) == (t.sign > 0)]
    frustration = float(sum(t.weight for t in against))
    return Balance(
        ties=tuple(ties),
        frustration=frustration,
        bound=min(bound, frustration),
        proved=proved,
        camps=camps,
        parts={x: int(part[at[x]]) for x in actors},
        strains=tuple(
            Strain(tie=t, path=_path(fits, t.a, t.b))
            for t in sorted(against, key=lambda t: (-t.weight, t.a, t.b))
        ),
    )


def _split(ties: Sequence[SignedTie], seconds: float) -> tuple[dict[str, int], float, bool]:
    """Camps of one connected part, a bound on its frustration, and whether they meet.

    Variables: x of each actor in {0, 1}, f of each tie in [0, 1]. A positive tie is frustrated by
    ``|x_a - x_b|``, a negative one by ``|x_a + x_b - 1|``; of an unbalanced triad one at least is.
    """
    actors = sorted({x for t in ties for x in (t.a, t.b)})
    if len(ties) == len(actors) - 1:
        return _tree(ties, actors[0]), 0.0, True
    at = {x: i for i, x in enumerate(actors)}
    n, m = len(actors), len(ties)
    rows: list[tuple[dict[int, float], float]] = []
    for j, t in enumerate(ties):
        a, b, f = at[t.a], at[t.b], n + j
        if t.sign > 0:
            rows += [({f: 1, a: -1, b: 1}, 0.0), ({f: 1, a: 1, b: -1}, 0.0)]
        else:
            rows += [({f: 1, a: -1, b: -1}, -1.0), ({f: 1, a: 1, b: 1}, 1.0)]
    rows += [({n + j: 1.0 for j in triad}, 1.0) for triad in _unbalanced(ties)]
    cells = [(r, c, v) for r, (row, _) in enumerate(rows) for c, v in row.items()]
    matrix = coo_array(
        ([v for _, _, v in cells], ([r for r, _, _ in cells], [c for _, c, _ in cells])),
        shape=(len(rows), n + m),
    ).tocsr()
    upper = np.ones(n + m)
    degree = np.bincount([at[x] for t in ties for x in (t.a, t.b)], minlength=n)
    upper[int(degree.argmax())] = 0.0  # one camp is named 0, which halves the search
    found = milp(
        np.concatenate([np.zeros(n), [t.weight for t in ties]]),
        integrality=np.concatenate([np.ones(n), np.zeros(m)]),
        bounds=Bounds(0.0, upper),
        constraints=LinearConstraint(matrix, lb=np.array([low for _, low in rows])),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return dict.fromkeys(actors, 0), 0.0, False
    split = {x: round(found.x[i]) for x, i in at.items()}
    cost = sum(t.weight for t in ties if (split[t.a] == split[t.b]) != (t.sign > 0))
    low = float(found.mip_dual_bound)
    return split, low, bool(cost - low <= _PROVED * max(1.0, cost))


def _tree(ties: Sequence[SignedTie], root: str) -> dict[str, int]:
    """Camps of a part without a cycle, which is always balanced."""
    near: dict[str, list[tuple[str, int]]] = {}
    for t in ties:
        near.setdefault(t.a, []).append((t.b, t.sign))
        near.setdefault(t.b, []).append((t.a, t.sign))
    found, waiting = {root: 0}, [root]
    while waiting:
        x = waiting.pop()
        for y, sign in near.get(x, ()):
            if y not in found:
                found[y] = found[x] if sign > 0 else 1 - found[x]
                waiting.append(y)
    return found


def _unbalanced(ties: Sequence[SignedTie]) -> list[tuple[int, int, int]]:
    """Triads with an odd number of negative ties, by the numbers of their ties."""
    number = {frozenset((t.a, t.b)): j for j, t in enumerate(ties)}
    near: dict[str, set[str]] = {}
    for t in ties:
        near.setdefault(t.a, set()).add(t.b)
        near.setdefault(t.b, set()).add(t.a)
    found = []
    for x in sorted(near):
        for y, z in combinations(sorted(v for v in near[x] if v > x), 2):
            j = number.get(frozenset((y, z)))
            if j is None:
                continue
            i, k = number[frozenset((x, y))], number[frozenset((x, z))]
            if ties[i].sign * ties[j].sign * ties[k].sign < 0:
                found.append((i, j, k))
            if len(found) >= _MOST_TRIADS:
                return found
    return found


def _path(ties: Sequence[SignedTie], a: str, b: str) -> tuple[str, ...]:
    """The shortest way by some ties; empty where there is none."""
    near: dict[str, list[str]] = {}
    for t in ties:
        near.setdefault(t.a, []).append(t.b)
        near.setdefault(t.b, []).append(t.a)
    came: dict[str, str] = {a: a}
    waiting = deque([a])
    while waiting:
        x = waiting.popleft()
        if x == b:
            path = [b]
            while path[-1] != a:
                path.append(came[path[-1]])
            return tuple(reversed(path))
        for y in sorted(near.get(x, ())):
            if y not in came:
                came[y] = x
                waiting.append(y)
    return ()

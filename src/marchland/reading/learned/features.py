"""What the network is told beside the words: the grammar's analysis, as small numbers.

Of every token: its part of speech, its relation, whether it can name an actor or a place, and what
the grammar found there. Of every pair of a trigger and a candidate: the path of relations between
them, how far apart they stand, and whether the grammar gives the candidate that role.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marchland.claims import Modality
from marchland.reading.candidates import ThingKind
from marchland.reading.findings import Finding
from marchland.reading.learned.windows import Passage, Window
from marchland.reading.tree import Tree

PARTS_OF_SPEECH = (
    *("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON"),
    *("PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X", "SPACE"),
)
MODALITIES = (
    Modality.ASSERTED,
    Modality.POSSIBLE,
    Modality.UNLIKELY,
    Modality.DENIED,
    Modality.INTENDED,
)
ROLES = ("subject", "object", "place", "speaker")
ALIKE = (
    frozenset({"opposes", "fights"}),
    frozenset({"backs", "assists", "aids"}),
    frozenset({"leads", "commands"}),
    frozenset({"allied_with", "assists"}),
)
"""Predicates that border on each other, so that a find of one speaks for the other."""
FLAGS = 18
PAIRS = ("path", "steps", "distance", "sentences", "rank", "said", "held")
_STEPS = (1, 2, 3, 5, 8, 12, 20, 35, 60)
_FINDINGS = 3
_KINDS: dict[ThingKind | None, int] = {None: 0}
_KINDS.update((kind, i + 1) for i, kind in enumerate(ThingKind))
NAMES = 9 * len(_KINDS)
_POS = {p: i + 1 for i, p in enumerate(PARTS_OF_SPEECH)}
_MODALITY = {
    **{m: i + 1 for i, m in enumerate(MODALITIES)},
    Modality.CONDITIONAL: 2,
    Modality.UNCLEAR: 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """Numbers of the symbols that the network knows; 1 is any other.

    Parameters
    ----------
    predicates
        In the order of the network's outputs.
    relations, paths, steps
        Dependency labels, paths of them, and the lengths of paths.
    """

    predicates: tuple[str, ...]
    relations: Mapping[str, int]
    paths: Mapping[str, int]
    steps: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        return {
            "predicates": list(self.predicates),
            "relations": dict(self.relations),
            "paths": dict(self.paths),
            "steps": dict(self.steps),
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Codes":
        return cls(
            predicates=tuple(record["predicates"]),
            relations=record["relations"],
            paths=record["paths"],
            steps=record["steps"],
        )


def near(a: str, b: str) -> bool:
    """Whether two predicates are the same or border on each other."""
    return a == b or any(a in pair and b in pair for pair in ALIKE)


def token_features(
    passages: Sequence[Passage], window: Window, codes: Codes
) -> dict[str, NDArray[np.int64]]:
    """Arrays of a window's tokens: ``pos dep names`` of n numbers, ``found`` of n x 3."""
    n = len(window.tokens)
    pos, dep, names = (np.zeros(n, np.int64) for _ in range(3))
    found = np.zeros((n, _FINDINGS), np.int64)
    number = {p: i for i, p in enumerate(codes.predicates)}
    for i, (p, t) in enumerate(window.tokens):
        passage = passages[p]
        pos[i] = _POS.get(passage.tree.pos[t], 0)
        dep[i] = codes.relations.get(passage.tree.deps[t], 1)
        kind = _KINDS[passage.kinds[t]]
        names[i] = 9 * kind + 3 * _actor_kind(passage, t) + _place_kind(passage, t)
        told = {
            1 + number[f.predicate] + len(number) * f.rule.startswith("role")
            for f in passage.found_at(t)
            if f.predicate in number
        }
        for j, code in enumerate(sorted(told)[:_FINDINGS]):
            found[i, j] = code
    return {"pos": pos, "dep": dep, "names": names, "found": found}


def _actor_kind(passage: Passage, t: int) -> int:
    actor = passage.actors[t]
    return 0 if actor is None else 1 if actor.resolved else 2


def _place_kind(passage: Passage, t: int) -> int:
    places = passage.places[t]
    return 0 if not places else 1 if places[0].resolved else 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a report names, by id.

    Parameters
    ----------
    named
        How often it names an actor or a place.
    held
        How often the grammar finds it as subject, object and place.
    """

    named: Mapping[str, int]
    held: tuple[Mapping[str, int], Mapping[str, int], Mapping[str, int]]


def known_in(passages: Sequence[Passage]) -> Known:
    """What a whole report names."""
    named: Counter[str] = Counter()
    held: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())
    for passage in passages:
        named.update(a.id for a in passage.actors if a is not None)
        named.update(p.id for places in passage.places for p in places[:1])
        for finding, _ in passage.spoken:
            for count, ref in zip(
                held, (finding.subject, finding.object, finding.place), strict=True
            ):
                if ref is not None:
                    count[ref.id] += 1
    return Known(named=named, held=held)


def pair_features(
    passages: Sequence[Passage],
    window: Window,
    triggers: Sequence[tuple[int, str]],
    codes: Codes,
    known: Known,
) -> dict[str, NDArray[Any]]:
    """Arrays of triggers x candidates: `PAIRS` of numbers, and ``flags`` (x 18).

    Parameters
    ----------
    triggers
        Index into the window's tokens, and the predicate asked about.
    known
        What the whole report names, as `known_in` gives it.
    """
    shape = (len(triggers), len(window.candidates))
    arrays: dict[str, NDArray[Any]] = {name: np.zeros(shape, np.int64) for name in PAIRS}
    arrays["said"][:] = [_said(passages, window, c, known) for c in window.candidates]
    arrays["held"][:] = [_held(passages, window, c, known) for c in window.candidates]
    kinds = [passages[p].actors[t] is not None for p, t in _at(window)]
    flags = np.zeros((*shape, FLAGS), np.float32)
    named = _Named(passages, window)
    walked: dict[int, NDArray[np.int64]] = {}
    for row, (k, predicate) in enumerate(triggers):
        if k not in walked:
            walked[k] = np.array(
                [_between(passages, window, k, c, codes) for c in window.candidates]
            ).T
        for name, line in zip(("path", "steps", "distance", "sentences"), walked[k], strict=True):
            arrays[name][row] = line
        arrays["rank"][row] = _ranks(window, k, kinds)
        _flags(passages, window, k, predicate, named, flags[row])
    return {**arrays, "flags": flags}


def _at(window: Window) -> list[tuple[int, int]]:
    return [window.tokens[c] for c in window.candidates]


def _said(passages: Sequence[Passage], window: Window, c: int, known: Known) -> int:
    p, t = window.tokens[c]
    actor, places = passages[p].actors[t], passages[p].places[t]
    who = 0 if actor is None else min(1 + known.named.get(actor.id, 1).bit_length(), 5)
    where = 0 if not places else min(1 + known.named.get(places[0].id, 1).bit_length(), 5)
    return 6 * who + where


def _held(passages: Sequence[Passage], window: Window, c: int, known: Known) -> int:
    """Which roles the grammar gives a candidate elsewhere in the report: none, once, more."""
    p, t = window.tokens[c]
    actor, places = passages[p].actors[t], passages[p].places[t]
    who, whom, where = known.held
    counts = (
        who.get(actor.id, 0) if actor is not None else 0,
        whom.get(actor.id, 0) if actor is not None else 0,
        where.get(places[0].id, 0) if places else 0,
    )
    return sum(min(n, 2) * 3**i for i, n in enumerate(counts))


def _ranks(window: Window, k: int, actors: Sequence[bool]) -> list[int]:
    """The how-manieth of its kind each candidate is, counted away from the trigger: 0 to 10."""
    out = [5] * len(window.candidates)
    for kind in (True, False):
        of_kind = [i for i, a in enumerate(actors) if a is kind]
        behind = [i for i in of_kind if window.candidates[i] > k]
        before = [i for i in reversed(of_kind) if window.candidates[i] < k]
        for n, i in enumerate(behind):
            out[i] = 6 + min(n, 4)
        for n, i in enumerate(before):
            out[i] = 4 - min(n, 4)
    return out


def grammar_modality(passages: Sequence[Passage], window: Window, k: int) -> int:
    """Code of the modality that the grammar reads at a token; 0 where it finds nothing there."""
    p, t = window.tokens[k]
    found = passages[p].found_at(t)
    return _MODALITY[found[0].modality] if found else 0


class _Named:
    """What the candidates of a window are called, and what is so of each whatever is asked."""

    def __init__(self, passages: Sequence[Passage], window: Window) -> None:
        self.actors: list[str | None] = []
        self.places: list[frozenset[str]] = []
        self.column = {c: i for i, c in enumerate(window.candidates)}
        self.flags = np.zeros((len(window.candidates), FLAGS), np.float32)
        for row, (p, t) in zip(self.flags, _at(window), strict=True):
            actor, places = passages[p].actors[t], passages[p].places[t]
            self.actors.append(actor.id if actor is not None else None)
            self.places.append(frozenset(x.id for x in places))
            row[10] = actor is not None and actor.resolved
            row[11] = actor is not None and not actor.resolved
            row[12] = bool(places) and places[0].resolved
            row[13] = bool(places) and not places[0].resolved
            row[14] = passages[p].tree.pos[t] == "PRON"


def _flags(
    passages: Sequence[Passage],
    window: Window,
    k: int,
    predicate: str,
    named: _Named,
    out: NDArray[np.float32],
) -> None:
    p, t = window.tokens[k]
    passage = passages[p]
    mine = passage.found_at(t)
    alike = [f for f in mine if near(f.predicate, predicate)]
    beside = [f for f in passage.found_beside(t) if f.trigger != t and near(f.predicate, predicate)]
    voice = passage.voices[t]
    out[:] = named.flags
    out[:, 16] = bool(alike)
    out[:, 17] = bool(mine)
    if k in named.column:
        out[named.column[k], 15] = 1
    if voice is not None:
        out[:, 9] = [actor == voice.id for actor in named.actors]
    for at, found in enumerate((alike, mine, beside)):
        if found:
            subjects, objects, where = _roles(found)
            out[:, 3 * at] = [actor in subjects for actor in named.actors]
            out[:, 3 * at + 1] = [actor in objects for actor in named.actors]
            out[:, 3 * at + 2] = [not where.isdisjoint(places) for places in named.places]


def _roles(found: Sequence[Finding]) -> tuple[set[str], set[str], set[str]]:
    return (
        {f.subject.id for f in found if f.subject is not None},
        {f.object.id for f in found if f.object is not None},
        {f.place.id for f in found if f.place is not None},
    )


def _between(
    passages: Sequence[Passage], window: Window, k: int, c: int, codes: Codes
) -> tuple[int, int, int, int]:
    (p, t), (q, u) = window.tokens[k], window.tokens[c]
    tree = passages[p].tree
    apart = max(-4, min(2, window.sentences[c] - window.sentences[k])) + 4
    distance = step(c - k)
    if p != q or tree.sentence_of[t] != tree.sentence_of[u]:
        return codes.paths.get("far", 1), codes.steps.get("far", 1), distance, apart
    walk = path_between(tree, t, u)
    if walk is None:
        return codes.paths.get("none", 1), codes.steps.get("none", 1), distance, apart
    path, steps = walk
    return codes.paths.get(path, 1), codes.steps.get(steps, 1), distance, apart


def step(distance: int) -> int:
    """A signed distance in tokens as one of 21 steps."""
    sign = 1 if distance > 0 else -1
    size = abs(distance)
    return 10 + sign * next((i + 1 for i, edge in enumerate(_STEPS) if size <= edge), 10)


def path_between(tree: Tree, a: int, b: int) -> tuple[str, str] | None:
    """Relations from `a` up to what it shares with `b` and down to `b`, and both lengths.

    None where the way is longer than eight steps on either side.
    """
    up = [a]
    while tree.heads[up[-1]] != up[-1] and len(up) < 8:
        up.append(tree.heads[up[-1]])
    at = {t: i for i, t in enumerate(up)}
    down: list[str] = []
    here = b
    while here not in at and len(down) < 7:
        if tree.heads[here] == here:
            return None
        down.append(tree.deps[here])
        here = tree.heads[here]
    if here not in at:
        return None
    climbed = [tree.deps[t] for t in up[: at[here]]]
    text = "".join(f"^{d}" for d in climbed) + "".join(f">{d}" for d in reversed(down))
    return text, f"{len(climbed)}/{len(down)}"

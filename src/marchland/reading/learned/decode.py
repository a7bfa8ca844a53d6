"""From what the network says to drafts of claims, and from drafts to the claims that stand.

A draft is a trigger with one subject, one object and one place, the grammar's finds among them. Its
chance of being what the text says is a logistic regression on what network and grammar say of it,
fitted on texts that the network was not trained on, so that the chance is one: of drafts at .8,
eight in ten are right. What is less likely than `Ranker.least`, or says again what a likelier one
near it says, is left out.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marchland.claims import PREDICATES, Kind, Modality, PlaceRef, Ref
from marchland.reading.findings import Finding
from marchland.reading.learned.features import MODALITIES, near
from marchland.reading.learned.windows import Passage, Window
from marchland.reading.modality import modality_at
from marchland.reading.tree import Tree

LEAST_TRIGGER = 0.2
_SUBJECT, _OBJECT, _PLACE, _SPEAKER = range(4)
_SURE = 0.7
_BEST = 0.1
_BEST_PLACE = 0.03
"""Of control and events; lower than for who and whom, since they happen somewhere."""
_ONE_SIDED = frozenset({"fights", "protects"})
"""Relations that say something with one side named alone."""
_MOST = 8
_MOST_DRAFTS = 24
_AGAIN = 260
_GRAMMAR_ONLY = 0.02
_ABOUT = 0.9
"""Chance that the place in the title of a report is that of a note which names none."""
_OFF = re.compile(r"\b(?:km|kilomet\w+|miles?|(?:north|south|east|west)\w*) of\b")
_SHOWN = (
    *("assaults", "captures", "holds", "part_of", "fights", "mobilizes", "presence"),
    *("threatens", "coerces", "backs", "leads", "consults", "contests"),
)


@dataclass(slots=True, kw_only=True)
class Scores:
    """What the network says of one window.

    Parameters
    ----------
    triggers
        Index of a token and a predicate, each asked about.
    p
        Chance that the token says the predicate, one a trigger.
    roles
        Logits, triggers x candidates x roles.
    nobody
        Logits of no subject and of no speaker, triggers x 2.
    firm
        Chances of each modality, triggers x modalities.
    """

    triggers: list[tuple[int, str]]
    p: NDArray[Any]
    roles: NDArray[Any]
    nobody: NDArray[Any]
    firm: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One who could fill a role: how likely, who, where named, whether in the same sentence."""

    p: float
    ref: Any
    at: tuple[int, int] | None
    here: bool


@dataclass(slots=True, kw_only=True)
class Draft:
    """A claim that a text may make.

    Parameters
    ----------
    passage, trigger
        Where it is said.
    finding
        The grammar's, where it found the very same.
    words
        Passage and token of the trigger and of what fills its roles.
    where
        Token of the place, where it stands in the trigger's passage.
    features
        What its chance is reckoned from.
    """

    passage: int
    trigger: int
    predicate: str
    subject: Ref | None
    object: Ref | None
    place: PlaceRef | None
    speaker: Ref | None
    modality: Modality
    finding: Finding | None
    words: tuple[tuple[int, int], ...]
    where: int | None
    features: NDArray[np.float64]
    p: float = 0.0

    @property
    def ids(self) -> tuple[str | None, ...]:
        return tuple(
            r.id if r is not None else None for r in (self.subject, self.object, self.place)
        )


def drafts(passages: Sequence[Passage], window: Window, scores: Scores) -> Iterator[Draft]:
    """Drafts of the claims that a window's own words may make."""
    by_token: dict[int, list[int]] = defaultdict(list)
    for row, (k, _) in enumerate(scores.triggers):
        by_token[k].append(row)
    for k, rows in by_token.items():
        p, t = window.tokens[k]
        told = [(f, s) for f, s in passages[p].spoken if f.trigger == t]
        for row in rows:
            predicate = scores.triggers[row][1]
            own = any(f.predicate == predicate for f, _ in told)
            if scores.p[row] >= LEAST_TRIGGER or own:
                others = [r for r in rows if r != row]
                yield from _of_trigger(passages, window, scores, row, others, told)


def _of_trigger(
    passages: Sequence[Passage],
    window: Window,
    scores: Scores,
    row: int,
    others: Sequence[int],
    told: Sequence[tuple[Finding, Ref | None]],
) -> Iterator[Draft]:
    k, predicate = scores.triggers[row]
    p, t = window.tokens[k]
    passage = passages[p]
    options = _options(passages, window, scores, row)
    subjects = [o for o in _ranked(options[_SUBJECT])[:1] if o.p >= _BEST]
    statement = predicate == "says"
    objects = [] if statement else _outer(_several(options[_OBJECT], _BEST), passages)
    kind = PREDICATES[predicate]
    somewhere = _BEST_PLACE if kind in (Kind.CONTROL, Kind.EVENT) else _BEST
    near_enough = {i: o for i, o in options[_PLACE].items() if o.here or o.p >= _BEST}
    places = [] if statement else _outer(_several(near_enough, somewhere), passages)
    whole = [f.place for f, _ in told if f.predicate == predicate and f.place is not None]
    places = [o for o in places if not any(_away_from(place, o.ref) for place in whole)]
    made: dict[tuple[str | None, ...], tuple[Option | None, ...]] = {}
    for s, o, w in product(_or_none(subjects), _or_none(objects), _or_none(places)):
        himself = o is not None and s is not None and o.ref.id == s.ref.id
        where_only = o is not None and w is not None and o.at == w.at
        picked = (s, None if himself or where_only else o, w)
        if _whole(predicate, picked) and len(made) < _MOST_DRAFTS:
            made[_ids(*picked)] = picked
    same: dict[tuple[str | None, ...], tuple[Finding, Ref | None]] = {}
    for found, said_by in told:
        if found.predicate != predicate:
            continue
        of_finding: tuple[Ref | PlaceRef | None, ...] = (found.subject, found.object, found.place)
        known = tuple(
            Option(_ABOUT, ref, None, True)
            if role == _PLACE and found.topical
            else _known(ref, options[role])
            for role, ref in enumerate(of_finding)
        )
        same[_ids(*known)] = found, said_by
        made.setdefault(_ids(*known), known)
    spoken_by = _ranked(options[_SPEAKER])
    nobody = 1 - sum(o.p for o in spoken_by)
    alike = [f for f, _ in told if near(f.predicate, predicate)]
    bordering = [scores.p[r] for r in others if near(scores.triggers[r][1], predicate)]
    best = [max((o.p for o in group.values()), default=0.0) for group in options[:3]]
    firm = MODALITIES[int(scores.firm[row].argmax())]
    if firm is Modality.ASSERTED:
        firm = modality_at(passage.tree, t)
    for ids, trio in made.items():
        finding: Finding | None
        speaker: Ref | None
        finding, speaker = same.get(ids, (None, None))
        features = _features(
            predicate=predicate,
            p=float(scores.p[row]),
            trio=trio,
            best=best,
            finding=finding,
            alike=alike,
            told=bool(told),
            other=max((float(scores.p[r]) for r in others), default=0.0),
            bordering=float(sum(bordering)),
            many=len(made),
            firm=float(scores.firm[row][0]),
            verb=passage.tree.pos[t] == "VERB",
            noun=passage.tree.pos[t] == "NOUN",
        )
        who, whom, where = (x.ref if x is not None else None for x in trio)
        if statement:
            speaker = who
        elif finding is None or finding.rule == "says":
            speaker = passage.voices[t]
            if spoken_by and spoken_by[0].p > max(nobody, 0.5):
                speaker = spoken_by[0].ref
            elif speaker is not None and nobody > 0.9:
                speaker = None
        yield Draft(
            passage=p,
            trigger=t,
            predicate=predicate,
            subject=who,
            object=whom,
            place=where,
            speaker=speaker,
            modality=finding.modality if finding is not None else firm,
            finding=finding,
            words=((p, t), *(x.at for x in trio if x is not None and x.at is not None)),
            where=_where(trio[2], p),
            features=features,
        )


def _whole(predicate: str, trio: Sequence[Option | None]) -> bool:
    """Whether enough is named to say something: of control a place, of a relation both sides."""
    kind = PREDICATES[predicate]
    if kind is Kind.CONTROL:
        return trio[_PLACE] is not None
    if kind is Kind.RELATION and predicate not in _ONE_SIDED:
        return trio[_OBJECT] is not None
    return any(trio)


def _where(place: Option | None, passage: int) -> int | None:
    """The token of a place, where it stands in this passage."""
    if place is None or place.at is None or place.at[0] != passage:
        return None
    return place.at[1]


def _options(
    passages: Sequence[Passage], window: Window, scores: Scores, row: int
) -> list[dict[str, Option]]:
    """Of each role, who could fill it, by id: chances of mentions of one id together."""
    k, _ = scores.triggers[row]
    roles, nobody = scores.roles[row], scores.nobody[row]
    actors = [passages[p].actors[t] for p, t in (window.tokens[c] for c in window.candidates)]
    here = [window.sentences[c] == window.sentences[k] for c in window.candidates]
    out: list[dict[str, Option]] = [{} for _ in range(4)]
    named = np.array([a is not None for a in actors], dtype=bool)
    for at, role in enumerate((_SUBJECT, _SPEAKER)):
        line = np.where(named, roles[:, role], -1e4)
        whole = np.append(line, nobody[at])
        shares = np.exp(whole - whole.max())
        shares /= shares.sum()
        for i in np.flatnonzero(shares[:-1] > 0.005):
            actor = actors[i]
            assert actor is not None
            at_token = window.tokens[window.candidates[i]]
            _add(out[role], Option(float(shares[i]), actor, at_token, here[i]), together=True)
    for role in (_OBJECT, _PLACE):
        chances = 1 / (1 + np.exp(-roles[:, role]))
        for i in np.flatnonzero(chances > 0.02):
            p, t = window.tokens[window.candidates[i]]
            refs = passages[p].places[t] if role == _PLACE else [actors[i]]
            for ref in refs:
                if ref is not None:
                    one = Option(float(chances[i]), ref, (p, t), here[i])
                    _add(out[role], one, together=False)
    return out


def _add(group: dict[str, Option], one: Option, *, together: bool) -> None:
    had = group.get(one.ref.id)
    if had is None:
        group[one.ref.id] = one
    elif together:
        best = one if one.p > had.p else had
        group[one.ref.id] = replace(best, p=had.p + one.p, here=had.here or one.here)
    elif one.p > had.p:
        group[one.ref.id] = one


def _ranked(group: Mapping[str, Option]) -> list[Option]:
    return sorted(group.values(), key=lambda o: -o.p)


def _several(group: Mapping[str, Option], least: float) -> list[Option]:
    """Those likely enough; else the likeliest, where it is not too unlikely."""
    ranked = _ranked(group)
    sure = [o for o in ranked[:_MOST] if o.p >= _SURE]
    return sure or [o for o in ranked[:1] if o.p >= least]


def _outer(options: list[Option], passages: Sequence[Passage]) -> list[Option]:
    """One of what names one thing: of "villages west of Mosul" not Mosul, which it is not, but of
    "a village near Mosul" without a name and without a point on the map, what is known."""
    left: set[tuple[int, int] | None] = set()
    for inner in options:
        for outer in options:
            if inner.at is None or outer.at is None or inner.at[0] != outer.at[0]:
                continue
            inside = outer.at[1] in _around(passages[inner.at[0]].tree, inner.at[1])
            if inside or _away_from(outer.ref, inner.ref):
                left.add(outer.at if inner.ref.resolved and _vague(outer.ref) else inner.at)
    return [o for o in options if o.at not in left]


def _away_from(outer: Ref | PlaceRef, inner: Ref | PlaceRef) -> bool:
    """Whether one mention is some way off another: "70 km north of al-Tanf" off al-Tanf."""
    whole, part = (outer.text or "").casefold(), (inner.text or "").casefold()
    return bool(part) and whole.endswith(f" {part}") and _OFF.search(whole) is not None


def _vague(ref: Ref | PlaceRef) -> bool:
    """Whether a mention tells nothing that could be looked up: "the village", "territory"."""
    placed = isinstance(ref, PlaceRef) and ref.lat is not None
    return not ref.resolved and not placed and ref.name.islower()


def _around(tree: Tree, token: int) -> Iterator[int]:
    """Heads of the phrases that a word stands inside; items of a list stand beside each other."""
    while tree.heads[token] != token:
        listed = tree.deps[token] == "conj"
        token = tree.heads[token]
        if tree.pos[token] in ("VERB", "AUX"):
            return
        if not listed:
            yield token


def _known(ref: Any, group: Mapping[str, Option]) -> Option | None:
    if ref is None:
        return None
    had = group.get(ref.id)
    if had is None:
        return Option(_GRAMMAR_ONLY, ref, None, True)
    return replace(had, ref=ref)


def _or_none(options: list[Option]) -> list[Option | None]:
    return [*options] or [None]


def _ids(*trio: Option | None) -> tuple[str | None, ...]:
    return tuple(o.ref.id if o is not None else None for o in trio)


def _logit(p: float) -> float:
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def _features(
    *,
    predicate: str,
    p: float,
    trio: Sequence[Option | None],
    best: Sequence[float],
    finding: Finding | None,
    alike: Sequence[Finding],
    told: bool,
    other: float,
    bordering: float,
    many: int,
    firm: float,
    verb: bool,
    noun: bool,
) -> NDArray[np.float64]:
    row: list[float] = [_logit(p), p, other, bordering, math.log(many), firm, verb, noun]
    for option, top in zip(trio, best, strict=True):
        if option is None:
            row += [0.0, 1.0, 0.0, 0.0, 0.0, _logit(top)]
        else:
            row += [
                *(_logit(option.p), 0.0, float(not option.here), float(option.ref.resolved)),
                _logit(max(top, option.p)) - _logit(option.p),
                0.0,
            ]
    shared = [
        sum(
            a is not None and b is not None and a.id == b.ref.id
            for a, b in zip((f.subject, f.object, f.place), trio, strict=True)
        )
        for f in alike
    ]
    row += [
        finding is not None,
        finding.prior if finding is not None else 0.0,
        finding is not None and finding.rule.startswith("role"),
        bool(alike),
        max(shared, default=0),
        told and not alike,
    ]
    kind = PREDICATES[predicate]
    row += [kind is Kind.CONTROL, kind is Kind.RELATION, predicate == "says"]
    row += [predicate == shown for shown in _SHOWN]
    row += [_logit(p) * (finding is not None), _logit(p) * (kind is Kind.CONTROL)]
    return np.array(row, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranker:
    """The chance of a draft, and which drafts stand.

    Parameters
    ----------
    mean, scale, weights, bias
        Of a logistic regression on scaled features.
    least
        Chance below which a draft is left out.
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float
    least: float

    def chances(self, drafts_: Sequence[Draft]) -> NDArray[np.float64]:
        if not drafts_:
            return np.zeros(0)
        x = (np.vstack([d.features for d in drafts_]) - self.mean) / self.scale
        out: NDArray[np.float64] = 1 / (1 + np.exp(-(x @ self.weights + self.bias)))
        return out

    def standing(
        self, drafts_: Sequence[Draft], position: Callable[[int, int], int]
    ) -> list[Draft]:
        """The drafts that stand, in the order of the text, each with its chance.

        Parameters
        ----------
        position
            Passage and token to where it stands in the report, in characters.
        """
        chances = self.chances(drafts_)
        kept: list[tuple[int, Draft]] = []
        for i in np.argsort(-chances, kind="stable"):
            if chances[i] < self.least:
                break
            draft = drafts_[i]
            at = position(draft.passage, draft.trigger)
            if not any(_again(draft, at, d, b) for b, d in kept):
                kept.append((at, replace(draft, p=float(chances[i]))))
        kept.sort(key=lambda pair: pair[0])
        return [d for _, d in kept]

    def to_json(self) -> dict[str, Any]:
        return {
            "mean": [round(float(v), 6) for v in self.mean],
            "scale": [round(float(v), 6) for v in self.scale],
            "weights": [round(float(v), 6) for v in self.weights],
            "bias": round(self.bias, 6),
            "least": self.least,
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Ranker":
        return cls(
            mean=np.array(record["mean"]),
            scale=np.array(record["scale"]),
            weights=np.array(record["weights"]),
            bias=record["bias"],
            least=record["least"],
        )


def _again(draft: Draft, at: int, other: Draft, there: int) -> bool:
    """Whether a draft says no more than a likelier one near it.

    Notes of a place's story do: it may have been taken by the same twice.
    """
    notes = [d.finding is not None and d.finding.topical for d in (draft, other)]
    if all(notes) and draft.trigger != other.trigger:
        return False
    if abs(at - there) > _AGAIN or not near(draft.predicate, other.predicate):
        return False
    return all(a == b or a is None or b is None for a, b in zip(draft.ids, other.ids, strict=True))

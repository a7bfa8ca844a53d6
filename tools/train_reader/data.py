"""Windows of marked texts as tensors."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from tools.train_reader.align import Text
from tools.train_reader.gold import Marked
from torch import Tensor

from marchland.reading.learned.features import (
    MODALITIES,
    ROLES,
    Codes,
    Known,
    grammar_modality,
    known_in,
    pair_features,
    path_between,
    token_features,
)
from marchland.reading.learned.windows import Passage, Window

CONTROL = frozenset({"holds", "captures", "loses", "contests", "presence"})
_MASK = 103
_PARTLY = {"claims_dev": 0.5, "invented": 0.3}
"""What an unmarked word counts in sets that are marked less exhaustively."""
_RARE_PATH = 8
_RARE = 5
_FIRM = {m.value: i for i, m in enumerate(MODALITIES)}


@dataclass(slots=True, kw_only=True)
class Entity:
    """Something that fills a role: the candidates that name it; none where the text has none."""

    candidates: list[int]
    asked: bool = True


@dataclass(slots=True, kw_only=True)
class Case:
    """A window with what is right about it.

    Parameters
    ----------
    labels, weights
        Tokens x predicates.
    filled
        Of each trigger and role, the entities that fill it.
    fits
        Candidates x roles: whether one can fill it at all.
    """

    tokens: dict[str, Tensor]
    labels: Tensor
    weights: Tensor
    pairs: dict[str, Tensor] | None
    filled: list[list[list[Entity]]]
    fits: Tensor
    modality: Tensor


def codes_of(texts: Sequence[Text], predicates: Sequence[str]) -> Codes:
    """Numbers for the symbols that the training texts use often enough."""
    relations: Counter[str] = Counter()
    paths: Counter[str] = Counter({"far": 99, "none": 99})
    steps: Counter[str] = Counter({"far": 99, "none": 99})
    for text in texts:
        for passage in text.passages:
            relations.update(passage.tree.deps)
        for window, said in zip(text.windows, text.said, strict=True):
            for k, _ in said:
                p, t = window.tokens[k]
                tree = text.passages[p].tree
                for c in window.candidates:
                    q, u = window.tokens[c]
                    if p == q and tree.sentence_of[t] == tree.sentence_of[u]:
                        walk = path_between(tree, t, u)
                        if walk is not None:
                            paths[walk[0]] += 1
                            steps[walk[1]] += 1
    return Codes(
        predicates=tuple(predicates),
        relations=_numbers(relations, _RARE),
        paths=_numbers(paths, _RARE_PATH),
        steps=_numbers(steps, _RARE_PATH),
    )


def _numbers(counts: Counter[str], least: int) -> dict[str, int]:
    kept = sorted(k for k, n in counts.items() if n >= least)
    return {k: i + 2 for i, k in enumerate(kept)}


def tensors(
    passages: Sequence[Passage],
    window: Window,
    triggers: Sequence[tuple[int, str]],
    codes: Codes,
    known: Known,
) -> dict[str, Tensor]:
    """What `Network.heads` asks for."""
    arrays = pair_features(passages, window, triggers, codes, known)
    number = {p: i for i, p in enumerate(codes.predicates)}
    return {
        **{k: torch.from_numpy(v) for k, v in arrays.items()},
        "token": torch.tensor([k for k, _ in triggers]),
        "predicate": torch.tensor([number[p] for _, p in triggers]),
        "candidate": torch.tensor(window.candidates, dtype=torch.long),
        "told": torch.tensor([grammar_modality(passages, window, k) for k, _ in triggers]),
    }


def cases(text: Text, codes: Codes) -> list[Case]:
    """The windows of a text for training."""
    known = known_in(text.passages)
    made = []
    for number, window in enumerate(text.windows):
        said = text.said[number]
        labels = torch.zeros(len(window.tokens), len(codes.predicates))
        weights = torch.ones_like(labels)
        weights[: window.own] = 0
        column = {p: i for i, p in enumerate(codes.predicates)}
        for k, p in said:
            labels[k, column[p]] = 1
        for k, p in text.unsure[number] - set(said):
            weights[k, column[p]] = 0
        if text.of_set == "control_dev":  # only who holds what is marked there
            for p in codes.predicates:
                if p not in CONTROL:
                    weights[:, column[p]] = 0
        if text.of_set in _PARTLY:
            weights = torch.where(labels > 0, weights, weights * _PARTLY[text.of_set])
        fits = torch.zeros(len(window.candidates), len(ROLES), dtype=torch.bool)
        for i, c in enumerate(window.candidates):
            p, t = window.tokens[c]
            actor = text.passages[p].actors[t] is not None
            fits[i] = torch.tensor([actor, actor, bool(text.passages[p].places[t]), actor])
        triggers = list(said) if window.candidates else []
        firm = [_FIRM.get(said[t][0].modality, -1) for t in triggers]
        made.append(
            Case(
                tokens=_tokens(text.passages, window, codes),
                labels=labels,
                weights=weights,
                pairs=tensors(text.passages, window, triggers, codes, known) if triggers else None,
                filled=[_filled(text, window, said[t]) for t in triggers],
                fits=fits,
                modality=torch.tensor(firm),
            )
        )
    return made


def _tokens(passages: Sequence[Passage], window: Window, codes: Codes) -> dict[str, Tensor]:
    arrays = token_features(passages, window, codes)
    proper = [passages[p].tree.pos[t] == "PROPN" for p, t in window.tokens]
    return {
        **{k: torch.from_numpy(v) for k, v in arrays.items()},
        "pieces": torch.from_numpy(window.pieces),
        "firsts": torch.from_numpy(window.firsts),
        "proper": torch.tensor(proper),
    }


def _filled(text: Text, window: Window, claims: Sequence[Marked]) -> list[list[Entity]]:
    roles: list[list[Entity]] = []
    for role in ROLES:
        entities = []
        seen: set[tuple[str, ...]] = set()
        for claim in claims:
            names = claim.names(role)
            if names and names not in seen:
                seen.add(names)
                entities.append(Entity(candidates=_naming(text, window, names, role)))
            for other in claim.besides if role == "subject" else ():
                entities.append(
                    Entity(candidates=_naming(text, window, (other,), role), asked=False)
                )
        roles.append(entities)
    return roles


def _naming(text: Text, window: Window, names: tuple[str, ...], role: str) -> list[int]:
    found = []
    for i, c in enumerate(window.candidates):
        p, t = window.tokens[c]
        passage = text.passages[p]
        refs: Sequence[Any] = passage.places[t] if role == "place" else [passage.actors[t]]
        if text.scorer.agrees(names, refs):
            found.append(i)
    return found


def batch(
    cases_: Sequence[Case], *, hidden: float = 0.0, hidden_names: float = 0.0
) -> dict[str, Tensor]:
    """Windows side by side, some of their pieces hidden so that no name is learned by heart."""
    width = max(len(c.tokens["pieces"]) for c in cases_)
    length = max(len(c.tokens["firsts"]) for c in cases_)
    n = len(cases_)
    out = {
        "pieces": torch.zeros(n, width, dtype=torch.long),
        "mask": torch.zeros(n, width, dtype=torch.long),
        "found": torch.zeros(n, length, 3, dtype=torch.long),
        **{k: torch.zeros(n, length, dtype=torch.long) for k in ("firsts", "pos", "dep", "names")},
    }
    for i, case in enumerate(cases_):
        pieces, size = case.tokens["pieces"].clone(), len(case.tokens["firsts"])
        if hidden or hidden_names:
            rate = torch.full(pieces.shape, hidden)
            rate[case.tokens["firsts"][case.tokens["proper"]]] = hidden_names
            rate[0] = rate[-1] = 0.0
            pieces[torch.rand(pieces.shape) < rate] = _MASK
        out["pieces"][i, : len(pieces)] = pieces
        out["mask"][i, : len(pieces)] = 1
        for k in ("firsts", "pos", "dep", "names", "found"):
            out[k][i, :size] = case.tokens[k]
    return out

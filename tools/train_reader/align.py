"""Which word of a text says a hand-marked claim.

The gold points at a stretch of words, often one item of a list. The word that says the claim is
looked for in the sentence around it, by expectation maximisation over which lemmas say which
predicate (the first model of Brown et al. 1993), with the grammar's own finds as a hint.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.train_reader.gold import Marked, Scorer

from marchland.reading.learned.features import near
from marchland.reading.learned.windows import Passage, Window

_WEIGHT = {
    "VERB": 1.0,
    "NOUN": 0.8,
    "ADJ": 0.5,
    "PROPN": 0.15,
    "ADV": 0.1,
    "AUX": 0.06,
    "ADP": 0.02,
}
_ROUNDS = 8
_DOUBT = 0.1


@dataclass(slots=True, kw_only=True)
class Text:
    """A report ready for training: its windows, and its marked claims by window and trigger.

    Parameters
    ----------
    scorer
        Which names agree.
    offsets
        Of each passage, the characters of the original text of each token.
    said
        Of each window, token and predicate to the claims said there.
    unsure
        Of each window, tokens and predicates that may or may not say one.
    """

    name: str
    of_set: str
    scorer: Scorer
    passages: list[Passage]
    offsets: list[list[tuple[int, int]]]
    windows: list[Window]
    marked: list[Marked]
    said: list[dict[tuple[int, str], list[Marked]]] = field(default_factory=list)
    unsure: list[set[tuple[int, str]]] = field(default_factory=list)


def align(texts: Sequence[Text], predicates: Sequence[str]) -> None:
    """Fill `said` and `unsure` of every text."""
    known = set(predicates)
    spread: Counter[str] = Counter()
    places: list[tuple[Text, int, Marked, list[tuple[int, str, float]]]] = []
    for text in texts:
        text.said = [{} for _ in text.windows]
        text.unsure = [set() for _ in text.windows]
        for passage in text.passages:
            spread.update(lemma.lower() for lemma in passage.tree.lemmas)
        for claim in text.marked:
            if claim.span is None or claim.predicate not in known:
                continue
            at = _window(text, claim.span)
            if at is not None:
                places.append((text, at[0], claim, _options(text, *at, claim)))
    total = sum(spread.values())
    says: dict[str, dict[str, float]] = {}

    def weight(predicate: str, lemma: str) -> float:
        if not says:
            return 1.0
        x = says[predicate].get(lemma, 1e-4)
        return x * x / (x + 4 * spread[lemma] / total)

    for _ in range(_ROUNDS):
        counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for _text, _at, claim, options in places:
            shares = [w * weight(claim.predicate, lemma) for _, lemma, w in options]
            for (_, lemma, _), share in zip(options, shares, strict=True):
                counts[claim.predicate][lemma] += share / sum(shares)
        says = {
            p: {lemma: (v + 0.02) / (sum(c.values()) + 5) for lemma, v in c.items()}
            for p, c in counts.items()
        }
    for text, number, claim, options in places:
        shares = [w * weight(claim.predicate, lemma) for _, lemma, w in options]
        best = options[max(range(len(shares)), key=shares.__getitem__)][0]
        silent = claim.optional or (claim.statement and not claim.speaker)
        if silent:
            text.unsure[number].add((best, claim.predicate))
            continue
        text.said[number].setdefault((best, claim.predicate), []).append(claim)
        for (k, _, _), share in zip(options, shares, strict=True):
            if k != best and share > _DOUBT * sum(shares):
                text.unsure[number].add((k, claim.predicate))


def _window(text: Text, span: tuple[int, int]) -> tuple[int, list[int]] | None:
    """The window that holds most of a stretch, and the tokens it holds."""
    best: tuple[int, list[int]] | None = None
    for number, window in enumerate(text.windows):
        inside = []
        for k in range(window.own, len(window.tokens)):
            p, t = window.tokens[k]
            begin, end = text.offsets[p][t]
            if begin < span[1] and end > span[0]:
                inside.append(k)
        if inside and (best is None or len(inside) > len(best[1])):
            best = number, inside
    return best


def _options(
    text: Text, number: int, inside: list[int], claim: Marked
) -> list[tuple[int, str, float]]:
    """Tokens that could say a claim: index, lemma, weight before any lemma is known."""
    if claim.exact:
        p, t = text.windows[number].tokens[inside[0]]
        return [(inside[0], text.passages[p].tree.lemmas[t].lower(), 1.0)]
    window = text.windows[number]
    sentences = {window.sentences[k] for k in inside}
    above = {
        (p, a)
        for p, t in (window.tokens[k] for k in inside)
        for a in text.passages[p].tree.ancestors(t)
    }
    options = []
    held = set(inside)
    for k in range(window.own, len(window.tokens)):
        if window.sentences[k] not in sentences:
            continue
        p, t = window.tokens[k]
        passage = text.passages[p]
        w = _WEIGHT.get(passage.tree.pos[t], 0.0)
        if not w:
            continue
        if passage.actors[t] is not None or passage.places[t]:
            w *= 0.4
        if k not in held:
            away = min(abs(k - inside[0]), abs(k - inside[-1]))
            w *= 0.35 * math.exp(-away / 12) * (2 if (p, t) in above else 1)
        w *= _hint(text.scorer, passage, t, claim)
        options.append((k, passage.tree.lemmas[t].lower(), w))
    return options or [(inside[-1], "?", 1.0)]


def _hint(scorer: Scorer, passage: Passage, token: int, claim: Marked) -> float:
    """How much the grammar's find at a token speaks for it."""
    for finding, speaker in passage.spoken:
        if finding.trigger != token or not near(finding.predicate, claim.predicate):
            continue
        if claim.statement:
            return 24.0 if scorer.agrees(claim.speaker, [speaker]) else 4.0
        fits = all(
            not names or scorer.agrees(names, [ref])
            for names, ref in (
                (claim.subject, finding.subject),
                (claim.object, finding.object),
                (claim.place, finding.place),
            )
        )
        return 24.0 if fits else 4.0
    return 1.0

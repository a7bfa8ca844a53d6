"""What the reader's errors have in common: constructions and causes, told by rule.

A construction is read from the parse of the stretch that a claim points at and from the gold's own
fields; a claim can be of several. A cause says what the nearest claim on the other side has
otherwise. Both are counted for gold claims (recall) and for predictions (precision).
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from bench._gold import Row, Scored
from marchland.reading.phrases import hyphen_modifiers
from marchland.reading.reader import language_model
from marchland.reading.tree import Tree, tree_of
from marchland.reading.words import grammar, words

_QUOTES = '"“”„«»'
_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ial)|not|never|no|neither|nor|n't|without)\b", re.I
)
_PRONOUNS = frozenset(
    [*("he", "she", "it", "they", "we", "i", "him", "her", "them", "us", "his", "its", "their"),
     *("our", "my", "who", "whom", "which", "itself", "themselves")]
)  # fmt: skip
PLAIN = "plain clause"


class Parsed:
    """A document's paragraphs as trees, found by character offset."""

    def __init__(self, text: str) -> None:
        nlp = language_model(None)
        self.text = text
        spans = [m.span() for m in re.finditer(r"[^\n]+", text)]
        self.starts = [a for a, _ in spans]
        self.ends = [b for _, b in spans]
        self.trees = [tree_of(doc) for doc in nlp.pipe([text[a:b] for a, b in spans])]

    def at(self, begin: int, end: int) -> tuple[int, Tree, int, int] | None:
        """Number of the paragraph, its tree and the first and last token of a stretch."""
        number = max(bisect_right(self.starts, begin) - 1, 0)
        if not self.trees or begin >= self.ends[number]:
            return None
        tree, start = self.trees[number], self.starts[number]
        inside = [
            t for t in range(len(tree))
            if tree.ends[t] > begin - start and tree.begins[t] < end - start
        ]  # fmt: skip
        return (number, tree, inside[0], inside[-1]) if inside else None


def place_of(claim: Row) -> tuple[int, int] | None:
    """The stretch of text that a gold claim or a prediction points at."""
    if claim.get("at"):
        return tuple(claim["at"])
    if claim.get("begin") is not None:
        return claim["begin"], claim["end"]
    return None


def constructions(claim: Row, parsed: Parsed, scorer: ModuleType) -> list[str]:
    """Names of the constructions that a claim is told in; `PLAIN` alone where none."""
    spot = place_of(claim)
    found = parsed.at(*spot) if spot else None
    if found is None:
        return ["place in the text not found"]
    number, tree, first, last = found
    sentence = tree.sentences[tree.sentence_of[first]]
    told = list(
        dict.fromkeys(
            [*_told(tree, first, last), *_arguments(claim, tree, sentence, parsed, scorer)]
        )
    )
    verbless = not any(tree.pos[t] in ("VERB", "AUX") for t in range(*sentence))
    if (number == 0 or verbless) and (
        len(tree.sentences) == 1 and tree.words[-1] not in (".", "!", "?")
    ):
        told.append("headline or verbless line")
    if claim.get("modality") == "denied" or _DENIAL.search(tree.span_text(first, last)):
        told.append("negation or denial")
    if claim.get("modality") == "intended":
        told.append("intention or threat")
    before = tree.text[: tree.begins[first]]
    if sum(before.count(q) for q in _QUOTES) % 2:
        told.append("quotation")
    verbs = [t for t in (first, *tree.ancestors(first)) if tree.lemmas[t] in words("say")]
    if len(verbs) > 1:
        told.append("nested attribution")
    elif claim.get("speaker"):
        told.append("attribution")
    return told or [PLAIN]


def _told(tree: Tree, first: int, last: int) -> Iterator[str]:
    inside = range(first, last + 1)
    verbs = [t for t in inside if tree.pos[t] == "VERB"]
    if any(d in ("nsubjpass", "auxpass", "agent") for t in inside for d in [tree.deps[t]]) or any(
        tree.deps[c] in ("nsubjpass", "auxpass") for v in verbs for c in tree.children[v]
    ):
        yield "passive"
    if any(tree.deps[t] == "acl" and tree.tags[t] == "VBN" for t in inside):
        yield "participle after the noun"
    if not verbs:
        yield "nominal event or name alone"
    if any(tree.deps[t] == "relcl" for t in inside) or any(
        tree.deps[a] == "relcl" for a in tree.ancestors(first)
    ):
        yield "relative clause"
    if any(tree.deps[t] == "appos" for t in inside):
        yield "apposition"
    tails = grammar().tails
    if any(
        tree.words[tail].lower() in tails
        for t in inside
        if tree.pos[t] in ("NOUN", "PROPN")
        for _, tail in hyphen_modifiers(tree, t)
    ):
        yield "hyphenated holder or backer"
    chain = max((len(tree.conjuncts(t)) for t in inside if tree.pos[t] in ("NOUN", "PROPN")),
                default=0)  # fmt: skip
    if chain > 2:
        yield "list"
    elif chain == 2:
        yield "coordination"
    if any(tree.deps[t] == "conj" for t in verbs):
        yield "coordinated verbs"
    if any(tree.deps[t] == "xcomp" for t in verbs):
        yield "verb under a verb"


def _arguments(
    claim: Row, tree: Tree, sentence: tuple[int, int], parsed: Parsed, scorer: ModuleType
) -> Iterator[str]:
    if not isinstance(claim.get("subject"), list):  # a prediction
        parts = [claim.get(k) or {} for k in ("subject", "object", "place")]
        if any(str(p.get("id", "")).startswith("?") for p in parts if p):
            yield "unresolved name"
        if any(str(p.get("text") or "").lower() in _PRONOUNS for p in parts if p):
            yield "pronoun or definite phrase"
        if not claim.get("subject") and claim.get("predicate") != "says":
            yield "no agent"
        return
    here = set(scorer.words(tree.span_text(sentence[0], sentence[1] - 1)))
    whole = set(scorer.words(tree.text))
    document = set(scorer.words(parsed.text))
    for role in ("subject", "object", "place"):
        asked = [scorer.words(n) for n in claim[role]]
        if not asked or any(n <= here for n in asked):
            continue
        pointing = any(
            tree.words[t].lower() in _PRONOUNS
            or (tree.deps[t] == "det" and tree.lemmas[t] in ("the", "this", "these", "that"))
            for t in range(*sentence)
        )
        if any(n <= whole for n in asked):
            yield "argument in another sentence of the paragraph"
        elif any(n <= document for n in asked):
            yield "argument in another paragraph"
        else:
            yield "argument in other words than the text's"
        if pointing:
            yield "pronoun or definite phrase"
    if not claim["subject"] and claim["type"] != "statement":
        yield "no agent"


def cause(claim: Row, others: Sequence[Row], scorer: ModuleType, *, gold: bool) -> str:
    """Why a claim matched nothing: what the nearest on the other side has otherwise."""
    pairs = [(claim, o) if gold else (o, claim) for o in others]
    near = [(g, p) for g, p in pairs if scorer.close(g, p)]
    wrong: list[list[str]] = []
    for g, p in near:
        if g["type"] == "statement":
            parts = [] if scorer.fits(g, p, "core") else ["speaker"]
        else:
            parts = [r for r in ("subject", "object", "place") if not scorer.agree(g[r], p.get(r))]
        if not scorer.near(scorer.canon(g["predicate"]), scorer.canon(p["predicate"])):
            parts.append("predicate")
        wrong.append(parts)
    if not near:
        return "nothing near"
    best = min(wrong, key=lambda parts: (len(parts), "predicate" in parts))
    if not best:
        return "taken by another claim"
    if len(best) == 1:
        missing = ""
        if best[0] != "predicate":
            ours = [p for (_, p), parts in zip(near, wrong, strict=True) if parts == best]
            missing = "no " if not any(p.get(best[0]) for p in ours) else "wrong "
        return f"{missing or 'wrong '}{best[0]}"
    return "two or more parts wrong" if "predicate" not in best else "another claim altogether"


class Listing:
    """Counts of constructions and causes over the documents of a set."""

    def __init__(self) -> None:
        self.found: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.made: Counter[str] = Counter()
        self.missed_for: Counter[str] = Counter()
        self.wrong_for: Counter[str] = Counter()
        self.samples: dict[str, list[str]] = defaultdict(list)

    def add(
        self,
        scored: Mapping[str, Scored],
        texts: Mapping[str, str],
        gold: Mapping[str, Sequence[Row]],
        predicted: Mapping[str, Sequence[Row]],
        scorer: ModuleType,
        parsed: dict[str, Parsed],
    ) -> None:
        """Count one set."""
        for doc, one in scored.items():
            if doc not in parsed:
                parsed[doc] = Parsed(texts[doc])
            page = parsed[doc]
            for claim, ours in one.hits:
                self.asked.update(kinds := constructions(claim, page, scorer))
                self.found.update(kinds)
                self.made.update(kinds := constructions(ours, page, scorer))
                self.right.update(kinds)
            for claim in one.missed:
                kinds = constructions(claim, page, scorer)
                why = cause(claim, predicted.get(doc, ()), scorer, gold=True)
                self.asked.update(kinds)
                self.missed_for[why] += 1
                self._sample("missed", kinds, why, claim, str(claim.get("anchor")))
            for claim in one.wrong:
                kinds = constructions(claim, page, scorer)
                why = cause(claim, gold[doc], scorer, gold=False)
                self.made.update(kinds)
                self.wrong_for[why] += 1
                self._sample("wrong", kinds, why, claim, str(claim.get("quote")))

    def _sample(self, what: str, kinds: Iterable[str], why: str, claim: Row, text: str) -> None:
        line = (
            f"{claim['predicate']}({_shown(claim.get('subject'))}; {_shown(claim.get('object'))}; "
            f"{_shown(claim.get('place'))})  [{why}]  {text[:140]!r}"
        )
        for kind in kinds:
            self.samples[f"{what}: {kind}"].append(line)

    def table(self) -> Iterator[str]:
        """The tables as lines."""
        yield f"{'construction':46} {'gold':>5} {'recall':>7} {'made':>6} {'precision':>9}"
        for kind, n in self.asked.most_common():
            made = self.made[kind]
            right = f"{self.right[kind] / made:9.3f}" if made else " " * 9
            yield f"{kind:46} {n:5} {self.found[kind] / n:7.3f} {made:6} {right}"
        for title, counts in (("missed", self.missed_for), ("wrong", self.wrong_for)):
            total = sum(counts.values())
            yield f"{title}: " + ", ".join(
                f"{why} {n} ({n / total:.0%})" for why, n in counts.most_common()
            )

    def listed(self, n: int) -> Iterator[str]:
        """`n` samples of each construction, missed and wrong, spread over the set."""
        for kind, lines in sorted(self.samples.items()):
            yield f"-- {kind} ({len(lines)})"
            step = max(len(lines) // n, 1)
            yield from (f"   {line}" for line in lines[::step][:n])

    def figures(self) -> dict[str, Any]:
        """Counts alone, without text."""
        return {
            kind: {
                "gold": n,
                "found": self.found[kind],
                "made": self.made[kind],
                "right": self.right[kind],
            }
            for kind, n in self.asked.most_common()
        }


def _shown(part: Any) -> str:
    if isinstance(part, list):
        return str(part[0]) if part else "-"
    return f"{part.get('name')}={part.get('id')}" if part else "-"

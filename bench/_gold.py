"""Hand-marked texts and their scorer: documents, folds, figures that add up by document.

The scorer is the script given; its own functions are used, so that its rule for a match is the
only one. Counts are kept by document: a pool, a fold or a predicate is a sum of them.
"""

import hashlib
import importlib.util
import json
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from marchland.claims import Report, Source
from marchland.dates import parse_day
from marchland.errors import BadInput
from marchland.reading.files import Document

SETS = ("claims_dev", "claims_more", "control_dev")
LEVELS = ("core", "full", "control", "loose")

Row = dict[str, Any]


def rows(path: Path) -> list[Row]:
    """The objects of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def document(id: str, text: str, *, publisher: str = "?", day: str | None = None) -> Document:
    """A text as a document titled with its id."""
    try:
        published = parse_day(day) if day else None
    except BadInput:
        published = None
    report = Report.of(
        text.encode(),
        title=id,
        source=Source(id=publisher.lower().replace(" ", "-"), name=publisher),
        published=published,
    )
    return Document(report=report, text=text, body=0)


def documents(gold: Path) -> list[Document]:
    """The texts of the claim files, each titled with its id."""
    return [
        document(row["id"], row["text"], publisher=row["publisher"], day=row.get("date"))
        for row in rows(gold / "docs_dev.jsonl")
    ]


def fold_of(id: str, k: int = 5) -> int:
    """The fold of a document: by a hash of its id, the same on every machine and in every run."""
    return int.from_bytes(hashlib.sha256(id.encode()).digest()[:8], "big") % k


def folds(docs: Iterable[str], k: int = 5) -> list[list[str]]:
    """Document ids dealt into `k` folds; where an id goes depends on no other."""
    dealt: list[list[str]] = [[] for _ in range(k)]
    for doc in sorted(set(docs)):
        dealt[fold_of(doc, k)].append(doc)
    return dealt


def load_scorer(path: Path) -> ModuleType:
    """The scorer script as a module."""
    spec = importlib.util.spec_from_file_location("score_claims", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python script; give the scorer with --score.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(slots=True)
class Count:
    """Matched, predicted and gold; precision, recall and F1 of them."""

    matched: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, other: "Count") -> None:
        self.matched += other.matched
        self.predicted += other.predicted
        self.gold += other.gold

    @property
    def precision(self) -> float:
        return self.matched / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.matched / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        both = self.predicted + self.gold
        return 2 * self.matched / both if both else 0.0

    def figures(self) -> dict[str, float]:
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "matched": self.matched,
            "predicted": self.predicted,
            "gold": self.gold,
        }


@dataclass(slots=True)
class Scored:
    """What the scorer says of one document of one set.

    Parameters
    ----------
    hits
        Core matches: gold claim and prediction.
    missed, wrong
        Gold claims that nothing matched; predictions that matched nothing and are counted wrong.
    by_predicate
        Counts at the core level, of the gold's and the predictions' own predicates.
    """

    levels: dict[str, Count]
    speakers: int = 0
    modalities: int = 0
    hits: list[tuple[Row, Row]] = field(default_factory=list)
    missed: list[Row] = field(default_factory=list)
    wrong: list[Row] = field(default_factory=list)
    by_predicate: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))


class Gold:
    """One file of gold claims with the texts they are marked in."""

    def __init__(self, name: str, folder: Path, scorer: ModuleType) -> None:
        self.name, self.scorer = name, scorer
        claims = rows(folder / f"{name}.jsonl")
        texts = {r["id"]: r["text"] for r in rows(folder / "docs_dev.jsonl")}
        scorer.locate(claims, texts)
        self.by_doc: dict[str, list[Row]] = defaultdict(list)
        for claim in claims:
            self.by_doc[claim["doc"]].append(claim)

    def score(self, doc: str, predicted: Sequence[Row]) -> Scored:
        """One document's counts, by the rule of the scorer's own main part."""
        s, gold = self.scorer, self.by_doc[doc]
        found = Scored({})
        for level in LEVELS:
            g, p = list(gold), list(predicted)
            if level == "control":
                g = [x for x in g if self.is_control(x) and x["type"] == "control"]
                p = [x for x in p if self.is_control(x) and x.get("modality") != "intended"]
            rule = "core" if level == "control" else level
            asked = [x for x in g if not x.get("optional")]
            hit = s.assign(asked, p, rule)
            used = set(hit.values())
            rest = [x for j, x in enumerate(p) if j not in used]
            beside = [
                x for x in gold
                if x.get("optional") or (level == "control" and x["type"] != "control")
            ]  # fmt: skip
            beside += [{**x, "subject": [w]} for x in asked for w in x.get("with") or []]
            excused = s.assign(beside, rest, rule)
            found.levels[level] = Count(len(hit), len(p) - len(excused), len(asked))
            if level == "core":
                spared = set(excused.values())
                found.hits = [(asked[i], p[j]) for i, j in hit.items()]
                found.missed = [x for i, x in enumerate(asked) if i not in hit]
                found.wrong = [x for j, x in enumerate(rest) if j not in spared]
                found.speakers = sum(s.same_speaker(a, b) for a, b in found.hits)
                found.modalities = sum(s.same_modality(a, b) for a, b in found.hits)
                for a, _ in found.hits:
                    found.by_predicate[s.canon(a["predicate"])].add(Count(1, 1, 1))
                for a in found.missed:
                    found.by_predicate[s.canon(a["predicate"])].add(Count(0, 0, 1))
                for b in found.wrong:
                    found.by_predicate[s.canon(b["predicate"])].add(Count(0, 1, 0))
        return found

    def is_control(self, claim: Row) -> bool:
        """Whether a claim's predicate tells who holds what."""
        s = self.scorer
        return bool(s.KIND.get(s.canon(claim["predicate"])) == "control")

    def score_all(self, predictions: Mapping[str, Sequence[Row]]) -> dict[str, Scored]:
        """Every document of the set."""
        return {doc: self.score(doc, predictions.get(doc, ())) for doc in sorted(self.by_doc)}


def pooled(scored: Iterable[Scored], *, levels: Sequence[str] = LEVELS) -> Row:
    """Figures of many documents together."""
    every = list(scored)
    out: Row = {}
    for level in levels:
        total = Count()
        for one in every:
            total.add(one.levels[level])
        out[level] = total.figures()
    hits = sum(len(one.hits) for one in every)
    out["speaker"] = round(sum(one.speakers for one in every) / hits, 4) if hits else 0.0
    out["modality"] = round(sum(one.modalities for one in every) / hits, 4) if hits else 0.0
    return out


def by_predicate(scored: Iterable[Scored]) -> dict[str, Count]:
    """Core counts by predicate, the commonest in the gold first."""
    total: dict[str, Count] = defaultdict(Count)
    for one in scored:
        for name, count in one.by_predicate.items():
            total[name].add(count)
    return dict(sorted(total.items(), key=lambda item: (-item[1].gold, item[0])))


def spread(scored: Mapping[str, Scored], k: int = 5) -> dict[str, tuple[float, float, list[float]]]:
    """F1 by fold: mean, standard deviation and the folds' own, of core and control."""
    out = {}
    for level in ("core", "control"):
        figures = [
            pooled([scored[d] for d in fold], levels=[level])[level]["f1"]
            for fold in folds(scored, k)
        ]
        out[level] = (statistics.mean(figures), statistics.pstdev(figures), figures)
    return out


def by_document(claims: Iterable[Row], docs: Sequence[str], scorer: ModuleType) -> dict[str, Any]:
    """Predictions by the gold document whose id their report's title or id starts with."""
    longest = sorted(docs, key=len, reverse=True)
    known: dict[str, str | None] = {}
    found: dict[str, list[Row]] = defaultdict(list)
    for claim in claims:
        report = claim.get("report") or {}
        keys = [report.get(k) for k in ("id", "title", "path", "url")]
        key = json.dumps([claim.get("doc"), *keys])
        if key not in known:
            known[key] = scorer.doc_of(claim, longest)
        doc = known[key]
        if doc is not None:
            found[doc].append(claim)
    return found

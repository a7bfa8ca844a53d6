"""Events as other schemes mark them: PLOVER's source, event, target; factuality of single words."""

import re
import statistics
from collections import Counter
from pathlib import Path
from typing import Any

from bench._gold import Count, Row, document, rows
from marchland.claims import Claim, Modality, Ref
from marchland.reading.grammar import noun_frame, verb_frame
from marchland.reading.mentions import NameMatcher
from marchland.reading.modality import modality_of
from marchland.reading.reader import language_model
from marchland.reading.tree import tree_of
from marchland.vocabulary import Vocabulary

_PLOVER = {
    "agrees": {"AGREE"},
    "consults": {"CONSULT", "COOPERATE"},
    "backs": {"SUPPORT"},
    "allied_with": {"COOPERATE", "SUPPORT", "AGREE"},
    "deals_with": {"COOPERATE", "SUPPORT", "AGREE"},
    "assists": {"AID", "COOPERATE", "SUPPORT"},
    "aids": {"AID"},
    "protects": {"AID", "SUPPORT"},
    "opens": {"CONCEDE"},
    "withdraws": {"RETREAT", "CONCEDE"},
    "loses": {"RETREAT"},
    "opposes": {"DISAPPROVE", "REJECT"},
    "rejects": {"REJECT"},
    "threatens": {"THREATEN"},
    "protests": {"PROTEST"},
    "coerces": {"COERCE", "SANCTION"},
    "closes": {"SANCTION", "COERCE"},
    "mobilizes": {"MOBILIZE"},
    "fights": {"FIGHT", "ASSAULT"},
    "assaults": {"ASSAULT", "FIGHT"},
    "captures": {"FIGHT", "ASSAULT"},
    "contests": {"FIGHT"},
}
"""Predicates and the event types that they can stand for."""
_SPEECH = {
    "DEMAND": "demand|urg(?:e|ing)|call(?:ed|s|ing)? (?:for|on)|ask(?:ed|s|ing)|order",
    "DISAPPROVE": "accus|denounc|condemn|critici[sz]|protest",
    "THREATEN": "threat|warn",
    "INVESTIGATE": "investigat|inquir|prob(?:e|ing)",
    "AGREE": "agree|pledge|promis|accept|will give|will provide",
    "REJECT": "reject|refus|declin|den(?:y|ied|ies)",
    "CONSULT": "met with|talks",
}
"""Words in the quote of a statement that make it one of PLOVER's events."""
_RELATIONS = {
    "fights": {"FightingAgainst"},
    "assaults": {"FightingAgainst"},
    "captures": {"FightingAgainst"},
    "opposes": {"FightingAgainst", "Dislikes"},
    "threatens": {"FightingAgainst", "Dislikes"},
    "coerces": {"FightingAgainst", "Dislikes"},
    "rejects": {"Dislikes"},
    "part_of": {"BelongsTo"},
    "leads": {"InChargeOf"},
    "commands": {"InChargeOf"},
    "allied_with": {"AlliesOf"},
    "assists": {"AlliesOf", "Likes"},
    "backs": {"Likes", "AlliesOf"},
    "aids": {"Likes"},
    "agrees": {"Likes", "CommWith"},
    "consults": {"CommWith"},
    "deals_with": {"CommWith"},
}
"""Predicates and the relations of re3d that they can stand for."""
_PETRARCH2 = {"precision": 0.35, "recall": 0.16, "f1": 0.22}
_LEVEL = {
    Modality.ASSERTED: 3.0,
    Modality.INTENDED: 0.0,
    Modality.POSSIBLE: 1.0,
    Modality.CONDITIONAL: 0.0,
    Modality.UNCLEAR: 0.0,
    Modality.UNLIKELY: -1.0,
    Modality.DENIED: -3.0,
}
_SMALL = frozenset(
    {"the", "a", "an", "of", "in", "and", "for", "to", "on", "s", "at", "by", "with"}
)


def figures(folder: Path, reader: Any) -> dict[str, Any]:
    """All figures of events."""
    return {
        "plover": _plover(rows(folder / "plover_dev.jsonl"), reader),
        "re3d_relations": _relations(rows(folder / "re3d_dev.jsonl"), reader),
        "factuality": _factuality(rows(folder / "factuality_topical_dev.jsonl")),
    }


def _event_types(claim: Claim) -> set[str]:
    """The event types that a claim can stand for; of a statement, by the verb of its quote."""
    if str(claim.predicate) != "says":
        return _PLOVER.get(str(claim.predicate), set())
    return {
        kind
        for kind, verbs in _SPEECH.items()
        if re.search(rf"\b(?:{verbs})", claim.quote, re.IGNORECASE)
    }


def _target(claim: Claim, text: str, matcher: NameMatcher, vocabulary: Vocabulary) -> list[Any]:
    """The party that an event is aimed at.

    The object where it is a known actor; else the first actor named behind the subject
    ("rejected calls by Kofi Annan"); else object and place.
    """
    if claim.object is not None and claim.object.resolved:
        return [claim.object]
    own = claim.subject.id if claim.subject is not None else None
    after = len(claim.subject.text or "") if claim.subject is not None else 0
    rest = text[claim.begin or 0 :]
    for name in matcher.find(rest):
        actor = vocabulary.find_actor(name.actors[0]) if name.actors else None
        if actor is not None and actor.id != own and name.begin >= after:
            return [Ref(id=actor.id, name=actor.name, text=rest[name.begin : name.end])]
    return [claim.object, claim.place]


def _plover(marked: list[Row], reader: Any) -> dict[str, Any]:
    texts = [document(row["id"], row["text"], day=row.get("date")) for row in marked]
    whole, kind = Count(), Count()
    vocabulary: Vocabulary = reader.vocabulary
    matcher = NameMatcher(vocabulary.names())
    for row, (_, claims) in zip(marked, reader.read_many(texts), strict=True):
        events = [c for c in claims if _event_types(c)]
        typed = [c for c in events if row["event"] in _event_types(c)]
        right = 0
        for c in typed:
            aim = _target(c, row["text"], matcher, vocabulary)
            source = _same(row.get("source") or [], [c.subject], vocabulary)
            right |= source and _same(row.get("target") or [], aim, vocabulary)
        whole.add(Count(bool(right), len(events), 1))
        kind.add(Count(bool(typed), len(events), 1))
    return {
        "type_source_target": whole.figures(),
        "type": kind.figures(),
        "petrarch2_published": _PETRARCH2,
    }


def _relations(marked: list[Row], reader: Any) -> dict[str, Any]:
    """Relations of re3d found, either way round: type, both ends, and where they are told.

    An end is right if it is the same actor or has a content word in common. CoLocated, synonyms
    and attributes have no predicate.
    """
    texts = [document(row["id"], row["text"], publisher=row["source"]) for row in marked]
    total: dict[str, Count] = {kind: Count() for kind in sorted(set().union(*_RELATIONS.values()))}
    vocabulary: Vocabulary = reader.vocabulary
    every = Count()
    for row, (_, claims) in zip(marked, reader.read_many(texts), strict=True):
        gold = [r for r in row["relations"] if r["type"] in total]
        asked = [r for r in gold if r["confidence"] >= 0.5]
        made = [c for c in claims if str(c.predicate) in _RELATIONS and c.subject and c.object]
        used: set[int] = set()
        for relation in gold:
            ends = [[{"actorText": relation["source"]}], [{"actorText": relation["target"]}]]
            begin = min(relation["sourceBegin"], relation["targetBegin"])
            end = max(relation["sourceEnd"], relation["targetEnd"])
            hit = next(
                (
                    i
                    for i, c in enumerate(made)
                    if i not in used
                    and relation["type"] in _RELATIONS[str(c.predicate)]
                    and c.begin is not None
                    and c.end is not None
                    and c.begin <= end + 100
                    and c.end >= begin - 100
                    and any(
                        _same(ends[a], [c.subject], vocabulary)
                        and _same(ends[1 - a], [c.object], vocabulary)
                        for a in (0, 1)
                    )
                ),
                None,
            )
            if hit is not None:
                used.add(hit)
            ignored = relation["confidence"] < 0.5
            right = int(hit is not None)
            if not ignored:
                total[relation["type"]].add(Count(right, right, 1))
            every.add(Count(0 if ignored else right, -right if ignored else 0, 0))
        every.add(Count(0, len(made), len(asked)))
    return {
        "all": every.figures(),
        "recall": {k: f"{c.matched} of {c.gold}" for k, c in total.items() if c.gold},
    }


def _same(asked: list[Row], refs: list[Any], vocabulary: Vocabulary) -> bool:
    """Whether one of several is meant: the same actor, or a content word in common."""
    if not asked:
        return True
    for one in asked:
        text = one.get("actorText") or ""
        known = vocabulary.resolve_actor(text).id
        words = _words(text)
        for ref in refs:
            if ref is None:
                continue
            if known is not None and isinstance(ref, Ref) and ref.id == known:
                return True
            if words & (_words(ref.name) | _words(ref.text or "")):
                return True
    return False


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"[^\W_]+", text.lower()) if w not in _SMALL}


def _factuality(marked: list[Row]) -> dict[str, Any]:
    nlp = language_model(None)
    gold: list[float] = []
    ours: list[float] = []
    table: Counter[tuple[str, str]] = Counter()
    for row, doc in zip(marked, nlp.pipe([r["text"] for r in marked]), strict=True):
        tree = tree_of(doc)
        starts, at = [], 0
        for word in row["text"].split(" "):
            starts.append(at)
            at += len(word) + 1
        for target in row["targets"]:
            begin = starts[target["span1"][0]]
            token = next((t for t in range(len(tree)) if tree.ends[t] > begin), None)
            if token is None:
                continue
            verb = tree.pos[token] in ("VERB", "AUX")
            frame = verb_frame(tree, token) if verb else noun_frame(tree, token)
            read = _LEVEL[modality_of(tree, frame)]
            gold.append(target["label"])
            ours.append(read)
            table[_class(target["label"]), _class(read)] += 1
    classes = ("fact", "open", "counter")
    n = len(gold)
    f1 = [
        Count(
            table[c, c],
            sum(table[g, c] for g in classes),
            sum(table[c, p] for p in classes),
        ).f1
        for c in classes
    ]  # fmt: skip
    facts = sum(table["fact", p] for p in classes)
    return {
        "targets": n,
        "right": round(sum(table[c, c] for c in classes) / n, 4),
        "macro_f1": round(statistics.mean(f1), 4),
        "correlation": round(statistics.correlation(gold, ours), 4),
        "mean_error": round(
            statistics.mean(abs(a - b) for a, b in zip(gold, ours, strict=True)), 4
        ),
        "all_facts": {
            "right": round(facts / n, 4),
            "macro_f1": round(Count(facts, n, facts).f1 / 3, 4),
            "mean_error": round(statistics.mean(abs(a - 3.0) for a in gold), 4),
        },
    }


def _class(level: float) -> str:
    return "fact" if level > 1.0 else "counter" if level < -1.0 else "open"

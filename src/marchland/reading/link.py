"""What a phrase means: names to the vocabulary, pronouns and short names to what came before.

A `Linker` goes with one report and reads the phrase at a token as an actor or as places. The rule:
what is not resolved stays an unresolved mention with its own words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from marchland.claims import PlaceRef
from marchland.reading.areas import AreaLinker
from marchland.reading.directions import is_only_part
from marchland.reading.phrases import (
    hyphen_modifiers,
    is_acting,
    is_definite,
    is_place_noun,
    name_span,
    phrase_text,
    place_core,
    proper_run,
)
from marchland.reading.words import grammar, words

_FACILITY = ("base", "airport", "station", "facility", "crossing")
_AREA = ("area", "governorate", "province", "region", "district", "corridor")
_AROUND = frozenset(
    [
        "in",
        "near",
        "around",
        "surrounding",
        "of",
        "outside",
        "along",
        "at",
        "between",
        "from",
        "on",
        "within",
        "to",
        "with",
    ]
)
_OF_ITS_OWN = frozenset(
    ["of", "in", "near", "between", "from", "around", "surrounding", "outside", "along"]
)


@dataclass(slots=True)
class Linker(AreaLinker):
    """The phrases of one report, resolved in the order they stand."""

    def places(self, i: int) -> list[PlaceRef]:
        """The phrase headed by token `i` read as places, one for each it names; empty if none."""
        tree, m = self.tree, self._mention.get(i)
        if m is not None and m.places:
            return [self._directed(i, m)]
        if m is not None and m.role == "capital":
            return [self._proper_place(i)]
        if m is not None and m.actors and m.role != "demonym":
            return []
        if tree.pos[i] == "PRON" and tree.lemmas[i] not in words("partial"):
            return []
        if tree.pos[i] == "ADV" and tree.words[i].lower() in ("there", "here"):
            last = self._last_place(i, ())
            return [last] if last else []
        lemma = tree.lemmas[i]
        if lemma in words("direction") and tree.pos[i] != "ADJ":
            return self._direction(i)
        if tree.pos[i] == "PROPN" and lemma not in words("place"):
            return [self._proper_place(i)]
        if is_place_noun(tree, i) or lemma in words("partial"):
            return self._common_place(i) + self._included(i)
        return []

    def _included(self, i: int) -> list[PlaceRef]:
        """ "several villages, including X and Y", "towns such as X"."""
        tree = self.tree
        found: list[PlaceRef] = []
        for prep in tree.of_dep(i, "prep", "acl"):
            if (
                tree.lemmas[prep] in ("include", "including", "like")
                or tree.words[prep].lower() == "as"
            ):
                for p in tree.of_dep(prep, "pobj", "dobj"):
                    for item in tree.conjuncts(p):
                        if self.is_place(item):
                            found.extend(self.places(item))
        return found

    def _common_place(self, i: int) -> list[PlaceRef]:
        tree, lemma = self.tree, self.tree.lemmas[i]
        named = self._named_by_noun(i)
        if named:
            return named
        crossing = self._border_crossing(i)
        if crossing is not None:
            return [crossing]
        if lemma == "side":
            for prep in tree.of_dep(i, "prep"):
                for p in tree.of_dep(prep, "pobj"):
                    post = self._mention.get(p)
                    if post is not None and post.places and self._crossing(post):
                        across = self._side(post.first - 1, post.places[0])
                        return [across or self._place_ref(post.places[0], post.text)]
        named_so = tree.deps[i] == "appos" and (lemma in words("settlement") | words("facility"))
        if lemma in words("hold") or named_so:
            whose = self._equal(i)
            if whose:
                return whose
        if is_definite(tree, i) and not self._has_own_name(i):
            kinds: Sequence[str] = ()
            if lemma in words("settlement"):
                kinds = ("city", "town", "village", "settlement", "?")
            elif lemma in ("base", "airbase", "airport", "airfield", "camp"):
                kinds = ("base", "airport", "station", "facility")
            elif lemma == "crossing":
                kinds = ("crossing",)
            elif lemma in ("province", "governorate"):
                kinds = ("governorate", "province")
            elif lemma in ("area", "region", "district"):
                kinds = ()
            else:
                kinds = ("none",)
            if lemma == "city":  # what is known for one comes before an unknown name
                known = self._last_place(i, ("city", "town", "settlement"))
                if known is not None:
                    return [known]
            before = self._last_place(i, kinds)
            if before is not None:
                return [before]
        text = phrase_text(tree, i, bare=False)
        route = self._route(i)
        if route is not None:
            return [route]
        inner = self._inner(i)
        if inner is not None:
            word, anchors = inner
            found = []
            for anchor, at in anchors:
                if lemma in words("facility") and word in ("in", "at", "near", "of", "outside"):
                    found.append(self._facility(i, word, anchor, at))
                    continue
                if (
                    lemma in words("partial")
                    and word == "of"
                    and not is_only_part(tree, i)
                    and not (lemma == "side" and anchor.name.islower())
                    and (
                        lemma
                        in (
                            "all",
                            "most",
                            "rest",
                            "remainder",
                            "majority",
                            "much",
                            "control",
                            "city",
                            "half",
                        )
                        or anchor.geo_precision in ("area", "country", "unknown")
                    )
                ):
                    found.append(anchor)
                    continue
                core = place_core(tree, i, self._holder_tokens(i))
                tail = (
                    tree.span_text(i + 1, at)
                    if i < at <= i + 7
                    else f"{word} {anchor.text}".strip()
                )
                if len(anchors) > 1 and at > i:
                    tail = f"{word} {tree.span_text(name_span(tree, at)[0], at)}"
                around = (
                    anchor.name
                    if anchor.resolved and not is_only_part(tree, i)
                    else f"{core} {tail}"
                    if anchor.name.islower() or is_only_part(tree, i)
                    else anchor.id.removeprefix("?").replace("-", " ")
                )
                area = self._area(anchor, f"{core} {tail}", around=around, text=f"{text} {tail}")
                found.append(self._somewhere(area) if self._is_long(lemma, anchor) else area)
            if found:
                return found
        core = place_core(tree, i, self._holder_tokens(i))
        return [PlaceRef(id="?" + core.casefold().replace(" ", "-"), name=core, text=text)]

    def _facility(self, i: int, word: str, anchor: PlaceRef, at: int) -> PlaceRef:
        """ "the international airport in Damascus": that airport where it is known, no city."""
        tree = self.tree
        core = place_core(tree, i, self._holder_tokens(i))
        tail = tree.span_text(i + 1, at) if i < at <= i + 7 else f"{word} {anchor.text}"
        text = f"{core} {tail}"
        for town in dict.fromkeys((anchor.text or anchor.name, anchor.name)):
            for kind in dict.fromkeys((core, tree.words[i])):
                found = self.vocabulary.resolve_place(f"{town} {kind}", kinds=_FACILITY)
                if found.id is not None:
                    return self._place_ref(found.id, text)
        return PlaceRef(
            id="?" + text.casefold().replace(" ", "-"),
            name=text,
            text=text,
            lat=anchor.lat,
            lon=anchor.lon,
            geo_precision="facility",
        )

    def _named_by_noun(self, i: int) -> list[PlaceRef]:
        """ "the town of X and Y", "X village", "the X airbase", "the village X"."""
        tree, lemma = self.tree, self.tree.lemmas[i]
        if lemma in words("partial"):
            return []
        kind = any(lemma in words(k) for k in ("settlement", "facility", "area", "hold"))
        found: list[PlaceRef] = []
        own = any(
            tree.deps[c] in ("compound", "nmod")
            and tree.pos[c] == "PROPN"
            and (c not in self._mention or self._mention[c].places)
            for c in tree.children[i]
        )
        if kind and not own:
            for prep in tree.of_dep(i, "prep"):
                if tree.lemmas[prep] == "of":
                    for p in tree.of_dep(prep, "pobj"):
                        for item in tree.conjuncts(p):
                            if tree.pos[item] == "PROPN" or item in self._mention:
                                found.extend(self.places(item))
            if found and is_only_part(tree, i):
                core = place_core(tree, i, self._holder_tokens(i))
                return [self._area(p, f"{core} of {p.text or p.name}") for p in found]
            if found:
                return found
            for c in tree.of_dep(i, "appos"):
                if tree.pos[c] == "PROPN" or (c in self._mention and self._mention[c].places):
                    for item in tree.conjuncts(c):
                        found.extend(self.places(item))
            if found:
                return found
        compounds = [
            c
            for c in tree.children[i]
            if tree.deps[c] in ("compound", "nmod", "poss", "amod")
            and c < i
            and (tree.pos[c] == "PROPN" or (c in self._mention and self._mention[c].places))
            and not (c in self._mention and self._mention[c].actors and not self._mention[c].places)
        ]
        if i > 0 and i - 1 not in compounds and tree.heads[i - 1] == tree.heads[i]:
            m = self._mention.get(i - 1)
            if tree.deps[i - 1] == tree.deps[i] == "dobj" and (m is None or m.places):
                compounds.append(i - 1)
        if not compounds:
            return []
        c = compounds[-1]
        listed = [t for x in compounds for t in tree.conjuncts(x) if t < i]
        if len(set(listed)) > 1 and tree.words[i].lower().endswith("s"):
            # "Anbar and Kirkuk provinces"
            several = [p for t in dict.fromkeys(sorted(listed)) for p in self.places(t)[:1]]
            return [self._kind_of_place(p, lemma) for p in several]
        m = self._mention.get(c)
        whole = tree.span_text(m.first if m else proper_run(tree, c)[0], i)
        if m is not None and m.places:
            anchor = self._directed(c, m)
        else:
            if m is not None:
                return []
            anchor = self._proper_place(c)
        if lemma in words("settlement"):
            return [anchor]
        if lemma in words("area"):
            found_whole = self.vocabulary.resolve_place(whole, kinds=_AREA)
            if found_whole.id:
                return [self._place_ref(found_whole.id, whole)]
            if lemma in (
                "area",
                "countryside",
                "valley",
                "territory",
                "pocket",
                "enclave",
            ) and anchor.geo_precision not in ("country",):
                return [self._area(anchor, whole, around=anchor.name)]
            return [
                PlaceRef(
                    id=anchor.id,
                    name=anchor.name,
                    text=whole,
                    lat=anchor.lat,
                    lon=anchor.lon,
                    geo_precision="area" if anchor.resolved else "unknown",
                )
            ]
        found_whole = self.vocabulary.resolve_place(whole, kinds=_FACILITY)
        if found_whole.id:
            return [self._place_ref(found_whole.id, whole)]
        return [
            PlaceRef(
                id="?" + whole.casefold().replace(" ", "-"),
                name=whole,
                text=whole,
                lat=anchor.lat,
                lon=anchor.lon,
                geo_precision="facility" if lemma in words("facility") else "area",
            )
        ]

    def _equal(self, i: int) -> list[PlaceRef]:
        """ "Raqqa, the ISIS capital", "Raqqa was their stronghold": the place that it is."""
        tree = self.tree
        head = tree.heads[i]
        others: list[int] = []
        if tree.deps[i] == "appos":
            others = [head]
        elif tree.deps[i] == "attr":
            others = list(tree.of_dep(head, "nsubj"))
        elif tree.deps[i] == "pobj" and tree.lemmas[head] == "as":
            others = list(tree.of_dep(tree.heads[head], "dobj", "nsubjpass"))
        return [
            p
            for o in others
            if self._mention.get(o) is not None or tree.pos[o] == "PROPN"
            for p in self.places(o)
        ]

    def _has_own_name(self, i: int) -> bool:
        tree = self.tree
        return any(
            tree.deps[c] in ("compound", "poss", "nmod", "relcl", "acl")
            or (
                tree.deps[c] == "amod"
                and tree.lemmas[c]
                not in (
                    "entire",
                    "whole",
                    "same",
                    "key",
                    "strategic",
                    "ancient",
                    "northern",
                    "border",
                )
            )
            for c in tree.children[i]
        ) or any(tree.lemmas[c] in _OF_ITS_OWN for c in tree.of_dep(i, "prep"))

    def _inner(self, i: int) -> tuple[str, list[tuple[PlaceRef, int]]] | None:
        tree = self.tree
        for c in tree.children[i]:
            if tree.deps[c] in ("prep", "advmod", "appos", "npadvmod") and c > i:
                if tree.lemmas[c] in words("direction"):
                    areas = [(area, -1) for d in tree.conjuncts(c) for area in self._direction(d)]
                    if areas:
                        return "", areas
                    continue
                if tree.lemmas[c] not in _AROUND:
                    continue
                anchors: list[tuple[PlaceRef, int]] = []
                for p in tree.of_dep(c, "pobj"):
                    if not self.is_place(p):
                        continue
                    for item in tree.conjuncts(p):
                        several = self.places(item)
                        anchors.extend((ref, item if len(several) == 1 else -1) for ref in several)
                if anchors:
                    return tree.lemmas[c], anchors
        return None

    def _holder_tokens(self, i: int) -> set[int]:
        """Tokens of a phrase that say whose it is, not where: "ISIS-held", "the army's"."""
        tree = self.tree
        found: set[int] = set()
        for name, tail in hyphen_modifiers(tree, i):
            if tree.words[tail].lower() not in grammar().tails:
                continue
            found |= {name, name + 1, tail}
            m = self._mention.get(name)
            if m is not None:
                found |= set(range(m.first, m.last + 1))
        for c in tree.children[i]:
            if c < i and tree.deps[c] in ("poss", "compound", "amod", "nmod"):
                m = self._mention.get(c)
                owned = m is not None and m.actors and not m.places and m.role != "demonym"
                if tree.deps[c] == "poss" or owned or (m is None and is_acting(tree, c)):
                    found |= set(range(tree.left[c], tree.right[c] + 1))
        return found

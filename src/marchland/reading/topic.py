"""What a report, or a part of it, is about: the one place that its title, heading or label names.

"Kherson", then "Captured by the army on 2 March.": a note leaves out what it is about. The rule: a
title that names one place gives that place to what leaves its own out, a heading or a label that
is a place's name does so for what stands under or behind it, and nothing else does.
"""

import re

from marchland.claims import PlaceRef
from marchland.reading.grammar import Frame
from marchland.reading.mentions import NameMatcher
from marchland.reading.tree import Tree
from marchland.vocabulary import Place, Vocabulary

_LABEL = re.compile(r"\s*([^\W\d_][^:\n]{1,60}?)\s*(?::|\s[-–—])\s")
_LONGEST = 60
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})


def place_of_title(title: str, vocabulary: Vocabulary, matcher: NameMatcher) -> PlaceRef | None:
    """The place that a title names, where it is one and no country."""
    named = place_named(title, vocabulary)
    if named is not None:
        return named
    found = {}
    for match in matcher.find(title):
        places = [vocabulary.find_place(i) for i in match.places[:1]]
        towns = [p for p in places if p is not None and p.kind != "country"]
        if towns:
            found[towns[0].id] = (towns[0], title[match.begin : match.end])
    if len(found) != 1:
        return None
    place, text = next(iter(found.values()))
    return _ref(place, text)


def place_named(text: str, vocabulary: Vocabulary) -> PlaceRef | None:
    """The place whose name a text is, nothing else standing in it; None for a country."""
    name = " ".join(text.split()).strip(" :*#")
    if not 1 < len(name) <= _LONGEST or (not name[0].isupper() and not name[0].isdigit()):
        return None
    resolved = vocabulary.resolve_place(name)
    place = vocabulary.find_place(resolved.id) if resolved.id is not None else None
    if place is None or place.kind == "country":
        return None
    return _ref(place, name)


def place_labelled(paragraph: str, vocabulary: Vocabulary) -> PlaceRef | None:
    """The place that a paragraph is labelled with: "Kherson: captured on 2 March"."""
    label = _LABEL.match(paragraph)
    return place_named(label[1], vocabulary) if label else None


def leaves_place_out(tree: Tree, frame: Frame) -> bool:
    """Whether a clause is a note that leaves out what it is said of.

    A participle without a subject or object ("Captured by the army"), or a noun in a sentence
    without a subject that is of nothing ("Under siege").
    """
    trigger = frame.trigger
    if frame.kind == "verb":
        own = {tree.deps[c] for c in tree.children[trigger]}
        participle = tree.tags[trigger] in ("VBN", "VBD")
        return participle and not frame.get("A1") and not own & (_SUBJECTS | {"dobj", "ccomp"})
    if frame.get("of") or frame.get("over"):
        return False
    first, last = tree.sentences[tree.sentence_of[trigger]]
    return not any(
        tree.deps[t] in _SUBJECTS and not tree.left[t] <= trigger <= tree.right[t]
        for t in range(first, last)
    )


def _ref(place: Place, text: str) -> PlaceRef:
    return PlaceRef(
        id=place.id,
        name=place.name,
        text=text,
        lat=place.lat,
        lon=place.lon,
        geo_precision=place.geo_precision,
    )

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
from marchland.reading.words import words
from marchland.vocabulary import Place, Vocabulary

_LABEL = re.compile(r"\s*([^\W\d_][^:\n]{1,60}?)\s*(?::|\s[-–—])\s")
_LONGEST = 6
_SMALL = frozenset(
    [
        "a",
        "al",
        "an",
        "ash",
        "at",
        "az",
        "de",
        "du",
        "el",
        "en",
        "es",
        "la",
        "of",
        "on",
        "the",
        "upon",
    ]
)
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
_WHOLE = _SUBJECTS | {"aux", "auxpass", "dobj", "ccomp"}
"""Relations under a verb that make its clause more than a note."""
_UNDER = frozenset({"conj", "xcomp", "ccomp"})
_TO_BE = frozenset({"to", "be", "been", "being"})


def place_of_title(title: str, vocabulary: Vocabulary, matcher: NameMatcher) -> PlaceRef | None:
    """The place that a title names, where it is one, and a point rather than an area."""
    named = place_named(title, vocabulary)
    if named is not None:
        return named
    found = {}
    for match in matcher.find(title):
        places = [vocabulary.find_place(i) for i in match.places[:1]]
        towns = [p for p in places if p is not None and not p.is_area]
        if towns:
            found[towns[0].id] = (towns[0], title[match.begin : match.end])
    if len(found) != 1:
        return None
    place, text = next(iter(found.values()))
    return _ref(place, text)


def place_named(text: str, vocabulary: Vocabulary) -> PlaceRef | None:
    """The place whose name a text is, nothing else standing in it; None for an area."""
    words_ = " ".join(text.split()).strip(" :*#").split(" ")
    name = " ".join(words_)
    if len(name) < 2 or len(words_) > _LONGEST or not all(_in_name(w) for w in words_):
        return None
    resolved = vocabulary.resolve_place(name)
    place = vocabulary.find_place(resolved.id) if resolved.id is not None else None
    if place is None or place.is_area:
        return None
    return _ref(place, name)


def _in_name(word: str) -> bool:
    """Whether a word can stand in a name: capitalised, a number, or a small one."""
    first = word.lstrip("(\"'‘“")[:1]
    return not first.islower() or word.partition("-")[0] in _SMALL


def place_labelled(paragraph: str, vocabulary: Vocabulary) -> PlaceRef | None:
    """The place that a paragraph is labelled with: "Kherson: captured on 2 March"."""
    label = _LABEL.match(paragraph)
    return place_named(label[1], vocabulary) if label else None


def leaves_place_out(tree: Tree, frame: Frame) -> bool:
    """Whether a sentence is a note that leaves out what it is said of.

    Its verb is a participle without a subject or object ("Captured by the army"), or it has no verb
    but participles and is about a noun that is of nothing ("Under siege", "Control claimed by X").
    """
    trigger = frame.trigger
    first, last = tree.sentences[tree.sentence_of[trigger]]
    if frame.kind == "verb":
        if tree.tags[trigger] not in ("VBN", "VBD"):
            return False
        head, saying = trigger, set()
        while tree.deps[head] in _UNDER and tree.pos[tree.heads[head]] == "VERB":
            head = tree.heads[head]
            if tree.lemmas[head] in words("say_anything"):
                saying.add(head)  # "claimed to be captured", "sources claimed captured by"
        told = tree.deps[trigger] in ("xcomp", "ccomp")
        for c in tree.children[trigger]:
            to_be = told and tree.words[c].lower() in _TO_BE
            day = tree.deps[c] == "dobj" and tree.pos[c] == "NUM"
            if tree.deps[c] in _WHOLE and not (to_be or day or _says(tree, c)):
                return False
        if any(tree.heads[t] not in saying and not _says(tree, t) for t in frame.get("A1")):
            return False
        return tree.heads[head] == head and not any(
            tree.deps[t] in _SUBJECTS and tree.heads[t] not in saying and not _says(tree, t)
            for t in range(first, trigger)
        )
    if frame.kind != "noun" or frame.get("of") or frame.get("over"):
        return False
    return all(
        tree.pos[t] not in ("VERB", "AUX") or _told_by(tree, t, trigger) for t in range(first, last)
    ) and all(tree.deps[c] != "poss" for c in tree.children[trigger])


def _says(tree: Tree, token: int) -> bool:
    """Whether a word is a verb of saying, which the parser may take for a subject."""
    return tree.pos[token] == "VERB" and tree.lemmas[token] in words("say_anything")


def _told_by(tree: Tree, verb: int, noun: int) -> bool:
    """Whether a verb only says by whom a noun is told: "control claimed by the army"."""
    subjects = [c for c in tree.children[verb] if tree.deps[c] in _SUBJECTS]
    return (
        tree.tags[verb] in ("VBN", "VBD")
        and all(c == noun for c in subjects)
        and not any(tree.deps[c] in _WHOLE - _SUBJECTS for c in tree.children[verb])
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

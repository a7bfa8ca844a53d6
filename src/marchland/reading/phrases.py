"""Noun phrases: the words around a head noun that belong to its name, and what kind of thing it is.

Nothing is resolved here; `marchland.reading.link` does that.
"""

from collections.abc import Collection
from itertools import pairwise

from marchland.reading.tree import Tree
from marchland.reading.words import words

_LEAD = frozenset({"det", "predet", "punct", "cc", "preconj", "case"})
_QUANTITY = frozenset(
    [
        "several",
        "many",
        "some",
        "all",
        "few",
        "most",
        "more",
        "other",
        "additional",
        "another",
        "various",
        "numerous",
        "multiple",
        "remaining",
        "different",
        "certain",
        "nearby",
        "same",
        "such",
        "both",
        "further",
        "own",
        "key",
        "last",
        "new",
        "latest",
        "whole",
        "entire",
        "strategic",
        "nearly",
        "about",
        "around",
        "over",
        "least",
        "up",
        "to",
        "as",
        "much",
        "first",
        "second",
        "major",
        "large",
        "small",
        "next",
        "previous",
        "former",
        "main",
    ]
)
_PREMODIFIERS = frozenset({"amod", "compound", "nmod", "poss", "nummod", "npadvmod", "quantmod"})
_PARTICLES = frozenset({"al", "el"})
_ARTICLES = frozenset({"al", "el", "ez", "ash", "as", "ad", "an", "ar", "at", "az"})


def name_span(tree: Tree, head: int) -> tuple[int, int]:
    """First and last token of the phrase's own name: premodifiers and head, no determiner."""
    first = head
    for c in tree.children[head]:
        if c < head and tree.deps[c] in _PREMODIFIERS:
            first = min(first, tree.left[c])
    while first < head and (
        tree.deps[first] in _LEAD
        or tree.pos[first] in ("DET", "PUNCT", "SYM", "CCONJ", "ADV", "PART")
        or (tree.pos[first] == "NUM" and not tree.words[first][0].isalpha())
        or tree.lemmas[first] in _QUANTITY
        or tree.words[first].lower() in _QUANTITY
        or (tree.pos[first] == "PRON" and tree.deps[first] == "poss")
    ):
        first += 1
    return first, head


def phrase_text(tree: Tree, head: int, *, bare: bool = True) -> str:
    """The phrase's own name as text, with an "of" that belongs to a proper name.

    Parameters
    ----------
    bare
        Without numbers and words of quantity; else only determiners are left out.
    """
    first, last = name_span(tree, head)
    if not bare:
        first = min((tree.left[c] for c in tree.children[head] if c < head), default=head)
        while first < head and (tree.deps[first] in _LEAD or tree.pos[first] in ("DET", "PUNCT")):
            first += 1
    if tree.pos[head] == "PROPN":
        for prep in tree.of_dep(head, "prep"):
            if tree.lemmas[prep] == "of":
                for inner in tree.of_dep(prep, "pobj"):
                    if tree.pos[inner] == "PROPN" and tree.right[inner] - head < 6:
                        last = max(last, inner)
    return tree.span_text(first, last)


def place_core(tree: Tree, head: int, without: Collection[int]) -> str:
    """What is left of a place's phrase without determiners, words of quantity and holders."""
    inside = {
        t
        for c in tree.children[head]
        if c < head and tree.deps[c] in _PREMODIFIERS
        for t in range(tree.left[c], tree.right[c] + 1)
    }
    kept = [
        t
        for t in (*sorted(inside), head)
        if t not in without
        and tree.pos[t] not in ("DET", "PUNCT", "ADV", "PART", "PRON", "ADP")
        and tree.lemmas[t] not in _QUANTITY
    ]
    text = ""
    for a, b in pairwise(kept):
        hyphen = b == a + 2 and tree.words[a + 1] == "-" and tree.ends[a] == tree.begins[b] - 1
        text += tree.words[a] + ("-" if hyphen else " ")
    return text + tree.words[kept[-1]] if kept else tree.words[head]


def is_acting(tree: Tree, head: int) -> bool:
    """Whether a common noun names people or a body that acts."""
    return tree.lemmas[head] in words("acting") or tree.words[head].lower() in words("acting")


def is_place_noun(tree: Tree, head: int) -> bool:
    """Whether a common noun names a kind of place."""
    return tree.lemmas[head] in words("place")


def is_definite(tree: Tree, head: int) -> bool:
    """Whether a phrase points back: "the city", "these tribesmen", "this village"."""
    return any(
        tree.lemmas[c] in ("the", "this", "these", "those", "that")
        for c in tree.of_dep(head, "det")
    )


def proper_run(tree: Tree, head: int) -> tuple[int, int]:
    """First and last token of the capitalised run that `head` stands in."""
    first = last = head
    while first > 0 and _joins(tree, first - 1, first):
        if not (tree.heads[first - 1] in range(first, last + 1) or _glued(tree, first - 1, first)):
            break
        first -= 1
    while last + 1 < len(tree) and _joins(tree, last, last + 1):
        inside = tree.heads[last + 1] in range(first, last + 1) or (
            tree.deps[last] == "compound" and tree.heads[last] > last
        )
        listed = tree.deps[last + 1] in ("appos", "conj")
        if not (inside and not listed) and not _glued(tree, last, last + 1):
            break
        last += 1
    while first < head and tree.words[first] == "-":
        first += 1
    if (
        last + 1 < len(tree)
        and tree.words[last].lower()
        in (
            "hill",
            "base",
            "regiment",
            "brigade",
            "division",
        )
        and tree.words[last + 1].isdigit()
    ):
        last += 1
    return first, last


_LISTED = frozenset({"town", "city", "village", "part", "most", "district", "area", "much"})


def _of_subject(tree: Tree, head: int) -> bool:
    """Whether a name is the subject of a verb, or owns or is part of what is."""
    for t in (head, *tree.ancestors(head)):
        if tree.pos[t] not in ("NOUN", "PROPN", "ADP"):
            return False
        if tree.deps[t] in ("nsubj", "nsubjpass", "poss"):
            return True
    return False


def next_listed(tree: Tree, last: int) -> int | None:
    """The next name after one that ends at token `last`, where commas, "and" and dates alone part
    them and it is the subject of no verb: "Hajin (14 December), Shafa and, on 17 January, Susah".
    """
    stop = tree.sentences[tree.sentence_of[last]][1]
    parted = False
    for t in range(last + 1, min(last + 14, stop)):
        word = tree.words[t].lower()
        if word in (",", "and", "then", "&", "well"):
            parted = True
        elif tree.pos[t] == "PROPN" and word not in words("time"):
            if not parted:
                return None
            head = t
            while tree.deps[head] == "compound" and t < tree.heads[head] < stop:
                head = tree.heads[head]
            return None if tree.pos[head] != "PROPN" or _of_subject(tree, head) else head
        elif not (
            word in ("(", ")", "on", "in", "late", "early", "mid", "-", "also", "the", "of")
            or word in words("time")
            or word in ("as", "both")
            or (parted and tree.lemmas[t] in _LISTED)
            or tree.pos[t] == "NUM"
        ):
            return None
    return None


def _glued(tree: Tree, a: int, b: int) -> bool:
    """Whether two tokens are one name whatever the parser says: "al-Ayn", "Ras al-Ayn"."""
    words = (tree.words[a].lower(), tree.words[b].lower())
    if tree.ends[a] == tree.begins[b]:
        return "-" in words
    if words[1] in _ARTICLES and b + 1 < len(tree) and tree.words[b + 1] == "-":
        return tree.ends[b] == tree.begins[b + 1]
    return words[1] in _PARTICLES or words[0] in _PARTICLES


def _joins(tree: Tree, a: int, b: int) -> bool:
    if tree.begins[b] - tree.ends[a] > 1:
        return False
    return all(
        tree.pos[t] == "PROPN"
        or tree.words[t] == "-"
        or tree.words[t].lower() in _PARTICLES
        or (tree.words[t].lower() in _ARTICLES and tree.words[t + 1 : t + 2] == ["-"])
        for t in (a, b)
    )


def hyphen_modifiers(tree: Tree, head: int) -> list[tuple[int, int]]:
    """Pairs (name token, tail token) of "ISIS-held", "US-backed" before a noun."""
    found = []
    first = min((tree.left[c] for c in tree.children[head] if c < head), default=head)
    for i in range(max(first, 1), head):
        if (
            tree.words[i] == "-"
            and i + 1 < head + 1
            and tree.ends[i - 1] == tree.begins[i] == tree.ends[i] - 1
        ) and tree.ends[i] == tree.begins[i + 1]:
            found.append((i - 1, i + 1))
    return found

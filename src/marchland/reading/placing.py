"""Where something happened, when its own words do not say: names that stand as places nearby.

"Positions in Homs" are in Homs; a clash without a place of its own is where its sentence is, else
where the sentence before was. The rule: a country is the place only where nothing nearer is named.
"""

from marchland.claims import Modality, PlaceRef
from marchland.reading.findings import Finding
from marchland.reading.grammar import LOCATIVE
from marchland.reading.link import Linker
from marchland.reading.tree import Tree
from marchland.reading.words import words

_STANDING = frozenset({"in", "at", "near", "around", "outside", "inside", "from", "to", "into"})
_USED = ("nsubj", "poss", "compound", "nsubjpass", "dobj", "amod", "nmod", "npadvmod")


def stands_as_place(tree: Tree, linker: Linker, t: int) -> bool:
    """Whether an unlisted name stands where a place does: "in X", "the town of X"."""
    if tree.pos[t] != "PROPN" or tree.words[t].lower() in words("body") | words("time"):
        return False
    head = tree.heads[t]
    if tree.deps[t] != "pobj" or tree.words[t] in linker._acronyms:
        return False
    prep, over = tree.lemmas[head], tree.heads[head]
    if prep == "of" and tree.lemmas[over] in words("settlement") | words("area"):
        return True
    return prep in _STANDING and linker.known_place(t)


def nearby(tree: Tree, linker: Linker, f: Finding, first: int, last: int) -> PlaceRef | None:
    """The place a sentence is about: the nearest it names, else the last one named."""
    best: tuple[int, int] | None = None
    for t in range(first, last):
        mention = linker.mention_at(t)
        if mention is None and stands_as_place(tree, linker, t):
            best = min(best or (9999, 0), (abs(t - f.trigger), t))
            continue
        if mention is None or t != linker.head_of(mention) or not mention.places:
            continue
        if mention.actors and (tree.deps[t] in _USED or mention.role != "name"):
            continue
        at = tree.deps[t] == "pobj" and tree.lemmas[tree.heads[t]] in LOCATIVE
        if mention.actors and not at:
            continue  # "a confrontation with Iran"
        over = tree.heads[tree.heads[t]] if tree.deps[t] == "pobj" else t
        if tree.lemmas[over] in words("member_role") | words("leads_role"):
            continue  # "the spokesman in Iraq"
        within = tree.left[f.trigger] <= t <= tree.right[f.trigger]
        place = linker.vocabulary.find_place(mention.places[0])
        wide = place is not None and place.kind == "country"
        key = (abs(t - f.trigger) + 1000 * (wide and not within), t)
        best = min(best, key) if best is not None else key
    if best is not None:
        found = linker.places(best[1])
        return found[0] if found else None
    return linker.last_place(first) if f.modality is Modality.ASSERTED else None


def among(tree: Tree, linker: Linker, item: int) -> list[PlaceRef]:
    """Where things are that stand somewhere: "positions in Homs and Hama" are in those towns."""
    if tree.lemmas[item] not in words("standing"):
        return []
    found: list[PlaceRef] = []
    for prep in tree.of_dep(item, "prep"):
        if tree.words[prep].lower() not in ("in", "at", "inside", "within"):
            continue
        for p in tree.of_dep(prep, "pobj"):
            for at in tree.conjuncts(p):
                if linker.is_place(at):
                    found += linker.places(at)
    whole = tree.span_text(item, min(tree.right[item], item + 7))
    return [
        PlaceRef(
            id=ref.id,
            name=ref.name,
            text=whole if len(found) == 1 else ref.text,
            lat=ref.lat,
            lon=ref.lon,
            geo_precision=ref.geo_precision,
        )
        for ref in found
    ]

"""Events told by a noun and a verb at once, and events told of before.

"Coalition strikes killed ten" is one attack, whose doer stands with the noun and whose victims with
the verb; "the attack" after it is the same attack again. The rule: what was merged keeps every
argument that either word gives, and a noun that adds nothing to what was told makes no claim.
"""

from collections.abc import Sequence
from dataclasses import replace

from marchland.claims import Modality, PlaceRef, Ref
from marchland.reading.findings import Finding
from marchland.reading.phrases import is_definite
from marchland.reading.tree import Tree

_HARM = frozenset({"assaults"})
_TOLD = frozenset({"assaults", "fights", "captures", "contests", "withdraws", "mobilizes"})
_NEW = frozenset({"another", "a", "an", "new", "further", "second", "third", "other", "more"})


def merged(tree: Tree, found: Sequence[Finding]) -> list[Finding]:
    """The findings of a sentence with each attack told once."""
    kept = list(found)
    nouns = [f for f in found if f.predicate in _HARM and tree.pos[f.trigger] == "NOUN"]
    for noun in nouns:
        doings = [
            f
            for f in kept
            if f.predicate in _HARM
            and tree.pos[f.trigger] == "VERB"
            and _does(tree, noun.trigger, f.trigger)
        ]
        if not doings or noun not in kept:
            continue
        casualties = doings[0].rule == "kill"
        if casualties and noun.object is not None and noun.subject is not None:
            # "US strikes on the group killed ten": whom it was aimed at stands with the noun
            kept = [f for f in kept if f not in doings]
            continue
        kept.remove(noun)
        for verb in doings:
            whole = replace(
                verb,
                subject=_doer(noun, verb),
                object=verb.object or noun.object,
                place=_where(verb.place, noun.place),
                where=verb.where if verb.place is not None else noun.where,
                first=min(verb.first, noun.first),
                last=max(verb.last, noun.last),
            )
            if verb in kept:
                kept[kept.index(verb)] = whole
    return kept


def _doer(noun: Finding, verb: Finding) -> Ref | None:
    if verb.subject is None or not verb.subject.resolved:
        return noun.subject or verb.subject
    return verb.subject


def _where(verb: PlaceRef | None, noun: PlaceRef | None) -> PlaceRef | None:
    return verb if verb is not None else noun


def _does(tree: Tree, noun: int, verb: int) -> bool:
    """Whether an event's noun is what does a verb: "strikes killed", "hit by a strike"."""
    head, dep = tree.heads[noun], tree.deps[noun]
    while dep == "conj" and tree.pos[head] in ("NOUN", "PROPN"):
        head, dep = tree.heads[head], tree.deps[head]
    if head == verb and dep in ("nsubj", "nsubjpass"):
        return dep == "nsubj"
    if dep == "nsubj" and tree.deps[verb] == "conj" and tree.heads[verb] == head:
        return True
    if dep == "pobj" and tree.heads[head] == verb and tree.words[head].lower() in ("by", "in"):
        return tree.words[head].lower() == "by" or tree.deps[verb] not in ("relcl",)
    participle = tree.deps[verb] in ("acl", "relcl") and tree.heads[verb] == noun
    return participle and tree.tags[verb] != "VB"


def told_before(tree: Tree, f: Finding, earlier: Sequence[Finding]) -> bool:
    """Whether a noun only points back at what earlier findings of the report have told."""
    if f.predicate not in _TOLD or tree.pos[f.trigger] not in ("NOUN", "PROPN"):
        return False
    if any(tree.words[c].lower() in _NEW for c in tree.children[f.trigger]):
        return False
    under = tree.deps[f.trigger] == "pobj"
    if not (is_definite(tree, f.trigger) or under or tree.pos[f.trigger] == "PROPN"):
        return False
    return any(
        e.predicate == f.predicate
        and e.modality is Modality.ASSERTED
        and _says_no_more(f.subject, e.subject)
        and _says_no_more(f.object, e.object)
        and _says_no_more(f.place, e.place)
        for e in earlier
    )


def _says_no_more(new: Ref | PlaceRef | None, old: Ref | PlaceRef | None) -> bool:
    return new is None or (old is not None and old.id == new.id)

"""Who holds which office: "Iraqi Prime Minister Haider al-Abadi", "X, commander of the MMC".

A head of a state or organisation leads it, a commander commands a force, anybody else with an
office is part of what the office belongs to.
"""

from collections.abc import Iterator

from marchland.claims import Ref
from marchland.reading.findings import Finding
from marchland.reading.link import Linker
from marchland.reading.persons import person_at
from marchland.reading.phrases import phrase_text, proper_run
from marchland.reading.tree import Tree
from marchland.reading.words import words

_PRIOR = {"leads": 0.9, "commands": 0.85, "part_of": 0.7}


def find_roles(tree: Tree, linker: Linker, first: int, last: int) -> Iterator[Finding]:
    """Offices that a sentence gives to people."""
    i = first
    while i < last:
        if tree.pos[i] != "PROPN":
            i += 1
            continue
        _, stop = proper_run(tree, i)
        yield from _titled(tree, linker, stop)
        yield from _apposed(tree, linker, stop)
        i = max(stop, i) + 1


def _titled(tree: Tree, linker: Linker, stop: int) -> Iterator[Finding]:
    person = person_at(tree, stop)
    start = stop
    if person is None or not person.roles:
        return
    predicate = predicate_of(" ".join(person.roles).replace("vice president", "deputy").split())
    if predicate is None:
        return
    whose: Ref | None = None
    for t in range(person.title, max(person.title - 6, -1), -1):
        mention = linker.mention_at(t)
        if mention is not None and mention.actors and mention.last < person.first:
            actor = linker.vocabulary.find_actor(mention.actors[0])
            if actor is not None and actor.kind != "person in a public role":
                whose = Ref(id=actor.id, name=actor.name, text=mention.text)
                break
        if t < person.title and tree.pos[t] not in (
            "ADJ",
            "NOUN",
            "PROPN",
            "PART",
            "ADP",
            "DET",
            "PUNCT",
        ):
            break
    if whose is None:
        whose = _of(tree, linker, range(person.title, person.first))
    if whose is None:
        return
    who = linker.actor(stop)
    if who is not None and who.id != whose.id:
        yield Finding(
            predicate=predicate,
            rule=f"role-{predicate}",
            prior=_PRIOR[predicate],
            trigger=start,
            first=person.title,
            last=stop,
            subject=who,
            object=whose,
        )


def _apposed(tree: Tree, linker: Linker, stop: int) -> Iterator[Finding]:
    """ "X, the deputy commander of Y" and "the commander of Y, X"."""
    first, last = proper_run(tree, stop)
    head = next((t for t in range(last, first - 1, -1) if not first <= tree.heads[t] <= last), last)
    nouns = [c for c in tree.of_dep(head, "appos") if tree.pos[c] in ("NOUN", "PROPN")]
    if tree.deps[head] == "appos":
        nouns.append(tree.heads[head])
    for noun in nouns:
        predicate = predicate_of([tree.lemmas[noun]])
        if predicate is None:
            continue
        whose = _of(tree, linker, (noun,))
        who = linker.actor(stop)
        if whose is not None and who is not None and who.id != whose.id:
            yield Finding(
                predicate=predicate,
                rule=f"role-{predicate}",
                prior=_PRIOR[predicate],
                trigger=noun,
                first=min(first, noun),
                last=max(stop, noun),
                subject=who,
                object=whose,
            )


def _of(tree: Tree, linker: Linker, nouns: tuple[int, ...] | range) -> Ref | None:
    """Whose an office is: "of Y", "Y's", "Y commander"."""
    for noun in nouns:
        for c in tree.children[noun]:
            if tree.deps[c] == "prep" and tree.lemmas[c] in ("of", "for", "at", "with"):
                for p in tree.of_dep(c, "pobj"):
                    found = linker.actor(p, loose=True)
                    if found is not None:
                        return found
            if tree.deps[c] in ("poss", "compound", "nmod", "amod"):
                found = None
                if linker.mention_at(c):
                    found = linker.modifier(c)
                elif tree.pos[c] == "PROPN" and _free(tree, c):
                    found = Ref.unresolved(phrase_text(tree, c))
                if found is not None:
                    return found
    return None


def _free(tree: Tree, c: int) -> bool:
    """Whether a name is no part of a title or of a person's name."""
    return tree.words[c].lower().rstrip(".") not in words("person_title")


def predicate_of(roles: list[str]) -> str | None:
    """The predicate that a title stands for; None for a courtesy or a bare rank."""
    held = set(roles)
    if {"deputy", "vice", "foreign", "former", "assistant"} & held and not held & words(
        "commands_role"
    ):
        return "part_of" if held & (words("member_role") | words("leads_role")) else None
    if "prime" in held and "minister" in held:
        return "leads"
    if held & words("commands_role"):
        return "commands"
    if held & words("member_role"):
        return "part_of"
    if held & words("leads_role"):
        return "leads"
    return None

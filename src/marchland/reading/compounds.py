"""What a name joined to a noun says: "ISIS-held Raqqa", "Iran-backed militias", "A's B Front"."""

from collections.abc import Iterator
from dataclasses import dataclass

from marchland.claims import PREDICATES, Kind, PlaceRef, Ref
from marchland.reading.findings import Finding
from marchland.reading.link import Linker
from marchland.reading.phrases import is_place_noun
from marchland.reading.tree import Tree
from marchland.reading.words import Rule, grammar, words


@dataclass(slots=True)
class CompoundReader:
    """Reads the compounds and possessives of a sentence.

    Parameters
    ----------
    linker
        What the phrases of the report mean.
    """

    linker: Linker

    def compounds(self, tree: Tree, first: int, last: int) -> Iterator[Finding]:
        """ "ISIS-held Raqqa", "Iran-backed militias", "pro-Iranian groups", "anti-ISIS forces"."""
        rules, linker = grammar(), self.linker
        for i in range(first + 1, last - 1):
            if (
                tree.words[i] != "-"
                or tree.ends[i - 1] != tree.begins[i]
                or tree.ends[i] != tree.begins[i + 1]
            ):
                continue
            rule = rules.tails.get(tree.words[i + 1].lower())
            if rule is not None:
                who = linker.modifier(i - 1)
                if who is None or tree.words[i - 1].lower() == "co":
                    continue
                head = self._modified(tree, i + 1, last)
                yield from self._compound(tree, rule, who, head, i)
                continue
            rule = rules.heads.get(tree.words[i - 1].lower())
            if rule is not None:
                whom = linker.modifier(i + 1)
                head = self._modified(tree, i + 1, last)
                subject = linker.actor(head) if head is not None else None
                if whom is not None and subject is not None and subject.id != whom.id:
                    yield self._found(rule, i, head or i, subject=subject, object=whom, tree=tree)

    def belonging(self, tree: Tree, first: int, last: int) -> Iterator[Finding]:
        """ "Al-Qaeda's Nusra Front": a named body owned by another is part of it."""
        linker = self.linker
        for i in range(first, last):
            if tree.pos[i] != "PROPN" or is_place_noun(tree, i):
                continue
            mention = linker.mention_at(i)
            known = mention is not None and bool(mention.actors) and not mention.places
            if not known and tree.words[i].lower() not in words("body"):
                continue
            for c in tree.of_dep(i, "poss"):
                owner = linker.mention_at(c)
                if owner is None or not owner.actors or owner is mention:
                    continue
                whole = linker.vocabulary.find_actor(owner.actors[0])
                part, of = linker.actor(i), linker.actor(c)
                person = whole is None or whole.kind == "person in a public role"
                if person or part is None or of is None or part.id == of.id:
                    continue
                yield Finding(
                    predicate="part_of",
                    rule="belonging",
                    prior=0.6,
                    trigger=i,
                    first=owner.first,
                    last=i,
                    subject=part,
                    object=of,
                )

    def _modified(self, tree: Tree, tail: int, last: int) -> int | None:
        """The noun a hyphenated word modifies: its governor, or the next noun to the right."""
        head = tree.heads[tail]
        if head > tail and tree.pos[head] in ("NOUN", "PROPN"):
            return head
        for t in range(tail + 1, min(tail + 6, last)):
            if tree.pos[t] in ("NOUN", "PROPN"):
                while tree.deps[t] in ("compound", "nmod", "amod") and t < tree.heads[t] < last:
                    t = tree.heads[t]
                return t
            if tree.pos[t] in ("VERB", "ADP", "PUNCT"):
                return None
        return None

    def _compound(
        self, tree: Tree, rule: Rule, who: Ref, head: int | None, at: int
    ) -> Iterator[Finding]:
        if head is None:
            return
        linker = self.linker
        if PREDICATES[rule.predicate] is Kind.CONTROL:
            for item in [head]:
                for place in linker.places(item) if linker.is_place(item) else []:
                    linker.note_place(item, place)
                    yield self._found(rule, at, item, subject=who, place=place, tree=tree)
            return
        whom = linker.actor(head)
        if (
            whom is not None
            and whom.id != who.id
            and not (linker.is_place(head) and not linker._is_actor(head))
        ):
            yield self._found(rule, at, head, subject=who, object=whom, tree=tree)

    def _found(
        self,
        rule: Rule,
        at: int,
        head: int,
        *,
        tree: Tree,
        subject: Ref | None = None,
        object: Ref | None = None,
        place: PlaceRef | None = None,
    ) -> Finding:
        return Finding(
            predicate=rule.predicate,
            rule=rule.id,
            prior=rule.prior,
            trigger=at + 1,
            first=at - 1,
            last=max(head, at + 1),
            subject=subject,
            object=object,
            place=place,
        )

"""From fired rules to findings: slots read as actors and places, one finding for each combination.

A finding is a claim before it has a report: it still points at a paragraph. Lists make several
findings, one for each place and each object; of joint actors the first named is the subject of a
control finding, as ground has one holder.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from marchland.claims import PREDICATES, Kind, Modality, PlaceRef, Ref
from marchland.reading.compounds import CompoundReader
from marchland.reading.findings import Dropped, Finding
from marchland.reading.grammar import Fired, Frame, fire, prepositions
from marchland.reading.happenings import merged, told_before
from marchland.reading.link import Linker
from marchland.reading.modality import modality_of, revised
from marchland.reading.persons import person_at
from marchland.reading.phrases import is_acting, is_definite, name_span, next_listed
from marchland.reading.placing import among, nearby, stands_as_place
from marchland.reading.topic import leaves_place_out
from marchland.reading.tree import Tree
from marchland.reading.words import Rule, Slot, grammar, words

_HAPPENING = frozenset(["assaults", "fights", "contests", "withdraws", "mobilizes", "coerces"])
_WHEREVER = frozenset(["assists", "aids", "consults", "agrees", "opens", "closes", "protects"])
_AGAINST = frozenset(["captures", "assaults", "fights", "contests"])
_STATES = frozenset({"captures", "holds", "loses", "contests", "withdraws"})
"""What a note may say of a place that it does not name: "Captured by the army"."""
_COMPLETED = 0.8
_WHENCE = frozenset({"from", "of", "in", "at", "near", "on"})
_MUTUAL = frozenset({"fights", "consults", "agrees", "allied_with"})
_RIVALRIES = frozenset({"contest", "split-between"})
_MOST = 12
_JOINT = 3


@dataclass(slots=True)
class Composer:
    """Reads the findings of a paragraph."""

    linker: Linker
    dropped: list[Dropped] = field(default_factory=list)

    def sentence(self, tree: Tree, first: int, last: int) -> list[Finding]:
        """Findings of the sentence at tokens ``first`` to ``last`` (half-open)."""
        found: list[Finding] = []
        for t in range(first, last):
            if self.linker.mention_at(t) is None and stands_as_place(tree, self.linker, t):
                for place in self.linker.places(t)[:1]:
                    self.linker.note_place(t, place)
        for fired in fire(tree, first, last):
            if any(f.trigger == fired.frame.trigger for f in found):
                continue  # the first rule of a trigger that says something has it
            found.extend(self._read(tree, fired))
        compounds = CompoundReader(linker=self.linker)
        found.extend(compounds.compounds(tree, first, last))
        found.extend(compounds.belonging(tree, first, last))
        found.sort(key=lambda f: f.trigger)
        found = self._fresh(tree, merged(tree, found))
        for f in found:
            if f.predicate in _AGAINST and f.subject is not None and _armed(f.object):
                assert f.object is not None
                self.linker.note_adversaries(f.subject, f.object)
            if f.predicate == "holds" and f.subject is not None and f.place is not None:
                self.linker.note_holder(f.place, f.subject)
        whole = [self._completed(tree, f, first, last) for f in found]
        self.linker.told.extend(whole)
        return whole

    def _fresh(self, tree: Tree, found: Sequence[Finding]) -> list[Finding]:
        """The findings that tell more than the report has told already."""
        fresh: list[Finding] = []
        for f in found:
            if told_before(tree, f, self.linker.told):
                self.dropped.append(Dropped(rule=f.rule, trigger=f.trigger, why="told before"))
            else:
                fresh.append(f)
        return fresh

    # ------------------------------------------------------ what goes without saying

    def _completed(self, tree: Tree, f: Finding, first: int, last: int) -> Finding:
        """A finding with the place and adversary that its surroundings give, at lower odds."""
        linker = self.linker
        place, object_ = f.place, f.object
        if f.predicate == "fights" and f.subject is None:
            pair = linker.last_facing() or linker.belligerents(f.trigger)
            if pair is not None and f.object is None:
                f = replace(f, subject=pair[0], object=pair[1], prior=f.prior * _COMPLETED)
                object_ = f.object
        vague = place is None or (not place.resolved and place.lat is None and place.name.islower())
        if vague and f.predicate in _HAPPENING | _WHEREVER:
            place = nearby(tree, linker, f, first, last) or place
            if place is None and f.predicate == "withdraws" and linker.topic is not None:
                place, f = linker.topic, replace(f, topical=True)
        if f.predicate == "assaults":
            if f.subject is None and self._points_back(tree, f.trigger):
                f = replace(f, subject=linker.last_attacker, prior=f.prior * _COMPLETED)
            linker.last_attacker = f.subject or linker.last_attacker
        if object_ is None and f.predicate in _AGAINST and f.subject is not None:
            object_ = linker.adversary(f.subject, f.place)
        if place is f.place and object_ is f.object:
            return f
        return replace(f, place=place, object=object_, prior=round(f.prior * _COMPLETED, 3))

    def _points_back(self, tree: Tree, trigger: int) -> bool:
        """Whether an attack is one told of before: "the strikes", "another attack"."""
        if tree.pos[trigger] in ("VERB", "AUX"):
            subjects = list(tree.of_dep(trigger, "nsubj"))
            return any(tree.lemmas[s] in grammar().nouns and is_definite(tree, s) for s in subjects)
        return any(
            tree.lemmas[c] in ("the", "these", "this", "those", "another")
            for c in tree.of_dep(trigger, "det")
        )

    def _read(self, tree: Tree, fired: Fired) -> Iterator[Finding]:
        rule, frame = fired.rule, fired.frame
        if rule.id == "part-of" and tree.words[frame.trigger].lower() == "parts":
            return  # "parts of Haditha" are no members of it
        subjects = self._actors(tree, fired, rule.subject)
        objects = self._actors(tree, fired, rule.object)
        places = self._places(tree, frame, rule.place)
        places = [(self._refined(tree, frame, p, t), t) for p, t in places]
        if subjects and objects:
            taken = {s.id for s, _ in subjects}
            objects = [(o, t) for o, t in objects if o.id not in taken]
        if objects and places:
            # One unknown name can't be whom and where.
            taken_at = {t for _, t in objects if _unknown(self.linker, tree, t)}
            if rule.predicate == "assaults":
                objects = [(o, t) for o, t in objects if t not in taken_at or _body(tree, t)]
                taken_at &= {t for _, t in objects}
            places = [(p, t) for p, t in places if t not in taken_at]
        have: dict[str, list[tuple[Any, int]]] = {
            "subject": subjects,
            "object": objects,
            "place": places,
        }
        if any(frame.get(slot) for slot in rule.without):
            return
        if rule.predicate in _MUTUAL and len(subjects) > 1 and not objects:
            # "the army and the rebels clashed"
            subjects, objects = subjects[:1], subjects[1:2]
            have.update(subject=subjects, object=objects)
        if rule.predicate == "consults":  # to speak to an outlet is to be quoted
            objects = [(o, t) for o, t in objects if not self._outlet(o)]
            subjects = [(s, t) for s, t in subjects if not self._outlet(s)]
            have.update(subject=subjects, object=objects)
        topic = None
        if not places and rule.predicate in _STATES:
            topic = self.linker.topic if leaves_place_out(tree, frame) else None
        for need in rule.need:
            if not any(have[name] or (name == "place" and topic) for name in need):
                self.dropped.append(
                    Dropped(
                        rule=rule.id, trigger=frame.trigger, why=f"no {' or '.join(sorted(need))}"
                    )
                )
                return
        if places:
            subjects = [(self.linker.at_home(s, places[0][0]), t) for s, t in subjects]
        kind = PREDICATES[rule.predicate]
        modality = revised(tree, frame, modality_of(tree, frame))
        if kind is Kind.CONTROL:
            subjects, objects = self._shares(tree, rule, modality, subjects, objects)
        used = [t for part in have.values() for _, t in part]
        span = self._span(tree, frame, [*used, *(self._named_end(tree, t) for _, t in places)])
        count = 0
        who: list[Ref | None] = [s for s, _ in subjects[:_JOINT]] or [None]
        whom: list[Ref | None] = [o for o, _ in objects] or [None]
        where: list[tuple[PlaceRef | None, int | None]] = [*places] or [(topic, None)]
        for subject in who:
            for object_ in whom:
                for place, at in where:
                    count += 1
                    if count > _MOST * 2:
                        return
                    yield Finding(
                        predicate=rule.predicate,
                        rule=rule.id,
                        prior=rule.prior,
                        trigger=frame.trigger,
                        first=span[0],
                        last=span[1],
                        where=at,
                        subject=subject,
                        object=object_,
                        place=place,
                        modality=modality,
                        topical=topic is not None,
                    )

    def _outlet(self, ref: Ref) -> bool:
        actor = self.linker.vocabulary.find_actor(ref.id)
        return actor is not None and actor.kind == "outlet"

    def _shares(
        self,
        tree: Tree,
        rule: Rule,
        modality: Modality,
        subjects: list[tuple[Ref, int]],
        objects: list[tuple[Ref, int]],
    ) -> tuple[list[tuple[Ref, int]], list[tuple[Ref, int]]]:
        """Ground has one holder, but any number of forces in it, two contestants, or none."""
        if rule.predicate == "presence" or (
            modality is Modality.DENIED and any(_neither(tree, t) for _, t in subjects)
        ):
            return subjects, objects
        if rule.predicate == "contests" and rule.id in _RIVALRIES and not objects:
            return subjects[:1], subjects[1:2]
        return subjects[:1], objects

    def _span(self, tree: Tree, frame: Frame, tokens: Sequence[int]) -> tuple[int, int]:
        first, last = tree.sentences[tree.sentence_of[frame.trigger]]
        inside = [t for t in (*tokens, frame.trigger, frame.verb) if first <= t < last]
        for t in list(inside):
            mention = self.linker.mention_at(t)
            if mention is not None:
                inside += [mention.first, mention.last]
            elif t in tokens:
                inside.append(name_span(tree, t)[0])
        return max(min(inside), first), min(max(inside), last - 1)

    def _named_end(self, tree: Tree, token: int) -> int:
        """The end of a place's phrase: "parts" of "parts of Palmyra" is no place alone."""
        last = token
        for prep in tree.of_dep(token, "prep"):
            if prep == last + 1 and tree.lemmas[prep] in ("of", "in", "near", "at"):
                for p in tree.of_dep(prep, "pobj"):
                    if p - token <= 7:
                        last = max(last, self._named_end(tree, p))
        return last

    # ----------------------------------------------------------------- slots

    def _actors(self, tree: Tree, fired: Fired, slots: Sequence[Slot]) -> list[tuple[Ref, int]]:
        for slot in slots:
            found: list[tuple[Ref, int]] = []
            for token in self._tokens(tree, fired.frame, slot):
                pair = slot.name in ("between", "among") and not slot.take
                for item in [token] if pair else tree.conjuncts(token):
                    ref = self._actor(tree, fired, item, slot)
                    if ref is not None and all(ref.id != r.id for r, _ in found):
                        found.append((ref, item))
                        if not pair and slot.take != "holder":
                            more = self.linker.coordinated(item, ref)
                            found += [
                                (o, item) for o in more if all(o.id != r.id for r, _ in found)
                            ]
                        if self.linker.mention_at(item) is None and tree.pos[item] == "NOUN":
                            subject = tree.deps[item] in ("nsubj", "nsubjpass")
                            self.linker.note_actor(item, ref, subject=subject)
                if found and slot.name == "A0":
                    break  # the tokens of A0 are alternatives, the surest first
            if found:
                return found
        return []

    def _tokens(self, tree: Tree, frame: Frame, slot: Slot) -> list[int]:
        if slot.take in ("copula", "appos"):
            return frame.get(f"{slot.name}.{slot.take}")
        outer, _, inner = slot.name.partition(">")
        tokens = frame.get(outer)
        if inner:
            slots: dict[str, list[int]] = {}
            for token in tokens:
                prepositions(tree, token, slots)
                for said in tree.of_dep(token, "acl", "relcl"):  # "an attack launched on"
                    if tree.lemmas[said] in words("light"):
                        prepositions(tree, said, slots)
                        for agent in tree.of_dep(said, "agent"):
                            slots.setdefault("by", []).extend(tree.of_dep(agent, "pobj"))
            return slots.get(inner, [])
        if slot.name in ("between", "among", "of") and slot.take == "2":
            return [c for t in tokens for c in tree.conjuncts(t)[1:]]
        if slot.name == "between" and not slot.take:
            return tokens
        return tokens

    def _actor(self, tree: Tree, fired: Fired, token: int, slot: Slot) -> Ref | None:
        linker, frame, rule = self.linker, fired.frame, fired.rule
        if slot.take == "never":
            return None
        if slot.take == "holder":
            return linker.holder(token) or self._people(tree, token)
        modifying = (
            frame.kind == "noun"
            and slot.name in ("A0", "A1")
            and tree.heads[token] == frame.trigger
            and tree.deps[token] in ("compound", "amod", "nmod", "poss")
        )
        mention = linker.mention_at(token)
        if modifying:
            return self._modifying(tree, frame, token, slot)
        demonym = mention is not None and mention.role == "demonym" and tree.pos[token] == "ADJ"
        if demonym and slot.name == "A0" and frame.kind == "verb":
            return linker.modifier(token)  # "the Iraqi mission to retake"
        if slot.want == "acting":
            return linker.actor(token) if is_acting(tree, token) else None
        if slot.want == "any":
            if linker.is_place(token) and not (mention and mention.actors):
                return None
            return linker.actor(token, loose=True)
        if mention is not None and mention.role == "capital" and slot.name != "A0":
            # a seat of government is the government only where it acts or is dealt with
            if slot.name in _WHENCE or PREDICATES[rule.predicate] is Kind.CONTROL:
                return None
            if rule.predicate in _HAPPENING:
                return None
        body = is_acting(tree, token) or tree.words[token].lower() in words("body")
        if mention is None and slot.name != "A0" and not body and linker.known_place(token):
            return None
        if slot.want == "actor" and mention is not None and mention.places and not mention.actors:
            return None
        return linker.actor(token)

    def _people(self, tree: Tree, token: int) -> Ref | None:
        """ "Kurdish control", "Druze hands": whose it is, by the name of a people."""
        if tree.lemmas[token] not in ("control", "hand", "rule", "authority", "position"):
            return None
        for c in tree.of_dep(token, "amod"):
            if tree.words[c][:1].isupper() and self.linker.mention_at(c) is None:
                return self.linker.modifier(c)
        return None

    def _modifying(self, tree: Tree, frame: Frame, token: int, slot: Slot) -> Ref | None:
        """An actor that modifies a noun: "Israeli airstrikes", "ISIS's attack"."""
        linker = self.linker
        mention = linker.mention_at(token)
        dep = tree.deps[token]
        if slot.name == "A1":
            return None
        if mention is not None:
            acronym = mention.text.replace(".", "").isupper()
            if not mention.actors or (mention.places and dep != "poss" and not acronym):
                return None
            return linker.modifier(token) if dep != "poss" else linker.actor(token)
        if dep == "poss":
            return linker.actor(token)
        if is_acting(tree, token) or tree.words[token].lower() in ("government", "regime"):
            return linker.modifier(token)
        if (dep == "amod" and tree.lemmas[token] == "led") or tree.words[token].lower() in (
            "led",
            "backed",
        ):
            for name in range(token - 1, max(token - 3, -1), -1):
                if tree.words[name] == "-":
                    continue
                whole = linker.mention_at(name)
                if whole is not None and tree.words[token] == "led":
                    return linker.modifier(name)
                break
        return None

    def _places(
        self, tree: Tree, frame: Frame, slots: Sequence[Slot]
    ) -> list[tuple[PlaceRef, int]]:
        linker = self.linker
        for slot in slots:
            found: list[tuple[PlaceRef, int]] = []
            for token in self._tokens(tree, frame, slot):
                for item in self._listed(tree, token):
                    if not self._fits_place(tree, frame, item, slot):
                        continue
                    for ref in among(tree, linker, item) or linker.places(item):
                        if all(ref.id != r.id for r, _ in found):
                            found.append((ref, item))
                            linker.note_place(item, ref)
            if found:
                if _lists(frame, slot):
                    found += self._running_on(tree, found)
                return found[:_MOST]
        return []

    def _running_on(
        self, tree: Tree, found: list[tuple[PlaceRef, int]]
    ) -> list[tuple[PlaceRef, int]]:
        """Places of a list that the parser lost: "A on 2 March, B on 12 August and C (14 May)"."""
        linker = self.linker
        more: list[tuple[PlaceRef, int]] = []
        at = max(t for _, t in found)
        if tree.pos[at] != "PROPN":
            return []
        while True:
            mention = linker.mention_at(at)
            item = next_listed(tree, mention.last if mention else at)
            if item is None:
                return more
            known = linker.mention_at(item)
            if known is not None:
                item = linker.head_of(known)
            named = known.names_place if known is not None else linker.known_place(item)
            if not named or item <= at:
                return more
            for ref in linker.places(item):
                if all(ref.id != r.id for r, _ in found + more):
                    more.append((ref, item))
                    linker.note_place(item, ref)
            at = item

    def _listed(self, tree: Tree, token: int) -> list[int]:
        """What is listed with a place: "X, the towns of Y and Z", which the parser may appose."""
        found = tree.conjuncts(token)
        for item in found:
            for c in tree.of_dep(item, "appos"):
                towns = tree.lemmas[c] in words("settlement") and tree.tags[c] == "NNS"
                named = tree.pos[c] == tree.pos[item] == "PROPN" and tree.words[c - 1] == ","
                if (towns or named) and c not in found and len(found) < 40:
                    found.extend(tree.conjuncts(c))
        return sorted(set(found))

    def _refined(self, tree: Tree, frame: Frame, place: PlaceRef, token: int) -> PlaceRef:
        """ "captured nine villages west of Mosul" where the parser hung "west" on the verb."""
        if place.resolved or place.lat is not None or tree.pos[token] != "NOUN":
            return place
        if not place.name.islower():
            return place  # a village of its own name
        for slot in ("LOC", "to"):
            for t in frame.get(slot):
                if t <= token or not self._fits_place(tree, frame, t, Slot(name=slot)):
                    continue
                for where in self.linker.places(t):
                    if where.id == place.id or (where.lat is None and where.name.islower()):
                        continue
                    stop = self._named_end(tree, t)
                    tail = tree.span_text(token + 1, stop) if stop - token < 10 else where.name
                    return PlaceRef(
                        id="?"
                        + (where.name if where.resolved else where.id[1:])
                        .casefold()
                        .replace(" ", "-"),
                        name=f"{place.name} {tail}" if tail else place.name,
                        text=f"{place.text} {tail}",
                        lat=where.lat,
                        lon=where.lon,
                        geo_precision="area",
                    )
        return place

    def _fits_place(self, tree: Tree, frame: Frame, token: int, slot: Slot) -> bool:
        linker = self.linker
        mention = linker.mention_at(token)
        if mention is not None and not mention.names_place:
            return False
        if (
            mention is not None
            and mention.actors
            and slot.name == "A1"
            and tree.deps[token] in ("compound", "nmod", "amod")
            and mention.text.replace(".", "").isupper()
        ):
            return False  # "US airstrikes": the doer, where "Idlib airstrikes" has the place
        if slot.want == "town":
            lemma = tree.lemmas[token]
            return (
                (mention is not None and mention.names_place)
                or lemma in words("settlement")
                or lemma in words("facility")
                or lemma in words("area")
                or tree.pos[token] == "PROPN"
                or (lemma in words("partial") and self._part_of_place(tree, token))
            ) and linker.is_place(token)
        if (
            mention is None
            and tree.pos[token] == "PROPN"
            and linker._acronyms.get(tree.words[token])
        ):
            return False
        if self._is_time(tree, token):
            return False
        if (
            mention is None
            and frame.kind == "noun"
            and slot.name == "A1"
            and tree.pos[token] == "PROPN"
        ):
            return linker.known_place(token)
        return linker.is_place(token)

    def _part_of_place(self, tree: Tree, token: int) -> bool:
        """Whether "half" or "parts" are of a place: nobody takes part of anything else."""
        return any(
            self.linker.is_place(p)
            for prep in tree.of_dep(token, "prep")
            if tree.lemmas[prep] == "of"
            for p in tree.of_dep(prep, "pobj")
        )

    def _is_time(self, tree: Tree, token: int) -> bool:
        return tree.words[token].lower() in words("time")


def _lists(frame: Frame, slot: Slot) -> bool:
    """Whether what fills a slot is whom or what is acted on, of which there may be a list."""
    return (frame.kind == "verb" and slot.name == "A1") or slot.name in ("of", "over")


def _armed(ref: Ref | None) -> bool:
    """Whether somebody can hold ground: a known actor, or one named by its fighters."""
    if ref is None:
        return False
    last = (ref.text or ref.name).lower().split()[-1]
    return ref.resolved or ref.name[:1].isupper() or last in words("force")


def _unknown(linker: Linker, tree: Tree, token: int) -> bool:
    """Whether a capitalised name is one that neither the vocabulary nor the report explains."""
    return tree.pos[token] == "PROPN" and linker.mention_at(token) is None


def _body(tree: Tree, token: int) -> bool:
    """Whether a name is a body's or a person's, which can be attacked but is nowhere."""
    named = tree.words[token].lower()
    return (
        named in words("body")
        or is_acting(tree, token)
        or (named.upper() == tree.words[token] and len(named) > 1)
        or person_at(tree, token) is not None
    )


def _neither(tree: Tree, token: int) -> bool:
    """Whether a phrase is the first of "neither A nor B"."""
    for t in (token, tree.heads[token]):
        for c in (*tree.children[t], tree.left[t] - 1):
            if c >= 0 and tree.words[c].lower() in ("neither", "nor"):
                return True
    return False

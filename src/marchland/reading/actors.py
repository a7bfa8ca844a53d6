"""Phrases read as actors: names, forces of a name, the government of the place, pronouns.

The rule: what is not resolved stays an unresolved mention with its own words.
"""

import re
from dataclasses import dataclass

from marchland.claims import PlaceRef, Ref
from marchland.reading.discourse import Discourse
from marchland.reading.mentions import Mention
from marchland.reading.persons import person_at
from marchland.reading.phrases import (
    hyphen_modifiers,
    is_acting,
    is_definite,
    is_place_noun,
    name_span,
    phrase_text,
    proper_run,
)
from marchland.reading.words import grammar, words
from marchland.vocabulary import fold

_STATE_FORCE = frozenset(
    [
        "force",
        "troop",
        "army",
        "military",
        "soldier",
        "navy",
        "police",
        "marine",
        "jet",
        "warplane",
        "aircraft",
        "artillery",
        "plane",
        "helicopter",
        "drone",
        "tank",
        "convoy",
        "commando",
        "warship",
        "unit",
        "gunner",
        "serviceman",
        "airpower",
        "bomber",
        "airstrike",
        "fighter-jet",
        "vehicle",
        "reinforcement",
        "personnel",
        "shelling",
        "strike",
        "sniper",
    ]
)
_STATE_BODY = frozenset(
    ["government", "regime", "authority", "administration", "side", "state", "leadership"]
)
_GOVERNMENT = frozenset(
    {"government", "regime", "loyalist", "pro-government", "pro-regime", "federal", "army", "state"}
)
_HOME = re.compile(
    r"(?:the )?(?:(?:government|army|federal|regime|state|security|loyalist) )?"
    r"(?:forces|troops|army|military|soldiers|government|regime|units)"
)
_AMOUNTS = frozenset(
    [
        "score",
        "total",
        "dozen",
        "hundred",
        "thousand",
        "number",
        "majority",
        "one",
        "some",
        "most",
        "rest",
        "many",
        "several",
        "handful",
        "all",
        "two",
        "three",
    ]
)
_DOINGS = frozenset(
    [
        "airstrike",
        "strike",
        "raid",
        "bombardment",
        "shelling",
        "offensive",
        "attack",
        "assault",
        "bombing",
        "operation",
        "campaign",
        "counterattack",
        "advance",
        "counteroffensive",
        "fire",
        "missile",
        "rocket",
        "war",
    ]
)
_HOLDERS = frozenset(
    [
        "rebel",
        "government",
        "regime",
        "militant",
        "insurgent",
        "opposition",
        "army",
        "jihadist",
        "terrorist",
        "police",
        "coalition",
        "militia",
        "military",
        "enemy",
        "loyalist",
    ]
)


@dataclass(slots=True)
class ActorLinker(Discourse):
    """Reads the phrase at a token as an actor."""

    def actor(self, i: int, *, loose: bool = False) -> Ref | None:
        """The phrase headed by token `i` read as an actor; None where it is none.

        Parameters
        ----------
        loose
            Take a thing that is no actor too, as an unresolved mention.
        """
        tree, m = self.tree, self._mention.get(i)
        if tree.pos[i] in ("PRON", "DET") and m is None:
            return self._pronoun(i)
        if tree.words[i].lower() in words("time") or tree.pos[i] in ("ADV", "VERB", "ADP"):
            return None
        if m is not None:
            if m.actors and (m.role != "demonym" or tree.pos[i] != "ADJ" or tree.deps[i] == "poss"):
                if m.role == "demonym" and tree.words[i].lower().endswith("s"):
                    return Ref.unresolved(phrase_text(tree, i))
                if m.role == "demonym":
                    return self._state_ref(m, m.text)
                return self._actor_ref(m.actors[0], m.text)
            if m.places and not m.actors:
                return None
        if tree.pos[i] == "PROPN" and tree.words[i] in self._acronyms:
            ref = self._acronyms[tree.words[i]]
            return Ref(id=ref.id, name=ref.name, text=tree.words[i])
        if tree.lemmas[i] in _AMOUNTS:
            for prep in tree.of_dep(i, "prep"):
                if tree.lemmas[prep] == "of":
                    for p in tree.of_dep(prep, "pobj"):
                        return self.actor(p, loose=loose)
        together = self._coalition(i, tree.words[i])
        if together is not None:
            return together
        owned = self._force(i)
        if owned is not None:
            return owned
        if tree.lemmas[i] in _DOINGS:
            return self._doer(i)
        if tree.pos[i] == "PROPN" or (
            tree.pos[i] == "NOUN" and tree.words[i].isupper() and len(tree.words[i]) > 1
        ):
            if self._looks_like_place(i) or self._happening(i):
                return None
            return self._proper(i)
        if is_acting(tree, i):
            return self._common(i)
        if loose and tree.pos[i] in ("NOUN", "PROPN") and not is_place_noun(tree, i):
            return Ref.unresolved(phrase_text(tree, i))
        return None

    def _coalition(self, i: int, text: str) -> Ref | None:
        """ "The coalition", "coalition aircraft": the one that was named last."""
        tree = self.tree
        if tree.words[i].lower() != "coalition" or any(
            tree.deps[c] in ("amod", "compound", "nmod", "poss") for c in tree.children[i]
        ):
            return None
        back = self._back(i, ("coalition",))
        return Ref(id=back.id, name=back.name, text=text) if back is not None else None

    def _force(self, i: int) -> Ref | None:
        """ "ISIS fighters", "Turkish jets", "government forces": the actor a force belongs to."""
        tree = self.tree
        lemma, word = tree.lemmas[i], tree.words[i].lower()
        if lemma not in words("force") and word not in words("force"):
            return None
        own = [c for c in tree.children[i] if tree.deps[c] in ("compound", "amod", "nmod", "poss")]
        governed = False
        for c in sorted(own, reverse=True):
            if tree.words[c].lower() in _GOVERNMENT:
                governed = True
            m = self._mention.get(c)
            if self._bound(c):
                return None
            if tree.deps[c] == "poss" and tree.pos[c] == "PRON":
                return self._pronouns_force(c, i)
            if m is None or not m.actors:
                together = self._coalition(c, tree.span_text(c, i))
                if together is not None:
                    return together
                if m is None and tree.words[c] in self._acronyms:
                    return self._acronyms[tree.words[c]]
                continue
            actor = self.vocabulary.find_actor(m.actors[0])
            if actor is None:
                continue
            text = tree.span_text(min(m.first, name_span(tree, i)[0]), i)
            if tree.deps[c] == "poss":
                text = tree.span_text(m.first, i)
            if actor.kind == "state" and actor.country:
                if lemma in _STATE_BODY:
                    return Ref(id=actor.id, name=actor.name, text=text)
                if lemma in _STATE_FORCE or governed:
                    found = self.vocabulary.resolve_actor(text)
                    if found.id is not None:
                        return self._actor_ref(found.id, text)
                    return self._army(actor.country, text)
                return None
            if actor.kind == "person in a public role":
                if actor.country in self._states and lemma in _STATE_BODY:
                    return self._actor_ref(self._states[actor.country], text)
                if actor.country in self._states and lemma in _STATE_FORCE:
                    return self._army(actor.country, text)
                return Ref.unresolved(text)
            return Ref(id=actor.id, name=actor.name, text=text)
        if governed or (lemma in ("army", "military") and is_definite(tree, i)):
            return self._government(i, force=lemma not in _STATE_BODY)
        if lemma in ("government", "regime") and not any(
            tree.deps[c] in ("amod", "compound") for c in own
        ):
            return self._government(i, force=False)
        return None

    def coordinated(self, i: int, ref: Ref) -> list[Ref]:
        """Further actors that a force belongs to: "Russian and Iranian troops"."""
        tree, found = self.tree, []
        if tree.lemmas[i] not in words("force"):
            return []
        for c in tree.children[i]:
            if tree.deps[c] not in ("amod", "compound", "nmod") or c > i:
                continue
            for other in tree.conjuncts(c):
                m = self._mention.get(other)
                if m is None and other != c and tree.words[other].lower() in _GOVERNMENT:
                    found.append(self._government(i, force=tree.lemmas[i] not in _STATE_BODY))
                if m is None or not m.actors or other > i or self._bound(other):
                    continue
                actor = self.vocabulary.find_actor(m.actors[0])
                if actor is None or (self._mention.get(i) is m):
                    continue
                text = tree.span_text(m.first, i)
                if actor.kind == "state" and actor.country:
                    if tree.lemmas[i] in _STATE_FORCE:
                        found.append(self._army(actor.country, text))
                elif actor.kind != "person in a public role":
                    found.append(Ref(id=actor.id, name=actor.name, text=text))
        return [o for o in found if o.id != ref.id]

    def _pronouns_force(self, pronoun: int, i: int) -> Ref | None:
        """ "its forces", "their fighters"."""
        owner = self._pronoun(pronoun)
        actor = self.vocabulary.find_actor(owner.id) if owner else None
        if owner is None:
            return None
        text = self.tree.words[i]
        if actor is not None and actor.kind == "state" and actor.country:
            if self.tree.lemmas[i] in _STATE_FORCE:
                return self._army(actor.country, text)
            return None
        return Ref(id=owner.id, name=owner.name, text=owner.text)

    def _doer(self, i: int) -> Ref | None:
        """ "US airstrikes killed", "the ISIS offensive": whose doing it is."""
        tree = self.tree
        for c in tree.children[i]:
            if tree.deps[c] in ("poss", "compound", "amod", "nmod"):
                m = self._mention.get(c)
                if m is not None and m.actors and not (m.places and tree.deps[c] != "poss"):
                    return self._actor_ref(m.actors[0], tree.span_text(m.first, i))
                together = self._coalition(c, tree.span_text(c, i))
                if together is not None:
                    return together
        for name, tail in hyphen_modifiers(tree, i):
            if tree.words[tail].lower() == "led":
                return self.modifier(name)
        return None

    def _government(self, i: int, *, force: bool) -> Ref:
        text = phrase_text(self.tree, i)
        for country in self._home():
            if country in self._states and (country in self._armies or not force):
                if force:
                    return self._army(country, text)
                actor = self.vocabulary.actors[self._states[country]]
                return Ref(id=actor.id, name=actor.name, text=text)
        return Ref.unresolved(text)

    def _government_name(self, text: str) -> Ref:
        for country in self._home():
            if country in self._states:
                return self._actor_ref(self._states[country], text)
        return Ref.unresolved(text)

    def _state_ref(self, m: Mention, text: str) -> Ref:
        actor = self.vocabulary.actors[m.actors[0]]
        return Ref(id=actor.id, name=actor.name, text=text)

    def _bound(self, i: int) -> bool:
        """Whether a name is half of a hyphenated word: "US-backed forces", "anti-ISIS forces"."""
        tree = self.tree
        if i + 1 < len(tree) and tree.words[i + 1] == "-" and tree.ends[i] == tree.begins[i + 1]:
            return i + 2 < len(tree) and tree.words[i + 2].lower() in grammar().tails
        m = self._mention.get(i)
        first = m.first if m else i
        return (
            first > 1
            and tree.words[first - 1] == "-"
            and tree.ends[first - 1] == tree.begins[first]
            and tree.words[first - 2].lower() in ("anti", "pro", "counter", "non", "post", "ex")
        )

    def _proper(self, i: int) -> Ref:
        """A capitalised name that the vocabulary does not know."""
        tree = self.tree
        person = person_at(tree, i)
        if person is not None and i >= person.first:  # else it is of the titles
            full = self._full_names.get(person.name.split()[-1].lower(), person.name)
            return self._person_ref(full, person.name)
        text = phrase_text(tree, i)
        known = self._full_names.get(text.lower())
        if known:
            return self._person_ref(known, text)
        whole = self._whole_name(i)
        if len(whole) > len(text):
            found = self.vocabulary.resolve_actor(whole)
            return self._actor_ref(found.id, whole) if found.id else Ref.unresolved(whole)
        return Ref.unresolved(text)

    def _whole_name(self, i: int) -> str:
        """The name that a capitalised token is part of: "Army of Conquest", "Ahmed al-Shamri"."""
        tree = self.tree
        first, last = proper_run(tree, i)
        if (
            first > 1
            and tree.words[first - 1].lower() == "of"
            and tree.pos[first - 2] == "PROPN"
            and tree.words[first - 2].lower() in words("body")
        ):
            return tree.span_text(proper_run(tree, first - 2)[0], last)
        if any(tree.words[t] == "-" for t in range(first, last + 1)):
            return tree.span_text(first, last)
        return ""

    def _common(self, i: int) -> Ref | None:
        """A common noun that acts: what "the group" points back to, or itself."""
        tree, lemma = self.tree, self.tree.lemmas[i]
        bare = not any(
            tree.deps[c] in ("amod", "compound", "poss", "nmod", "relcl") for c in tree.children[i]
        ) and not any(tree.lemmas[c] in ("of", "from", "in") for c in tree.of_dep(i, "prep"))
        text = phrase_text(tree, i)
        if bare and is_definite(tree, i):
            ref = None
            if lemma in words("definite_group"):
                kinds: tuple[str, ...] = (
                    "armed group",
                    "coalition",
                    "party",
                    "organisation",
                    "?",
                )
                if lemma in ("force", "side", "army", "military", "troop"):
                    kinds = (*kinds, "army")
                ref = self._back(i, (*kinds, "state") if lemma in ("force", "side") else kinds)
            elif lemma in words("definite_fighters"):
                kinds = ("armed group", "coalition", "?")
                ref = self._back_called(i, lemma)
                if ref is None and lemma != "rebel":  # a jihadist group is not "the rebels"
                    ref = self._back(i, kinds)
            elif lemma == "country":
                ref = self._back(i, ("state",))
            elif lemma in (
                "minister",
                "president",
                "spokesman",
                "spokeswoman",
                "official",
                "leader",
                "commander",
                "general",
            ):
                ref = self._last_person(i, lemma)
            if ref is not None:
                return Ref(id=ref.id, name=ref.name, text=text)
        found = self.vocabulary.resolve_actor(text)
        if found.id is not None and (not text.islower() or self._written_so(text)):
            return self._actor_ref(found.id, text)
        return Ref.unresolved(text)

    def _written_so(self, text: str) -> bool:
        """Whether a name is written in small letters: "a monitor" is not Al-Monitor."""
        return any((m.begin, m.end) == (0, len(text)) for m in self.matcher.find(text))

    def _pronoun(self, i: int) -> Ref | None:
        word = self.tree.words[i].lower()
        ref: Ref | None = None
        if word in words("leader_speech"):
            return self._own_side(i, alone=word in ("i", "me", "my"))
        if word in ("he", "she", "his", "her", "him"):
            ref = self._last_person(i)
        elif word in ("it", "its", "itself"):
            ref = self._back(i, (), subject=True, plural=False)
        elif word in ("they", "their", "them", "themselves", "these", "both"):
            ref = self._back(i, (), subject=True, plural=True)
        if ref is None:
            return None
        return Ref(id=ref.id, name=ref.name, text=ref.text)

    def _own_side(self, i: int, *, alone: bool) -> Ref | None:
        """Who "we" are: whom the one quoted speaks for, "an SDF spokesman" for the SDF."""
        at = self.speech_of(i)
        if at is None or at == i:
            return self.speaker
        speaker = self.actor(at, loose=True)
        if alone:
            return speaker
        own = self.vocabulary.find_actor(speaker.id) if speaker else None
        if own is not None and own.kind != "person in a public role":
            return speaker
        tree = self.tree
        first = min(
            [
                at,
                *(
                    t
                    for t in range(max(at - 8, 0), at)
                    if tree.right[t] >= at or tree.heads[t] >= at
                ),
            ]
        )
        for t in range(at, first - 1, -1):
            m = self._mention.get(t)
            actor = self.vocabulary.find_actor(m.actors[0]) if m and m.actors else None
            if m and actor is not None and actor.kind not in ("person in a public role", "outlet"):
                return Ref(id=actor.id, name=actor.name, text=m.text)
        if own is not None and own.country in self._states:
            return self._actor_ref(self._states[own.country], own.name)
        return speaker

    def at_home(self, ref: Ref, place: PlaceRef) -> Ref:
        """ "The army", "government forces" as those of the country whose ground it is about."""
        if not _HOME.fullmatch((ref.text or "").lower()):
            return ref
        actor = self.vocabulary.find_actor(ref.id)
        found = self.vocabulary.find_place(place.id) if place.resolved else None
        if found is None or found.country not in self._states:
            return ref
        if actor is not None and actor.country == found.country:
            return ref
        if (ref.text or "").lower().split()[-1] in _STATE_BODY:
            return self._actor_ref(self._states[found.country], ref.text or ref.name)
        return self._army(found.country, ref.text or ref.name)

    def holder(self, i: int) -> Ref | None:
        """The actor that a modifier of a phrase names: "ISIS positions", "Iraqi-held hills"."""
        tree = self.tree
        for name, tail in hyphen_modifiers(tree, i):
            if tree.words[tail].lower() in ("held", "controlled", "occupied", "run", "ruled"):
                return self.modifier(name)
        for c in tree.children[i]:
            if tree.deps[c] in ("poss", "compound", "amod", "nmod"):
                m = self._mention.get(c)
                if m is not None and m.actors and m.role != "capital":
                    if m.role == "demonym" or (m.places and tree.deps[c] != "poss"):
                        actor = self.vocabulary.find_actor(m.actors[0])
                        if actor is not None and tree.lemmas[i] in (
                            "position",
                            "base",
                            "post",
                            "target",
                            "outpost",
                            "checkpoint",
                            "stronghold",
                        ):
                            return (
                                self._army(actor.country, m.text)
                                if actor.country in self._armies
                                else self._actor_ref(actor.id, m.text)
                            )
                        continue
                    return self._actor_ref(m.actors[0], m.text)
                if m is None and tree.deps[c] in ("poss", "compound"):
                    if tree.deps[c] == "poss" and tree.pos[c] == "PRON":
                        return self._pronoun(c)
                    if tree.lemmas[c] in _HOLDERS or tree.words[c] in self._acronyms:
                        return self.actor(c)
            elif tree.deps[c] == "acl" and tree.lemmas[c] in ("hold", "control", "occupy", "use"):
                for agent in tree.of_dep(c, "agent", "prep"):
                    for p in tree.of_dep(agent, "pobj"):
                        return self.actor(p)
        for prep in tree.of_dep(i, "prep"):
            if tree.lemmas[prep] == "of":
                for p in tree.of_dep(prep, "pobj"):
                    m = self._mention.get(p)
                    if (m is None or not m.places) and self._is_actor(p):
                        return self.actor(p)
        return None

    def modifier(self, i: int) -> Ref | None:
        """The actor named by the first half of a hyphenated word."""
        m = self._mention.get(i)
        if m is not None and m.actors:
            actor = self.vocabulary.find_actor(m.actors[0])
            if actor is not None:
                return Ref(id=actor.id, name=actor.name, text=m.text)
        word = self.tree.words[i]
        if word in self._acronyms:
            return self._acronyms[word]
        if word.lower() in ("government", "regime"):
            return self._government_name(word)
        if word.lower() in words("acting") or word[:1].isupper():
            single = word.lower() in words("definite_fighters")
            text = word + "s" if single and not word.endswith("s") else word
            found = self.vocabulary.resolve_actor(text)
            return self._actor_ref(found.id, text) if found.id else Ref.unresolved(text)
        return None

    def _is_actor(self, i: int) -> bool:
        m = self._mention.get(i)
        if m is not None:
            return bool(m.actors)
        return is_acting(self.tree, i) or self.tree.words[i] in self._acronyms

    def _happening(self, i: int) -> bool:
        """Whether a name is a battle's or a place's of several words, which act on nobody."""
        tree = self.tree
        if tree.lemmas[i] in ("battle", "siege", "offensive", "operation", "campaign"):
            return True
        first, last = proper_run(tree, i)
        return first < last and person_at(tree, i) is None and self.known_place(i)

    def _looks_like_place(self, i: int) -> bool:
        """Whether an unknown capitalised name stands as a place does."""
        tree = self.tree
        lemma = tree.words[i].lower()
        if lemma in words("place"):
            return True
        head = tree.heads[i]
        if tree.deps[i] == "pobj" and tree.lemmas[head] in ("in", "at", "near"):
            return True
        if tree.deps[i] in ("pobj", "appos", "compound", "conj"):
            above = tree.heads[head] if tree.deps[i] == "pobj" else head
            return is_place_noun(tree, above) and tree.lemmas[above] not in (
                "base",
                "position",
                "stronghold",
                "headquarters",
                "control",
                "part",
                "capital",
                "territory",
            )
        return False

    def known_place(self, i: int) -> bool:
        """Whether an unknown name was used as a place's before, or is one in the gazetteer."""
        tree = self.tree
        if tree.pos[i] != "PROPN":
            return False
        first, last = proper_run(tree, i)
        text = tree.span_text(first, last)
        if text.lower() in self._place_names:
            return True
        if first == last and text.isupper():
            return False
        return self.vocabulary.in_gazetteer(fold(text))

"""What a phrase means: names to the vocabulary, pronouns and short names to what came before.

A `Linker` goes with one report. It reads the phrase at a token as an actor or as places, and keeps
what the report has named so far, so that "the group", "the city" and a last name alone find what
they stand for. The rule: what is not resolved stays an unresolved mention with its own words.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from marchland.claims import PlaceRef, Ref
from marchland.geo import Point, offset
from marchland.reading.mentions import Mention, NameMatcher, find_mentions
from marchland.reading.persons import Person, person_at
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
from marchland.reading.tree import Tree
from marchland.reading.words import grammar, words
from marchland.vocabulary import Actor, Vocabulary, fold

_ARMED = frozenset({"armed group", "coalition", "army", "party"})
_STATE_FORCE = frozenset(
    "force troop army military soldier navy police marine jet warplane aircraft artillery plane"
    " helicopter drone tank convoy commando warship unit gunner serviceman airpower bomber"
    " airstrike fighter-jet vehicle reinforcement personnel shelling strike sniper".split()
)
_STATE_BODY = frozenset("government regime authority administration side state leadership".split())
_GOVERNMENT = frozenset(
    {"government", "regime", "loyalist", "pro-government", "pro-regime", "federal", "army", "state"}
)
_HOME = re.compile(
    r"(?:the )?(?:(?:government|army|federal|regime|state|security|loyalist) )?"
    r"(?:forces|troops|army|military|soldiers|government|regime|units)"
)
_FACILITY = ("base", "airport", "station", "facility", "crossing")
_AREA = ("area", "governorate", "province", "region", "district", "corridor")
_AMOUNTS = frozenset(
    "score total dozen hundred thousand number majority one some most rest many several handful all"
    " two three".split()
)
_DOINGS = frozenset(
    "airstrike strike raid bombardment shelling offensive attack assault bombing operation campaign"
    " counterattack advance counteroffensive fire missile rocket war".split()
)
_HOLDERS = frozenset(
    "rebel government regime militant insurgent opposition army jihadist terrorist police coalition"
    " militia military enemy loyalist".split()
)
_BEARINGS = {
    "north": 0.0, "northern": 0.0, "northeast": 45.0, "northeastern": 45.0, "east": 90.0,
    "eastern": 90.0, "southeast": 135.0, "southeastern": 135.0, "south": 180.0,
    "southern": 180.0, "southwest": 225.0, "southwestern": 225.0, "west": 270.0,
    "western": 270.0, "northwest": 315.0, "northwestern": 315.0,
}  # fmt: skip
_AROUND = frozenset("in near around of outside along at between from on within to with".split())
_OPEN_AREA = frozenset("territory soil airspace land border".split())


@dataclass(slots=True)
class _Named:
    """Something the report named, and where."""

    at: tuple[int, int]
    ref: Ref | PlaceRef
    kind: str
    subject: bool
    plural: bool = False


@dataclass(slots=True)
class Linker:
    """The phrases of one report, resolved in the order they stand.

    Parameters
    ----------
    vocabulary
        What names mean.
    matcher
        The vocabulary's names, ready to be found.
    """

    vocabulary: Vocabulary
    matcher: NameMatcher
    tree: Tree = field(init=False)
    number: int = -1
    speaker: Ref | None = None
    """Whose words the paragraph is, where somebody speaks in it throughout."""
    _mention: dict[int, Mention] = field(default_factory=dict)
    _actors: list[_Named] = field(default_factory=list)
    _places: list[_Named] = field(default_factory=list)
    _persons: list[_Named] = field(default_factory=list)
    _countries: Counter[str] = field(default_factory=Counter)
    _ground: Counter[str] = field(default_factory=Counter)
    _full_names: dict[str, str] = field(default_factory=dict)
    _acronyms: dict[str, Ref] = field(default_factory=dict)
    _armies: dict[str, str] = field(default_factory=dict)
    _states: dict[str, str] = field(default_factory=dict)
    _place_names: set[str] = field(default_factory=set)
    _facing: list[tuple[int, Ref, Ref]] = field(default_factory=list)
    _held: dict[str, Ref] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for actor in self.vocabulary.actors.values():
            if actor.country and actor.kind == "state" and not actor.part_of:
                self._states.setdefault(actor.country, actor.id)
        for actor in self.vocabulary.actors.values():
            if actor.country and actor.kind == "army" and actor.part_of == self._states.get(actor.country):
                self._armies.setdefault(actor.country, actor.id)

    # ------------------------------------------------------------ paragraphs

    def enter(self, tree: Tree, mentions: Sequence[Mention] | None = None) -> None:
        """Go on to the next paragraph and note what it names."""
        self.tree, self.number = tree, self.number + 1
        found = find_mentions(tree, self.matcher) if mentions is None else mentions
        self._mention = {t: m for m in found for t in range(m.first, m.last + 1)}
        for m in found:
            self._note_mention(m)
        i = 0
        while i < len(tree):
            if tree.pos[i] == "PROPN" and i not in self._mention:
                first, last = proper_run(tree, i)
                person = person_at(tree, last)
                if person is not None and person.first <= i <= person.last:
                    self._note_person(person)
                    i = person.last + 1
                    continue
                self._note_acronym(first, last)
                i = max(i, last) + 1
            else:
                i += 1

    def _note_mention(self, m: Mention) -> None:
        tree, at = self.tree, (self.number, m.first)
        head = self.head_of(m)
        subject = tree.deps[head] in ("nsubj", "nsubjpass")
        for id in m.places[:1]:
            place = self.vocabulary.find_place(id)
            if place is not None:
                if place.country:
                    self._countries[place.country] += 1
                    if place.kind != "country" and m.role == "name":
                        self._ground[place.country] += 1
                kind = place.kind
                if kind != "country" and m.role == "name":
                    self._places.append(_Named(at, self._place_ref(id, m.text), kind, subject))
        for id in m.actors[:1]:
            actor = self.vocabulary.find_actor(id)
            if actor is None:
                continue
            if actor.country:
                self._countries[actor.country] += 1
            ref = Ref(id=id, name=actor.name, text=m.text)
            if actor.kind == "person in a public role":
                self._persons.append(_Named(at, ref, "person", subject))
                self._full_names[actor.name.split()[-1].lower()] = actor.name
            elif m.role == "name" and actor.kind not in ("state", "outlet") :
                self._actors.append(_Named(at, ref, actor.kind, subject))
            elif m.role != "demonym" and not m.places and actor.kind == "state":
                self._actors.append(_Named(at, ref, actor.kind, subject))
            elif subject and actor.kind == "state" and m.role != "demonym":
                self._actors.append(_Named(at, ref, actor.kind, subject))

    def _note_person(self, person: Person) -> None:
        name = person.name
        last = name.split()[-1].lower()
        if " " in name:
            self._full_names[last] = name
            self._full_names.setdefault(last.removeprefix("al-"), name)
        subject = self.tree.deps[person.last] in ("nsubj", "nsubjpass")
        self._persons.append(
            _Named((self.number, person.first), self._person_ref(name, name), "person", subject)
        )

    def _note_acronym(self, first: int, last: int) -> None:
        """"Syrian National Army (SNA)": the short name stands for the long one from here on."""
        tree = self.tree
        if last - first < 1 or last + 2 >= len(tree) or tree.words[last + 1] != "(":
            return
        short = tree.words[last + 2]
        if 2 <= len(short) <= 6 and short.isupper() and short[0] == tree.words[first][0]:
            text = tree.span_text(first, last)
            self._acronyms[short] = Ref.unresolved(text)

    def head_of(self, m: Mention) -> int:
        """The token of a mention that the rest of the sentence hangs on."""
        for t in range(m.last, m.first - 1, -1):
            if not m.first <= self.tree.heads[t] <= m.last or self.tree.heads[t] == t:
                return t
        return m.last

    def mention_at(self, i: int) -> Mention | None:
        """The vocabulary name that token `i` is part of."""
        return self._mention.get(i)

    # ---------------------------------------------------------------- actors

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
        owned = self._force(i)
        if owned is not None:
            return owned
        if tree.lemmas[i] in _DOINGS:
            return self._doer(i)
        if tree.pos[i] == "PROPN" or (tree.pos[i] == "NOUN" and tree.words[i].isupper() and len(tree.words[i]) > 1):
            if self._looks_like_place(i):
                return None
            return self._proper(i)
        if is_acting(tree, i):
            return self._common(i)
        if loose and tree.pos[i] in ("NOUN", "PROPN") and not is_place_noun(tree, i):
            return Ref.unresolved(phrase_text(tree, i))
        return None

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

    def _force(self, i: int) -> Ref | None:
        """"ISIS fighters", "Turkish jets", "government forces": the actor a force belongs to."""
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
                if m is None and tree.deps[c] in ("compound", "poss") and tree.pos[c] == "PROPN":
                    if tree.words[c] in self._acronyms:
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
        if lemma in ("government", "regime") and not any(tree.deps[c] in ("amod", "compound") for c in own):
            return self._government(i, force=False)
        return None

    def _doer(self, i: int) -> Ref | None:
        """"US airstrikes killed", "the ISIS offensive": whose doing it is."""
        tree = self.tree
        for c in tree.children[i]:
            if tree.deps[c] in ("poss", "compound", "amod", "nmod"):
                m = self._mention.get(c)
                if m is not None and m.actors and not (m.places and tree.deps[c] != "poss"):
                    ref = self._actor_ref(m.actors[0], tree.span_text(m.first, i))
                    return ref
        for name, tail in hyphen_modifiers(tree, i):
            if tree.words[tail].lower() == "led":
                return self.modifier(name)
        return None

    def _pronouns_force(self, pronoun: int, i: int) -> Ref | None:
        """"its forces", "their fighters"."""
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

    def _government(self, i: int, *, force: bool) -> Ref:
        text = phrase_text(self.tree, i)
        for country in self._home():
            if country in self._states and (country in self._armies or not force):
                if force:
                    return self._army(country, text)
                actor = self.vocabulary.actors[self._states[country]]
                return Ref(id=actor.id, name=actor.name, text=text)
        return Ref.unresolved(text)

    def _army(self, country: str, text: str) -> Ref:
        actor = self.vocabulary.actors[self._armies.get(country) or self._states[country]]
        return Ref(id=actor.id, name=actor.name, text=text)

    def _state_ref(self, m: Mention, text: str) -> Ref:
        actor = self.vocabulary.actors[m.actors[0]]
        return Ref(id=actor.id, name=actor.name, text=text)

    def _actor_ref(self, id: str, text: str) -> Ref:
        actor = self.vocabulary.find_actor(id)
        return Ref(id=id, name=actor.name if actor else text, text=text)

    def _person_ref(self, name: str, text: str) -> Ref:
        found = self.vocabulary.resolve_actor(name)
        if found.id is not None:
            return self._actor_ref(found.id, text)
        return Ref(id="?" + name.casefold().replace(" ", "-"), name=name, text=text)

    def _proper(self, i: int) -> Ref:
        """A capitalised name that the vocabulary does not know."""
        tree = self.tree
        person = person_at(tree, i)
        if person is not None:
            full = self._full_names.get(person.name.split()[-1].lower(), person.name)
            return self._person_ref(full, person.name)
        text = phrase_text(tree, i)
        full = self._full_names.get(text.lower())
        if full:
            return self._person_ref(full, text)
        return Ref.unresolved(text)

    def _common(self, i: int) -> Ref | None:
        """A common noun that acts: what "the group" points back to, or itself."""
        tree, lemma = self.tree, self.tree.lemmas[i]
        bare = not any(
            tree.deps[c] in ("amod", "compound", "poss", "nmod", "relcl") for c in tree.children[i]
        ) and not any(
            tree.lemmas[c] in ("of", "from", "in") for c in tree.of_dep(i, "prep")
        )
        text = phrase_text(tree, i)
        if bare and is_definite(tree, i):
            ref = None
            if lemma in words("definite_group"):
                kinds = ("armed group", "coalition", "party", "organisation", "army", "?")
                ref = self._back(i, (*kinds, "state") if lemma in ("force", "side") else kinds)
            elif lemma in words("definite_fighters"):
                ref = self._back(i, ("armed group", "coalition", "?"))
            elif lemma == "country":
                ref = self._back(i, ("state",))
            elif lemma in ("minister", "president", "spokesman", "spokeswoman", "official", "leader", "commander", "general"):
                ref = self._last_person(i)
            if ref is not None:
                return Ref(id=ref.id, name=ref.name, text=text)
        found = self.vocabulary.resolve_actor(text)
        if found.id is not None:
            return self._actor_ref(found.id, text)
        return Ref.unresolved(text)

    def _pronoun(self, i: int) -> Ref | None:
        word = self.tree.words[i].lower()
        ref: Ref | None = None
        if word in words("leader_speech"):
            return self.speaker
        if word in ("he", "she", "his", "her", "him"):
            ref = self._last_person(i)
        elif word in ("it", "its", "itself"):
            ref = self._back(i, (), subject=True, plural=False)
        elif word in ("they", "their", "them", "themselves", "these", "both"):
            ref = self._back(i, (), subject=True, plural=True)
        if ref is None:
            return None
        return Ref(id=ref.id, name=ref.name, text=ref.text)

    def _last_person(self, i: int) -> Ref | None:
        here = (self.number, i)
        for named in reversed(self._persons):
            if named.at < here and self.number - named.at[0] <= 4:
                assert isinstance(named.ref, Ref)
                return named.ref
        return None

    def _back(
        self, i: int, kinds: Sequence[str], *, subject: bool = False, plural: bool = False
    ) -> Ref | None:
        """The last actor named before token `i` of one of these kinds."""
        tree = self.tree
        sentence = tree.sentences[tree.sentence_of[i]][0]
        fallback: Ref | None = None
        if not subject:
            # "While the SDF is an ally against ISIS, the group ...": a subject of the same
            # sentence comes before what is nearer
            for named in reversed(self._actors):
                inside = (self.number, sentence) <= named.at < (self.number, i)
                if inside and named.subject and named.kind in kinds:
                    assert isinstance(named.ref, Ref)
                    return named.ref
        for named in reversed(self._actors):
            if named.at >= (self.number, i):
                continue
            if self.number - named.at[0] > 2:
                break
            if kinds and named.kind not in kinds:
                continue
            if plural and named.kind == "state":
                continue
            assert isinstance(named.ref, Ref)
            if subject and not named.subject and named.at[0] == self.number and named.at[1] >= sentence - 60:
                fallback = fallback or named.ref
                continue
            return named.ref
        return fallback

    def note_speaker(self, i: int, ref: Ref) -> None:
        """Keep who spoke, for "he added" and "the official said"."""
        self._persons.append(_Named((self.number, i), ref, "person", True))
        self._persons.sort(key=lambda n: n.at)

    def at_home(self, ref: Ref, place: PlaceRef) -> Ref:
        """"The army", "government forces" as those of the country whose ground it is about."""
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

    def note_actor(self, i: int, ref: Ref, *, subject: bool) -> None:
        """Keep an actor that a claim named, for later pronouns."""
        self._actors.append(
            _Named((self.number, i), ref, self._kind_of(ref), subject)
        )
        self._actors.sort(key=lambda n: n.at)

    def _kind_of(self, ref: Ref) -> str:
        actor: Actor | None = self.vocabulary.find_actor(ref.id)
        return actor.kind if actor else "?"

    # ------------------------------------------------------------- modifiers

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
                        if actor is not None and tree.lemmas[i] in ("position", "base", "post", "target", "outpost", "checkpoint", "stronghold"):
                            return self._army(actor.country, m.text) if actor.country in self._armies else self._actor_ref(actor.id, m.text)
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

    def _government_name(self, text: str) -> Ref:
        for country in self._home():
            if country in self._states:
                return self._actor_ref(self._states[country], text)
        return Ref.unresolved(text)

    def _home(self) -> list[str]:
        """Countries that "the government" may be of: those of the places named, nearest first."""
        ground = [c for c, _ in self._ground.most_common(3)]
        return ground + [c for c, _ in self._countries.most_common(4) if c not in ground]

    def _is_actor(self, i: int) -> bool:
        m = self._mention.get(i)
        if m is not None:
            return bool(m.actors)
        return is_acting(self.tree, i) or self.tree.words[i] in self._acronyms

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
            return is_place_noun(tree, above) and tree.lemmas[above] not in ("base", "position", "stronghold", "headquarters", "control", "part", "capital", "territory")
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

    # ---------------------------------------------------------------- places

    def places(self, i: int) -> list[PlaceRef]:
        """The phrase headed by token `i` read as places, one for each it names; empty if none."""
        tree, m = self.tree, self._mention.get(i)
        if m is not None and m.places:
            return [self._directed(i, m)]
        if m is not None and m.actors and m.role != "demonym":
            return []
        if tree.pos[i] == "PRON":
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
        """"several villages, including X and Y", "towns such as X"."""
        tree = self.tree
        found: list[PlaceRef] = []
        for prep in tree.of_dep(i, "prep", "acl"):
            if tree.lemmas[prep] in ("include", "including", "like") or tree.words[prep].lower() == "as":
                for p in tree.of_dep(prep, "pobj", "dobj"):
                    for item in tree.conjuncts(p):
                        if self.is_place(item):
                            found.extend(self.places(item))
        return found

    def is_place(self, i: int) -> bool:
        """Whether the phrase at token `i` names a place rather than an actor."""
        m = self._mention.get(i)
        if m is not None:
            return bool(m.places)
        lemma = self.tree.lemmas[i]
        if lemma in words("direction") or is_place_noun(self.tree, i) or lemma in words("partial"):
            return True
        return self.tree.pos[i] == "PROPN" and not is_acting(self.tree, i)

    def _place_ref(self, id: str, text: str, *, name: str | None = None) -> PlaceRef:
        place = self.vocabulary.find_place(id)
        assert place is not None
        return PlaceRef(
            id=id,
            name=name or place.name,
            text=text,
            lat=place.lat,
            lon=place.lon,
            geo_precision=place.geo_precision,
        )

    def _directed(self, i: int, m: Mention) -> PlaceRef:
        """A named place, the part of it that "northern" points at, or its post across a border."""
        tree = self.tree
        ref = self._place_ref(m.places[0], m.text)
        before = m.first - 1
        across = self._side(before, m.places[0])
        if across is not None:
            return across
        if before >= 0 and tree.words[before].lower() in words("direction"):
            return self._area(ref, tree.span_text(before, m.last), tree.words[before].lower())
        return ref

    def _crossing(self, m: Mention) -> bool:
        place = self.vocabulary.find_place(m.places[0])
        return place is not None and place.kind == "crossing"

    def _side(self, before: int, id: str) -> PlaceRef | None:
        """"Lebanese Arida", "the Iraqi side of al-Qaim": the post on that country's side."""
        tree, place = self.tree, self.vocabulary.find_place(id)
        if place is None or place.other_side is None or before < 0:
            return None
        if tree.words[before].lower() == "the":
            before -= 1
        if before > 0 and tree.words[before].lower() == "of" and tree.lemmas[before - 1] == "side":
            before -= 2
        m = self._mention.get(before)
        if m is None or m.role != "demonym" or not m.actors:
            return None
        actor = self.vocabulary.find_actor(m.actors[0])
        other = self.vocabulary.find_place(place.other_side)
        if actor is None or other is None or other.country != actor.country:
            return None
        return self._place_ref(other.id, other.name)

    def _area(
        self,
        anchor: PlaceRef,
        name: str,
        direction: str = "",
        km: float = 0.0,
        *,
        around: str | None = None,
        text: str | None = None,
    ) -> PlaceRef:
        """A stretch that keeps its words, put where its anchor is (or off it, where told).

        Its id is that of no place: "?" and the words that say where, so that "villages in
        northern Aleppo" and "positions in northern Aleppo" share it.
        """
        lat, lon = anchor.lat, anchor.lon
        bearing = _BEARINGS.get(direction)
        if lat is not None and lon is not None and bearing is not None and km:
            moved = offset(Point(lon, lat), bearing_deg=bearing, distance_km=km)
            lat, lon = moved.lat, moved.lon
        name = " ".join(name.split())
        where = " ".join((around or name).split())
        return PlaceRef(
            id="?" + where.casefold().replace(" ", "-"),
            name=name,
            text=" ".join((text or name).split()),
            lat=lat,
            lon=lon,
            geo_precision="area",
        )

    def _direction(self, i: int) -> list[PlaceRef]:
        """"west of Mosul", "30 km north of al-Tanf"."""
        tree = self.tree
        for prep in tree.of_dep(i, "prep"):
            for p in tree.of_dep(prep, "pobj"):
                for anchor in self.places(p)[:1]:
                    km = self._distance(i)
                    text = tree.span_text(i, p)
                    return [self._area(anchor, text, tree.lemmas[i].replace("-", ""), km or 15.0)]
        return []

    def _distance(self, i: int) -> float:
        tree = self.tree
        for c in tree.children[i]:
            if tree.deps[c] in ("npadvmod", "nmod", "compound", "nummod"):
                unit = tree.lemmas[c]
                scale = 1.0 if unit.startswith(("km", "kilomet")) else 1.609 if unit.startswith("mi") else 0.0
                for n in tree.of_dep(c, "nummod"):
                    try:
                        return float(tree.words[n].replace(",", "")) * scale
                    except ValueError:
                        return 0.0
        return 0.0

    def _proper_place(self, i: int) -> PlaceRef:
        tree = self.tree
        first, last = proper_run(tree, i)
        while first < last and tree.words[first].lower() in words("direction") | {"the"}:
            first += 1
        text = tree.span_text(first, last)
        ref = self._resolve(text)
        before = first - 1
        if before >= 0 and tree.words[before].lower() in words("direction") and tree.begins[first] - tree.ends[before] <= 1:
            return self._area(ref, tree.span_text(before, last), tree.words[before].lower())
        return ref

    def _resolve(self, text: str, *, kinds: Sequence[str] = ()) -> PlaceRef:
        """A place name by the vocabulary and gazetteer in the report's context, or unresolved."""
        near = [
            Point(n.ref.lon, n.ref.lat)
            for n in self._places[-6:]
            if isinstance(n.ref, PlaceRef) and n.ref.lat is not None and n.ref.lon is not None
        ]
        countries = [c for c, _ in self._countries.most_common(3)]
        found = self.vocabulary.resolve_place(text, countries=countries, near=near)
        if found.id is not None and (countries or found.id in self.vocabulary.places):
            place = self.vocabulary.find_place(found.id)
            if place is not None and (not countries or place.country in countries or place.country is None or found.id in self.vocabulary.places):
                return self._place_ref(found.id, text)
        return PlaceRef.unresolved(text)

    def _common_place(self, i: int) -> list[PlaceRef]:
        tree, lemma = self.tree, self.tree.lemmas[i]
        named = self._named_by_noun(i)
        if named:
            return named
        if lemma == "side":
            for prep in tree.of_dep(i, "prep"):
                for p in tree.of_dep(prep, "pobj"):
                    m = self._mention.get(p)
                    if m is not None and m.places:
                        across = self._side(m.first - 1, m.places[0])
                        if self._crossing(m):
                            return [across or self._place_ref(m.places[0], m.text)]
        if lemma in words("hold"):
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
            last = self._last_place(i, kinds)
            if last is not None:
                return [last]
        text = phrase_text(tree, i, bare=False)
        route = self._route(i)
        if route is not None:
            return [route]
        inner = self._inner(i)
        if inner is not None:
            prep, anchors = inner
            found = []
            for anchor, at in anchors:
                if lemma in words("partial") and prep == "of":
                    if lemma in ("all", "most", "rest", "remainder", "majority", "much", "control", "city", "half") or anchor.geo_precision in ("area", "country", "unknown"):
                        found.append(anchor)
                        continue
                core = place_core(tree, i, self._holder_tokens(i))
                tail = tree.span_text(i + 1, at) if i < at <= i + 7 else f"{prep} {anchor.text}".strip()
                if len(anchors) > 1 and at > i:
                    tail = f"{prep} {tree.span_text(name_span(tree, at)[0], at)}"
                around = anchor.name if anchor.resolved else anchor.id.removeprefix("?").replace("-", " ")
                found.append(
                    self._area(anchor, f"{core} {tail}", around=around, text=f"{text} {tail}")
                )
            if found:
                return found
        core = place_core(tree, i, self._holder_tokens(i))
        return [PlaceRef(id="?" + core.casefold().replace(" ", "-"), name=core, text=text)]

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

    def _named_by_noun(self, i: int) -> list[PlaceRef]:
        """"the town of X and Y", "X village", "the X airbase", "the village X"."""
        tree, lemma = self.tree, self.tree.lemmas[i]
        if lemma in words("partial"):
            return []
        kind = any(lemma in words(k) for k in ("settlement", "facility", "area", "hold"))
        found: list[PlaceRef] = []
        if kind:
            for prep in tree.of_dep(i, "prep"):
                if tree.lemmas[prep] == "of":
                    for p in tree.of_dep(prep, "pobj"):
                        for item in tree.conjuncts(p):
                            if tree.pos[item] == "PROPN" or item in self._mention:
                                found.extend(self.places(item))
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
            if tree.deps[c] in ("compound", "nmod", "poss", "amod") and c < i
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
            if lemma in ("area", "countryside", "valley", "territory", "pocket", "enclave") and anchor.geo_precision not in ("country",):
                return [self._area(anchor, whole, around=anchor.name)]
            return [PlaceRef(id=anchor.id, name=anchor.name, text=whole, lat=anchor.lat, lon=anchor.lon, geo_precision="area" if anchor.resolved else "unknown")]
        found_whole = self.vocabulary.resolve_place(whole, kinds=_FACILITY)
        if found_whole.id:
            return [self._place_ref(found_whole.id, whole)]
        return [PlaceRef(id="?" + whole.casefold().replace(" ", "-"), name=whole, text=whole, lat=anchor.lat, lon=anchor.lon, geo_precision="facility" if lemma in words("facility") else "area")]

    def _kind_of_place(self, place: PlaceRef, lemma: str) -> PlaceRef:
        """"Anbar" out of "Anbar and Kirkuk provinces": the province, where there is one."""
        found = self.vocabulary.resolve_place(f"{place.text or place.name} {lemma}", kinds=_AREA)
        if found.id and lemma in words("area"):
            return self._place_ref(found.id, f"{place.text or place.name} {lemma}")
        return place

    def _equal(self, i: int) -> list[PlaceRef]:
        """"Raqqa, the ISIS capital", "Raqqa was their stronghold": the place that it is."""
        tree = self.tree
        head = tree.heads[i]
        others: list[int] = []
        if tree.deps[i] == "appos":
            others = [head]
        elif tree.deps[i] == "attr":
            others = list(tree.of_dep(head, "nsubj"))
        elif tree.deps[i] == "pobj" and tree.lemmas[head] == "as":
            others = list(tree.of_dep(tree.heads[head], "dobj", "nsubjpass"))
        return [p for o in others if self._mention.get(o) is not None or tree.pos[o] == "PROPN" for p in self.places(o)]

    def _route(self, i: int) -> PlaceRef | None:
        """"the road from Damascus to Abu Kamal", "the border between Syria and Iraq"."""
        tree = self.tree
        ends: list[tuple[PlaceRef, int]] = []
        for prep in tree.of_dep(i, "prep"):
            if tree.lemmas[prep] not in ("between", "from", "to", "linking", "into", "until"):
                continue
            if tree.lemmas[prep] in ("to", "into", "until") and not ends:
                continue
            for p in tree.of_dep(prep, "pobj"):
                for item in tree.conjuncts(p):
                    if self.is_place(item):
                        ends.extend((ref, self._last_named(item)) for ref in self.places(item)[:1])
            for inner in tree.of_dep(prep, "prep"):  # "from X to Y" hung on one another
                for p in tree.of_dep(inner, "pobj"):
                    if ends and self.is_place(p):
                        ends.extend((ref, self._last_named(p)) for ref in self.places(p)[:1])
        if len(ends) < 2:
            return None
        start, stop = ends[0][0], max(at for _, at in ends)
        core = place_core(tree, i, self._holder_tokens(i))
        tail = tree.span_text(i + 1, stop)
        where = " to ".join(dict.fromkeys(e.name for e, _ in ends))
        return PlaceRef(
            id="?" + where.casefold().replace(" ", "-"),
            name=f"{core} {tail}",
            text=tree.span_text(i, stop),
            lat=start.lat,
            lon=start.lon,
            geo_precision="crossing" if tree.lemmas[i] == "crossing" else "route",
        )

    def _last_named(self, i: int) -> int:
        """The last token of the first name inside a phrase: "the border at Abu Kamal"."""
        tree = self.tree
        if i in self._mention or tree.pos[i] == "PROPN":
            return i
        for prep in tree.of_dep(i, "prep"):
            if tree.lemmas[prep] in ("at", "near", "of", "with"):
                for p in tree.of_dep(prep, "pobj"):
                    return p
        return i

    def _has_own_name(self, i: int) -> bool:
        tree = self.tree
        return any(
            tree.deps[c] in ("compound", "poss", "nmod", "relcl", "acl") or (tree.deps[c] == "amod" and tree.lemmas[c] not in ("entire", "whole", "same", "key", "strategic", "ancient", "northern", "border"))
            for c in tree.children[i]
        ) or any(tree.lemmas[c] in ("of", "in", "near", "between", "from") for c in tree.of_dep(i, "prep"))

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
                anchors = []
                for p in tree.of_dep(c, "pobj"):
                    if not self.is_place(p):
                        continue
                    for item in tree.conjuncts(p):
                        several = self.places(item)
                        anchors.extend((ref, item if len(several) == 1 else -1) for ref in several)
                if anchors:
                    return tree.lemmas[c], anchors
        return None

    def _last_place(self, i: int, kinds: Sequence[str]) -> PlaceRef | None:
        for named in reversed(self._places):
            if named.at >= (self.number, i):
                continue
            if self.number - named.at[0] > 3:
                return None
            if not kinds or named.kind in kinds:
                assert isinstance(named.ref, PlaceRef)
                return named.ref
        return None

    # ------------------------------------------------------ who faces whom where

    def last_place(self, i: int) -> PlaceRef | None:
        """The last place named before token `i`, in this paragraph or the one before."""
        for named in reversed(self._places):
            if named.at < (self.number, i):
                if self.number - named.at[0] > 1:
                    return None
                assert isinstance(named.ref, PlaceRef)
                return named.ref
        return None

    def note_adversaries(self, a: Ref, b: Ref) -> None:
        """Keep that two actors face each other."""
        self._facing.append((self.number, a, b))

    def note_holder(self, place: PlaceRef, holder: Ref) -> None:
        """Keep who was said to hold a place."""
        self._held[place.id] = holder

    def adversary(self, actor: Ref, place: PlaceRef | None) -> Ref | None:
        """Whom an actor was last said to face, or who held the place; None where untold."""
        if place is not None:
            holder = self._held.get(place.id)
            if holder is not None and holder.id != actor.id:
                return holder
        for number, a, b in reversed(self._facing):
            if self.number - number > 2:
                return None
            if a.id == actor.id:
                return b
            if b.id == actor.id:
                return a
        return None

    def note_place(self, i: int, ref: PlaceRef, kind: str = "?") -> None:
        """Keep a place that a claim named, for "the town" later."""
        place = self.vocabulary.find_place(ref.id) if ref.resolved else None
        self._place_names.add((ref.text or ref.name).lower())
        self._places.append(_Named((self.number, i), ref, place.kind if place else kind, False))
        self._places.sort(key=lambda n: n.at)

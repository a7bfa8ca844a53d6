"""What a report has named so far, so that "the group", "the city" and a last name find it again.

Everything is kept with the paragraph and token it stands at; what is looked up is always the last
fitting one before the word that points back.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from marchland.claims import PlaceRef, Ref
from marchland.reading.findings import Finding
from marchland.reading.mentions import Mention, NameMatcher, find_mentions
from marchland.reading.persons import Person, person_at
from marchland.reading.phrases import (
    proper_run,
)
from marchland.reading.tree import Tree
from marchland.vocabulary import Actor, Vocabulary


@dataclass(slots=True)
class Named:
    """Something the report named, and where."""

    at: tuple[int, int]
    ref: Ref | PlaceRef
    kind: str
    subject: bool


@dataclass(slots=True)
class Discourse:
    """What one report has named so far, and where.

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
    topic: PlaceRef | None = None
    """The place that the paragraph is about, where a title, heading or label names it."""
    last_attacker: Ref | None = None
    told: list[Finding] = field(default_factory=list)
    """What the report has been read to say so far."""
    speech_of: Callable[[int], int | None] = lambda _: None
    """The token that names whose words a token of the paragraph is among."""
    _mention: dict[int, Mention] = field(default_factory=dict)
    _actors: list[Named] = field(default_factory=list)
    _places: list[Named] = field(default_factory=list)
    _persons: list[Named] = field(default_factory=list)
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
            if (
                actor.country
                and actor.kind == "army"
                and actor.part_of == self._states.get(actor.country)
            ):
                self._armies.setdefault(actor.country, actor.id)

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
        for place_id in m.places[:1]:
            place = self.vocabulary.find_place(place_id)
            if place is not None:
                if place.country:
                    self._countries[place.country] += 1
                    if place.kind != "country" and m.role == "name":
                        self._ground[place.country] += 1
                kind = place.kind
                if kind != "country" and m.role == "name":
                    self._places.append(Named(at, self._place_ref(place_id, m.text), kind, subject))
        for actor_id in m.actors[:1]:
            actor = self.vocabulary.find_actor(actor_id)
            if actor is None:
                continue
            if actor.country:
                self._countries[actor.country] += 1
            ref = Ref(id=actor_id, name=actor.name, text=m.text)
            if actor.kind == "person in a public role":
                self._persons.append(Named(at, ref, "person", subject))
                self._full_names[actor.name.split()[-1].lower()] = actor.name
            elif (
                (m.role == "name" and actor.kind not in ("state", "outlet"))
                or (m.role != "demonym" and not m.places and actor.kind == "state")
                or (subject and actor.kind == "state" and m.role != "demonym")
            ):
                self._actors.append(Named(at, ref, actor.kind, subject))

    def _note_person(self, person: Person) -> None:
        name = person.name
        last = name.split()[-1].lower()
        if " " in name:
            self._full_names[last] = name
            self._full_names.setdefault(last.removeprefix("al-"), name)
        subject = self.tree.deps[person.last] in ("nsubj", "nsubjpass")
        self._persons.append(
            Named((self.number, person.first), self._person_ref(name, name), "person", subject)
        )

    def _note_acronym(self, first: int, last: int) -> None:
        """ "Syrian National Army (SNA)": the short name stands for the long one from here on."""
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

    def _last_person(self, i: int, title: str = "") -> Ref | None:
        """The last person named before token `i`, if one of that title was, the last such."""
        here = (self.number, i)
        for named in reversed(self._persons if title else ()):
            near = named.at < here and self.number - named.at[0] <= 2
            if near and title in f"{named.ref.text} {named.ref.name}".lower().split():
                assert isinstance(named.ref, Ref)
                return named.ref
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
            if (
                subject
                and not named.subject
                and named.at[0] == self.number
                and named.at[1] >= sentence - 60
            ):
                fallback = fallback or named.ref
                continue
            return named.ref
        return fallback

    def _back_called(self, i: int, lemma: str) -> Ref | None:
        """The last actor before token `i` whose name or words have a lemma: "rebel fighters"."""
        for named in reversed(self._actors):
            near = named.at < (self.number, i) and self.number - named.at[0] <= 3
            if near and lemma in f"{named.ref.name} {named.ref.text}".lower():
                assert isinstance(named.ref, Ref)
                return named.ref
        return None

    def note_speaker(self, i: int, ref: Ref) -> None:
        """Keep who spoke, for "he added" and "the official said"."""
        self._persons.append(Named((self.number, i), ref, "person", True))
        self._persons.sort(key=lambda n: n.at)

    def note_actor(self, i: int, ref: Ref, *, subject: bool) -> None:
        """Keep an actor that a claim named, for later pronouns."""
        self._actors.append(Named((self.number, i), ref, self._kind_of(ref), subject))
        self._actors.sort(key=lambda n: n.at)

    def _kind_of(self, ref: Ref) -> str:
        actor: Actor | None = self.vocabulary.find_actor(ref.id)
        return actor.kind if actor else "?"

    def _home(self) -> list[str]:
        """Countries that "the government" may be of: those of the places named, nearest first."""
        ground = [c for c, _ in self._ground.most_common(3)]
        return ground + [c for c, _ in self._countries.most_common(4) if c not in ground]

    def _actor_ref(self, id: str, text: str) -> Ref:
        actor = self.vocabulary.find_actor(id)
        return Ref(id=id, name=actor.name if actor else text, text=text)

    def _person_ref(self, name: str, text: str) -> Ref:
        found = self.vocabulary.resolve_actor(name)
        if found.id is not None:
            return self._actor_ref(found.id, text)
        return Ref(id="?" + name.casefold().replace(" ", "-"), name=name, text=text)

    def _army(self, country: str, text: str) -> Ref:
        actor = self.vocabulary.actors[self._armies.get(country) or self._states[country]]
        return Ref(id=actor.id, name=actor.name, text=text)

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

    def _last_place(self, i: int, kinds: Sequence[str]) -> PlaceRef | None:
        for named in reversed(self._places):
            if named.at >= (self.number, i):
                continue
            if self.number - named.at[0] > 6:
                break
            if not kinds or named.kind in kinds:
                assert isinstance(named.ref, PlaceRef)
                return named.ref
        if self.topic is None:
            return None
        place = self.vocabulary.find_place(self.topic.id)
        kind = place.kind if place is not None else "?"
        return self.topic if not kinds or kind in kinds else None

    def last_place(self, i: int) -> PlaceRef | None:
        """The last place named before token `i` in this paragraph."""
        for named in reversed(self._places):
            if named.at < (self.number, i):
                if self.number - named.at[0] > 0:
                    return None
                assert isinstance(named.ref, PlaceRef)
                return named.ref
        return None

    def note_adversaries(self, a: Ref, b: Ref) -> None:
        """Keep that two actors face each other."""
        self._facing.append((self.number, a, b))

    def last_facing(self) -> tuple[Ref, Ref] | None:
        """The two actors last said to face each other, here or in the paragraph before."""
        if self._facing and self.number - self._facing[-1][0] <= 1:
            return self._facing[-1][1:]
        return None

    def belligerents(self, i: int) -> tuple[Ref, Ref] | None:
        """The last two armed sides named before token `i`, in this paragraph or the one before."""
        last: Ref | None = None
        for named in reversed(self._actors):
            if named.at >= (self.number, i) or named.kind not in ("armed group", "army"):
                continue
            if self.number - named.at[0] > 1:
                return None
            assert isinstance(named.ref, Ref)
            if last is None:
                last = named.ref
            elif self._camp(named.ref) != self._camp(last):
                return named.ref, last
        return None

    def note_holder(self, place: PlaceRef, holder: Ref) -> None:
        """Keep who was said to hold a place."""
        self._held[place.id] = holder

    def adversary(self, actor: Ref, place: PlaceRef | None) -> Ref | None:
        """Whom an actor was last said to face, or who held the place; None where untold."""
        if place is not None:
            holder = self._held.get(place.id)
            if holder is not None and holder.id != actor.id:
                return holder
        own = self._camp(actor)
        for number, a, b in reversed(self._facing):
            if self.number - number > 12:
                return None
            if self._camp(a) == own:
                return b
            if self._camp(b) == own:
                return a
        return None

    def _camp(self, actor: Ref) -> str:
        """The state that an army is of; anybody else is their own."""
        known = self.vocabulary.find_actor(actor.id)
        if known is not None and known.kind == "army" and known.country in self._states:
            return self._states[known.country]
        return actor.id

    def note_place(self, i: int, ref: PlaceRef, kind: str = "?") -> None:
        """Keep a place that a claim named, for "the town" later."""
        if not ref.resolved and ref.name.islower():
            return
        place = self.vocabulary.find_place(ref.id) if ref.resolved else None
        self._place_names.add((ref.text or ref.name).lower())
        self._places.append(Named((self.number, i), ref, place.kind if place else kind, False))
        self._places.sort(key=lambda n: n.at)

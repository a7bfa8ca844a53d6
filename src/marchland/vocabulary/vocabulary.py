"""The names of a theatre, and what a name means.

The rule: a name is resolved, ambiguous or unknown, never guessed. A theatre's own names come before
the worldwide ones; a country before a town that shares its name; in the worldwide gazetteer the
countries and points of the context decide, and without context only a town that dwarfs its
namesakes is taken.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Self, TypeVar

from rapidfuzz import fuzz, process

from marchland.geo import Point
from marchland.vocabulary import base, gazetteer
from marchland.vocabulary.base import Name
from marchland.vocabulary.choice import SETTLEMENTS, by_context, by_kind, dominant, named_kinds
from marchland.vocabulary.fold import fold
from marchland.vocabulary.model import (
    Actor,
    Answer,
    Candidate,
    Place,
    Predicate,
    Resolution,
)
from marchland.vocabulary.spellings import ROMANISED, variants
from marchland.vocabulary.tables import read_actors, read_areas, read_places

T = TypeVar("T")

_WELL_KNOWN = 100_000
"""With countries given, a settlement elsewhere is taken only if it has this many people."""
_NEAR_KM = 150.0
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_PROVINCE = re.compile(r"(?i)\s+(governorate|province)$")
_SUGGESTED = 5
_REMEMBERED = 10_000
_ROLE = {"name": 1.0, "demonym": 0.8, "capital": 0.6}


class Vocabulary:
    """Actors, places and predicates, and what names mean. Immutable.

    Examples
    --------
    >>> world = Vocabulary.load(None)
    >>> world.resolve_actor("Daesh").id
    'isis'
    >>> world.resolve_place("Tripoli").answer.value
    'ambiguous'
    """

    def __init__(
        self,
        *,
        actors: Iterable[Actor],
        places: Iterable[Place],
        own_actors: Iterable[Actor] = (),
        own_places: Iterable[Place] = (),
        names: Iterable[Name] = (),
    ) -> None:
        self._base_actors, self._base_places = tuple(actors), tuple(places)
        self._brought_actors, self._brought_places = tuple(own_actors), tuple(own_places)
        self._special = tuple(names)
        self._base_by_id = {a.id: a for a in self._base_actors}
        self.actors: Mapping[str, Actor] = MappingProxyType(
            {a.id: a for a in (*self._base_actors, *self._brought_actors)}
        )
        self.places: Mapping[str, Place] = MappingProxyType(
            {p.id: p for p in (*self._base_places, *self._brought_places)}
        )
        self.predicates: Mapping[str, Predicate] = base.predicates()
        self.own_places = frozenset(p.id for p in self._brought_places)
        self.own_actors = frozenset(a.id for a in self._brought_actors)
        self._by_geoname = {p.geonameid: p.id for p in self._brought_places if p.geonameid}
        self._by_key = self._index()
        self._keys = {
            what: [k for k, names in self._by_key.items() if any(n.what == what for n in names)]
            for what in ("actor", "place")
        }
        self._suggested: dict[tuple[str, str], tuple[Candidate, ...]] = {}
        self._areas = self._index_areas()

    @classmethod
    def load(cls, folder: Path | Traversable | None = None) -> Self:
        """The worldwide base, and a theatre's own tables over it.

        Raises
        ------
        BadInput
            If a table can't be used; it names the file and row.
        """
        if folder is None:
            return cls(actors=base.actors(), places=base.places(), names=base.names())
        actors = _if_there(folder / "actors.csv", read_actors)
        places = _if_there(folder / "places.csv", read_places)
        areas = _if_there(folder / "areas.csv", read_areas)
        return cls(
            actors=base.actors(),
            places=base.places(),
            own_actors=actors,
            own_places=[*places, *areas],
            names=base.names(),
        )

    def extended(self, *, actors: Iterable[Actor] = (), places: Iterable[Place] = ()) -> Self:
        """This vocabulary with more of a theatre's own actors and places."""
        return type(self)(
            actors=self._base_actors,
            places=self._base_places,
            own_actors=(*self._brought_actors, *actors),
            own_places=(*self._brought_places, *places),
            names=self._special,
        )

    # ---------------------------------------------------------------- by id

    def find_actor(self, id: str) -> Actor | None:
        """The actor with this id; None where there is none."""
        return self.actors.get(id)

    def find_place(self, id: str) -> Place | None:
        """The place with this id, the worldwide gazetteer's too; None where there is none."""
        found = self.places.get(id)
        return found if found is not None else gazetteer.by_id(id) if id[:3] == "gn:" else None

    def actor(self, name: str) -> Actor:
        """The actor with this id or name.

        Raises
        ------
        UnknownName, AmbiguousName
            If the name is not known, or could be several.
        """
        if name in self.actors:
            return self.actors[name]
        return self.actors[self.resolve_actor(name).require("actor")]

    def place(self, name: str) -> Place:
        """The place with this id or name.

        Raises
        ------
        UnknownName, AmbiguousName
            If the name is not known, or could be several.
        """
        found = self.find_place(name) or self.find_place(self.resolve_place(name).require("place"))
        assert found is not None
        return found

    # ---------------------------------------------------------------- by name

    def resolve_actor(
        self, name: str, *, countries: Sequence[str] = (), on: date | None = None
    ) -> Resolution:
        """What actor a name means.

        Parameters
        ----------
        countries
            ISO codes of the context; they decide between namesakes.
        on
            Reserved for names that changed hands with time; not used yet.
        """
        named = [n for n in self._by_key.get(fold(name), ()) if n.what == "actor"]
        if not _is_acronym(name):  # Sana'a is not SANA
            named = [n for n in named if not _is_acronym(n.text)] or named
        found = [
            Candidate(id=n.id, name=self.actors[n.id].name, kind=self.actors[n.id].kind,
                      score=_ROLE[n.role] + 0.1 * n.own, reason=f"{n.role} {n.text!r}")
            for n in named
        ]  # fmt: skip
        best = _tops(found)
        if len(best) > 1 and countries:
            inside = [c for c in best if self.actors[c.id].country in countries]
            best = inside or best
        return self._answer(name, best, found, "actor")

    def resolve_place(
        self,
        name: str,
        *,
        countries: Sequence[str] = (),
        near: Sequence[Point] = (),
        kinds: Sequence[str] = (),
    ) -> Resolution:
        """What place a name means.

        Parameters
        ----------
        countries
            ISO codes of the context.
        near
            Points of the context, such as places named beside it.
        kinds
            Only places of these kinds, such as ``crossing``.
        """
        key = fold(name)
        bare, told = named_kinds(key)
        for looked_up, asked in ((key, kinds), *([(bare, tuple(told))] if told else [])):
            wanted = [k for k in asked if not kinds or k in kinds]
            if asked and not wanted:
                continue
            own, base_places = self._named_places(looked_up, wanted)
            tiers = (
                [p for p in own if not p.is_area and fold(p.name) == looked_up],
                [p for p in own if fold(p.name) == looked_up],
                [p for p in own if not p.is_area],
                own,
                base_places,
            )
            found = next((t for t in tiers if t), None)
            if found:
                picked = by_context(found, countries, near, _NEAR_KM)
                return self._answer(
                    name,
                    [_candidate(p, 1.0) for p in picked],
                    [_candidate(p, 0.9) for p in (*own, *base_places)],
                    "place",
                )
            towns = by_kind(gazetteer.by_key(looked_up), wanted)
            if towns:
                return self._of_gazetteer(name, towns, countries, near)
        return self._answer(name, [], [], "place")

    def _named_places(self, key: str, kinds: Sequence[str]) -> tuple[list[Place], list[Place]]:
        """Places of a folded name: the theatre's own, then the base's."""
        ids = dict.fromkeys(n.id for n in self._by_key.get(key, ()) if n.what == "place")
        places = by_kind([self.places[i] for i in ids], kinds)
        own = [p for p in places if p.id in self.own_places]
        return own, [p for p in places if p.id not in self.own_places]

    def _of_gazetteer(
        self,
        name: str,
        towns: Sequence[Place],
        countries: Sequence[str],
        near: Sequence[Point],
    ) -> Resolution:
        """The answer of the worldwide gazetteer; a theatre's own record stands for its row."""
        towns = [self.places.get(self._by_geoname.get(p.geonameid or 0, ""), p) for p in towns]
        shown = [_candidate(p, 0.5) for p in towns]
        own = [p for p in towns if p.id in self.own_places]
        if own:
            return self._answer(name, [_candidate(p, 0.9) for p in own], shown, "place")
        pool = by_context(towns, countries, near, _NEAR_KM)
        left = dominant(name, pool)
        # A context that no namesake fits is no reason to take a village elsewhere for certain.
        if countries and not any(
            p.country in countries or (p.population or 0) >= _WELL_KNOWN for p in left
        ):
            return Resolution(name=name, answer=Answer.AMBIGUOUS, candidates=tuple(shown))
        return self._answer(name, [_candidate(p, 0.8) for p in left], shown, "place")

    def _answer(
        self, name: str, best: Sequence[Candidate], found: Sequence[Candidate], what: str
    ) -> Resolution:
        if len(best) == 1:
            others = tuple(c for c in found if c.id != best[0].id)
            return Resolution(
                name=name, answer=Answer.RESOLVED, id=best[0].id, candidates=(best[0], *others)
            )
        if best:
            return Resolution(name=name, answer=Answer.AMBIGUOUS, candidates=tuple(best))
        return Resolution(name=name, answer=Answer.UNKNOWN, candidates=self._nearest(name, what))

    def _nearest(self, name: str, what: str) -> tuple[Candidate, ...]:
        """Names that look like it: a suggestion for an error message, never an answer."""
        key = fold(name)
        if (key, what) not in self._suggested:
            if len(self._suggested) >= _REMEMBERED:
                self._suggested.clear()
            self._suggested[key, what] = self._looking_like(key, what)
        return self._suggested[key, what]

    def _looking_like(self, asked: str, what: str) -> tuple[Candidate, ...]:
        close = process.extract(
            asked, self._keys[what], scorer=fuzz.ratio, limit=_SUGGESTED, score_cutoff=70
        )
        found: dict[str, Candidate] = {}
        for key, score, _ in close:
            for n in self._by_key[key]:
                if n.what == what and n.id not in found:
                    thing = self.actors[n.id] if what == "actor" else self.places[n.id]
                    found[n.id] = Candidate(
                        id=n.id, name=thing.name, kind=thing.kind, score=score / 100,
                        reason="looks like it",
                    )  # fmt: skip
        return tuple(found.values())

    def names(self) -> Iterator[Name]:
        """Every name of the theatre and of the base, for the text matcher."""
        for names in self._by_key.values():
            yield from names

    def in_gazetteer(self, key: str, *, min_population: int = 0) -> bool:
        """Whether a folded name is in the worldwide gazetteer."""
        return any((p.population or 0) >= min_population for p in gazetteer.by_key(key))

    def gazetteer_places(self, countries: Sequence[str], *, min_population: int) -> list[Place]:
        """Every settlement of some countries that the gazetteer has, ids made readable."""
        return gazetteer.of_countries(countries, min_population=min_population)

    # ---------------------------------------------------------------- structure

    def members_of(self, area_id: str) -> tuple[str, ...]:
        """Ids of the places in an area, areas inside it opened; empty for a place that is none."""
        area = self.places.get(area_id)
        if area is None:
            return ()
        if area.kind == "country" and not area.members:
            return tuple(
                p.id for p in self._brought_places if p.country == area.country and not p.is_area
            )
        found: dict[str, None] = {}
        waiting, seen = list(area.members), {area_id}
        while waiting:
            member = waiting.pop(0)
            if member in seen:
                continue
            seen.add(member)
            inner = self.places.get(member)
            if inner is not None and inner.is_area:
                waiting.extend(inner.members)
            else:
                found[member] = None
        return tuple(found)

    def areas_of(self, place_id: str) -> tuple[str, ...]:
        """Ids of the areas that a place is in."""
        return self._areas.get(place_id, ())

    def holder_of(self, actor_id: str) -> str:
        """The actor that holds what this one holds: an army's state, else the actor itself."""
        seen = {actor_id}
        while (actor := self.actors.get(actor_id)) is not None and actor.part_of:
            if actor.part_of in seen:
                break
            actor_id = actor.part_of
            seen.add(actor_id)
        return actor_id

    def check(self) -> list[str]:
        """Problems of the theatre's own tables, one line each; empty when they are sound."""
        problems = []
        for kind, things in (("actor", self._brought_actors), ("place", self._brought_places)):
            seen: set[str] = set()
            for thing in things:
                if thing.id in seen:
                    problems.append(f"{kind} {thing.id}: this id is given twice")
                seen.add(thing.id)
        for place in self._brought_places:
            problems += self._place_problems(place)
        for actor in self._brought_actors:
            if actor.part_of and actor.part_of not in self.actors:
                problems.append(f"actor {actor.id}: part of {actor.part_of}, which is no actor")
            elif self.actors.get(self.holder_of(actor.id), actor).part_of:
                problems.append(f"actor {actor.id}: is part of itself, through {actor.part_of}")
        return [*problems, *self._collisions()]

    def _place_problems(self, place: Place) -> Iterator[str]:
        for member in place.members:
            if self.find_place(member) is None:
                yield f"area {place.id}: member {member} is no place"
        if place.other_side and place.other_side not in self.places:
            yield f"crossing {place.id}: other side {place.other_side} is no place"
        if place.kind == "crossing" and not place.other_side:
            yield f"warning: crossing {place.id}: has no other side"
        if place.lat is None or place.lon is None:
            if not place.is_area:
                yield f"place {place.id}: has no coordinates"
        elif not (-90 <= place.lat <= 90 and -180 <= place.lon <= 180):
            yield f"place {place.id}: lat {place.lat}, lon {place.lon} is no point"

    def _collisions(self) -> Iterator[str]:
        """Own names of several things of one kind in one country: no context parts them."""
        for key, names in sorted(self._by_key.items()):
            sorts: dict[tuple[str, str, str | None], set[str]] = defaultdict(set)
            for n in names:
                if n.own:
                    thing = self.actors[n.id] if n.what == "actor" else self.places[n.id]
                    kind = "settlement" if thing.kind in SETTLEMENTS else thing.kind
                    sorts[n.what, kind, thing.country].add(n.id)
            for (what, _, _), ids in sorts.items():
                if len(ids) > 1:
                    yield f"{what} name {names[0].text!r} ({key}) means {', '.join(sorted(ids))}"

    def _index(self) -> Mapping[str, tuple[Name, ...]]:
        index: dict[str, dict[tuple[str, str], Name]] = defaultdict(dict)

        def add(name: Name) -> None:
            kept = index[name.key].get((name.what, name.id))
            if name.key and (kept is None or _ROLE[name.role] > _ROLE[kept.role]):
                index[name.key][name.what, name.id] = name

        for name in self._special:
            add(name)
        for actor in self.actors.values():
            own = actor.id in self.own_actors
            for text in (actor.name, *actor.aliases, *self._base_aliases(actor)):
                add(Name(text=text, key=fold(text), what="actor", id=actor.id, own=own))
        for place in self.places.values():
            own = place.id in self.own_places
            for text in _forms(place):
                add(Name(text=text, key=fold(text), what="place", id=place.id, own=own))
        for name in self._other_spellings(index):
            add(name)
        return {key: tuple(_unshadowed(names.values())) for key, names in index.items()}

    def _other_spellings(self, taken: Collection[str]) -> list[Name]:
        """Spellings of own places that no name has yet and that only one place could have."""
        offered: dict[str, dict[str, Name]] = defaultdict(dict)
        for place in self._brought_places:
            if place.country not in ROMANISED:
                continue
            for text in _shorter(place.name, *place.aliases):
                for other in variants(text):
                    key = fold(other)
                    if key not in taken:
                        name = Name(text=other, key=key, what="place", id=place.id, own=True)
                        offered[key].setdefault(place.id, name)
        return [n for names in offered.values() if len(names) == 1 for n in names.values()]

    def _base_aliases(self, actor: Actor) -> tuple[str, ...]:
        """A theatre's own actor keeps the names the base has for the same id."""
        known = self._base_by_id.get(actor.id)
        return (known.name, *known.aliases) if known and actor.id in self.own_actors else ()

    def _index_areas(self) -> Mapping[str, tuple[str, ...]]:
        areas: dict[str, list[str]] = defaultdict(list)
        for place in self._brought_places:
            if place.is_area:
                for member in self.members_of(place.id):
                    areas[member].append(place.id)
        return {k: tuple(v) for k, v in areas.items()}


def _is_acronym(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) <= 5 and all(c.isupper() for c in letters)


def _tops(found: Sequence[Candidate]) -> list[Candidate]:
    best: dict[str, Candidate] = {}
    for c in found:
        if c.id not in best or c.score > best[c.id].score:
            best[c.id] = c
    top = max((c.score for c in best.values()), default=0.0)
    return [c for c in best.values() if c.score == top]


def _candidate(place: Place, score: float) -> Candidate:
    where = ", ".join(x for x in (place.admin1, place.country) if x)
    return Candidate(id=place.id, name=place.name, kind=place.kind, score=score, reason=where)


def _unshadowed(names: Collection[Name]) -> Iterator[Name]:
    """Names of one key, without the base's where the theatre has that name itself."""
    own = {(n.what, n.id) for n in names if n.own}
    for n in names:
        if (n.what, n.id) in own or all(what != n.what for what, _ in own):
            yield n


def _forms(place: Place) -> Iterator[str]:
    """Its names, and for a governorate or province the same with the other of these two words."""
    for text in _shorter(place.name, *place.aliases):
        yield text
        if place.kind in ("governorate", "province") and text.isascii():
            bare = _PROVINCE.sub("", text)
            for word in ("governorate", "province"):
                yield f"{bare} {word}"


def _shorter(*texts: str) -> tuple[str, ...]:
    """The names, and each without what stands in brackets: "Palmyra (Tadmur)", "Palmyra"."""
    return tuple(dict.fromkeys(t for text in texts for t in (text, _BRACKETS.sub("", text))))


def _if_there(file: Path | Traversable, read: Callable[[Path | Traversable], list[T]]) -> list[T]:
    return read(file) if file.is_file() else []

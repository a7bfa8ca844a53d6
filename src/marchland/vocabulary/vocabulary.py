"""The names of a theatre, and what a name means.

The rule: a name is resolved, ambiguous or unknown, never guessed. A theatre's own names come before
the worldwide ones; a country before a town that shares its name; in the worldwide gazetteer the
countries and points of the context decide, and without context only a town that dwarfs its
namesakes is taken.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Self, TypeVar

import yaml
from rapidfuzz import fuzz, process

from marchland.geo import Point, distance_km
from marchland.vocabulary import gazetteer
from marchland.vocabulary.fold import fold
from marchland.vocabulary.model import (
    Actor,
    Answer,
    Candidate,
    Place,
    Predicate,
    Resolution,
)
from marchland.vocabulary.tables import read_actors, read_areas, read_places

T = TypeVar("T")

_DWARFS = 20
"""Without context a town is taken for its name when it has this many times the people of the
next one of that name."""
_NEAR_KM = 150.0
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_SUGGESTED = 5
_GENERIC = frozenset(
    {
        *("governorate", "province", "city", "town", "district", "region", "area", "crossing"),
        *("border", "airport", "base", "village", "international", "military", "air", "post"),
        *("station", "subdistrict"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as the text matcher looks for it.

    Parameters
    ----------
    what
        ``actor`` or ``place``.
    role
        ``name``; ``demonym`` (Iraqi) or ``capital`` (Baghdad, for the government).
    own
        Whether the theatre itself brings it.
    """

    text: str
    key: str
    what: str
    id: str
    role: str = "name"
    own: bool = False


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
        self.predicates: Mapping[str, Predicate] = MappingProxyType(_predicates())
        self.own_places = frozenset(p.id for p in self._brought_places)
        self.own_actors = frozenset(a.id for a in self._brought_actors)
        self._by_key = self._index()
        self._areas = self._index_areas()

    @classmethod
    def load(cls, folder: Path | Traversable | None = None) -> Self:
        """The worldwide base, and a theatre's own tables over it.

        Raises
        ------
        BadInput
            If a table can't be used; it names the file and row.
        """
        states, countries, special = _states()
        base = [*states, *read_actors(files("marchland.vocabulary") / "data" / "actors.csv")]
        if folder is None:
            return cls(actors=base, places=countries, names=special)
        actors = _if_there(folder / "actors.csv", read_actors)
        places = _if_there(folder / "places.csv", read_places)
        areas = _if_there(folder / "areas.csv", read_areas)
        return cls(
            actors=base,
            places=countries,
            own_actors=actors,
            own_places=[*places, *areas],
            names=special,
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
        found = [
            Candidate(id=n.id, name=self.actors[n.id].name, kind=self.actors[n.id].kind,
                      score=_ROLE[n.role] + 0.1 * n.own, reason=f"{n.role} {n.text!r}")
            for n in self._by_key.get(fold(name), ())
            if n.what == "actor"
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
        named = [n for n in self._by_key.get(key, ()) if n.what == "place"]
        if not named:
            named = [n for n in self._by_key.get(_bare(key), ()) if n.what == "place"]
        places = {n.id: self.places[n.id] for n in named}
        if kinds:
            places = {i: p for i, p in places.items() if p.kind in kinds}
        for tier in (
            [p for p in places.values() if p.id in self.own_places and not p.is_area],
            [p for p in places.values() if p.id in self.own_places],
            list(places.values()),
        ):
            if tier:
                picked = _by_context(tier, countries, near)
                return self._answer(
                    name, [_candidate(p, 1.0) for p in picked],
                    [_candidate(p, 0.9) for p in places.values()], "place",
                )  # fmt: skip
        return self._in_gazetteer(name, key, countries, near, kinds)

    def _in_gazetteer(
        self,
        name: str,
        key: str,
        countries: Sequence[str],
        near: Sequence[Point],
        kinds: Sequence[str],
    ) -> Resolution:
        towns = [p for p in gazetteer.by_key(key) if not kinds or p.kind in kinds]
        if not towns and _bare(key) != key:
            towns = [p for p in gazetteer.by_key(_bare(key)) if not kinds or p.kind in kinds]
        shown = [_candidate(p, 0.5) for p in towns]
        if not towns:
            return self._answer(name, [], [], "place")
        inside = [p for p in towns if p.country in countries]
        pool = inside or towns
        if near:
            close = [p for p in pool if _distance(p, near) <= _NEAR_KM]
            pool = close or pool
        if len(pool) > 1 and _population(pool[0]) >= _DWARFS * max(_population(pool[1]), 500):
            pool = pool[:1]
        # A context that no namesake fits is no reason to take one of them for certain.
        if countries and not inside and len(towns) > 1 and _population(towns[0]) < 500_000:
            return Resolution(name=name, answer=Answer.AMBIGUOUS, candidates=tuple(shown))
        return self._answer(name, [_candidate(p, 0.8) for p in pool], shown, "place")

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
        keys = [k for k, names in self._by_key.items() if any(n.what == what for n in names)]
        close = process.extract(
            fold(name), keys, scorer=fuzz.ratio, limit=_SUGGESTED, score_cutoff=70
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
        return any(_population(p) >= min_population for p in gazetteer.by_key(key))

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
            for member in place.members:
                if self.find_place(member) is None:
                    problems.append(f"area {place.id}: member {member} is no place")
            if place.other_side and place.other_side not in self.places:
                problems.append(f"crossing {place.id}: other side {place.other_side} is no place")
            if place.kind == "crossing" and not place.other_side:
                problems.append(f"crossing {place.id}: has no other side")
            if not place.is_area and place.lat is None:
                problems.append(f"place {place.id}: has no coordinates")
        for actor in self._brought_actors:
            if actor.part_of and actor.part_of not in self.actors:
                problems.append(f"actor {actor.id}: part of {actor.part_of}, which is no actor")
        problems += self._collisions()
        return problems

    def _collisions(self) -> list[str]:
        """Own names that resolve to several things of one sort."""
        problems = []
        for key, names in sorted(self._by_key.items()):
            for what in ("actor", "place"):
                own = [n for n in names if n.own and n.what == what]
                if what == "place":
                    points = [n for n in own if not self.places[n.id].is_area]
                    own = points or own
                if len({n.id for n in own}) > 1:
                    ids = ", ".join(sorted({n.id for n in own}))
                    problems.append(f"{what} name {own[0].text!r} ({key}) means {ids}")
        return problems

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
            for text in _shorter(place.name, *place.aliases):
                add(Name(text=text, key=fold(text), what="place", id=place.id, own=own))
        return {key: tuple(names.values()) for key, names in index.items()}

    def _base_aliases(self, actor: Actor) -> tuple[str, ...]:
        """A theatre's own actor keeps the names the base has for the same id."""
        base = self._base_by_id.get(actor.id)
        return (base.name, *base.aliases) if base and actor.id in self.own_actors else ()

    def _index_areas(self) -> Mapping[str, tuple[str, ...]]:
        areas: dict[str, list[str]] = defaultdict(list)
        for place in self._brought_places:
            if place.is_area:
                for member in self.members_of(place.id):
                    areas[member].append(place.id)
        return {k: tuple(v) for k, v in areas.items()}


_ROLE = {"name": 1.0, "demonym": 0.8, "capital": 0.6}


def _tops(found: Sequence[Candidate]) -> list[Candidate]:
    best: dict[str, Candidate] = {}
    for c in found:
        if c.id not in best or c.score > best[c.id].score:
            best[c.id] = c
    top = max((c.score for c in best.values()), default=0.0)
    return [c for c in best.values() if c.score == top]


def _by_context(
    places: Sequence[Place], countries: Sequence[str], near: Sequence[Point]
) -> Sequence[Place]:
    if len(places) > 1 and countries:
        places = [p for p in places if p.country in countries] or places
    if len(places) > 1 and near:
        places = [p for p in places if _distance(p, near) <= _NEAR_KM] or places
    if len(places) > 1:
        countries_first = [p for p in places if p.kind == "country"]
        places = countries_first or places
    return places


def _candidate(place: Place, score: float) -> Candidate:
    where = ", ".join(x for x in (place.admin1, place.country) if x)
    return Candidate(id=place.id, name=place.name, kind=place.kind, score=score, reason=where)


def _distance(place: Place, near: Sequence[Point]) -> float:
    point = place.point
    if point is None:
        return float("inf")
    return min(distance_km(point, other) for other in near)


def _population(place: Place) -> int:
    return place.population or 0


def _bare(key: str) -> str:
    """The key without words like governorate and city, unless nothing would be left."""
    words = [w for w in key.split() if w not in _GENERIC]
    return " ".join(words) or key


def _shorter(*texts: str) -> tuple[str, ...]:
    """The names, and each without what stands in brackets: "Palmyra (Tadmur)", "Palmyra"."""
    return tuple(dict.fromkeys(t for text in texts for t in (text, _BRACKETS.sub("", text))))


def _if_there(file: Path | Traversable, read: Callable[[Path | Traversable], list[T]]) -> list[T]:
    return read(file) if file.is_file() else []


@cache
def _predicates() -> dict[str, Predicate]:
    text = (files("marchland.vocabulary") / "data" / "predicates.yaml").read_text("utf-8")
    table = yaml.safe_load(text)
    return {
        name: Predicate(
            id=name,
            kind=row["kind"],
            definition=row["definition"],
            symmetric=bool(row.get("symmetric", False)),
            example=row.get("example", ""),
            crosswalk=tuple(
                (scheme, tuple(str(c) for c in codes))
                for scheme, codes in (row.get("crosswalk") or {}).items()
            ),
        )
        for name, row in table.items()
    }


@cache
def _states() -> tuple[tuple[Actor, ...], tuple[Place, ...], tuple[Name, ...]]:
    """States as actors, countries as places, and demonyms and capitals as their names."""
    text = (files("marchland.vocabulary") / "data" / "states.csv").read_text("utf-8")
    actors, places, names = [], [], []
    for row in csv.DictReader(io.StringIO(text)):
        aliases = tuple(a for a in row["aliases"].split(";") if a)
        demonyms = tuple(d for d in row["demonyms"].split(";") if d)
        governments: tuple[str, ...] = (f"{row['name']} government", f"Government of {row['name']}")
        governments += tuple(
            f"{d} {word}" for d in demonyms for word in ("government", "authorities", "state")
        )
        actors.append(
            Actor(
                id=row["id"],
                name=row["name"],
                aliases=(*aliases, *governments),
                kind="state",
                country=row["country"],
            )
        )
        places.append(
            Place(
                id=f"country:{row['country']}",
                name=row["name"],
                aliases=aliases,
                kind="country",
                country=row["country"],
                lat=float(row["lat"]) if row["lat"] else None,
                lon=float(row["lon"]) if row["lon"] else None,
            )
        )
        roles: tuple[tuple[str, tuple[str, ...]], ...] = (
            ("demonym", demonyms),
            ("capital", (row["capital"],)),
        )
        for role, words in roles:
            for word in words:
                if word:
                    names.append(
                        Name(text=word, key=fold(word), what="actor", id=row["id"], role=role)
                    )
    return tuple(actors), tuple(places), tuple(names)

"""Stretches that have no name of their own: "west of Mosul", "northern Aleppo", a road, a border.

They keep their words and get the place of their anchor; their id is that of no known place.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from marchland.claims import PlaceRef
from marchland.geo import Point, distance_km, offset
from marchland.reading.actors import ActorLinker
from marchland.reading.directions import direction_id, told_distance_km
from marchland.reading.mentions import Mention
from marchland.reading.phrases import (
    is_acting,
    is_place_noun,
    place_core,
    proper_run,
)
from marchland.reading.words import words

_AREA = ("area", "governorate", "province", "region", "district", "corridor")
_ARTICLES = frozenset({"al", "el", "ez", "az", "ash", "as", "ad", "an", "ar", "at", "es"})
_CROSSING_KM = 25.0
_LONG = frozenset({"bank", "border", "crossing", "frontier", "shore", "side"})
_NEAR = frozenset({"near", "at", "outside", "by", "in"})
_BEARINGS = {
    "north": 0.0, "northern": 0.0, "northeast": 45.0, "northeastern": 45.0, "east": 90.0,
    "eastern": 90.0, "southeast": 135.0, "southeastern": 135.0, "south": 180.0,
    "southern": 180.0, "southwest": 225.0, "southwestern": 225.0, "west": 270.0,
    "western": 270.0, "northwest": 315.0, "northwestern": 315.0,
}  # fmt: skip


@dataclass(slots=True)
class AreaLinker(ActorLinker, ABC):
    """Reads directions, parts, routes and unknown names as places."""

    @abstractmethod
    def places(self, i: int) -> list[PlaceRef]:
        """The phrase headed by token `i` read as places."""

    @abstractmethod
    def _holder_tokens(self, i: int) -> set[int]:
        """Tokens of a phrase that say whose it is."""

    def is_place(self, i: int) -> bool:
        """Whether the phrase at token `i` names a place rather than an actor."""
        m = self._mention.get(i)
        if m is not None:
            return m.names_place
        lemma = self.tree.lemmas[i]
        if lemma in words("direction") or is_place_noun(self.tree, i) or lemma in words("partial"):
            return True
        return self.tree.pos[i] == "PROPN" and not is_acting(self.tree, i)

    def _resolve(self, text: str, *, kinds: Sequence[str] = ()) -> PlaceRef:
        """A place name by the vocabulary and gazetteer in the report's context, or unresolved."""
        near = [
            Point(n.ref.lon, n.ref.lat)
            for n in self._places[-6:]
            if isinstance(n.ref, PlaceRef) and n.ref.lat is not None and n.ref.lon is not None
        ]
        countries = [c for c, _ in self._countries.most_common(3)]
        found = self.vocabulary.resolve_place(text, countries=countries, near=near)
        if found.id is not None:
            place = self.vocabulary.find_place(found.id)
            if place is not None and (
                not countries
                or place.country in countries
                or place.country is None
                or found.id in self.vocabulary.places
            ):
                return self._place_ref(found.id, text)
        return PlaceRef.unresolved(text)

    def _proper_place(self, i: int) -> PlaceRef:
        tree = self.tree
        first, last = proper_run(tree, i)
        if (
            first > 0
            and tree.words[first].lower() in _ARTICLES
            and tree.words[first - 1][:1].isupper()
            and tree.begins[first] - tree.ends[first - 1] == 1
        ):
            first -= 1  # "Deir ez-Zor", whatever the parser takes "Deir" for
        while first < last and tree.words[first].lower() in words("direction") | {"the"}:
            first += 1
        text = tree.span_text(first, last)
        ref = self._resolve(text)
        before = first - 1
        if (
            before >= 0
            and tree.words[before].lower() in words("direction")
            and tree.begins[first] - tree.ends[before] <= 1
        ):
            return self._area(ref, tree.span_text(before, last), tree.words[before].lower())
        return ref

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
        """ "Lebanese Arida", "the Iraqi side of al-Qaim": the post on that country's side."""
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
        """ "west of Mosul", "30 km north of al-Tanf"."""
        tree = self.tree
        for prep in tree.of_dep(i, "prep"):
            for p in tree.of_dep(prep, "pobj"):
                for anchor in self.places(p)[:1]:
                    told = told_distance_km(tree.text, tree.begins[i])
                    km = told or self._distance(i) or None
                    way = tree.lemmas[i].replace("-", "")
                    text = tree.span_text(i, p)
                    measured = tree.lemmas[tree.heads[i]] in (
                        "kilometer",
                        "kilometre",
                        "km",
                        "mile",
                    )
                    if km is not None and not measured:
                        text = f"{km:.0f} km {text}"
                    around = direction_id(km, way, anchor.id)
                    return [self._area(anchor, text, way, km or 15.0, around=around)]
        return []

    def _distance(self, i: int) -> float:
        tree = self.tree
        for c in tree.children[i]:
            if tree.deps[c] in ("npadvmod", "nmod", "compound", "nummod"):
                unit = tree.lemmas[c]
                scale = (
                    1.0
                    if unit.startswith(("km", "kilomet"))
                    else 1.609
                    if unit.startswith("mi")
                    else 0.0
                )
                for n in tree.of_dep(c, "nummod"):
                    try:
                        return float(tree.words[n].replace(",", "")) * scale
                    except ValueError:
                        return 0.0
        return 0.0

    def _is_long(self, lemma: str, anchor: PlaceRef) -> bool:
        """Whether a phrase names what runs along, or lies somewhere on, a river or a country."""
        place = self.vocabulary.find_place(anchor.id)
        wide = anchor.geo_precision == "country" or anchor.lat is None
        return lemma in _LONG and (wide or (place is not None and place.kind == "river"))

    def _somewhere(self, ref: PlaceRef) -> PlaceRef:
        """The same with an id of its own words and no position, as nothing told says where."""
        whole = PlaceRef.unresolved(ref.name)
        return PlaceRef(id=whole.id, name=ref.name, text=ref.text)

    def _border_crossing(self, i: int) -> PlaceRef | None:
        """ "The border crossing with Iraq near Abu Kamal": the one known there, else an unknown."""
        tree = self.tree
        if tree.lemmas[i] != "crossing":
            return None
        town: PlaceRef | None = None
        beyond: set[str] = set()
        stop, word = i, ""
        waiting = list(tree.of_dep(i, "prep"))
        while waiting:
            prep = waiting.pop(0)
            for p in tree.of_dep(prep, "pobj"):
                for item in tree.conjuncts(p):
                    for ref in self.places(item)[:1] if self.is_place(item) else ():
                        stop = max(stop, item)
                        place = self.vocabulary.find_place(ref.id)
                        if place is not None and place.kind == "country":
                            beyond.add(place.country or "")
                        elif town is None and tree.lemmas[prep] in _NEAR:
                            town, word = ref, tree.lemmas[prep]
                    waiting += tree.of_dep(item, "prep")
            after = stop + 1
            if not waiting and town is None and after < len(tree) and tree.lemmas[after] in _NEAR:
                waiting = [after] if after > prep else []  # hung on the verb
        if town is None:
            return None
        core = place_core(tree, i, self._holder_tokens(i))
        text = f"{core} {tree.span_text(i + 1, stop)}"
        known = self._known_crossing(town, beyond)
        if known is not None:
            return self._place_ref(known, text)
        return PlaceRef(
            id=PlaceRef.unresolved(f"crossing {word} {town.name}").id,
            name=text,
            text=text,
            lat=town.lat,
            lon=town.lon,
            geo_precision="crossing" if town.lat is not None else "unknown",
        )

    def _known_crossing(self, town: PlaceRef, beyond: set[str]) -> str | None:
        """The one crossing named after a town, or near it, that leads where it is said to."""
        for name in dict.fromkeys((town.text or town.name, town.name)):
            found = self.vocabulary.resolve_place(f"{name} crossing", kinds=("crossing",))
            if found.id is not None:
                return found.id
        here = self.vocabulary.find_place(town.id)
        if here is None or town.lat is None or town.lon is None:
            return None
        at = Point(town.lon, town.lat)
        near = []
        for place in self.vocabulary.places.values():
            if place.kind != "crossing" or place.country != here.country:
                continue
            if place.lat is None or place.lon is None:
                continue
            other = self.vocabulary.find_place(place.other_side) if place.other_side else None
            if beyond - {here.country} and (other is None or other.country not in beyond):
                continue
            if distance_km(at, Point(place.lon, place.lat)) <= _CROSSING_KM:
                near.append(place.id)
        return near[0] if len(near) == 1 else None

    def _route(self, i: int) -> PlaceRef | None:
        """ "the road from Damascus to Abu Kamal", "the border between Syria and Iraq"."""
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
                        ends.extend(self._end(item))
            for inner in tree.of_dep(prep, "prep"):  # "from X to Y" hung on one another
                for p in tree.of_dep(inner, "pobj"):
                    if ends and self.is_place(p):
                        ends.extend(self._end(p))
        after = max((at for _, at in ends), default=len(tree)) + 1
        if len(ends) == 1 and after < len(tree) and tree.words[after].lower() in ("to", "into"):
            for p in tree.of_dep(after, "pobj"):  # hung on the verb: "took the road from X to Y"
                ends.extend(self._end(p))
        if len(ends) < 2:
            return None
        # a country's middle is no end of anything
        start = next((e for e, _ in ends if e.geo_precision != "country" and e.lat), None)
        stop = max(at for _, at in ends)
        core = place_core(tree, i, self._holder_tokens(i))
        tail = tree.span_text(i + 1, stop)
        where = " to ".join(dict.fromkeys(e.name for e, _ in ends))
        known = [e.id for e, _ in ends if e.resolved and e.geo_precision != "country"]
        between = len(ends) == 2 and len(set(known)) == 2
        return PlaceRef(
            id=":".join(["route", *known]) if between else "?" + where.casefold().replace(" ", "-"),
            name=f"{core} {tail}",
            text=tree.span_text(i, stop),
            lat=start.lat if start is not None else None,
            lon=start.lon if start is not None else None,
            geo_precision="unknown"
            if start is None
            else "crossing"
            if tree.lemmas[i] == "crossing"
            else "route",
        )

    def _end(self, i: int) -> list[tuple[PlaceRef, int]]:
        """An end of a route and its last token; "the border at Abu Kamal" ends at Abu Kamal."""
        last = self._last_named(i)
        found = self.places(i)[:1]
        if last != i and not any(ref.resolved for ref in found):
            found = self.places(last)[:1] or found
        return [(ref, last) for ref in found]

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

    def _kind_of_place(self, place: PlaceRef, lemma: str) -> PlaceRef:
        """ "Anbar" out of "Anbar and Kirkuk provinces": the province, where there is one."""
        found = self.vocabulary.resolve_place(f"{place.text or place.name} {lemma}", kinds=_AREA)
        if found.id and lemma in words("area"):
            return self._place_ref(found.id, f"{place.text or place.name} {lemma}")
        return place

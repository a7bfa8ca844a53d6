"""Which of several namesakes is meant: by the kind the name itself tells, by context, by size.

The rules, in this order. "X province" means an area, "X airport" a facility, "X crossing" a post,
and never the town X. Then the countries of the context, then what is near the places named beside
it. Of what is left in the worldwide gazetteer a settlement comes before the province that is named
after it, a province before a village elsewhere, and one place is taken only if it has ten times
the people of the next. What these rules leave open stays open.
"""

import unicodedata
from collections.abc import Collection, Sequence

from marchland.geo import Point, distance_km
from marchland.vocabulary.model import AREA_KINDS, FACILITY_KINDS, Place

_DWARFS = 10
"""One namesake is meant without any context when it has this many times the people of the next."""
_SMALLEST = 500
"""People of a place whose count is not known or lower, in that comparison."""
_TOWN = 100_000
"""A province comes before settlements elsewhere that have fewer people than this."""

SETTLEMENTS = frozenset({"city", "town", "village", "settlement"})
_POSTS = frozenset({"crossing"})
_PROVINCES = frozenset({"governorate", "province", "region", "area"})
_AREAS = AREA_KINDS - {"country"}
# Keys are folded: doubled letters are single, as in "crosing".
_KINDS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("city", "town", "village"), SETTLEMENTS),
    **dict.fromkeys(("governorate", "province", "oblast", "state"), _PROVINCES),
    **dict.fromkeys(("district", "region", "area", "countryside", "subdistrict"), _AREAS),
    **dict.fromkeys(("crosing", "border post", "border gate", "port of entry"), _POSTS),
    **dict.fromkeys(("airport", "air base", "airbase", "airfield", "base"), FACILITY_KINDS),
    **dict.fromkeys(("river",), frozenset({"river"})),
}
_MODIFIERS = frozenset({"border", "international", "military", "air", "land"})


def named_kinds(key: str) -> tuple[str, frozenset[str]]:
    """A folded name without the word for its kind, and the kinds that word stands for.

    The name as it is and no kinds, where it has no such word.

    Examples
    --------
    >>> bare, kinds = named_kinds("deir zor military airport")
    >>> bare, sorted(kinds)
    ('deir zor', ['airport', 'base', 'facility', 'station'])
    """
    words = key.split()
    for size in (3, 2, 1):
        ahead, behind = " ".join(words[:size]), " ".join(words[-size:])
        if len(words) > size and behind in _KINDS:
            left = words[:-size]
            while len(left) > 1 and left[-1] in _MODIFIERS:
                left.pop()
            return " ".join(left), _KINDS[behind]
        if len(words) > size + 1 and ahead in _KINDS and words[size] == "of":
            return " ".join(words[size + 1 :]), _KINDS[ahead]
    return key, frozenset()


def by_kind(places: Sequence[Place], kinds: Collection[str]) -> list[Place]:
    """Those of some kinds; all where no kind is asked for."""
    return [p for p in places if not kinds or p.kind in kinds]


def by_context(
    places: Sequence[Place], countries: Sequence[str], near: Sequence[Point], near_km: float
) -> Sequence[Place]:
    """Those in the countries or near the points of the context; all where it decides nothing."""
    if len(places) > 1 and countries:
        places = [p for p in places if p.country in countries] or places
    if len(places) > 1 and near:
        places = [p for p in places if within_km(p, near) <= near_km] or places
    if len(places) > 1:
        places = [p for p in places if p.kind == "country"] or places
    return places


def within_km(place: Place, near: Sequence[Point]) -> float:
    """Kilometres to the nearest of some points; infinite without a point."""
    point = place.point
    if point is None:
        return float("inf")
    return min((distance_km(point, other) for other in near), default=float("inf"))


def dominant(name: str, places: Sequence[Place]) -> Sequence[Place]:
    """The one place that size and spelling leave of namesakes, or all of them."""
    towns = [p for p in places if not p.is_area]
    provinces = [p for p in places if p.is_area]
    if towns and provinces:
        named_after = [
            q
            for q in provinces
            if any(q.name == t.admin1 and q.country == t.country for t in towns)
        ]
        provinces = [q for q in provinces if q not in named_after]
        if provinces and not named_after and _people(towns[0]) < _TOWN:
            towns = []
        elif provinces and _people(provinces[0]) < _DWARFS * _people(towns[0]):
            provinces = []
    left = sorted([*towns, *provinces], key=lambda p: -(p.population or 0))
    same = [p for p in left if _plain(p.name) == _plain(name)]
    for pool in (left, same if left and left[0] in same else []):
        if len(pool) == 1 or (len(pool) > 1 and _people(pool[0]) >= _DWARFS * _people(pool[1])):
            return pool[:1]
    return left


def _people(place: Place) -> int:
    return max(place.population or 0, _SMALLEST)


def _plain(name: str) -> str:
    """A name as spelled, but for case, marks and apostrophes."""
    text = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in text if c.isalnum())

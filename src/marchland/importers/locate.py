"""Where an event was: its coordinates, its place names and its precision code to one place.

The rule: a name is resolved near the coordinates; a name that is not known is the theatre's own
place within 5 km, if there is one; else, where the row locates one settlement, it becomes a place
of the ledger's own. A region is resolved by its name or stays unresolved.
"""

import math
from collections.abc import Sequence

from marchland.claims import PlaceRef
from marchland.geo import Point, distance_km
from marchland.importers.base import Names
from marchland.vocabulary.model import Place

NEAR_KM = 5.0
"""How far the theatre's own place may lie from coordinates whose name is not known."""
_APART_KM = 60.0
"""A namesake farther than this from the coordinates is another place."""


class Locator:
    """Places of events; each asked for once.

    Attributes
    ----------
    places
        New ones that the rows bring, by id.
    """

    def __init__(self, vocabulary: Names, *, scheme: str, countries: Sequence[str] = ()) -> None:
        self.places: dict[str, Place] = {}
        self._vocabulary, self._scheme, self._countries = vocabulary, scheme, tuple(countries)
        self._made: dict[tuple[object, ...], PlaceRef] = {}
        own = (vocabulary.find_place(i) for i in sorted(vocabulary.own_places))
        self._own = [p for p in own if p is not None and p.point is not None and not p.is_area]

    def settlement(self, name: str, point: Point, *, exact: bool) -> PlaceRef:
        """The settlement, crossing or facility at a point.

        Parameters
        ----------
        exact
            False where the event was somewhere around it: the claim then speaks of an area.
        """
        key = (name, point, exact)
        if key not in self._made:
            place = self._named(name, point, area=False) or self._nearest(point)
            if place is None:
                place = self._new(name, point)
            self._made[key] = PlaceRef(
                id=place.id,
                name=place.name,
                text=name or None,
                lat=point.lat,
                lon=point.lon,
                geo_precision=place.geo_precision if exact else "area",
            )
        return self._made[key]

    def region(self, names: Sequence[str], point: Point | None, *, country: bool) -> PlaceRef:
        """A region by the first of its names that is known.

        Parameters
        ----------
        country
            Whether nothing nearer than a country is known.
        """
        key = (tuple(names), point, country)
        if key not in self._made:
            self._made[key] = self._region([n for n in names if n], point, country)
        return self._made[key]

    def _region(self, names: Sequence[str], point: Point | None, country: bool) -> PlaceRef:
        precision = "country" if country else "area"
        for name in names:
            place = self._named(name, None, area=True)
            if place is not None:
                return PlaceRef(
                    id=place.id, name=place.name, text=name, lat=place.lat, lon=place.lon,
                    geo_precision=precision,
                )  # fmt: skip
        name = names[0] if names else "place not named"
        unresolved = PlaceRef.unresolved(name)
        return PlaceRef(
            id=unresolved.id,
            name=unresolved.name,
            text=name,
            lat=point.lat if point else None,
            lon=point.lon if point else None,
            geo_precision=precision,
        )

    def _named(self, name: str, point: Point | None, *, area: bool) -> Place | None:
        if not name:
            return None
        near = [point] if point else []
        id_ = self._vocabulary.resolve_place(name, countries=self._countries, near=near).id
        place = self._vocabulary.find_place(id_) if id_ else None
        if place is None or place.is_area != area:
            return None
        if point is not None and (
            place.point is None or distance_km(place.point, point) > _APART_KM
        ):
            return None
        return place

    def _nearest(self, point: Point) -> Place | None:
        height = NEAR_KM / 110.0
        width = height / max(math.cos(math.radians(point.lat)), 0.05)
        best: tuple[float, Place] | None = None
        for place in self._own:
            at = place.point
            assert at is not None
            if abs(at.lat - point.lat) > height or abs(at.lon - point.lon) > width:
                continue
            apart = distance_km(at, point)
            if apart <= NEAR_KM and (best is None or apart < best[0]):
                best = apart, place
        return best[1] if best else None

    def _new(self, name: str, point: Point) -> Place:
        shown = name or f"{point.lat:.3f}, {point.lon:.3f}"
        place = Place(
            id=f"{self._scheme}:{point.lat:.4f},{point.lon:.4f}",
            name=shown,
            kind="town",
            lat=point.lat,
            lon=point.lon,
            coord_confidence="table",
        )
        return self.places.setdefault(place.id, place)

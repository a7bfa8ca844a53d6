"""Control polygons (GeoJSON): a claim for each place of the theatre that lies in one.

The rule: a place in one polygon is held by whom the polygon names; in polygons of two it is
contested between them; in none nothing is said of it. A place nearer to its polygon's edge than the
edge is drawn exactly is claimed as possible only.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape

from marchland.claims import Claim, Modality, PlaceRef, Ref, Report, Source
from marchland.dates import Span
from marchland.errors import BadInput, Rejected
from marchland.importers.base import Loaded, Names
from marchland.importers.crosswalk import Crosswalk, read_crosswalk, shipped
from marchland.importers.events import read_date
from marchland.vocabulary.model import Place

_HOLDERS = ("holder", "control", "controlled_by", "controller", "held_by", "actor", "side", "party")
_DATES = ("date", "as_of", "updated", "day", "timestamp")
_CONTESTED = "contested"
_KM_A_DEGREE = 111.2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """A polygon with who holds it and since which day it is drawn so."""

    row: int
    geometry: Any
    holder: str
    day: date


@dataclass(slots=True, kw_only=True)
class _Found:
    grounds: list[_Ground] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


class ControlPolygons:
    """Reads polygons of control, WGS84.

    Parameters
    ----------
    holder
        Property that names the holder; by default the first there is of holder, control,
        controlled_by, controller, held_by, actor, side, party.
    date
        A day YYYY-MM-DD for all of them, or the property that holds it; by default the first there
        is of date, as_of, updated, day, timestamp.
    source
        Who drew them; by default the file's own name.
    crosswalk
        A CSV file with the columns ``name,actor``; the actor ``contested`` stands for disputed
        ground, ``-`` for ground of which nothing is said.
    edge_km
        How exactly the edges are drawn.
    countries
        ISO 3166-1 alpha-2 codes; where names of holders are looked for first.
    """

    def __init__(
        self,
        *,
        holder: str | None = None,
        date: str | None = None,
        source: str | None = None,
        crosswalk: Path | str | None = None,
        edge_km: float | str = 1.0,
        countries: str = "",
    ) -> None:
        self._holder, self._date, self._source = holder, date, source
        self._tables = [
            *([read_crosswalk(crosswalk)] if crosswalk else []),
            shipped("control_polygons"),
        ]
        self._edge = float(edge_km) / _KM_A_DEGREE
        self._countries = [c for c in countries.split(",") if c]

    def load(self, path: Path, *, vocabulary: Names, strict: bool = False) -> Loaded:
        """Read a FeatureCollection.

        Raises
        ------
        BadInput
            If it is no GeoJSON of polygons; with `strict` also at the first feature that can't be
            used.
        """
        path = Path(path)
        found = self._read(path)
        if strict and found.rejected:
            raise BadInput(f"{found.rejected[0].where}: {found.rejected[0].why}", path=path)
        crosswalk = Crosswalk(vocabulary, self._tables, countries=self._countries)
        source = _source(self._source or path.stem)
        reports = {
            day: Report.of(
                f"control polygons {source.id} {day}".encode(),
                title=f"{source.name}, {day}",
                source=source,
                published=day,
            )
            for day in sorted({g.day for g in found.grounds})
        }
        claims = [
            claim
            for day, report in reports.items()
            for claim in self._claims(
                [g for g in found.grounds if g.day == day], report, vocabulary, crosswalk
            )
        ]
        warnings = crosswalk.warnings()
        if found.grounds and not claims:
            warnings.append(f"{path}: no place of this theatre lies in any of its polygons")
        return Loaded(
            claims=tuple(claims), rejected=tuple(found.rejected), warnings=tuple(warnings)
        )

    def _read(self, path: Path) -> _Found:
        try:
            record = json.loads(path.read_text("utf-8-sig"))
        except OSError as error:
            raise BadInput(f"it can't be read: {error.strerror or error}", path=path) from error
        except ValueError as error:
            raise BadInput(f"it is no JSON: {error}", path=path) from error
        features = record.get("features") if isinstance(record, dict) else None
        if not isinstance(features, list):
            raise BadInput("it is no GeoJSON FeatureCollection", path=path)
        found = _Found()
        for number, feature in enumerate(features, start=1):
            try:
                found.grounds.append(self._ground(feature, number))
            except BadInput as error:
                found.rejected.append(
                    Rejected(where=f"{path}, feature {number}", why=error.message)
                )
        return found

    def _ground(self, feature: Any, number: int) -> _Ground:
        properties = (feature.get("properties") if isinstance(feature, dict) else None) or {}
        try:
            geometry = shape(feature["geometry"])
        except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError):
            raise BadInput("its geometry can't be read") from None
        if geometry.geom_type not in ("Polygon", "MultiPolygon") or geometry.is_empty:
            raise BadInput(f"it is a {geometry.geom_type} and no polygon")
        west, south, east, north = geometry.bounds
        if west < -180 or east > 180 or south < -90 or north > 90:
            raise BadInput("its coordinates are no degrees; save it as WGS84 (EPSG:4326)")
        holder = _property(properties, self._holder, _HOLDERS, "holder")
        return _Ground(
            row=number,
            geometry=shapely.make_valid(geometry),
            holder=holder,
            day=self._day(properties),
        )

    def _day(self, properties: Mapping[str, Any]) -> date:
        if self._date is not None and self._date[:1].isdigit():
            return read_date(self._date, "date")
        return read_date(_property(properties, self._date, _DATES, "date"), "date")

    def _claims(
        self, grounds: list[_Ground], report: Report, vocabulary: Names, crosswalk: Crosswalk
    ) -> Iterator[Claim]:
        holders = {g.holder: self._party(g.holder, crosswalk) for g in grounds}
        tree = shapely.STRtree([g.geometry for g in grounds])
        for place in _places(vocabulary):
            point = shapely.Point(place.lon, place.lat)
            inside = [grounds[i] for i in sorted(tree.query(point, predicate="intersects"))]
            parties = {p for g in inside if (p := holders[g.holder]) is not None}
            if not parties:
                continue
            near = all(g.geometry.boundary.distance(point) < self._edge for g in inside)
            actors = sorted((p for p in parties if isinstance(p, Ref)), key=lambda r: r.id)
            contested = _CONTESTED in parties or len(actors) > 1
            yield Claim(
                predicate="contests" if contested else "holds",
                report=report,
                subject=actors[0] if actors else None,
                object=actors[1] if len(actors) > 1 else None,
                place=PlaceRef(
                    id=place.id, name=place.name, lat=place.lat, lon=place.lon,
                    geo_precision=place.geo_precision,
                ),
                valid=Span.day(report.published) if report.published else Span.unknown(),
                modality=Modality.POSSIBLE if near and not contested else Modality.ASSERTED,
                reader="control_polygons/1",
            )  # fmt: skip

    def _party(self, name: str, crosswalk: Crosswalk) -> Ref | str | None:
        told = next((t[name.casefold()] for t in self._tables if name.casefold() in t), name)
        return _CONTESTED if told.casefold() == _CONTESTED else crosswalk.actor(name)


def _places(vocabulary: Names) -> Iterator[Place]:
    for id_ in sorted(vocabulary.own_places):
        place = vocabulary.find_place(id_)
        if place is not None and place.point is not None and not place.is_area:
            yield place


def _property(
    properties: Mapping[str, Any], named: str | None, usual: tuple[str, ...], what: str
) -> str:
    names = (named,) if named else usual
    for name in names:
        value = properties.get(name)
        if value not in (None, ""):
            return " ".join(str(value).split())
    has = ", ".join(sorted(properties)) or "none"
    raise BadInput(f"it has no property {' or '.join(names)}; say {what}=NAME. It has: {has}")


def _source(name: str) -> Source:
    words = " ".join(name.split())
    return Source(id="-".join(words.casefold().replace("_", " ").split()), name=words)

"""One row of the claims table to one claim."""

import hashlib
import json
import re
from collections.abc import Sequence

from marchland.claims import PREDICATES, Claim, PlaceRef, Ref, Report, Source
from marchland.dates import Span
from marchland.errors import BadInput
from marchland.geo import Point
from marchland.importers.base import Names
from marchland.importers.cells import read_count, read_day, read_number, read_span
from marchland.vocabulary.model import Actor, Place

COLUMNS = (
    *("id", "predicate", "kind"),
    *("subject.id", "subject.name", "subject.text", "object.id", "object.name", "object.text"),
    *("place.id", "place.name", "place.text", "place.lat", "place.lon", "place.geo_precision"),
    *("valid.start", "valid.end", "valid.precision", "modality"),
    *("speaker.id", "speaker.name", "speaker.text", "source.id", "source.name"),
    *("report.id", "report.title", "report.path", "report.url", "report.published"),
    *("report.sha256", "quote", "begin", "end", "p_read", "reader", "corrects", "recorded"),
)
"""The table's columns, in the order in which they are written; `RowReader` takes cells so."""

_KIND_OF_PRECISION = {
    "settlement": "town",
    "crossing": "crossing",
    "facility": "facility",
    "area": "area",
    "country": "country",
    "route": "corridor",
    "unknown": "town",
}
_MOST_KEPT = 200_000


class RowReader:
    """Reads rows; what many rows share (actors, places, days, reports) is made once.

    Parameters
    ----------
    title
        Of a report whose row names none.

    Attributes
    ----------
    places, actors
        New ones that the rows read so far bring, by id.
    warnings
        What the user should know of them.
    unresolved
        Whether some name was looked up and not found.
    """

    def __init__(self, vocabulary: Names, *, title: str, countries: Sequence[str]) -> None:
        self.places: dict[str, Place] = {}
        self.actors: dict[str, Actor] = {}
        self.warnings: list[str] = []
        self.unresolved = False
        self._vocabulary, self._title, self._countries = vocabulary, title, countries
        self._refs: dict[tuple[str, ...], tuple[Ref | None, Actor | None]] = {}
        self._place_refs: dict[tuple[str, ...], tuple[PlaceRef | None, Place | None]] = {}
        self._spans: dict[tuple[str, ...], Span] = {}
        self._reports: dict[tuple[str, ...], Report] = {}
        self._warned: set[str] = set()
        self._rows = 0

    def claim(self, cells: Sequence[str]) -> Claim:
        """The claim of a row.

        Parameters
        ----------
        cells
            One for each of `COLUMNS`.

        Raises
        ------
        BadInput, InvalidClaim
            If the row can't be used; nothing of it is kept then.
        """
        (
            id_, predicate, kind, subject_id, subject_name, subject_text, object_id, object_name,
            object_text, place_id, place_name, place_text, lat, lon, geo_precision, start, end,
            precision, modality, speaker_id, speaker_name, speaker_text, source_id, source_name,
            report_id, title, path, url, published, sha256, quote, begin, end_at, p_read, reader,
            corrects, _recorded,
        ) = cells  # fmt: skip
        exact = "1" if id_ else ""
        if not exact:
            predicate = predicate.strip().casefold().replace(" ", "_")
            modality, kind = modality.strip().casefold(), kind.strip().casefold()
            corrects, reader = corrects.strip(), reader.strip()
        if not predicate:
            raise BadInput("predicate: it is empty")
        if kind and predicate in PREDICATES and PREDICATES[predicate].value != kind:
            raise BadInput(
                f"kind: {kind!r} is not the kind of {predicate!r}, which is a "
                f"{PREDICATES[predicate].value} claim"
            )
        self._rows += 1
        if self._rows % 1000 == 0:
            self._forget_some()
        valid = self._span(start.strip(), end.strip(), precision.strip())
        report = self._report(
            source_id, source_name, report_id, title, path, url, published, sha256, exact
        )
        subject, new_subject = self._ref(exact, subject_id, subject_name, subject_text)
        object_, new_object = self._ref(exact, object_id, object_name, object_text)
        speaker, new_speaker = self._ref(exact, speaker_id, speaker_name, speaker_text)
        place, new_place = self._place(
            exact, place_id, place_name, place_text, lat.strip(), lon.strip(), geo_precision.strip()
        )
        claim = Claim(
            predicate=predicate,
            report=report,
            subject=subject,
            object=object_,
            place=place,
            valid=valid,
            modality=modality or "asserted",  # type: ignore[arg-type]  # the claim checks it
            speaker=speaker,
            quote=quote or None,
            begin=read_count(begin.strip(), "begin") if begin else None,
            end=read_count(end_at.strip(), "end") if end_at else None,
            p_read=float(read_number(p_read.strip(), "p_read")) if p_read.strip() else 1.0,
            reader=reader or "table/1",
            corrects=corrects or None,
        )
        for actor in (new_subject, new_object, new_speaker):
            if actor is not None:
                self._bring_actor(actor)
        if new_place is not None:
            self._bring_place(new_place)
        return claim

    # ---------------------------------------------------------------- parts

    def _span(self, *cells: str) -> Span:
        if cells not in self._spans:
            self._spans[cells] = read_span(*cells)
        return self._spans[cells]

    def _ref(self, *cells: str) -> tuple[Ref | None, Actor | None]:
        found = self._refs.get(cells)
        if found is None:
            found = self._refs[cells] = self._make_ref(*cells)
        return found

    def _make_ref(
        self, exact: str, key: str, name: str, text: str
    ) -> tuple[Ref | None, Actor | None]:
        """An actor, and its record where the table brings it."""
        if not exact:
            key, name = key.strip(), " ".join(name.split())
        if not key and not name:
            return None, None
        if not key:
            return self._resolved_actor(name, text or name), None
        if key.startswith("?"):
            return Ref(id=key, name=name or key[1:] or key, text=text or None), None
        known = self._vocabulary.find_actor(key)
        if not name and known is None:
            raise BadInput(f"no actor with the id {key!r} is known; give its name too")
        ref = Ref(id=key, name=name or (known.name if known else key), text=text or None)
        return ref, Actor(id=key, name=name) if known is None else None

    def _resolved_actor(self, name: str, text: str) -> Ref:
        resolution = self._vocabulary.resolve_actor(name, countries=self._countries)
        actor = self._vocabulary.find_actor(resolution.id) if resolution.id else None
        if actor is None:
            self.unresolved = True
            return Ref.unresolved(text)
        return Ref(id=actor.id, name=actor.name, text=text)

    def _place(self, *cells: str) -> tuple[PlaceRef | None, Place | None]:
        found = self._place_refs.get(cells)
        if found is None:
            found = self._place_refs[cells] = self._make_place(*cells)
        return found

    def _make_place(
        self, exact: str, key: str, name: str, text: str, lat: str, lon: str, geo_precision: str
    ) -> tuple[PlaceRef | None, Place | None]:
        """A place, and its record where the table brings it."""
        if not exact:
            key, name = key.strip(), " ".join(name.split())
        if not key and not name:
            if lat or lon:
                raise BadInput("place.lat, place.lon: a place needs an id or a name too")
            return None, None
        point = _point(lat, lon)
        if geo_precision and geo_precision not in _KIND_OF_PRECISION:
            raise BadInput(
                f"place.geo_precision: {geo_precision!r} is none of {', '.join(_KIND_OF_PRECISION)}"
            )
        if exact:
            literal = PlaceRef(
                id=key,
                name=name,
                text=text or None,
                lat=read_number(lat, "place.lat", literally=True) if lat else None,
                lon=read_number(lon, "place.lon", literally=True) if lon else None,
                geo_precision=geo_precision or "unknown",
            )
            if key.startswith("?") or self._vocabulary.find_place(key) is not None or point is None:
                return literal, None
            return literal, _new_place(key, name, point, geo_precision)
        known = None
        if not key:
            resolution = self._vocabulary.resolve_place(
                name, countries=self._countries, near=[point] if point else []
            )
            known = self._vocabulary.find_place(resolution.id) if resolution.id else None
            text = text or name
            if known is None:
                self.unresolved = True
                key = PlaceRef.unresolved(text).id
            else:
                key, name = known.id, known.name
        elif not key.startswith("?"):
            known = self._vocabulary.find_place(key)
            if known is None and not name:
                raise BadInput(f"no place with the id {key!r} is known; give its name and lat, lon")
            if known is None and point is None:
                raise BadInput(
                    f"no place with the id {key!r} is known; give its place.lat and place.lon, or "
                    "leave out the id to have its name looked up"
                )
        if known is not None:
            name, point = name or known.name, point or known.point
            geo_precision = geo_precision or known.geo_precision
        is_new = known is None and not key.startswith("?")
        if is_new:
            geo_precision = geo_precision or "settlement"
        ref = PlaceRef(
            id=key,
            name=name or key.removeprefix("?"),
            text=text or None,
            lat=point.lat if point else None,
            lon=point.lon if point else None,
            geo_precision=geo_precision or "unknown",
        )
        new = _new_place(key, name, point, geo_precision) if is_new and point else None
        return ref, new

    def _report(self, *cells: str) -> Report:
        found = self._reports.get(cells)
        if found is None:
            found = self._reports[cells] = self._make_report(*cells)
        return found

    def _make_report(
        self,
        source_id: str,
        source_name: str,
        key: str,
        title: str,
        path: str,
        url: str,
        published: str,
        sha256: str,
        exact: str,
    ) -> Report:
        """The report a row names; rows of one source, day, title and address share one.

        The table's own name is no part of its id, so that a renamed table brings nothing twice.
        """
        day = read_day(published.strip(), "report.published")
        if exact:
            source = Source(id=source_id, name=source_name)
        else:
            source = _source(source_id.strip(), " ".join(source_name.split()))
            key, title, sha256 = key.strip(), title.strip(), sha256.strip()
            path, url = path.strip(), url.strip()
        content = json.dumps(["claims table", title, path, url], ensure_ascii=True).encode()
        shown = title if exact else title or self._title
        if not key:
            return Report.of(
                content, title=shown, source=source, published=day, path=path or None,
                url=url or None,
            )  # fmt: skip
        return Report(
            id=key,
            title=shown,
            source=source,
            published=day,
            sha256=sha256 or hashlib.sha256(content).hexdigest(),
            path=path or None,
            url=url or None,
        )

    # ---------------------------------------------------------------- new ones

    def _bring_actor(self, actor: Actor) -> None:
        first = self.actors.setdefault(actor.id, actor)
        if first.name != actor.name:
            self._warn_once(
                actor.id, f"actor {actor.id!r} has several names; {first.name!r} is kept"
            )

    def _bring_place(self, place: Place) -> None:
        first = self.places.setdefault(place.id, place)
        if (first.lat, first.lon, first.name) != (place.lat, place.lon, place.name):
            self._warn_once(
                place.id,
                f"place {place.id!r} has several names or coordinates; the first are kept: "
                f"{first.name}, {first.lat}, {first.lon}",
            )

    def _warn_once(self, id: str, warning: str) -> None:
        if id not in self._warned:
            self._warned.add(id)
            self.warnings.append(warning)

    def _forget_some(self) -> None:
        """Hold no more shared parts than a table of ordinary size has."""
        for kept in (self._refs, self._place_refs, self._spans, self._reports):
            if len(kept) > _MOST_KEPT:
                kept.clear()


def _point(lat: str, lon: str) -> Point | None:
    if not lat and not lon:
        return None
    if not lat or not lon:
        have, lack = ("place.lat", "place.lon") if lat else ("place.lon", "place.lat")
        raise BadInput(f"{have} is given without {lack}")
    return Point(read_number(lon, "place.lon"), read_number(lat, "place.lat"))


def _new_place(id: str, name: str, point: Point, geo_precision: str) -> Place:
    return Place(
        id=id,
        name=name,
        kind=_KIND_OF_PRECISION[geo_precision or "unknown"],
        lat=point.lat,
        lon=point.lon,
        coord_confidence="table",
    )


def _source(id: str, name: str) -> Source:
    if not id and not name:
        raise BadInput("source.id: it is empty; every claim needs a source")
    made = "-".join(re.findall(r"\w+", name.casefold()))
    return Source(id=id or made or name, name=name or id)

"""VIINA: Violent Incident Information from News Articles, Ukraine; its control and its event files.

Control (``control_latest_YYYY``): one row a place and day, with the status by each source. Each
source is a source of its own here; the column ``status``, the majority of them, is read only where
none of them is there, as it would count them twice. A status is claimed on the day it begins and
again every `every` days that it lasts, not every day: a table that says the same each morning has
not seen the place each morning.

Events (``event_1pd_latest_YYYY``, or ``event_info`` joined with ``event_labels``): one row a report
of an event, with labels by a classifier. `RULES` says what a label claims; the chance is the rule's
times the labels' own, and a row that puts both sides or neither in the event gains nobody anything.

Columns: VIINA 2.0 (Zhukov and Ayers).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import ClassVar

from marchland.claims import Claim, PlaceRef, Report, Source
from marchland.dates import Span
from marchland.errors import BadInput, MarchlandError, Rejected
from marchland.importers.base import Loaded, Names
from marchland.importers.cells import read_number
from marchland.importers.crosswalk import Crosswalk
from marchland.importers.events import EventImporter, Reading, Rule, read_date, read_point
from marchland.importers.locate import Locator
from marchland.importers.sheets import Row, Sheet, open_sheet
from marchland.vocabulary.model import Place

SOURCES: Mapping[str, Source] = {
    "status_wiki": Source(id="viina-wiki", name="Wikipedia, by VIINA"),
    "status_boost": Source(id="viina-boost", name="VIINA from event reports"),
    "status_dsm": Source(id="viina-dsm", name="DeepStateMap, by VIINA"),
    "status_isw": Source(id="viina-isw", name="ISW, by VIINA"),
    "status": Source(id="viina", name="VIINA"),
}
"""Columns of the control file and who says it; ``status`` only where it stands alone."""

RULES: Mapping[str, Rule] = {
    "t_control": Rule(predicate="captures", chance=0.8),
    "t_occupy": Rule(predicate="captures", chance=0.6),
    "t_firefight": Rule(predicate="contests", chance=0.3),
    "t_airstrike": Rule(predicate="assaults", chance=0.9),
    "t_artillery": Rule(predicate="assaults", chance=0.9),
}
"""Labels of an event and what each claims; a row's first that is set counts."""

_SETTLED = frozenset({"STREET", "PPL", "PPLA", "PPLA2", "PPLA3", "PPLC", "PPLX", "ADM4", "ADDRESS"})
_LEAST = 0.5
"""A label below this chance is not set."""
_CONTESTED = "CONTESTED"
_CONTROL = ("geonameid", "date", *SOURCES)
_PLACE = ("asciiname", "latitude", "longitude", "feature_code")


class Viina(EventImporter):
    """Reads VIINA's control or event files; which of them is seen by the columns.

    Parameters
    ----------
    every
        Days after which a status that lasts is claimed again.

    Notes
    -----
    ``geonameid`` is the place's: the theatre's own with that number, or the worldwide gazetteer's.
    ``GEO_PRECISION`` of events decides what the claim is about: a street or settlement the place,
    anything coarser an area. A row is taken to be published on its own day.
    """

    name: ClassVar[str] = "viina"
    source: ClassVar[Source] = SOURCES["status"]
    columns: ClassVar[tuple[str, ...]] = (
        *("viina_version", "event_id", "event_id_1pd", "date", "time", "geonameid"),
        *("feature_code", "asciiname", "ADM1_NAME", "ADM1_CODE", "ADM2_NAME", "ADM2_CODE"),
        *("longitude", "latitude", "GEO_PRECISION", "GEO_api", "location", "address"),
        *("report_id", "source", "url", "text", "lang"),
        *(f"{label}{end}" for label in ("a_rus", "a_ukr", *RULES) for end in ("", "_b")),
    )
    needed: ClassVar[tuple[str, ...]] = ("date", "longitude", "latitude", "text")

    def __init__(self, *, every: int | str = 30, **options: str) -> None:
        super().__init__(**options)
        self._every = int(every)
        if self._every < 1:
            raise BadInput(f"every: {every} is no number of days")

    def load(self, path: Path, *, vocabulary: Names, strict: bool = False) -> Loaded:
        """Read a file of control or of events.

        Raises
        ------
        BadInput
            If the file can't be read or is neither; with `strict` also at the first bad row.
        """
        sheet = open_sheet(
            Path(path),
            (*_CONTROL, *_PLACE),
            what="viina file",
            such_as=_CONTROL,
        )
        if not {"geonameid", "date"} <= set(sheet.columns) or not set(SOURCES) & set(sheet.columns):
            return super().load(path, vocabulary=vocabulary, strict=strict)
        return _Control(self, sheet, Path(path), vocabulary, strict).load()

    @property
    def options(self) -> tuple[int, list[Mapping[str, str]], tuple[str, ...], date | None]:
        """Days between repeats, crosswalks, countries, the day of publication."""
        return self._every, list(self._tables), tuple(self._countries), self._published

    def claims(self, row: Mapping[str, str], reading: Reading) -> Iterator[Claim]:
        """What one event says."""
        day = read_date(row["date"], "date")
        label = next((t for t in RULES if _chance(row, t) >= _LEAST), None)
        if label is None:
            reading.skip("as no label that says something of control is set")
            return
        side = {a: _chance(row, f"a_{a}") for a in ("rus", "ukr")}
        does = [a for a, p in side.items() if p >= _LEAST]
        actors = [reading.actors.actor(a) for a in (does or side)]
        rule = RULES[label]
        if rule.predicate == "captures" and len(does) != 1:
            rule = Rule(predicate="contests", chance=0.4)
        if rule.predicate == "assaults" and len(does) != 1:
            reading.skip("as both sides or neither are named in a strike")
            return
        chance = rule.chance * _chance(row, label)
        if len(does) == 1:
            chance *= side[does[0]]
        source = row["source"]
        report = Report.of(
            "|".join(row.values()).encode(),
            title=f"VIINA {row['event_id'] or row['event_id_1pd']}: GEO_PRECISION "
            f"{row['GEO_PRECISION'] or 'not given'}",
            source=Source(id=f"viina-{source}", name=f"{source}, by VIINA")
            if source
            else self.source,
            published=self._published or day,
            url=row["url"] or None,
        )
        yield self.claim(
            Rule(predicate=rule.predicate, chance=round(min(chance, 1.0), 4)),
            report,
            subject=actors[0],
            object=actors[1] if len(actors) > 1 else None,
            place=_event_place(row, reading),
            valid=Span.day(day),
            quote=row["text"],
        )


def _event_place(row: Mapping[str, str], reading: Reading) -> PlaceRef:
    point = read_point(row)
    name = row["asciiname"] or row["location"]
    precision = row["GEO_PRECISION"].upper()
    if precision.startswith("ADM") and precision not in _SETTLED:
        names = [row["ADM2_NAME"], row["ADM1_NAME"]] if precision != "ADM1" else [row["ADM1_NAME"]]
        return reading.places.region([n for n in names if n] or [name], point, country=False)
    return reading.places.settlement(name, point, exact=not precision or precision in _SETTLED)


def _chance(row: Mapping[str, str], label: str) -> float:
    """A label's chance; the yes-or-no form where the chance is not given."""
    for column in (label, f"{label}_b"):
        if row[column]:
            return min(max(read_number(row[column], column), 0.0), 1.0)
    return 0.0


class _Control:
    """One reading of a control file."""

    def __init__(
        self, importer: Viina, sheet: Sheet, path: Path, vocabulary: Names, strict: bool
    ) -> None:
        self._every, tables, countries, self._published = importer.options
        self._sheet, self._path, self._strict = sheet, path, strict
        self._vocabulary = vocabulary
        self._crosswalk = Crosswalk(vocabulary, tables, countries=countries)
        self._locator = Locator(vocabulary, scheme="viina", countries=countries)
        own = (vocabulary.find_place(i) for i in vocabulary.own_places)
        self._by_number = {p.geonameid: p for p in own if p is not None and p.geonameid}
        has = set(sheet.columns)
        self._said_by = {c: s for c, s in SOURCES.items() if c in has and c != "status"} or {
            "status": SOURCES["status"]
        }
        self._last: dict[tuple[int, str], tuple[str, date]] = {}
        self._refs: dict[int, PlaceRef] = {}
        self._reports: dict[tuple[str, date], Report] = {}

    def load(self) -> Loaded:
        claims: dict[str, Claim] = {}
        rejected: list[Rejected] = []
        for row in self._sheet.rows:
            why = row.problem
            if why is None:
                try:
                    for claim in self._claims(row):
                        claims[claim.id] = claim
                except BadInput as error:
                    why = error.message
                except MarchlandError as error:
                    why = str(error)
            if why is not None:
                if self._strict:
                    raise BadInput(why, path=self._path, row=row.number)
                rejected.append(Rejected(where=f"{self._path}, row {row.number}", why=why))
        return Loaded(
            claims=tuple(claims.values()),
            places=tuple(self._locator.places.values()),
            rejected=tuple(rejected),
            warnings=(*self._sheet.warnings, *self._crosswalk.warnings()),
        )

    def _claims(self, row: Row) -> Iterator[Claim]:
        cells = dict(zip((*_CONTROL, *_PLACE), map(str.strip, row.cells), strict=True))
        day = read_date(cells["date"].removesuffix(".0"), "date")
        number = int(read_number(cells["geonameid"], "geonameid"))
        for column, source in self._said_by.items():
            status = cells[column].upper()
            if status in ("", "NA", "NAN"):
                continue
            last = self._last.get((number, column))
            if last is not None:
                if day < last[1]:
                    raise BadInput(
                        f"date: {day} of place {number} comes after {last[1]}; sort the file by "
                        "geonameid and date"
                    )
                if status == last[0] and (day - last[1]).days < self._every:
                    continue
            place = self._place(number, cells)
            self._last[number, column] = status, day
            contested = status == _CONTESTED
            yield Claim(
                predicate="contests" if contested else "holds",
                report=self._report(column, source, self._published or day),
                subject=None if contested else self._crosswalk.actor(cells[column]),
                place=place,
                valid=Span.day(day),
                reader="viina/1",
            )

    def _report(self, column: str, source: Source, day: date) -> Report:
        """One report a source and day."""
        if (column, day) not in self._reports:
            self._reports[column, day] = Report.of(
                f"viina control {column} {day}".encode(),
                title=f"VIINA {column}, {day}",
                source=source,
                published=day,
            )
        return self._reports[column, day]

    def _place(self, number: int, cells: Mapping[str, str]) -> PlaceRef:
        if number not in self._refs:
            place: Place | None = self._by_number.get(number)
            place = place or self._vocabulary.find_place(f"gn:{number}")
            if place is not None:
                self._refs[number] = PlaceRef(
                    id=place.id, name=place.name, lat=place.lat, lon=place.lon,
                    geo_precision=place.geo_precision,
                )  # fmt: skip
            elif cells["latitude"] and cells["longitude"]:
                point = read_point(cells)
                self._refs[number] = self._locator.settlement(cells["asciiname"], point, exact=True)
            else:
                raise BadInput(
                    f"geonameid: no place with the number {number} is known; join the file with "
                    "VIINA's places (asciiname, latitude, longitude), or add the place to "
                    "places.csv with its geonameid"
                )
        return self._refs[number]


__all__ = ["RULES", "SOURCES", "Viina"]

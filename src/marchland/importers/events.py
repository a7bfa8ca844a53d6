"""What the importers of event data share: rows in, claims out, rejects with row and reason.

The rule for what an event says of control is each importer's own and stands in its table ``RULES``:
a predicate and a chance, the chance that an event so coded means what the predicate says. The
chance is the claim's ``p_read``, which the control model multiplies a claim's weight with: a clash
in a town moves the odds much less than a report that the town was taken.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar

from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.dates import Span
from marchland.errors import BadInput, MarchlandError, Rejected
from marchland.geo import Point
from marchland.importers.base import Loaded, Names
from marchland.importers.cells import read_number
from marchland.importers.crosswalk import Crosswalk, read_crosswalk, shipped
from marchland.importers.locate import Locator
from marchland.importers.sheets import open_sheet

_FORMATS = ("%Y-%m-%d", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%m/%Y", "%Y%m%d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What an event so coded says.

    Parameters
    ----------
    predicate
        What is claimed.
    chance
        Chance that the event means it.
    """

    predicate: str
    chance: float


@dataclass(slots=True, kw_only=True)
class Reading:
    """One reading of a file: what looks names up, and what was found."""

    actors: Crosswalk
    places: Locator
    passed_over: Counter[str] = field(default_factory=Counter)

    def skip(self, why: str) -> None:
        """Count a row that says nothing of control, alignment or the road."""
        self.passed_over[why] += 1


class EventImporter:
    """Base of the importers of event data.

    Parameters
    ----------
    crosswalk
        A CSV file with the columns ``name,actor``; None for what ships and the vocabulary alone.
    countries
        ISO 3166-1 alpha-2 codes; where names are looked for first.
    published
        A day YYYY-MM-DD on which all of the data set was published; None to take each row's own.
    """

    name: ClassVar[str]
    source: ClassVar[Source]
    columns: ClassVar[tuple[str, ...]]
    """Every column that is read."""
    needed: ClassVar[tuple[str, ...]]

    def __init__(
        self,
        *,
        crosswalk: Path | str | None = None,
        countries: Sequence[str] | str = (),
        published: date | str | None = None,
    ) -> None:
        self._tables = [*([read_crosswalk(crosswalk)] if crosswalk else []), shipped(self.name)]
        self._countries = countries.split(",") if isinstance(countries, str) else tuple(countries)
        self._published = read_date(published, "published") if published else None

    def load(self, path: Path, *, vocabulary: Names, strict: bool = False) -> Loaded:
        """Read a file of events.

        Parameters
        ----------
        strict
            Stop at the first row that can't be used.

        Raises
        ------
        BadInput
            If the file can't be read or lacks a column; with `strict` also at the first bad row.
        """
        path = Path(path)
        sheet = open_sheet(path, self.columns, what=f"{self.name} file", such_as=self.needed)
        missing = [c for c in self.needed if c not in sheet.columns]
        if missing:
            raise BadInput(f"it lacks the columns {', '.join(missing)}", path=path, row=1)
        reading = Reading(
            actors=Crosswalk(vocabulary, self._tables, countries=self._countries),
            places=Locator(vocabulary, scheme=self.name, countries=self._countries),
        )
        claims: dict[str, Claim] = {}
        rejected: list[Rejected] = []
        for row in sheet.rows:
            why = row.problem
            if why is None:
                cells = dict(zip(self.columns, map(str.strip, row.cells), strict=True))
                try:
                    for claim in self.claims(cells, reading):
                        claims[claim.id] = claim
                except BadInput as error:
                    why = error.message
                except MarchlandError as error:
                    why = str(error)
            if why is not None:
                if strict:
                    raise BadInput(why, path=path, row=row.number)
                rejected.append(Rejected(where=f"{path}, row {row.number}", why=why))
        if not claims and not rejected and not reading.passed_over:
            sheet.warnings.append(f"{path}: it has no rows")
        return Loaded(
            claims=tuple(claims.values()),
            places=tuple(reading.places.places.values()),
            rejected=tuple(rejected),
            warnings=(
                *sheet.warnings,
                *reading.actors.warnings(),
                *(
                    f"rows from which nothing is claimed, {why}: {n}"
                    for why, n in reading.passed_over.most_common()
                ),
            ),
        )

    def claims(self, row: Mapping[str, str], reading: Reading) -> Iterator[Claim]:
        """What one row says.

        Raises
        ------
        BadInput
            If it can't be used.
        """
        raise NotImplementedError

    # ---------------------------------------------------------------- for the importers

    def report(self, row: Mapping[str, str], *, title: str, published: date | None) -> Report:
        """The report of a row: its own cells, so that a row read twice is one report."""
        content = json.dumps([self.name, *row.values()], ensure_ascii=True).encode()
        return Report.of(
            content,
            title=title,
            source=self.source,
            published=self._published or published,
        )

    def claim(
        self,
        rule: Rule,
        report: Report,
        *,
        subject: Ref | None,
        object: Ref | None,
        place: PlaceRef,
        valid: Span,
        quote: str = "",
    ) -> Claim:
        """A claim by a rule."""
        return Claim(
            predicate=rule.predicate,
            report=report,
            subject=subject,
            object=object,
            place=place,
            valid=valid,
            quote=quote or None,
            p_read=rule.chance,
            reader=f"{self.name}/1",
        )


def read_date(text: date | str, column: str) -> date:
    """A day in any of the ways event data writes one.

    Raises
    ------
    BadInput
        If it is none.

    Examples
    --------
    >>> read_date("04 June 2017", "event_date"), read_date("2017-06-04 00:00:00.000", "date_start")
    (datetime.date(2017, 6, 4), datetime.date(2017, 6, 4))
    """
    if isinstance(text, date):
        return text
    words = text.strip()
    day = words[:10] if len(words) > 10 and words[4:5] == "-" else words
    for form in _FORMATS:
        try:
            return datetime.strptime(day, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    raise BadInput(f"{column}: {text!r} is no day. Write it as YYYY-MM-DD")


def read_code(text: str, column: str, most: int) -> int:
    """A code from 1 to `most`.

    Raises
    ------
    BadInput
        If it is none.
    """
    whole = text.removesuffix(".0")
    if not whole.isascii() or not whole.isdigit() or not 1 <= int(whole) <= most:
        raise BadInput(f"{column}: {text!r} is no code from 1 to {most}")
    return int(whole)


def read_point(row: Mapping[str, str]) -> Point:
    """The point of the columns ``latitude`` and ``longitude``.

    Raises
    ------
    BadInput
        If one is empty or no number, or they are no point on the globe.
    """
    lat, lon = row["latitude"], row["longitude"]
    if not lat or not lon:
        raise BadInput("latitude, longitude: an event needs both")
    return Point(read_number(lon, "longitude"), read_number(lat, "latitude"))

"""The tidy claims table: one claim a row, columns named as the claim record's fields with dots.

Every column but ``predicate``, a source and somebody or somewhere is optional; their order is free.
An id that the vocabulary knows is used as it is; a new id with a name (and, for a place,
coordinates) becomes the ledger's own; a name without an id is resolved, never guessed. A row that
carries the ``id`` of an exported claim is taken to the letter.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from marchland.claims import Claim
from marchland.collecting import uncollected
from marchland.errors import BadInput, MarchlandError, Rejected
from marchland.importers.base import Loaded, Names
from marchland.importers.claim_rows import COLUMNS, RowReader
from marchland.importers.sheets import Row, Sheet, open_sheet

__all__ = ["COLUMNS", "ClaimsTable"]

_ID = re.compile(r"^c:[0-9a-f]{16}$")
_SOMEBODY = ("subject", "object", "place", "speaker")


class ClaimsTable:
    """Reads the tidy claims table: CSV, JSON Lines or Parquet.

    Parameters
    ----------
    countries
        ISO 3166-1 alpha-2 codes; where a name without an id is looked for first.
    """

    def __init__(self, *, countries: Sequence[str] = ()) -> None:
        self._countries = tuple(countries)

    def load(self, path: Path, *, vocabulary: Names, strict: bool = False) -> Loaded:
        """Read a table.

        Rows that say the same twice give one claim.

        Parameters
        ----------
        strict
            Stop at the first row that can't be used.

        Raises
        ------
        BadInput
            If the file can't be read at all or lacks a column; with `strict` also at the first
            bad row.
        MissingExtra
            If it is Parquet and what reads that is not installed.
        """
        with uncollected():
            return self._load(Path(path), vocabulary, strict=strict)

    def _load(self, path: Path, vocabulary: Names, *, strict: bool) -> Loaded:
        found = self._read(path, vocabulary)
        places, actors = found.reader.places, found.reader.actors
        if (found.reader.unresolved or found.bad) and (places or actors):
            # A name may be that of an actor or place which a later row brings.
            known = vocabulary.extended(actors=actors.values(), places=places.values())
            first, found = found, self._read(path, known)
            places, actors = places | found.reader.places, actors | found.reader.actors
            found.reader.warnings[:0] = first.reader.warnings
        if strict and found.bad:
            raise BadInput(found.bad[0][1], path=path, row=found.bad[0][0])
        return Loaded(
            claims=tuple(found.claims.values()),
            places=tuple(places.values()),
            actors=tuple(actors.values()),
            rejected=tuple(Rejected(where=f"{path}, row {n}", why=why) for n, why in found.bad),
            warnings=tuple(_warnings(found, path)),
        )

    def _read(self, path: Path, vocabulary: Names) -> "_Found":
        sheet = open_sheet(path, COLUMNS)
        _require_columns(sheet, path)
        found = _Found(
            sheet=sheet,
            reader=RowReader(vocabulary, title=path.name, countries=self._countries),
        )
        try:
            for row in sheet.rows:
                if row.problem is None:
                    found.take(row)
                else:
                    found.bad.append((row.number, row.problem))
        except UnicodeError as error:
            raise BadInput(
                f"its encoding breaks off: {error}. Save it as UTF-8", path=path
            ) from None
        return found


@dataclass(slots=True, kw_only=True)
class _Found:
    """What was found so far in one reading of a table."""

    sheet: Sheet
    reader: RowReader
    claims: dict[str, Claim] = field(default_factory=dict)
    bad: list[tuple[int, str]] = field(default_factory=list)
    repeated: int = 0
    changed: int = 0

    def take(self, row: Row) -> None:
        try:
            claim = self.reader.claim(row.cells)
        except BadInput as error:
            self.bad.append((row.number, error.message))
            return
        except MarchlandError as error:
            self.bad.append((row.number, str(error)))
            return
        told = row.cells[0]
        if told and told != claim.id and _ID.match(told):
            self.changed += 1
        if claim.id in self.claims:
            self.repeated += 1
        else:
            self.claims[claim.id] = claim


def _warnings(found: _Found, path: Path) -> Iterator[str]:
    yield from found.sheet.warnings
    yield from found.reader.warnings
    if found.sheet.unknown:
        yield f"{path}: nothing was read from unknown columns: {', '.join(found.sheet.unknown)}"
    if "report.published" not in found.sheet.columns:
        yield (
            f"{path}: without a column report.published its claims are undated, and no answer as "
            "of a day will use them"
        )
    if found.repeated:
        yield f"{path}: rows that repeat an earlier one: {found.repeated}; each counts once"
    if found.changed:
        yield (
            f"{path}: rows that say something else than the claim whose id they carry: "
            f"{found.changed}; they are taken as new claims"
        )
    if not found.claims and not found.bad:
        yield f"{path}: it has no rows"


def _require_columns(sheet: Sheet, path: Path) -> None:
    has = set(sheet.columns)
    missing = [] if "predicate" in has else ["predicate"]
    if not has & {"source.id", "source.name"}:
        missing.append("source.id (or source.name)")
    if not any(f"{who}.{what}" in has for who in _SOMEBODY for what in ("id", "name")):
        missing.append("subject.id or place.id")
    if missing:
        raise BadInput(
            f"it lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}; it has "
            f"{', '.join([*sheet.columns, *sheet.unknown])}",
            path=path,
            row=1,
        )

"""Files of rows and columns: CSV in any dress, JSON Lines, Parquet; row by row, never all at once.

Rows come with their number in the file, counted from 1; a CSV's header is row 1. Every cell comes
as text, an empty one as ``""``.
"""

import csv
import importlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from marchland.errors import BadInput, MissingExtra
from marchland.importers.encodings import encoding_of

_DELIMITERS = (",", ";", "\t", "|")
_JSON = (".jsonl", ".ndjson", ".json")
_PARQUET_MARK = b"PAR1"
_FOREIGN = (
    (b"PK\x03\x04", "a spreadsheet or a zip archive. Save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet. Save it as CSV"),
    (b"\x1f\x8b", "packed with gzip. Unpack it first: gunzip FILE"),
    (b"%PDF", "a pdf. Save its table as CSV, or read it: marchland read FILE"),
    (b"SQLite format 3", "a database. Export the table from it as CSV"),
)
_HEAD = 8192
_ROWS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row.

    Parameters
    ----------
    cells
        One for each wanted column; empty where the file has none.
    problem
        Why the row can't be used; None where it can.
    """

    number: int
    cells: Sequence[str]
    problem: str | None = None


@dataclass(slots=True, kw_only=True)
class Sheet:
    """A file of rows.

    Parameters
    ----------
    columns
        Names of its columns that are wanted.
    unknown
        Names of its columns that are not; complete when all rows have been read.
    rows
        May be read once.
    """

    columns: tuple[str, ...]
    unknown: dict[str, None]
    rows: Iterator[Row]
    warnings: list[str]


_SUCH_AS = (
    *("predicate", "subject.id", "place.id", "valid.start", "source.id", "report.published"),
)


def open_sheet(
    path: Path,
    wanted: Sequence[str],
    *,
    what: str = "claims table",
    such_as: Sequence[str] = _SUCH_AS,
) -> Sheet:
    """Open a table by what it contains, whatever it is called.

    Parameters
    ----------
    wanted
        Names of columns, in the order in which cells shall come.
    what, such_as
        What kind of table it should be, and columns of one, for the message where it is none.

    Raises
    ------
    BadInput
        If it is no such file, is empty, or has none of these columns.
    MissingExtra
        If it is Parquet and what reads that is not installed.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if not head.strip():
            raise BadInput("it is empty", path=path)
        if head.startswith(_PARQUET_MARK):
            return _parquet(path, wanted, what)
        for mark, foreign in _FOREIGN:
            if head.startswith(mark):
                raise BadInput(f"it is {foreign}", path=path)
        encoding, warning = encoding_of(path, head)
        warnings = [] if warning is None else [warning]
        if path.suffix.casefold() in _JSON:
            return _json(path, encoding, wanted, warnings)
        return _csv(path, encoding, wanted, warnings, (what, such_as))
    except FileNotFoundError:
        raise BadInput("there is no such file", path=path) from None
    except IsADirectoryError:
        raise BadInput("it is a folder. Give the file in it", path=path) from None
    except OSError as error:
        raise BadInput(f"it can't be read: {error.strerror or error}", path=path) from error


# ---------------------------------------------------------------- CSV


def _csv(
    path: Path,
    encoding: str,
    wanted: Sequence[str],
    warnings: list[str],
    kind: tuple[str, Sequence[str]],
) -> Sheet:
    with path.open(encoding=encoding, newline="") as file:
        delimiter, header = _header(file, path, wanted, kind)
    if delimiter != ",":
        shown = {"\t": "a tab"}.get(delimiter, repr(delimiter))
        warnings.append(f"{path}: its columns are taken to be separated by {shown}")
    known = set(wanted)
    doubled = {c for c in header if c in known and header.count(c) > 1}
    if doubled:
        raise BadInput(f"it has two columns called {_listed(doubled)}", path=path, row=1)
    return Sheet(
        columns=tuple(c for c in header if c in known),
        unknown={c or "(without a name)": None for c in header if c not in known},
        rows=_csv_rows(path, encoding, delimiter, header, wanted),
        warnings=warnings,
    )


def _header(
    file: TextIO, path: Path, wanted: Sequence[str], kind: tuple[str, Sequence[str]]
) -> tuple[str, list[str]]:
    """The delimiter that makes most known columns of the first line, and those columns."""
    line = file.readline(1 << 20)
    best: tuple[int, str, list[str]] = (0, ",", [])
    for delimiter in _DELIMITERS:
        try:
            header = [c.strip() for c in next(csv.reader([line], delimiter=delimiter), [])]
        except csv.Error:
            continue
        known = len(set(header) & set(wanted))
        if known > best[0]:
            best = known, delimiter, header
    if best[0] == 0:
        seen = " ".join(line.split())[:80]
        raise BadInput(
            f"its first line ({seen!r}) names no column of the {kind[0]}. It needs a header "
            f"such as: {', '.join(kind[1])}",
            path=path,
            row=1,
        )
    return best[1], best[2]


def _csv_rows(
    path: Path, encoding: str, delimiter: str, header: Sequence[str], wanted: Sequence[str]
) -> Iterator[Row]:
    width = len(header)
    # A cell past the row's end stands for a column that the file has not.
    places = [header.index(c) if c in header else width for c in wanted]
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        next(reader)
        number = 1
        while True:
            number += 1
            try:
                read = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(number=number, cells=(), problem=f"it can't be read as CSV: {error}")
                continue
            if len(read) != width:
                if not read:
                    continue
                problem = (
                    f"it has {len(read)} cells and the header {width}; is a quotation mark or a "
                    f"{'tab' if delimiter == chr(9) else delimiter!r} missing or too many?"
                )
                yield Row(number=number, cells=(), problem=problem)
                continue
            read.append("")
            yield Row(number=number, cells=[read[i] for i in places])


# ---------------------------------------------------------------- JSON


def _json(path: Path, encoding: str, wanted: Sequence[str], warnings: list[str]) -> Sheet:
    unknown: dict[str, None] = {}
    return Sheet(
        columns=tuple(wanted),
        unknown=unknown,
        rows=_records(_json_records(path, encoding), wanted, unknown),
        warnings=warnings,
    )


def _json_records(path: Path, encoding: str) -> Iterator[tuple[int, Any]]:
    """Records with their line; a whole file may also be one JSON list, as ``--json`` prints it."""
    with path.open(encoding=encoding) as file:
        if file.read(1) == "[":
            file.seek(0)
            try:
                yield from enumerate(json.load(file), start=1)
            except ValueError as error:
                raise BadInput(f"it is no JSON: {error}", path=path) from None
            return
        file.seek(0)
        for number, line in enumerate(file, start=1):
            if line.strip():
                try:
                    yield number, json.loads(line)
                except ValueError as error:
                    yield number, error


def _records(
    records: Iterable[tuple[int, Any]], wanted: Sequence[str], unknown: dict[str, None]
) -> Iterator[Row]:
    places = {c: i for i, c in enumerate(wanted)}
    empty = [""] * len(places)
    for number, record in records:
        if not isinstance(record, Mapping):
            why = (
                f"it is no JSON: {record}" if isinstance(record, ValueError) else "it is no object"
            )
            yield Row(number=number, cells=(), problem=why)
            continue
        cells = empty.copy()
        for name, value in _flat(record, ""):
            if name in places:
                cells[places[name]] = value
            elif value:
                unknown[name] = None
        yield Row(number=number, cells=cells)


def _flat(record: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return "" if value != value else repr(value)  # NaN is how frames say "none"
    return str(value)


# ---------------------------------------------------------------- Parquet


def _parquet(path: Path, wanted: Sequence[str], what: str) -> Sheet:
    try:
        parquet = importlib.import_module("pyarrow.parquet")
        arrow = importlib.import_module("pyarrow")
    except ModuleNotFoundError:
        raise MissingExtra("lake", "Reading Parquet") from None
    try:
        file = parquet.ParquetFile(path)
    except (arrow.ArrowException, OSError) as error:
        raise BadInput(f"it is no whole Parquet file: {error}", path=path) from None
    known, names = set(wanted), list(file.schema_arrow.names)

    def records() -> Iterator[tuple[int, Any]]:
        number = 0
        try:
            for batch in file.iter_batches(batch_size=_ROWS):
                for record in batch.to_pylist():
                    number += 1
                    yield number, record
        except (arrow.ArrowException, OSError) as error:
            raise BadInput(f"it is damaged: {error}", path=path, row=number + 1) from None
        finally:
            file.close()

    unknown: dict[str, None] = {}
    nested = {n.partition(".")[0] for n in known}
    if not any(n in known or n in nested for n in names):
        raise BadInput(f"it has no column of the {what}: {_listed(names)}", path=path)
    return Sheet(
        columns=tuple(wanted),
        unknown=unknown,
        rows=_records(records(), wanted, unknown),
        warnings=[],
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)[:20]) or "(none)"

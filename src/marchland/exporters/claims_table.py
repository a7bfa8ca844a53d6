"""Claims to the tidy table, whose columns `marchland.importers` reads back to the same claims.

CSV and Parquet have one column for each field of the record, named with dots; JSON Lines has the
records themselves.
"""

import csv
import importlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from marchland.claims import Claim
from marchland.errors import BadInput, MissingExtra
from marchland.exporters.files import whole_file
from marchland.importers.claims_table import COLUMNS

_BATCH = 20_000
_NUMBERS = {"place.lat": "double", "place.lon": "double", "p_read": "double"}
_COUNTS = ("begin", "end")


def write(claims: Iterable[Claim], path: Path | str) -> int:
    """Write claims to a file, its kind told by its ending: .csv, .tsv, .jsonl or .parquet.

    Parameters
    ----------
    claims
        Written as they come.

    Returns
    -------
        How many were written.

    Raises
    ------
    BadInput
        If the ending is none of these, or the file can't be written.
    MissingExtra
        If it is Parquet and what writes that is not installed.
    """
    path = Path(path)
    kind = path.suffix.casefold()
    if kind not in _WRITERS:
        raise BadInput(f"can't tell what to write; end it in {', '.join(_WRITERS)}", path=path)
    try:
        with whole_file(path) as made:
            return _WRITERS[kind](claims, made)
    except UnicodeEncodeError:
        raise BadInput(
            "a claim has half a character (a lone surrogate), which only JSON Lines can carry. "
            "Write a .jsonl",
            path=path,
        ) from None


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """A claim record with one level: ``{"subject.id": ...}``."""
    found: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, Mapping):
            found.update({f"{name}.{k}": v for k, v in value.items()})
        else:
            found[name] = value
    return found


def _csv(claims: Iterable[Claim], path: Path, *, delimiter: str = ",") -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(COLUMNS)
        for claim in claims:
            record = flat(claim.to_json())
            writer.writerow([record.get(c) for c in COLUMNS])
            count += 1
    return count


def _tsv(claims: Iterable[Claim], path: Path) -> int:
    return _csv(claims, path, delimiter="\t")


def _jsonl(claims: Iterable[Claim], path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for claim in claims:
            line = json.dumps(claim.to_json(), ensure_ascii=False)
            if not line.isprintable() and _has_surrogate(line):
                line = json.dumps(claim.to_json())
            file.write(line + "\n")
            count += 1
    return count


def _has_surrogate(line: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in line)


def _parquet(claims: Iterable[Claim], path: Path) -> int:
    try:
        arrow = importlib.import_module("pyarrow")
        parquet = importlib.import_module("pyarrow.parquet")
    except ModuleNotFoundError:
        raise MissingExtra("lake", "Writing Parquet") from None
    kinds = {**_NUMBERS, **dict.fromkeys(_COUNTS, "int64")}
    schema = arrow.schema([(c, kinds.get(c, "string")) for c in COLUMNS])
    count = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(claims):
            records = [flat(c.to_json()) for c in batch]
            columns = {c: [r.get(c) for r in records] for c in COLUMNS}
            writer.write_table(arrow.table(columns, schema=schema))
            count += len(batch)
    return count


def _batches(claims: Iterable[Claim]) -> Iterator[list[Claim]]:
    remaining = iter(claims)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


_WRITERS: Mapping[str, Callable[[Iterable[Claim], Path], int]] = {
    ".csv": _csv,
    ".tsv": _tsv,
    ".jsonl": _jsonl,
    ".parquet": _parquet,
}

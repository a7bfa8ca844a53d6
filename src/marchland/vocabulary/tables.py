"""Vocabulary tables read and written: places.csv, areas.csv, actors.csv.

A row that can't be used is an error that names the file and row; nothing is skipped in silence.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from marchland.errors import BadInput
from marchland.vocabulary.model import Actor, Place

_REQUIRED = ("id", "name")


def read_places(file: Path | Traversable) -> list[Place]:
    """Settlements, crossings and facilities.

    Raises
    ------
    BadInput
        If a row lacks an id, a name or a usable number.
    """
    places = []
    for number, row in _rows(file):
        lat, lon = (_number(row, k, file, number) for k in ("lat", "lon"))
        if (lat is None) != (lon is None):
            raise BadInput("has only one of lat and lon", path=str(file), row=number)
        if lat is not None and lon is not None and not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise BadInput(f"lat {lat}, lon {lon} is no point", path=str(file), row=number)
        people, geoname = (_number(row, k, file, number) for k in ("population", "geonameid"))
        places.append(
            Place(
                id=row["id"],
                name=row["name"],
                aliases=_list(row.get("aliases")),
                kind=row.get("kind") or "town",
                country=row.get("country") or None,
                admin1=row.get("admin1") or None,
                lat=lat,
                lon=lon,
                population=None if people is None else int(people),
                geonameid=None if geoname is None else int(geoname),
                other_side=row.get("other_side") or None,
                coord_confidence=row.get("coord_confidence") or "high",
                note=row.get("note") or "",
            )
        )
    return places


def read_areas(file: Path | Traversable) -> list[Place]:
    """Areas: places made of other places."""
    return [
        Place(
            id=row["id"],
            name=row["name"],
            aliases=_list(row.get("aliases")),
            kind=row.get("kind") or "area",
            country=row.get("country") or None,
            lat=_number(row, "lat", file, number),
            lon=_number(row, "lon", file, number),
            members=_list(row.get("members")),
            note=row.get("note") or "",
        )
        for number, row in _rows(file)
    ]


def read_actors(file: Path | Traversable) -> list[Actor]:
    """Actors."""
    return [
        Actor(
            id=row["id"],
            name=row["name"],
            aliases=_list(row.get("aliases")),
            kind=row.get("kind") or "organisation",
            country=row.get("country") or None,
            part_of=row.get("part_of") or None,
            note=row.get("note") or "",
        )
        for _, row in _rows(file)
    ]


def _rows(file: Path | Traversable) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"can't be read as UTF-8: {error}", path=str(file)) from error
    reader = csv.DictReader(io.StringIO(text))
    missing = [c for c in _REQUIRED if c not in (reader.fieldnames or ())]
    if missing:
        raise BadInput(f"lacks the column {', '.join(missing)}", path=str(file), row=1)
    for number, row in enumerate(reader, start=2):
        stripped = {k: (v or "").strip() for k, v in row.items() if k is not None}
        for column in _REQUIRED:
            if not stripped[column]:
                raise BadInput(f"has no {column}", path=str(file), row=number)
        yield number, stripped


def _list(cell: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.strip() for p in (cell or "").split(";") if p.strip()))


def _number(
    row: Mapping[str, str], column: str, file: Path | Traversable, number: int
) -> float | None:
    cell = row.get(column)
    if not cell:
        return None
    try:
        return float(cell)
    except ValueError:
        raise BadInput(f"{column} {cell!r} is no number", path=str(file), row=number) from None

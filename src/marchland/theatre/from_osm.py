"""A theatre's roads taken from an OpenStreetMap extract."""

import csv
from pathlib import Path

from marchland.corridor.osm import OsmRoads, read_osm
from marchland.errors import BadInput
from marchland.roads.crossings import write_facts
from marchland.theatre.folder import CROSSINGS, SETTINGS, require_folder
from marchland.vocabulary import Vocabulary

_LINK_COLUMNS = ["id", "from", "to", "mode", "name", "road_class", "km", "hours", "border", "note"]


def roads_from_osm(folder: Path, extract: Path) -> OsmRoads:
    """Write the roads of an extract between a theatre's own places into its folder.

    roads.csv is written over; border posts on the roads are added to places.csv, and their opening
    hours, where the map has them, are written to crossings.csv if there is none. The data are under
    the Open Database License: say so wherever they are shown.

    Raises
    ------
    BadInput
        If the folder is no theatre, its roads.csv has links already, or a file can't be read or
        written.
    MissingExtra
        If pyosmium is not installed.
    """
    require_folder(folder)
    table = folder / "roads.csv"
    if table.is_file() and len(table.read_text(encoding="utf-8-sig").strip().splitlines()) > 1:
        raise BadInput("has links already; an extract would write over them", path=table)
    own = Vocabulary.load(folder)
    places = [p for i in own.own_places if (p := own.find_place(i)) is not None]
    found = read_osm(extract, places)
    try:
        _add_crossings(folder / "places.csv", found)
        with table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, _LINK_COLUMNS)
            writer.writeheader()
            for x in found.links:
                writer.writerow(
                    {"id": x.id, "from": x.start, "to": x.end, "mode": x.mode, "name": x.name,
                     "road_class": x.road_class, "km": x.km, "hours": x.hours,
                     "border": "yes" if x.border else "no", "note": x.note}
                )  # fmt: skip
        if found.facts and not (folder / CROSSINGS).exists():
            write_facts(folder / CROSSINGS, found.facts)
    except OSError as error:
        raise BadInput(f"can't be written: {error.strerror}", path=folder / SETTINGS) from error
    return found


def _add_crossings(table: Path, found: OsmRoads) -> None:
    with table.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns = list(reader.fieldnames or ())
        known = {row["id"] for row in reader}
    with table.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", restval="")
        for place in found.crossings:
            if place.id not in known:
                row = {name: getattr(place, name, None) for name in columns}
                row["aliases"] = ";".join(place.aliases)
                writer.writerow({k: "" if v is None else v for k, v in row.items()})

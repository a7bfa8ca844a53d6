"""Where theatres are found, and how a new one is made.

A theatre is a folder: theatre.toml, places.csv, areas.csv, actors.csv, roads.csv, crossings.csv,
facts.csv, reports/ and ledger.sqlite. A sample is such a folder inside the package; its ledger is
made in the user's cache when it is first opened, since the package itself may be read-only.
"""

import csv
import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import platformdirs

from marchland import __version__
from marchland.errors import BadInput, UnknownName
from marchland.vocabulary import Place, Vocabulary

CROSSINGS = "crossings.csv"
TABLES = ("places.csv", "areas.csv", "actors.csv", "roads.csv", CROSSINGS, "facts.csv")
LEDGER = "ledger.sqlite"
SETTINGS = "theatre.toml"
_PLACE_COLUMNS = (
    *("id", "name", "aliases", "kind", "country", "admin1", "lat", "lon", "population"),
    *("geonameid", "other_side", "coord_confidence", "note"),
)


def samples() -> list[str]:
    """Names of the samples that come with the package."""
    root = files("marchland.samples")
    return sorted(p.name for p in root.iterdir() if (p / SETTINGS).is_file())


def sample_folder(name: str) -> Path:
    """The folder of a sample.

    Raises
    ------
    UnknownName
        If there is no such sample.
    """
    if name not in samples():
        raise UnknownName(name, samples(), what="sample")
    return Path(str(files("marchland.samples") / name))


def sample_ledger(name: str) -> Path:
    """Where a sample's ledger is kept: one per sample and way of reading it, byte for byte."""
    digest = hashlib.sha256(__version__.encode())
    room = Path(str(files("marchland.reading")))
    for file in (*sorted(sample_folder(name).rglob("*")), *sorted(room.rglob("*"))):
        if file.is_file() and file.suffix != ".pyc":
            digest.update(file.name.encode() + file.read_bytes())
    cache = Path(platformdirs.user_cache_dir("marchland"))
    return cache / f"{name}-{digest.hexdigest()[:12]}" / LEDGER


def require_folder(folder: Path) -> Path:
    """The folder, if it is a theatre.

    Raises
    ------
    BadInput
        If it is none; the message says how to make one.
    """
    if not (folder / SETTINGS).is_file():
        raise BadInput(
            f"is no theatre (it has no {SETTINGS}). Make one with `marchland new FOLDER --like "
            "sample:levant`, or use the sample itself with `-t sample:levant`",
            path=str(folder),
        )
    return folder


def make_like(folder: Path, model: Path) -> None:
    """Make a theatre with another's places, actors, roads, facts and settings; no reports.

    Raises
    ------
    BadInput
        If the model is no theatre, or the folder is one already or can't be written.
    """
    require_folder(model)
    _start(folder)
    with _writing(folder):
        for name in (SETTINGS, *TABLES):
            if (model / name).is_file():
                shutil.copyfile(model / name, folder / name)


def make_for_countries(folder: Path, countries: Sequence[str], *, min_population: int) -> int:
    """Make a theatre of some countries, its places cut from the worldwide gazetteer.

    Parameters
    ----------
    countries
        ISO 3166-1 alpha-2 codes.
    min_population
        Settlements with fewer people are left to the gazetteer.

    Returns
    -------
        How many places it has.

    Raises
    ------
    BadInput
        If a code is no country's, or the folder is already a theatre or can't be written.
    """
    base = Vocabulary.load(None)
    known = {p.country for p in base.places.values() if p.kind == "country"}
    codes = [c.strip().upper() for c in countries if c.strip()]
    if not codes or any(c not in known for c in codes):
        wrong = ", ".join(c for c in codes if c not in known) or "(none)"
        raise BadInput(f"no country has the code {wrong}; use ISO 3166 codes such as SY,IQ")
    places = base.gazetteer_places(codes, min_population=min_population)
    _start(folder)
    name = json.dumps(folder.resolve().name, ensure_ascii=False)
    listed = ", ".join(f'"{c}"' for c in codes)
    with _writing(folder):
        with (folder / "places.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, _PLACE_COLUMNS)
            writer.writeheader()
            writer.writerows(_place_row(p) for p in places)
        (folder / "actors.csv").write_text("id,name,aliases,kind,country,part_of,note\n", "utf-8")
        (folder / "areas.csv").write_text("id,name,aliases,kind,country,members,note\n", "utf-8")
        (folder / "roads.csv").write_text(
            "id,from,to,mode,name,road_class,km,hours,border,note\n", "utf-8"
        )
        (folder / SETTINGS).write_text(
            f"[theatre]\nname = {name}\ntitle = {name}\ncountries = [{listed}]\n", "utf-8"
        )
    return len(places)


def _start(folder: Path) -> None:
    if (folder / SETTINGS).exists():
        raise BadInput("is a theatre already; choose another folder", path=str(folder))
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "reports").mkdir(exist_ok=True)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadInput(f"can't be written: {error.strerror}", path=str(folder)) from error


def _place_row(place: Place) -> dict[str, object]:
    row: dict[str, object] = {name: getattr(place, name, "") for name in _PLACE_COLUMNS}
    row["aliases"] = ";".join(place.aliases)
    return {k: "" if v is None else v for k, v in row.items()}

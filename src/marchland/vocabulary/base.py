"""The worldwide base: states and countries, regions, rivers, big organisations, predicates.

Everything here is a table under ``data/``; adding an actor is a line in one of them. A theatre's
own tables come over it and win.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from marchland.vocabulary.fold import fold
from marchland.vocabulary.model import Actor, Place, Predicate
from marchland.vocabulary.tables import read_actors, read_areas

_DATA = files("marchland.vocabulary") / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as the text matcher looks for it.

    Parameters
    ----------
    what
        ``actor`` or ``place``.
    role
        ``name``; ``demonym`` (Iraqi) or ``capital`` (Baghdad, for the government).
    own
        Whether the theatre itself brings it.
    """

    text: str
    key: str
    what: str
    id: str
    role: str = "name"
    own: bool = False


@cache
def actors() -> tuple[Actor, ...]:
    """States, organisations, armed groups, outlets and persons in public roles."""
    return (*(_state(row) for row in _states() if row["id"]), *read_actors(_DATA / "actors.csv"))


@cache
def places() -> tuple[Place, ...]:
    """Countries, then regions, straits, seas and rivers known far beyond them."""
    return (*(_country(row) for row in _states()), *read_areas(_DATA / "regions.csv"))


@cache
def names() -> tuple[Name, ...]:
    """Demonyms and capitals as weaker names of the states."""
    return tuple(
        Name(text=word, key=fold(word), what="actor", id=row["id"], role=role)
        for row in _states()
        if row["id"]
        for role, column in (("demonym", "demonyms"), ("capital", "capital"))
        for word in _split(row[column])
    )


@cache
def predicates() -> Mapping[str, Predicate]:
    """What a claim may say, by id."""
    table = yaml.safe_load((_DATA / "predicates.yaml").read_text("utf-8"))
    return {
        name: Predicate(
            id=name,
            kind=row["kind"],
            definition=row["definition"],
            symmetric=bool(row.get("symmetric", False)),
            example=row.get("example", ""),
            crosswalk=tuple(
                (scheme, tuple(str(c) for c in codes))
                for scheme, codes in (row.get("crosswalk") or {}).items()
            ),
        )
        for name, row in table.items()
    }


@cache
def _states() -> tuple[Mapping[str, str], ...]:
    text = (_DATA / "states.csv").read_text("utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


def _state(row: Mapping[str, str]) -> Actor:
    return Actor(
        id=row["id"],
        name=row["name"],
        aliases=(*_split(row["aliases"]), *_governments(row)),
        kind="state",
        country=row["country"],
    )


def _country(row: Mapping[str, str]) -> Place:
    return Place(
        id=f"country:{row['country']}",
        name=row["name"],
        aliases=tuple(_split(row["aliases"])),
        kind="country",
        country=row["country"],
        lat=float(row["lat"]) if row["lat"] else None,
        lon=float(row["lon"]) if row["lon"] else None,
    )


def _governments(row: Mapping[str, str]) -> Iterator[str]:
    yield f"{row['name']} government"
    yield f"Government of {row['name']}"
    for demonym in _split(row["demonyms"]):
        for word in ("government", "authorities", "state", "regime"):
            yield f"{demonym} {word}"


def _split(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]

"""theatre.toml read into frozen settings; nothing is set anywhere else.

The environment is asked for one thing only, the ledger's URL (``MARCHLAND_DATABASE``), because it
may carry a password.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from marchland.control import ControlSettings
from marchland.corridor import CorridorSettings
from marchland.dates import Span
from marchland.errors import BadInput

_READER = "learned"
_TABLES = {"theatre", "corridor", "ledger", "reading", "reader", "sources"}
_KEYS = {"name", "title", "description", "period", "countries"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The corridor a theatre asks about by default: place and actor names or ids."""

    origin: str
    destination: str
    via: tuple[str, ...] = ()
    traveller: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What theatre.toml says.

    Parameters
    ----------
    name, title, description
        How the theatre is called.
    countries
        ISO 3166-1 alpha-2 codes that an ambiguous place name is looked for in first.
    period
        The days the theatre is about; None when it is left to the claims.
    route
        The default corridor question.
    corridor
        How corridors are judged: ground, permissive actors, costs.
    control
        How control is inferred: the Admiralty letters of ``[sources]``.
    ledger_url
        Where the ledger is, when not in the theatre's own folder.
    language_model
        The spaCy model that the reader uses; None for the default.
    readers
        Settings of readers by their names, from ``[reader.NAME]``.
    reader
        Name of the reader of its reports, behind the plugin door.
    """

    name: str
    title: str
    description: str = ""
    countries: tuple[str, ...] = ()
    period: Span | None = None
    route: Route | None = None
    corridor: CorridorSettings = field(default_factory=CorridorSettings)
    control: ControlSettings = field(default_factory=ControlSettings)
    ledger_url: str | None = None
    language_model: str | None = None
    readers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reader: str = _READER


def read_settings(file: Path | Traversable) -> Settings:
    """Read theatre.toml.

    Raises
    ------
    BadInput
        If it is no TOML, or a key is unknown or of the wrong kind.
    """
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"is no valid TOML: {error}", path=str(file)) from error
    head = _table(table, "theatre", file)
    unknown = (set(table) - _TABLES) | (set(head) - _KEYS)
    if unknown:
        raise BadInput(
            f"unknown setting {', '.join(sorted(unknown))}; known tables are "
            f"{', '.join(sorted(_TABLES))}, known keys of [theatre] are {', '.join(sorted(_KEYS))}",
            path=str(file),
        )
    _require_kinds(head, file)
    corridor = dict(_table(table, "corridor", file))
    route = _route(corridor, file)
    period = head.get("period")
    return Settings(
        name=str(head.get("name") or Path(str(file)).parent.name),
        title=str(head.get("title") or head.get("name") or ""),
        description=str(head.get("description") or ""),
        countries=tuple(head.get("countries") or ()),
        period=Span.parse(period) if period else None,
        route=route,
        corridor=CorridorSettings.from_mapping(corridor),
        control=_control(table, file),
        ledger_url=_table(table, "ledger", file).get("url"),
        language_model=_table(table, "reading", file).get("model"),
        readers={
            name: _table(_table(table, "reader", file), name, file)
            for name in _table(table, "reader", file)
        },
        reader=_reader(table, file),
    )


def _reader(table: Mapping[str, Any], file: Path | Traversable) -> str:
    name = _table(table, "reading", file).get("reader", _READER)
    if not isinstance(name, str):
        raise BadInput("reader of [reading] must be a name in quotes", path=str(file))
    return name


def _control(table: Mapping[str, Any], file: Path | Traversable) -> ControlSettings:
    graded = _table(table, "sources", file)
    if not all(isinstance(letter, str) for letter in graded.values()):
        raise BadInput('[sources] grades sources so: the-daily = "B"', path=str(file))
    try:
        return ControlSettings(graded=dict(graded))
    except BadInput as error:
        raise BadInput(f"[sources]: {error}", path=str(file)) from error


def _table(table: Mapping[str, Any], name: str, file: Path | Traversable) -> Mapping[str, Any]:
    value = table.get(name, {})
    if not isinstance(value, Mapping):
        raise BadInput(f"[{name}] must be a table", path=str(file))
    return value


def _require_kinds(head: Mapping[str, Any], file: Path | Traversable) -> None:
    for key in ("name", "title", "description", "period"):
        if not isinstance(head.get(key, ""), str):
            raise BadInput(f"{key} of [theatre] must be text in quotes", path=str(file))
    countries = head.get("countries", [])
    if not isinstance(countries, list) or not all(isinstance(c, str) for c in countries):
        raise BadInput('countries of [theatre] must be a list such as ["SY", "IQ"]', path=str(file))


def _route(corridor: dict[str, Any], file: Path | Traversable) -> Route | None:
    """Take the default question out of the [corridor] table."""
    origin, destination = corridor.pop("origin", None), corridor.pop("destination", None)
    via, traveller = corridor.pop("via", ()), corridor.pop("traveller", None)
    ends = (origin, destination, traveller, *(via if isinstance(via, list | tuple) else (via,)))
    if not all(end is None or isinstance(end, str) for end in ends):
        raise BadInput("[corridor] names places and actors in quotes", path=str(file))
    if origin is None and destination is None:
        return None
    if origin is None or destination is None:
        raise BadInput("[corridor] needs both origin and destination", path=str(file))
    return Route(
        origin=origin,
        destination=destination,
        via=(via,) if isinstance(via, str) else tuple(via),
        traveller=traveller,
    )

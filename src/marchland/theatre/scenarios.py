"""Scenarios: a corridor question with its assumptions in a small file with a name.

A scenario is kept in the theatre's folder, under ``scenarios/NAME.toml``, and asked again whenever
the ledger has grown. What it leaves out is the theatre's own, and its as-of day, if left out, is
that of the latest report.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Self

from marchland.dates import parse_day
from marchland.errors import BadInput, UnknownName

FOLDER = "scenarios"
_NAME = re.compile(r"\w[\w .-]{0,79}")
_TEXTS = ("title", "note", "origin", "destination", "traveller", "ground", "on", "then", "as_of")
_LISTS = ("via", "avoid")
_BRIEFS = ("places", "alignment")
"""What only a brief asks of such a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A corridor question with its assumptions, by names as one would type them.

    Parameters
    ----------
    name
        What it is called: its file's name without the ending.
    on, then, as_of
        Days; `then` is an earlier day to set beside the first. None where the question leaves it to
        whoever asks.
    given
        Assumptions, as ``given=`` takes them.

    Raises
    ------
    BadInput
        If the name can't be a file's, or a day is none.
    """

    name: str
    title: str = ""
    note: str = ""
    origin: str | None = None
    destination: str | None = None
    via: tuple[str, ...] | None = None
    avoid: tuple[str, ...] = ()
    traveller: str | None = None
    ground: str | None = None
    on: date | None = None
    then: date | None = None
    as_of: date | None = None
    given: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise BadInput(
                f"{self.name!r} can't name a scenario; use letters, digits, spaces, dots, hyphens"
            )
        if (self.origin is None) != (self.destination is None):
            raise BadInput(f"scenario {self.name!r}: name both origin and destination, or neither")
        if self.ground not in (None, "loose", "strict"):
            raise BadInput(f"scenario {self.name!r}: ground is loose or strict")

    def asked(self) -> dict[str, Any]:
        """The keyword arguments of `Theatre.corridor` that it fixes."""
        asked: dict[str, Any] = {
            key: getattr(self, key)
            for key in ("origin", "destination", "via", "traveller", "ground", "on", "as_of")
            if getattr(self, key) is not None
        }
        if self.avoid:
            asked["avoid"] = self.avoid
        if self.given:
            asked["given"] = dict(self.given)
        return asked

    def to_toml(self) -> str:
        """The file's text."""
        lines = []
        for key in (*_TEXTS, *_LISTS):
            value = getattr(self, key)
            if isinstance(value, date):
                lines.append(f"{key} = {value.isoformat()}")
            elif isinstance(value, tuple) and (value or key == "via"):
                lines.append(f"{key} = [{', '.join(map(_quoted, value))}]")
            elif isinstance(value, str) and value:
                lines.append(f"{key} = {_quoted(value)}")
        if self.given:
            lines += ["", "[given]"]
            lines += [f"{_quoted(k)} = {_quoted(v)}" for k, v in self.given.items()]
        return "\n".join(lines) + "\n"

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a scenario's file.

        Raises
        ------
        BadInput
            If it can't be read, is no TOML, or has a key that is unknown or of the wrong kind.
        """
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise BadInput(f"can't be read: {error.strerror}", path=path) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadInput(f"is no valid TOML: {error}", path=path) from error
        known = {f.name for f in fields(cls)} - {"name"}
        unknown = set(table) - known - set(_BRIEFS)
        if unknown:
            raise BadInput(
                f"unknown key {', '.join(sorted(unknown))}; known are {', '.join(sorted(known))}",
                path=path,
            )
        try:
            values: dict[str, Any] = {k: _value(k, v) for k, v in table.items() if k in known}
            return cls(name=path.stem, **values)
        except BadInput as error:
            raise BadInput(str(error), path=path) from error


def folder_of(theatre: Path | None) -> Path | None:
    """Where a theatre's scenarios are kept; None for one that has no folder."""
    return None if theatre is None else theatre / FOLDER


def kept_in(theatre: Path | None) -> dict[str, Path]:
    """The scenarios of a theatre by name."""
    folder = folder_of(theatre)
    found = sorted(folder.glob("*.toml")) if folder is not None and folder.is_dir() else []
    return {path.stem: path for path in found}


def find(name: str | Path, theatre: Path | None) -> Scenario:
    """A scenario by the name it is kept under, or by its file.

    Raises
    ------
    UnknownName
        If there is neither a kept scenario nor a file of that name; those there are are told.
    BadInput
        If the file can't be used.
    """
    kept = kept_in(theatre)
    if str(name) in kept:
        return Scenario.read(kept[str(name)])
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return Scenario.read(path)
    raise UnknownName(str(name), list(kept), what="scenario")


def keep(scenario: Scenario, theatre: Path) -> Path:
    """Write a scenario into a theatre's folder; one of the same name is written over.

    Raises
    ------
    BadInput
        If the folder can't be written.
    """
    path = theatre / FOLDER / f"{scenario.name}.toml"
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(scenario.to_toml(), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"can't be written: {error.strerror}", path=path) from error
    return path


def _value(key: str, value: object) -> object:
    if key in ("on", "then", "as_of"):
        if isinstance(value, str | date):
            return parse_day(value)
        raise BadInput(f"{key} must be a day such as 2021-03-02, not {value!r}")
    if key in _LISTS:
        if isinstance(value, list) and all(isinstance(v, str) and v.strip() for v in value):
            return tuple(value)
        raise BadInput(f'{key} must be a list of names such as ["Damascus"], not {value!r}')
    if key == "given":
        if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
            return value
        raise BadInput(f'given must be a table such as "Abu Kamal" = "SDF", not {value!r}')
    if not isinstance(value, str):
        raise BadInput(f"{key} must be text in quotes, not {value!r}")
    return value


def _quoted(text: str) -> str:
    # A JSON string is a TOML one, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")

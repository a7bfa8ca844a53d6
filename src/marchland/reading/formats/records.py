"""JSON and JSON Lines: one report an object, with text, title, date, source and url."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from marchland.errors import BadInput
from marchland.reading.calendar_words import read_day
from marchland.reading.formats.extracted import Extracted
from marchland.reading.formats.plain import decode

_TEXT = ("text", "body", "content")
_DATE = ("date", "published")
_SOURCE = ("source", "publisher", "outlet")


def rows_of(content: bytes, path: Path) -> Iterator[tuple[int, Any]]:
    """The records of a file with their rows; a row that is no JSON comes as a `BadInput`.

    Raises
    ------
    BadInput
        If the file as a whole is no JSON.
    """
    text = decode(content, path)
    try:
        whole = json.loads(text)
    except ValueError:
        if path.suffix.lower() == ".json":
            raise BadInput("is not JSON: damaged or cut short.", path=path) from None
    else:
        items = whole if isinstance(whole, list) else [whole]
        yield from enumerate(items, start=1)
        return
    for row, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield row, json.loads(line)
        except ValueError:
            yield row, BadInput("is not JSON: damaged or cut short.", path=path, row=row)


def read_record(record: Any, path: Path, row: int) -> Extracted:
    """One report.

    Raises
    ------
    BadInput
        If the record has no text or its date is none.
    """
    if isinstance(record, BadInput):
        raise record
    if not isinstance(record, dict):
        raise BadInput("must be an object with a 'text' field.", path=path, row=row)
    text = _first(record, _TEXT)
    if not isinstance(text, str) or not text.strip():
        raise BadInput("has no 'text'.", path=path, row=row)
    given = _first(record, _DATE)
    try:
        published = read_day(given) if given else None
    except BadInput as error:
        raise BadInput(error.message, path=path, row=row) from None
    source = _first(record, _SOURCE)
    if isinstance(source, dict):
        source = source.get("name") or source.get("id")
    return Extracted(
        text=text,
        title=_word(record.get("title")),
        source=_word(source),
        published=published,
        date_from="record" if published else "none",
        url=_word(record.get("url")),
        rests_on=_word(record.get("rests_on")),
        row=row,
    )


def _first(record: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((record[name] for name in names if record.get(name)), None)


def _word(value: Any) -> str | None:
    return str(value).strip() or None if value is not None else None

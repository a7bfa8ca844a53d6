"""What a cell of a table says: days, numbers, coordinates. What it can't be is said plainly."""

import math
import re
from datetime import date, timedelta

from marchland.dates import Precision, Span
from marchland.errors import BadInput

_DAY = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")
_MOMENT = re.compile(r"^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*$")
_SERIAL = re.compile(r"^[1-9]\d{4}(\.\d+)?$")
_INTEGER = re.compile(r"^-?\d+$")
_COMMA = re.compile(r"^(-?\d+),(\d+)$")
_SERIAL_ZERO = date(1899, 12, 30)


def read_span(start: str, end: str, precision: str) -> Span:
    """A span from its cells; ``2017-06`` is a month, and an end is the first day after.

    Raises
    ------
    BadInput
        If one of them is no date, or the end is not after the start.
    """
    first = _prefix(start, "valid.start") if start else Span.unknown()
    after = _prefix(end, "valid.end").start if end else None
    told = first.precision
    if precision:
        try:
            told = Precision(precision)
        except ValueError:
            raise BadInput(
                f"valid.precision: {precision!r} is none of {', '.join(Precision)}"
            ) from None
    return Span(start=first.start, end=after, precision=told)


def read_day(text: str, column: str) -> date | None:
    """One day; None where the cell is empty.

    Raises
    ------
    BadInput
        If it is no day, or only a month or a year.
    """
    if not text:
        return None
    span = _prefix(text, column)
    if span.precision is not Precision.DAY:
        raise BadInput(f"{column}: {text!r} names no day. Write it as YYYY-MM-DD")
    return span.start


def _prefix(text: str, column: str) -> Span:
    moment = _MOMENT.match(text)
    day = moment[1] if moment else text
    if _SERIAL.match(day):
        meant = _SERIAL_ZERO + timedelta(days=int(float(day)))
        raise BadInput(
            f"{column}: {text!r} looks like a spreadsheet's day number (it would be {meant}). "
            "Format the column as text YYYY-MM-DD before saving"
        )
    if not _DAY.match(day):
        raise BadInput(f"{column}: {text!r} is no date. Write it as YYYY-MM-DD")
    try:
        return Span.parse(day)
    except BadInput as error:
        raise BadInput(f"{column}: {error.message}") from None


def read_number(text: str, column: str, *, literally: bool = False) -> float:
    """A finite number; a decimal comma is understood.

    Parameters
    ----------
    literally
        Keep ``34`` apart from ``34.0``, as the id of an exported claim does.

    Raises
    ------
    BadInput
        If it is none.
    """
    if literally and _INTEGER.match(text):
        return int(text)
    comma = _COMMA.match(text)
    try:
        number = float(f"{comma[1]}.{comma[2]}" if comma else text)
    except ValueError:
        raise BadInput(f"{column}: {text!r} is no number") from None
    if not math.isfinite(number):
        raise BadInput(f"{column}: {text!r} is no number")
    return number


def read_count(text: str, column: str) -> int | None:
    """A whole number from 0; None where the cell is empty.

    Raises
    ------
    BadInput
        If it is none.
    """
    if not text:
        return None
    whole = text.removesuffix(".0")  # how a frame with gaps writes whole numbers
    if not whole.isascii() or not whole.isdigit():
        raise BadInput(f"{column}: {text!r} is no whole number")
    return int(whole)

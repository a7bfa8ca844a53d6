"""Days and spans of days.

All days are UTC calendar days; spans are half-open, ``[start, end)``. A span keeps the precision
its source gave ("June 2017" is not "1 June 2017"). Written as ISO 8601 / EDTF prefixes: ``2017``,
``2017-06``, ``2017-06-18``, and ``2017-06-01/2017-07-01`` for an interval.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from marchland.errors import BadInput

_ISO = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


class Precision(StrEnum):
    """How exactly the start of a span is known."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    UNKNOWN = "unknown"


_WIDTH_DAYS = {Precision.DAY: 1, Precision.WEEK: 7, Precision.SEASON: 92}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A half-open span of days.

    Parameters
    ----------
    start
        First day, or None when it is not known or unbounded.
    end
        First day after it, or None when it is open or not known.
    precision
        How exactly `start` is known.

    Raises
    ------
    BadInput
        If `end` is not after `start`.

    Examples
    --------
    >>> Span.parse("2017-06").window
    (datetime.date(2017, 6, 1), datetime.date(2017, 7, 1))
    >>> Span.parse("2017-06-04").covers(date(2019, 1, 1))
    True
    """

    start: date | None = None
    end: date | None = None
    precision: Precision = Precision.DAY

    def __post_init__(self) -> None:
        object.__setattr__(self, "precision", Precision(self.precision))
        if self.start is None and self.precision is not Precision.UNKNOWN:
            object.__setattr__(self, "precision", Precision.UNKNOWN)
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise BadInput(f"a span must end after it starts: {self.start} to {self.end}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2017``, ``2017-06``, ``2017-06-18`` or two of them joined by ``/``.

        An interval's end is taken as the first day after it, as spans are half-open.

        Raises
        ------
        BadInput
            If `text` is none of these or names a day that does not exist.
        """
        first, slash, second = text.strip().partition("/")
        start, precision = _prefix(first)
        end = _prefix(second)[0] if slash and second not in ("", "..") else None
        return cls(start=start, end=end, precision=precision)

    @classmethod
    def day(cls, day: date) -> Self:
        """The span that starts on `day` and has no known end."""
        return cls(start=day, precision=Precision.DAY)

    @classmethod
    def unknown(cls) -> Self:
        """The span nothing is known about."""
        return cls(precision=Precision.UNKNOWN)

    @property
    def window(self) -> tuple[date, date] | None:
        """The half-open window of days in which the span may start; None when not known."""
        if self.start is None or self.precision is Precision.UNKNOWN:
            return None
        return self.start, _after(self.start, self.precision)

    def covers(self, day: date) -> bool:
        """Whether `day` lies in the span, an unknown bound counting as unbounded."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def to_json(self) -> dict[str, str | None]:
        """The record form: ``{"start", "end", "precision"}`` with ISO days."""
        return {
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
            "precision": self.precision.value,
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """Read the record form; the reverse of `to_json`."""
        start, end = record.get("start"), record.get("end")
        return cls(
            start=parse_day(start) if start else None,
            end=parse_day(end) if end else None,
            precision=Precision(record.get("precision") or ("day" if start else "unknown")),
        )

    def __str__(self) -> str:
        if self.start is None:
            return "date unknown" if self.end is None else f"until {self.end}"
        shown = {Precision.MONTH: 7, Precision.YEAR: 4}.get(self.precision, 10)
        text = self.start.isoformat()[:shown]
        return text if self.end is None else f"{text} to {self.end}"


def parse_day(value: str | date) -> date:
    """Read one ISO day, ``2017-06-18``; a time of day after it is left out.

    Raises
    ------
    BadInput
        If it is no such day.

    Examples
    --------
    >>> parse_day("2017-06-18")
    datetime.date(2017, 6, 18)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    day, _, _ = value.strip().replace("T", " ").partition(" ")
    match = _ISO.match(day)
    if not match or not match[3]:
        raise BadInput(f"{value!r} is not a day. Write it as YYYY-MM-DD, such as 2017-06-18.")
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise BadInput(f"{value!r} is a day that does not exist.") from None


def _prefix(text: str) -> tuple[date, Precision]:
    match = _ISO.match(text.strip())
    if not match:
        raise BadInput(f"{text!r} is not a date. Write 2017, 2017-06 or 2017-06-18.")
    year, month, day = match.groups()
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    try:
        return date(int(year), int(month or 1), int(day or 1)), precision
    except ValueError:
        raise BadInput(f"{text!r} is a date that does not exist.") from None


def _after(start: date, precision: Precision) -> date:
    if precision is Precision.MONTH:
        return start + timedelta(days=calendar.monthrange(start.year, start.month)[1])
    if precision is Precision.YEAR:
        return start + timedelta(days=365 + calendar.isleap(start.year))
    return start + timedelta(days=_WIDTH_DAYS[precision])

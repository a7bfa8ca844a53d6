"""Opening hours in the syntax of OpenStreetMap, and how long one waits for them.

The syntax is that of the ``opening_hours`` key; ``opening-hours-py`` reads all of it. Public and
school holidays are no part of it here: no calendar is asked, so that ``PH off`` changes nothing.
"""

import importlib
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from marchland.errors import BadInput, MissingExtra

WEEK_H = 168.0
FORTNIGHT_H = 336.0
"""Hours that leave a crossing shut for longer than this leave it closed."""


def check_hours(text: str) -> None:
    """See that hours can be read.

    Raises
    ------
    BadInput
        If they are not in the syntax.
    MissingExtra
        If opening-hours-py is not installed.
    """
    _parsed(text)


def mean_wait_h(text: str, day: date) -> float | None:
    """Hours that whoever comes at some moment of a week waits on average until it is open.

    Every moment of the seven days from `day` on is alike; a gap of g hours between openings adds
    ``g * g / 2`` to the sum over the week.

    Parameters
    ----------
    text
        Opening hours, local time.

    Returns
    -------
        None where it does not open within a fortnight of `day`.

    Examples
    --------
    >>> round(mean_wait_h("08:00-16:00", date(2020, 1, 1)), 2)
    5.33
    >>> mean_wait_h("24/7", date(2020, 1, 1))
    0.0
    """
    closed = _closed_stretches(text, day)
    if closed and closed[0][0] <= 0 and closed[0][1] >= FORTNIGHT_H:
        return None
    total = 0.0
    for begin, end in closed:
        if begin < WEEK_H:
            last = min(end, WEEK_H)
            total += ((end - begin) ** 2 - (end - last) ** 2) / 2
    return total / WEEK_H


@lru_cache(maxsize=4096)
def _closed_stretches(text: str, day: date) -> tuple[tuple[float, float], ...]:
    """Stretches in which it is not open, in hours from the day's begin, for three weeks."""
    start = datetime.combine(day, time())
    end = start + timedelta(hours=WEEK_H + FORTNIGHT_H)
    found: list[tuple[float, float]] = []
    for begin, until, state, _ in _parsed(text).intervals(start, end):
        if str(state) == "open":
            continue
        span = ((begin - start).total_seconds() / 3600, (until - start).total_seconds() / 3600)
        if found and found[-1][1] == span[0]:
            span = (found.pop()[0], span[1])
        found.append(span)
    return tuple(found)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Any:
    try:
        library = importlib.import_module("opening_hours")
    except ModuleNotFoundError:
        raise MissingExtra("osm", "Opening hours of crossings") from None
    try:
        return library.OpeningHours(text)
    except library.ParserError:
        raise BadInput(
            f"{text!r} are no opening hours; write them as OpenStreetMap does, such as "
            "08:00-16:00, Mo-Th 08:00-14:00, or 24/7"
        ) from None

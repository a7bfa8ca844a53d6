"""Whole days written out in English or ISO: "15 June 2017", "June 15th, 2017", "2017-06-15".

The one place that knows the months' names and how a full date is spelled; used by the finder of
time expressions and by the reading of datelines. Days that do not exist are not dates.
"""

import calendar
import re
from datetime import date

from marchland.errors import BadInput

_WEEK = "monday tuesday wednesday thursday friday saturday sunday"
_NAMES = "january february march april may june july august september october november december"
MONTHS: dict[str, int] = {
    form: number for number, name in enumerate(_NAMES.split(), start=1) for form in (name, name[:3])
} | {"sept": 9}
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|JANUARY|FEBRUARY|MARCH|APRIL|MAY|"
    r"JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER)\.?"
)
WEEKDAYS: dict[str, int] = {name: number for number, name in enumerate(_WEEK.split())}
FULL_DAY = (
    rf"(?:(?:19|20)\d\d-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH},? (?:19|20)\d\d"
    rf"|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d|\d{{1,2}}/\d{{1,2}}/(?:19|20)\d\d)"
)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)$")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({MONTH}),? (\d{{4}})$")
_MONTH_FIRST = re.compile(rf"({MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})$")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})$")


def month_number(name: str) -> int:
    """The month a name or its abbreviation stands for, 1 to 12."""
    return MONTHS[name.lower().rstrip(".")]


def full_day(text: str) -> date | None:
    """The day that `text` spells in full; None if it is none.

    ``15/6/2017`` is read with the day first; where only the other order exists, with the month
    first; where both would do and differ, it is no date, as nobody can tell.

    Examples
    --------
    >>> full_day("June 15, 2017"), full_day("31 June 2017")
    (datetime.date(2017, 6, 15), None)
    """
    text = " ".join(text.split())
    if found := _ISO.match(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.match(text):
        return _day(int(found[3]), month_number(found[2]), int(found[1]))
    if found := _MONTH_FIRST.match(text):
        return _day(int(found[3]), month_number(found[1]), int(found[2]))
    if found := _SLASHES.match(text):
        year, first, second = int(found[3]), int(found[1]), int(found[2])
        either = {_day(year, second, first), _day(year, first, second)} - {None}
        return either.pop() if len(either) == 1 else None
    return None


def read_day(value: object) -> date:
    """A day from a field of a file: a date, an ISO date or time stamp, or a date in words.

    A month or a year alone stands for its last day: the report was out by then, so it is never
    counted as known before it was.

    Raises
    ------
    BadInput
        If it is none of these.
    """
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    text = str(value).strip()
    stamp = re.match(r"(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d.*)?$", text)
    day = full_day(stamp[1] if stamp else text)
    if day is None and (rough := re.match(r"(\d{4})(?:-(\d\d))?$", text)):
        year, month = int(rough[1]), int(rough[2] or 12)
        if 1 <= month <= 12 and 1900 <= year <= 2100:
            day = date(year, month, calendar.monthrange(year, month)[1])
    if day is None:
        raise BadInput(f"{text!r} is not a day. Write it as YYYY-MM-DD, such as 2017-06-18.")
    return day


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

"""Moments that lean on another: "two days later", "the previous day", "for three years", "the war".

The rule: what leans takes its day from the last date told before it in the text, and from the day
of publication only where the words look back from there ("hours earlier"). An age that has no date
("before the war", "under the caliphate") says when, but nobody can say which day: it is undated,
which is not the same as the day of the report.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from marchland.dates import Precision
from marchland.reading.moments import COUNT, NOTHING, VAGUE, Moment, amount, shifted

LEANING = re.compile(
    rf"\b(?:(?:(?P<many>{COUNT}|{VAGUE}) )?(?P<unit>minute|hour|day|week|month|year)s? "
    r"(?P<way>earlier|before|later|after|afterwards?)\b"
    r"|[Tt]he (?:very )?(?P<side>previous|preceding|next|following|same) "
    r"(?P<side_unit>day|morning|evening|night|week|month|year)\b"
    r"|(?<!\bof )[Tt]hat (?:same )?(?P<same_unit>day|night|morning|evening|week|month|year)\b"
    r"|[Tt]he (?P<by_unit>day|night|week|month|year) (?P<by_way>before|after)\b(?! yesterday)"
    r"|for (?:(?:about|around|almost|nearly|over|more than|at least|the (?:past|last)) )*"
    rf"(?:(?P<long>{COUNT}|{VAGUE}) )?(?P<long_unit>day|week|month|year|decade)s?\b(?! of)"
    r"|(?P<lead>[Bb]efore|[Pp]rior to|[Ss]ince|[Uu]ntil|[Aa]fter|[Dd]uring|[Uu]nder|[Ii]n) "
    r"(?P<of>the (?:start|outbreak|beginning|end|days|time|years|height) of )?"
    r"(?:the|its|their|his) (?:[A-Z]\w*(?:-\w+)? |civil |long )?"
    r"(?P<age>war|uprising|revolution|invasion|occupation|caliphate|mandate|revolt|monarchy|"
    r"dictatorship)\b(?! (?:on|against|monitor|crimes?|zones?|room|effort|machine|planes?)\b))"
)
_BEGAN = re.compile(r"(?: (?:that )?(?:began|begun|started|broke out|erupted))?,? ")
_HAS = re.compile(r"\b(?:has|have|’ve|'ve)\b[^.;!?]*$")
_ON = re.compile(r" (?:on )?(?:the )?")
_EVENT = re.compile(r" [\w“\"'‘]")


@dataclass(frozen=True, slots=True)
class Leaning:
    """What a leaning expression comes to.

    Parameters
    ----------
    moment
        Its value; None where it is for a date behind it to say.
    looks_at
        Where in the text a date may stand that it leans on; -1 where none may.
    """

    moment: Moment | None
    looks_at: int = -1


def read_leaning(
    found: re.Match[str], told: Moment | None, published: date | None
) -> Leaning | None:
    """What a match of `LEANING` comes to; None where it says no time after all.

    Parameters
    ----------
    told
        The last date told before it.
    """
    if found["unit"]:
        return _shift(found, told, published)
    if found["side"] or found["same_unit"] or found["by_unit"]:
        return _side(found, told, published)
    if found["long_unit"]:
        return _lasting(found, published)
    if found["lead"].lower() == "in" and not found["of"]:
        return None
    began = _BEGAN.match(found.string, found.end())
    return Leaning(Moment(None, Precision.UNKNOWN, undated=True), began.end() if began else -1)


def at_distance(found: re.Match[str], base: Moment) -> Moment:
    """ "Two days after" a moment told right behind it."""
    count = _signed(found)
    unit = found["unit"] or found["by_unit"]
    return shifted(base, unit, -1 if count is None and found["by_way"] == "before" else count or 1)


def _signed(found: re.Match[str]) -> int | None:
    """How many units, minus where they look back; None where the words don't say."""
    if not found["many"] or re.match(VAGUE, found["many"]):
        return None
    count = amount(found["many"])
    if count is None:
        return None
    return -count if found["way"] in ("earlier", "before") else count


def _shift(found: re.Match[str], told: Moment | None, published: date | None) -> Leaning | None:
    unit, way, text = found["unit"], found["way"], found.string
    back = way in ("earlier", "before")
    count = _signed(found)
    if count is None and (not found["many"]) and not found[0].split()[0].endswith("s"):
        return None
    if way in ("before", "after") and _EVENT.match(text, found.end()):
        behind = _ON.match(text, found.end())
        # What is told after an event without a date: near it in days, anywhere in years.
        far = unit in ("month", "year")
        left = Moment(None, Precision.UNKNOWN, undated=True) if far else None
        return Leaning(left, behind.end() if behind and count is not None else -1)
    if unit in ("hour", "minute"):
        if told is not None and told.precision is Precision.DAY:
            return Leaning(told)
        if published is None or not back:
            return None if published else Leaning(NOTHING)
        day = published - timedelta(days=1)
        return Leaning(Moment(day, Precision.WEEK, published + timedelta(days=1)))
    if told is None:
        # Without a date told, "earlier" is read from the report's day, with "ago".
        return None if back else Leaning(NOTHING)
    if count is None:
        return Leaning(NOTHING)
    return Leaning(_not_ahead(shifted(told, unit, count), published))


def _side(found: re.Match[str], told: Moment | None, published: date | None) -> Leaning | None:
    unit = found["side_unit"] or found["same_unit"] or found["by_unit"]
    unit = unit if unit in ("week", "month", "year") else "day"
    if found["by_way"] and _EVENT.match(found.string, found.end()):
        behind = _ON.match(found.string, found.end())
        return Leaning(None, behind.end() if behind else -1)
    if told is None:
        return Leaning(NOTHING)
    word = found["side"] or found["by_way"] or "same"
    steps = {"previous": -1, "preceding": -1, "before": -1, "same": 0}.get(word, 1)
    return Leaning(_not_ahead(shifted(told, unit, steps), published))


def _lasting(found: re.Match[str], published: date | None) -> Leaning | None:
    """ "Has held it for three years": from then up to the report; of what is over, nothing."""
    if not _HAS.search(found.string, max(0, found.start() - 120), found.start()):
        return None
    if published is None:
        return Leaning(NOTHING)
    unit, count = found["long_unit"], None
    if found["long"] and not re.match(VAGUE, found["long"]):
        count = amount(found["long"])
    elif not found[0].endswith("s"):
        count = 1
    if unit == "decade":
        unit, count = "year", 10 * (count or 2)
    report = Moment(published, Precision.DAY, published + timedelta(days=1))
    if unit == "week":  # counted from the day, as "the past two weeks" is
        day = published - timedelta(days=7 * (count or 3))
        return Leaning(Moment(day, Precision.WEEK, day + timedelta(days=7), since=True))
    start = shifted(report, unit, -(count or 3))
    return Leaning(Moment(start.start, start.precision, start.stop, since=True))


def _not_ahead(moment: Moment, published: date | None) -> Moment:
    """What would come after the report was out is not what was meant."""
    if moment.start is not None and published is not None and moment.start > published:
        return NOTHING
    return moment

"""Time expressions in running text, as spans.

Own patterns find the moments and own rules give them values (`marchland.reading.moments`), as
ready-made parsers read too slowly and miss "the end of May". Words that lean on a date told before
them ("two days later", "the same day") are in `marchland.reading.leaning`. What stands before a
moment says how it bounds: "since", "until", "by", "before", "after"; two moments joined by "from
... to" or "between ... and" become one span. What is told of the past lies before the report: a
month or day without a year is a coming one only where the words say so. Relative words without a
day of publication have an unknown span; only a day or month that lacks its year then takes it from
the full date told before it.
"""

import re
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum

from marchland.dates import Precision, Span
from marchland.reading.leaning import LEANING, at_distance, read_leaning
from marchland.reading.moments import MOMENT, YEARLESS, Moment, read_moment, shifted


class TimeKind(StrEnum):
    """How an expression bounds what it is said of."""

    AT = "at"
    SINCE = "since"
    UNTIL = "until"
    BEFORE = "before"
    AFTER = "after"
    BETWEEN = "between"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """A stretch of text that says when.

    Parameters
    ----------
    begin, end
        Where it stands, without the preposition before it.
    span
        What it comes to. A date has no end (what began then may last); ``until`` and ``before``
        have no start.
    kind
        How it bounds. ``undated``: it names an age that nobody can date ("before the war"), so
        that what is said of it is not of the report's days.
    """

    begin: int
    end: int
    text: str
    span: Span
    kind: TimeKind = TimeKind.AT


_BEFORE = {
    "since": TimeKind.SINCE,
    "starting": TimeKind.SINCE,
    "beginning": TimeKind.SINCE,
    "until": TimeKind.UNTIL,
    "till": TimeKind.UNTIL,
    "through": TimeKind.UNTIL,
    "up to": TimeKind.UNTIL,
    "by": TimeKind.BEFORE,
    "before": TimeKind.BEFORE,
    "prior to": TimeKind.BEFORE,
    "after": TimeKind.AFTER,
    "following": TimeKind.AFTER,
    "from": TimeKind.SINCE,
}
_PREFIX = re.compile(
    r"\b(since|starting|beginning|until|till|through|up to|by|before|prior to|after|following|"
    r"from|between)"
    r"(?: at least| about| around| roughly| early| late| in| on| from)?(?: the)?\s+$",
    re.IGNORECASE,
)
_JOINS = re.compile(
    r",?\s*(?:(to|until|till|through|up to)\s+(?:the\s+)?|and\s+|[-–—]\s?)$", re.IGNORECASE
)
_ENDS = re.compile(r"(?:the )?(?:very )?(?:end|close) of ", re.IGNORECASE)
_COMING = re.compile(
    r"\b(?:will|shall|would|(?:could|may|might|must|should)(?! have)|going to|"
    r"(?:is|are|was|were|be) (?:to|set|due|expected|scheduled|slated|planned)|due|scheduled|slated|"
    r"upcoming|ahead of|plan(?:s|ned|ning)?|intend(?:s|ed)?|aim(?:s|ed)?|hope[sd]?|vow(?:s|ed)?|"
    r"promise[sd]?|expect(?:s|ed)?|next|coming)\b(?:(?!\b(?:said|says|told)\b|[.;!?]).)*$",
    re.DOTALL,
)
_BY = re.compile(r"\b(?:until|till|through|up to|by|before)(?: the)?(?: \w+ of)? $")
_CLOSER = re.compile(r"[Ll]ast|[Nn]ext|[Tt]his")
_POSSESSIVE = ("'s", "’s")


def find_dates(text: str, *, published: date | None) -> list[TimeExpression]:
    """Every time expression of a text, in order, none overlapping.

    Parameters
    ----------
    text
        English running text.
    published
        The day of the report, against which relative words are read.

    Examples
    --------
    >>> [(t.text, str(t.span)) for t in find_dates(
    ...     "There were fears at the end of May.", published=date(2017, 6, 18))]
    [('the end of May', '2017-05-25')]
    """
    found: list[TimeExpression] = []
    moments, leads = _moments(text, published)
    number = 0
    while number < len(moments):
        begin, end, moment = moments[number]
        prefix = _PREFIX.search(text, max(0, begin - 30), begin)
        word = leads.get(begin) or (prefix[1].lower() if prefix else "")
        number += 1
        if number < len(moments) and word in ("from", "between"):
            joined = _join(text, moments[number - 1], moments[number], word)
            if joined:
                found.append(joined)
                number += 1
                continue
        kind = _BEFORE.get(word, TimeKind.AT)
        if text.startswith(_POSSESSIVE, end):
            kind = TimeKind.AT
        if moment.end and word in ("from", "between"):
            kind = TimeKind.AT
        whole = word in ("by", "through") or bool(_ENDS.match(text, begin, end))
        kind, span = _bounded(moment, kind, whole=whole)
        found.append(
            TimeExpression(begin=begin, end=end, text=text[begin:end], span=span, kind=kind)
        )
    return found


_Placed = tuple[int, int, Moment]


def _moments(text: str, published: date | None) -> tuple[list[_Placed], dict[int, str]]:
    """The moments of a text in order, and the words that lead them from further off.

    Without a report's date, a full date gives later ones their year.
    """
    placed: list[_Placed] = []
    leads: dict[int, str] = {}
    told: Moment | None = None
    done = 0
    matches = [(m.start(), 1, m) for m in MOMENT.finditer(text)]
    matches += [(m.start(), 0, m) for m in LEANING.finditer(text)]
    for begin, plain, match in sorted(matches, key=lambda found: found[:2]):
        if begin < done:
            continue
        found = _plain(match, told, published) if plain else _leaning(match, told, published, leads)
        if found is None:
            continue
        placed.append(found)
        done = found[1]
        moment = found[2]
        if moment.start and not moment.since:
            told = moment
    return placed, leads


def _plain(match: re.Match[str], told: Moment | None, published: date | None) -> _Placed | None:
    against = published
    if published is None and told and match.lastgroup in YEARLESS:
        against = _as_if_published(told)
    found = read_moment(match, against)
    if found is None or published is None:
        return found
    begin, end, moment = found
    before = match.string[max(0, begin - 120) : begin]
    coming = bool(_COMING.search(before))
    if match.lastgroup == "weekday":
        if coming and moment.start and moment.start < published and not _CLOSER.match(match[0]):
            moment = shifted(moment, "day", 7)
    elif (
        moment.yearless
        and moment.start
        and moment.start > published
        and not coming
        and not _BY.search(before)
    ):
        moment = moment.in_year(moment.start.year - 1)
    return begin, end, moment


def _leaning(
    match: re.Match[str], told: Moment | None, published: date | None, leads: dict[int, str]
) -> _Placed | None:
    """What leans, with the date behind it that it leans on where there is one."""
    leaning = read_leaning(match, told, published)
    if leaning is None:
        return None
    if leaning.looks_at >= 0 and (behind := MOMENT.match(match.string, leaning.looks_at)):
        found = _plain(behind, told, published)
        if found is not None and found[2].start is not None:
            if match["lead"]:
                leads[found[0]] = match["lead"].lower()
                return found
            return match.start(), found[1], at_distance(match, found[2])
    if leaning.moment is None:
        return None
    return match.start(), match.end(), leaning.moment


def _as_if_published(told: Moment) -> date | None:
    """A day from which a day or month without a year falls near, or after, the one told."""
    if told.start is None or told.start.year > MAXYEAR - 2:
        return None
    if told.precision is Precision.YEAR:
        return date(told.start.year, 12, 1)
    return told.start + timedelta(days=270)


def _join(
    text: str, first: tuple[int, int, Moment], second: tuple[int, int, Moment], word: str
) -> TimeExpression | None:
    """One span out of "from X to Y" or "between X and Y"; None where they are two."""
    begin, middle, left = first
    resumes, end, right = second
    between = _JOINS.fullmatch(text, middle, resumes)
    if not between or (word == "from" and "and" in between[0].lower()):
        return None
    if left.yearless and not right.yearless and right.start and left.start:
        left = left.in_year(right.start.year)
        if left.start and left.start > right.start:
            left = left.in_year(right.start.year - 1)
    if left.start is None or right.stop is None or right.stop <= left.start:
        span = Span.unknown()
    else:
        span = Span(start=left.start, end=right.stop, precision=left.precision)
    return TimeExpression(
        begin=begin, end=end, text=text[begin:end], span=span, kind=TimeKind.BETWEEN
    )


def _bounded(moment: Moment, kind: TimeKind, *, whole: bool) -> tuple[TimeKind, Span]:
    """What a moment comes to after the word before it.

    "Until 15 June" takes that day in, "until June" and "before 2013" stop when it begins; `whole`
    ones ("by 2013", "until the end of May", "through June") take all of it in.
    """
    if moment.undated:
        return TimeKind.UNDATED, Span.unknown()
    if kind is TimeKind.AT and moment.since:
        kind = TimeKind.SINCE
    if kind is TimeKind.AT:
        return (TimeKind.BETWEEN if moment.end else kind), moment.span
    if moment.start is None or moment.stop is None:
        return kind, Span.unknown()
    if kind is TimeKind.SINCE:
        return kind, Span(start=moment.start, precision=moment.precision)
    if kind is TimeKind.AFTER:
        return kind, Span(start=moment.stop, precision=moment.precision)
    takes_in = whole or (kind is TimeKind.UNTIL and moment.precision is Precision.DAY)
    end = moment.stop if takes_in else moment.start
    return kind, Span(end=end, precision=Precision.UNKNOWN)

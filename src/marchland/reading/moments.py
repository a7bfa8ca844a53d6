"""One moment in words and what it comes to: "early June", "last week", "two days ago".

The rules for words that leave something out: a weekday is the last such day up to the day of
publication; a month or day without a year is the latest one not more than a month ahead; "early",
"mid" and "late" take the first, middle and last part of what follows. A word that is relative
comes to nothing when the day of publication is not known, never to a guess.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from marchland.dates import Precision, Span
from marchland.reading.calendar_words import FULL_DAY, MONTH, WEEKDAYS, full_day, month_number

_NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
_COUNTS = {word: n for n, word in enumerate(_NUMBERS.split(), start=1)} | {"a": 1, "an": 1}
COUNT = rf"(?:\d{{1,3}}|an?|{'|'.join(_NUMBERS.split())})"
VAGUE = r"(?:several|some|(?:just )?a few|few|many|a couple of|couple of)"
_FULL_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_SURE_MONTH = _FULL_MONTH.replace("March|", "").replace("May|", "")
_WEEKDAY = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_YEAR = r"(?:19[0-9]\d|20\d\d)"
_SEASON = "(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)"
_PART = (
    r"(?:(?:[Ee]arly|[Ll]ate|[Mm]id|[Ee]arlier|[Ll]ater)(?:[- –]| in )|"
    r"(?:[Tt]he )?(?:very |latter )?"
    r"(?:end|close|beginning|start|middle|first half|second half|(?:first|second|third|fourth|last|"
    r"final) week|(?:first|last|final|opening|closing) (?:few )?days|half) of (?:the )?)"
)
_LEADS = (
    r"(?:[Ii]n|[Ss]ince|[Uu]ntil|[Tt]ill|[Bb]y|[Bb]efore|[Aa]fter|[Ff]rom|[Dd]uring|[Bb]etween|"
    r"[Tt]hrough|[Tt]hroughout|[Oo]f|[Ff]or|[Uu]p to|[Aa]s of|[Aa]s early as|[Bb]ack in|[Oo]n)"
)
_UNIT = "(?:day|week|month|year)"

_PATTERNS: dict[str, str] = {
    "days": rf"\d{{1,2}}(?:st|nd|rd|th)?(?:\s?[-–—]\s?| to | and | until )\d{{1,2}}"
    rf"(?:st|nd|rd|th)? (?:of )?{MONTH}(?:,? {_YEAR})?",
    "days_after": rf"{MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:\s?[-–—]\s?| to | and | until )\d{{1,2}}"
    rf"(?:st|nd|rd|th)?\b(?! {MONTH})(?:,? {_YEAR})?",
    "full": rf"(?:{_WEEKDAY},? )?(?:the )?{FULL_DAY}(?![\d/-])",
    "months": rf"(?:(?:[Ff]rom|[Bb]etween|[Ii]n) )?(?P<led_months>{_FULL_MONTH}(?:,? {_YEAR})?"
    rf"(?:\s?[-–—]\s?| to | and | until | through ){_FULL_MONTH}\b(?! \d{{1,2}}\b)"
    rf"(?:,? (?:of )?{_YEAR})?)",
    "iso_month": r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?![\d-])",
    "day_month": rf"(?:{_WEEKDAY},? )?(?:the )?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}(?! \d{{4}})"
    rf"|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?![\d:.,]\d|,? (?:19|20)\d\d))(?: (?:this|last) year)?",
    "month": rf"(?:{_PART})?(?:{MONTH},?(?: of)? {_YEAR}(?!\d)"
    rf"|{_FULL_MONTH},? (?:of )?(?:this|last) year)",
    "part_month": rf"{_PART}{_FULL_MONTH}\b(?! \d)",
    "named_month": rf"(?:[Ll]ast|[Tt]his|[Nn]ext) {_FULL_MONTH}\b",
    "bare_month": rf"{_LEADS.replace('|[Ff]or', '')} (?P<led_month>{_FULL_MONTH})\b(?! \d)"
    rf"|(?:and|or|to) (?P<joined_month>{_SURE_MONTH})\b(?! \d)",
    "season": rf"(?:{_PART})?(?:the )?{_SEASON}(?: of| in)? {_YEAR}(?!\d)"
    rf"|(?:[Ll]ast|[Tt]his) {_SEASON}\b",
    "bare_season": rf"{_LEADS} (?P<led_season>(?:the )?(?:early |late |mid-)?"
    r"(?:spring|summer|autumn|winter))\b(?! (?:of|in|offensive|campaign|\d))",
    "decade": rf"(?:{_PART})?(?:[Tt]he )?(?:{_PART})?(?:19|20)\d0s",
    "part_year": rf"{_PART}{_YEAR}(?![\d,-])",
    "years": rf"{_YEAR}\s?[-–—]\s?(?:{_YEAR}|\d\d)(?![\d-])",
    "year": rf"(?:{_LEADS} |[Tt]he |\(|and |or |to )(?P<led_year>{_YEAR})"
    r"(?![\d,]\d|[-–]\d|s\b|\.\d)",
    "ago": rf"(?:{COUNT}|{VAGUE}) {_UNIT}s? (?:ago|earlier|before\b(?! \w))",
    "past": rf"(?:the )?(?:past|last|previous) (?:(?:{COUNT}|{VAGUE}) )?{_UNIT}s\b"
    rf"|the past {_UNIT}\b|the (?:past|last) \d\d hours",
    "recent": r"[Rr]ecent (?:days|weeks|months|years)\b|[Rr]ecently\b",
    "weekday": rf"(?:(?:[Ll]ast|[Tt]his|[Nn]ext|[Ee]arly|[Ll]ate)(?: on)? )?{_WEEKDAY}"
    r"(?!s\b| Times| Mirror| Telegraph| Express| Mail| Herald)"
    r"(?: (?:morning|afternoon|evening|night))?",
    "weekend": r"(?:[Tt]he|[Ll]ast|[Tt]his) weekend",
    "relative": rf"(?:{_PART})?(?:[Ll]ast|[Tt]his|[Nn]ext|[Tt]his past) (?:week|month|year)\b"
    r"|(?:[Tt]he )?(?:end|beginning|start|middle) of the (?:week|month|year)\b",
    "today": r"(?:[Tt]oday|[Tt]onight|[Yy]esterday|[Tt]omorrow|[Oo]vernight)\b"
    r"(?: (?:morning|afternoon|evening|night))?"
    r"|[Tt]his (?:morning|afternoon|evening)\b|[Ll]ast night\b|the day before yesterday\b",
}
MOMENT = re.compile(
    r"(?<![\w$€£.,/-])(?:"
    + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS.items())
    + ")"
)
YEARLESS = frozenset(("days", "days_after", "day_month", "part_month", "bare_month", "months"))
# What stands before these must be there for them to be dates, and is no part of them.
_INNER = {
    "bare_month": ("led_month", "joined_month"),
    "year": ("led_year",),
    "months": ("led_months",),
    "bare_season": ("led_season",),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """What a moment in words comes to: the days it may start in, ``[start, stop)``.

    `start` is None when that can't be known. `end` is set where the words themselves bound it.
    `month` and `day` are kept where no year was said, `yearless`, so that it can be taken from
    a date beside it. `since` marks words that reach up to the report ("the past two weeks"),
    `undated` those that name an age nobody can date ("before the war").
    """

    start: date | None
    precision: Precision
    stop: date | None = None
    end: date | None = None
    since: bool = False
    yearless: bool = False
    undated: bool = False

    @property
    def span(self) -> Span:
        if self.start is None:
            return Span.unknown()
        return Span(start=self.start, end=self.end, precision=self.precision)

    def in_year(self, year: int) -> "Moment":
        """The same month or day in another year."""
        if self.start is None:
            return self
        return _moment(_on(year, self.start.month, self.start.day), self.precision)


NOTHING = Moment(None, Precision.UNKNOWN)


def read_moment(match: re.Match[str], published: date | None) -> tuple[int, int, Moment] | None:
    """The stretch and the value of a match of `MOMENT`; None where it is no date after all."""
    name = match.lastgroup or ""
    begin, end = match.span()
    for inner in _INNER.get(name, ()):
        if match.start(inner) >= 0:
            begin, end = match.span(inner)
    words = match.string[begin:end]
    try:
        moment = _READERS[name](words, published)
    except (ValueError, OverflowError):
        return None
    return None if moment is None else (begin, end, moment)


def _moment(start: date, precision: Precision, end: date | None = None) -> Moment:
    window = Span(start=start, precision=precision).window
    return Moment(start, precision, end or (window[1] if window else None), end)


def _on(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _back(day: date, months: int) -> date:
    """The first day of the month that lies `months` before that of `day`."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _year_for(month: int, day: int, published: date) -> int:
    """The year of the latest such day that lies no more than a month ahead of the report."""
    year = published.year + 1
    while _on(year, month, day) > published + timedelta(days=31):
        year -= 1
    return year


def _split_part(words: str) -> tuple[str, str]:
    found = re.match(_PART, words)
    if not found:
        return "", words
    return re.sub(r"\b(?:the|very|of|in|few)\b|-|–", " ", found[0].lower()).strip(), words[
        found.end() :
    ]


_FIRST = ("early", "earlier", "beginning", "start", "first", "opening")
_LAST = ("late", "later", "end", "close", "closing", "last", "final", "latter")
_NTH = {"first": 0, "second": 7, "third": 14, "fourth": 21}


def _of_month(part: str, first: date) -> Moment:
    length = calendar.monthrange(first.year, first.month)[1]
    if not part:
        return _moment(first, Precision.MONTH)
    head, _, what = part.partition(" ")
    if what.startswith("half"):
        half = date(first.year, first.month, 16)
        following = first + timedelta(days=length)
        bounds = (first, half) if head == "first" else (half, following)
        return _moment(bounds[0], Precision.WEEK, bounds[1])
    if what.startswith("week") and head in _NTH:
        return _moment(first + timedelta(days=_NTH[head]), Precision.WEEK)
    if head in ("late", "later"):
        return _moment(first + timedelta(days=length - 9), Precision.WEEK)
    if head in _LAST:
        return _moment(first + timedelta(days=length - 7), Precision.WEEK)
    if head in _FIRST:
        return _moment(first, Precision.WEEK)
    return _moment(first + timedelta(days=11), Precision.WEEK)


def _of_year(part: str, year: int) -> Moment:
    if not part:
        return _moment(date(year, 1, 1), Precision.YEAR)
    head, _, what = part.partition(" ")
    if what.startswith("half"):
        half = date(year, 7, 1)
        bounds = (date(year, 1, 1), half) if head == "first" else (half, date(year + 1, 1, 1))
        return _moment(bounds[0], Precision.SEASON, bounds[1])
    if head in ("end", "close") or (what.endswith(("week", "days")) and head in _LAST):
        return _moment(date(year, 12, 1), Precision.MONTH)
    if head in ("beginning", "start") or what.endswith(("week", "days")):
        return _moment(date(year, 1, 1), Precision.MONTH)
    if head in _LAST:
        return _moment(date(year, 10, 1), Precision.SEASON)
    if head in _FIRST:
        return _moment(date(year, 1, 1), Precision.SEASON)
    return _moment(date(year, 6, 1), Precision.SEASON)


def _full(words: str, published: date | None) -> Moment | None:
    found = re.search(FULL_DAY, words)
    day = full_day(found[0]) if found else None
    return None if day is None else _moment(day, Precision.DAY)


def _days(words: str, published: date | None) -> Moment | None:
    month_found = re.search(MONTH, words)
    numbers = [int(n) for n in re.findall(r"(?<!\d)\d{1,2}(?!\d)", words)]
    year_found = re.search(r"\d{4}", words)
    if not month_found or len(numbers) != 2:
        return None
    month = month_number(month_found[0])
    if not year_found and published is None:
        return NOTHING
    if year_found:
        year = int(year_found[0])
    else:
        assert published is not None
        year = _year_for(month, min(numbers[0], 28), published)
    first, last = date(year, month, numbers[0]), date(year, month, numbers[1])
    if last <= first:
        return None
    return _moment(first, Precision.DAY, last + timedelta(days=1))


def _months(words: str, published: date | None) -> Moment | None:
    """ "From May to July", "March-April 2016": the whole of both and what lies between."""
    names = re.findall(_FULL_MONTH, words)
    years = [int(y) for y in re.findall(r"\d{4}", words)]
    if not years and published is None:
        return NOTHING
    first, last = (month_number(name) for name in names)
    if years:
        stop_year = years[-1]
        start_year = years[0] if len(years) > 1 else stop_year - (first > last)
    else:
        assert published is not None
        stop_year = _year_for(last, 1, published)
        start_year = stop_year - (first > last)
    start = date(start_year, first, 1)
    stop = _back(date(stop_year, last, 1), -1)
    return None if stop <= start else _moment(start, Precision.MONTH, stop)


def _bare_season(words: str, published: date | None) -> Moment | None:
    """ "In the summer": the last one that has begun."""
    if published is None:
        return NOTHING
    first = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}[words.rpartition(" ")[2]]
    year = published.year - (date(published.year, first, 1) > published)
    return _moment(date(year, first, 1), Precision.SEASON)


def _iso_month(words: str, published: date | None) -> Moment:
    return _moment(date(int(words[:4]), int(words[5:7]), 1), Precision.MONTH)


def _day_month(words: str, published: date | None) -> Moment | None:
    month_found, day_found = re.search(MONTH, words), re.search(r"\d{1,2}", words)
    if not month_found or not day_found:
        return None
    month, day = month_number(month_found[0]), int(day_found[0])
    date(2000, month, day)
    if published is None:
        return NOTHING
    if words.endswith("year"):
        year = published.year - words.endswith("last year")
    else:
        year = _year_for(month, day, published)
    found = _moment(date(year, month, day), Precision.DAY)
    return Moment(found.start, found.precision, found.stop, yearless=True)


def _month(words: str, published: date | None) -> Moment | None:
    part, rest = _split_part(words)
    month_found, year_found = re.search(MONTH, rest), re.search(r"\d{4}", rest)
    if not month_found:
        return None
    if year_found:
        year = int(year_found[0])
    elif published is None:
        return NOTHING
    else:
        year = published.year - rest.endswith("last year")
    return _of_month(part, date(year, month_number(month_found[0]), 1))


def _bare_month(words: str, published: date | None) -> Moment | None:
    part, rest = _split_part(words)
    if published is None:
        return NOTHING
    which, _, name = rest.rpartition(" ")
    month = month_number(name)
    year = _year_for(month, 1, published)
    if which.lower() == "this":
        year = published.year
    elif which.lower() == "last" and (year, month) >= (published.year, published.month):
        year -= 1
    elif which.lower() == "next":
        year = published.year + (month <= published.month)
    found = _of_month(part, date(year, month, 1))
    return Moment(found.start, found.precision, found.stop, found.end, yearless=not which)


def _season(words: str, published: date | None) -> Moment | None:
    _, rest = _split_part(words)
    name_found, year_found = re.search(_SEASON, rest), re.search(r"\d{4}", rest)
    if not name_found:
        return None
    first = {"s": 3, "a": 9, "f": 9, "w": 12}[name_found[0][0].lower()]
    if name_found[0].lower() == "summer":
        first = 6
    if year_found:
        if first == 12:
            # "Winter 2015" may mean either end of that year.
            return _moment(date(int(year_found[0]), 1, 1), Precision.YEAR)
        return _moment(date(int(year_found[0]), first, 1), Precision.SEASON)
    if published is None:
        return NOTHING
    year = published.year
    this = rest.lower().startswith("this")
    while (start := date(year, first, 1)) > published or (
        not this and _back(start, -3) > published
    ):
        year -= 1
    return _moment(start, Precision.SEASON)


def _decade(words: str, published: date | None) -> Moment | None:
    year_found = re.search(r"\d{4}", words)
    if not year_found:
        return None
    first = int(year_found[0])
    part = next((p for p in ("early", "mid", "late") if p in words.lower()), "")
    low, high = {"early": (0, 4), "mid": (3, 7), "late": (6, 10)}.get(part, (0, 10))
    return _moment(date(first + low, 1, 1), Precision.YEAR, date(first + high, 1, 1))


def _year(words: str, published: date | None) -> Moment:
    part, rest = _split_part(words)
    return _of_year(part, int(rest))


def _years(words: str, published: date | None) -> Moment | None:
    first, last = re.findall(r"\d+", words)
    stop = int(last) if len(last) == 4 else int(first[:2] + last)
    if stop <= int(first):
        return None
    return _moment(date(int(first), 1, 1), Precision.YEAR, date(stop + 1, 1, 1))


def amount(words: str) -> int | None:
    """The number that words begin with, in figures or spelled; None where they begin with none."""
    head = words.split()[0].lower()
    return int(head) if head.isdigit() else _COUNTS.get(head)


def _ago(words: str, published: date | None) -> Moment | None:
    if published is None:
        return NOTHING
    unit_found = re.search(_UNIT, words)
    count = amount(words) if not re.match(VAGUE, words) else None
    if not unit_found:
        return None
    unit = unit_found[0]
    if count is None:
        few = 2 if "couple" in words else 3
        return {
            "day": lambda: _moment(published - timedelta(days=7), Precision.WEEK),
            "week": lambda: _moment(published - timedelta(days=14 * few), Precision.MONTH),
            "month": lambda: _moment(_back(published, 2 * few), Precision.SEASON),
            "year": lambda: _moment(
                date(published.year - 2 * few, 1, 1), Precision.YEAR, date(published.year, 1, 1)
            ),
        }[unit]()
    if unit == "day":
        return _moment(published - timedelta(days=count), Precision.DAY)
    if unit == "week":
        return _moment(_monday(published - timedelta(days=7 * count)), Precision.WEEK)
    if unit == "month":
        return _moment(_back(published, count), Precision.MONTH)
    return _moment(date(published.year - count, 1, 1), Precision.YEAR)


def _past(words: str, published: date | None) -> Moment | None:
    """ "The past two weeks": from then up to the report."""
    if published is None:
        return NOTHING
    unit_found = re.search(rf"({_UNIT}|hour)s?$", words)
    middle = re.sub(r"^(?:the )?(?:past|last|previous) ?", "", words)
    if not unit_found:
        return None
    unit = unit_found[1]
    count = 1 if middle in (unit,) else amount(middle)
    if count is None:
        count = 3
    back = {
        "hour": lambda n: published - timedelta(hours=n),
        "day": lambda n: published - timedelta(days=n),
        "week": lambda n: published - timedelta(days=7 * n),
        "month": lambda n: _same_day(published, n),
        "year": lambda n: _on(published.year - n, published.month, published.day),
    }[unit](count)
    precision = {"month": Precision.MONTH, "year": Precision.YEAR, "week": Precision.WEEK}.get(
        unit, Precision.DAY
    )
    found = _moment(back, precision)
    return Moment(found.start, found.precision, found.stop, since=True)


def shifted(base: Moment, unit: str, count: int) -> Moment:
    """A moment some days, weeks, months or years from another, told no closer than either.

    Two days after some day in June is some day from June on; a year after 5 June is that month.
    """
    if base.start is None:
        return NOTHING
    closest = {"day": Precision.DAY, "week": Precision.WEEK, "month": Precision.MONTH}
    precision = max(base.precision, closest.get(unit, Precision.YEAR), key=_COARSE.index)
    if unit == "day":
        start = base.start + timedelta(days=count)
    elif unit == "week":
        start = base.start + timedelta(days=7 * count)
    elif unit == "month":
        start = _back(base.start, -count)
    else:
        start = _on(base.start.year + count, base.start.month, base.start.day)
    if precision is Precision.WEEK and unit == "week":
        start = _monday(start)
    elif precision is Precision.MONTH:
        start = start.replace(day=1)
    elif precision is Precision.YEAR:
        start = date(start.year, 1, 1)
    return _moment(start, precision)


_COARSE = list(Precision)


def _same_day(day: date, months: int) -> date:
    first = _back(day, months)
    return _on(first.year, first.month, day.day)


def _recent(words: str, published: date | None) -> Moment:
    if published is None:
        return NOTHING
    unit = words.lower().rpartition(" ")[2]
    days, precision = {
        "days": (7, Precision.WEEK),
        "months": (92, Precision.SEASON),
        "years": (3 * 365, Precision.YEAR),
    }.get(unit, (31, Precision.MONTH))
    return Moment(published - timedelta(days=days), precision, published + timedelta(days=1))


def _weekday(words: str, published: date | None) -> Moment | None:
    name_found = re.search(_WEEKDAY, words)
    if not name_found:
        return None
    if published is None:
        return NOTHING
    back = (published.weekday() - WEEKDAYS[name_found[0].lower()]) % 7
    lead = words.split()[0].lower()
    if lead == "next":
        return _moment(published + timedelta(days=7 - back), Precision.DAY)
    if lead == "last" and back == 0:
        back = 7
    return _moment(published - timedelta(days=back), Precision.DAY)


def _weekend(words: str, published: date | None) -> Moment:
    if published is None:
        return NOTHING
    saturday = published - timedelta(days=(published.weekday() - 5) % 7)
    if words.lower().startswith("last") and published.weekday() >= 5:
        saturday -= timedelta(days=7)
    return _moment(saturday, Precision.DAY, saturday + timedelta(days=2))


def _relative(words: str, published: date | None) -> Moment | None:
    if published is None:
        return NOTHING
    part, rest = _split_part(words)
    low = rest.lower()
    step = 1 if low.startswith("last") else -1 if low.startswith("next") else 0
    if low.endswith("week"):
        monday = _monday(published) - timedelta(days=7 * step)
        if part and part.split()[0] in (*_LAST, *_FIRST):
            ends = part.split()[0] in _LAST
            day = monday + timedelta(days=4 if ends else 0)
            return _moment(day, Precision.DAY, monday + timedelta(days=7 if ends else 3))
        return _moment(monday, Precision.WEEK)
    if low.endswith("month"):
        first = _back(published, step)
        return _of_month("" if part in ("earlier", "later") else part, first)
    year = published.year - step
    return _of_year("" if part in ("earlier", "later") else part, year)


def _today(words: str, published: date | None) -> Moment:
    if published is None:
        return NOTHING
    low = words.lower()
    back = {"yesterday": 1, "overnight": 1, "last night": 1, "tomorrow": -1}.get(
        low if low == "last night" else low.split()[0], 0
    )
    if low.startswith("the day before"):
        back = 2
    return _moment(published - timedelta(days=back), Precision.DAY)


_READERS: dict[str, Callable[[str, date | None], Moment | None]] = {
    "days": _days,
    "days_after": _days,
    "full": _full,
    "months": _months,
    "bare_season": _bare_season,
    "iso_month": _iso_month,
    "day_month": _day_month,
    "month": _month,
    "part_month": _bare_month,
    "named_month": _bare_month,
    "bare_month": _bare_month,
    "season": _season,
    "decade": _decade,
    "part_year": _year,
    "years": _years,
    "year": _year,
    "ago": _ago,
    "past": _past,
    "recent": _recent,
    "weekday": _weekday,
    "weekend": _weekend,
    "relative": _relative,
    "today": _today,
}

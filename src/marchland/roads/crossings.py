"""Dated facts of crossings: closed or open, to whom, at what hours, by which source.

One row of ``crossings.csv`` is one fact. Of facts that hold on a day, an opening lifts every
closure that began before it. A fact counts only once it has been published.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from itertools import combinations
from pathlib import Path
from typing import Any

from marchland.dates import parse_day
from marchland.errors import AmbiguousName, BadInput, UnknownName
from marchland.roads.hours import check_hours, mean_wait_h
from marchland.vocabulary import Vocabulary

TRAFFIC = ("all", "goods", "people")
COLUMNS = (
    *("crossing", "state", "traffic", "sides", "from", "until", "hours", "source", "published"),
    "note",
)
_NEEDED = ("crossing", "state", "traffic", "source", "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingNotice:
    """What a source says of a crossing for a span of days.

    Parameters
    ----------
    crossing
        Id of the place: the post on either side.
    state
        ``open`` or ``closed``.
    traffic
        ``all``, whoever it is and whoever holds the post; or of ``goods`` and ``people``, the
        ordinary traffic of a post at work.
    both_sides
        Whether it speaks of the crossing, or of this side's post alone.
    start, end
        The first day, and the first that it no longer holds; None where that is not told.
    hours
        When it is open on those days, local time, in OpenStreetMap's syntax; empty where not told.
    source, published
        Who says so, and when that was published.

    Raises
    ------
    BadInput
        If it can't be so.
    """

    crossing: str
    state: str
    traffic: tuple[str, ...]
    both_sides: bool = True
    start: date | None = None
    end: date | None = None
    hours: str = ""
    source: str
    published: date
    note: str = ""

    def __post_init__(self) -> None:
        if self.state not in ("open", "closed"):
            raise BadInput(f"state is open or closed, not {self.state!r}")
        strange = [t for t in self.traffic if t not in TRAFFIC]
        if strange or not self.traffic:
            raise BadInput(
                f"traffic is all, goods, people or goods;people, not {'; '.join(strange)!r}"
            )
        if "all" in self.traffic and len(self.traffic) > 1:
            raise BadInput("traffic is all, or some of goods and people, not both")
        if not self.source.strip():
            raise BadInput("a fact needs its source: who says so")
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise BadInput(
                f"until {self.end} is not after from {self.start}; until is the first day that it "
                "no longer holds"
            )
        if self.state == "closed":
            if self.hours:
                raise BadInput("what is closed has no opening hours; leave hours empty")
            if self.start is None and self.end is None:
                raise BadInput("a closure needs a day: from, until, or both")
        if self.hours:
            check_hours(self.hours)
            if mean_wait_h(self.hours, self.start or self.published) is None:
                raise BadInput(
                    f"by {self.hours!r} it does not open within a fortnight of "
                    f"{self.start or self.published}; write state closed instead"
                )

    def holds(self, on: date, as_of: date) -> bool:
        """Whether it is known by a day and speaks of another."""
        begun = self.start is None or self.start <= on
        return begun and (self.end is None or on < self.end) and self.published <= as_of

    def concerns(self, traffic: str) -> bool:
        """Whether it speaks of a kind of traffic."""
        return "all" in self.traffic or traffic in self.traffic

    @property
    def cited(self) -> str:
        """The source and its day, as an answer cites them."""
        return f"{self.source}, published {self.published}"

    def __str__(self) -> str:
        to = {"all": "all traffic", "goods": "goods", "people": "people"}
        since = f" from {self.start}" if self.start else ""
        until = f" until {self.end}" if self.end else ""
        hours = f" {self.hours}" if self.hours else ""
        whom = " and ".join(to[t] for t in self.traffic)
        return f"{self.state} to {whom}{hours}{since}{until}"

    def to_json(self) -> dict[str, Any]:
        return {
            "crossing": self.crossing,
            "state": self.state,
            "traffic": list(self.traffic),
            "both_sides": self.both_sides,
            "from": self.start.isoformat() if self.start else None,
            "until": self.end.isoformat() if self.end else None,
            "hours": self.hours,
            "source": self.source,
            "published": self.published.isoformat(),
            "note": self.note,
        }


def load_facts(file: Path | Traversable, vocabulary: Vocabulary) -> tuple[CrossingNotice, ...]:
    """Read crossings.csv.

    Raises
    ------
    BadInput
        If a row names no place, can't be so, or says the opposite of another; with file and row.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"can't be read as UTF-8: {error}", path=str(file)) from error
    reader = csv.DictReader(io.StringIO(text))
    columns = reader.fieldnames or ()
    missing = [c for c in _NEEDED if c not in columns]
    if missing:
        raise BadInput(f"lacks the column {', '.join(missing)}", path=str(file), row=1)
    strange = [c for c in columns if c not in COLUMNS]
    if strange:
        raise BadInput(
            f"has a column {strange[0]!r} that nothing reads; there are {', '.join(COLUMNS)}",
            path=str(file), row=1,
        )  # fmt: skip
    found: list[tuple[int, CrossingNotice]] = []
    for row in reader:
        try:
            found.append((reader.line_num, _fact(row, vocabulary)))
        except (AmbiguousName, BadInput, UnknownName) as error:
            message = error.message if isinstance(error, BadInput) else str(error)
            raise BadInput(message, path=str(file), row=reader.line_num) from error
    for (_, one), (number, other) in combinations(found, 2):
        if _contradict(one, other):
            raise BadInput(
                f"says {other}, and another row from the same day says {one}: let one end, or "
                "begin, where the other does not",
                path=str(file), row=number,
            )  # fmt: skip
    return tuple(fact for _, fact in found)


def write_facts(file: Path, facts: Sequence[CrossingNotice]) -> None:
    """Write crossings.csv."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for f in facts:
            writer.writerow(
                (f.crossing, f.state, ";".join(f.traffic), "both" if f.both_sides else "one",
                 f.start or "", f.end or "", f.hours, f.source, f.published, f.note)
            )  # fmt: skip


def closing(facts: Iterable[CrossingNotice], traffic: str) -> CrossingNotice | None:
    """The closure of some kind of traffic that no later opening lifts; the latest of several.

    Parameters
    ----------
    facts
        Of one side of a crossing, all of them holding on the day.
    traffic
        ``all`` for a closure that nobody passes; a closure to ``goods`` may be one to all.
    """
    known = list(facts)
    opened = [f for f in known if f.state == "open" and f.concerns("goods")]
    shut = [
        f for f in known
        if f.state == "closed" and ("all" in f.traffic or f.concerns(traffic))
        and not any(_later(o, f) for o in opened)
    ]  # fmt: skip
    return max(shut, key=_order, default=None)


def opening(facts: Iterable[CrossingNotice]) -> CrossingNotice | None:
    """The latest opening to goods."""
    opened = [f for f in facts if f.state == "open" and f.concerns("goods")]
    return max(opened, key=_order, default=None)


def _order(fact: CrossingNotice) -> tuple[date, date]:
    return fact.start or date.min, fact.published


def _later(one: CrossingNotice, other: CrossingNotice) -> bool:
    return _order(one) > _order(other)


def _contradict(one: CrossingNotice, other: CrossingNotice) -> bool:
    """Whether two facts say opposite things from the same day and were published together."""
    alike = {t for t in TRAFFIC if one.concerns(t) and other.concerns(t)}
    return (
        one.crossing == other.crossing
        and one.state != other.state
        and _order(one) == _order(other)
        and bool(alike)
    )


def _fact(row: Mapping[str, Any], vocabulary: Vocabulary) -> CrossingNotice:
    if None in row:
        raise BadInput("has more cells than the header; put text with commas in quotes")
    cells = {k: (v or "").strip() for k, v in row.items()}
    name = cells["crossing"]
    if not name:
        raise BadInput("names no crossing")
    place = vocabulary.find_place(name) or vocabulary.place(name)
    sides = cells.get("sides") or "both"
    if sides not in ("both", "one"):
        raise BadInput(f"sides is both or one, not {sides!r}")
    if not cells["traffic"]:
        raise BadInput("says to what traffic nowhere: all, goods, people or goods;people")
    return CrossingNotice(
        crossing=place.id,
        state=cells["state"],
        traffic=tuple(t.strip() for t in cells["traffic"].split(";") if t.strip()),
        both_sides=sides == "both",
        start=_day(cells.get("from", "")),
        end=_day(cells.get("until", "")),
        hours=cells.get("hours", ""),
        source=cells["source"],
        published=parse_day(cells["published"]),
        note=cells.get("note", ""),
    )


def _day(text: str) -> date | None:
    return parse_day(text) if text else None

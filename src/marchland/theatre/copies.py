"""Which passages of a ledger's reports are copies, found once and kept in the user's cache.

What is kept is a function of the reports' ids, which are hashes of their content: throwing it away
loses nothing, and a file that can't be read or written is passed over.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from platformdirs import user_cache_path

from marchland.claims import Report, Source
from marchland.ledger import Ledger
from marchland.observations import Copy
from marchland.reading.duplicates import VERSION, Story, find_copies

_WORTH_KEEPING = 300
_KEPT = 8


def copies_of(ledger: Ledger) -> list[Copy]:
    """The copied passages of every report that a ledger holds the text of.

    A small ledger's are found anew; those of a larger one are kept for the next time.
    """
    reports = ledger.reports()
    if len(reports) < 2:
        return []
    kept = _file(reports) if len(reports) >= _WORTH_KEEPING else None
    if kept is not None:
        with suppress(OSError, ValueError, TypeError):
            return [Copy(**record) for record in json.loads(kept.read_text(encoding="utf-8"))]
    found = find_copies(
        Story(report=r.id, source=r.source.id, published=r.published, text=text)
        for r, text in ledger.texts()
    )
    if kept is not None:
        with suppress(OSError):
            _keep(kept, found)
    return found


def _file(reports: Sequence[Report]) -> Path:
    ids = "\n".join([VERSION, *sorted(r.id for r in reports)])
    name = hashlib.sha256(ids.encode()).hexdigest()[:24]
    return user_cache_path("marchland") / "copies" / f"{name}.json"


def _keep(file: Path, copies: Sequence[Copy]) -> None:
    """Write whole or not at all, and let the oldest go."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".part")
    fresh.write_text(json.dumps([asdict(c) for c in copies]), encoding="utf-8")
    fresh.replace(file)
    held = sorted(file.parent.glob("*.json"), key=lambda f: f.stat().st_mtime)
    for old in held[:-_KEPT]:
        old.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """One report of a story that several print.

    Parameters
    ----------
    report
        The report.
    of
        The earlier report that it copies most of; None for the first.
    likeness
        Share of word triples that the copied stretches have in common, 0..1; 1 for the first.
    whole
        Whether it is a copy as a whole; else a passage of it is.
    passage
        The longest stretch copied, as this report prints it.
    """

    report: Report
    of: Report | None = None
    likeness: float = 1.0
    whole: bool = True
    passage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicates:
    """Reports that print the same, first to last."""

    printings: tuple[Printing, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Who printed it, first to last."""
        return tuple({p.report.source.id: p.report.source for p in self.printings}.values())


def duplicates_among(
    reports: Sequence[Report], copies: Sequence[Copy], text: Callable[[str], str]
) -> list[Duplicates]:
    """Reports joined by copied passages, in order of publication of the first of each group.

    Parameters
    ----------
    reports
        Those known by the day asked about; copies of others are passed over.
    text
        The original text of a report, by its id.
    """
    known = {r.id: r for r in sorted(reports, key=_printed)}
    place = {report: n for n, report in enumerate(known)}
    best: dict[str, Copy] = {}
    group: dict[str, str] = {}
    used = [c for c in copies if c.report in known and c.other in known]
    for copy in sorted(used, key=lambda c: (place[c.other], place[c.report], c.begin)):
        held = best.get(copy.other)
        if held is None or _extent(copy) > _extent(held):
            best[copy.other] = copy
        ends = (_top(group, copy.report), _top(group, copy.other))
        low, high = sorted(ends, key=place.__getitem__)
        if low != high:
            group[high] = low
    told: dict[str, list[Printing]] = {}
    joined = {*group, *group.values()}
    for report in (r for r in known if r in joined):
        told.setdefault(_top(group, report), []).append(_printing(report, best, known, text))
    return [Duplicates(printings=tuple(found)) for found in told.values()]


def _printed(report: Report) -> tuple[date, str, str]:
    return report.published or date.max, report.source.id, report.id


def _printing(
    report: str, best: Mapping[str, Copy], known: Mapping[str, Report], text: Callable[[str], str]
) -> Printing:
    copy = best.get(report)
    if copy is None:
        return Printing(report=known[report])
    passage = text(report)[copy.other_begin : copy.other_end]
    return Printing(
        report=known[report],
        of=known[copy.report],
        likeness=copy.likeness,
        whole=copy.whole,
        passage=" ".join(passage.split()),
    )


def _extent(copy: Copy) -> tuple[bool, int]:
    return copy.whole, copy.other_end - copy.other_begin


def _top(group: Mapping[str, str], report: str) -> str:
    while report in group:
        report = group[report]
    return report

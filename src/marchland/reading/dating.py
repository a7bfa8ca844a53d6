"""When what a report says is true: the days its own words give, else those of its publication.

The date in a finding's clause, else its sentence's, else the last one that the paragraph gave, else
the day of publication with the precision of a week. Changes of hands told one after the other of
one place stand in that order: a month or year in which one is dated ends where the next one begins.
"""

import re
from bisect import bisect_right
from datetime import date, timedelta

from marchland.claims import PREDICATES, Kind, Modality
from marchland.dates import Precision, Span
from marchland.reading.findings import Finding
from marchland.reading.times import TimeExpression, TimeKind
from marchland.reading.tree import Tree

_APART = re.compile(r"[\s(]*(?:(?:on|in|at|by|since)\s+(?:the\s+)?)?", re.IGNORECASE)


def valid_span(
    finding: Finding,
    tree: Tree,
    dates: list[TimeExpression],
    carried: TimeExpression | None,
    published: date | None,
) -> Span:
    """When a finding is said to be true; the rule stands at the top of the module."""
    span = _told(finding, tree, dates, carried, published)
    if finding.predicate not in ("holds", "presence") or not _over(tree, finding.trigger):
        return span
    # "had been held by": it ended before what the report tells of
    last = published or (carried.span.start if carried is not None else None)
    if span.start is None or last is None:
        return span
    plain = not any(d.kind is TimeKind.SINCE for d in dates) and span.end is None
    if plain and span.start >= last - timedelta(days=31):
        return Span(end=span.start)
    return Span(start=span.start, end=last, precision=span.precision) if span.start < last else span


def _over(tree: Tree, token: int) -> bool:
    """Whether a clause is told as over: the past perfect, "previously", "formerly"."""
    verb = next(
        (t for t in (token, *tree.ancestors(token)) if tree.pos[t] in ("VERB", "AUX")), token
    )
    return any(word in ("had", "previously", "formerly", "once") for word in tree.marks(verb))


def _told(
    finding: Finding,
    tree: Tree,
    dates: list[TimeExpression],
    carried: TimeExpression | None,
    published: date | None,
) -> Span:
    """The span that the nearest date of the text gives."""
    usable = [
        d
        for d in dates
        if d.span.start is not None or d.span.end is not None or d.kind is TimeKind.UNDATED
    ]
    at = tree.begins[finding.trigger]
    chain = _clauses(tree, finding.trigger)
    own = _listed_date(finding, tree, usable)
    if own is not None:
        return _span(own, finding)
    usable = [d for d in usable if _clause_of(tree, d.begin) in chain]
    if usable:
        inside = [
            d
            for d in usable
            if tree.begins[finding.first] <= d.begin <= tree.ends[finding.last] + 40
        ]
        best = min(inside or usable, key=lambda d: abs(d.begin - at))
        return _span(best, finding)
    if finding.modality is Modality.INTENDED:
        return Span.day(published) if published else Span.unknown()
    if carried is not None and PREDICATES[finding.predicate] in (Kind.CONTROL, Kind.EVENT):
        span = _span(carried, finding)
        wide = Precision.WEEK if span.precision is Precision.DAY else span.precision
        return Span(start=span.start, end=span.end, precision=wide)
    if published is None:
        return Span.unknown()
    return Span(start=published, precision=Precision.WEEK)


def _listed_date(
    finding: Finding, tree: Tree, dates: list[TimeExpression]
) -> TimeExpression | None:
    """The date right behind a place of a list in which each has its own."""
    if finding.where is None or len(dates) < 2:
        return None
    end = tree.ends[finding.where]
    behind = [d for d in dates if 0 < d.begin - end <= 12]
    if not behind:
        return None
    between = tree.text[end : behind[0].begin]
    return behind[0] if _APART.fullmatch(between) else None


def _clauses(tree: Tree, token: int) -> set[int]:
    """The verbs that a token stands under, its own included."""
    over = {t for t in (token, *tree.ancestors(token)) if tree.pos[t] in ("VERB", "AUX")}
    return over | set(tree.of_dep(token, "acl", "relcl")) | {-1}


def _clause_of(tree: Tree, offset: int) -> int:
    """The verb whose clause the character at `offset` stands in; -1 where there is none."""
    token = bisect_right(tree.begins, offset) - 1
    for t in (token, *tree.ancestors(token)):
        if tree.pos[t] in ("VERB", "AUX"):
            return t
    return -1


def _span(when: TimeExpression, finding: Finding) -> Span:
    by_then = when.kind is TimeKind.BEFORE and when.span.start is None
    done = finding.predicate in ("captures", "loses", "withdraws", "contests")
    if by_then and done and when.span.end is not None:
        return Span(start=when.span.end - timedelta(days=1), precision=Precision.WEEK)
    return when.span

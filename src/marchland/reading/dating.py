"""When what a report says is true: the days its own words give, else those of its publication.

The date in a finding's clause, else its sentence's, else the last one that the paragraph gave, else
the day of publication with the precision of a week. Changes of hands told one after the other of
one place stand in that order: a month or year in which one is dated ends where the next one begins.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from marchland.claims import PREDICATES, Claim, Kind, Modality
from marchland.dates import Precision, Span
from marchland.reading.findings import Finding
from marchland.reading.times import TimeExpression, TimeKind
from marchland.reading.tree import Tree

_APART = re.compile(r"[\s(]*(?:(?:on|in|at|by|since)\s+(?:the\s+)?)?", re.IGNORECASE)
_CHANGES = frozenset({"captures", "loses", "withdraws"})


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
        return _span(own, finding, published)
    usable = [d for d in usable if _clause_of(tree, d.begin) in chain]
    if usable:
        inside = [
            d
            for d in usable
            if tree.begins[finding.first] <= d.begin <= tree.ends[finding.last] + 40
        ]
        best = min(inside or usable, key=lambda d: abs(d.begin - at))
        return _span(best, finding, published)
    if finding.modality is Modality.INTENDED:
        return Span.day(published) if published else Span.unknown()
    if carried is not None and PREDICATES[finding.predicate] in (Kind.CONTROL, Kind.EVENT):
        span = _span(carried, finding, published)
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


def _span(when: TimeExpression, finding: Finding, published: date | None) -> Span:
    by_then = when.kind is TimeKind.BEFORE and when.span.start is None
    done = finding.predicate in ("captures", "loses", "withdraws", "contests")
    if by_then and done and when.span.end is not None:
        last = when.span.end - timedelta(days=1)
        # "by March" told in the middle of March: by that day
        last = last if published is None else min(last, published)
        return Span(start=last, precision=Precision.WEEK)
    return when.span


def in_order(claims: Sequence[Claim]) -> list[Claim]:
    """The claims of a report, changes of hands of one place in the order they are told.

    "Captured in 2022. Recaptured on 11 September 2022": what a wide date leaves open of the first
    ends where the second begins.
    """
    told: dict[str, int] = {}
    out = list(claims)
    for i, claim in enumerate(out):
        if claim.predicate not in _CHANGES or claim.place is None or not claim.place.resolved:
            continue
        before = told.get(claim.place.id)
        told[claim.place.id] = i
        if before is None or claim.modality is not Modality.ASSERTED:
            continue
        earlier = out[before]
        end = _ends_by(earlier, claim)
        if end is not None and _winner(earlier) != _winner(claim):
            out[before] = replace(earlier, valid=replace(earlier.valid, end=end))
    return out


def _winner(claim: Claim) -> str | None:
    """Who has a place after a change of hands."""
    ref = claim.subject if claim.predicate == "captures" else claim.object
    return ref.id if ref is not None else None


def _ends_by(earlier: Claim, later: Claim) -> date | None:
    """The day by which a change told with a wide date had been undone by the one told after it."""
    window, start = earlier.valid.window, later.valid.start
    if window is None or start is None or earlier.valid.end is not None:
        return None
    if earlier.valid.precision in (Precision.DAY, Precision.WEEK):
        return None
    if window[0] < start < window[1]:
        return start
    if start == window[0] and later.valid.precision is earlier.valid.precision:
        # both somewhere in the same month or year: the first in its first half
        stop = min(window[1], later.published or window[1])
        half = window[0] + (stop - window[0]) // 2
        return half if half > window[0] else None
    return None

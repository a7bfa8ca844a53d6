"""Observations: the same thing told once, however many print it.

Five outlets that print one wire story have seen nothing five times. Claims of different reports are
one observation where their passages are copies of each other (`Copy`, found by
`marchland.reading.duplicates`), where their reports are copies as a whole and they say the same, or
where they pass on the same word of one speaker within days. The rule: only the claims given count,
so claims known by a day give the observations of that day, whatever was printed later.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from marchland.claims import Claim, Source

WORD_DAYS = 2
"""A speaker's word is one observation where it is printed, and said to be true, within this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A stretch of one report that stands, nearly word for word, in another.

    Parameters
    ----------
    report, other
        Ids of the reports.
    begin, end, other_begin, other_end
        The stretches, half-open offsets in characters of the original texts.
    likeness
        Share of the shorter stretch's word triples that stand in the other, 0..1.
    whole
        Whether the reports are copies of each other as a whole, not only here.
    """

    report: str
    other: str
    begin: int
    end: int
    other_begin: int
    other_end: int
    likeness: float
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was told once, and every claim that tells it.

    Parameters
    ----------
    id
        ``o:`` and the digits of its first claim's id.
    claims
        In order of publication; on one day, by source.
    """

    id: str
    claims: tuple[Claim, ...]

    @property
    def first(self) -> Claim:
        """Its first telling."""
        return self.claims[0]

    @property
    def printers(self) -> tuple[Source, ...]:
        """Who printed it, first to last."""
        return tuple({c.source.id: c.source for c in self.claims}.values())


def observe(claims: Sequence[Claim], copies: Iterable[Copy] = ()) -> list[Claim]:
    """The same claims, with `Claim.observation` set where several reports tell one thing.

    Parameters
    ----------
    claims
        Those known by a day.
    copies
        Any; those of reports that no claim given is of are passed over.
    """
    joined = _Joined()
    by_report: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.from_text:
            by_report[claim.report.id].append(claim)
    whole: set[tuple[str, str]] = set()
    for copy in copies:
        if copy.report not in by_report or copy.other not in by_report:
            continue
        here = _within(by_report[copy.report], copy.begin, copy.end)
        there = _within(by_report[copy.other], copy.other_begin, copy.other_end)
        for a in here:
            for b in there:
                joined.join(a.id, b.id)
        pair = (copy.report, copy.other)
        if copy.whole and pair not in whole:
            whole.add(pair)
            _join_alike(by_report[copy.report], by_report[copy.other], joined)
    _join_words(claims, joined)
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.id in joined:
            groups[joined.top(claim.id)].append(claim)
    named = {
        claim.id: "o:" + min(group, key=_order).id.removeprefix("c:")
        for group in groups.values()
        for claim in group
    }
    return [replace(c, observation=named[c.id]) if c.id in named else c for c in claims]


def observations(claims: Iterable[Claim]) -> list[Observation]:
    """What the claims tell, each thing once, in order of its first telling."""
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[_key(claim)].append(claim)
    found = [
        Observation(id=key, claims=tuple(sorted(group, key=_order)))
        for key, group in groups.items()
    ]
    return sorted(found, key=lambda o: _order(o.first))


def first_told(claims: Sequence[Claim]) -> list[Claim]:
    """The claims without those that repeat what their observation told before, in their order.

    Of claims of one observation that say the same, with the same firmness, the first published
    stays. Repetition is then no confirmation.
    """
    kept: dict[tuple[object, ...], Claim] = {}
    for claim in sorted((c for c in claims if c.observation), key=_order):
        kept.setdefault((claim.observation, *_content(claim)), claim)
    stay = {c.id for c in kept.values()}
    return [c for c in claims if c.observation is None or c.id in stay]


def origins(claims: Iterable[Claim]) -> Mapping[str, str]:
    """The source under which each claim counts, by claim id: its observation's first printer."""
    return {c.id: o.first.source.id for o in observations(claims) for c in o.claims}


def count_sources(claims: Iterable[Claim]) -> int:
    """How many independent sources claims come from: printers of a copy count as the first."""
    return len(set(origins(claims).values()))


class _Joined:
    """Sets of ids that grow together (union-find)."""

    def __init__(self) -> None:
        self._up: dict[str, str] = {}

    def __contains__(self, id: str) -> bool:
        return id in self._up

    def top(self, id: str) -> str:
        path = [id]
        while (up := self._up.setdefault(path[-1], path[-1])) != path[-1]:
            path.append(up)
        for step in path:
            self._up[step] = path[-1]
        return path[-1]

    def join(self, a: str, b: str) -> None:
        low, high = sorted((self.top(a), self.top(b)))
        self._up[high] = low


def _order(claim: Claim) -> tuple[date, str, str]:
    return claim.published or date.max, claim.source.id, claim.id


def _key(claim: Claim) -> str:
    return claim.observation or "o:" + claim.id.removeprefix("c:")


def _content(claim: Claim) -> tuple[object, ...]:
    return (
        claim.predicate,
        claim.subject and claim.subject.id,
        claim.object and claim.object.id,
        claim.place and claim.place.id,
        claim.modality,
    )


def _within(claims: Iterable[Claim], begin: int, end: int) -> list[Claim]:
    """Claims more than half of whose quote lies in a stretch."""
    return [
        c
        for c in claims
        if c.begin is not None
        and c.end is not None
        and 2 * (min(c.end, end) - max(c.begin, begin)) > c.end - c.begin
    ]


def _join_alike(here: Sequence[Claim], there: Sequence[Claim], joined: _Joined) -> None:
    """Join claims of two copies of one story that say the same."""
    said = {_content(c): c.id for c in here}
    for claim in there:
        if (other := said.get(_content(claim))) is not None:
            joined.join(other, claim.id)


def _join_words(claims: Iterable[Claim], joined: _Joined) -> None:
    """Join claims that pass on one speaker's word, and the speaker's own report of it."""
    claims = [c for c in claims if c.published is not None]
    speakers = {c.speaker.id for c in claims if c.speaker and c.speaker.resolved}
    words: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.speaker is not None:
            if claim.speaker.resolved:
                words[(claim.speaker.id, *_content(claim))].append(claim)
        elif claim.source.id in speakers:
            words[(claim.source.id, *_content(claim))].append(claim)
    for said in words.values():
        first: Claim | None = None
        for claim in sorted(said, key=_order):
            if first is None or not _one_word(first, claim):
                first = claim
            elif claim.report.id != first.report.id:
                joined.join(first.id, claim.id)


def _one_word(first: Claim, later: Claim) -> bool:
    assert first.published is not None
    assert later.published is not None
    if (later.published - first.published).days > WORD_DAYS:
        return False
    a, b = first.valid.start, later.valid.start
    return a == b or (a is not None and b is not None and abs((a - b).days) <= WORD_DAYS)

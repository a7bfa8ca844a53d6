"""What each claim says about who holds a place, as marks on its days and news of change.

A *mark* says something of the state on one day: it is k, it is not k, it is contested. A *shift* is
news that the state may have changed within a stretch of days. A capture is both: the loser held it
the day before, the winner holds it from the day on, and in between something changed. A hold is
marks on its days, and weak news that something may have changed before. The rule: a claim is used
only if published by the as-of day; one source, place, holder and day count once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from marchland.claims import Claim, Kind
from marchland.control.settings import CONTESTED, ControlSettings
from marchland.control.sources import firmness, interest_of, teller_of
from marchland.control.standing import standing
from marchland.control.together import Company, keep_company
from marchland.vocabulary import Place, Vocabulary

_PLACE_EVENTS = frozenset({"withdraws"})
_ALWAYS_WIDE = frozenset({"country", "river", "governorate", "province"})
_POINTS = 3
_SPAN_STEP_DAYS = 90
_SPAN_POINTS = 12
_UNNAMED_WINNER = 0.5
_NAMED_WINNER = 0.8
_STATUS = frozenset({"holds", "contests"})
_STRENGTH = {"captures": 0, "loses": 1, "contests": 2, "holds": 3, "withdraws": 4, "presence": 5}


class Says(StrEnum):
    """What a mark says of the state on its day."""

    HELD = "held"
    NOT_HELD = "not held"
    CONTESTED = "contested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a claim says of one day.

    Parameters
    ----------
    day
        Proleptic ordinal of the day.
    target
        Outcome id that it speaks of; parties to a contest come in `parties`.
    weight
        How much it counts: 1 is a plain word of its teller.
    share
        Power of its likelihood: marks of one claim spread over its days share its weight.
    """

    day: int
    says: Says
    target: str
    weight: float
    parties: tuple[str, ...] = ()
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """News that the state changed after `first` and by `last`.

    Parameters
    ----------
    odds
        Chance that it did; where it is `plain`, to be multiplied by `hold_odds`.
    toward, away
        Where to, or what from.
    plain
        Whether the claim tells of no change: it only names a holder.
    """

    first: int
    last: int
    odds: float
    toward: str | None = None
    away: str | None = None
    plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one claim says about one place.

    Parameters
    ----------
    teller
        Whose word it is: the source's id, or ``speaker:`` and the holder that is quoted.
    interest
        The part of its weight that comes from whom it is good for; 1 where it is good for nobody.
    """

    claim: Claim
    place: str
    marks: tuple[Mark, ...]
    shifts: tuple[Shift, ...] = ()
    weight: float = 1.0
    teller: str = ""
    interest: float = 1.0

    @property
    def targets(self) -> set[str]:
        """Outcomes it speaks of."""
        named = {m.target for m in self.marks} | {p for m in self.marks for p in m.parties}
        return named | {t for s in self.shifts for t in (s.toward, s.away) if t}

    @property
    def last_day(self) -> int:
        return max(m.day for m in self.marks)


def can_be_held(place: Place) -> bool:
    """Whether a place has one holder: a settlement, a post, or a stretch that is one point."""
    if not place.is_area:
        return True
    return place.point is not None and not place.members and place.kind not in _ALWAYS_WIDE


def known_by(claims: Iterable[Claim], as_of: date) -> list[Claim]:
    """Claims published by a day, less those corrected by then, in the order of their ids."""
    found = {c.id: c for c in claims if c.published is not None and c.published <= as_of}
    corrected = {c.corrects for c in found.values() if c.corrects}
    return [found[i] for i in sorted(found) if i not in corrected]


def days_of(claim: Claim) -> tuple[int, int]:
    """First and last ordinal of the days in which the claim's span may start.

    A claim without a date speaks of the day it was published; none speaks of days after it. One
    that says only until when speaks of the last such day; one that ended in the month or year in
    which it began, of the days before its end.
    """
    published = claim.published or date.max
    window, end = claim.valid.window, claim.valid.end
    ended = published.toordinal() if end is None else end.toordinal() - 1
    if window is None:
        start = claim.valid.start
        first = last = start.toordinal() if start else min(ended, published.toordinal())
    else:
        first, last = window[0].toordinal(), window[1].toordinal() - 1
    return first, max(first, min(last, published.toordinal(), ended))


def reach(
    claim: Claim, vocabulary: Vocabulary, settings: ControlSettings
) -> list[tuple[str, float]]:
    """Places a claim is about, each with the weight left to it there."""
    where = claim.place
    if where is None or not where.resolved:
        return []
    if where.id.startswith("route:"):
        return [(i, settings.route) for i in _ends(where.id, vocabulary)]
    by_word = {"country": settings.country, "area": settings.area, "route": settings.route}
    members = vocabulary.members_of(where.id)
    place = vocabulary.find_place(where.id)
    if members:
        kind = place.kind if place else "area"
        word = {"country": "country", "corridor": "route"}.get(kind, "area")
        return [(m, by_word[word]) for m in members]
    if place is None or not can_be_held(place):
        return []
    word = "settlement" if place.is_area else where.geo_precision
    return [(where.id, by_word.get(word, 1.0))]


def _ends(route: str, vocabulary: Vocabulary) -> list[str]:
    """The two places of ``route:FROM:TO``; an id may hold a colon of its own."""
    parts = route.split(":")[1:]
    for i in range(1, len(parts)):
        ends = [":".join(parts[:i]), ":".join(parts[i:])]
        if all(vocabulary.find_place(e) is not None for e in ends):
            return list(dict.fromkeys(ends))
    return []


def read_evidence(
    claims: Sequence[Claim], vocabulary: Vocabulary, settings: ControlSettings
) -> list[Piece]:
    """What claims say of who holds what, duplicates counted once.

    Parameters
    ----------
    claims
        As `known_by` gives them.
    """
    company = keep_company(claims, vocabulary, days_of=days_of, settings=settings)
    stands = standing(claims, days_of=days_of)
    kept: dict[tuple[object, ...], Piece] = {}
    for claim in claims:
        if claim.kind is not Kind.CONTROL and claim.predicate not in _PLACE_EVENTS:
            continue
        if claim.id in company.beside or not _of_its_time(claim, settings):
            continue
        for place, share in reach(claim, vocabulary, settings):
            piece = _piece(
                claim, place, share, vocabulary, settings, company, stands=claim.id in stands
            )
            if piece is None:
                continue
            key = _same_word(piece, stands=claim.id in stands)
            other = kept.get(key)
            if other is None or _rank(piece) < _rank(other):
                kept[key] = piece
    told = _told_again(kept.values(), stands)
    return sorted(_since_last_word(told), key=lambda p: (p.place, p.claim.id))


def _told_again(pieces: Iterable[Piece], stands: Collection[str]) -> list[Piece]:
    """What still stands, said again: news of its later day, and none of the change it tells of."""
    found: list[Piece] = []
    said: set[tuple[object, ...]] = set()
    for piece in sorted(pieces, key=lambda p: (p.claim.published or date.max, p.claim.id)):
        if piece.claim.predicate == "captures":
            key = _same_word(piece, stands=False)
            if key in said and piece.claim.id in stands:
                piece = replace(piece, marks=piece.marks[-1:], shifts=())
            said.add(key)
        found.append(piece)
    return found


def _since_last_word(pieces: Iterable[Piece]) -> list[Piece]:
    """A teller that names another than before tells of a change since its own last word.

    That a contested place is one side's now is as good as word of a change: fights end.
    """
    found: list[Piece] = []
    before: dict[tuple[str, str], Mark] = {}
    order = [(p.marks[-1].day, p.claim.published or date.max, p.claim.id, p) for p in pieces]
    for *_, piece in sorted(order, key=lambda o: o[:3]):
        main, key = piece.marks[-1], (piece.place, piece.teller)
        last = before.get(key)
        if piece.claim.predicate in _STATUS and main.says is not Says.NOT_HELD:
            before[key] = main
            if last is not None and last.target != main.target:
                over = last.says is Says.CONTESTED
                shifts = tuple(
                    replace(s, first=last.day, plain=s.plain and not over)
                    if s.first < last.day < s.last
                    else s
                    for s in piece.shifts
                )
                piece = replace(piece, shifts=shifts)
        found.append(piece)
    return found


def by_place(pieces: Iterable[Piece]) -> Mapping[str, list[Piece]]:
    """Pieces by the place they are about."""
    found: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        found[piece.place].append(piece)
    return found


def _of_its_time(claim: Claim, settings: ControlSettings) -> bool:
    """Whether it speaks of days that can be told, not after its publication nor long before.

    A text that names an age nobody can date ("before the war") says nothing of the day it was
    published; a table's row without a date does.
    """
    start, published = claim.valid.start, claim.published
    if start is None and claim.valid.end is None and claim.quote and published is not None:
        return False
    if start is None or published is None:
        return True
    return -1 <= (published - start).days <= settings.memory_days


def _same_word(piece: Piece, *, stands: bool) -> tuple[object, ...]:
    """One source saying one thing of one place and day: said twice it is no more true."""
    claim, main = piece.claim, piece.marks[-1]
    day = main.day if stands else 0
    return (claim.source.id, piece.place, main.says, main.target, days_of(claim)[0], day)


def _rank(piece: Piece) -> tuple[float, float, str]:
    return (_STRENGTH.get(piece.claim.predicate, 9), -piece.weight, piece.claim.id)


def _piece(
    claim: Claim,
    place: str,
    share: float,
    vocabulary: Vocabulary,
    settings: ControlSettings,
    company: Company,
    *,
    stands: bool,
) -> Piece | None:
    of = vocabulary.holder_of
    subject = of(claim.subject.id) if claim.subject and claim.subject.resolved else None
    object_ = of(claim.object.id) if claim.object and claim.object.resolved else None
    firm = firmness(claim, settings)
    if firm == 0.0:
        return None
    gains, loses = subject, object_
    if claim.predicate in ("loses", "withdraws"):
        gains, loses = object_, subject
    interest = interest_of(claim, settings, gains=gains, loses=loses, of=of)
    hand = settings.second_hand if claim.speaker is not None else 1.0
    weight = abs(firm) * share * hand * interest
    say = _Say(claim, weight, settings, over=company.over.get(claim.id), stands=stands)
    predicate = "contests" if claim.id in company.split else claim.predicate
    parties = company.split.get(claim.id, ())
    if firm < 0:
        say.denial(predicate, subject, object_)
    elif predicate == "contests":
        say.contest(parties or tuple(a for a in (subject, object_) if a))
    elif predicate == "holds" and subject:
        say.hold(subject)
    elif predicate == "captures" and (subject or object_):
        say.change(gains=subject, loses=object_ if object_ != subject else None)
    elif predicate in ("loses", "withdraws") and (subject or object_):
        if predicate == "withdraws":
            say.weight *= settings.withdrawal
            object_ = None
        say.change(gains=object_ if object_ != subject else None, loses=subject)
    elif predicate == "presence" and subject and claim.place and claim.place.id == place:
        say.weight *= settings.presence
        for day, part in say.points():
            say.mark(day, Says.HELD, subject, part=part)
    if not say.marks:
        return None
    return Piece(
        claim=claim,
        place=place,
        marks=tuple(say.marks),
        shifts=tuple(s for s in say.shifts if s.odds > 0 and s.last > s.first),
        weight=say.weight,
        teller=teller_of(claim, of),
        interest=interest,
    )


class _Say:
    """Builds the marks and shifts of one claim."""

    def __init__(
        self,
        claim: Claim,
        weight: float,
        settings: ControlSettings,
        *,
        over: int | None,
        stands: bool,
    ) -> None:
        self.claim, self.weight, self.settings, self.stands = claim, weight, settings, stands
        self.first, self.last = days_of(claim) if over is None else (over, over)
        self.marks: list[Mark] = []
        self.shifts: list[Shift] = []

    def mark(
        self,
        day: int,
        says: Says,
        target: str,
        *,
        weight: float = 1.0,
        part: float = 1.0,
        parties: tuple[str, ...] = (),
    ) -> None:
        self.marks.append(
            Mark(
                day=day,
                says=says,
                target=target,
                weight=min(self.weight * weight, 1.1),
                share=part,
                parties=parties,
            )
        )

    def shift(
        self,
        first: int,
        last: int,
        odds: float,
        *,
        toward: str | None = None,
        away: str | None = None,
        plain: bool = False,
    ) -> None:
        odds = min(odds * self.weight, 0.9)
        self.shifts.append(
            Shift(first=first, last=last, odds=odds, toward=toward, away=away, plain=plain)
        )

    def points(self) -> list[tuple[int, float]]:
        """Days that share the claim's weight: its window, or its stretch where it has an end."""
        end = self.claim.valid.end
        if end is not None and self.claim.published is not None:
            last = min(end.toordinal() - 1, self.claim.published.toordinal())
            if last > self.last:
                n = min(_SPAN_POINTS, 2 + (last - self.first) // _SPAN_STEP_DAYS)
                part = 1.0 if n == 2 else max(0.35, 2.0 / n)
                return [(self.first + (last - self.first) * i // (n - 1), part) for i in range(n)]
        width = self.last - self.first + 1
        n = min(_POINTS, width)
        return [(self.first + width * (2 * i + 1) // (2 * n), 1.0 / n) for i in range(n)]

    def hold(self, holder: str) -> None:
        points = self.points()
        first = points[0][0]
        s = self.settings
        self.shift(first - s.hold_days, first, 1.0, toward=holder, plain=True)
        end, published = self.claim.valid.end, self.claim.published
        if end is not None and published is not None and end <= published:
            day = end.toordinal()
            self.mark(day, Says.NOT_HELD, holder, weight=s.before)
            self.shift(day - 1, day, s.change_odds * s.before, away=holder)
        if self.stands and published is not None:
            points = [*points, (published.toordinal(), 1.0)]
        for day, part in points:
            self.mark(day, Says.HELD, holder, part=part)

    def contest(self, parties: tuple[str, ...]) -> None:
        s = self.settings
        first = self.points()[0][0]
        self.shift(first - s.contest_days, first, s.contest_odds, toward=CONTESTED)
        for day, part in self.points():
            self.mark(day, Says.CONTESTED, CONTESTED, part=part, parties=parties)

    def change(self, *, gains: str | None, loses: str | None) -> None:
        s, before, after = self.settings, self.first - 1, self.last
        if loses:
            self.mark(before, Says.HELD, loses, weight=s.before)
        if gains:
            self.mark(before, Says.NOT_HELD, gains, weight=0.5 * s.before)
        self.shift(before, after, s.change_odds, toward=gains, away=None if gains else loses)
        named = self.claim.predicate == "captures"
        if gains:
            self.mark(after, Says.HELD, gains, weight=1.0 if named else _NAMED_WINNER)
            if self.stands and self.claim.published is not None:
                self.mark(self.claim.published.toordinal(), Says.HELD, gains)
        elif loses:
            self.mark(after, Says.NOT_HELD, loses, weight=_UNNAMED_WINNER if named else 1.0)

    def denial(self, predicate: str, subject: str | None, object_: str | None) -> None:
        if predicate == "contests":
            self.mark(self.last, Says.NOT_HELD, CONTESTED)
        elif predicate in ("holds", "captures") and subject:
            if object_ and object_ != subject and predicate == "captures":
                self.mark(self.last, Says.HELD, object_, weight=self.settings.before)
            for day, part in self.points() if predicate == "holds" else [(self.last, 1.0)]:
                self.mark(day, Says.NOT_HELD, subject, part=part)
        elif predicate == "loses" and subject:
            self.mark(self.last, Says.HELD, subject, weight=_NAMED_WINNER)

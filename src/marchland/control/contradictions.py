"""Claims about one place and overlapping days that can't all be true, laid side by side.

Two claims contradict each other when both are firm, come from different reports, and one says that
an actor holds the place while the other says that another does, or that this one does not. A change
of hands that is told as one is no contradiction: "A took it from B" after "B holds it".
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from marchland.claims import Claim
from marchland.control.evidence import days_of, known_by, reach
from marchland.control.infer import infer_control
from marchland.control.settings import DEFAULT, ControlSettings
from marchland.control.together import keep_company
from marchland.estimate import percent
from marchland.vocabulary import Vocabulary

_LASTS_DAYS = 7
"""How long a word on who holds a place is taken to be meant."""
_NOT = "not "
_LEAST = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Claims that can't all be true.

    Parameters
    ----------
    place
        Place id.
    start, end
        First and last day that they speak of together.
    sides
        What is claimed (a holder's actor id, or ``not`` and one) to the claims that say so.
    odds
        How the model's odds split between the outcomes named, halfway through.
    settles
        What would settle it, a sentence.
    """

    place: str
    place_name: str
    start: date
    end: date
    sides: Mapping[str, tuple[Claim, ...]]
    odds: Mapping[str, float]
    names: Mapping[str, str]
    settles: str

    @property
    def other(self) -> float:
        """Odds left to outcomes that no side names; a side that denies leaves none."""
        if any(side.startswith(_NOT) for side in self.sides):
            return 0.0
        return max(0.0, 1.0 - sum(self.odds.values()))

    def who(self, side: str) -> str:
        """Who says so: each source once, with whom it quotes."""
        said = sorted({_voice(c) for c in self.sides[side]}, key=str)
        return "; ".join(f"{v}, quoted by {s}" if v else s for s, v in said)

    @property
    def id(self) -> str:
        return f"x:{self.place}:{self.start}"

    def to_json(self) -> dict[str, Any]:
        """The record form."""
        return {
            "place": {"id": self.place, "name": self.place_name},
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "sides": {k: [c.to_json() for c in v] for k, v in self.sides.items()},
            "who": {
                k: [
                    {"source": source, "speaker": speaker}
                    for source, speaker in sorted({_voice(c) for c in v}, key=str)
                ]
                for k, v in self.sides.items()
            },
            "names": dict(self.names),
            "odds": {k: round(v, 4) for k, v in self.odds.items()},
            "other": round(self.other, 4),
            "settles": self.settles,
        }

    def __str__(self) -> str:
        when = f"{self.start}" if self.start == self.end else f"{self.start} to {self.end}"
        lines = [f"{self.place_name}, {when}"]
        for side, claims in self.sides.items():
            p = self.odds.get(side)
            odds = "" if p is None else f" ({percent(p)})"
            lines.append(f"  {self.names[side]}{odds}, says {self.who(side)}:")
            lines += [f"    {claim}  {claim.id}" for claim in claims]
        if self.other >= _LEAST:
            lines.append(f"  somebody else or contested ({percent(self.other)})")
        return "\n".join([*lines, f"  {self.settles}"])


def _voice(claim: Claim) -> tuple[str, str | None]:
    """The source's name, and the speaker's where one is quoted."""
    return claim.source.name, claim.speaker.name if claim.speaker else None


@dataclass(frozen=True, slots=True)
class _Word:
    """One claim's word on one place: on these days it is, or is not, this holder's."""

    claim: Claim
    place: str
    holder: str
    is_so: bool
    first: int
    last: int
    took_from: str | None

    @property
    def side(self) -> str:
        return self.holder if self.is_so else _NOT + self.holder


def contradictions(
    claims: Sequence[Claim],
    vocabulary: Vocabulary,
    *,
    start: date,
    end: date,
    as_of: date,
    settings: ControlSettings = DEFAULT,
) -> list[Contradiction]:
    """Contradictions that touch the days from `start` to `end`, as known on a day, in time order.

    Parameters
    ----------
    claims
        In any order; those published after `as_of` are not used.
    """
    known = known_by(claims, as_of)
    groups = []
    for words in _words(known, vocabulary, settings).values():
        groups += [g for g in _groups(words) if _span(g)[0] <= end and start <= _span(g)[1]]
    if not groups:
        return []
    spans = [_span(g) for g in groups]
    field = infer_control(
        known,
        vocabulary,
        as_of=as_of,
        start=min(a for a, _ in spans),
        end=max(b for _, b in spans),
        places=sorted({g[0].place for g in groups}),
        settings=settings,
    )
    found = []
    for words, (first, last) in zip(groups, spans, strict=True):
        middle = first + (last - first) / 2
        p = field.estimate(words[0].place, middle, explain=False).p
        found.append(_contradiction(words, first, last, p, vocabulary))
    return sorted(found, key=lambda c: (c.start, c.place))


def _words(
    claims: Sequence[Claim], vocabulary: Vocabulary, settings: ControlSettings
) -> Mapping[str, list[_Word]]:
    company = keep_company(claims, vocabulary, days_of=days_of, settings=settings)
    of = vocabulary.holder_of
    found: dict[str, list[_Word]] = defaultdict(list)
    for claim in claims:
        if claim.id in company.beside or claim.id in company.split:
            continue
        firm = settings.modality.get(claim.modality, 0.0)
        if abs(firm) < 0.5 or claim.predicate not in ("holds", "captures", "loses"):
            continue
        if claim.subject is None or not claim.subject.resolved:
            continue
        places = [p for p, share in reach(claim, vocabulary, settings) if share == 1.0]
        if not places:
            continue
        is_so = (claim.predicate != "loses") == (firm > 0)
        loser = of(claim.object.id) if claim.object and claim.object.resolved else None
        first, last = days_of(claim)
        if claim.predicate == "holds" and claim.valid.end is not None:
            last = max(last, claim.valid.end.toordinal() - 1 - _LASTS_DAYS)
        took = loser if claim.predicate == "captures" and firm > 0 else None
        word = _Word(
            claim, places[0], of(claim.subject.id), is_so, first, last + _LASTS_DAYS, took
        )  # fmt: skip
        found[places[0]].append(word)
    return found


def _at_odds(a: _Word, b: _Word) -> bool:
    """Whether two words on one place can't both be true."""
    if a.claim.report.id == b.claim.report.id or a.first > b.last or b.first > a.last:
        return False
    if a.is_so and b.is_so:
        clash = a.holder != b.holder
    elif a.is_so != b.is_so:
        clash = a.holder == b.holder
    else:
        return False
    return clash and not _follows(a, b) and not _follows(b, a)


def _follows(later: _Word, earlier: _Word) -> bool:
    """Whether `later` tells of a change that comes after what `earlier` says."""
    tells = {"captures": later.is_so, "loses": not later.is_so}
    if later.first < earlier.first or not tells.get(later.claim.predicate, False):
        return False
    if later.claim.predicate == "loses":
        return later.first > earlier.first or earlier.claim.predicate == "holds"
    if later.first == earlier.first:
        # Of the same day: a change from the very holder, whose hold was told of the day before it.
        return earlier.claim.predicate == "holds" and later.took_from == earlier.holder
    return earlier.is_so


def _groups(words: Sequence[_Word]) -> list[list[_Word]]:
    """Words joined by contradictions, transitively; each at least two."""
    ordered = sorted(words, key=lambda w: (w.first, w.claim.id))
    leader = list(range(len(ordered)))

    def find(i: int) -> int:
        while leader[i] != i:
            i = leader[i]
        return i

    for i, a in enumerate(ordered):
        for j in range(i + 1, len(ordered)):
            if ordered[j].first > a.last:
                break
            if _at_odds(a, ordered[j]):
                leader[find(j)] = find(i)
    groups: dict[int, list[_Word]] = defaultdict(list)
    for i, word in enumerate(ordered):
        groups[find(i)].append(word)
    return [g for g in groups.values() if len(g) > 1]


def _span(words: Sequence[_Word]) -> tuple[date, date]:
    """From the first to the last day that they speak of, without the days a word lasts."""
    first = min(w.first for w in words)
    last = max(max(w.first, w.last - _LASTS_DAYS) for w in words)
    return date.fromordinal(first), date.fromordinal(last)


def _contradiction(
    words: Sequence[_Word],
    first: date,
    last: date,
    p: Mapping[str, float],
    vocabulary: Vocabulary,
) -> Contradiction:
    sides: dict[str, list[Claim]] = defaultdict(list)
    for word in words:
        sides[word.side].append(word.claim)
    names, odds = {}, {}
    for side in sides:
        holder = side.removeprefix(_NOT)
        actor = vocabulary.find_actor(holder)
        name = actor.name if actor else holder
        names[side] = name if side == holder else f"not {name}"
        odds[side] = p.get(holder, 0.0) if side == holder else 1.0 - p.get(holder, 0.0)
    place = vocabulary.find_place(words[0].place)
    place_name = place.name if place else words[0].place
    return Contradiction(
        place=words[0].place,
        place_name=place_name,
        start=first,
        end=last,
        sides={k: tuple(v) for k, v in sides.items()},
        odds=odds,
        names=names,
        settles=_settles(words, place_name, first, last),
    )


def _settles(words: Sequence[_Word], place: str, first: date, last: date) -> str:
    speakers = {w.claim.speaker.name for w in words if w.claim.speaker}
    sources = {w.claim.source.spoken for w in words}
    until = (last + timedelta(days=_LASTS_DAYS)).isoformat()
    who = "a source that is on neither side"
    if len(sources) == 1:
        who = f"a source other than {next(iter(sources))}"
    elif speakers:
        who = f"a witness other than {' and '.join(sorted(speakers))}"
    return f"It would be settled by {who} placing either side in {place} from {first} to {until}."

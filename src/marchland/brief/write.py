"""From answers to a brief.

The rule: a statement is written only where a passage carries it. What the answers say without a
passage (a table's claim, a place nobody wrote about) goes to the list of gaps, with the reason.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Protocol

from marchland.alignment import AlignmentEstimate
from marchland.brief.firmness import firmly
from marchland.brief.model import Brief, Citation, Section, Statement
from marchland.brief.ties import TieStory, deeds_told, shifts_told
from marchland.claims import Claim
from marchland.control import Contradiction
from marchland.corridor import CorridorEstimate, Stop
from marchland.estimate import Because, Estimate, percent
from marchland.vocabulary import Vocabulary

_MOST_CITED = 4
_MOST_CONTRADICTIONS = 6
_RECENT = timedelta(days=120)
_SURE = 0.995
_RIVAL = 0.02


class PassageLike(Protocol):
    """The text around a claim's quote."""

    @property
    def before(self) -> str: ...

    @property
    def after(self) -> str: ...


FindPassage = Callable[[Claim], PassageLike | None]


class _Writer:
    """Numbers citations as statements ask for them, and keeps what can't be said."""

    def __init__(self, passage: FindPassage) -> None:
        self._passage = passage
        self.citations: list[Citation] = []
        self.gaps: list[str] = []
        self._numbers: dict[str, int] = {}

    def say(
        self, text: str, claims: Iterable[Claim], *, most: int = _MOST_CITED
    ) -> Statement | None:
        """A statement resting on `claims`; a gap, and None, where none of them is from a text."""
        known = list(claims)
        textual = [c for c in dict.fromkeys(known) if c.from_text][:most]
        if not textual:
            why = "rests on a table alone" if known else "no claim says so"
            self.gaps.append(f"{text} ({why})")
            return None
        return Statement(text=text, cites=tuple(self._number(c) for c in textual))

    def _number(self, claim: Claim) -> int:
        if claim.id not in self._numbers:
            passage = self._passage(claim)
            self._numbers[claim.id] = len(self.citations) + 1
            self.citations.append(
                Citation(
                    number=self._numbers[claim.id],
                    claim=claim,
                    before=passage.before if passage else "",
                    after=passage.after if passage else "",
                )
            )
        return self._numbers[claim.id]


def write_brief(
    answers: Sequence[Estimate],
    *,
    title: str,
    earlier: Sequence[Estimate] = (),
    contradictions: Sequence[Contradiction] = (),
    ties: Sequence[TieStory] = (),
    vocabulary: Vocabulary,
    passage: FindPassage,
    theatre: str = "",
) -> Brief:
    """Write a brief.

    Parameters
    ----------
    answers
        Corridor, control and alignment estimates of one day and one as-of day.
    earlier
        The same questions answered for an earlier day, in the same order; may be empty.
    contradictions
        Claims that can't all be true; those about places of the answers are told.
    ties
        What became of pairs of actors from the earlier day to the later.
    passage
        Finds the text around a claim's quote.
    """
    writer = _Writer(passage)
    corridors = [a for a in answers if isinstance(a, CorridorEstimate)]
    alignments = [a for a in answers if isinstance(a, AlignmentEstimate)]
    others = [a for a in answers if a not in corridors and a not in alignments]
    sections = [
        Section(heading="Bottom line", statements=_kept(_bottom_line(writer, a) for a in answers)),
        Section(
            heading="Along the road",
            statements=_kept(s for c in corridors for s in _road(writer, c, vocabulary)),
        ),
        Section(
            heading="How firmly it is held",
            statements=_kept(
                writer.say(text, _by_place(c, vocabulary).get(place, ()))
                for c in corridors
                for place, text in firmly(c, vocabulary)
            ),
        ),
        Section(
            heading="Who holds what",
            statements=_kept(s for e in others for s in _control(writer, e)),
        ),
        Section(
            heading="Who stands with whom",
            statements=_kept(
                s for a in (*corridors, *alignments) for s in _ties(writer, a, vocabulary)
            ),
        ),
        Section(
            heading="Then and now",
            statements=_kept(
                s for then, now in zip(earlier, answers, strict=False)
                for s in _then_and_now(writer, then, now)
            ),
        ),
        Section(
            heading="Ties that changed",
            statements=_kept(
                writer.say(text, claims)
                for story in ties
                for text, claims in shifts_told(story, vocabulary)
            ),
        ),
        Section(
            heading="Words and deeds",
            statements=_kept(
                writer.say(text, claims)
                for story in ties
                for text, claims in deeds_told(story, vocabulary)
            ),
        ),
        Section(
            heading="Open contradictions",
            statements=_kept(
                _contradiction(writer, c, vocabulary)
                for c in _about(contradictions, (*answers, *earlier))
            ),
        ),
    ]  # fmt: skip
    for corridor in corridors:
        writer.gaps.extend(_unknown_stretches(corridor, vocabulary))
    first = answers[0]
    return Brief(
        title=title,
        theatre=theatre,
        on=first.on,
        as_of=first.as_of,
        sections=tuple(s for s in sections if s.statements),
        citations=tuple(writer.citations),
        gaps=tuple(dict.fromkeys(writer.gaps)),
        answers=tuple(a.id for a in (*answers, *earlier)),
        given=dict(first.given),
    )


def _bottom_line(writer: _Writer, answer: Estimate) -> Statement | None:
    return writer.say(str(answer), _claims(answer.because))


def _road(
    writer: _Writer, corridor: CorridorEstimate, vocabulary: Vocabulary
) -> Iterable[Statement | None]:
    """The route as stretches of one holder, then the weakest points."""
    by_place = _by_place(corridor, vocabulary)
    for holder, run in groupby(corridor.route, key=lambda stop: stop.holder):
        stops = list(run)
        if holder is None:
            continue
        claims = [c for stop in stops for c in by_place.get(stop.place, ())[:2]]
        yield writer.say(_stretch(corridor, holder, stops, vocabulary), claims, most=6)
    for crossing in corridor.crossings:
        opening = crossing.opening
        if opening.facts or opening.claim is not None:
            names = " / ".join(_name(vocabulary, place) for place in opening.ends)
            claims = [opening.claim] if opening.claim is not None else []
            text = f"{names} on {_long(corridor.on)}: {opening.told}"
            if claims:
                yield writer.say(f"{text}.", claims)
            else:
                writer.gaps.append(f"{text} (a fact of the theatre, that no report carries)")
    for point in corridor.chokepoints[:3]:
        if point.p_pass >= _SURE:
            continue
        name = _name(vocabulary, point.place)
        yield writer.say(
            f"{name} is a weak point on {_long(corridor.on)}: {corridor.traveller_name} can pass "
            f"it with odds of {percent(point.p_pass)}, and the odds of an open road hang on it by "
            f"{_points(point.importance)}.",
            by_place.get(point.place, ()),
        )


def _stretch(
    corridor: CorridorEstimate, holder: str, stops: Sequence[Stop], vocabulary: Vocabulary
) -> str:
    """Who holds a run of stops, and the hardest to pass of them."""
    weakest = min(stops, key=lambda stop: stop.p_pass)
    names, day = _places(stops, vocabulary), _long(corridor.on)
    be = "is" if len(stops) == 1 else "are"
    if holder == "contested":
        head = f"{names} {be} contested on {day}"
    else:
        head = f"{names} {be} most likely held by {_the(_name(vocabulary, holder))} on {day}"
    odds = f"odds of {percent(weakest.p_pass)}"
    if len(stops) == 1:
        return f"{head}; {corridor.traveller_name} can pass with {odds}."
    return (
        f"{head}; hardest to pass of these is {_name(vocabulary, weakest.place)}, with {odds} for "
        f"{corridor.traveller_name}."
    )


def _control(writer: _Writer, estimate: Estimate) -> Iterable[Statement | None]:
    if estimate.best is None:
        return
    ranked = sorted(estimate.p.items(), key=lambda kv: -kv[1])
    rivals = [f"{estimate.name_of(k)} {percent(p)}" for k, p in ranked[1:4] if p >= _RIVAL]
    if rivals:
        yield writer.say(
            f"{estimate.subject()} on {_long(estimate.on)}: besides "
            f"{estimate.name_of(estimate.best)} ({percent(ranked[0][1])}) it may be "
            f"{', '.join(rivals)}.",
            _claims(estimate.because)[_MOST_CITED:] or _claims(estimate.because),
            most=6,
        )
    else:
        yield writer.say(
            f"No other holder of {estimate.subject()} has odds of {percent(_RIVAL)} or more on "
            f"{_long(estimate.on)}.",
            _claims(estimate.because)[_MOST_CITED:] or _claims(estimate.because),
            most=6,
        )
    for reason in estimate.because:
        claim = reason.claim
        if isinstance(claim, Claim) and reason.weight < -0.02:
            yield writer.say(f"Against this: {_sentence(claim)}", [claim])


def _ties(writer: _Writer, answer: Estimate, vocabulary: Vocabulary) -> Iterable[Statement | None]:
    """The relation claims behind an answer, each said by whoever said it."""
    seen: set[tuple[str, str, str]] = set()
    for reason in answer.because:
        claim = reason.claim
        if not isinstance(claim, Claim) or claim.kind.value != "relation":
            continue
        key = (claim.subject.id if claim.subject else "", claim.predicate,
               claim.object.id if claim.object else "")  # fmt: skip
        if key not in seen and claim.from_text:
            seen.add(key)
            yield writer.say(_sentence(claim), [claim])


def _then_and_now(writer: _Writer, then: Estimate, now: Estimate) -> Iterable[Statement | None]:
    yield writer.say(f"Before: {then}", _claims(then.because))
    if isinstance(then, CorridorEstimate) and isinstance(now, CorridorEstimate):
        change = (
            f"the road was {then.status} on {_long(then.on)} and is {now.status} on {_long(now.on)}"
        )
        moved = now.p.get("open", 0.0) - then.p.get("open", 0.0)
        yield writer.say(
            f"So {change}; the odds that it is open moved by {_points(moved, signed=True)}.",
            [*_claims(then.because, textual=3), *_claims(now.because, textual=3)],
            most=6,
        )
    elif then.best is not None and now.best is not None:
        before, after = _state(then, then.best), _state(now, now.best)
        yield writer.say(
            f"So {now.subject()} was {before} on {_long(then.on)} and is {after} on "
            f"{_long(now.on)}."
            if before != after
            else f"So {now.subject()} is {after} on both days.",
            [*_claims(then.because, textual=3), *_claims(now.because, textual=3)],
            most=6,
        )


def _contradiction(
    writer: _Writer, item: Contradiction, vocabulary: Vocabulary
) -> Statement | None:
    sides = []
    cited: list[Claim] = []
    for holder, claims in item.sides.items():
        cited.extend(claims[:2])
        who = ", ".join(dict.fromkeys(_voice(c) for c in claims[:3]))
        sides.append(f"{_name(vocabulary, holder)} according to {who}")
    return writer.say(
        f"{_name(vocabulary, item.place)}, {item.start} to {item.end}: {'; '.join(sides)}. "
        f"{item.settles}",
        cited,
        most=6,
    )


def _about(
    contradictions: Sequence[Contradiction], answers: Sequence[Estimate]
) -> list[Contradiction]:
    places = {str(a.about["place"]["id"]) for a in answers if "place" in a.about}
    for answer in answers:
        if isinstance(answer, CorridorEstimate):
            places |= {stop.place for stop in answer.route}
            places |= {point.place for point in answer.chokepoints}
    since = min(a.on for a in answers) - _RECENT
    found = [c for c in contradictions if c.place in places and c.end >= since]
    return found[-_MOST_CONTRADICTIONS:]


def _unknown_stretches(corridor: CorridorEstimate, vocabulary: Vocabulary) -> list[str]:
    unknown = [stop for stop in corridor.route if stop.n_claims == 0]
    if not unknown:
        return []
    return [
        f"Who holds {_places(unknown, vocabulary)} on {_long(corridor.on)}: no claim published by "
        f"{_long(corridor.as_of)} says"
    ]


def _by_place(corridor: CorridorEstimate, vocabulary: Vocabulary) -> dict[str, list[Claim]]:
    """Claims behind the corridor by place; an area's claims count for the places in it."""
    found: dict[str, list[Claim]] = {}
    for claim in _claims(corridor.because):
        if claim.place is not None:
            for place in (claim.place.id, *vocabulary.members_of(claim.place.id)):
                found.setdefault(place, []).append(claim)
    return found


def _claims(because: Sequence[Because], *, textual: int | None = None) -> list[Claim]:
    """The claims that speak for an answer; or only so many of those from a text."""
    found = [b.claim for b in because if isinstance(b.claim, Claim) and b.weight >= 0]
    return found if textual is None else [c for c in found if c.from_text][:textual]


def _sentence(claim: Claim) -> str:
    said = " ".join((claim.quote or str(claim)).split())
    voice = _voice(claim)
    return f'{voice[0].upper()}{voice[1:]}: "{said}".'


def _voice(claim: Claim) -> str:
    day = claim.published or "undated"
    if claim.speaker is not None:
        return f"{claim.speaker.name} in {claim.source.spoken} ({day})"
    return f"{claim.source.spoken} ({day})"


def _state(answer: Estimate, outcome: str) -> str:
    held = answer.question == "control" and outcome not in ("contested", "none")
    name = answer.name_of(outcome)
    return f"held by {_the(name)}" if held else name


def _points(share: float, *, signed: bool = False) -> str:
    """A difference of odds."""
    return f"{100 * share:+.0f} points" if signed else f"{100 * abs(share):.0f} points"


def _the(name: str) -> str:
    """A body's name within a sentence; a country's stands alone."""
    return f"the {name}" if " " in name and not name.startswith(("the ", "The ")) else name


def _places(stops: Sequence[Stop], vocabulary: Vocabulary) -> str:
    names = [_name(vocabulary, stop.place) for stop in stops]
    if len(names) > 6:
        names = [*names[:3], f"{len(names) - 5} more places", *names[-2:]]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _name(vocabulary: Vocabulary, id: str) -> str:
    if id in ("contested", "none"):
        return {"contested": "nobody alone (contested)", "none": "nobody"}[id]
    thing = vocabulary.find_place(id) or vocabulary.find_actor(id)
    return thing.name if thing else id


def _kept(statements: Iterable[Statement | None]) -> tuple[Statement, ...]:
    return tuple(s for s in statements if s is not None)


def _long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"

"""From answers to a brief.

The rule: a statement is written only where a passage carries it. What the answers say without a
passage (a table's claim, a place nobody wrote about) goes to the list of gaps, with the reason.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Protocol

from marchland.alignment import AlignmentEstimate
from marchland.brief.model import Brief, Citation, Section, Statement
from marchland.claims import Claim
from marchland.control import Contradiction
from marchland.corridor import CorridorEstimate, Stop
from marchland.estimate import Because, Estimate, probability_words
from marchland.vocabulary import Vocabulary

_MOST_CITED = 4
_MOST_CONTRADICTIONS = 6


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
            heading="Open contradictions",
            statements=_kept(
                _contradiction(writer, c, vocabulary) for c in _about(contradictions, answers)
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
        weakest = min(stops, key=lambda stop: stop.p_pass)
        claims = [c for stop in stops for c in by_place.get(stop.place, ())[:2]]
        yield writer.say(
            f"{_name(vocabulary, holder)} is the likeliest holder of {_places(stops, vocabulary)} "
            f"on {_long(corridor.on)}; hardest to pass there is "
            f"{_name(vocabulary, weakest.place)}, which {corridor.traveller_name} can "
            f"{probability_words(weakest.p_pass)} pass ({weakest.p_pass:.0%}).",
            claims,
            most=6,
        )
    for point in corridor.chokepoints[:3]:
        name = _name(vocabulary, point.place)
        yield writer.say(
            f"{name} decides much: were it certain to be passable rather than shut, the odds of an "
            f"open road on {_long(corridor.on)} would differ by {abs(point.importance):.0%}.",
            by_place.get(point.place, ()),
        )


def _control(writer: _Writer, estimate: Estimate) -> Iterable[Statement | None]:
    ranked = sorted(estimate.p.items(), key=lambda kv: -kv[1])
    if estimate.best is None:
        return
    rivals = [f"{estimate.name_of(k)} {p:.0%}" for k, p in ranked[1:4] if p >= 0.02]
    rest = f"; else {', '.join(rivals)}" if rivals else ""
    yield writer.say(
        f"{estimate.subject()} is {probability_words(ranked[0][1])} held by "
        f"{estimate.name_of(ranked[0][0])} ({ranked[0][1]:.0%}{rest}) on {_long(estimate.on)}.",
        _claims(estimate.because),
        most=6,
    )
    for reason in estimate.because:
        claim = reason.claim
        if isinstance(claim, Claim) and reason.weight < -0.02:
            yield writer.say(f"Against this stands a report: {_sentence(claim)}.", [claim])


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
            yield writer.say(f"{_sentence(claim)}.", [claim])


def _then_and_now(writer: _Writer, then: Estimate, now: Estimate) -> Iterable[Statement | None]:
    yield writer.say(f"Then: {then}", _claims(then.because))
    if isinstance(then, CorridorEstimate) and isinstance(now, CorridorEstimate):
        change = (
            f"the road was {then.status} on {_long(then.on)} and is {now.status} on {_long(now.on)}"
        )
        moved = now.p.get("open", 0.0) - then.p.get("open", 0.0)
        yield writer.say(
            f"Between the two days {change}; the odds that it is open moved by {moved:+.0%}.",
            [*_claims(then.because)[:3], *_claims(now.because)[:3]],
            most=6,
        )
    elif then.best is not None and now.best is not None:
        same = "the same" if then.best == now.best else "another"
        yield writer.say(
            f"Between the two days the likeliest answer is {same}: "
            f"{then.name_of(then.best)}, then {now.name_of(now.best)}.",
            [*_claims(then.because)[:3], *_claims(now.because)[:3]],
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
    return [c for c in contradictions if c.place in places][-_MOST_CONTRADICTIONS:]


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


def _claims(because: Sequence[Because]) -> list[Claim]:
    return [b.claim for b in because if isinstance(b.claim, Claim) and b.weight >= 0]


def _sentence(claim: Claim) -> str:
    return f'{_voice(claim)}: "{" ".join((claim.quote or str(claim)).split())}"'


def _voice(claim: Claim) -> str:
    day = claim.published or "undated"
    if claim.speaker is not None:
        return f"{claim.speaker.name} in {claim.source.name} ({day})"
    return f"{claim.source.name} ({day})"


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

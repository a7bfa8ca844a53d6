"""What each source and each speaker has said, and how it stood against the rest.

The rule: a plain claim of who holds a place *agrees* where most other tellers that speak of the
place within 30 days name the same holder, *disagrees* where most name another; where nobody else
speaks it stands *alone*. That is its record, which anybody can check. Its reliability is learned by
the model, which weighs the same against everything else known; its 90 % interval is that of a beta
distribution with the claims it was judged by and the prior's.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scipy.special import betaincinv

from marchland.claims import Claim, Modality
from marchland.control.evidence import Piece, Says, known_by, read_evidence
from marchland.control.settings import ControlSettings
from marchland.vocabulary import Vocabulary

_NEAR_DAYS = 30
_EXAMPLES = 2
_SPEAKER = "speaker:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What the model learned of one teller.

    Parameters
    ----------
    right
        Chance that a plain assertion of its is right.
    lean
        Holder id that it favours; None where it favours nobody.
    false
        Chance that it names that one where another holds.
    n
        Claims it was judged by.
    """

    right: float
    lean: str | None = None
    false: float = 0.0
    n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One claim set against what others said: `agrees`, and how many others name whom."""

    claim: Claim
    agrees: bool
    others: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """The record form."""
        return {"agrees": self.agrees, "others": dict(self.others), "claim": self.claim.to_json()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A teller: a source, or a speaker whom sources quote.

    Parameters
    ----------
    id
        Source id; of a speaker ``speaker:`` and the holder's id it speaks for.
    reliability, interval
        Chance that a plain assertion is right, with its 90 % interval.
    learned
        Whether it was learned; else it is the prior.
    judged
        Claims it was judged by.
    lean, false
        The holder it favours, and the chance that it names that one where another holds.
    agreed, disagreed, alone
        Plain claims of who holds a place, against what others said.
    in_own_favour, against_interest
        Claims good for the side it leans to or speaks for, and such that cost that side something.
    """

    id: str
    name: str
    speaks: bool
    reports: int
    claims: int
    latest: date | None
    reliability: float
    interval: tuple[float, float]
    learned: bool
    judged: int
    lean: str | None
    lean_name: str | None
    false: float
    agreed: int
    disagreed: int
    alone: int
    in_own_favour: int
    against_interest: int
    examples: tuple[Example, ...]

    def to_json(self) -> dict[str, Any]:
        """The record form."""
        return {
            "id": self.id,
            "name": self.name,
            "speaks": self.speaks,
            "reports": self.reports,
            "claims": self.claims,
            "latest": self.latest.isoformat() if self.latest else None,
            "reliability": round(self.reliability, 4),
            "interval": [round(v, 4) for v in self.interval],
            "learned": self.learned,
            "judged": self.judged,
            "lean": self.lean,
            "lean_name": self.lean_name,
            "false": round(self.false, 4) if self.lean else None,
            "agreed": self.agreed,
            "disagreed": self.disagreed,
            "alone": self.alone,
            "in_own_favour": self.in_own_favour,
            "against_interest": self.against_interest,
            "examples": [e.to_json() for e in self.examples],
        }


def records(
    claims: Sequence[Claim],
    vocabulary: Vocabulary,
    *,
    as_of: date | None,
    learned: Mapping[str, Learned],
    settings: ControlSettings,
) -> list[Record]:
    """The record of every source and speaker, most claims first.

    Parameters
    ----------
    claims
        In any order.
    as_of
        Only those published by the end of this day; None for all, dated or not.
    learned
        By teller.
    """
    of = vocabulary.holder_of
    told = list(claims) if as_of is None else known_by(claims, as_of)
    dated = [c for c in told if c.published is not None]
    stood = _stood(read_evidence(dated, vocabulary, settings), vocabulary)
    mine: dict[str, list[Claim]] = defaultdict(list)
    names: dict[str, str] = {}
    for claim in told:
        names[claim.source.id] = claim.source.name
        mine[claim.source.id].append(claim)
        if claim.speaker is not None and claim.speaker.resolved:
            key = _SPEAKER + of(claim.speaker.id)
            holder = vocabulary.find_actor(of(claim.speaker.id))
            names[key] = holder.name if holder else claim.speaker.name
            mine[key].append(claim)
    found = [
        _record(key, names[key], said, learned, stood.get(key, []), vocabulary, settings)
        for key, said in mine.items()
    ]
    return sorted(found, key=lambda r: (-r.claims, r.id))


def _stood(
    pieces: Sequence[Piece], vocabulary: Vocabulary
) -> Mapping[str, list[tuple[Piece, Mapping[str, int]]]]:
    """By teller its plain claims, each with whom others name there at that time."""
    by_place: dict[str, list[tuple[int, str, Piece]]] = defaultdict(list)
    for piece in pieces:
        mark, claim = piece.marks[-1], piece.claim
        if mark.says is Says.HELD and claim.modality is Modality.ASSERTED:
            by_place[piece.place].append((mark.day, claim.source.id, piece))
    found: dict[str, list[tuple[Piece, Mapping[str, int]]]] = defaultdict(list)
    for said in by_place.values():
        said.sort(key=lambda s: (s[0], s[2].claim.id))
        first = 0
        for day, source, piece in said:
            while said[first][0] < day - _NEAR_DAYS:
                first += 1
            others: dict[str, dict[str, str]] = {}
            for other_day, other_source, other in said[first:]:
                if other_day > day + _NEAR_DAYS:
                    break
                if other_source != source and not _same_story(other.claim, piece.claim):
                    others.setdefault(other_source, {})[other.marks[-1].target] = other.place
            named: dict[str, int] = defaultdict(int)
            for targets in others.values():
                for target in targets:
                    named[target] += 1
            found[source].append((piece, dict(named)))
            speaker = piece.claim.speaker
            if speaker is not None and speaker.resolved:
                key = _SPEAKER + vocabulary.holder_of(speaker.id)
                found[key].append((piece, dict(named)))
    return found


def _same_story(a: Claim, b: Claim) -> bool:
    return a.observation is not None and a.observation == b.observation


def _record(
    key: str,
    name: str,
    said: Sequence[Claim],
    learned: Mapping[str, Learned],
    stood: Sequence[tuple[Piece, Mapping[str, int]]],
    vocabulary: Vocabulary,
    settings: ControlSettings,
) -> Record:
    known = learned.get(key)
    right = known.right if known else settings.reliabilities.get(key, settings.reliability)
    speaks = key.startswith(_SPEAKER)
    side = key.removeprefix(_SPEAKER) if speaks else None
    lean = known.lean if known and known.lean else settings.leanings.get(key) or side
    found = vocabulary.find_actor(lean) if lean else None
    agreed: list[Example] = []
    disagreed: list[Example] = []
    alone = 0
    for piece, others in stood:
        if not others:
            alone += 1
            continue
        ours = others.get(piece.marks[-1].target, 0)
        agrees = 2 * ours >= sum(others.values())
        (agreed if agrees else disagreed).append(
            Example(claim=piece.claim, agrees=agrees, others=others)
        )
    good, bad = _interest(said, lean, vocabulary)
    published = [c.published for c in said if c.published is not None]
    return Record(
        id=key,
        name=name,
        speaks=speaks,
        reports=len({c.report.id for c in said}),
        claims=len(said),
        latest=max(published, default=None),
        reliability=right,
        interval=_interval(right, known.n if known else 0, settings.learning_prior),
        learned=known is not None,
        judged=known.n if known else 0,
        lean=lean,
        lean_name=found.name if found else lean,
        false=known.false if known else 0.0,
        agreed=len(agreed),
        disagreed=len(disagreed),
        alone=alone,
        in_own_favour=good,
        against_interest=bad,
        examples=(*_pick(disagreed), *_pick(agreed)),
    )


def _pick(examples: Sequence[Example]) -> list[Example]:
    """Those with words to quote first, then those most others speak to."""
    order = sorted(examples, key=lambda e: (not e.claim.quote, -sum(e.others.values()), e.claim.id))
    return order[:_EXAMPLES]


def _interval(right: float, n: int, prior: float) -> tuple[float, float]:
    weight = n + prior
    a, b = max(right * weight, 1e-3), max((1.0 - right) * weight, 1e-3)
    low, high = (float(betaincinv(a, b, q)) for q in (0.05, 0.95))
    return min(low, right), max(high, right)


def _interest(said: Sequence[Claim], lean: str | None, vocabulary: Vocabulary) -> tuple[int, int]:
    """Claims of control that are good for a side, and such that are bad for it."""
    if lean is None:
        return 0, 0
    side, good, bad = vocabulary.holder_of(lean), 0, 0
    for claim in said:
        if claim.predicate not in ("holds", "captures", "loses", "withdraws"):
            continue
        subject, object_ = (
            vocabulary.holder_of(r.id) if r is not None and r.resolved else None
            for r in (claim.subject, claim.object)
        )
        gains, loses = subject, object_
        if claim.predicate in ("loses", "withdraws"):
            gains, loses = object_, subject
        good += gains == side
        bad += loses == side
    return good, bad

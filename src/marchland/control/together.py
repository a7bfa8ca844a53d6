"""Several actors at one place in one report: side by side, or split between them.

"The army and Hezbollah captured X" is two claims with one quote: the state, else the first named,
holds; the other is present beside it. "The army holds the west of X, the rebels the east" is two
holders of one place at one time: the place is contested. Two who are known to fight each other
never hold together. "The army held half" says as much alone: somebody else is in the rest.

"The army captured X, the last town held by the rebels": the second claim is of the day before the
first, though the report dates both alike.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from marchland.claims import Claim
from marchland.control.settings import ControlSettings
from marchland.vocabulary import Vocabulary

_HOLDING = frozenset({"holds", "captures"})
_PART = re.compile(
    r"\b(half|halves|the (rest|remainder)|parts? of|some of|most of|(?<!last )(districts?|quarters?"
    r"|neighbou?rhoods?)|(eastern|western|northern|southern) (side|part|bank|suburbs))\b",
    re.IGNORECASE,
)
"""Words for a share of a place."""
_OVER = re.compile(
    r"\bhad (been|held|controlled)\b|\w-(held|controlled)\b"
    r"|(?<!\bis)(?<!\bare)(?<!\bwas)(?<!\bwere)(?<!\bbeen)(?<!\bstill)(?<!\bremains)"
    r"(?<!\bremained) (held|controlled) by\b",
    re.IGNORECASE,
)
"""How a report of a change tells of what was before it: no verb of its own, or one in the past."""
_STATUS = frozenset({"holds", "contests"})
_ENMITY = frozenset({"fights", "opposes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """How claims of one report bear on each other.

    Parameters
    ----------
    beside
        Claim ids whose subject is present beside the holder, no rival of it; to the id of the
        holder's claim.
    split
        Claim ids of places held by several at once; to their holders.
    over
        Claim ids of what was before a change that the same report tells of; to the day (a
        proleptic ordinal) before it.
    """

    beside: Mapping[str, str]
    split: Mapping[str, tuple[str, ...]]
    over: Mapping[str, int]


def keep_company(
    claims: Sequence[Claim],
    vocabulary: Vocabulary,
    *,
    days_of: Callable[[Claim], tuple[int, int]],
    settings: ControlSettings,
) -> Company:
    """Find joint and split holders among claims of one report about one place."""
    of = vocabulary.holder_of
    foes: set[frozenset[str]] = set()
    groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    stated: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    split: dict[str, tuple[str, ...]] = {}
    for claim in claims:
        if not (claim.subject and claim.subject.resolved):
            continue
        if claim.object and claim.object.resolved and _at_odds(claim):
            foes.add(frozenset((of(claim.subject.id), of(claim.object.id))))
        firm = settings.modality.get(claim.modality, 0.0) > 0
        if firm and claim.predicate in _STATUS and claim.place and _OVER.search(claim.quote or ""):
            stated[claim.report.id, claim.place.id].append(claim)
        if firm and claim.predicate in _HOLDING and claim.place and claim.place.resolved:
            groups[claim.report.id, claim.place.id].append(claim)
            if not vocabulary.members_of(claim.place.id) and _in_part(claim):
                split[claim.id] = (of(claim.subject.id),)

    beside: dict[str, str] = {}
    for group in groups.values():
        ordered = sorted(group, key=lambda c: _standing(c, vocabulary))
        for i, first in enumerate(ordered):
            for second in ordered[i + 1 :]:
                a, b = _holder(first, of), _holder(second, of)
                if a == b or first.id in beside or not _overlap(days_of(first), days_of(second)):
                    continue
                if _one_breath(first, second) and frozenset((a, b)) not in foes:
                    beside[second.id] = first.id
                elif first.predicate == second.predicate == "holds":
                    both = {a, b, *split.get(first.id, ()), *split.get(second.id, ())}
                    split[first.id] = split[second.id] = tuple(sorted(both))
    for claim_id in beside:
        split.pop(claim_id, None)
    over: dict[str, int] = {}
    for key, before in stated.items():
        for change in groups.get(key, ()):
            day = days_of(change)[0]
            for claim in before:
                if days_of(claim)[0] == day and _ends(change, claim, of):
                    over[claim.id] = day - 1
    return Company(beside=beside, split=split, over=over)


def _ends(change: Claim, before: Claim, of: Callable[[str], str]) -> bool:
    """Whether a change, told by the same voice, is the end of what another claim says."""
    if change.predicate != "captures" or change.speaker != before.speaker:
        return False
    named = {of(r.id) for r in (before.subject, before.object) if r and r.resolved}
    loser = of(change.object.id) if change.object and change.object.resolved else None
    return _holder(change, of) not in named and (loser is None or loser in named)


def _in_part(claim: Claim) -> bool:
    """Whether the quote says that only a share of the place is meant.

    Taking the rest of a place completes it; and a quarter may be the place itself.
    """
    found = _PART.search(claim.quote or "")
    if found is None or claim.place is None:
        return False
    word = found.group().casefold()
    if claim.predicate == "captures" and word.startswith("the "):
        return False
    return word not in f"{claim.place.text} {claim.place.name}".casefold()


def _at_odds(claim: Claim) -> bool:
    return claim.predicate in _ENMITY or claim.predicate in ("captures", "loses", "contests")


def _holder(claim: Claim, of: Callable[[str], str]) -> str:
    assert claim.subject is not None
    return of(claim.subject.id)


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def _one_breath(a: Claim, b: Claim) -> bool:
    """Whether the quotes of two claims of one predicate overlap in their report."""
    if a.predicate != b.predicate or a.begin is None or b.begin is None:
        return False
    return a.begin < (b.end or 0) and b.begin < (a.end or 0)


def _standing(claim: Claim, vocabulary: Vocabulary) -> tuple[bool, int, str]:
    """States first, then who is named first."""
    assert claim.subject is not None
    actor = vocabulary.find_actor(vocabulary.holder_of(claim.subject.id))
    named = (claim.quote or "").find(claim.subject.text or claim.subject.name)
    place = named if named >= 0 else len(claim.quote or "")
    return (actor is None or actor.kind != "state", (claim.begin or 0) + place, claim.id)

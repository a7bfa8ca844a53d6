"""Which claims about an earlier day still stand on the day they are published.

A table's row of who holds a place since a day does: a table lists what stands. So does the end of a
note, a report titled with nothing but the name of a place: "Captured by A on 25 February.
Recaptured by B on 2 April", published in June, says that B held it in June. A report of something
else that mentions an old capture may well tell of what is over, and says no such thing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable

from marchland.claims import Claim, Modality
from marchland.vocabulary import fold

_STATES = frozenset({"captures", "loses", "holds", "contests", "withdraws"})

Days = Callable[[Claim], tuple[int, int]]
"""First and last day that a claim speaks of, as proleptic ordinals."""


def standing(claims: Iterable[Claim], *, days_of: Days) -> frozenset[str]:
    """Ids of the claims that name a holder of an earlier day and still do when published."""
    found = set()
    notes: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        if not claim.quote:
            if claim.predicate == "holds" and _since_earlier(claim, days_of):
                found.add(claim.id)
        elif claim.predicate in _STATES and _is_note(claim):
            assert claim.place is not None
            notes[claim.report.id, claim.place.id].append(claim)
    for told in notes.values():
        last = max(told, key=lambda c: (days_of(c)[1], c.begin or 0, c.id))
        names = last.predicate in ("captures", "holds") and last.subject is not None
        if names and last.modality is Modality.ASSERTED and _since_earlier(last, days_of):
            found.add(last.id)
    return frozenset(found)


def _since_earlier(claim: Claim, days_of: Days) -> bool:
    published = claim.published
    return (
        claim.valid.end is None
        and published is not None
        and days_of(claim)[1] < published.toordinal()
    )


def _is_note(claim: Claim) -> bool:
    """Whether a claim's report is titled with nothing but the name of the claim's place."""
    if claim.place is None or not claim.place.resolved:
        return False
    title = fold(claim.report.title)
    return bool(title) and title in (fold(claim.place.name), fold(claim.place.text or ""))

"""What the rules read before it is a claim: findings, and what was dropped and why."""

from dataclasses import dataclass

from marchland.claims import Modality, PlaceRef, Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule reads in one clause.

    Parameters
    ----------
    first, last
        Tokens of the clause that says it, both included.
    trigger
        Token of the word that says it.
    where
        Token of the place, where there is one.
    topical
        Whether the place is what the report is about, the clause naming none.
    """

    predicate: str
    rule: str
    prior: float
    trigger: int
    first: int
    last: int
    where: int | None = None
    subject: Ref | None = None
    object: Ref | None = None
    place: PlaceRef | None = None
    modality: Modality = Modality.ASSERTED
    topical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A rule that fired and said nothing, and why."""

    rule: str
    trigger: int
    why: str

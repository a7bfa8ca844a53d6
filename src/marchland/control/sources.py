"""How much a claim weighs: its source's reliability, whose word it is, and in whose interest.

The rule of the crowd-made maps of Syria, as a weight: a partisan's word counts in full only where
it costs his own side something. It is where learning begins: a teller with enough claims is judged
by how often it named its own side where another held (`Trust`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from marchland.claims import Claim, Modality
from marchland.control.settings import ControlSettings
from marchland.errors import BadInput

HolderOf = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """How often a teller's plain claims are right: its rows of a confusion matrix.

    Parameters
    ----------
    right
        Chance that it names the holder, where that is not the side it leans to.
    lean
        The holder it favours; None where it favours nobody.
    own
        Chance that it names its side where its side holds.
    false
        Chance that it names its side where another holds.
    n
        Claims it was judged by.
    """

    right: float
    lean: str | None = None
    own: float = 1.0
    false: float = 0.0
    n: int = 0

    def __post_init__(self) -> None:
        for name in ("right", "own", "false"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise BadInput(f"{name} is a chance from 0 to 1, not {getattr(self, name)}")


def reliability_of(claim: Claim, settings: ControlSettings) -> float:
    """Chance that a plain assertion of the claim's source is right."""
    return settings.reliabilities.get(claim.source.id, settings.prior_of(claim.source.id))


def firmness(claim: Claim, settings: ControlSettings) -> float:
    """Signed weight of how firmly the text says it: negative speaks against."""
    return settings.modality.get(Modality(claim.modality), 0.0) * claim.p_read


def teller_of(claim: Claim, of: HolderOf) -> str:
    """Whose word a claim is: a source's, or that of the party it quotes."""
    if claim.speaker is not None and claim.speaker.resolved:
        return f"speaker:{of(claim.speaker.id)}"
    return claim.source.id


def interest_of(
    claim: Claim, settings: ControlSettings, *, gains: str | None, loses: str | None, of: HolderOf
) -> float:
    """Weight of a claim for whom it is good for, where nothing is learned of its teller.

    Parameters
    ----------
    gains, loses
        Holder ids that the claim is good and bad for, as asserted.
    of
        The holder that an actor belongs to.
    """
    speaker = of(claim.speaker.id) if claim.speaker and claim.speaker.resolved else None
    if settings.modality.get(claim.modality, 0.0) < 0:
        gains, loses = loses, gains
    leaning = settings.leanings.get(claim.source.id)
    sides = {side for side in (speaker, of(leaning) if leaning else None) if side}
    if gains in sides:
        return settings.own_favour
    if loses in sides:
        return settings.against_interest
    return 1.0


def in_own_favour(claim: Claim, leanings: Mapping[str, str], of: HolderOf) -> bool:
    """Whether a claim is good for its speaker, or for the side that its source leans to."""
    winner = claim.object if claim.predicate in ("loses", "withdraws") else claim.subject
    if winner is None or not winner.resolved:
        return False
    leaning = leanings.get(claim.source.id)
    sides = {of(leaning)} if leaning else set()
    if claim.speaker and claim.speaker.resolved:
        sides.add(of(claim.speaker.id))
    return of(winner.id) in sides

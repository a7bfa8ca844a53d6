"""How much a claim weighs: its source's reliability, whose word it is, and in whose interest.

The rule of the crowd-made maps of Syria, as a weight: a partisan's word counts in full only where
it costs his own side something.
"""

from collections.abc import Callable, Mapping

from marchland.claims import Claim, Modality
from marchland.control.settings import ControlSettings

HolderOf = Callable[[str], str]


def reliability_of(claim: Claim, settings: ControlSettings) -> float:
    """Chance that a plain assertion of the claim's source is right."""
    return settings.reliabilities.get(claim.source.id, settings.reliability)


def firmness(claim: Claim, settings: ControlSettings) -> float:
    """Signed weight of how firmly the text says it: negative speaks against."""
    return settings.modality.get(Modality(claim.modality), 0.0) * claim.p_read


def voice(
    claim: Claim, settings: ControlSettings, *, gains: str | None, loses: str | None, of: HolderOf
) -> float:
    """Weight of whose word the claim is.

    Parameters
    ----------
    gains, loses
        Holder ids that the claim is good and bad for, as asserted.
    of
        The holder that an actor belongs to.
    """
    weight = 1.0
    speaker = of(claim.speaker.id) if claim.speaker and claim.speaker.resolved else None
    if claim.speaker is not None:
        weight *= settings.second_hand
    if settings.modality.get(claim.modality, 0.0) < 0:
        gains, loses = loses, gains
    leaning = settings.leanings.get(claim.source.id)
    sides = {side for side in (speaker, of(leaning) if leaning else None) if side}
    if gains in sides:
        return weight * settings.own_favour
    if loses in sides:
        return weight * settings.against_interest
    return weight


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

"""Who lets a traveller pass: its coalition, with the permissive actors that are so for it."""

from datetime import date

from marchland.alignment import AlignmentNetwork, Coalition
from marchland.corridor.settings import CorridorSettings

_LIKELY = 0.5


def is_let_pass(
    traveller: str, network: AlignmentNetwork, on: date, settings: CorridorSettings
) -> bool:
    """Whether the settings' permissive actors are so for a traveller on a day.

    They are for the actor that they are said to be about, and for whoever likely stands in its
    coalition; a rival of it is not let pass by those who trade with it.
    """
    whose = settings.let_pass
    if whose is None or whose == traveller:
        return True
    members = network.coalition(whose, on).members
    return any(m.actor == traveller and m.p >= _LIKELY for m in members)


def coalition_of(
    traveller: str, network: AlignmentNetwork, on: date, settings: CorridorSettings
) -> Coalition:
    """The traveller's coalition on a day, under the settings' ground."""
    if settings.permissive and not is_let_pass(traveller, network, on, settings):
        return network.coalition(traveller, on)
    return network.coalition(
        traveller, on, ground=settings.ground, permissive=settings.permissive,
        beside=settings.beside,
    )  # fmt: skip

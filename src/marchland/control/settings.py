"""What the control model assumes; every number is a setting."""

from dataclasses import asdict, dataclass, field
from typing import Any

from marchland.claims import Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSettings:
    """Settings of the control model.

    Parameters
    ----------
    trust
        Chance that an asserted claim about a place is right, before anything is known of its
        source.
    own_side
        Factor on the weight of a claim that its own speaker gains by.
    sojourn_days
        Expected days between changes of holder at a place nobody reports on.
    radius_km
        How far the base rate looks for neighbours: the length of an exponential kernel.
    border
        Factor on a neighbour's weight when a state border lies between.
    flat
        Weight of the flat odds in the base rate, against a neighbour next door at 1.
    area, country, route
        Factors on the weight of a claim about an area, a country, or a route, for each place in it.
    range_km
        Range of the dependence between places in joint draws.
    presence_days
        Expected days for which a reported presence lasts without news.
    knot_days
        Days between the knots of the base rate.
    modality
        Weight by modality; negative turns a claim into one against.
    """

    trust: float = 0.93
    own_side: float = 0.6
    sojourn_days: float = 1200.0
    radius_km: float = 45.0
    border: float = 0.25
    flat: float = 0.35
    area: float = 0.55
    country: float = 0.25
    route: float = 0.6
    range_km: float = 60.0
    presence_days: float = 500.0
    knot_days: int = 14
    modality: dict[str, float] = field(
        default_factory=lambda: {
            Modality.ASSERTED.value: 1.0,
            Modality.POSSIBLE.value: 0.35,
            Modality.UNCLEAR.value: 0.15,
            Modality.UNLIKELY.value: -0.35,
            Modality.DENIED.value: -0.7,
            Modality.INTENDED.value: 0.0,
            Modality.CONDITIONAL.value: 0.0,
        }
    )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

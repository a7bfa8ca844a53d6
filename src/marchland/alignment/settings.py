"""What the alignment model assumes; every number is a setting."""

from dataclasses import asdict, dataclass, field
from typing import Any

from marchland.claims import Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentSettings:
    """Settings of the alignment model.

    Parameters
    ----------
    strength
        Log-odds towards "aligned" (positive) or "opposed" (negative) that one asserted claim of a
        predicate gives.
    neutral
        Log-odds towards "neutral" that one asserted claim of a predicate gives.
    lasting_days
        How long alliance, neutrality and enmity last: the half-life of a change to another of
        them where no claim speaks. A tie that a source says to stand changes hardly at all till
        the end that it gives.
    deed_days
        The same for help and clashes, which pass.
    modality
        Weight by modality.
    downward
        Chance that a tie is handed on: what a backed, commanded or member actor holds counts for
        its backer, commander or whole.
    permissive
        Odds that a permissive actor lets the traveller pass. At 1 the answer is conditional on
        the assumption, which is printed with it.
    least
        Members below these odds are left out of a coalition.
    """

    strength: dict[str, float] = field(
        default_factory=lambda: {
            "part_of": 5.0,
            "commands": 5.0,
            "backs": 4.0,
            "allied_with": 4.0,
            "leads": 5.0,
            "assists": 1.4,
            "protects": 1.4,
            "aids": 1.0,
            "deals_with": 0.5,
            "agrees": 0.4,
            "consults": 0.2,
            "opposes": -3.0,
            "fights": -3.0,
            "assaults": -1.6,
            "threatens": -1.0,
            "coerces": -0.9,
            "rejects": -0.6,
            "captures": -1.2,
        }
    )
    neutral: dict[str, float] = field(
        default_factory=lambda: {
            "neutral": 3.0,
            "deals_with": 0.5,
            "agrees": 0.4,
            "consults": 0.3,
        }
    )
    lasting_days: float = 6000.0
    deed_days: float = 600.0
    modality: dict[str, float] = field(
        default_factory=lambda: {
            Modality.ASSERTED.value: 1.0,
            Modality.POSSIBLE.value: 0.4,
            Modality.UNCLEAR.value: 0.1,
            Modality.UNLIKELY.value: -0.3,
            Modality.DENIED.value: -0.6,
            Modality.INTENDED.value: 0.0,
            Modality.CONDITIONAL.value: 0.0,
        }
    )
    downward: float = 0.99
    permissive: float = 1.0
    least: float = 0.05

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

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
    bond_days
        How long membership and command last: their half-life where no claim speaks. A tie that a
        source says to stand changes hardly at all till the end that it gives.
    lasting_days
        The same for backing, alliance and enmity.
    deed_days
        The same for help and clashes, which pass.
    repeat_days
        The half-life of how far a source that says the same again only repeats itself.
    loose
        Strength of a text's claim of alliance that does not name one ("alongside", "joined").
    teller
        How far a single text is believed, however well it is read.
    misread_side
        Chance that a claim of a text that was not read exactly still has the two actors and the
        side right. Of the claims between two known actors that the program reads wrongly in
        hand-marked reports, .58 have (the grammar, 70 claims) and .52 (the network, on texts that
        it was trained with, 209); .10 and .08 have the other side.
    modality
        Weight by modality.
    handing
        Chance that a tie is handed on, so that what stands with one end stands with whoever the
        other end stands with: of membership and command, of backing, of an alliance, of one that
        no text names (`loose`), and of an alliance that a group has made which is only backed.
        Judgements.
    permissive
        Odds that a permissive actor lets the traveller pass. At 1 the answer is conditional on
        the assumption, which is printed with it.
    least
        Members below these odds are left out of a coalition.
    """

    strength: dict[str, float] = field(
        default_factory=lambda: {
            "part_of": 7.0,
            "commands": 7.0,
            "backs": 6.0,
            "allied_with": 5.0,
            "leads": 7.0,
            "assists": 2.0,
            "protects": 2.0,
            "aids": 1.5,
            "deals_with": 0.6,
            "agrees": 0.6,
            "consults": 0.4,
            "opposes": -3.0,
            "fights": -5.0,
            "assaults": -4.0,
            "threatens": -1.0,
            "coerces": -0.9,
            "rejects": -0.6,
            "captures": -4.0,
        }
    )
    neutral: dict[str, float] = field(
        default_factory=lambda: {
            "neutral": 3.0,
            "deals_with": 1.2,
            "agrees": 1.2,
            "consults": 0.8,
        }
    )
    bond_days: float = 16000.0
    lasting_days: float = 8000.0
    deed_days: float = 500.0
    repeat_days: float = 180.0
    loose: float = 2.0
    teller: float = 0.97
    misread_side: float = 0.65
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
    handing: dict[str, float] = field(
        default_factory=lambda: {
            "bond": 0.99,
            "backing": 0.97,
            "alliance": 0.97,
            "loose": 0.5,
            "ally_of_backed": 0.35,
        }
    )
    permissive: float = 1.0
    least: float = 0.05

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

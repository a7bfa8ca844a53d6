"""What the control model assumes, each with its unit and its reason; all of it can be changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marchland.claims import Modality
from marchland.errors import BadInput

ADMIRALTY = {"A": 0.97, "B": 0.92, "C": 0.85, "D": 0.70, "E": 0.50, "F": None}
"""Reliability per letter of the Admiralty code: completely, usually, fairly, not usually reliable,
unreliable, cannot be judged. The code gives words and no figures; these are this model's."""
CONTESTED = "contested"
NONE = "none"

_MODALITY = {
    Modality.ASSERTED: 1.0,
    Modality.POSSIBLE: 0.4,
    Modality.UNCLEAR: 0.2,
    Modality.UNLIKELY: -0.4,
    Modality.DENIED: -0.8,
    Modality.INTENDED: 0.0,
    Modality.CONDITIONAL: 0.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSettings:
    """Settings of the control model.

    Parameters
    ----------
    reliability
        Chance that a plain assertion by a source nobody knows better is right.
    reliabilities
        The same per source id, where it is known better.
    graded
        Source id to its Admiralty letter, A to F, as a user grades it: where its reliability starts
        from, and what stands where it has too few claims. A .97, B .92, C .85, D .70, E .50; an F,
        which can't be judged, is as one that nobody knows.
    learning_rounds, learning_least, learning_prior
        Rounds of learning; claims a source needs to be judged; claims that its default reliability
        is worth.
    tuning_least, tuning_most
        Claims needed to fit how far neighbours speak and how quickly places change hands; how many
        are used for it at most.
    leanings
        Source id to the actor whose side it is on.
    own_favour
        Weight left to a claim in the interest of its speaker, or of a source that leans.
    against_interest
        Weight of a claim that costs its speaker something; above 1 it counts for more.
    second_hand
        Weight left to a claim that is somebody else's word.
    modality
        Weight per modality; negative counts against, 0 says nothing of control.
    rivals
        How many other holders a wrong claim could as well have named.
    contested_leak
        How readily a contested place is reported as held by one side, against a held one.
    sojourn_days, contested_days, empty_days
        Expected days until the base rates take over again: held, contested, held by nobody.
    pace
        How much quicker than that places change hands.
    detection
        Share of changes that would be reported where reporting is dense: no news is news.
    dense_reports
        Reports in `coverage_days` that make reporting dense.
    coverage_days
        Width of the window in which reports are counted.
    change_odds
        Chance of a change at its date given that it is reported, before the source is weighed.
    hold_odds, hold_days
        The same for a report of who holds a place: something may have changed in the days before.
    plausible
        A report of a holder counts as news in full where the holder's base rate is at least one
        part in this many of the likeliest one's, and else in proportion.
    contest_odds, contest_days
        The same for a report of fighting inside a place.
    memory_days
        A claim about days further back than this from its publication is history, and not used.
    before
        Weight of what a report of change says about the day before.
    presence, withdrawal
        Weight of a presence, and of a withdrawal, as evidence of control.
    area, route, country
        Weight left to a claim about an area, a route or a country for each place in it.
    range_km
        Length scale of the field of neighbours.
    across_border
        Weight of a neighbour in another country.
    foreign_state
        What a neighbour held by a state counts for that state on another's soil: towns beside a
        border are no example for those across it.
    field_heat, field_doubt
        Temperature of the field's odds, and how it grows with the field's variance.
    nearest
        How many of the nearest places told of the field looks at.
    first_pace
        The pace in the first run, whose odds are what the neighbours are told.
    field_pull
        How far a place follows when the base rates around it move, 0..1.
    anchor_days
        Expected days for which a place's own claims keep it from following.
    unseen_days, unseen_contested_days
        Expected days until a place, held or contested, takes after the places around it once
        nobody tells of it any more, were all of them held by others.
    unseen_range_km
        Length scale of how far the places around it count for that.
    unseen_late
        Days that a word is behind when it is told.
    unseen_silence
        What a day counts on which others are told of and the place is not, 0..1.
    unseen_field
        How far, 0..1, such a place is judged by what the field of neighbours and its chain make of
        the later days, and not by its own last word and the last words on the places around it.
    unseen_contested
        Factor on the part of what is around such a place that is contested.
    home
        Prior weight of the state whose country it is.
    contested_prior, none_prior
        Prior weights of the two outcomes that are no actor.
    flat
        Share of the prior that stays in every answer: nothing is certain.
    draw_range_km
        Length scale of the joint draws.
    presence_days, presence_base
        Expected days that a force stays, and how common one is where nobody says.
    """

    reliability: float = 0.92
    reliabilities: Mapping[str, float] = field(default_factory=dict)
    graded: Mapping[str, str] = field(default_factory=dict)
    learning_rounds: int = 2
    learning_least: int = 10
    learning_prior: float = 5.0
    tuning_least: int = 300
    tuning_most: int = 1500
    leanings: Mapping[str, str] = field(default_factory=dict)
    own_favour: float = 0.7
    against_interest: float = 1.1
    second_hand: float = 0.9
    modality: Mapping[Modality, float] = field(default_factory=lambda: dict(_MODALITY))
    rivals: float = 4.0
    contested_leak: float = 0.2
    sojourn_days: float = 2000.0
    contested_days: float = 300.0
    empty_days: float = 300.0
    pace: float = 1.0
    detection: float = 0.9
    dense_reports: float = 4.0
    coverage_days: int = 90
    change_odds: float = 0.5
    hold_odds: float = 0.35
    hold_days: int = 60
    plausible: float = 3.0
    contest_odds: float = 0.4
    contest_days: int = 14
    memory_days: int = 7300
    before: float = 0.75
    presence: float = 0.15
    withdrawal: float = 0.5
    area: float = 0.25
    route: float = 0.5
    country: float = 0.1
    range_km: float = 60.0
    across_border: float = 0.3
    foreign_state: float = 0.05
    field_heat: float = 0.25
    field_doubt: float = 1.0
    nearest: int = 20
    first_pace: float = 1.0
    field_pull: float = 0.6
    anchor_days: float = 400.0
    unseen_days: float = 300.0
    unseen_contested_days: float = 120.0
    unseen_range_km: float = 40.0
    unseen_late: float = 3.0
    unseen_silence: float = 0.05
    unseen_contested: float = 0.5
    unseen_field: float = 0.1
    home: float = 0.5
    contested_prior: float = 0.06
    none_prior: float = 0.02
    flat: float = 0.01
    draw_range_km: float = 60.0
    presence_days: float = 500.0
    presence_base: float = 0.03

    def __post_init__(self) -> None:
        wrong = {s: g for s, g in self.graded.items() if g not in ADMIRALTY}
        if wrong:
            source, letter = next(iter(wrong.items()))
            raise BadInput(
                f"{letter!r} for the source {source!r} is no Admiralty letter; "
                f"they are {', '.join(ADMIRALTY)}"
            )

        prior = {n: getattr(self, n) for n in ("home", "contested_prior", "none_prior")}
        if min(prior.values()) < 0.0 or sum(prior.values()) >= 1.0:
            told = ", ".join(f"{n} {v:g}" for n, v in prior.items())
            raise BadInput(
                f"prior weights must be 0 or more and add up to less than 1, as every other holder "
                f"shares the rest; they are {told}"
            )

    def prior_of(self, teller: str) -> float:
        """Chance that a plain assertion of a teller is right before any of its claims is judged."""
        letter = self.graded.get(teller, "F")
        return ADMIRALTY[letter] or self.reliability

    def to_json(self) -> dict[str, Any]:
        """Every parameter, ready for `json.dumps`."""
        shown: dict[str, Any] = {}
        for name in self.__slots__:
            value = getattr(self, name)
            shown[name] = (
                {str(k): v for k, v in sorted(value.items())}
                if isinstance(value, Mapping)
                else value
            )
        return shown


DEFAULT = ControlSettings()

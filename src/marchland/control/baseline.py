"""The naive rule beside the model: whoever the last claim names holds the place.

Of the claims about a place itself that plainly say who holds it (a hold, a capture, a loss to
somebody, a contest), published by the as-of day, the latest by the day it speaks of wins, with odds
of .7; the rest is shared by the other outcomes. It knows no doubt, no sources and no neighbours.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marchland.claims import Claim, Modality
from marchland.control.evidence import can_be_held, days_of, known_by
from marchland.control.settings import CONTESTED, NONE
from marchland.errors import UnknownName
from marchland.estimate import Because, Estimate, Model
from marchland.vocabulary import Vocabulary

_ODDS = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class LastClaim:
    """Who holds what by the last claim; answers like a `ControlField`."""

    places: tuple[str, ...]
    outcomes: tuple[str, ...]
    as_of: date
    said: Mapping[str, tuple[tuple[int, str, Claim], ...]]
    names: Mapping[str, str]
    place_names: Mapping[str, str]

    def odds(self, on: date) -> NDArray[np.float64]:
        """Odds (P, K) on a day; each row sums to 1."""
        k = len(self.outcomes)
        out = np.full((len(self.places), k), 1.0 / k)
        for p, place in enumerate(self.places):
            last = self._last(place, on)
            if last is not None:
                out[p] = (1.0 - _ODDS) / (k - 1)
                out[p, self.outcomes.index(last[1])] = _ODDS
        return out

    def estimate(self, place_id: str, on: date, *, explain: bool = True) -> Estimate:
        """Who holds one place on a day, by the last claim.

        Raises
        ------
        UnknownName
            If it does not answer for the place.
        """
        if place_id not in self.places:
            raise UnknownName(place_id, what="place of this field")
        odds = self.odds(on)[self.places.index(place_id)]
        last = self._last(place_id, on)
        weight = _ODDS - 1.0 / len(self.outcomes)
        return Estimate(
            question="control",
            about={"place": {"id": place_id, "name": self.place_names[place_id]}},
            on=on,
            as_of=self.as_of,
            p=dict(zip(self.outcomes, odds.tolist(), strict=True)),
            names=self.names,
            because=(Because(claim=last[2], weight=weight),) if last and explain else (),
            n_claims=1 if last else 0,
            n_sources=1 if last else 0,
            model=Model(name="last-claim", version="1", parameters={"odds": _ODDS}),
        )

    def n_claims(self, on: date) -> NDArray[np.int64]:
        """Number (P,) of claims behind each place's odds: one, or none."""
        return np.array([self._last(p, on) is not None for p in self.places], dtype=np.int64)

    def _last(self, place: str, on: date) -> tuple[int, str, Claim] | None:
        said = self.said.get(place, ())
        at = bisect_right([day for day, _, _ in said], on.toordinal())
        return said[at - 1] if at else None


def last_claim(
    claims: Sequence[Claim],
    vocabulary: Vocabulary,
    *,
    as_of: date,
    places: Sequence[str] | None = None,
) -> LastClaim:
    """The naive rule.

    Parameters
    ----------
    claims
        In any order; those published after `as_of` are not used.
    places
        Ids to answer for; default: the theatre's own and every one that a claim is about.
    """
    said: dict[str, list[tuple[int, str, Claim]]] = {}
    for claim in known_by(claims, as_of):
        holder = _names(claim, vocabulary)
        place = vocabulary.find_place(claim.place.id) if claim.place else None
        if holder is None or place is None or not can_be_held(place):
            continue
        said.setdefault(place.id, []).append((days_of(claim)[1], holder, claim))
    asked = (
        list(places)
        if places is not None
        else sorted(
            {p for p in vocabulary.own_places if can_be_held(vocabulary.places[p])} | set(said)
        )
    )
    holders = {h for s in said.values() for _, h, _ in s} - {CONTESTED, NONE}
    outcomes = (*sorted(holders), CONTESTED, NONE)
    names = {CONTESTED: "contested", NONE: "nobody"}
    for holder in holders:
        actor = vocabulary.find_actor(holder)
        names[holder] = actor.name if actor else holder
    place_names = {}
    for asked_for in asked:
        place = vocabulary.find_place(asked_for)
        place_names[asked_for] = place.name if place else asked_for
    return LastClaim(
        places=tuple(asked),
        outcomes=outcomes,
        as_of=as_of,
        said={
            p: tuple(sorted(s, key=lambda x: (x[0], x[2].published or date.min, x[2].id)))
            for p, s in said.items()
        },
        names=names,
        place_names=place_names,
    )


def _names(claim: Claim, vocabulary: Vocabulary) -> str | None:
    """The outcome that a claim plainly names."""
    if claim.modality is not Modality.ASSERTED:
        return None
    if claim.predicate == "contests":
        return CONTESTED
    ref = {"holds": claim.subject, "captures": claim.subject, "loses": claim.object}.get(
        claim.predicate
    )
    return vocabulary.holder_of(ref.id) if ref is not None and ref.resolved else None

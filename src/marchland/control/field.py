"""The answer for many places and days: odds, estimates with reasons, joint draws, presence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marchland.claims import Claim
from marchland.control.chain import Evidence, Odds, smooth
from marchland.control.draws import draw_holders, gumbel_noise
from marchland.control.evidence import Observation, Says
from marchland.control.likelihood import CONTESTED, NONE, evidence_of
from marchland.control.settings import ControlSettings
from marchland.errors import BadInput
from marchland.estimate import Because, Estimate, Model
from marchland.vocabulary import Vocabulary

VERSION = "0.1"
_EXPLAINED = 40
_NEAR_DAYS = 45
_ENSEMBLE = tuple((trust, sojourn) for trust in (0.85, 1.0, 1.05) for sojourn in (0.4, 1.0, 2.5))
"""Factors on trust and sojourn; the range of their answers is the interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceEvidence:
    """The observations of one place, and their likelihoods."""

    observations: tuple[Observation, ...]
    evidence: Evidence


class ControlField:
    """Odds on the holder of each place on each day, from what was published by `as_of`.

    Made by `infer_control`. Days between `start` and `end` (valid time, inclusive) can be asked.

    Parameters
    ----------
    places
        Place ids, in the order of every array's place axis.
    outcomes
        Holder ids, then ``contested`` and ``none``, in the order of every outcome axis.
    """

    def __init__(
        self,
        *,
        vocabulary: Vocabulary,
        as_of: date,
        start: date,
        end: date,
        places: tuple[str, ...],
        outcomes: tuple[str, ...],
        evidence: tuple[PlaceEvidence, ...],
        grid: NDArray[np.int64],
        base: NDArray[np.float32],
        given: Mapping[str, str],
        settings: ControlSettings,
        seed: int,
        revision: int,
    ) -> None:
        self.vocabulary, self.as_of, self.start, self.end = vocabulary, as_of, start, end
        self.places, self.outcomes, self.given = places, outcomes, dict(given)
        self.settings, self.seed, self.revision = settings, seed, revision
        self._evidence, self._grid, self._base = evidence, grid, base
        self._row = {p: i for i, p in enumerate(places)}
        self._column = {k: i for i, k in enumerate(outcomes)}
        self._odds: dict[date, Odds] = {}
        self._noise: dict[int, NDArray[np.float32]] = {}

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Weekly days of the span and every day something was observed, in order."""
        low, high = self.start.toordinal(), self.end.toordinal()
        seen = {int(d) for e in self._evidence for d in e.evidence.days if low <= d <= high}
        weekly = set(range(low, high + 1, 7))
        return tuple(date.fromordinal(d) for d in sorted(seen | weekly | {high}))

    def odds(self, on: date) -> Odds:
        """(P, K) odds on one day.

        Raises
        ------
        BadInput
            If the day is outside the field's span.
        """
        if on not in self._odds:
            self._check(on)
            at = np.array([on.toordinal()], dtype=np.int64)
            table = np.empty((len(self.places), len(self.outcomes)))
            for i in range(len(self.places)):
                table[i] = self._smoothed(i, self._evidence[i].evidence, at)[0]
            self._odds[on] = self._assume(table)
        return self._odds[on]

    def odds_through(self, days: Sequence[date]) -> NDArray[np.float32]:
        """(D, P, K) odds on many days at once."""
        at = np.array([d.toordinal() for d in days], dtype=np.int64)
        for day in (days[0], days[-1]):
            self._check(day)
        cube = np.empty((len(at), len(self.places), len(self.outcomes)), dtype=np.float32)
        for i in range(len(self.places)):
            cube[:, i] = self._smoothed(i, self._evidence[i].evidence, at)
        for j, day in enumerate(days):
            table = self._assume(cube[j].astype(np.float64))
            cube[j] = table
            self._odds.setdefault(day, table)
        return cube

    def estimate(self, place: str, on: date, *, explain: bool = True) -> Estimate:
        """Who holds a place on a day.

        Parameters
        ----------
        explain
            Work out each claim's influence by leaving it out, and the interval.

        Raises
        ------
        BadInput
            If the place is not one of the field's, or the day is outside its span.
        """
        if place not in self._row:
            raise BadInput(f"place {place!r} is not in this field")
        i = self._row[place]
        p = self.odds(on)[i]
        kept = self._evidence[i]
        claims = list({o.claim.id: o.claim for o in kept.observations}.values())
        because: tuple[Because, ...] = ()
        interval: Mapping[str, tuple[float, float]] = {}
        if explain and place not in self.given:
            because = self._because(i, on, p)
            interval = self._interval(i, on)
        found = self.vocabulary.find_place(place)
        return Estimate(
            question="control",
            about={"place": {"id": place, "name": found.name if found else place}},
            on=on,
            as_of=self.as_of,
            p={k: float(v) for k, v in zip(self.outcomes, p / p.sum(), strict=True)},
            names={k: self.name_of(k) for k in self.outcomes},
            given=self.given,
            interval=interval,
            because=because,
            n_claims=len(claims),
            n_sources=len({c.source.id for c in claims}),
            model=Model(name="chain over field", version=VERSION, parameters=self._parameters()),
            seed=self.seed,
            revision=self.revision,
        )

    def draws(self, on: date, *, n: int) -> NDArray[np.int16]:
        """(n, P) joint draws of holders, as columns of `outcomes`.

        Every draw has the odds as its margins; places near each other go together. The same
        random field serves every day, so that a place changes hands in a draw only when its odds
        move.
        """
        if n not in self._noise:
            self._noise[n] = gumbel_noise(
                self._points,
                outcomes=len(self.outcomes),
                n=n,
                settings=self.settings,
                seed=self.seed,
            )
        return draw_holders(self.odds(on), self._noise[n])

    def presence(self, on: date) -> tuple[tuple[str, ...], Odds]:
        """Actors reported beside the holder: ids, and (P, A) odds that a force is there.

        A report of presence fades with `ControlSettings.presence_days`; a later report of
        presence renews it. Only reports about days up to `on` count.
        """
        day = on.toordinal()
        actors = sorted(
            {o.who for e in self._evidence for o in e.observations
             if o.says is Says.PRESENT and o.who}
        )  # fmt: skip
        column = {a: j for j, a in enumerate(actors)}
        absent = np.ones((len(self.places), len(actors)))
        for i, e in enumerate(self._evidence):
            for o in e.observations:
                if o.says is Says.PRESENT and o.who and o.day <= day:
                    fade = np.exp(-(day - o.day) / self.settings.presence_days)
                    absent[i, column[o.who]] *= 1 - 0.9 * o.weight * fade
        return tuple(actors), 1 - absent

    def evidence_age_days(self, on: date) -> NDArray[np.float64]:
        """(P,) days between `on` and the nearest observation before it; inf where none is."""
        day = on.toordinal()
        ages = np.full(len(self.places), np.inf)
        for i, e in enumerate(self._evidence):
            before = e.evidence.days[e.evidence.days <= day]
            if len(before):
                ages[i] = day - int(before[-1])
        return ages

    def n_claims(self, on: date) -> NDArray[np.int64]:
        """(P,) claims that bear on each place, whenever they speak of."""
        return np.array(
            [len({o.claim.id for o in e.observations}) for e in self._evidence], dtype=np.int64
        )

    def claims_on(self, place: str, on: date, *, most: int = 6) -> list[Claim]:
        """The claims about a place nearest to a day, those before it first."""
        day = on.toordinal()
        near = sorted(
            self._evidence[self._row[place]].observations,
            key=lambda o: (o.says is Says.PRESENT, o.day > day, abs(o.day - day), o.claim.id),
        )
        return list({o.claim.id: o.claim for o in near}.values())[:most]

    def name_of(self, outcome: str) -> str:
        """Display name of an outcome."""
        words = {CONTESTED: "contested", NONE: "nobody"}
        if outcome in words:
            return words[outcome]
        actor = self.vocabulary.find_actor(outcome)
        return actor.name if actor else outcome

    # ---------------------------------------------------------------- inner

    @cached_property
    def _points(self) -> NDArray[np.float64]:
        found = [self.vocabulary.find_place(p) for p in self.places]
        return np.array(
            [(p.lon, p.lat) if p is not None and p.lat is not None else (np.nan, np.nan)
             for p in found]
        ).reshape(-1, 2)  # fmt: skip

    def _smoothed(
        self,
        i: int,
        evidence: Evidence,
        at: NDArray[np.int64],
        *,
        sojourn: float = 1.0,
    ) -> Odds:
        asked = np.concatenate([at, evidence.days])
        return smooth(
            evidence,
            at,
            base=self._base_at(i, asked),
            sojourn_days=self.settings.sojourn_days * sojourn,
        )

    def _base_at(self, i: int, days: NDArray[np.int64]) -> Odds:
        """The place's base rate on some days: that of the last knot before each."""
        at = np.clip(np.searchsorted(self._grid, days, side="right") - 1, 0, len(self._grid) - 1)
        return np.asarray(self._base[i, at], dtype=np.float64)

    def _assume(self, table: Odds) -> Odds:
        for place, who in self.given.items():
            if place in self._row:
                table[self._row[place]] = 0.0
                table[self._row[place], self._column[who]] = 1.0
        return table

    def _because(self, i: int, on: date, p: Odds) -> tuple[Because, ...]:
        """Influence of each claim on the likeliest outcome, by leaving it out."""
        best = int(np.argmax(p))
        at = np.array([on.toordinal()], dtype=np.int64)
        kept = self._evidence[i].observations
        day = on.toordinal()
        claims: dict[str, Claim] = {}
        for o in sorted(kept, key=lambda o: (abs(o.day - day), o.claim.id)):
            claims.setdefault(o.claim.id, o.claim)
        found = []
        for claim in list(claims.values())[:_EXPLAINED]:
            rest = [o for o in kept if o.claim.id != claim.id]
            without = evidence_of(rest, self._column, trust=self.settings.trust)
            weight = float(p[best] - self._smoothed(i, without, at)[0][best])
            found.append(Because(claim=claim, weight=weight))
        return tuple(sorted(found, key=lambda b: (-abs(round(b.weight, 6)), b.claim.id)))

    def _interval(self, i: int, on: date) -> Mapping[str, tuple[float, float]]:
        """Range of the odds over an ensemble of trusts and sojourns."""
        at = np.array([on.toordinal()], dtype=np.int64)
        kept = self._evidence[i].observations
        answers = []
        for trust, sojourn in _ENSEMBLE:
            evidence = evidence_of(
                kept, self._column, trust=min(0.985, self.settings.trust * trust)
            )
            answers.append(self._smoothed(i, evidence, at, sojourn=sojourn)[0])
        low, high = np.min(answers, axis=0), np.max(answers, axis=0)
        return {k: (float(low[j]), float(high[j])) for k, j in self._column.items()}

    def _parameters(self) -> Mapping[str, Any]:
        return self.settings.to_json()

    def _check(self, on: date) -> None:
        if not self.start <= on <= self.end:
            raise BadInput(
                f"{on} is outside the days this field was inferred for, {self.start} to {self.end}"
            )

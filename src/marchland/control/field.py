"""The answer: who holds each place on each day, why, and how sure.

Influence of a claim is leave-one-out: the place's chain is run again without it. The interval is
90 %, by the delta method over what the model can't know: trust in the sources, how fast places
change hands, and the base rate of the outcome; each is moved up and down and the changes of log
odds add up in squares.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from marchland.control.assemble import Calendar, Told, steps_of
from marchland.control.chain import Array, Steps, drift, resting, smooth
from marchland.control.draws import draw, gumbel_fields
from marchland.control.evidence import Piece
from marchland.control.presence import Stay
from marchland.control.settings import CONTESTED, NONE, ControlSettings
from marchland.errors import BadInput, UnknownName
from marchland.estimate import Because, Estimate, Model
from marchland.vocabulary import Place

VERSION = "0.1"
_LEAST_SHOWN = 5e-4
_TRUST = 1.4
_PACE = 2.0
_BASE_LOGIT = 1.0
_Z90 = 1.645
_APART = 10**8
"""Between the days of one place and the next, so that one sorted array holds those of all."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ControlField:
    """Who holds what, for places and days.

    Made by `infer_control`. Odds between two days of a place's axis are interpolated linearly; the
    axis has a day a week, and every day that a claim about the place speaks of.

    Parameters
    ----------
    places
        Ids, in the order of every array.
    outcomes
        Holder actor ids, then ``contested``, ``none``.
    start, end
        First and last day that it answers for.
    """

    places: tuple[str, ...]
    outcomes: tuple[str, ...]
    start: date
    end: date
    as_of: date
    given: Mapping[str, str]
    calendar: Calendar
    found: tuple[Place, ...]
    pieces: tuple[tuple[Piece, ...], ...]
    told: tuple[Told, ...]
    chains: tuple[Array, ...]
    pi: Array
    prior: Array
    leave: Array
    stays: Mapping[tuple[str, str], Stay]
    settings: ControlSettings
    names: Mapping[str, str]
    seed: int
    revision: int
    _row: dict[str, int] = field(init=False)
    _flat: Array = field(init=False)
    _flat_days: NDArray[np.int64] = field(init=False)
    _offset: NDArray[np.int64] = field(init=False)
    _spoken: list[NDArray[np.int64]] = field(init=False)
    _noise: dict[int, NDArray[np.float32]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_row", {p: i for i, p in enumerate(self.places)})
        spoken = [
            np.array(sorted({m.day for piece in pieces for m in piece.marks}), dtype=np.int64)
            for pieces in self.pieces
        ]
        object.__setattr__(self, "_spoken", spoken)
        days = [t.days + p * _APART for p, t in enumerate(self.told)]
        flat = np.concatenate([*self.chains, np.empty((0, len(self.outcomes)))])
        offset = np.cumsum([0, *(len(d) for d in days)])
        object.__setattr__(self, "_flat", flat)
        object.__setattr__(self, "_flat_days", np.concatenate([*days, np.empty(0, np.int64)]))
        object.__setattr__(self, "_offset", offset)
        views = tuple(flat[a:b] for a, b in pairwise(offset.tolist()))
        object.__setattr__(self, "chains", views)

    @property
    def days(self) -> tuple[date, ...]:
        """Knots from `start` to `end`: both ends, a day a week, and every day a claim speaks of."""
        first, last = self.start.toordinal(), self.end.toordinal()
        every = np.unique(np.concatenate([self.calendar.knots, *(t.days for t in self.told)]))
        inside = every[(every >= first) & (every <= last)]
        return tuple(date.fromordinal(int(d)) for d in sorted({first, last, *inside.tolist()}))

    @property
    def model(self) -> Model:
        return Model(name="chain-and-field", version=VERSION, parameters=self.settings.to_json())

    def odds(self, on: date) -> Array:
        """Odds (P, K) on a day; each row sums to 1.

        Raises
        ------
        BadInput
            If the day lies outside `start` to `end`.
        """
        day = self._day(on)
        rows = np.arange(len(self.places))
        at = np.searchsorted(self._flat_days, rows * _APART + day, side="right") - 1
        at = np.maximum(at, self._offset[:-1])
        after = np.minimum(at + 1, self._offset[1:] - 1)
        first, next_ = (self._flat_days[i] - rows * _APART for i in (at, after))
        part = np.clip((day - first) / np.maximum(next_ - first, 1), 0.0, 1.0)[:, None]
        return self._finish((1.0 - part) * self._flat[at] + part * self._flat[after])

    def _finish(self, odds: Array) -> Array:
        flat = self.settings.flat
        odds = (1.0 - flat) * odds + flat * self.prior
        for place, outcome in self.given.items():
            odds[self._row[place]] = np.eye(len(self.outcomes))[self.outcomes.index(outcome)]
        out: Array = odds / odds.sum(axis=1, keepdims=True)
        return out

    def estimate(self, place_id: str, on: date, *, explain: bool = True) -> Estimate:
        """Who holds one place on a day.

        Parameters
        ----------
        explain
            Whether to work out the influence of every claim, and the interval.

        Raises
        ------
        UnknownName
            If the field does not answer for the place.
        BadInput
            If the day lies outside `start` to `end`.
        """
        if place_id not in self._row:
            raise UnknownName(place_id, what="place of this field")
        p, day = self._row[place_id], self._day(on)
        odds = self._one(p, _between(self.told[p].days, self.chains[p], day))
        pieces = self.pieces[p]
        because: tuple[Because, ...] = ()
        interval: dict[str, tuple[float, float]] = {}
        shown = self._shown(p, odds)
        if explain and place_id not in self.given:
            without, interval = self._variants(p, day, odds, shown)
            best = int(odds.argmax())
            because = tuple(
                Because(claim=piece.claim, weight=weight)
                for weight, piece in sorted(
                    zip((odds[best] - without[:, best]).tolist(), pieces, strict=True),
                    key=lambda w: (-abs(round(w[0], 6)), abs(w[1].last_day - day), w[1].claim.id),
                )
            )
        total = sum(float(odds[k]) for k in shown)
        place = self.found[p]
        return Estimate(
            question="control",
            about={"place": {"id": place.id, "name": place.name}},
            on=on,
            as_of=self.as_of,
            given=self.given,
            p={self.outcomes[k]: float(odds[k]) / total for k in shown},
            names={self.outcomes[k]: self.names[self.outcomes[k]] for k in shown},
            interval=interval,
            because=because,
            n_claims=len(pieces),
            n_sources=len({piece.claim.source.id for piece in pieces}),
            model=self.model,
            seed=self.seed,
            revision=self.revision,
            spoken_for=self._spoken_for(p),
        )

    def _spoken_for(self, p: int) -> frozenset[str]:
        """Outcomes that a claim about the place, or an assumption, speaks for."""
        named = {target for piece in self.pieces[p] for target in piece.targets}
        if len(named) > 1:
            named.add(CONTESTED)
        return frozenset(named | {a for q, a in self.given.items() if q == self.places[p]})

    def draws(self, on: date, *, n: int) -> NDArray[np.int16]:
        """Joint draws (n, P) of outcome indices; the same noise on every day."""
        if n not in self._noise:
            self._noise.clear()
            self._noise[n] = gumbel_fields(
                list(self.found),
                outcomes=len(self.outcomes),
                n=n,
                range_km=self.settings.draw_range_km,
                seed=self.seed,
            )
        return draw(self.odds(on), self._noise[n])

    def presence(self, on: date) -> tuple[tuple[str, ...], Array]:
        """Actor ids, and odds (P, A) that a force of theirs is at each place on a day."""
        day = self._day(on)
        actors = tuple(sorted({actor for _, actor in self.stays}))
        at = {a: i for i, a in enumerate(actors)}
        odds = np.full((len(self.places), len(actors)), self.settings.presence_base)
        for (place, actor), stay in self.stays.items():
            odds[self._row[place], at[actor]] = stay.odds(day, self.settings)
        return actors, odds

    def evidence_age_days(self, on: date) -> Array:
        """Days (P,) since the last day on or before `on` that a claim speaks of; inf if none."""
        day = self._day(on)
        out = np.full(len(self.places), np.inf)
        for p, spoken in enumerate(self._spoken):
            before = int(np.searchsorted(spoken, day, side="right"))
            if before:
                out[p] = day - spoken[before - 1]
        return out

    def n_claims(self, on: date, *, named: bool = False) -> NDArray[np.int64]:
        """Number (P,) of claims behind each place's odds on a day.

        Parameters
        ----------
        named
            Only those that name the place itself, and not an area it lies in.
        """
        self._day(on)
        counts = [
            sum(
                not named or (piece.claim.place is not None and piece.claim.place.id == place)
                for piece in pieces
            )
            for place, pieces in zip(self.places, self.pieces, strict=True)
        ]
        return np.array(counts, dtype=np.int64)

    def _day(self, on: date) -> int:
        if not self.start <= on <= self.end:
            raise BadInput(f"{on} lies outside what was inferred, {self.start} to {self.end}")
        return on.toordinal()

    def _one(self, p: int, odds: Array) -> Array:
        flat = self.settings.flat
        if self.places[p] in self.given:
            fixed = self.outcomes.index(self.given[self.places[p]])
            return np.asarray(np.eye(len(self.outcomes))[fixed])
        return np.asarray((1.0 - flat) * odds + flat * self.prior[p])

    def _shown(self, p: int, odds: Array) -> list[int]:
        """Outcomes worth naming: with odds, or named by a claim about the place."""
        named = {t for piece in self.pieces[p] for t in piece.targets} | {CONTESTED, NONE}
        return [k for k, o in enumerate(self.outcomes) if odds[k] >= _LEAST_SHOWN or o in named]

    def _variants(
        self, p: int, day: int, odds: Array, shown: list[int]
    ) -> tuple[Array, dict[str, tuple[float, float]]]:
        """Odds (C, K) without each claim, and the interval of each outcome shown."""
        told, pi = self.told[p], self.pi[:, p]
        c, k = len(self.pieces[p]), len(self.outcomes)
        moved = [j for j in shown if odds[j] > 0.01]
        v = c + 4 + 2 * len(moved)
        keep = np.ones((v, c), dtype=bool)
        keep[np.arange(c), np.arange(c)] = False
        loglik = told.total(keep)
        steps = steps_of(told, self.calendar, pi, self.leave, self.prior[p], self.settings, keep)
        loglik[:, c] *= _TRUST
        loglik[:, c + 1] /= _TRUST
        rho = np.broadcast_to(steps.rho, (len(told.days) - 1, v, k)).copy()
        rho[:, c + 2] **= _PACE
        rho[:, c + 3] **= 1.0 / _PACE
        weekly = np.repeat(pi[:, None], v, axis=1)
        for i, j in enumerate(moved):
            for side, factor in enumerate((np.exp(_BASE_LOGIT), np.exp(-_BASE_LOGIT))):
                weekly[:, c + 4 + 2 * i + side, j] *= factor
        weekly /= weekly.sum(axis=-1, keepdims=True)
        week = self.calendar.week_of(told.days)
        base = weekly[week[:-1]]
        drop, gain = drift(base, weekly[week[1:]], self.settings.field_pull)
        drop *= told.free(keep)[:, :, None]
        batch = Steps(rho=rho, pi=base, drop=drop, gain=gain, stay=steps.stay, news=steps.news)
        at = min(max(int(np.searchsorted(told.days, day, side="right")) - 1, 0), len(told.days) - 1)
        end = min(at + 1, len(told.days) - 1)
        chain = smooth(loglik, batch, resting(base[0], 1.0 - rho[0]), low=at, high=end)
        flat = self.settings.flat
        all_odds = (1.0 - flat) * _between(told.days[at : end + 1], chain, day) + flat * self.prior[
            p
        ]
        logit = _logit(all_odds)
        interval = {}
        for j in shown:
            pairs = [(c, c + 1), (c + 2, c + 3)]
            if j in moved:
                row = c + 4 + 2 * moved.index(j)
                pairs.append((row, row + 1))
            sd = np.sqrt(sum(((logit[a, j] - logit[b, j]) / 2.0) ** 2 for a, b in pairs))
            middle = _logit(odds[j])
            low, high = (1.0 / (1.0 + np.exp(-(middle + z * sd))) for z in (-_Z90, _Z90))
            interval[self.outcomes[j]] = (float(low), float(high))
        return all_odds[:c], interval


def _between(days: NDArray[np.int64], chain: Array, day: int) -> Array:
    """Odds on a day between two days of an axis (first axis of `chain`)."""
    at = int(np.searchsorted(days, day, side="right")) - 1
    at = min(max(at, 0), len(days) - 1)
    if days[at] == day or at + 1 == len(days):
        return np.asarray(chain[at])
    part = (day - days[at]) / (days[at + 1] - days[at])
    return np.asarray((1.0 - part) * chain[at] + part * chain[at + 1])


def _logit(p: Array) -> Array:
    q = np.clip(p, 1e-9, 1.0 - 1e-9)
    return np.asarray(np.log(q / (1.0 - q)))


def weekly(start: date, end: date) -> list[date]:
    """Every seventh day from `start` to `end`, inclusive."""
    return [start + timedelta(days=d) for d in range(0, (end - start).days + 1, 7)]

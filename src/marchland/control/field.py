"""The answer: who holds each place on each day, why, and how sure.

Influence of a claim is leave-one-out: the place's chain is run again without it. The interval is
90 %, by the delta method over what the model can't know: trust in the sources, how fast places
change hands, and the base rate of the outcome; each is moved up and down and the changes of log
odds add up in squares.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from marchland.control.assemble import APART, Calendar, Evidence, Flags, Index, lay, leaving
from marchland.control.chain import Array, smooth
from marchland.control.draws import draw, gumbel_fields
from marchland.control.engine import compiled
from marchland.control.evidence import Piece
from marchland.control.presence import Stay
from marchland.control.settings import CONTESTED, NONE, ControlSettings
from marchland.control.sources import Trust
from marchland.control.unseen import (
    NEVER,
    hinted,
    pooled,
    published_days,
    spoken_last,
    unseen,
    wear,
)
from marchland.errors import BadInput, UnknownName
from marchland.estimate import Because, Estimate, Model
from marchland.vocabulary import Place

VERSION = "0.1"
_LEAST_SHOWN = 5e-4
_HARDER = 20
"""Numbers of a chain that take as long as one of a day's answer, which is asked again and again."""
_TRUST = 1.4
_PACE = 2.0
_BASE_LOGIT = 1.0
_Z90 = 1.645


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
    evidence: Evidence
    knot_days: NDArray[np.int64]
    knot_odds: Array
    offset: NDArray[np.intp]
    rates: Array
    around: Array
    prior: Array
    xyz: Array
    trust: Mapping[str, Trust]
    stays: Mapping[tuple[str, str], Stay]
    settings: ControlSettings
    names: Mapping[str, str]
    seed: int
    revision: int
    _row: dict[str, int] = field(init=False)
    _key: NDArray[np.int64] = field(init=False)
    _own: NDArray[np.intp] = field(init=False)
    _spoken_last: NDArray[np.int64] = field(init=False)
    _until: int = field(init=False)
    _noise: dict[int, NDArray[np.float32]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_row", {p: i for i, p in enumerate(self.places)})
        rows = np.arange(len(self.places))
        place = np.repeat(rows, np.diff(self.offset))
        object.__setattr__(self, "_key", place * APART + self.knot_days)
        own = np.searchsorted(self.evidence.place, np.arange(len(self.places) + 1))
        object.__setattr__(self, "_own", own)
        object.__setattr__(self, "_spoken_last", spoken_last(self.evidence))
        until = int(published_days(self.evidence).max(initial=NEVER))
        object.__setattr__(self, "_until", until)

    def pieces(self, place_id: str) -> tuple[Piece, ...]:
        """What every claim about a place says."""
        p = self._row[place_id]
        return self.evidence.pieces[self._own[p] : self._own[p + 1]]

    @property
    def days(self) -> tuple[date, ...]:
        """Knots from `start` to `end`: both ends, a day a week, and every day a claim speaks of."""
        first, last = self.start.toordinal(), self.end.toordinal()
        every = np.unique(np.concatenate([self.calendar.knots, self.knot_days]))
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
        fast = compiled(_HARDER * self.rates.shape[1] * len(self.outcomes))
        if fast is not None:
            found: Array = fast.on_day(
                day, self.offset, self.knot_days, self.knot_odds, self.prior,
                flat=self.settings.flat, weeks=len(self.calendar.knots),
            )  # fmt: skip
            return self._assumed(found)
        rows = np.arange(len(self.places))
        at = np.searchsorted(self._key, rows * APART + day, side="right") - 1
        at = np.maximum(at, self.offset[:-1])
        after = np.minimum(at + 1, self.offset[1:] - 1)
        first, next_ = self.knot_days[at], self.knot_days[after]
        part = np.clip((day - first) / np.maximum(next_ - first, 1), 0.0, 1.0)[:, None]
        return self._finish((1.0 - part) * self.knot_odds[at] + part * self.knot_odds[after])

    def _finish(self, odds: Array) -> Array:
        flat = self.settings.flat
        odds = (1.0 - flat) * odds + flat * self.prior
        return self._assumed(odds / odds.sum(axis=1, keepdims=True))

    def _assumed(self, odds: Array) -> Array:
        """The same, with what is given as an assumption."""
        for place, outcome in self.given.items():
            odds[self._row[place]] = np.eye(len(self.outcomes))[self.outcomes.index(outcome)]
        return odds

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
        own = slice(self.offset[p], self.offset[p + 1])
        odds = self._one(p, _between(self.knot_days[own], self.knot_odds[own], day))
        pieces = self.pieces(place_id)
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
        named = {target for piece in self.pieces(self.places[p]) for target in piece.targets}
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
        owner = self.evidence.place[self.evidence.mark_piece]
        age = day - self.evidence.mark_day
        told = (age >= 0) & (owner < len(self.places))
        np.minimum.at(out, owner[told], age[told].astype(np.float64))
        return out

    def evidence_distance_km(self, on: date) -> Array:
        """Distance (P,) to the nearest place a claim tells of by a day; 0 for itself, else inf."""
        day = self._day(on)
        owner = self.evidence.place[self.evidence.mark_piece]
        told = np.unique(owner[self.evidence.mark_day <= day])
        out = np.full(len(self.places), np.inf)
        out[told[told < len(out)]] = 0.0
        xyz = self.xyz[told][np.isfinite(self.xyz[told, 0])]
        located = np.flatnonzero(np.isfinite(self.xyz[: len(out), 0]) & np.isinf(out))
        if len(xyz) and len(located):
            out[located] = cKDTree(xyz).query(self.xyz[located])[0]
        return out

    def n_sources(self, on: date) -> NDArray[np.int64]:
        """Number (P,) of tellers whose own word about each place speaks of days up to `on`."""
        day = self._day(on)
        spoken = self.evidence.spoken <= day
        pairs = {
            (int(p), str(t))
            for p, t in zip(self.evidence.place[spoken], self.evidence.teller[spoken], strict=True)
        }
        counts = np.bincount([p for p, _ in pairs], minlength=len(self.places))
        return np.asarray(counts[: len(self.places)], dtype=np.int64)

    def n_claims(self, on: date, *, named: bool = False) -> NDArray[np.int64]:
        """Number (P,) of claims behind each place's odds on a day.

        Parameters
        ----------
        named
            Only those that name the place itself, and not an area it lies in.
        """
        self._day(on)
        counts = np.zeros(len(self.places), dtype=np.int64)
        for place, piece in zip(self.evidence.place, self.evidence.pieces, strict=True):
            about = piece.claim.place
            if place < len(counts) and (not named or (about and about.id == piece.place)):
                counts[place] += 1
        return counts

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
        named = {t for piece in self.pieces(self.places[p]) for t in piece.targets} | {
            CONTESTED,
            NONE,
        }
        return [k for k, o in enumerate(self.outcomes) if odds[k] >= _LEAST_SHOWN or o in named]

    def _variants(
        self, p: int, day: int, odds: Array, shown: list[int]
    ) -> tuple[Array, dict[str, tuple[float, float]]]:
        """Odds (C, K) without each claim, and the interval of each outcome shown."""
        first, c = int(self._own[p]), int(self._own[p + 1] - self._own[p])
        moved = [j for j in shown if odds[j] > 0.01]
        v = c + 4 + 2 * len(moved)
        rates, around = (np.repeat(x[:, [p]], v, axis=1) for x in (self.rates, self.around))
        for i, j in enumerate(moved):
            for side, factor in enumerate((np.exp(_BASE_LOGIT), np.exp(-_BASE_LOGIT))):
                for x in (rates, around):
                    x[:, c + 4 + 2 * i + side, j] *= factor
        for x in (rates, around):
            x /= x.sum(axis=-1, keepdims=True)

        def keep(chain: Index, piece: Index) -> Flags:
            return np.asarray(piece != first + chain)

        leave = leaving(self.outcomes, self.settings)
        laid = lay(
            self.evidence, self.calendar, np.full(v, p), rates, leave, self.settings, keep=keep
        )
        laid.loglik[:, c] *= _TRUST
        laid.loglik[:, c + 1] /= _TRUST
        laid.steps.rho[:, c + 2] **= _PACE
        laid.steps.rho[:, c + 3] **= 1.0 / _PACE
        days = laid.key[: laid.start[1]]
        at = min(max(int(np.searchsorted(days, day, side="right")) - 1, 0), len(days) - 1)
        end = min(at + 1, len(days) - 1)
        last = self._lasts(p, v)
        told = np.searchsorted(days, np.clip(last, days[0], days[-1]))
        low = min(at, int(told.min()))
        chain = smooth(laid.loglik, laid.steps, laid.begin(), low=low, high=end)
        firm = chain[np.minimum(told, end) - low, np.arange(v)]
        firm = hinted(firm, self._hints(p, last))
        chain = self._worn(days[at : end + 1], last, chain[at - low :], firm, (around, rates))
        flat = self.settings.flat
        all_odds = (1.0 - flat) * _between(days[at : end + 1], chain, day) + flat * self.prior[p]
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

    def _lasts(self, p: int, variants: int) -> NDArray[np.int64]:
        """(V,) last day that a place was told of; the first are without a claim each."""
        own = np.arange(self._own[p], self._own[p + 1])
        out = np.full(variants, self._last_told(own), dtype=np.int64)
        out[: len(own)] = [self._last_told(own[own != left]) for left in own]
        return out

    def _hints(self, p: int, last: NDArray[np.int64]) -> Array:
        """(V, K) what is told of a place after the last day it was told of, as `hints` gives it."""
        marks = slice(self.evidence.mark_start[p], self.evidence.mark_start[p + 1])
        later = self.evidence.mark_day[marks] > last[:, None]
        left = self.evidence.mark_piece[marks] == self._own[p] + np.arange(len(last))[:, None]
        used = later & ~left & (last > NEVER)[:, None]
        return np.asarray(used @ self.evidence.mark_loglik[marks])

    def _worn(
        self,
        days: NDArray[np.int64],
        last: NDArray[np.int64],
        chain: Array,
        firm: Array,
        base: tuple[Array, Array],
    ) -> Array:
        """Odds (D, V, K) with what nobody may have told of yet.

        Parameters
        ----------
        last, firm
            (V,) the last day that the place was told of, and the odds (V, K) on it.
        chain, base
            (D, V, K) the chain's odds; (W, V, K) who holds the places around, and base rates.
        """
        out = chain.copy()
        for t, day in enumerate(days):
            worn = unseen(np.full(len(last), day), last, self._until, self.settings)
            week = self.calendar.week_of(np.array([day]))[0]
            around, rates = (x[week] for x in base)
            target, own = (
                pooled(x, y, self.settings) for x, y in ((around, rates), (firm, chain[t]))
            )
            late = worn > 0
            out[t, late] = wear(own[late], target[late], worn[late], self.outcomes, self.settings)
        return out

    def _last_told(self, pieces: NDArray[np.int64]) -> int:
        """Last day that any of some pieces speaks of plainly."""
        return int(self._spoken_last[pieces].max(initial=NEVER))


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

"""The two runs of every place's chain, and what is learned from the claims between them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from marchland.control.assemble import (
    APART,
    FOLDS,
    WEEK,
    Calendar,
    Days,
    Flags,
    Index,
    Keep,
    gather,
    leaving,
    rivals_of,
    run,
    run_on_knots,
    weigh,
)
from marchland.control.chain import Array, resting
from marchland.control.evidence import Piece
from marchland.control.learn import judged, learn_rivals, learn_trust
from marchland.control.neighbours import (
    Ground,
    Told,
    base_rates,
    field,
    home_column,
    nearest,
    nothing_told,
    priors,
    surroundings,
    tell,
)
from marchland.control.settings import ControlSettings
from marchland.control.sources import Trust
from marchland.control.unseen import (
    NEVER,
    Then,
    earlier_days,
    fit_unseen,
    hinted,
    hints,
    last_told,
    pooled,
    published_days,
    unseen,
    wear,
)
from marchland.vocabulary import Place, Vocabulary

_DOUBT_OF_DEFAULT = 0.5
"""Nats for a setting e times its default: what holds a setting where claims are few."""

_LEAST, _MOST = 1e-3, 1e4
_HIGHEST = {"field_pull": 1.0, "hold_odds": 0.9}
"""Of a setting that is fitted."""
_ENOUGH = 0.2
"""Nats by which a step must help."""
_PLACES = 4_000
"""Places whose chains or field are worked out at once, which bounds the memory used."""
_ROWS = 100_000
"""Days of places that are worn at once."""
_JUDGED = 5
"""Times `tuning_most`: the most claims that tellers are judged by."""
_EARLIER, _HORIZONS = 6, (0, 2, 4, 8, 13, 26)
"""Days looked back to, and weeks looked ahead from there."""
_TOGETHER = 5.0
"""Places that change hands together, as in one offensive: they count as one."""
_FEW, _SOME, _AT_ONCE = 60, 300, 500_000
"""Places looked at there: at least, at most, and times weeks and outcomes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solved:
    """The chains of some places.

    Parameters
    ----------
    days, odds, start
        (F,) ordinals of the days of one chain after the other, odds (F, K), and where each begins.
    rates
        (W, R, K) base rates for every knot.
    around
        (W, R, K) who holds the places around, each as it was last told of.
    """

    days: Days
    odds: Array
    start: Index
    rates: Array
    around: Array


class _Then(NamedTuple):
    """Odds as last told of on every knot and at all; of the chains, base rates; day last told."""

    told: Array
    firm: Array
    chain: Array
    rates: Array
    last: Days


class Solver:
    """All that is inferred from one set of claims.

    Parameters
    ----------
    places
        Every place that is asked for or spoken of.
    """

    def __init__(
        self,
        pieces: Sequence[Piece],
        places: Sequence[Place],
        outcomes: tuple[str, ...],
        calendar: Calendar,
        vocabulary: Vocabulary,
        settings: ControlSettings,
    ) -> None:
        self.outcomes, self.calendar, self.settings = outcomes, calendar, settings
        self.default = settings
        self.prior = priors(list(places), outcomes, vocabulary, settings)
        row = {p.id: i for i, p in enumerate(places)}
        self.evidence = gather(pieces, row, outcomes, self.prior, settings)
        self.trust: Mapping[str, Trust] = {}
        self.spoken = np.unique(self.evidence.place)
        self.near = nearest(list(places), self.spoken, most=settings.nearest)
        self.home = home_column(places, outcomes, vocabulary)
        self.rivals = rivals_of(outcomes, settings)
        self.judged = judged(self.evidence, outcomes, settings)
        self.weeks = calendar.weeks

    def first(
        self,
        settings: ControlSettings,
        calendar: Calendar | None = None,
        *,
        known: Flags | None = None,
        about: Index | None = None,
    ) -> Told:
        """What each place's own claims show, from the first run of its chain.

        Parameters
        ----------
        known
            (C,) the pieces to use; default all.
        about
            Only what the neighbours of these places show; default all.
        """
        calendar = calendar or self.calendar
        leave = leaving(self.outcomes, replace(settings, pace=settings.first_pace))
        weekly = 1.0 - np.exp(-leave * calendar.quiet[0] * WEEK)
        rest = resting(self.prior, weekly)
        told = nothing_told(len(calendar.weeks), *self.prior.shape)
        heard = self.spoken
        if about is not None:
            heard = heard[np.isin(heard, self.near.index[about])]
        for a in range(0, len(heard), _PLACES):
            b = heard[a : a + _PLACES]
            own = run_on_knots(
                self.evidence, calendar, b, self.prior[None, b], leave, settings,
                weeks=calendar.inner, keep=_only(known),
            )  # fmt: skip
            tell(told, b, own, rest[b], self.home[b])
        return told

    def rates(
        self,
        told: Told,
        rows: Index,
        settings: ControlSettings,
        calendar: Calendar | None = None,
    ) -> Array:
        """Base rates (W, R, K) of some places for every knot."""
        calendar = calendar or self.calendar
        low, high = calendar.inner
        weeks, k = len(calendar.knots), len(self.outcomes)
        found = np.empty((len(rows), weeks, k)).transpose(1, 0, 2)
        for a in range(0, len(rows), _PLACES):
            b = slice(a, a + _PLACES)
            mean, variance = field(self.near, rows[b], told, settings)
            found[low : high + 1, b] = base_rates(mean, variance, self.prior[rows[b]], settings)
        found[:low], found[high + 1 :] = found[low], found[high]
        return found

    def solve(self, n: int) -> Solved:
        """The chains of the first `n` places."""
        rows = np.arange(len(self.prior))
        rates = self.rates(self.first(self.settings), rows, self.settings)
        days, odds, start = self._second(rows, rates, self.calendar, None)
        last = last_told(self.evidence, len(rows))
        told, last_odds = self._last(rows, (days, odds, start), last, self.calendar, None)
        around = self._around(rows[:n], told, last)
        del told
        days, odds, start = days[: start[n]], odds[: start[n]], start[: n + 1]
        chain = np.repeat(rows[:n], np.diff(start))
        until = int(published_days(self.evidence).max(initial=NEVER))
        worn = unseen(days, last[chain], until, self.settings)
        every = np.flatnonzero(worn > 0)
        for late in np.array_split(every, 1 + len(every) // _ROWS):
            week = self.calendar.week_of(days[late])
            base = pooled(around[week, chain[late]], rates[week, chain[late]], self.settings)
            firm = pooled(last_odds[chain[late]], odds[late], self.settings)
            odds[late] = wear(firm, base, worn[late], self.outcomes, self.settings)
        return Solved(days=days, odds=odds, start=start, rates=rates[:, :n], around=around)

    def _second(
        self, rows: Index, rates: Array, calendar: Calendar, known: Flags | None
    ) -> tuple[Days, Array, Index]:
        """Days, odds and beginnings of the chains of some places."""
        return run(
            self.evidence,
            calendar,
            rows,
            lambda b: rates[:, b],
            leaving(self.outcomes, self.settings),
            self.settings,
            keep=_only(known),
        )

    def _last(
        self,
        rows: Index,
        chains: tuple[Days, Array, Index],
        last: Days,
        calendar: Calendar,
        known: Flags | None,
    ) -> tuple[Array, Array]:
        """Odds of some places as each was last told of: on every knot (W, R, K), and at all."""
        days, odds, start = chains
        knots = calendar.knots
        day = np.clip(last[rows], knots[0], knots[-1])
        found = np.empty((len(rows), len(knots), odds.shape[1])).transpose(1, 0, 2)
        hint, firm = hints(self.evidence, last, known)[rows], np.empty((len(rows), odds.shape[1]))
        for a in range(0, len(rows), _PLACES):
            b = slice(a, a + _PLACES)
            own = slice(start[a], start[min(a + _PLACES, len(rows))])
            chain = np.arange(len(rows[b]))
            key = np.repeat(chain, np.diff(start[a : a + len(chain) + 1])) * APART + days[own]
            on = odds[own][np.searchsorted(key, chain * APART + knots[:, None])]
            firm[b] = hinted(odds[own][np.searchsorted(key, chain * APART + day[b])], hint[b])
            found[:, b] = np.where((knots[:, None] > day[b])[..., None], firm[b], on)
        return found, firm

    def _around(self, rows: Index, told: Array, last: Days) -> Array:
        return surroundings(
            self.near, rows, told, last > NEVER, self.home, self.prior, self.settings
        )

    # ------------------------------------------------------------ learning

    def learn(self) -> None:
        """Fit what can be fitted, as far as the claims go."""
        enough = self.judged.status.sum() >= self.settings.tuning_least
        if len(self.judged.piece) < self.settings.learning_least:
            return
        rounds = self.settings.learning_rounds
        looked_at = [self._sample(_JUDGED * self.settings.tuning_most)]
        looked_at.append(self._sample(self.settings.tuning_most, status=True))
        about = np.unique(self.evidence.place[self.judged.piece[np.concatenate(looked_at)]])
        for n in range(rounds):
            last = n == rounds - 1
            told = (
                self._fit_field(about, last=last)
                if enough
                else self.first(self.settings, about=about)
            )
            if enough and last:
                self._fit_chain(told)
            sample = self._sample((_JUDGED if last else 1) * self.settings.tuning_most)
            odds = self._left_out(told, sample, self.settings)
            known = self.judged.only(sample)
            self.trust = learn_trust(
                self.evidence, known, odds, self.outcomes, self.rivals, self.trust, self.default
            )
            rivals = learn_rivals(
                self.evidence, known, odds, self.outcomes, self.trust, self.default
            )
            self.settings = replace(self.settings, rivals=rivals)
            self.rivals = rivals_of(self.outcomes, self.settings)
            self.evidence = weigh(self.evidence, self.outcomes, self.trust, self.settings)
        self._fit_unseen()
        learned = {t: w.right for t, w in self.trust.items()}
        self.settings = replace(
            self.settings, reliabilities={**learned, **self.settings.reliabilities}
        )

    def _sample(self, most: int, *, status: bool = False) -> Index:
        """Judged claims of some places, whole places at a time."""
        place = self.evidence.place[self.judged.piece]
        counted = self.judged.status if status else np.ones(len(place), dtype=bool)
        order = np.random.default_rng(0).permutation(len(self.prior))
        count = np.bincount(place[counted], minlength=len(self.prior))[order]
        chosen = order[np.cumsum(count) <= max(most, count.max())]
        return np.flatnonzero(counted & np.isin(place, chosen))

    def _fit_field(self, about: Index, *, last: bool) -> Told:
        """Range, pace of the first run, temperature: by the claims of places left out whole.

        Gives back what the neighbours of the places `about` show.
        """
        sample = self._sample(self.settings.tuning_most, status=True)
        mark = self.judged.mark[sample]
        place = self.evidence.place[self.judged.piece[sample]]
        week = self.calendar.week_of(self.evidence.mark_day[mark]) - self.weeks[0]
        week = np.clip(week, 0, len(self.weeks) - 1)
        likelihood = np.exp(self.evidence.mark_loglik[mark])
        prior = self.prior[place]
        known: dict[float, Told] = {}

        def told(s: ControlSettings) -> Told:
            if s.first_pace not in known:
                if len(known) > 1:
                    del known[next(iter(known))]
                known[s.first_pace] = self.first(s, about=about)
            return known[s.first_pace]

        def loss(s: ControlSettings) -> tuple[float, ControlSettings]:
            ground = Ground(self.near, place, s)
            mean, variance = ground.solve(told(s), week)

            def at(x: Array) -> float:
                here = replace(s, field_heat=float(np.exp(x[0])), field_doubt=float(np.exp(x[1])))
                odds = base_rates(mean, variance, prior, here)
                return -float(np.log((odds * likelihood).sum(axis=1)).sum()) + self._doubt(here)

            best = minimize(
                at, np.log([s.field_heat, s.field_doubt]), method="Nelder-Mead",
                options={"xatol": 0.03, "fatol": 0.05, "maxfev": 60},
            )  # fmt: skip
            heat, doubt = np.exp(best.x)
            return float(best.fun), replace(s, field_heat=float(heat), field_doubt=float(doubt))

        ways = [("first_pace", 2.0), ("range_km", 1.6)] if last else [("first_pace", 5.0)]
        self.settings = _descend(self.settings, loss, ways)
        return told(self.settings)

    def _fit_chain(self, told: Told) -> None:
        """How quickly places change hands: by one fold of the claims, left out."""
        sample = self._sample(self.settings.tuning_most, status=True)
        sample = sample[self.evidence.fold[self.judged.piece[sample]] == 0]
        if len(sample) == 0:
            return
        likelihood = np.exp(self.evidence.mark_loglik[self.judged.mark[sample]])
        place = np.unique(self.evidence.place[self.judged.piece[sample]])
        rates = self.rates(told, place, self.settings)

        def loss(s: ControlSettings) -> tuple[float, ControlSettings]:
            odds = self._left_out(told, sample, s, rates=rates)
            return -float(np.log((odds * likelihood).sum(axis=1)).sum()) + self._doubt(s), s

        start = replace(self.settings, pace=self.settings.first_pace)
        self.settings = _descend(
            start, loss, [("pace", 3.0), ("hold_odds", 3.0), ("field_pull", 1.5)]
        )

    def _fit_unseen(self) -> None:
        """How odds wear where nobody tells of a place any more: by what earlier days foretold."""
        published = published_days(self.evidence)
        now = int(published.max(initial=0))
        days = np.array(earlier_days(published, now, count=_EARLIER), dtype=np.int64)
        weeks = np.unique(self.calendar.week_of(days))
        most = min(_SOME, max(_FEW, _AT_ONCE // (len(self.calendar.knots) * len(self.outcomes))))
        rows = np.random.default_rng(0).permutation(self.spoken)[:most]
        if not len(weeks) or not len(rows):
            return
        beside = self.near.index[rows]
        every = np.unique(np.concatenate([rows, beside[beside >= 0]]))
        own = np.searchsorted(every, rows)
        now_known = self._then(every, self.calendar, None)
        then = []
        for week in weeks.tolist():
            day = int(self.calendar.knots[week])
            known = published <= day
            then_known = self._then(every, self.calendar.until(week), known)
            last = then_known.last
            everywhere = np.zeros((1, *self.prior.shape))
            everywhere[0, every] = then_known.told[week]
            around = self._around(rows, everywhere, last)[0]
            used = last[rows] > NEVER
            then += [
                Then(
                    odds=then_known.firm[own][used],
                    around=around[used],
                    chain=then_known.chain[week, own][used],
                    rates=then_known.rates[week, own][used],
                    last=last[rows][used],
                    until=int(published[known].max(initial=NEVER)),
                    day=day + h * WEEK,
                    found=now_known.told[week + h, own][used],
                    found_chain=now_known.chain[week + h, own][used],
                )
                for h in _HORIZONS
                if day + h * WEEK <= now
            ]
        worth = 1.0 / (len(_HORIZONS) * _TOGETHER)
        self.settings = fit_unseen(then, self.outcomes, self.settings, worth=worth)

    def _then(self, rows: Index, calendar: Calendar, known: Flags | None) -> _Then:
        """What some of the claims make of some places."""
        told = self.first(self.settings, calendar, known=known, about=rows)
        rates = self.rates(told, rows, self.settings, calendar)
        last = last_told(self.evidence, len(self.prior), known)
        chains = self._second(rows, rates, calendar, known)
        told_of, firm = self._last(rows, chains, last, calendar, known)
        days, odds, start = chains
        chain = np.arange(len(rows))
        key = np.repeat(chain, np.diff(start)) * APART + days
        on = odds[np.searchsorted(key, chain * APART + calendar.knots[:, None])]
        return _Then(told=told_of, firm=firm, chain=on, rates=rates, last=last)

    def _left_out(
        self, told: Told, sample: Index, settings: ControlSettings, *, rates: Array | None = None
    ) -> Array:
        """Odds (J, K) of the places and days of judged claims, each without its fold."""
        piece = self.judged.piece[sample]
        place, fold = self.evidence.place[piece], self.evidence.fold[piece]
        places = np.unique(place)
        if rates is None:
            rates = self.rates(told, places, settings)
        pairs = np.unique(place * FOLDS + fold)
        chain = np.searchsorted(pairs, place * FOLDS + fold)
        chain_place, chain_fold = pairs // FOLDS, pairs % FOLDS
        column = np.searchsorted(places, chain_place)

        def keep(item: Index, what: Index) -> Flags:
            return np.asarray(self.evidence.fold[what] != chain_fold[item])

        days, odds, start = run(
            self.evidence,
            self.calendar,
            chain_place,
            lambda b: rates[:, column[b]],
            leaving(self.outcomes, settings),
            settings,
            keep=keep,
        )
        key = np.repeat(np.arange(len(pairs)), np.diff(start)) * APART + days
        day = self.evidence.mark_day[self.judged.mark[sample]]
        return np.asarray(odds[np.searchsorted(key, chain * APART + day)])

    def _doubt(self, settings: ControlSettings) -> float:
        """Nats against settings far from their defaults."""
        names = ("range_km", "first_pace", "field_heat", "field_doubt", "pace", "hold_odds")
        moved = [
            np.log(max(getattr(settings, n), 1e-3) / max(getattr(self.default, n), 1e-3))
            for n in names
        ]
        return float(_DOUBT_OF_DEFAULT * np.square(moved).sum() / 2.0)


def _only(known: Flags | None) -> Keep | None:
    if known is None:
        return None
    return lambda _, piece: np.asarray(known[piece])


Loss = Callable[[ControlSettings], tuple[float, ControlSettings]]


def _descend(
    settings: ControlSettings, loss: Loss, ways: Sequence[tuple[str, float]]
) -> ControlSettings:
    """Coordinate descent: each setting by its factor, up and down, as long as that helps."""
    best, settings = loss(settings)
    for name, factor in ways:
        for by in (factor, 1.0 / factor):
            moved = False
            while True:
                there = getattr(settings, name) * by
                there = min(there, _HIGHEST.get(name, _MOST))
                if not _LEAST <= there <= _MOST or there == getattr(settings, name):
                    break
                value, trial = loss(replace(settings, **{name: there}))
                if value >= best - _ENOUGH:
                    break
                best, settings, moved = value, trial, True
            if moved:
                break
    return settings

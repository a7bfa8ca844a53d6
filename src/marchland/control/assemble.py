"""From marks and shifts to the arrays that the chains run on, many chains at once.

Every place has its own axis of days: the weekly knots that all share, and the days its own claims
speak of. So a claim about one place never changes the arithmetic of another.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marchland.control.chain import Array, Steps, drift, resting, smooth
from marchland.control.engine import compiled
from marchland.control.evidence import Mark, Piece, Says, Shift
from marchland.control.settings import CONTESTED, NONE, ControlSettings
from marchland.control.sources import Trust

Days = NDArray[np.int64]
Index = NDArray[np.intp]
Flags = NDArray[np.bool_]
Keep = Callable[[Index, Index], Flags]
"""Whether each of some pairs of chain and piece is used."""
WEEK = 7
FOLDS = 4
_MARGIN_WEEKS = 4
APART = 10**8
"""Between the days of one chain and the next, so that one sorted array holds those of all."""
_BLOCK = 3_000_000
"""Numbers in one array of a block of chains, which bounds the memory used."""
_LEAST, _MOST = 1e-3, 0.995


def monday(day: int) -> int:
    """The Monday on or before a day, both as ordinals."""
    return day - (day - 1) % WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The weekly knots and what holds in each week.

    Parameters
    ----------
    knots
        (W,) ordinals of Mondays.
    inner
        Index of the first and the last knot that evidence and the as-of day can reach; what lies
        outside takes the base rates of the nearest of them, so it changes nothing inside.
    quiet
        (W,) factor on the chance of a change that nobody reports, from how dense reporting is.
    """

    knots: Days
    inner: tuple[int, int]
    quiet: Array

    @property
    def weeks(self) -> Index:
        """Indices of the inner knots."""
        low, high = self.inner
        return np.arange(low, high + 1)

    def until(self, week: int) -> "Calendar":
        """The same, ending with the knot after one."""
        low, high = self.inner
        end = min(week + 2, len(self.knots))
        return Calendar(
            knots=self.knots[:end],
            inner=(min(low, end - 1), min(high, end - 1)),
            quiet=self.quiet[:end],
        )

    def week_of(self, days: Days) -> Index:
        """Index of the knot on or before each day."""
        found = np.searchsorted(self.knots, days, side="right") - 1
        return np.clip(found, 0, len(self.knots) - 1)


def make_calendar(
    pieces: Sequence[Piece], *, start: int, end: int, as_of: int, settings: ControlSettings
) -> Calendar:
    """Weekly knots over everything that evidence and questions reach."""
    marked = [m.day for p in pieces for m in p.marks]
    marked += [s.first for p in pieces for s in p.shifts]
    low = monday(min(marked, default=as_of)) - _MARGIN_WEEKS * WEEK
    high = monday(max([*marked, as_of])) + WEEK
    first, last = min(low, monday(start)), max(high, monday(end) + WEEK)
    knots = np.arange(first, last + 1, WEEK, dtype=np.int64)
    inner = ((low - first) // WEEK, (high - first) // WEEK)
    reports = {p.claim.report.id: p.claim.published for p in pieces}
    days = np.sort(np.array([d.toordinal() for d in reports.values() if d], dtype=np.int64))
    half = settings.coverage_days // 2
    centre = np.clip(knots, low, min(high, as_of))
    left, right = centre - half, np.minimum(centre + half, as_of)
    seen = np.searchsorted(days, right, side="right") - np.searchsorted(days, left)
    density = seen * (2.0 * half) / np.maximum(right - left, 1)
    quiet = 1.0 - settings.detection * (1.0 - np.exp(-density / settings.dense_reports))
    return Calendar(knots=knots, inner=inner, quiet=quiet)


def leaving(outcomes: Sequence[str], settings: ControlSettings) -> Array:
    """(K,) chance per day that a state's base rates take over."""
    days = {CONTESTED: settings.contested_days, NONE: settings.empty_days}
    return np.array([settings.pace / days.get(k, settings.sojourn_days) for k in outcomes])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """What all pieces say, as arrays; pieces in the order of their places.

    Parameters
    ----------
    pieces
        (C,) the pieces themselves.
    place, teller, fold
        (C,) index of the place, whose word it is, and which of `FOLDS` parts it is held out with.
    spoken, grip
        (C,) first day it speaks of, and how far it then keeps its place from following others.
    mark_piece, mark_day, mark_loglik
        (M,) the piece of each mark and its day; its log likelihood (M, K).
    mark_kind, kinds
        (M,) which of the kinds of mark each is: those of one kind say the same, in the same words
        of the same teller, and have one likelihood. A piece and a mark of each kind.
    shift_piece, first, last, odds
        (N,) the piece of each shift, its days, and the chance that it is of something.
    toward
        (N, K) where it leads.
    plain
        (N,) whether it tells of no change, only of a holder: it counts as news so far as that
        holder is plausible there.
    mark_start, shift_start
        (P + 1,) where the marks and shifts of each place begin.
    """

    pieces: tuple[Piece, ...]
    place: Index
    teller: NDArray[np.str_]
    fold: NDArray[np.int64]
    spoken: Days
    grip: Array
    mark_piece: Index
    mark_day: Days
    mark_loglik: Array
    mark_kind: Index
    kinds: tuple[tuple[Piece, Mark], ...]
    shift_piece: Index
    first: Days
    last: Days
    odds: Array
    toward: Array
    plain: Flags
    mark_start: Index
    shift_start: Index


def gather(
    pieces: Sequence[Piece],
    row: Mapping[str, int],
    outcomes: Sequence[str],
    prior: Array,
    settings: ControlSettings,
) -> Evidence:
    """Lay out the pieces; likelihoods are those of `weigh` with nothing learned.

    Parameters
    ----------
    row
        Place id to its row in every array.
    prior
        (P, K) prior odds: where news leads that only says what it led away from.
    """
    pieces = sorted(pieces, key=lambda p: (row[p.place], p.claim.id))
    place = np.array([row[p.place] for p in pieces], dtype=np.intp)
    column = {k: i for i, k in enumerate(outcomes)}
    marks = [(i, m) for i, p in enumerate(pieces) for m in p.marks]
    shifts = [(i, s) for i, p in enumerate(pieces) for s in p.shifts]
    shift_piece = np.array([i for i, _ in shifts], dtype=np.intp)
    kinds: dict[tuple[object, ...], int] = {}
    examples: list[tuple[Piece, Mark]] = []
    mark_kind = np.empty(len(marks), dtype=np.intp)
    for n, (i, m) in enumerate(marks):
        piece = pieces[i]
        same = (
            *(piece.teller, piece.claim.report.source.id, piece.interest),
            *(m.says, m.target, m.weight, m.parties, m.share),
        )
        if same not in kinds:
            kinds[same] = len(examples)
            examples.append((piece, m))
        mark_kind[n] = kinds[same]
    mark_piece = np.array([i for i, _ in marks], dtype=np.intp)
    rows = np.arange(len(row) + 1)
    found = Evidence(
        pieces=tuple(pieces),
        place=place,
        teller=np.array([p.teller for p in pieces], dtype=np.str_),
        fold=np.array([zlib.crc32(p.claim.id.encode()) % FOLDS for p in pieces], dtype=np.int64),
        spoken=np.array([min(m.day for m in p.marks) for p in pieces], dtype=np.int64),
        grip=np.array([min(1.0, p.weight) for p in pieces]),
        mark_piece=mark_piece,
        mark_day=np.array([m.day for _, m in marks], dtype=np.int64),
        mark_loglik=np.zeros((len(marks), len(outcomes))),
        mark_kind=mark_kind,
        kinds=tuple(examples),
        shift_piece=shift_piece,
        first=np.array([s.first for _, s in shifts], dtype=np.int64),
        last=np.array([s.last for _, s in shifts], dtype=np.int64),
        odds=np.array([s.odds for _, s in shifts]),
        toward=_toward([s for _, s in shifts], column, prior[place[shift_piece]]),
        plain=np.array([s.plain for _, s in shifts], dtype=bool),
        mark_start=np.searchsorted(place[mark_piece], rows),
        shift_start=np.searchsorted(place[shift_piece], rows),
    )
    return weigh(found, outcomes, {}, settings)


def _toward(shifts: Sequence[Shift], column: Mapping[str, int], prior: Array) -> Array:
    """(N, K) where shifts lead: to the outcome they name, else as the prior has it, but away."""
    to = np.array([-1 if s.toward is None else column[s.toward] for s in shifts], dtype=np.intp)
    away = np.array([-1 if s.away is None else column[s.away] for s in shifts], dtype=np.intp)
    out = np.eye(len(column))[to]
    anywhere = np.flatnonzero(to < 0)
    out[anywhere] = prior[anywhere]
    left = anywhere[away[anywhere] >= 0]
    out[left, away[left]] = 0.0
    out[anywhere] /= out[anywhere].sum(axis=1, keepdims=True)
    return np.asarray(out)


def weigh(
    evidence: Evidence,
    outcomes: Sequence[str],
    trust: Mapping[str, Trust],
    settings: ControlSettings,
) -> Evidence:
    """The same evidence with the tellers trusted as given."""
    column = {k: i for i, k in enumerate(outcomes)}
    rivals = rivals_of(outcomes, settings)
    each = [_loglik(mark, piece, column, trust, rivals, settings) for piece, mark in evidence.kinds]
    loglik = np.array(each).reshape(-1, len(column))[evidence.mark_kind]
    return replace(evidence, mark_loglik=loglik)


def rivals_of(outcomes: Sequence[str], settings: ControlSettings) -> float:
    """How many other holders a wrong claim could as well have named."""
    holders = len(outcomes) - sum(k in (CONTESTED, NONE) for k in outcomes)
    return max(1.0, min(settings.rivals, holders - 1.0))


def trusted(
    piece: Piece, trust: Mapping[str, Trust], settings: ControlSettings
) -> tuple[Trust, float]:
    """How far the teller of a piece is trusted, and the weight that goes with it."""
    found = trust.get(piece.teller)
    if found is None:
        source = piece.claim.source.id
        plain = settings.reliabilities.get(source, settings.prior_of(source))
        if piece.teller != source and source in trust:
            plain = trust[source].right
        return Trust(right=plain), 1.0
    return found, 1.0 / piece.interest if found.lean is not None else 1.0


def row_of(trust: Trust, target: int, column: Mapping[str, int], rivals: float) -> Array:
    """(K,) chance that a teller names `target` where each state holds."""
    k = len(column)
    lean = column.get(trust.lean) if trust.lean is not None else None
    if lean is None:
        out = np.full(k, (1.0 - trust.right) / rivals)
        out[target] = trust.right
    elif target == lean:
        out = np.full(k, trust.false)
        out[target] = trust.own
    else:
        out = np.full(k, max(1.0 - trust.right - trust.false, _LEAST) / max(rivals - 1.0, 1.0))
        out[lean] = (1.0 - trust.own) / rivals
        out[target] = trust.right
    return np.asarray(np.clip(out, _LEAST, _MOST))


def _loglik(
    mark: Mark,
    piece: Piece,
    column: Mapping[str, int],
    trust: Mapping[str, Trust],
    rivals: float,
    settings: ControlSettings,
) -> Array:
    """(K,) log likelihood of a mark for each state."""
    k, target = len(column), column[mark.target]
    told, more = trusted(piece, trust, settings)
    weight = min(mark.weight * more, 1.1)
    if mark.says is Says.NOT_HELD:
        chance = min(0.5 + weight * (told.right - 0.5), _MOST)
        value = np.full(k, chance)
        value[target] = 1.0 - chance
        return np.asarray(mark.share * np.log(value))
    even = 1.0 / (rivals + 1.0)
    value = np.clip(even + weight * (row_of(told, target, column, rivals) - even), _LEAST, _MOST)
    leak = settings.contested_leak * value[target]
    for party in mark.parties if mark.says is Says.CONTESTED else (CONTESTED,):
        value[column[party]] = max(value[column[party]], leak)
    return np.asarray(mark.share * np.log(value))


# ---------------------------------------------------------------- many chains at once


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Laid:
    """Chains side by side, the shorter ones filled up with steps that change nothing.

    Parameters
    ----------
    key
        (F,) sorted: number of the chain times a large number, plus the day.
    start
        (I + 1,) where each chain begins in `key`.
    loglik
        (T, I, K) log likelihood of each day's evidence.
    """

    key: Days
    start: Index
    loglik: Array
    steps: Steps

    def smooth(self) -> Array:
        """(F, K) odds of every day of every chain, in the order of `key`."""
        odds = smooth(self.loglik, self.steps, self.begin())
        chain = self.key // APART
        return np.asarray(odds[np.arange(len(self.key)) - self.start[chain], chain])

    def begin(self) -> Array:
        """(I, K) odds before the first day."""
        return resting(self.steps.pi[0], 1.0 - self.steps.rho[0])


def lay(
    evidence: Evidence,
    calendar: Calendar,
    places: Index,
    rates: Array,
    leave: Array,
    settings: ControlSettings,
    *,
    keep: Keep | None = None,
) -> Laid:
    """Lay the chains of some places side by side.

    Parameters
    ----------
    places
        (I,) the place of each chain; one place may have several.
    rates
        (W, I, K) base rates of each chain per week.
    keep
        Which pieces a chain uses; it has the days of all of them.
    """
    n, k = len(places), rates.shape[-1]
    chain_m, mark = _ranges(evidence.mark_start, places)
    chain_s, shift = _ranges(evidence.shift_start, places)
    first = np.maximum(evidence.first[shift], calendar.knots[0])
    last = np.minimum(evidence.last[shift], calendar.knots[-1])
    day = np.clip(evidence.mark_day[mark], calendar.knots[0], calendar.knots[-1])
    knots = (np.arange(n)[:, None] * APART + calendar.knots).ravel()
    key_m, key_a, key_b = chain_m * APART + day, chain_s * APART + first, chain_s * APART + last
    key = np.sort(np.concatenate([knots, key_m, key_a, key_b]))
    key = key[np.append(True, key[1:] != key[:-1])]
    start = np.searchsorted(key, np.arange(n + 1) * APART)
    chain = key // APART
    at = np.arange(len(key)) - start[chain]
    longest = int(np.diff(start).max(initial=1))
    if keep is not None:
        used = keep(chain_m, evidence.mark_piece[mark])
        chain_m, mark, key_m = chain_m[used], mark[used], key_m[used]
        used = keep(chain_s, evidence.shift_piece[shift])
        chain_s, shift, key_a, key_b = chain_s[used], shift[used], key_a[used], key_b[used]

    loglik = np.zeros((longest, n, k))
    where = np.searchsorted(key, key_m)
    np.add.at(loglik, (at[where], chain_m), evidence.mark_loglik[mark])

    shape = (longest - 1, n)
    begins = np.flatnonzero(chain[1:] == chain[:-1])
    t, i = at[begins], chain[begins]
    length = (key[begins + 1] - key[begins]).astype(np.float64)
    week = calendar.week_of(key % APART)
    now, later = rates[week[begins], i], rates[week[begins + 1], i]
    drop, gain = drift(now, later, settings.field_pull)
    drop *= _free(evidence, places, keep, (key, at, chain), settings)[begins][:, None]
    stay, news = _news(evidence, shift, key_a, key_b, key, now, begins, settings)
    steps = Steps(
        rho=np.ones((*shape, k)),
        pi=np.zeros((*shape, k)),
        drop=np.zeros((*shape, k)),
        gain=np.zeros((*shape, k)),
        stay=np.ones(shape),
        news=np.zeros((*shape, k)),
    )
    steps.rho[t, i] = np.exp(-leave * (calendar.quiet[week[begins]] * length)[:, None])
    steps.pi[t, i], steps.drop[t, i], steps.gain[t, i] = now, drop, gain
    steps.stay[t, i], steps.news[t, i] = stay, news
    return Laid(key=key, start=start, loglik=loglik, steps=steps)


def _ranges(start: Index, places: Index) -> tuple[Index, Index]:
    """For each chain all that is its place's: number of the chain, and of the thing."""
    count = start[places + 1] - start[places]
    chain = np.repeat(np.arange(len(places)), count)
    offset = np.repeat(np.cumsum(count) - count, count)
    return chain, np.repeat(start[places], count) + np.arange(len(chain)) - offset


def _free(
    evidence: Evidence,
    places: Index,
    keep: Keep | None,
    laid: tuple[Days, Index, Index],
    settings: ControlSettings,
) -> Array:
    """(F,) how far each chain follows its neighbours, by the best of its own claims so far."""
    key, at, chain = laid
    rows = np.searchsorted(evidence.place, _rows(evidence))
    owner, piece = _ranges(rows, places)
    if keep is not None:
        used = keep(owner, piece)
        owner, piece = owner[used], piece[used]
    age = (key % APART - key[0] % APART) / settings.anchor_days
    grip = np.full((at.max(initial=0) + 1, len(places)), -np.inf)
    where = np.searchsorted(key, owner * APART + evidence.spoken[piece])
    where = np.minimum(where, len(key) - 1)
    firm = np.log(np.maximum(evidence.grip[piece], 1e-9))
    np.maximum.at(grip, (at[where], owner), firm + age[where])
    held = np.maximum.accumulate(grip, axis=0)[at, chain]
    return np.asarray(1.0 - np.exp(np.minimum(held - age, 0.0)))


def _news(
    evidence: Evidence,
    shift: Index,
    key_a: Days,
    key_b: Days,
    key: Days,
    now: Array,
    begins: Index,
    settings: ControlSettings,
) -> tuple[Array, Array]:
    """Chance (S,) that the news of a step is of nothing, and where it leads (S, K).

    Several claims of one change are news of one change: the strongest decides how likely it is,
    all of them together where it led.
    """
    stay, news = np.ones(len(begins)), np.zeros_like(now)
    a, b = np.searchsorted(key, key_a), np.searchsorted(key, key_b)
    count = b - a
    which = np.repeat(np.arange(len(shift)), count)
    step = np.repeat(a, count) + np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    length = (key[step + 1] - key[step]) / (key_b - key_a)[which]
    step = np.searchsorted(begins, step)
    number = shift[which]
    chance = np.where(evidence.plain, settings.hold_odds, 1.0) * evidence.odds
    rate = 1.0 - (1.0 - chance[number]) ** length
    target = evidence.toward[number].argmax(axis=1)
    fits = np.minimum(1.0, settings.plausible * now[step, target] / now[step].max(axis=1))
    rate = rate * np.where(evidence.plain[number], fits, 1.0)
    np.minimum.at(stay, step, 1.0 - rate)
    np.add.at(news, step, rate[:, None] * evidence.toward[number])
    total = news.sum(axis=1, keepdims=True)
    return stay, np.where(total > 0, news / np.where(total > 0, total, 1.0), now)


def run(
    evidence: Evidence,
    calendar: Calendar,
    places: Index,
    rates: Callable[[Index | slice], Array],
    leave: Array,
    settings: ControlSettings,
    *,
    keep: Keep | None = None,
) -> tuple[Days, Array, Index]:
    """Odds of some chains on their own axes.

    Parameters
    ----------
    rates
        Gives the base rates (W, B, K) of some of the chains, by their numbers.

    Returns
    -------
        Ordinals (F,) of the days of one chain after the other, odds (F, K), and where each begins.
    """
    fast = compiled(len(places) * len(calendar.knots) * len(leave))
    if fast is not None:
        chains = fast.Chains(
            evidence, calendar, places, leave, settings, _used(evidence, places, keep)
        )
        found: tuple[Days, Array, Index] = chains.all(rates(slice(None)).transpose(1, 0, 2))
        return found
    return _in_blocks(evidence, calendar, places, rates, leave, settings, keep)


def run_on_knots(
    evidence: Evidence,
    calendar: Calendar,
    places: Index,
    rates: Array,
    leave: Array,
    settings: ControlSettings,
    *,
    weeks: tuple[int, int],
    keep: Keep | None = None,
) -> Array:
    """Odds (W, I, K) of some chains on the weekly knots alone.

    Parameters
    ----------
    rates
        (W, I, K) base rates, or (1, I, K) where they stay.
    weeks
        The first and the last knot.
    """
    low, high = weeks
    fast = compiled(len(places) * len(calendar.knots) * len(leave))
    if fast is not None:
        chains = fast.Chains(
            evidence, calendar, places, leave, settings, _used(evidence, places, keep)
        )
        odds: Array = chains.on_knots(rates.transpose(1, 0, 2), low, high)
        return odds.transpose(1, 0, 2)
    shape = (len(calendar.knots), *rates.shape[1:])
    days, odds, start = _in_blocks(
        evidence, calendar, places, lambda b: np.broadcast_to(rates, shape)[:, b], leave, settings,
        keep,
    )  # fmt: skip
    chain = np.repeat(np.arange(len(places)), np.diff(start))
    wanted = np.arange(len(places)) * APART + calendar.knots[low : high + 1, None]
    return np.asarray(odds[np.searchsorted(chain * APART + days, wanted)])


def _used(evidence: Evidence, places: Index, keep: Keep | None) -> Flags | None:
    """Which pieces of its place each chain uses, one chain after the other."""
    if keep is None:
        return None
    return keep(*_ranges(np.searchsorted(evidence.place, _rows(evidence)), places))


def _rows(evidence: Evidence) -> Index:
    return np.arange(evidence.mark_start.size)


def _in_blocks(
    evidence: Evidence,
    calendar: Calendar,
    places: Index,
    rates: Callable[[Index | slice], Array],
    leave: Array,
    settings: ControlSettings,
    keep: Keep | None,
) -> tuple[Days, Array, Index]:
    """`run` in numpy, a block of chains at a time."""
    count = np.diff(evidence.mark_start) + 2 * np.diff(evidence.shift_start)
    length = len(calendar.knots) + count[places]
    order = np.argsort(length, kind="stable")
    days: list[Days] = [np.empty(0, np.int64)] * len(places)
    odds: list[Array] = [np.empty((0, len(leave)))] * len(places)
    left = order
    while len(left):
        size = max(1, int(_BLOCK // (length[left[-1]] * len(leave))))
        block, left = np.sort(left[-size:]), left[:-size]
        numbers = block

        def used(chain: Index, piece: Index, numbers: Index = numbers) -> Flags:
            assert keep is not None
            return keep(numbers[chain], piece)

        laid = lay(
            evidence, calendar, places[block], rates(block), leave, settings,
            keep=None if keep is None else used,
        )  # fmt: skip
        smoothed = laid.smooth()
        for i, number in enumerate(block):
            a, b = laid.start[i], laid.start[i + 1]
            days[number], odds[number] = laid.key[a:b] % APART, smoothed[a:b]
    start = np.cumsum([0, *(len(d) for d in days)])
    none = np.empty((0, len(leave)))
    no_days = np.empty(0, np.int64)
    return np.concatenate([no_days, *days]), np.concatenate([none, *odds]), start

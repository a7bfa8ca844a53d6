"""Control inference on six invented worlds with known truth, beside six simple rules.

    python -m bench.control_worlds [--places 400] [--days 365] [--seeds 2] [--world NAME]

Each world has its places in a square, 2,000 to 400 x 400 km, holders that change in its own way,
and three sources, right .95, .80 and .60 of the time, that between them report 1 % of place-days:

- ``smooth``: four holders along fronts that drift;
- ``second``: four; half-way a new front opens behind the old ones;
- ``contact``: four; each day a place may fall to a neighbour's holder, by chance;
- ``biased``: four; the second source never says a bad word of its own side, and else is right;
- ``front``: four; nine in ten reports come from within 30 km of another holder;
- ``many``: eight holders along drifting fronts (``two``: two of them).

Printed by stratum, means over seeds with their standard errors: share of place-days right, log
loss, expected calibration error (ten equal bins of the likeliest holder's odds).
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from bench._machine import machine, peak_mb
from bench._scores import STRATA, Scores, merge, score
from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.control import RULES, ControlSettings, infer_control, simple_rule
from marchland.dates import Span
from marchland.vocabulary import Actor, Place, Vocabulary

WORLDS = ("smooth", "second", "contact", "biased", "front", "many", "two")
RIGHT = (0.95, 0.80, 0.60)
REPORTED = 0.01
START = date(2015, 1, 1)
_HOLDERS = {"many": 8, "two": 2}
_KM_PER_DEGREE = 111.195
_NEAR_KM = 30.0
_JUST_DAYS = 30
_SILENT_DAYS = 180
_BIASED, _SIDE = 1, 0
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """An invented world and what was told of it.

    Parameters
    ----------
    at
        (P, 2) kilometres east and north.
    held
        (D, P) index of the holder.
    place, day, source, value
        (N,) each report: where, when, whose, and who it says holds.
    """

    name: str
    at: Array
    held: NDArray[np.int64]
    holders: int
    place: NDArray[np.intp]
    day: NDArray[np.intp]
    source: NDArray[np.int64]
    value: NDArray[np.int64]

    def vocabulary(self) -> Vocabulary:
        """Its places and actors; no place lies in anybody's country."""
        actors = [
            Actor(id=f"a{k}", name=f"Actor {k}", kind="armed group") for k in range(self.holders)
        ]
        return Vocabulary(actors=actors, places=(), own_places=self.towns())

    def towns(self) -> list[Place]:
        """Its places, about 34 N 40 E."""
        squeeze = np.cos(np.radians(34.0))
        return [
            Place(
                id=f"p{i}",
                name=f"Place {i}",
                lon=40.0 + float(x) / _KM_PER_DEGREE / squeeze,
                lat=34.0 + float(y) / _KM_PER_DEGREE,
                country="ZZ",
            )
            for i, (x, y) in enumerate(self.at)
        ]

    def claims(self) -> list[Claim]:
        """What was told, as claims published on the day they speak of."""
        towns = self.towns()
        refs = [Ref(id=f"a{k}", name=f"Actor {k}") for k in range(self.holders)]
        spots = [
            PlaceRef(
                id=t.id, name=t.name, lat=t.lat, lon=t.lon, geo_precision=t.geo_precision
            ) for t in towns
        ]  # fmt: skip
        sources = [Source(id=f"s{s}", name=f"Source {s}") for s in range(len(RIGHT))]
        told = []
        for p, d, s, v in zip(self.place, self.day, self.source, self.value, strict=True):
            on = START + timedelta(days=int(d))
            title = f"{p} {d} {s} {v}"
            report = Report.of(title.encode(), title=title, source=sources[s], published=on)
            told.append(
                Claim(
                    predicate="holds",
                    report=report,
                    subject=refs[v],
                    place=spots[p],
                    valid=Span.day(on),
                )
            )
        return told


def make_world(name: str, *, places: int, days: int, seed: int) -> World:
    """One of the `WORLDS`; the same for the same seed."""
    rng = np.random.default_rng([seed, WORLDS.index(name)])
    side = 400.0 * np.sqrt(places / 2000.0)
    at = rng.random((places, 2)) * side
    holders = _HOLDERS.get(name, 4)
    if name == "contact":
        held = _contact(at, days, holders, rng)
    else:
        held = _fronts(at, days, holders, rng)
    if name == "second":
        held = _second(at, held, side, rng)
    near = near_another(at, held)
    weight = np.where(near, 9.0 / max(near.mean(), 1e-9), 1.0 / max((~near).mean(), 1e-9))
    chance = REPORTED * (weight / weight.mean() if name == "front" else np.ones(held.shape))
    day, place = np.nonzero(rng.random(held.shape) < chance)
    source = rng.integers(len(RIGHT), size=len(day))
    truth = held[day, place]
    wrong = rng.random(len(day)) > np.array(RIGHT)[source]
    value = np.where(wrong, (truth + rng.integers(1, holders, len(day))) % holders, truth)
    if name == "biased":
        told = rng.random(len(day))
        leaning = np.where(
            truth == _SIDE, _SIDE, np.where(told < 0.4, _SIDE, np.where(told < 0.96, truth, value))
        )
        value = np.where(source == _BIASED, leaning, value)
    return World(
        name=name, at=at, held=held, holders=holders,
        place=place, day=day, source=source, value=value,
    )  # fmt: skip


def near_another(at: Array, held: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(D, P) whether a place with another holder lies within 30 km."""
    gap = np.sqrt(((at[:, None] - at[None]) ** 2).sum(axis=-1))
    close = (gap <= _NEAR_KM).astype(np.float32)
    near = np.zeros(held.shape, dtype=bool)
    others = close.sum(axis=1)
    for k in np.unique(held):
        here = (held == k).astype(np.float32)
        near |= (here > 0) & (here @ close < others - 0.5)
    return near


def _fronts(at: Array, days: int, holders: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """The largest of some smooth fields, whose waves wander: (D, P)."""
    waves, scale = 48, 110.0
    k = rng.normal(0.0, 1.0 / scale, (holders, waves, 2))
    phase = rng.uniform(0.0, 2.0 * np.pi, (holders, waves))
    speed = rng.normal(0.0, 0.7 / 150.0, (holders, waves))
    base = at @ k.transpose(0, 2, 1) + phase[:, None]
    held = np.empty((days, len(at)), dtype=np.int64)
    for d in range(days):
        field = np.cos(base + speed[:, None] * d).sum(axis=-1)
        held[d] = (field - field.mean(axis=1, keepdims=True)).argmax(axis=0)
    return held


def _second(
    at: Array, held: NDArray[np.int64], side: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Half-way one holder lands in another's rear and spreads from there."""
    days, begin = len(held), len(held) // 2
    seat = rng.random(2) * side * 0.5 + side * 0.25
    gap = np.sqrt(((at - seat) ** 2).sum(axis=1))
    uneven = 1.0 + 0.25 * np.sin(np.arctan2(*(at - seat).T) * 3.0 + rng.random() * 6.0)
    last = int(rng.integers(held.max() + 1))
    reach = np.maximum(np.arange(days) - begin, 0) / (days - begin) * side * 0.45
    return np.where(gap * uneven < reach[:, None], last, held)


def _contact(at: Array, days: int, holders: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Each day a place falls to the holder of one of its eight neighbours, with a small chance."""
    gap = ((at[:, None] - at[None]) ** 2).sum(axis=-1)
    near = np.argsort(gap, axis=1)[:, 1:9]
    now = _fronts(at, 1, holders, rng)[0]
    strong = rng.normal(0.0, 0.5, holders)
    held = np.empty((days, len(at)), dtype=np.int64)
    for d in range(days):
        held[d] = now
        strong += rng.normal(0.0, 0.07, holders) - 0.02 * strong
        other = now[near[np.arange(len(at)), rng.integers(8, size=len(at))]]
        push = 1.0 / (1.0 + np.exp(-3.0 * (strong[other] - strong[now])))
        friends = (now[near] == now[:, None]).mean(axis=1)
        now = np.where(rng.random(len(at)) < 0.15 * push * (1.3 - friends), other, now)
    return held


def judge(
    world: World, *, settings: ControlSettings, step: int, as_of: int, places: int | None = None
) -> tuple[dict[str, dict[str, Scores]], Mapping[str, float], float]:
    """Scores by method and stratum; reliabilities learned; seconds to infer with hindsight.

    Parameters
    ----------
    step
        Days between scored days.
    as_of
        How many days are also inferred as known on that day.
    """
    vocabulary, claims = world.vocabulary(), world.claims()
    total = len(world.held)
    ids = [f"p{i}" for i in range(len(world.at))]
    names = [f"a{k}" for k in range(world.holders)]
    end = START + timedelta(days=total - 1)
    began = time.perf_counter()
    field = infer_control(
        claims, vocabulary, as_of=end, start=START, end=end, places=ids, settings=settings
    )
    field.odds(end)
    took = time.perf_counter() - began
    scored = np.arange(step // 2, total, step)
    strata = _strata(world, scored)
    truth = world.held[scored]
    odds = {"model": _columns(field.odds, field.outcomes, names, scored)}
    leaning = {f"s{_BIASED}": f"a{_SIDE}"} if world.name == "biased" else {}
    for rule in RULES:
        found = simple_rule(claims, vocabulary, rule=rule, as_of=end, places=ids, leanings=leaning)
        odds[rule] = _columns(found.odds, found.outcomes, names, scored)
    scores = {method: score(o, truth, strata) for method, o in odds.items()}
    if as_of:
        late = np.linspace(total // 4, total - 1, as_of).astype(int)
        rows = []
        for d in late:
            day = START + timedelta(days=int(d))
            then = infer_control(
                claims, vocabulary, as_of=day, start=day, end=day, places=ids, settings=settings
            )
            rows.append(_columns(then.odds, then.outcomes, names, np.array([d])))
        scores["model, as of the day"] = score(
            np.concatenate(rows), world.held[late], _strata(world, late)
        )
    return scores, field.settings.reliabilities, took


def _columns(
    odds_on: Callable[[date], Array],
    outcomes: Sequence[str],
    names: Sequence[str],
    days: NDArray[np.int64],
) -> Array:
    """(D, P, K) odds over the world's holders only: there is no contested ground in it."""
    at = [outcomes.index(n) if n in outcomes else -1 for n in names]
    out = []
    for d in days:
        o = odds_on(START + timedelta(days=int(d)))
        o = np.where(np.array(at) >= 0, o[:, at], 0.0)
        out.append(o / o.sum(axis=1, keepdims=True))
    return np.array(out)


def _strata(world: World, scored: NDArray[np.int64]) -> dict[str, NDArray[np.bool_]]:
    days, count = world.held.shape
    since = np.full((days, count), 10**6)
    age = np.full((days, count), 10**6)
    told = np.zeros((days, count), dtype=bool)
    told[world.day, world.place] = True
    age[0] = np.where(told[0], 0, 10**6)
    for d in range(1, days):
        since[d] = np.where(world.held[d] != world.held[d - 1], 1, since[d - 1] + 1)
        age[d] = np.where(told[d], 0, age[d - 1] + 1)
    return {
        "all": np.ones((len(scored), count), dtype=bool),
        "near another holder": near_another(world.at, world.held[scored]),
        "just changed": (since <= _JUST_DAYS)[scored],
        "long silent": (age > _SILENT_DAYS)[scored],
    }


def main(arguments: Iterable[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--places", type=int, default=400)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--step", type=int, default=7, help="days between scored days")
    parser.add_argument("--as-of", type=int, default=4, help="days also inferred as of the day")
    parser.add_argument("--world", choices=WORLDS, action="append")
    chosen = parser.parse_args(list(arguments) if arguments is not None else None)
    settings = ControlSettings(tuning_least=60)
    print(machine())
    for name in chosen.world or WORLDS:
        runs, learned, times = [], [], []
        for seed in range(chosen.seeds):
            world = make_world(name, places=chosen.places, days=chosen.days, seed=seed)
            scores, reliabilities, took = judge(
                world, settings=settings, step=chosen.step, as_of=chosen.as_of
            )
            runs.append(scores)
            learned.append([reliabilities.get(f"s{s}", float("nan")) for s in range(len(RIGHT))])
            times.append(took)
        rel = ", ".join(f"{r:.3f}" for r in np.mean(learned, axis=0))
        print(
            f"\n{name}: {chosen.places} places, {chosen.days} days, {len(world.day)} reports; "
            f"reliabilities learned {rel}; inferred in {np.mean(times):.1f} s, peak "
            f"{peak_mb():.0f} MB\n{'':46}{'right':>13}{'log loss':>13}{'ece':>13}"
        )
        for stratum in STRATA:
            for method in runs[0]:
                print(f"  {stratum:20}{method:22}{merge([r[method][stratum] for r in runs])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

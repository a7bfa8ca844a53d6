"""Invented worlds with known truth, and what three sources tell of them.

Each has its places in a square, 2,000 to 400 x 400 km, holders that change in its own way, and
three sources, right .95, .80 and .60 of the time, that between them report 1 % of place-days:

- ``smooth``: four holders along fronts that drift;
- ``second``: four; half-way a new front opens behind the old ones;
- ``contact``: four; each day a place may fall to a neighbour's holder, by chance;
- ``biased``: four; the second source never says a bad word of its own side, and else is right;
- ``front``: four; nine in ten reports come from within 30 km of another holder;
- ``many``: eight holders along drifting fronts (``two``: two of them).
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.dates import Span
from marchland.vocabulary import Actor, Place, Vocabulary

WORLDS = ("smooth", "second", "contact", "biased", "front", "many", "two")
RIGHT = (0.95, 0.80, 0.60)
REPORTED = 0.01
START = date(2015, 1, 1)
_HOLDERS = {"many": 8, "two": 2}
_KM_PER_DEGREE = 111.195
_NEAR_KM = 30.0
BIASED, SIDE = 1, 0
"""The source of the world ``biased`` that takes a side, and the side."""
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

    def shares(self) -> list[float]:
        """How often each source was right in fact, by all that it told."""
        right = self.value == self.held[self.day, self.place]
        return [float(right[self.source == s].mean()) for s in range(len(RIGHT))]

    def partisan(self) -> tuple[float, float, float]:
        """Of the source that takes a side, in fact: how often it names its side where that holds,
        names it where another does, and is right where another does.
        """
        mine = self.source == BIASED
        truth, value = self.held[self.day, self.place][mine], self.value[mine]
        own, other = truth == SIDE, truth != SIDE
        return (
            float((value[own] == SIDE).mean()),
            float((value[other] == SIDE).mean()),
            float((value[other] == truth[other]).mean()),
        )

    def moves(self) -> tuple[float, float, float]:
        """Changes a place and year, place-days and reports within 30 km of another holder."""
        near = near_another(self.at, self.held)
        changed = float((np.diff(self.held, axis=0) != 0).sum())
        years = len(self.held) / 365.25
        return (
            changed / len(self.at) / years,
            float(near.mean()),
            float(near[self.day, self.place].mean()),
        )

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


def make_world(
    name: str, *, places: int, days: int, seed: int, reported: float = REPORTED
) -> World:
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
    chance = reported * (weight / weight.mean() if name == "front" else np.ones(held.shape))
    day, place = np.nonzero(rng.random(held.shape) < chance)
    source = rng.integers(len(RIGHT), size=len(day))
    truth = held[day, place]
    wrong = rng.random(len(day)) > np.array(RIGHT)[source]
    value = np.where(wrong, (truth + rng.integers(1, holders, len(day))) % holders, truth)
    if name == "biased":
        told = rng.random(len(day))
        leaning = np.where(
            truth == SIDE, SIDE, np.where(told < 0.4, SIDE, np.where(told < 0.96, truth, value))
        )
        value = np.where(source == BIASED, leaning, value)
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

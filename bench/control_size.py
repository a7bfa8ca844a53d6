"""Who holds what at 50,000 places on every one of 1,000 days, in one fresh process.

    python -m bench.control_size [--places 50000] [--days 1000] [--claims 300000]

An invented land of 1,500 x 1,500 km: towns in clusters, six holders whose fronts drift, twenty
sources that are right between .60 and .97 of the time. Most claims say who holds a place, the
others tell of a capture, a loss or a fight; a few places are told of often and a quarter never.

Printed: seconds by the wall and of the processor, and the largest memory so far, for making the
claims (no part of the figure), for inferring with all that is learned from the claims, for the
odds of every place on every day, one day after the other, and for a single place's answer with the
influence of every claim on it. What has to be compiled once on a machine is compiled before.
"""

import argparse
import time
from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from bench._machine import machine, peak_mb
from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.control import ControlField, infer_control
from marchland.dates import Span
from marchland.vocabulary import Actor, Place, Vocabulary

START = date(2020, 1, 1)
ACTORS, SOURCES, SIZE_KM = 6, 20, 1500.0
_KM_PER_DEGREE = 111.195
_ASKED = 200


def land(places: int, rng: np.random.Generator) -> tuple[list[Place], np.ndarray]:
    """Towns in clusters, and where they are (P, 2) in kilometres."""
    centres = rng.random((max(1, places // 100), 2)) * SIZE_KM
    at = centres[rng.integers(len(centres), size=places)] + rng.normal(0.0, 15.0, (places, 2))
    squeeze = np.cos(np.radians(34.0))
    towns = [
        Place(
            id=f"p{i}",
            name=f"Place {i}",
            lon=40.0 + float(x) / _KM_PER_DEGREE / squeeze,
            lat=30.0 + float(y) / _KM_PER_DEGREE,
            country="ZZ",
        )
        for i, (x, y) in enumerate(at)
    ]
    return towns, at


def told(
    towns: list[Place], at: np.ndarray, *, days: int, claims: int, rng: np.random.Generator
) -> list[Claim]:
    """Claims about them, each published up to three days later."""
    actors = [Ref(id=f"a{k}", name=f"Actor {k}") for k in range(ACTORS)]
    sources = [Source(id=f"s{s}", name=f"Source {s}") for s in range(SOURCES)]
    right = np.linspace(0.6, 0.97, SOURCES)
    spots = [
        PlaceRef(id=t.id, name=t.name, lat=t.lat, lon=t.lon, geo_precision="settlement")
        for t in towns
    ]
    base = rng.random((ACTORS, 2)) * SIZE_KM
    drift = rng.normal(0.0, SIZE_KM / 6.0, (ACTORS, 2))
    often = rng.gamma(0.5, size=len(towns))
    place = rng.choice(len(towns), size=claims, p=often / often.sum())
    day = rng.integers(days, size=claims)
    moved = base + drift * (day / days)[:, None, None]
    apart = ((at[place][:, None] - moved) ** 2).sum(axis=2)
    order = np.argsort(apart, axis=1)
    source = rng.integers(SOURCES, size=claims)
    truth, rival = order[:, 0], order[:, 1]
    value = np.where(rng.random(claims) < right[source], truth, rng.integers(ACTORS, size=claims))
    other = np.where(value == rival, truth, rival)
    kind = rng.choice(4, size=claims, p=[0.7, 0.15, 0.05, 0.1])
    late = rng.integers(4, size=claims)
    reports: dict[tuple[int, int], Report] = {}
    found = []
    for p, d, s, v, o, k, l in zip(
        *(x.tolist() for x in (place, day, source, value, other, kind, late)), strict=True
    ):
        if (s, d + l) not in reports:
            title = f"Source {s}, day {d + l}"
            reports[s, d + l] = Report.of(
                title.encode(),
                title=title,
                source=sources[s],
                published=START + timedelta(days=d + l),
            )
        predicate = ("holds", "captures", "loses", "contests")[k]
        subject, object_ = (o, v) if predicate == "loses" else (v, o)
        found.append(
            Claim(
                predicate=predicate,
                report=reports[s, d + l],
                subject=actors[subject],
                object=actors[object_] if predicate != "holds" and o != v else None,
                place=spots[p],
                valid=Span.day(START + timedelta(days=d)),
            )
        )
    return found


class Watch:
    """Prints what each step took."""

    def __init__(self) -> None:
        self.wall, self.used = time.perf_counter(), time.process_time()

    def tell(self, what: str) -> None:
        wall, used = time.perf_counter(), time.process_time()
        print(
            f"{what:58} {wall - self.wall:7.1f} s  processor {used - self.used:7.1f} s  "
            f"{peak_mb():6,.0f} MB",
            flush=True,
        )
        self.wall, self.used = time.perf_counter(), time.process_time()


def ask(field: ControlField, towns: list[Place], end: date, rng: np.random.Generator) -> None:
    """Single places' answers with their explanations."""
    named = [towns[i].id for i in rng.choice(len(towns), size=_ASKED)]
    asked = [i for i in named if field.pieces(i)]
    field.estimate(asked[0], end)
    wall, used = [], []
    for i in asked:
        began, spent = time.perf_counter(), time.process_time()
        field.estimate(i, end)
        wall.append(1e3 * (time.perf_counter() - began))
        used.append(1e3 * (time.process_time() - spent))
    most = max(len(field.pieces(i)) for i in asked)
    print(
        f"a place's answer with the influence of every claim: median {np.median(wall):.1f}, at "
        f"most {max(wall):.1f} ms; of the processor {np.median(used):.1f} and {max(used):.1f} ms "
        f"({len(asked)} places told of, up to {most} claims)"
    )


def main(arguments: Iterable[str] | None = None) -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--places", type=int, default=50_000)
    parser.add_argument("--days", type=int, default=1000)
    parser.add_argument("--claims", type=int, default=300_000)
    chosen = parser.parse_args(list(arguments) if arguments is not None else None)
    print(machine())
    watch, rng = Watch(), np.random.default_rng(0)
    towns, at = land(chosen.places, rng)
    claims = told(towns, at, days=chosen.days, claims=chosen.claims, rng=rng)
    actors = [Actor(id=f"a{k}", name=f"Actor {k}", kind="armed group") for k in range(ACTORS)]
    vocabulary = Vocabulary(actors=actors, places=(), own_places=towns)
    watch.tell(f"making {len(claims):,} claims about {len(towns):,} places")
    end = START + timedelta(days=chosen.days - 1)
    field = infer_control(claims, vocabulary, as_of=end, start=START, end=end)
    watch.tell("inferring, all that is learned from the claims included")
    count, least = 0, 1.0
    for day in range(chosen.days):
        odds = field.odds(START + timedelta(days=day))
        count += odds.size
        least = min(least, float(odds.max(axis=1).min()))
    watch.tell(f"odds of every place on every day: {count:,} numbers")
    print(f"{len(field.places):,} places, outcomes: {', '.join(field.outcomes)}")
    print(f"places told of: {len(np.unique(field.evidence.place)):,}; widest answer {least:.2f}")
    ask(field, towns, end, rng)


if __name__ == "__main__":
    main()

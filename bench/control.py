"""Control inference against known truth, beside the last-claim rule.

    python -m bench.control                                   # invented worlds
    python -m bench.control --truth control.csv --vocabulary FOLDER [--claims claims.jsonl]

The truth is a table ``place_id, holder_actor_id, from_date, to_date, extent``; a place split or
contested counts as contested. Without ``--claims`` the claims are invented from the truth: one a
change, told a day later, some of them wrong. Printed by stratum: share of place-days right, log
loss, expected calibration error (ten equal bins of the likeliest outcome's odds).
"""

import argparse
import csv
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.control import ControlSettings, infer_control, last_claim
from marchland.control.settings import CONTESTED
from marchland.dates import Span, parse_day
from marchland.geo import distances_km
from marchland.vocabulary import Actor, Place, Vocabulary

_LEAST = 1e-4
_NEAR_KM = 30.0
_JUST_DAYS = 30
_SILENT_DAYS = 180


@dataclass(frozen=True, slots=True)
class Truth:
    """Who held what.

    Parameters
    ----------
    held
        (D, P) outcome ids; empty where the truth says nothing.
    since
        (D, P) days since the last change of hands; large where there was none.
    near
        (D, P) whether another holder is within 30 km.
    sides
        (D, P) every holder with a part of the place.
    """

    days: tuple[date, ...]
    places: tuple[str, ...]
    held: NDArray[np.object_]
    since: NDArray[np.int64]
    near: NDArray[np.bool_]
    sides: NDArray[np.object_]


def read_truth(path: Path, vocabulary: Vocabulary, days: Sequence[date]) -> Truth:
    """Read a control table."""
    rows: dict[str, list[tuple[date, date, str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            until = parse_day(row["to_date"]) if row["to_date"] else date.max
            holder = vocabulary.holder_of(row["holder_actor_id"])
            rows[row["place_id"]].append(
                (parse_day(row["from_date"]), until, holder, row["extent"])
            )
    places = tuple(p for p in sorted(rows) if vocabulary.find_place(p) is not None)
    held = np.full((len(days), len(places)), "", dtype=object)
    sides = np.full((len(days), len(places)), None, dtype=object)
    for p, place in enumerate(places):
        for d, day in enumerate(days):
            here = [(h, e) for a, b, h, e in rows[place] if a <= day < b]
            holders = {h for h, _ in here}
            sides[d, p] = holders
            if here:
                whole = len(holders) == 1 and here[0][1] != "contested"
                held[d, p] = next(iter(holders)) if whole else CONTESTED
    return Truth(
        tuple(days), places, held, _since(days, held), _near(places, held, vocabulary), sides
    )


def _since(days: Sequence[date], held: NDArray[np.object_]) -> NDArray[np.int64]:
    since = np.full(held.shape, 10**6, dtype=np.int64)
    for d in range(1, len(days)):
        step = (days[d] - days[d - 1]).days
        since[d] = np.where(held[d] != held[d - 1], step, since[d - 1] + step)
    return since


def _near(
    places: Sequence[str], held: NDArray[np.object_], vocabulary: Vocabulary
) -> NDArray[np.bool_]:
    found = [vocabulary.places[p] for p in places]
    at = np.array([(p.lon or 0.0, p.lat or 0.0) for p in found])
    close = distances_km(at, at) <= _NEAR_KM
    near = np.zeros(held.shape, dtype=bool)
    for d in range(len(held)):
        near[d] = (close & (held[d][:, None] != held[d][None, :])).any(axis=1)
    return near


@dataclass(slots=True)
class Tally:
    """Scores of one method in one stratum."""

    right: list[float]
    sided: list[float]
    loss: list[float]
    top: list[float]

    def line(self) -> str:
        top, right = np.array(self.top), np.array(self.right)
        bins = np.minimum((top * 10).astype(int), 9)
        ece = sum(
            abs(top[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
            for b in np.unique(bins)
        )
        return (
            f"{right.mean():7.3f} {np.mean(self.sided):7.3f} {np.mean(self.loss):8.3f} {ece:7.3f}"
        )


Answer = Callable[[date], tuple[Sequence[str], Sequence[str], NDArray[np.float64]]]


def score(
    truth: Truth, answer: Answer, ages: Callable[[date], NDArray[np.float64]]
) -> dict[str, Tally]:
    """Scores by stratum."""
    out: dict[str, Tally] = {}
    for d, day in enumerate(truth.days):
        places, outcomes, odds = answer(day)
        row = {p: i for i, p in enumerate(places)}
        column = {k: i for i, k in enumerate(outcomes)}
        age = ages(day)
        for p, place in enumerate(truth.places):
            held = truth.held[d, p]
            if not held or place not in row:
                continue
            o = odds[row[place]]
            best = int(o.argmax())
            p_true = float(o[column[held]]) if held in column else 0.0
            right = float(outcomes[best] == held)
            sided = float(right or outcomes[best] in truth.sides[d, p])
            strata = ["all"]
            if truth.near[d, p]:
                strata.append("near another holder")
            if truth.since[d, p] <= _JUST_DAYS:
                strata.append("just changed")
            if age[row[place]] > _SILENT_DAYS:
                strata.append("long silent")
            for s in strata:
                t = out.setdefault(s, Tally([], [], [], []))
                t.right.append(right)
                t.sided.append(sided)
                t.loss.append(-np.log(max(p_true, _LEAST)))
                t.top.append(float(o[best]))
    return out


def compare(
    truth: Truth,
    claims: Sequence[Claim],
    vocabulary: Vocabulary,
    *,
    settings: ControlSettings,
    nowcast: bool = False,
) -> dict[str, dict[str, Tally]]:
    """Model and last-claim rule on one truth; `nowcast` infers each day as known on that day."""
    first, last = truth.days[0], truth.days[-1]
    began = time.perf_counter()
    known = max((c.published for c in claims if c.published), default=last)
    field = infer_control(
        claims, vocabulary, as_of=max(known, last), start=first, end=last,
        places=truth.places, settings=settings,
    )  # fmt: skip
    inferred = time.perf_counter() - began
    for day in (first + timedelta(days=i) for i in range((last - first).days + 1)):
        field.odds(day)
    every = time.perf_counter() - began
    busiest = max(truth.places, key=lambda p: len(field.pieces(p)))
    began = time.perf_counter()
    answer = field.estimate(busiest, truth.days[len(truth.days) // 2])
    explained = time.perf_counter() - began
    print(
        f"{len(claims)} claims, {len(field.places)} places, {len(field.outcomes)} outcomes: "
        f"inferred in {inferred:.2f} s, every place and day in {every:.2f} s; one place of "
        f"{answer.n_claims} claims explained in {1000 * explained:.0f} ms"
    )
    naive = last_claim(claims, vocabulary, as_of=max(known, last), places=truth.places)

    def model(day: date) -> tuple[Sequence[str], Sequence[str], NDArray[np.float64]]:
        if not nowcast:
            return field.places, field.outcomes, field.odds(day)
        then = infer_control(
            claims, vocabulary, as_of=day, start=day, end=day,
            places=truth.places, settings=settings,
        )  # fmt: skip
        return then.places, then.outcomes, then.odds(day)

    def rule(day: date) -> tuple[Sequence[str], Sequence[str], NDArray[np.float64]]:
        then = last_claim(claims, vocabulary, as_of=day, places=truth.places) if nowcast else naive
        return then.places, then.outcomes, then.odds(day)

    return {
        "model": score(truth, model, field.evidence_age_days),
        "last claim": score(truth, rule, field.evidence_age_days),
    }


def show(title: str, found: Mapping[str, Mapping[str, Tally]]) -> None:
    """Print the scores."""
    print(f"{title}\n{'':32}{'n':>8}   right   sided  logloss     ece")
    for stratum in ("all", "near another holder", "just changed", "long silent"):
        for method, scores in found.items():
            if stratum in scores:
                n = len(scores[stratum].right)
                print(f"  {stratum:20}{method:12}{n:6} {scores[stratum].line()}")
    print()


# ---------------------------------------------------------------- invented claims and worlds


def make_claim(
    predicate: str,
    holder: str,
    place: Place,
    day: date,
    *,
    source: str,
    loser: str | None = None,
    published: date | None = None,
    tag: str = "",
) -> Claim:
    """A table's claim about one place."""
    told = Source(id=source, name=source)
    content = f"{predicate}|{holder}|{place.id}|{day}|{source}|{loser}|{tag}"
    report = Report.of(
        content.encode(), title=content, source=told, published=published or day + timedelta(days=1)
    )
    return Claim(
        predicate=predicate,
        report=report,
        subject=Ref(id=holder, name=holder),
        object=Ref(id=loser, name=loser) if loser else None,
        place=PlaceRef(
            id=place.id, name=place.name, lat=place.lat, lon=place.lon,
            geo_precision=place.geo_precision,
        ),
        valid=Span.day(day),
    )  # fmt: skip


def claims_from_truth(
    path: Path, vocabulary: Vocabulary, *, noise: float, missing: float, seed: int
) -> list[Claim]:
    """One claim a change of hands, some missing and some naming the wrong holder."""
    rng = np.random.default_rng(seed)
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["place_id"]].append(row)
    holders = sorted({r["holder_actor_id"] for rs in rows.values() for r in rs})
    claims = []
    for place_id, its in sorted(rows.items()):
        place = vocabulary.find_place(place_id)
        if place is None:
            continue
        for row in its:
            start = parse_day(row["from_date"])
            before = {r["holder_actor_id"] for r in its if r["to_date"] == row["from_date"]}
            if rng.random() < missing:
                continue
            holder = row["holder_actor_id"]
            if rng.random() < noise:
                holder = str(rng.choice(holders))
            source = f"s{rng.integers(5)}"
            loser = next(iter(sorted(before - {holder})), None)
            if row["extent"] == "contested":
                claims.append(
                    make_claim("contests", holder, place, start, source=source, loser=loser)
                )
            elif row["extent"] == "part" or not before:
                claims.append(make_claim("holds", holder, place, start, source=f"s-{place_id}"))
            else:
                claims.append(
                    make_claim("captures", holder, place, start, source=source, loser=loser)
                )
    return claims


def moving_front(
    *, places: int, days: int, holders: int, reported: float, seed: int
) -> tuple[Vocabulary, Truth, list[Claim]]:
    """An invented theatre: regions whose borders move, seen by sources of .95, .80 and .60."""
    rng = np.random.default_rng(seed)
    at = rng.random((places, 2)) * 4.0 + np.array([40.0, 33.0])
    centres = rng.random((holders, 2)) * 4.0 + np.array([40.0, 33.0])
    speed = rng.normal(0.0, 1.5 / days, (holders, 2))
    actors = [Actor(id=f"a{k}", name=f"Actor {k}", kind="armed group") for k in range(holders)]
    towns = [
        Place(id=f"p{i}", name=f"Place {i}", lon=float(x), lat=float(y), country="ZZ")
        for i, (x, y) in enumerate(at)
    ]
    vocabulary = Vocabulary(actors=actors, places=(), own_places=towns)
    start = date(2015, 1, 1)
    span = tuple(start + timedelta(days=d) for d in range(days))
    held = np.empty((days, places), dtype=object)
    for d in range(days):
        gap = ((at[:, None] - (centres + speed * d)[None]) ** 2).sum(axis=-1)
        held[d] = np.array([f"a{k}" for k in gap.argmin(axis=1)], dtype=object)
    claims = []
    right = (0.95, 0.80, 0.60)
    for d, p in zip(*np.nonzero(rng.random((days, places)) < reported), strict=True):
        s = int(rng.integers(3))
        holder = held[d, p]
        if rng.random() > right[s]:
            holder = str(rng.choice([f"a{k}" for k in range(holders) if f"a{k}" != holder]))
        claims.append(
            make_claim("holds", holder, towns[p], span[d], source=f"s{s}", published=span[d])
        )
    keep = slice(0, days, 7)
    ids = tuple(t.id for t in towns)
    sides = np.empty(held.shape, dtype=object)
    for cell in np.ndindex(*held.shape):
        sides[cell] = {held[cell]}
    truth = Truth(
        span[keep], ids, held[keep], _since(span[keep], held[keep]),
        _near(ids, held[keep], vocabulary), sides[keep],
    )  # fmt: skip
    return vocabulary, truth, claims


def read_claims(path: Path) -> list[Claim]:
    """Claims of a JSON Lines file."""
    with path.open(encoding="utf-8") as file:
        return [Claim.from_json(json.loads(line)) for line in file if line.strip()]


def main(arguments: Iterable[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--vocabulary", type=Path, help="a theatre folder")
    parser.add_argument("--claims", type=Path, help="JSON Lines; default: invented from the truth")
    parser.add_argument("--noise", type=float, default=0.05)
    parser.add_argument("--missing", type=float, default=0.2)
    parser.add_argument("--start", type=parse_day, default=date(2014, 1, 1))
    parser.add_argument("--end", type=parse_day, default=date(2021, 6, 30))
    parser.add_argument("--step", type=int, default=14, help="days between scored days")
    parser.add_argument("--nowcast", action="store_true", help="each day as known on that day")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(list(arguments) if arguments is not None else None)
    settings = ControlSettings()
    if chosen.truth is None:
        for k in (2, 4, 8):
            vocabulary, truth, claims = moving_front(
                places=300, days=365, holders=k, reported=0.01, seed=chosen.seed
            )
            found = compare(truth, claims, vocabulary, settings=settings)
            show(f"moving front, {k} holders, sources of .95, .80, .60", found)
        return 0
    vocabulary = Vocabulary.load(chosen.vocabulary)
    span = range(0, (chosen.end - chosen.start).days + 1, chosen.step)
    days = [chosen.start + timedelta(days=i) for i in span]
    truth = read_truth(chosen.truth, vocabulary, days)
    claims = (
        read_claims(chosen.claims)
        if chosen.claims
        else claims_from_truth(
            chosen.truth, vocabulary, noise=chosen.noise, missing=chosen.missing, seed=chosen.seed
        )
    )
    title = chosen.truth.name + (", as known on each day" if chosen.nowcast else ", with hindsight")
    show(title, compare(truth, claims, vocabulary, settings=settings, nowcast=chosen.nowcast))
    return 0


if __name__ == "__main__":
    sys.exit(main())

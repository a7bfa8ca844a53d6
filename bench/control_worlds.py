"""Control inference on six invented worlds with known truth, beside simple rules.

    python -m bench.control_worlds [--places 2000] [--seeds 3] [--world NAME] [--results FILE]

The worlds: drifting fronts with four holders (``smooth``), two (``two``) and eight (``many``), a
second front (``second``), a contact process (``contact``), a partisan source (``biased``), reports
mostly from the front (``front``); `bench._worlds` tells how each is made.

Printed by stratum, means over seeds with their standard errors: share of place-days right, log
loss, expected calibration error (ten equal bins of the likeliest holder's odds); the loss as a part
of that of the last claim; and what was learned of the sources beside how often they were right.
With ``--results`` every run is kept in a file, and one that is in it already is not done again.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench._machine import machine, peak_mb
from bench._scores import STRATA, Scores, merge, score, spread
from bench._worlds import (
    BIASED,
    REPORTED,
    RIGHT,
    SIDE,
    START,
    WORLDS,
    World,
    make_world,
    near_another,
)
from marchland.control import RULES, ControlField, ControlSettings, infer_control, simple_rule

_JUST_DAYS = 30
_SILENT_DAYS = 180
_SHOWN = ("range_km", "first_pace", "field_heat", "field_doubt", "pace", "hold_odds", "field_pull")
MODEL, NOW = "model", "model, as of the day"
LAST, LAST_NOW = "last claim", "last claim, same days"
Array = NDArray[np.float64]
Record = dict[str, Any]


def judge(world: World, *, settings: ControlSettings, step: int, as_of: int) -> Record:
    """Scores by method and stratum, what was learned, and seconds to infer with hindsight.

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
    odds = {MODEL: _columns(field.odds, field.outcomes, names, scored)}
    leaning = {f"s{BIASED}": f"a{SIDE}"} if world.name == "biased" else {}
    late = np.linspace(total // 4, total - 1, as_of).astype(int) if as_of else scored[:0]
    scores: dict[str, dict[str, Scores]] = {}
    now = _strata(world, late)
    for rule in RULES:
        found = simple_rule(claims, vocabulary, rule=rule, as_of=end, places=ids, leanings=leaning)
        odds[rule] = _columns(found.odds, found.outcomes, names, scored)
        if rule == LAST and as_of:
            columns = _columns(found.odds, found.outcomes, names, late)
            scores[LAST_NOW] = score(columns, world.held[late], now)
    scores |= {method: score(o, truth, strata) for method, o in odds.items()}
    if as_of:
        rows = []
        for d in late:
            day = START + timedelta(days=int(d))
            then = infer_control(
                claims, vocabulary, as_of=day, start=day, end=day, places=ids, settings=settings
            )
            rows.append(_columns(then.odds, then.outcomes, names, np.array([d])))
        scores[NOW] = score(np.concatenate(rows), world.held[late], now)
    return {
        "reports": len(world.day),
        "moves": world.moves(),
        "scores": scores,
        "learned": _learned(field),
        "shares": world.shares(),
        "partisan": world.partisan(),
        "fitted": {name: getattr(field.settings, name) for name in _SHOWN},
        "seconds": took,
        "peak_mb": peak_mb(),
    }


def _learned(field: ControlField) -> list[Record]:
    """What was learned of each source."""
    found = []
    for s in range(len(RIGHT)):
        trust = field.trust.get(f"s{s}")
        right = trust.right if trust else field.settings.prior_of(f"s{s}")
        lean = trust.lean if trust else None
        found.append(
            {"right": right, "lean": lean, "own": trust.own, "false": trust.false}
            if trust and lean
            else {"right": right, "lean": None}
        )
    return found


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


# ---------------------------------------------------------------- many runs


def runs_of(chosen: argparse.Namespace, name: str, settings: ControlSettings) -> Iterator[Record]:
    """The runs of one world, one a seed: kept ones, then those that are not."""
    kept = _kept(chosen.results)
    for seed in range(chosen.seeds):
        key: Record = {
            "world": name, "seed": seed, "places": chosen.places, "days": chosen.days,
            "step": chosen.step, "as_of": chosen.as_of, "reported": chosen.reported,
            "tuning_least": chosen.tuning_least,
        }  # fmt: skip
        found = next((r for r in kept if all(r.get(k) == v for k, v in key.items())), None)
        if found is None:
            world = make_world(
                name, places=chosen.places, days=chosen.days, seed=seed, reported=chosen.reported
            )
            found = key | judge(world, settings=settings, step=chosen.step, as_of=chosen.as_of)
            if chosen.results is not None:
                with chosen.results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(found) + "\n")
        yield found


def _kept(path: Path | None) -> list[Record]:
    if path is None or not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def _score(run: Record, method: str, stratum: str) -> Scores:
    return Scores(*run["scores"][method][stratum])


def show(name: str, runs: Sequence[Record]) -> None:
    """Print the runs of one world, all strata and methods."""
    first = runs[0]
    moves = np.mean([r["moves"] for r in runs], axis=0)
    reports = np.mean([r["reports"] for r in runs])
    print(
        f"\n{name}: {first['places']} places, {first['days']} days, {reports:.0f} reports; "
        f"{moves[0]:.2f} changes a place and year; within 30 km of another holder "
        f"{moves[1]:.2f} of place-days, {moves[2]:.2f} of reports; inferred in "
        f"{np.mean([r['seconds'] for r in runs]):.1f} s, peak {first['peak_mb']:.0f} MB"
    )
    for s, plain in enumerate(RIGHT):
        learned = [r["learned"][s] for r in runs]
        if name == "biased" and s == BIASED:
            print(f"  source {s} takes the side of a{SIDE}:", _partisan(runs))
            continue
        fact = [r["shares"][s] for r in runs]
        off = np.abs(np.array([x["right"] for x in learned]) - fact)
        leans = sum(x["lean"] is not None for x in learned)
        print(
            f"  source {s}, right {plain:.2f} by chance, in fact {spread(fact)}: learned "
            f"{spread([x['right'] for x in learned])}, off by at most {off.max():.3f}"
            + (f"; {leans} times taken for a partisan" if leans else "")
        )
    fitted = {k: [r["fitted"][k] for r in runs] for k in first["fitted"]}
    print("  fitted:", ", ".join(f"{k} {spread(v, digits=2)}" for k, v in fitted.items()))
    ratios = [_score(r, MODEL, "all").loss / _score(r, LAST, "all").loss for r in runs]
    print(f"  log loss, part of the last claim's: {spread(ratios)}", end="")
    if NOW in first["scores"]:
        now = [_score(r, NOW, "all").loss / _score(r, LAST_NOW, "all").loss for r in runs]
        print(f"; as of the day {spread(now)}", end="")
    print(f"\n{'':46}{'right':>14}{'log loss':>14}{'ece':>14}")
    for stratum in STRATA:
        for method in first["scores"]:
            print(f"  {stratum:20}{method:22}{merge([_score(r, method, stratum) for r in runs])}")


def _partisan(runs: Sequence[Record]) -> str:
    found = []
    for i, (name, what) in enumerate(
        [
            ("own", "its side where it holds"),
            ("false", "its side where another holds"),
            ("right", "another where that holds"),
        ]
    ):
        fact = spread([r["partisan"][i] for r in runs])
        rows = [r["learned"][BIASED] for r in runs if r["learned"][BIASED]["lean"] == f"a{SIDE}"]
        learned = spread([x[name] for x in rows]) if rows else "not found"
        found.append(f"{what} {fact}, learned {learned}")
    return "; ".join(found)


def table(found: Mapping[str, Sequence[Record]]) -> None:
    """Print the figures over all places, and how far the targets are met, as one table."""
    print(
        "\n| world | model: right / log loss / calibration error | as of the day | last claim: "
        "right / log loss | loss, part of last claim's | reliability, most off |\n"
        + "|---" * 6
        + "|"
    )
    for name, runs in found.items():
        ratios = [_score(r, MODEL, "all").loss / _score(r, LAST, "all").loss for r in runs]
        off = max(
            abs(x["right"] - fact)
            for r in runs
            for s, (x, fact) in enumerate(zip(r["learned"], r["shares"], strict=True))
            if not (name == "biased" and s == BIASED)
        )
        cells = [name]
        for method in (MODEL, NOW, LAST):
            of = [_score(r, method, "all") for r in runs if method in r["scores"]]
            parts = ("right", "loss") if method == LAST else ("right", "loss", "ece")
            cells.append(
                " / ".join(spread([getattr(x, p) for x in of]) for p in parts) if of else ""
            )
        print("| " + " | ".join([*cells, spread(ratios), f"{off:.3f}"]) + " |")


def main(arguments: Iterable[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--places", type=int, default=2000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--reported", type=float, default=REPORTED, help="share of place-days")
    parser.add_argument("--step", type=int, default=7, help="days between scored days")
    parser.add_argument("--as-of", type=int, default=4, help="days also inferred as of the day")
    parser.add_argument("--tuning-least", type=int, default=60, help="claims to fit settings from")
    parser.add_argument("--world", choices=WORLDS, action="append")
    parser.add_argument("--results", type=Path, help="file of runs done")
    chosen = parser.parse_args(list(arguments) if arguments is not None else None)
    settings = replace(ControlSettings(), tuning_least=chosen.tuning_least)
    print(machine())
    found = {}
    for name in chosen.world or WORLDS:
        found[name] = list(runs_of(chosen, name, settings))
        show(name, found[name])
    table(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())

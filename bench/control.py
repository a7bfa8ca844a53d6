"""Control inference on a theatre against a table of who held what, beside the last claim.

    python -m bench.control --truth control.csv [--theatre sample:levant] [--as-of-step 28]

The truth is a table ``place_id, holder_actor_id, from_date, to_date, extent``; a place split or
contested counts as contested. The model knows the claims that the theatre's reports were read to,
and nothing of the table. Printed by stratum, with hindsight and as known on each day: share of
place-days right (``sided``: the one named holds a part of the place at least), log loss, expected
calibration error (ten equal bins of the likeliest outcome's odds).

Then the days of change. Every change of the table is paired with the nearest measured change of the
same place to the same holder, each used once, within half a year: share found, and found within 7
and 30 days; median and 90 % of the days between; how often the 90 % interval holds the table's day.
``a month later``: the same as known 30 days after the change and later by up to the step, from the
last 120 days. With ``--results`` what is done each as-of day is kept, and gone on with.
"""

import argparse
import csv
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import marchland as ml
from bench._machine import machine, peak_mb
from bench._scores import STRATA, Scores, calibration
from marchland.control import ControlField, SimpleRule, last_claim
from marchland.control.changes import changes_of
from marchland.control.settings import CONTESTED
from marchland.dates import parse_day
from marchland.geo import distances_km
from marchland.vocabulary import Vocabulary

_LEAST = 1e-4
_NEAR_KM = 30.0
_JUST_DAYS = 30
_SILENT_DAYS = 180
_PAIRED_DAYS = 183
_LATER_DAYS, _BACK_DAYS = 30, 120
MODEL, LAST = "model", "last claim"
Answer = ControlField | SimpleRule
Cell = tuple[str, float, float, float, float]
"""Stratum, right, sided, log loss, odds of the likeliest."""


class Turn(NamedTuple):
    """A change of hands: in the table, or measured with the interval of its day."""

    place: str
    to: str
    day: date
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Truth:
    """Who held what: rows of (from, until, holder, extent) by place, in the theatre's words."""

    rows: Mapping[str, Sequence[tuple[date, date, str, str]]]
    vocabulary: Vocabulary

    @classmethod
    def read(cls, path: Path, vocabulary: Vocabulary) -> "Truth":
        """Read a control table; places that the theatre does not know are left out."""
        rows: dict[str, list[tuple[date, date, str, str]]] = defaultdict(list)
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                until = parse_day(row["to_date"]) if row["to_date"] else date.max
                holder = vocabulary.holder_of(row["holder_actor_id"])
                if vocabulary.find_place(row["place_id"]) is not None:
                    rows[row["place_id"]].append(
                        (parse_day(row["from_date"]), until, holder, row["extent"])
                    )
        return cls(dict(sorted(rows.items())), vocabulary)

    def on(self, place: str, day: date) -> tuple[str, set[str]]:
        """The outcome at a place on a day, empty where nothing is said, and all who hold a part."""
        here = [(h, e) for a, b, h, e in self.rows[place] if a <= day < b]
        sides = {h for h, _ in here}
        if not here:
            return "", sides
        whole = len(sides) == 1 and here[0][1] != "contested"
        return (next(iter(sides)) if whole else CONTESTED), sides

    def turns(self, start: date, end: date) -> list[Turn]:
        """Every change of the outcome within some days."""
        found = []
        for place, rows in self.rows.items():
            for day in sorted({a for a, *_ in rows} | {b for _, b, *_ in rows}):
                if not start < day <= end:
                    continue
                before, after = self.on(place, day - timedelta(days=1))[0], self.on(place, day)[0]
                if before and after and before != after:
                    found.append(Turn(place, after, day, day, day))
        return found

    def near(self, held: Mapping[str, str]) -> set[str]:
        """Places within 30 km of one with another holder."""
        places = list(held)
        found = [self.vocabulary.places[p] for p in places]
        at = np.array([(p.lon or 0.0, p.lat or 0.0) for p in found])
        holder = np.array([held[p] for p in places])
        other = (distances_km(at, at) <= _NEAR_KM) & (holder[:, None] != holder[None])
        return {p for p, yes in zip(places, other.any(axis=1), strict=True) if yes}


def cells(truth: Truth, turns: Sequence[Turn], answer: Answer, ages: Mapping[str, float],
          day: date) -> list[Cell]:  # fmt: skip
    """What an answer scores at every place on a day, once for each stratum it is in."""
    held = {p: truth.on(p, day) for p in truth.rows}
    near = truth.near({p: h for p, (h, _) in held.items()})
    just = {t.place for t in turns if 0 <= (day - t.day).days <= _JUST_DAYS}
    odds = answer.odds(day)
    row = {p: i for i, p in enumerate(answer.places)}
    out: list[Cell] = []
    for place, (holder, sides) in held.items():
        if not holder or place not in row:
            continue
        o = odds[row[place]]
        best = answer.outcomes[int(o.argmax())]
        p = float(o[answer.outcomes.index(holder)]) if holder in answer.outcomes else 0.0
        right = float(best == holder)
        scored = (right, float(right or best in sides), -float(np.log(max(p, _LEAST))), o.max())
        strata = [STRATA[0]]
        strata += [STRATA[1]] if place in near else []
        strata += [STRATA[2]] if place in just else []
        strata += [STRATA[3]] if ages[place] > _SILENT_DAYS else []
        out += [(s, *map(float, scored)) for s in strata]
    return out


def paired(turns: Sequence[Turn], measured: Sequence[Turn]) -> list[tuple[Turn, Turn]]:
    """Changes of the table and the measured ones nearest to them, each used once."""
    every = sorted(
        (abs((t.day - m.day).days), i, j)
        for i, t in enumerate(turns)
        for j, m in enumerate(measured)
        if (t.place, t.to) == (m.place, m.to) and abs((t.day - m.day).days) <= _PAIRED_DAYS
    )
    found: dict[int, int] = {}
    for _, i, j in every:
        if i not in found and j not in found.values():
            found[i] = j
    return [(turns[i], measured[j]) for i, j in sorted(found.items())]


def measured(field: ControlField, places: Iterable[str], start: date, end: date) -> list[Turn]:
    """Changes of the likeliest holder."""
    return [
        Turn(c.place, c.after, c.day, c.first, c.last)
        for place in places
        for c in changes_of(field, place, start=start, end=end)
    ]


def renamed(rule: SimpleRule, places: Iterable[str], start: date, end: date) -> list[Turn]:
    """Changes of whom the last claim names."""
    out = []
    for place in places:
        before = ""
        for said in rule.said.get(place, ()):
            day = date.fromordinal(said.day)
            if before and said.holder != before and start <= day <= end:
                out.append(Turn(place, said.holder, day, day, day))
            before = said.holder
    return out


# ---------------------------------------------------------------- printing


def show_scores(title: str, found: Mapping[str, Sequence[Cell]]) -> None:
    """Print scores by stratum and method."""
    print(f"\n{title}\n{'':34}{'n':>8}   right   sided  logloss     ece")
    for stratum in STRATA:
        for method, every in found.items():
            of = np.array([c[1:] for c in every if c[0] == stratum])
            if len(of):
                s = Scores(of[:, 0].mean(), of[:, 2].mean(), calibration(of[:, 3], of[:, 0]), 0)
                print(
                    f"  {stratum:20}{method:12}{len(of):8}{s.right:8.3f}{of[:, 1].mean():8.3f}"
                    f"{s.loss:9.3f}{s.ece:8.3f}"
                )


def show_turns(title: str, turns: Sequence[Turn], found: Mapping[str, Sequence[Turn]]) -> None:
    """Print how well the days of change were found."""
    print(f"\n{title}: {len(turns)} changes in the table")
    for method, every in found.items():
        pairs = paired(turns, every)
        off = np.array([abs((t.day - m.day).days) for t, m in pairs] or [0])
        holds = [m.first <= t.day <= m.last for t, m in pairs]
        width = np.median([(m.last - m.first).days for _, m in pairs] or [0])
        n = max(len(turns), 1)
        print(
            f"  {method:12}{len(every)} told; found {len(pairs) / n:.3f}, within 7 days "
            f"{(off <= 7).sum() / n if pairs else 0.0:.3f}, within 30 "
            f"{(off <= 30).sum() / n if pairs else 0.0:.3f}; of those found, days off: median "
            f"{np.median(off):.0f}, 90 % {np.quantile(off, 0.9):.0f}; interval of "
            f"{width:.0f} days (median) holds the day {np.mean(holds) if pairs else 0.0:.3f}"
        )


# ---------------------------------------------------------------- runs


def hindsight(theatre: ml.Theatre, truth: Truth, days: Sequence[date]) -> None:
    """Everything that the theatre has been told, about every day."""
    start, end = days[0], days[-1]
    began = time.process_time()
    field = theatre.control_field(start=start, end=end)
    took = time.process_time() - began
    rule = _rule(theatre, truth, end)
    turns = truth.turns(start, end)
    scores: dict[str, list[Cell]] = {MODEL: [], LAST: []}
    for day in days:
        ages = dict(zip(field.places, field.evidence_age_days(day).tolist(), strict=True))
        ages = defaultdict(lambda: np.inf, ages)
        for method, answer in ((MODEL, field), (LAST, rule)):
            scores[method] += cells(truth, turns, answer, ages, day)
    print(
        f"{len(field.places)} places, {len(field.outcomes)} outcomes, "
        f"{len(field.evidence.pieces)} pieces of evidence: inferred in {took:.1f} s of processor "
        f"time, peak {peak_mb():.0f} MB"
    )
    show_scores(f"with hindsight, {len(days)} days", scores)
    places = [p for p in truth.rows if p in field.places]
    found = {
        MODEL: measured(field, places, start, end),
        LAST: renamed(rule, places, start, end),
    }
    show_turns("days of change, with hindsight", turns, found)
    whole = [t for t in turns if t.to != CONTESTED]
    show_turns(
        "of these to one holder", whole,
        {m: [t for t in f if t.to != CONTESTED] for m, f in found.items()},
    )  # fmt: skip


def as_known(theatre: ml.Theatre, truth: Truth, days: Sequence[date], results: Path | None) -> None:
    """Each day as known on that day."""
    step = days[1] - days[0]
    turns = truth.turns(days[0], days[-1])
    kept = _kept(results)
    scores: dict[str, list[Cell]] = {MODEL: [], LAST: []}
    found: dict[str, list[Turn]] = {MODEL: [], LAST: []}
    asked: list[Turn] = []
    for day in days:
        due = [t for t in turns if day - step < t.day + timedelta(days=_LATER_DAYS) <= day]
        record = kept.get(str(day))
        if record is None:
            record = _one_day(theatre, truth, turns, day, sorted({t.place for t in due}))
            if results is not None:
                with results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(record) + "\n")
        asked += due
        for method in scores:
            scores[method] += [tuple(c) for c in record["scores"][method]]
            found[method] += [
                Turn(p, to, *(date.fromisoformat(x) for x in spans))
                for p, to, *spans in record["turns"][method]
                if (p, to) in {(t.place, t.to) for t in due}
            ]
    show_scores(f"as known on each of {len(days)} days", scores)
    show_turns("days of change, a month later", asked, found)


def _one_day(
    theatre: ml.Theatre, truth: Truth, turns: Sequence[Turn], day: date, places: Sequence[str]
) -> dict[str, Any]:
    back = day - timedelta(days=_BACK_DAYS)
    field = theatre.control_field(start=back, end=day, as_of=day)
    rule = _rule(theatre, truth, day)
    ages = dict(zip(field.places, field.evidence_age_days(day).tolist(), strict=True))
    ages = defaultdict(lambda: np.inf, ages)
    inside = [p for p in places if p in field.places]
    answers: dict[str, Answer] = {MODEL: field, LAST: rule}
    told = {
        MODEL: measured(field, inside, back, day),
        LAST: renamed(rule, places, back, day),
    }
    return {
        "day": str(day),
        "scores": {m: cells(truth, turns, a, ages, day) for m, a in answers.items()},
        "turns": {
            m: [(t.place, t.to, str(t.day), str(t.first), str(t.last)) for t in every]
            for m, every in told.items()
        },
    }


def _rule(theatre: ml.Theatre, truth: Truth, as_of: date) -> SimpleRule:
    claims = theatre.ledger.claims(as_of=as_of)
    return last_claim(claims, truth.vocabulary, as_of=as_of, places=list(truth.rows))


def _kept(path: Path | None) -> dict[str, dict[str, Any]]:
    if path is None or not path.exists():
        return {}
    with path.open(encoding="utf-8") as file:
        return {r["day"]: r for r in (json.loads(line) for line in file if line.strip())}


def _days(start: date, end: date, step: int) -> list[date]:
    return [start + timedelta(days=i) for i in range(0, (end - start).days + 1, step)]


def main(arguments: Iterable[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--theatre", default="sample:levant")
    parser.add_argument("--start", type=parse_day, default=date(2014, 1, 1))
    parser.add_argument("--end", type=parse_day, default=date(2021, 6, 28))
    parser.add_argument("--step", type=int, default=14, help="days between scored days")
    parser.add_argument("--as-of-step", type=int, default=28, help="0: only with hindsight")
    parser.add_argument("--results", type=Path, help="file of as-of days done")
    chosen = parser.parse_args(list(arguments) if arguments is not None else None)
    print(machine())
    with ml.open(chosen.theatre) as theatre:
        truth = Truth.read(chosen.truth, theatre.vocabulary)
        hindsight(theatre, truth, _days(chosen.start, chosen.end, chosen.step))
        if chosen.as_of_step:
            days = _days(chosen.start, chosen.end, chosen.as_of_step)
            as_known(theatre, truth, days, chosen.results)
    return 0


if __name__ == "__main__":
    sys.exit(main())

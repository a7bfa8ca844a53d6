"""Who stood with whom, told by dispatches alone, against the fact sheet's dated relations.

    python -m bench.alignment [--every DAYS]

The sample `levant` has dispatches and a table of dated relations. Here the network is inferred from
what the dispatches say and nothing else, as known at the end, and asked every quarter about every
pair that the table has standing on that day: with each other, or against each other. Log loss and
Brier score over aligned, neutral and opposed, lower is better. Beside it, on the same answers: the
signed sum of log odds that fade with age, which the program used before, and whatever the last
claim says, at 0.9. Then how often answers of given odds were right.

The table lacks true ties, and a dispatch is sometimes misread, so a pair told of but not in the
table is either. Three counts: the table's pairs alone, which favours rules that believe every
claim; strict, where all other pairs count as neutral, which favours rules that say little (the
Syrian army and Islamic State are such a pair, told to fight each other 39 times); and set by hand,
where the other pairs stand as in `alignment_pairs.csv`, on common knowledge, by somebody who had
seen what an earlier version said of them; persons killed on the day of the one claim about them are
left out there. The settings stand for what claims mean and were not searched for on these figures,
but were chosen with them, and those of `bench.alignment_worlds`, in sight.
"""

import argparse
import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

import marchland
from bench._machine import machine
from marchland.alignment import AlignmentNetwork, AlignmentSettings, infer_alignment
from marchland.alignment.chain import DEEDS, SIDES
from marchland.claims import Claim
from marchland.observations import first_told, observe

START, END = date(2014, 4, 1), date(2021, 6, 28)
WITH = frozenset({"backs", "allied_with", "part_of", "commands", "leads"})
AGAINST = frozenset({"opposes", "fights"})
BY_HAND = Path(__file__).with_name("alignment_pairs.csv")
COUNTS = {
    "table": "Pairs of the table",
    "strict": "STRICT: pairs the table lacks count as neutral",
    "by hand": "BY HAND: pairs the table lacks as set by hand",
}


def truth(claims: Sequence[Claim], day: date) -> dict[frozenset[str], str]:
    """The side of every pair the table has on a day; pairs it has on both sides are left out."""
    found: dict[frozenset[str], set[str]] = defaultdict(set)
    for c in claims:
        if c.from_text or c.predicate not in WITH | AGAINST or not c.valid.covers(day):
            continue
        if c.subject and c.object:
            found[frozenset((c.subject.id, c.object.id))].add(
                "aligned" if c.predicate in WITH else "opposed"
            )
    return {pair: sides.pop() for pair, sides in found.items() if len(sides) == 1}


def by_hand(day: date) -> dict[frozenset[str], str]:
    """The side of pairs outside the table on a day, as set by hand."""
    found = {}
    with BY_HAND.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            start, end = row["from"] or "0001-01-01", row["to"] or "9999-12-31"
            if start <= day.isoformat() < end:
                found[frozenset((row["a"], row["b"]))] = row["side"]
    return found


def about(claims: Sequence[Claim]) -> dict[frozenset[str], list[Claim]]:
    """Claims by pair."""
    found: dict[frozenset[str], list[Claim]] = defaultdict(list)
    for c in claims:
        if c.subject and c.object and c.subject.id != c.object.id:
            found[frozenset((c.subject.id, c.object.id))].append(c)
    return found


BEFORE = {
    "part_of": 5.0, "commands": 5.0, "backs": 4.0, "allied_with": 4.0, "leads": 5.0,
    "assists": 1.4, "protects": 1.4, "aids": 1.0, "deals_with": 0.5, "agrees": 0.4,
    "consults": 0.2, "opposes": -3.0, "fights": -3.0, "assaults": -1.6, "threatens": -1.0,
    "coerces": -0.9, "rejects": -0.6, "captures": -1.2,
}  # fmt: skip
"""Log odds of the rule of before, as they were when it was left."""


def signed_sum(claims: Sequence[Claim], day: date, settings: AlignmentSettings) -> list[float]:
    """The rule of before: log odds summed, each faded by age; one a source and predicate."""
    best: dict[tuple[object, ...], float] = {}
    for c in claims:
        start = c.valid.start or c.published
        if c.predicate not in BEFORE or start is None or start > day:
            continue
        if c.valid.end is not None and c.valid.end <= day:
            continue
        life = 240.0 if c.predicate in DEEDS else 2500.0
        x = BEFORE[c.predicate] * settings.modality[c.modality.value] * c.p_read
        x *= 0.5 ** ((day - start).days / life)
        key = (c.predicate, c.subject and c.subject.id, c.source.id)
        if abs(x) > abs(best.get(key, 0.0)):
            best[key] = x
    logit = sum(best.values())
    weights = np.exp([logit, 0.0, -logit])
    return (weights / weights.sum()).tolist()


def last_claim(claims: Sequence[Claim], day: date, settings: AlignmentSettings) -> list[float]:
    """Whatever the latest claim says, at 0.9."""
    told = [
        c for c in claims if c.predicate in BEFORE and (c.valid.start or c.published or END) <= day
    ]
    if not told:
        return [1 / 3, 1 / 3, 1 / 3]
    last = max(told, key=lambda c: (c.valid.start or c.published or END, c.id))
    x = BEFORE[last.predicate] * settings.modality[last.modality.value]
    return [0.9, 0.05, 0.05] if x > 0 else [0.05, 0.05, 0.9]


def answers(
    claims: Sequence[Claim], network: AlignmentNetwork, every: int, count: str = "table"
) -> tuple[dict[str, list[list[float]]], list[int], int]:
    """Odds by each rule, the side that held, and how many pair-days were asked of.

    With ``strict`` every pair a dispatch speaks of is asked about, and one the table never has on a
    side counts as neutral; with ``by hand`` it counts as `by_hand` has it.
    """
    ever = {
        frozenset((c.subject.id, c.object.id))
        for c in claims
        if not c.from_text and c.predicate in WITH | AGAINST and c.subject and c.object
    }
    others = {frozenset(p) for p in network.pairs()} - ever if count == "strict" else set()
    pairs = about([c for c in claims if c.from_text])
    odds: dict[str, list[list[float]]] = defaultdict(list)
    held, asked, day = [], 0, START
    while day <= END:
        more = by_hand(day) if count == "by hand" else dict.fromkeys(others, "neutral")
        for pair, side in {**more, **truth(claims, day)}.items():
            a, b = sorted(pair)
            asked += 1
            found = network.odds(a, b, day)
            if found is None:
                continue
            held.append(SIDES.index(side))
            odds["chain"].append([found[k] for k in SIDES])
            odds["signed sum"].append(signed_sum(pairs[pair], day, network.settings))
            odds["last claim"].append(last_claim(pairs[pair], day, network.settings))
        day += timedelta(days=every)
    return odds, held, asked


def score(odds: Sequence[Sequence[float]], held: Sequence[int]) -> Mapping[str, float]:
    """Mean log loss, Brier score and share right."""
    p, k = np.asarray(odds), np.asarray(held)
    one = np.eye(3)[k]
    return {
        "log loss": float(-np.log(np.maximum(p[np.arange(len(k)), k], 1e-9)).mean()),
        "brier": float(((p - one) ** 2).sum(axis=1).mean()),
        "right": float((p.argmax(axis=1) == k).mean()),
    }


def calibration(odds: Sequence[Sequence[float]], held: Sequence[int]) -> None:
    """How often the likeliest side held, by its odds."""
    p, k = np.asarray(odds), np.asarray(held)
    top, right = p.max(axis=1), p.argmax(axis=1) == k
    for lo, hi in ((0.33, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 0.97), (0.97, 1.01)):
        here = (top >= lo) & (top < hi)
        if here.any():
            print(
                f"  odds {lo:.2f}-{min(hi, 1):.2f}: said {top[here].mean():.2f}, "
                f"held {right[here].mean():.2f} ({here.sum()} answers)"
            )


def report(claims: Sequence[Claim], vocabulary: object, as_of: date, every: int) -> None:
    """Infer from the dispatches, score against the table, print."""
    text = [c for c in claims if c.from_text]
    network = infer_alignment(text, vocabulary, as_of=as_of)  # type: ignore[arg-type]
    for count, title in COUNTS.items():
        odds, held, asked = answers(claims, network, every, count)
        print(f"\n{title}")
        print(f"{asked} pair-days, {len(held)} of them spoken of by a dispatch")
        for name, found in odds.items():
            told = score(found, held)
            print(f"{name:12}" + "  ".join(f"{k} {v:.3f}" for k, v in told.items()))
        for name, found in odds.items():
            print(f"{name}, by its odds:")
            calibration(found, held)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--every", type=int, default=91, help="days between looks")
    every = parser.parse_args().every
    print(machine())
    with marchland.open("sample:levant") as theatre:
        claims = first_told(observe(theatre.claims()))
        report(claims, theatre.vocabulary, theatre.latest, every)


if __name__ == "__main__":
    main()

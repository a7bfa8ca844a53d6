"""When the sample's road opened and broke, beside the days the fact sheet gives.

    python -m bench.known_answers

Asks the levant sample for the corridor Tehran - Damascus - Beirut for Iran over its whole period,
loose and strict, from the dispatches, and prints the days on which the status changed. The fact
sheet's own answers, worked out from its control table alone: broken from 2014-06-22; open again
from 2017-06-17 (loose) or 2017-07-01 (strict) by desert tracks; by a recognised crossing from
2017-11-19; by paved road throughout from 2017-12-06; Khosravi / Monthiriya joins on 2017-10-17.
"""

import argparse
import time
from datetime import date, timedelta

import marchland as ml
from bench._machine import machine, peak_mb
from marchland.corridor import CorridorEstimate

EXPECTED = {
    "loose": [(date(2014, 6, 22), "broken"), (date(2017, 6, 17), "open")],
    "strict": [(date(2017, 7, 1), "open")],
}
ROADS = [
    ("by a recognised crossing", date(2017, 11, 19), lambda c: all(x.formal for x in c.crossings)),
    ("by paved road throughout", date(2017, 12, 6), lambda c: c.unpaved_km == 0),
]
DAYS = ("2014-06-01", "2015-06-01", "2017-06-15", "2017-12-15", "2021-03-02")
WITHIN = timedelta(days=7)
START, END = date(2014, 1, 15), date(2021, 6, 28)


def way(answer: CorridorEstimate) -> str:
    """By what kind of crossing and surface the best route goes."""
    formal = all(c.formal for c in answer.crossings)
    crossings = ", ".join(f"{c.near.place}/{c.far.place}" for c in answer.crossings)
    return (
        f"{answer.status} p={answer.p['open']:.2f} {'recognised' if formal else 'informal'} "
        f"crossings, {answer.unpaved_km:.0f} km unpaved: {crossings}"
    )


def main() -> None:
    """Print the changes and the looks at single days."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    print(machine())
    with ml.open("sample:levant") as theatre:
        for ground in ("loose", "strict"):
            begin = time.perf_counter()
            line = theatre.corridor_timeline(start=START, end=END, ground=ground)
            took = time.perf_counter() - begin
            print(f"\n{ground}: {len(line.points)} weeks in {took:.1f} s, peak {peak_mb():.0f} MB")
            print(line)
            for day, status in EXPECTED[ground]:
                near = [c for c in line.changes if c.after == status]
                best = min(near, key=lambda c: abs((c.on - day).days), default=None)
                off = "never" if best is None else f"{(best.on - day).days:+d} days"
                print(f"expected {status} from {day}: {off}")
        print()
        for name, day, holds in ROADS:
            before, after = (holds(theatre.corridor(on=d)) for d in (day - WITHIN, day + WITHIN))
            print(f"{name}, expected from {day}: a week before {before}, a week after {after}")
        for text in DAYS:
            print(text, way(theatre.corridor(on=text)))
        for khosravi in (date(2017, 10, 17) - timedelta(days=5), date(2017, 10, 22)):
            answer = theatre.corridor(
                "khosravi-crossing", "baghdad", via=["monthiriya-crossing", "khanaqin"],
                traveller="iran", on=khosravi,
            )  # fmt: skip
            print(f"by Khosravi to Baghdad on {khosravi}: {answer.status} {answer.p['open']:.2f}")


if __name__ == "__main__":
    main()

"""The levant sample's corridor through 390 weeks, and the control that it rests on.

    python -m bench.corridor

Reach and importance beside graph libraries are in `bench.corridor_reach`.
"""

import argparse
import time
from datetime import date

import marchland as ml
from bench._machine import machine, peak_mb

START, END = date(2014, 1, 15), date(2021, 6, 28)


def sample() -> None:
    """Time the sample's corridor through all its weeks, and the control that it rests on."""
    with ml.open("sample:levant") as theatre:
        begin = time.perf_counter()
        field = theatre.control_field(start=START, end=END)
        control = time.perf_counter() - begin
        days = (END - START).days + 1
        print(f"control of {len(field.places)} places on {days} days: {control:.1f} s")
        begin = time.perf_counter()
        line = theatre.corridor_timeline(start=START, end=END)
        took = time.perf_counter() - begin
        print(f"corridor in {len(line.points)} weeks of 1,024 worlds: {took:.1f} s")
        print(f"peak memory {peak_mb():.0f} MB")


def main() -> None:
    """Print the times."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    print(machine())
    sample()


if __name__ == "__main__":
    main()

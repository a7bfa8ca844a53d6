"""The levant sample's corridor: one question with its whole answer, and through 390 weeks.

    python -m bench.corridor [--questions 20]

A question is what `marchland corridor` tells: status and odds, route and other ways, what would
break or open it, how firmly it is held, land against air and sea, and the claims behind it with
their passages, on a day that nothing was asked of before. Reach and importance beside graph
libraries are in `bench.corridor_reach`.
"""

import argparse
import contextlib
import io
import time
from datetime import date, timedelta
from statistics import median

import click

import marchland as ml
from bench._machine import machine, peak_mb
from marchland.cli.telling import show_corridor
from marchland.theatre import Theatre

START, END = date(2014, 1, 15), date(2021, 6, 28)


def questions(theatre: Theatre, count: int) -> None:
    """Time some questions, each on another day, told in full and walked back to their sentences."""
    step = (END - START).days // count
    wall, processor = [], []
    told = io.StringIO()
    with contextlib.redirect_stdout(told), click.Context(click.Command("corridor"), obj={}):
        for k in range(-1, count):
            begin, ticks = time.perf_counter(), time.process_time()
            answer = theatre.corridor(on=START + timedelta(days=step * max(k, 0) + (k < 0)))
            show_corridor(answer, theatre.vocabulary, full=True)
            theatre.why(answer.id)
            if k >= 0:  # the first one loads what all of them use
                wall.append(time.perf_counter() - begin)
                processor.append(time.process_time() - ticks)
    print(
        f"{count} questions with their explanation, {len(told.getvalue()) // count} characters "
        f"each: median {median(wall):.2f} s ({median(processor):.2f} s of processor time), "
        f"slowest {max(wall):.2f} s ({max(processor):.2f} s)"
    )


def weeks(theatre: Theatre) -> None:
    """Time the corridor through all its weeks, and the control that it rests on."""
    begin, ticks = time.perf_counter(), time.process_time()
    line = theatre.corridor_timeline(start=START, end=END)
    took, processor = time.perf_counter() - begin, time.process_time() - ticks
    print(
        f"corridor in {len(line.points)} weeks of 1,024 worlds: {took:.1f} s ({processor:.1f} s "
        "of processor time)"
    )


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=20)
    asked = parser.parse_args()
    print(machine())
    with ml.open("sample:levant") as theatre:
        begin, ticks = time.perf_counter(), time.process_time()
        field = theatre.control_field(start=START, end=END)
        took, processor = time.perf_counter() - begin, time.process_time() - ticks
        days = (END - START).days + 1
        print(
            f"control of {len(field.places)} places on {days} days: {took:.1f} s "
            f"({processor:.1f} s of processor time)"
        )
        questions(theatre, asked.questions)
        weeks(theatre)
    print(f"peak memory {peak_mb():.0f} MB")


if __name__ == "__main__":
    main()

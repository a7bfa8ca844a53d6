"""Loading and recording the tidy claims table, beside pandas that only reads the same file.

    python -m bench.load [--rows 100000] [--format csv|parquet]

The table is invented: 5,000 places, 20 actors, 40 sources over ten years. Each step runs in a fresh
process; time by the wall and by the processor, and the largest memory, are printed.
"""

import argparse
import csv
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from bench._machine import machine, peak_mb
from marchland.importers import ClaimsTable
from marchland.ledger import open_ledger
from marchland.vocabulary import Vocabulary

_COLUMNS = (
    *("predicate", "subject.id", "subject.name", "object.id", "object.name"),
    *("place.id", "place.name", "place.lat", "place.lon", "valid.start", "modality"),
    *("source.id", "source.name", "report.published"),
)


def make(path: Path, rows: int) -> None:
    """Write an invented table."""
    chance = random.Random(0)
    first = date(2014, 1, 1)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for _ in range(rows):
            place, source = chance.randrange(5000), chance.randrange(40)
            a, b = chance.sample(range(20), 2)
            day = first + timedelta(days=chance.randrange(3650))
            writer.writerow(
                (
                    *(chance.choice(("holds", "captures", "contests")), f"actor-{a}", f"Actor {a}"),
                    *(f"actor-{b}", f"Actor {b}", f"place-{place}", f"Place {place}"),
                    *(30 + place % 100 / 20, 35 + place // 100 / 10, day, "asserted"),
                    *(f"source-{source}", f"Source {source}", day + timedelta(days=1)),
                )
            )


def step(what: str, table: Path, ledger: Path) -> int:
    """One step in this process: how many rows or claims it took."""
    if what == "pandas":
        read = pd.read_parquet if table.suffix == ".parquet" else pd.read_csv
        return len(read(table))
    loaded = ClaimsTable().load(table, vocabulary=Vocabulary.load(None))
    if loaded.rejected:
        raise SystemExit(f"rejected: {loaded.rejected[0]}")
    if what == "load":
        return len(loaded.claims)
    with open_ledger(ledger) as opened:
        opened.add_places(loaded.places)
        opened.add_actors(loaded.actors)
        return opened.record(loaded.claims).added


def main() -> None:
    """Measure each step in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--format", choices=["csv", "parquet"], default="csv")
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        began, used = time.perf_counter(), time.process_time()
        taken = step(asked.step[0], Path(asked.step[1]), Path(asked.step[2]))
        wall, cpu = time.perf_counter() - began, time.process_time() - used
        print(
            f"{asked.step[0]:8} {taken:>9,} rows  {wall:7.1f} s  {taken / wall:>9,.0f} rows/s  "
            f"processor {cpu:7.1f} s  {peak_mb():7,.0f} MB",
            flush=True,
        )
        return
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "claims.csv"
        make(table, asked.rows)
        if asked.format == "parquet":
            pd.read_csv(table).astype(str).to_parquet(table.with_suffix(".parquet"))
            table = table.with_suffix(".parquet")
        for what in ("pandas", "load", "record"):
            words = [what, str(table), str(Path(folder) / "ledger.sqlite")]
            subprocess.run([sys.executable, "-m", "bench.load", "--step", *words], check=True)


if __name__ == "__main__":
    main()

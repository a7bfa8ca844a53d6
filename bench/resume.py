"""A folder read with interruptions, beside one read in one go: nothing twice, nothing lost.

    python -m bench.resume [--reports 10000] [--kills 2]

Small invented reports are read into one theatre in one go, and into another by a process that is
killed (SIGKILL) and interrupted (Ctrl-C, SIGINT) in the middle, turn about, and started again. It
counts the reports each process read, and compares the two ledgers.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench._machine import machine
from marchland.theatre import make_like, open_theatre, sample_folder

_READ = """
import signal, sys
from marchland.theatre import open_theatre
with open_theatre(sys.argv[1]) as theatre:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored
    who = {"source": "Bench", "date": "2021-03-17"}
    intake = theatre.read(sys.argv[2], **who, reader=sys.argv[3] or None)
    print(intake.reports, intake.added, intake.known)
"""
_WHO = ("The Vale Front", "The Orvand army")
_DONE = ("captured", "shelled", "left", "holds")
_WHERE = ("Dravish", "Ollenby", "Pellisk", "Joruvel")


def write_reports(folder: Path, count: int) -> None:
    """Small reports, no two alike."""
    chance = random.Random(0)
    folder.mkdir()
    for n in range(count):
        who, done, where = (chance.choice(x) for x in (_WHO, _DONE, _WHERE))
        text = f"{who} {done} {where} on Monday. This is dispatch {n}.\n"
        (folder / f"{n:05}.txt").write_text(text, "utf-8")


def start(theatre: Path, reports: Path, reader: str) -> subprocess.Popen[str]:
    """A process that reads."""
    return subprocess.Popen(
        [sys.executable, "-c", _READ, str(theatre), str(reports), reader],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def taken(theatre: Path) -> int:
    """How many reports a theatre's ledger holds."""
    with open_theatre(theatre) as opened:
        return len(opened.ledger.reports())


def holdings(theatre: Path) -> tuple[list[str], list[str], int]:
    """Reports, claims and revisions of a ledger, whatever the hour they were recorded."""
    with open_theatre(theatre) as opened:
        reports = sorted(json.dumps(r.to_json()) for r in opened.ledger.reports())
        claims = sorted(c.id for c in opened.ledger.claims(include_corrected=True))
        return reports, claims, opened.ledger.revision


def main() -> None:
    """Read both ways and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--reader", default="", help="the theatre's own if left out")
    asked = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_reports(folder / "reports", asked.reports)
        for each in ("whole", "broken"):
            make_like(folder / each, sample_folder("vale"))
        begin = time.perf_counter()
        told = start(folder / "whole", folder / "reports", asked.reader).communicate()[0]
        print(f"in one go: {told.strip()} (reports, claims added, known), "
              f"{time.perf_counter() - begin:.0f} s")  # fmt: skip
        for turn in range(asked.kills):
            before = taken(folder / "broken")
            goal = before + asked.reports // (asked.kills + 1)
            process = start(folder / "broken", folder / "reports", asked.reader)
            while process.poll() is None and taken(folder / "broken") < goal:
                time.sleep(0.5)
            how = signal.SIGINT if turn % 2 else signal.SIGKILL
            process.send_signal(how)
            process.wait()
            now = taken(folder / "broken")
            print(f"{how.name} after {now - before} new reports, {now} in all")
        left = asked.reports - taken(folder / "broken")
        told = start(folder / "broken", folder / "reports", asked.reader).communicate()[0]
        print(f"resumed: {told.strip()} (reports, claims added, known); {left} were left to read")
        read_last = int(told.split()[0])
        same = holdings(folder / "whole") == holdings(folder / "broken")
    print(f"read twice: {read_last - left}; ledgers and revisions equal: {same}")
    sys.exit(0 if same and read_last == left else 1)


if __name__ == "__main__":
    main()

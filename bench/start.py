"""How long `marchland --help` takes, beside a bare interpreter and a bare Click program.

    python -m bench.start [--rounds 10]

Every call is a fresh process; the three take turns, and the median of each is printed.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench._machine import machine

_CLICK = """
import sys, click
@click.group()
def cli(): pass
for name in {names!r}:
    cli.command(name, help=name)(lambda: None)
sys.argv = ["bare", "--help"]
cli()
"""


def programs() -> dict[str, list[str]]:
    """The command lines that are timed, by what they are."""
    found = shutil.which("marchland", path=str(Path(sys.executable).parent))
    if found is None:
        raise SystemExit("marchland is not installed beside this Python; try: make bench")
    names = [f"command{i}" for i in range(20)]
    return {
        "marchland --help": [found, "--help"],
        "python -c pass": [sys.executable, "-c", "pass"],
        "a Click program of 20 commands --help": [
            sys.executable, "-c", _CLICK.format(names=names),
        ],
    }  # fmt: skip


def medians(rounds: int) -> dict[str, float]:
    """Median milliseconds of each, after one call that warms the disk's cache."""
    took: dict[str, list[float]] = {name: [] for name in programs()}
    for turn in range(rounds + 1):
        for name, command in programs().items():
            begin = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            if turn:
                took[name].append(1000 * (time.perf_counter() - begin))
    return {name: statistics.median(times) for name, times in took.items()}


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    asked = parser.parse_args()
    print(machine())
    for name, ms in medians(asked.rounds).items():
        print(f"{name:40} {ms:6.0f} ms")


if __name__ == "__main__":
    main()

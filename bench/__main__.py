"""List the benchmarks."""

import ast
from pathlib import Path


def main() -> None:
    """Name and first line of each."""
    for file in sorted(Path(__file__).parent.glob("*.py")):
        if not file.stem.startswith("_") and file.stem != "machine":
            doc = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
            print(f"{file.stem:16} {doc.splitlines()[0] if doc else ''}")


if __name__ == "__main__":
    main()

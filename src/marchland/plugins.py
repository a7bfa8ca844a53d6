"""The plugin door: readers, importers, exporters and commands by entry point.

Built-in parts come through the same door as anybody else's. A part is imported when it is first
asked for, which keeps the command line quick.
"""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from marchland.errors import BadInput

GROUPS = ("marchland.readers", "marchland.importers", "marchland.exporters", "marchland.commands")


@cache
def available(group: str) -> dict[str, EntryPoint]:
    """Entry points of a group by name, none of them imported yet."""
    return {point.name: point for point in sorted(entry_points(group=group))}


def load(group: str, name: str) -> Any:
    """Import and return the named part of a group.

    Raises
    ------
    BadInput
        If there is no such part; the message lists those there are.
    """
    parts = available(group)
    if name not in parts:
        what = group.rpartition(".")[2].removesuffix("s")
        raise BadInput(f"no {what} called {name!r}; there are: {', '.join(parts) or 'none'}")
    return parts[name].load()

"""Which code runs the chains and the field: compiled where that pays and numba is installed.

Both give the same odds to rounding (1e-12), so that the choice changes no answer. numba takes half
a second to import; few chains are done sooner without.
"""

import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_WORTH = 1_000_000
"""Numbers in the arrays of one run from which compiled code is worth its import."""


@cache
def has_compiled() -> bool:
    """Whether numba is installed (``pip install 'marchland[fast]'``)."""
    return find_spec("numba") is not None


def compiled(work: int, *, module: str = "compiled") -> Any | None:
    """The module with the compiled twins; None where numpy does better or is all there is.

    Parameters
    ----------
    work
        Days of all chains, or claims, times states.
    module
        ``compiled`` for places' own chains, ``compiled_chain`` for any, ``compiled_field`` for the
        field of neighbours.
    """
    if not has_compiled() or (work < _WORTH and "numba" not in sys.modules):
        return None
    return import_module(f"marchland.control.{module}")

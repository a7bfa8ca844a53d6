"""Which code counts worlds: compiled where that pays and numba is installed, else numpy.

Both give the same counts, bit for bit, so that the choice changes no answer. numba takes half a
second to import; a single question on a theatre of some hundred places is answered sooner without.
"""

import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from marchland.corridor import sweeps

_WORTH = 2_000_000
"""Words read in one sweep over all questions from which compiled code is worth its import."""
_COMPILED = "marchland.corridor.compiled"


@cache
def has_compiled() -> bool:
    """Whether numba is installed (``pip install 'marchland[fast]'``)."""
    return find_spec("numba") is not None


def engine(work: int) -> Any:
    """The module to count with: `sweeps`, or its compiled twin.

    Parameters
    ----------
    work
        Links times words times questions.
    """
    if _COMPILED in sys.modules or (work >= _WORTH and has_compiled()):
        return import_module(_COMPILED)
    return sweeps

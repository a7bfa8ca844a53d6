"""Compiling for `compiled` and its like, and sharing their work among processors.

What is compiled is kept beside its file, or in the user's cache where that can't be written; the
first run on a machine takes some seconds more.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from numba import njit


def jit(function: Callable[..., Any]) -> Any:
    """Compile on first use and keep the result; where no cache can be written, only compile."""
    try:
        return njit(nogil=True, cache=True, error_model="numpy")(function)
    except RuntimeError:  # numba's word for a folder it can't write
        return njit(nogil=True, error_model="numpy")(function)


def share(work: Callable[[int, int], None], parts: int) -> None:
    """Do `work` on all parts, as many runs of them side by side as there are processors."""
    threads = min(parts, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
    if threads <= 1:
        work(0, parts)
        return
    marks = [parts * i // threads for i in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, marks[:-1], marks[1:]))

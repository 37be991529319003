"""Give memory back to the system that the C allocator keeps for itself."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache


def trim() -> None:
    """Return the free pages of the heap; does nothing where the C library has no way to.

    Between pages of different size the allocator's heap is cut into pieces that the next large one
    does not fit in; without this a process that reads pages grows for hours.
    """
    release = _malloc_trim()
    if release is not None:
        release(0)


@cache  # looked up once, never changed
def _malloc_trim() -> Callable[[int], int] | None:
    # glibc has it; see malloc_trim(3).
    found: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return found

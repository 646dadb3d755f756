"""Freed memory stays with the process that reads pages.

A page's reading takes and frees some hundreds of arrays of its size. By default each of them is
new memory from the kernel, which has to clear it: 0.2 CPU seconds a page.
"""

import ctypes
import functools

_LARGE = 1 << 30
_ASKED_AT_ONCE = 64 << 20  # bytes
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3  # of malloc.h

CHILD_ENVIRONMENT = {
    "MALLOC_TRIM_THRESHOLD_": str(_LARGE),
    "MALLOC_TOP_PAD_": str(_ASKED_AT_ONCE),
    "MALLOC_MMAP_THRESHOLD_": str(_LARGE),
}
"""The same for a program that is started (mallopt(3)); other libraries than glibc ignore it."""


@functools.cache
def keep_freed_memory() -> None:
    """Let this process use again what it freed; nothing happens where the library is not glibc."""
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option:
        set_option(_TRIM_THRESHOLD, _LARGE)
        set_option(_TOP_PAD, _ASKED_AT_ONCE)
        set_option(_MMAP_THRESHOLD, _LARGE)

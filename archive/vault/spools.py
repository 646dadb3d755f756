"""Memory in which large ciphertexts wait until they are stored, used again.

Fresh memory costs more than what is done in it: to be given 20 MiB took 20 to 30 ms of processor
time, to encrypt them 6, to hash them 13 (2 cores of a virtual machine, docs/adr/0021).
"""

import contextlib
import queue
import threading
from collections.abc import Iterator

_AT_ONCE = 4
_KEPT_FROM, _KEPT_TO = 1024 * 1024, 40 * 1024 * 1024


class Spools:
    """Lends memory; of large pieces four at a time, the fifth who asks waits. Safe from threads."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(_AT_ONCE)
        self._kept: queue.SimpleQueue[bytearray] = queue.SimpleQueue()

    @contextlib.contextmanager
    def lent(self, size: int) -> Iterator[memoryview]:
        """So many bytes or more; what an earlier user left lies in them."""
        if size < _KEPT_FROM:
            yield memoryview(bytearray(size))
            return
        with self._free:
            try:
                buffer = self._kept.get_nowait()
            except queue.Empty:
                buffer = bytearray()
            if len(buffer) < size:
                buffer = bytearray(size)
            yield memoryview(buffer)
            # Not where the work failed: somebody may still be reading it.
            if len(buffer) <= _KEPT_TO:
                self._kept.put(buffer)

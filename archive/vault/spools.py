"""Memory in which large ciphertexts wait until they are stored, used again.

Fresh memory costs more than what is done in it: to be given 20 MiB took 20 to 30 ms of processor
time, to encrypt them 9, to hash them 13 (2 cores of a virtual machine, docs/adr/0021).
"""

import contextlib
import io
import queue
import threading
from collections.abc import Iterator

_AT_ONCE = 4
_KEPT_BYTES = 32 * 1024 * 1024


class Spools:
    """Lends buffers, four at most at a time; the fifth who asks waits. Safe from threads."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(_AT_ONCE)
        self._kept: queue.SimpleQueue[io.BytesIO] = queue.SimpleQueue()

    @contextlib.contextmanager
    def lent(self) -> Iterator[io.BytesIO]:
        """A buffer at its beginning; what an earlier user left lies behind what is written."""
        with self._free:
            try:
                buffer = self._kept.get_nowait()
            except queue.Empty:
                buffer = io.BytesIO()
            buffer.seek(0)
            yield buffer
            # Not where the work failed: a view of it may still be about.
            if buffer.getbuffer().nbytes <= _KEPT_BYTES:
                self._kept.put(buffer)

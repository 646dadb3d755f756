"""A bound on how fast something is done, whoever does it and however many they are."""

import threading
import time


class Pace:
    """Lets its callers on at a bounded rate."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second
        self._lock = threading.Lock()
        self._next = time.monotonic()

    def wait(self) -> None:
        """Return when it is the caller's turn."""
        with self._lock:
            now = time.monotonic()
            self._next = max(now, self._next + self._gap)
            pause = self._next - now
        time.sleep(pause)

"""Image and PDF libraries run in a process of their own, which may hang, swell or crash.

The child is started once per process and serves one call after another (`intake.decoder`).
It holds no key and none of our environment, may not write files, and dies at a time limit or
when this process does. It is stateless: every call carries the bytes it is about.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from intake.limits import Limits
from records.errors import RejectedInput, SetupError

_START_SECONDS = 60
_FACTS_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """What the decoder found: plain facts, and pixels where they were asked for."""

    facts: dict[str, Any]
    pixels: bytes


def ask(operation: str, data: bytes, limits: Limits, **arguments: str | int) -> Answer:
    """Have the decoder do one operation on `data` (see `intake.decoder.OPERATIONS`).

    A crash is tried once more in a fresh child: the machine, not the file, may have been at fault.

    Raises:
        RejectedInput: the decoder's reason, `decoding_too_slow` or `decoder_crashed`.
        SetupError: `decoder_not_starting`.
    """
    request = {
        "operation": operation,
        "arguments": arguments,
        "max_pixels": limits.max_pixels,
        "max_seconds": limits.max_page_seconds,
    }
    try:
        return _DECODER.call(request, data)
    except _CrashedError:
        try:
            return _DECODER.call(request, data)
        except _CrashedError as error:
            raise RejectedInput("decoder_crashed") from error


def decoding_seconds() -> float:
    """CPU seconds that the decoder has spent on this process's calls so far."""
    return _DECODER.cpu_seconds


class _CrashedError(Exception):
    """The child went away in the middle of a call."""


class _Child:
    def __init__(self) -> None:
        here, there = Pipe()
        with there:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "intake.decoder", str(there.fileno())],
                env={"PYTHONPATH": str(Path(__file__).parents[1]), "LANG": "C.UTF-8"},
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self.connection: Connection[Any, Any] = here

    def stop(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.wait()


class _Decoder:
    """The one child of this process, started at the first call and after every failed one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._owner = 0
        self.cpu_seconds = 0.0

    def call(self, request: dict[str, object], data: bytes) -> Answer:
        with self._lock:
            child = self._started()
            late = threading.Event()

            def expire() -> None:
                late.set()
                child.process.kill()

            watchdog = threading.Timer(float(str(request["max_seconds"])), expire)
            watchdog.daemon = True
            watchdog.start()
            try:
                child.connection.send_bytes(json.dumps(request).encode())
                child.connection.send_bytes(data)
                facts = json.loads(child.connection.recv_bytes(_FACTS_BYTES))
                pixels = child.connection.recv_bytes(4 * int(str(request["max_pixels"])) + 1)
            except (OSError, EOFError, ValueError) as error:
                self._drop()
                if late.is_set():
                    raise RejectedInput("decoding_too_slow") from error
                raise _CrashedError from error
            finally:
                watchdog.cancel()
            self.cpu_seconds += facts.pop("cpu_seconds")
            if facts.get("spent"):
                self._drop()
        if "refused" in facts:
            raise RejectedInput(facts["refused"])
        return Answer(facts, pixels)

    def _started(self) -> _Child:
        if self._owner == 0:
            atexit.register(self._drop)
            os.register_at_fork(after_in_child=self._forget)
        if self._child is None:
            self._owner = os.getpid()
            child = _Child()
            if not child.connection.poll(_START_SECONDS):
                child.stop()
                raise SetupError("decoder_not_starting")
            try:
                child.connection.recv_bytes(_FACTS_BYTES)
            except (OSError, EOFError) as error:
                child.stop()
                raise SetupError("decoder_not_starting") from error
            self._child = child
        return self._child

    def _drop(self) -> None:
        if self._child is not None and self._owner == os.getpid():
            self._child.stop()
        self._child = None

    def _forget(self) -> None:
        """In a forked copy of this process the child is somebody else's."""
        if self._child is not None:
            self._child.connection.close()
        self._child = None
        self._lock = threading.Lock()


_DECODER = _Decoder()

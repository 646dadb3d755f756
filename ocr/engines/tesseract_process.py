"""The child that holds Tesseract: started at the first page, ended when it hangs."""

import json
import os
import subprocess
import sys
import time
import weakref
from collections.abc import Sequence
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from ocr.engines.word_gaps import Symbol
from ocr.imaging.pixels import Grey
from ocr.memory import CHILD_ENVIRONMENT
from records.errors import RejectedInput, TransientError

_PROGRAM = "ocr.engines.tesseract_child"
# Signs that the models know and forms do not print, for those that they do.
_PRINTED_ALIKE = str.maketrans("—–【】〔〕『』“”‘’：，", "--[][]「」\"\"'':,")
_ROOT = str(Path(__file__).parents[2])


class TesseractProcess:
    """Reads images, one request at a time; after a fork the copy starts a child of its own."""

    def __init__(self, models: Path, max_seconds: int) -> None:
        self._models = models
        self._max_seconds = max_seconds
        self._child: _Child | None = None

    def read(
        self, images: Sequence[Grey], dpi: int, languages: str, segmentation: int
    ) -> list[list[Symbol]]:
        """Return the symbols of each image, left to right.

        Raises:
            RejectedInput: `page_too_slow`, `page_not_recognised`.
            TransientError: `ocr_engine_killed`.
        """
        if not images:
            return []
        request = {
            "languages": languages,
            "segmentation": segmentation,
            "dpi": dpi,
            "shapes": [image.shape for image in images],
        }
        until = time.monotonic() + self._max_seconds
        child = self._started()
        try:
            child.connection.send_bytes(json.dumps(request).encode())
            child.connection.send_bytes(b"".join(image.tobytes() for image in images))
            late = not child.connection.poll(max(until - time.monotonic(), 0))
            answer = None if late else json.loads(child.connection.recv_bytes())
        except (OSError, EOFError):
            status = child.process.wait()
            self._end()
            # `from None`: what went before may hold the page's text.
            if status < 0:
                raise TransientError("ocr_engine_killed", str(-status)) from None
            raise RejectedInput("page_not_recognised") from None
        if answer is None:
            self._end()
            raise RejectedInput("page_too_slow")
        return [
            [Symbol(text.translate(_PRINTED_ALIKE), x0, x1, c / 100) for text, x0, _, x1, _, c in x]
            for x in answer
        ]

    def _started(self) -> "_Child":
        if self._child is not None and self._child.owner != os.getpid():
            self._child.connection.close()
            self._child = None
        if self._child is None:
            self._child = _Child(self._models)
            weakref.finalize(self, _Child.stop, self._child)
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            self._child.stop()
        self._child = None


class _Child:
    def __init__(self, models: Path) -> None:
        self.owner = os.getpid()
        here, there = Pipe()
        with there:
            self.process = subprocess.Popen(
                [sys.executable, "-m", _PROGRAM, str(there.fileno()), str(models)],
                # Without the limit two workers on two cores take 2.5 times as long.
                env={
                    "PYTHONPATH": os.pathsep.join([_ROOT, *sys.path]),
                    "OMP_THREAD_LIMIT": "1",
                    "LANG": "C.UTF-8",
                    **CHILD_ENVIRONMENT,
                },
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self.connection: Connection[Any, Any] = here

    def stop(self) -> None:
        """End the child; in a forked copy of its owner, only let go of it."""
        self.connection.close()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()

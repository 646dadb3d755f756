"""The readers, each run over the same files in a process group of its own and measured there."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.peers import OCRMYPDF, OCRMYPDF_FLAGS, TESSERACT_FLAGS, version_of
from ocr.engine import make_engine
from records.settings import Settings
from records.values import Box, Word

ROOT = Path(__file__).parents[1]
ENGINES = {"ours": "", "our_recognizer": "recognizer", "our_tesseract": "tesseract"}
"""Ways of reading that are ours, and the engine of each; of the first, the one asked for."""

READERS = (*ENGINES, "tesseract", "ocrmypdf")
_FILE_EVERY = 10  # seconds
TITLES = {
    "ours": "ours",
    "our_recognizer": "ours, the recognizer alone",
    "our_tesseract": "ours, Tesseract alone",
    "tesseract": "Tesseract",
    "ocrmypdf": "OCRmyPDF",
}


@dataclass(frozen=True, slots=True)
class PageRead:
    """What a reader made of one page; `rotation` is None where it does not say.

    `cpu` and `peak`: CPU seconds and the largest memory of a process, from the start to here.
    """

    text: str
    failure: str | None
    rotation: int | None
    flags: tuple[str, ...]
    words: tuple[Word, ...]
    cpu: float
    peak: int


@dataclass(frozen=True, slots=True)
class Run:
    """One reader's pages, in the order of the files; `in_turn` in the order in which they came.

    Attributes:
        seconds: wall time from the reader's start to its last page.
        cpu: CPU seconds of all its processes. peak: bytes, of the largest one.
    """

    reader: str
    pages: tuple[PageRead, ...]
    in_turn: tuple[PageRead, ...]
    seconds: float
    cpu: float
    peak: int

    @property
    def pages_a_minute(self) -> float:
        """Pages by wall time."""
        return 60 * len(self.pages) / self.seconds


def run_reader(reader: str, engine: str, files: Sequence[Path], scratch: Path) -> Run:
    """Have a reader read files; the pages done are told on standard error.

    Args:
        reader: one of `READERS`.
        engine: the engine of `ours`.
        files: single-page files.
        scratch: where the reader's programs may put temporary files.

    Raises:
        RuntimeError: the reader ended before it was done.
    """
    own = ENGINES.get(reader)
    module = ["bench.peers", reader] if own is None else ["bench.own_reading", own or engine]
    with subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env=os.environ | {"OMP_THREAD_LIMIT": "1", "TMPDIR": str(scratch)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            return _listen(reader, process, [str(file) for file in files])
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _listen(reader: str, process: "subprocess.Popen[str]", files: Sequence[str]) -> Run:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(files) + "\n")
    process.stdin.flush()
    told = teller(f"{TITLES[reader]} 읽는 중 / reading", len(files))
    by_place: dict[int, PageRead] = {}
    for line in process.stdout:
        answer = json.loads(line)
        if answer.get("end"):
            return Run(
                reader=reader,
                pages=tuple(by_place[place] for place in range(len(files))),
                in_turn=tuple(by_place.values()),
                seconds=answer["seconds"],
                cpu=answer["cpu"],
                peak=answer["peak"],
            )
        by_place[answer["place"]] = PageRead(
            text=answer["text"],
            failure=answer["failure"],
            rotation=answer.get("rotation"),
            flags=tuple(answer.get("flags", ())),
            words=tuple(Word(t, Box(*box), sure) for t, box, sure in answer.get("words", ())),
            cpu=answer["cpu"],
            peak=answer["peak"],
        )
        told(len(by_place))
    raise RuntimeError(f"{reader} ended after {len(by_place)} of {len(files)} pages")


def teller(what: str, total: int) -> Callable[[int], None]:
    """Return a function that tells on standard error how many of `total` are done.

    A terminal is told every page, a file at most every ten seconds.
    """
    is_terminal = sys.stderr.isatty()
    begun = told = time.monotonic()

    def tell(done: int) -> None:
        nonlocal told
        now = time.monotonic()
        if not is_terminal and done != total and now - told < _FILE_EVERY:
            return
        told = now
        rate = 60 * done / max(now - begun, 0.001)
        line = f"{what}: {done}/{total}, {rate:.0f} 쪽/분 pages a minute"
        sys.stderr.write(line + ("\r" if is_terminal and done != total else "\n"))
        sys.stderr.flush()

    return tell


def describe(reader: str, engine: str) -> str:
    """Return a reader's versions and flags, for the page."""
    if reader in ENGINES:
        name = ENGINES[reader] or engine
        version = make_engine(name, Settings().ocr_languages).version
        return f"{TITLES[reader]}: engine `{name}`: {version}; the steps around it are ours"
    if reader == "tesseract":
        return f"{version_of('tesseract')}: `tesseract FILE stdout {' '.join(TESSERACT_FLAGS)}`"
    parts = ", ".join(f"{name} {version_of(name)}" for name in ("unpaper", "gs"))
    flags = " ".join(OCRMYPDF_FLAGS)
    return (
        f"OCRmyPDF {version_of(str(OCRMYPDF))} ({parts}): "
        f"`ocrmypdf {flags} --sidecar TEXT FILE PDF`, the image as it is, two files at a time"
    )

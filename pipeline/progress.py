"""What a person sees while a batch runs: stage, files, pages, pages a minute, time left."""

import sys
import time
from typing import TextIO

from pipeline.work import WorkArea

CHUNKS_WATCHED = 64

STAGES = {
    "register": "접수 register",
    "triage": "분류 triage",
    "read": "판독 read",
    "assemble": "문서 구성 assemble",
    "check": "품질 검사 check",
    "ask_steward": "승인 대기 waiting for a steward",
    "store": "보관 store",
    "index": "색인 index",
    "seal": "봉인 seal",
}


class Progress:
    """Progress on a terminal (one line, renewed) or in a file (a line when something changed)."""

    def __init__(self, out: TextIO = sys.stderr, quiet: bool = False) -> None:
        self._out = out
        self._quiet = quiet
        self._live = out.isatty()
        self._started = time.monotonic()
        self._first: tuple[float, int] | None = None
        self._shown = ""

    def show(self, stage: str, files: int = 0, pages: int = 0, total: int = 0) -> None:
        """Show where the batch stands; rate and time left come from the pages seen so far."""
        if self._quiet:
            return
        now = time.monotonic()
        if total and self._first is None:
            self._first = (now, pages)
        parts = [f"{now - self._started:5.0f}s", STAGES.get(stage, stage)]
        if files:
            parts.append(f"파일 files {files}")
        if total:
            parts.append(f"쪽 pages {pages}/{total}")
            parts.extend(self._rate(now, pages, total))
        self._write("  ".join(parts))

    def _rate(self, now: float, pages: int, total: int) -> list[str]:
        start, first = self._first or (now, pages)
        if pages <= first or now <= start:
            return []
        per_minute = (pages - first) / (now - start) * 60
        left = (total - pages) / per_minute * 60
        return [f"{per_minute:.0f} 쪽/분 pages/min", f"남은 시간 left {left:.0f}s"]

    def _write(self, line: str) -> None:
        if self._live:
            self._out.write(f"\r\x1b[2K{line}")
            self._out.flush()
        elif (now := line.split("s", 1)[1]) != self._shown:
            self._shown = now
            self._out.write(line + "\n")
            self._out.flush()

    def end(self) -> None:
        """Leave the terminal on a line of its own."""
        if self._live and not self._quiet:
            self._out.write("\n")


class PagesDone:
    """How far the reading of a batch is, found out with few looks into the vault.

    Pages of a chunk are read in order and chunks are begun in order, so only the next page of the
    first few unfinished chunks is looked for.
    """

    def __init__(self, work: WorkArea) -> None:
        self._work = work
        self._waiting: list[list[str]] | None = None
        self.files = len(work.batch.files)
        self.total = 0

    def count(self) -> int:
        """Pages read so far; 0, and a total of 0, before triage is done."""
        if self._waiting is None:
            if not self._work.is_triaged():
                return 0
            triaged = self._work.triaged()
            self.total = triaged.count_to_read
            chunks = (self._work.read_chunk(chunk).pages for chunk in triaged.read)
            self._waiting = [[page.id for page in reversed(pages)] for pages in chunks]
        for pages in self._waiting[:CHUNKS_WATCHED]:
            while pages and self._work.has_page(pages[-1]):
                pages.pop()
        self._waiting = [pages for pages in self._waiting if pages]
        return self.total - sum(map(len, self._waiting))

"""Our reading of files, as `giroksil read` does it: `python -m bench.own_reading ENGINE`.

Two worker processes; each keeps its engine and its decoder for all its pages.
"""

import functools
import hashlib
import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

from bench.reader_process import FRONT, WORKERS, Answer, serve
from intake.limits import Limits
from intake.triage import triage
from ocr.engine import OcrEngine, make_engine
from pipeline.page_runs import pages_of, runs_of
from pipeline.reading import Reading, reader_of
from pipeline.stage_results import ReadChunk
from records.ids import file_id
from records.settings import Settings
from records.values import ReceivedFile, Word

_BATCH = "b-bench"


def read_files(engine: str, files: Sequence[str]) -> Iterator[Answer]:
    """Read single-page files; answers come as they are ready."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=spawn) as pool:
        places = {pool.submit(read_file, engine, file): n for n, file in enumerate(files)}
        for done in as_completed(places):
            yield done.result() | {"place": places[done]}


def read_file(engine: str, file: str) -> Answer:
    """Read the one page of a file; the front of its sheet, where there is one, lies beside it."""
    path = Path(file)
    files = [path, *sorted(path.parent.glob(f"{path.stem}{FRONT}.*"))]
    limits = Limits()
    scans, originals = [], {}
    for place, one in enumerate(files):
        data = one.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        id_ = file_id(_BATCH, one.name, digest)
        received = ReceivedFile(id_, one.name, digest, len(data), order=place, listed=True)
        triaged = triage(received, data, _BATCH, limits)
        if not place and triaged.failures:
            return {"text": "", "failure": triaged.failures[0].code}
        scans += [replace(scan, stack_id="") for scan in triaged.scans]
        originals[id_] = data
    pages = list(pages_of(runs_of(scans)))
    reading = Reading(
        limits, _engine(engine), _BATCH, originals.__getitem__, lambda _page, _image: None
    )
    outcome = reader_of(reading, ReadChunk("", tuple(scans), tuple(pages)))(pages[0])
    text = outcome.text
    if text is None:
        failure = outcome.failure.code if outcome.failure else "no text"
        return {"text": "", "failure": failure}
    return {
        "text": text.text,
        "failure": None,
        "rotation": text.rotation,
        "flags": text.flags,
        "words": [_told(word) for line in text.lines for word in line.words],
    }


def _told(word: Word) -> list[object]:
    box = word.box
    return [word.text, (box.x0, box.y0, box.x1, box.y1), word.confidence]


@functools.cache
def _engine(name: str) -> OcrEngine:
    return make_engine(name, Settings().ocr_languages)


if __name__ == "__main__":
    serve(functools.partial(read_files, sys.argv[1]))

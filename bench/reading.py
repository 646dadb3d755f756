"""`make bench-reading`: pages read by us, by Tesseract alone and by OCRmyPDF, in one run.

The same files, cores and number of processes for each; see `bench/reading_pages.py` for the pages,
`bench/text_measures.py` for what is compared.
"""

import argparse
import contextlib
import json
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.peers import OCRMYPDF
from bench.readers import READERS, ROOT, Run, describe, run_reader, teller
from bench.reading_aims import judge_aims
from bench.reading_pages import (
    BLANKS,
    MARKED_BLANKS,
    Order,
    PageFile,
    make_files,
    orders_of_blanks,
    orders_of_text,
)
from bench.reading_scores import ScoredPage, growth_of, score_run
from bench.reading_tables import render_page
from records.settings import Settings

PAGE = ROOT / "docs" / "benchmarks" / "reading.md"
GROWN_PAGES = 1_000
ROUND = 10


def main() -> int:
    """Measure, write the page, print it; 1 where an aim is missed."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with _places(options.keep) as (folder, scratch):
        files = _made(orders_of_text()[: options.pages], folder / "text", "글 있는 쪽 / pages")

        def read(reader: str, of: Sequence[PageFile]) -> Run:
            return run_reader(reader, options.engine, [file.path for file in of], scratch)

        runs = {reader: read(reader, files) for reader in options.readers}
        scored = {reader: score_run(files, run) for reader, run in runs.items()}
        if options.keep:
            for reader, pages in scored.items():
                _write_lines(folder / f"{reader}.jsonl", [_kept(page) for page in pages])
        blanks = marked = None
        growth = []
        if "ours" in runs:
            empty = _blanks(folder, options.pages, marked=False)
            blanks = read("ours", empty)
            faint = _blanks(folder, options.pages, marked=True)
            marked = read("ours", faint)
            if options.keep:
                kept = [_kept(page) for page in score_run(empty, blanks) + score_run(faint, marked)]
                _write_lines(folder / "blanks.jsonl", kept)
        if "ours" in runs and options.growth:
            once = files[:ROUND]
            times = GROWN_PAGES // len(once) + 1
            growth = growth_of(read("ours", once * times), len(once))
    aims = judge_aims(scored, runs, blanks, marked, growth)
    readers = [describe(reader, options.engine) for reader in runs]
    page = render_page(files, scored, runs, aims, growth, readers)
    if options.to:
        options.to.parent.mkdir(parents=True, exist_ok=True)
        options.to.write_text(page, "utf-8")
    sys.stdout.write(page)
    return 1 if any(aim.met is False for aim in aims) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.reading", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--pages", type=int, help="a quick look at so many pages")
    parser.add_argument("--readers", default=",".join(READERS), help="default: %(default)s")
    parser.add_argument("--engine", default=Settings().ocr_engine, help="ours; %(default)s")
    parser.add_argument(
        "--to", type=Path, help=f"default: {PAGE.relative_to(ROOT)}; a part is only printed"
    )
    parser.add_argument("--keep", type=Path, help="keep files and results, page by page, here")
    parser.add_argument(
        "--growth", action="store_true", help=f"ours over {GROWN_PAGES:,} pages besides"
    )
    options = parser.parse_args()
    options.readers = options.readers.split(",")
    if unknown := set(options.readers) - set(READERS):
        parser.error(f"no such reader: {', '.join(unknown)}; there are {', '.join(READERS)}")
    if options.pages is not None and options.pages < 1:
        parser.error("--pages must be at least 1")
    if "ocrmypdf" in options.readers and not OCRMYPDF.is_file():
        parser.error("OCRmyPDF is not installed: infra/setup.sh bench")
    if options.to is None and options.pages is None and set(options.readers) == set(READERS):
        options.to = PAGE
    return options


@contextlib.contextmanager
def _places(keep: Path | None) -> Iterator[tuple[Path, Path]]:
    """Give the folder of the pages, kept or not, and one for the programs' temporary files."""
    with tempfile.TemporaryDirectory(prefix="giroksil-bench-") as temporary:
        scratch = Path(temporary) / "scratch"
        scratch.mkdir()
        yield keep or Path(temporary) / "pages", scratch


def _made(orders: Sequence[Order], folder: Path, what: str) -> list[PageFile]:
    told = teller(f"{what} 만드는 중 / being made", len(orders))
    files = []
    for file in make_files(orders, folder):
        files.append(file)
        told(len(files))
    return files


def _blanks(folder: Path, pages: int | None, *, marked: bool) -> list[PageFile]:
    count = min(MARKED_BLANKS if marked else BLANKS, pages or BLANKS)
    what = "흔적 하나 있는 백지 / marked blanks" if marked else "백지 / blanks"
    place = folder / ("marked" if marked else "blank")
    return _made(orders_of_blanks(count, marked=marked), place, what)


def _write_lines(path: Path, values: Sequence[dict[str, object]]) -> None:
    lines = [json.dumps(value, ensure_ascii=False) for value in values]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _kept(page: ScoredPage) -> dict[str, object]:
    """Return what is kept of a page, for looking at errors; its file lies beside."""
    truth = page.file.truth
    return {
        "file": f"{page.file.path.parent.name}/{page.file.path.name}",
        "kind": truth.kind,
        "layout": truth.layout,
        "level": truth.level,
        "faults": truth.faults,
        "rotation": truth.rotation,
        "rotation_read": page.read.rotation,
        "flags_read": page.read.flags,
        "failure": page.read.failure,
        "errors": page.score.errors.share,
        "errors_spaced": page.score.errors_spaced.share,
        "bag_errors": page.score.bag_errors.share,
        "exact": {name: (count.hits, count.of) for name, count in page.score.exact.items()},
        "truth": truth.text,
        "read": page.read.text,
    }


if __name__ == "__main__":
    sys.exit(main())

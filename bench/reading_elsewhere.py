"""Korean lines and pages that nobody here made, read by ours and by Tesseract.

`python -m bench.reading_elsewhere --to docs/benchmarks/reading-elsewhere.md`: line images whose
file name is their text (shared material A03), and the pages of a born-digital report, drawn at 300
dpi and read by their look (A01). Tesseract gets each of several settings; its best one counts.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image

from bench.peers import version_of
from bench.text_measures import TextScore, score_text
from ocr.engine import make_engine
from ocr.imaging.pixels import Grey
from ocr.reading import read_page
from records.ids import page_id, scan_id
from records.settings import Settings
from records.values import PageImage

_MATERIAL = Path(__file__).parents[2] / "shared" / "material"
_LINES = _MATERIAL / "A03" / "data" / "generator" / "TextRecognitionDataGenerator" / "out"
_PAGES = _MATERIAL / "A01" / "tests" / "data" / "pdf" / "sources" / "normal_4pages.pdf"
_DPI = 300
_OURS = ("combined", "recognizer", "tesseract")
_LANGUAGES = ("kor", "kor+eng", "Hangul", "Hangul+eng")
_ENLARGED = (1, 2)
_LINE_MODES = (7, 13)  # a single line; a raw line
_PAGE_MODES = (3, 4, 6)
Scores = dict[str, list[TextScore]]


def main() -> int:
    """Read, and write the page.

    Raises:
        FileNotFoundError: the shared material is not there.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, help="file for the results, else standard output")
    to = parser.parse_args().to
    if not _MATERIAL.is_dir():
        raise FileNotFoundError(f"no shared material: {_MATERIAL}")
    page = "\n".join(_page(_read_lines(), _read_pages())) + "\n"
    if to:
        to.write_text(page, "utf-8")
    else:
        sys.stdout.write(page)
    return 0


def _read_lines() -> dict[str, Scores]:
    """Return the scores of each kind of line by reader."""
    files = sorted(_LINES.glob("*/*.jpg"))
    kinds = [file.parent.name for file in files]
    truths = [file.stem.rsplit("_", 1)[0] for file in files]
    images = [_grey(Image.open(file)) for file in files]
    scores: dict[str, Scores] = defaultdict(lambda: defaultdict(list))

    def note(reader: str, texts: Sequence[str]) -> None:
        _tell(reader)
        for kind, truth, text in zip(kinds, truths, texts, strict=True):
            score = score_text(truth, text)
            scores[kind][reader].append(score)
            scores["all"][reader].append(score)

    for name in _OURS:
        found = make_engine(name, Settings().ocr_languages).recognise(images, _DPI)
        note(f"ours, {name}", [" ".join(word.text for word in words) for words in found])
    for reader, flags, scale in _settings(_LINE_MODES, _ENLARGED):
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            note(reader, list(pool.map(partial(_line_by_tesseract, flags, scale), images)))
    return scores


def _read_pages() -> Scores:
    """Return the scores of the report's pages by reader; its text layer is the truth."""
    document = pypdfium2.PdfDocument(_PAGES)
    images: list[Grey] = []
    truths: list[str] = []
    for sheet in document:
        images.append(np.asarray(sheet.render(scale=_DPI / 72, grayscale=True).to_numpy()))
        truths.append(sheet.get_textpage().get_text_bounded())
    document.close()
    scores: Scores = {}
    for name in _OURS:
        engine = make_engine(name, Settings().ocr_languages)
        read = [read_page(_as_page(image, n), engine).text.text for n, image in enumerate(images)]
        scores[f"ours, {name}"] = _scored(truths, read)
        _tell(f"ours, {name}")
    for reader, flags, _ in _settings(_PAGE_MODES, (1,)):
        scores[reader] = _scored(truths, [_by_tesseract(image, flags) for image in images])
        _tell(reader)
    return scores


def _scored(truths: Sequence[str], read: Sequence[str]) -> list[TextScore]:
    return [score_text(truth, text) for truth, text in zip(truths, read, strict=True)]


def _settings(
    modes: Sequence[int], scales: Sequence[int]
) -> Iterator[tuple[str, tuple[str, ...], int]]:
    for languages in _LANGUAGES:
        for mode in modes:
            for scale in scales:
                larger = f", {scale} times as large" if scale > 1 else ""
                name = f"Tesseract, {languages}, mode {mode}{larger}"
                yield name, ("-l", languages, "--psm", str(mode)), scale


def _line_by_tesseract(flags: Sequence[str], scale: int, image: Grey) -> str:
    return _by_tesseract(_scaled(image, scale), flags)


def _by_tesseract(image: Grey, flags: Sequence[str]) -> str:
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        Image.fromarray(image).save(file.name, dpi=(_DPI, _DPI))
        done = subprocess.run(
            ["tesseract", file.name, "stdout", *flags],
            check=False,
            capture_output=True,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        )
    return done.stdout.decode("utf-8", "replace")


def _grey(image: Image.Image) -> Grey:
    return np.asarray(image.convert("L"))


def _scaled(image: Grey, scale: int) -> Grey:
    size = (image.shape[1] * scale, image.shape[0] * scale)
    return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC))


def _as_page(image: Grey, index: int) -> PageImage:
    height, width = image.shape
    id_ = page_id(scan_id("elsewhere", None), index)
    return PageImage(id_, width, height, "L", _DPI, np.ascontiguousarray(image).tobytes())


def _tell(reader: str) -> None:
    sys.stderr.write(f"{reader} ✓\n")


def _page(lines: dict[str, Scores], pages: Scores) -> Iterator[str]:
    yield "# Lines and pages that nobody here made"
    yield ""
    yield f"`python -m bench.reading_elsewhere`; {version_of('tesseract')}."
    yield "Character errors without spaces; of Tesseract the setting that errs least of all tried"
    yield f"({', '.join(_LANGUAGES)}; modes {_LINE_MODES} and {_PAGE_MODES}; lines also enlarged)."
    yield ""
    yield f"## {len(next(iter(lines['all'].values())))} images of single lines (A03)"
    yield ""
    yield from _table({kind: lines[kind] for kind in sorted(lines)}, lines["all"])
    yield ""
    yield f"## {len(next(iter(pages.values())))} pages of a report at {_DPI} dpi (A01)"
    yield ""
    yield "Against its text layer; the order of a page with figures is no matter of right or wrong."
    yield ""
    yield from _table({"pages": pages}, pages)
    yield ""
    yield from _table({"in any order": pages}, pages, in_any_order=True)


def _table(
    groups: dict[str, Scores], chosen_by: Scores, *, in_any_order: bool = False
) -> Iterator[str]:
    peers = [reader for reader in chosen_by if reader.startswith("Tesseract")]
    best = min(peers, key=lambda reader: _errors(chosen_by[reader], in_any_order=in_any_order))
    readers = [*(reader for reader in chosen_by if reader not in peers), best]
    yield f"| | {' | '.join(readers)} |"
    yield f"|{' --- |' * (len(readers) + 1)}"
    for name, scores in groups.items():
        shares = (_errors(scores[reader], in_any_order=in_any_order) for reader in readers)
        yield f"| {name} | {' | '.join(f'{share:.3f}' for share in shares)} |"


def _errors(scores: Sequence[TextScore], *, in_any_order: bool) -> float:
    counts = [score.bag_errors if in_any_order else score.errors for score in scores]
    return sum(count.hits for count in counts) / sum(count.of for count in counts)


if __name__ == "__main__":
    sys.exit(main())

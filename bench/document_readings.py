"""The made stacks as our reader reads them, kept on disk so that a reading can be judged again."""

import io
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from bench.document_stacks import Stack, make_stack
from ocr.engine import OcrEngine
from ocr.reading import read_page
from records.codec import decode, encode
from records.ids import page_id, scan_id
from records.values import Institution, Line, PageImage, PageText, Word
from tests.makers.files import jpeg_bytes
from tests.makers.pages import MadePage
from tests.makers.parts import Part
from tests.makers.people import Clinic
from tests.makers.truth import PageTruth

_JPEG_QUALITY = {"mild": 82, "medium": 58}


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One page as read, and what is true of it; `copy`: a second scan of the page before it."""

    text: PageText
    truth: PageTruth
    copy: bool = False

    @property
    def begins(self) -> bool:
        """Whether a document begins here."""
        return not self.aside and self.truth.starts_document

    @property
    def aside(self) -> bool:
        """Whether the page is of no document: a blank side or a second scan."""
        return self.copy or self.truth.kind == "blank"


@dataclass(frozen=True, slots=True)
class ReadStack:
    """One stack as read; `cpu_seconds` is what reading took."""

    seed: int
    institution: Institution
    pages: tuple[ReadPage, ...]
    cpu_seconds: float = 0.0


def read_stack(seed: int, part: Part, engine: OcrEngine, keep: Path | None) -> ReadStack:
    """Make and read a stack; one that `keep` holds from an earlier run is taken from there."""
    kept = None if keep is None else keep / f"{part}-{seed}.json"
    if kept is not None and kept.is_file():
        return decode(ReadStack, kept.read_bytes())
    stack = make_stack(seed, part)
    begun = time.process_time() + children()
    pages = tuple(
        ReadPage(read_page(image_of(page.made, id_), engine).text, page.truth, page.copy)
        for page, id_ in zip(stack.pages, _ids(stack), strict=True)
        if page.made is not None
    )
    read = ReadStack(seed, place_of(stack.clinic), pages, time.process_time() + children() - begun)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(encode(read))
    return read


def clean_stack(seed: int, part: Part) -> ReadStack:
    """Return a stack as if every word had been read as it is printed; nothing is scanned.

    Second scans are flagged as such: without a picture nobody can see that they are.
    """
    stack = make_stack(seed, part, clean=True)
    pages = []
    for page, id_ in zip(stack.pages, _ids(stack), strict=True):
        text = as_printed(page.truth, id_)
        if page.copy:
            text = replace(text, flags=(*text.flags, "duplicate"))
        pages.append(ReadPage(text, page.truth, page.copy))
    return ReadStack(seed, place_of(stack.clinic), tuple(pages))


def true_stack(read: ReadStack) -> ReadStack:
    """Return the same stack as if every word had been read as it is printed, in its place."""
    pages = tuple(
        ReadPage(as_printed(page.truth, page.text.page_id, page.text.look), page.truth, page.copy)
        for page in read.pages
    )
    return ReadStack(read.seed, read.institution, pages)


def as_printed(truth: PageTruth, id_: str, look: str = "") -> PageText:
    """Return a page as if every word had been read as it is printed."""
    return PageText(
        page_id=id_,
        width=truth.width,
        height=truth.height,
        dpi=truth.dpi,
        rotation=truth.rotation,
        skew=0.0,
        lines=tuple(
            Line(tuple(Word(word.text, word.box) for word in line.words)) for line in truth.lines
        ),
        flags=tuple(flag for flag in truth.flags if flag in {"blank", "separator"}),
        look=look,
    )


def image_of(made: MadePage, id_: str) -> PageImage:
    """Return a page as decoded from the JPEG that a scanner makes of it."""
    data = jpeg_bytes(made, _JPEG_QUALITY[made.truth.level])
    with Image.open(io.BytesIO(data)) as picture:
        image = picture if picture.mode in {"L", "RGB"} else picture.convert("L")
        pixels = np.asarray(image)
        mode = image.mode
    height, width = pixels.shape[:2]
    return PageImage(id_, width, height, mode, made.truth.tagged_dpi, pixels.tobytes())


def _ids(stack: Stack) -> Iterator[str]:
    scan = scan_id(f"stack {stack.seed}", None)
    return (page_id(scan, index) for index in range(len(stack.pages)))


def place_of(clinic: Clinic) -> Institution:
    """Return a made clinic as the institution whose records are read."""
    return Institution(clinic.code, clinic.name, clinic.opened, clinic.closed)


def children() -> float:
    """CPU seconds of ended child processes."""
    times = os.times()
    return times.children_user + times.children_system

"""One document as one PDF: its pages as received, our words invisibly over them; PDF/A-2.

See `docs/formats/searchable-pdf.md`. Pages are taken one after another and put aside in files
without a name, so that memory does not grow with their number.
"""

import contextlib
import io
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, cast

import pikepdf
from pikepdf import Array, Dictionary, Name, pdfa

from ocr import invisible_text
from ocr.glyphless_font import Alphabet
from ocr.shared_streams import SharedStreams
from records.values import Box, Line, PageText, Word

FLAVOUR = "2b"
CREATOR = "Giroksil 기록실"

_PART_BYTES = 32 * 1024 * 1024
_ABSENT = "[이 쪽을 담지 못했습니다. This page could not be included.]"
_A4 = (595.28, 841.89)


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One page to be bound: its PDF of one page, or None where it could not be made.

    `own_text`: its own text is believed, no words are laid over it. `how` it was made: image,
    page, cleared (a PDF's page without its words) or drawn (a PDF's page as pixels).
    `conforming`: it may stand in a PDF/A-2.
    """

    text: PageText
    pdf: bytes | None
    own_text: bool = False
    how: str = "image"
    conforming: bool = True


@dataclass(frozen=True, slots=True)
class About:
    """What the PDF says of itself: the document's kind and ids; nothing of a person."""

    title: str
    document: str
    batch: str


@dataclass(frozen=True, slots=True)
class Bound:
    """What became of a document: how many pages, which of them in what way, PDF/A or not."""

    pages: int = 0
    cleared: tuple[int, ...] = ()
    drawn: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    conforming: bool = True
    only_ours: bool = True
    engines: tuple[str, ...] = ()

    def and_one(self, page: SheetPage) -> "Bound":
        """Count one page more."""
        number = self.pages + 1
        engine = page.text.engine
        new = engine and page.pdf is not None and engine not in self.engines
        return replace(
            self,
            pages=number,
            cleared=(*self.cleared, number) if page.how == "cleared" else self.cleared,
            drawn=(*self.drawn, number) if page.how == "drawn" else self.drawn,
            absent=(*self.absent, number) if page.pdf is None else self.absent,
            conforming=self.conforming and page.conforming,
            only_ours=self.only_ours and not page.own_text,
            engines=(*self.engines, engine) if new else self.engines,
        )


def bind(to: Path, about: About, pages: Iterable[SheetPage]) -> Bound:
    """Write a document's PDF; the file is there whole or not at all. Same pages, same bytes.

    A page without a PDF becomes a crossed-out sheet, so that no page is missing silently.
    """
    bound = Bound()
    with contextlib.ExitStack() as stack:
        aside: list[BinaryIO] = []
        part = _Part()
        for page in pages:
            if part.size >= _PART_BYTES:
                aside.append(part.put_aside(stack, to.parent))
                part = _Part()
            part.add(page)
            bound = bound.and_one(page)
        if aside:
            aside.append(part.put_aside(stack, to.parent))
            whole = _joined(aside)
        else:
            part.give_font()
            whole = part.pdf
        _write(whole, to, about, bound)
    return bound


def _joined(parts: Iterable[BinaryIO]) -> pikepdf.Pdf:
    """Return the pages of all parts in one PDF, read from their files as it is written.

    qpdf's own job does that; pages appended with pikepdf are held in memory.
    """
    names = [f"/proc/self/fd/{part.fileno()}" for part in parts]
    ranges = [word for name in names for word in (name, "1-z")]
    return pikepdf.Job(["qpdf", "--empty", "--pages", *ranges, "--", os.devnull]).create_pdf()


class _Part:
    """Some pages in a row, with the font of their words."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()
        self.size = 0
        self._alphabet = Alphabet()
        self._fonts: list[pikepdf.Object] = []
        self._shared = SharedStreams()

    def add(self, page: SheetPage) -> None:
        text = page.text
        if page.pdf is None:
            text = self._add_absent(text)
        else:
            self.size += len(page.pdf)
            with pikepdf.open(io.BytesIO(page.pdf)) as single:
                self.pdf.pages.append(single.pages[0])
            self._shared.share(self.pdf.pages[-1].obj)
        added = self.pdf.pages[-1]
        rotate = (int(added.obj.get(Name.Rotate, 0)) - text.rotation) % 360
        added.obj[Name.Rotate] = rotate
        if text.lines and not page.own_text:
            left, bottom, right, top = (float(side) for side in added.cropbox)
            words = invisible_text.content(text, (left, bottom, right, top), rotate, self._alphabet)
            # Before the page's own content: that may leave the axes turned, this does not.
            added.contents_add(self.pdf.make_stream(words), prepend=True)
            self._fonts.append(self._own_fonts(added))

    def _own_fonts(self, page: pikepdf.Page) -> pikepdf.Object:
        """Return the page's dictionary of fonts, made its own."""
        resources = _copy(page.obj, Name.Resources)
        resources[Name.Font] = _copy(resources, Name.Font)
        page.obj[Name.Resources] = self.pdf.make_indirect(resources)
        return page.obj[Name.Resources][Name.Font]

    def _add_absent(self, text: PageText) -> PageText:
        width, height = _A4
        cross = f"0.7 G 2 w 0 0 m {width} {height} l S 0 {height} m {width} 0 l S"
        self.pdf.add_blank_page(page_size=_A4)
        self.pdf.pages[-1].obj[Name.Contents] = self.pdf.make_stream(cross.encode())
        self.pdf.pages[-1].obj[Name.CropBox] = Array([0, 0, *_A4])
        words = tuple(
            Word(word, Box(40 + 70 * place, 400, 105 + 70 * place, 412))
            for place, word in enumerate(_ABSENT.split())
        )
        return replace(
            text, width=round(width), height=round(height), rotation=0, skew=0.0,
            lines=(Line(words),),
        )  # fmt: skip

    def give_font(self) -> None:
        """Put the font where the pages look for it, now that all its characters are known."""
        font = self._alphabet.font(self.pdf) if self._fonts else None
        for fonts in self._fonts:
            fonts[Name("/" + invisible_text.FONT)] = font

    def put_aside(self, stack: contextlib.ExitStack, folder: Path) -> BinaryIO:
        """Write the part into a file without a name, which is gone when it is closed."""
        self.give_font()
        file = cast(BinaryIO, stack.enter_context(tempfile.TemporaryFile(dir=folder)))  # noqa: SIM115
        self.pdf.save(file, **_settings())
        file.flush()
        return file


def _write(pdf: pikepdf.Pdf, to: Path, about: About, bound: Bound) -> None:
    _describe(pdf, about, bound)
    partial = to.with_name(f".{to.name}.partial")
    try:
        with partial.open("wb") as file:
            pdf.save(file, **_settings())
            file.flush()
            os.fsync(file.fileno())
        partial.replace(to)
    finally:
        partial.unlink(missing_ok=True)


def _copy(owner: pikepdf.Object, key: Name) -> Dictionary:
    """Return a dictionary like the one under a key; an empty one where there is none."""
    return Dictionary(dict(owner[key].items())) if key in owner else Dictionary()


def _settings() -> dict[str, Any]:
    return pdfa.resolve_save_kwargs(FLAVOUR, deterministic_id=True)


def _describe(pdf: pikepdf.Pdf, about: About, bound: Bound) -> None:
    """Say what the document is, and that it is PDF/A where it is; no date, no person."""
    pdfa.prepare(pdf, FLAVOUR)
    notes = [f"document {about.document}", f"batch {about.batch}"]
    notes += [f"text by {', '.join(bound.engines)}"] if bound.engines else []
    notes += [
        f"{what}: {', '.join(map(str, numbers))}"
        for what, numbers in (
            ("pages whose hidden words were taken out", bound.cleared),
            ("pages drawn as pixels", bound.drawn),
            ("pages that could not be included", bound.absent),
        )
        if numbers
    ]
    producer = f"pikepdf {pikepdf.__version__}"
    del pdf.Root.Metadata
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as told:
        told["dc:title"] = about.title
        told["dc:description"] = "; ".join(notes)
        told["dc:identifier"] = about.document
        told["dc:source"] = about.batch
        told["xmp:CreatorTool"] = CREATOR
        told["pdf:Producer"] = producer
        if bound.conforming:
            told["pdfaid:part"] = FLAVOUR[0]
            told["pdfaid:conformance"] = "U" if bound.only_ours else "B"
    pdf.docinfo = pdf.make_indirect(
        Dictionary(
            Title=about.title,
            Subject="; ".join(notes),
            Creator=CREATOR,
            Producer=producer,
        )
    )
    pdf.Root.Lang = pikepdf.String("ko-KR")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)

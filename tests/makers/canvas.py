"""One drawing surface with two backends: pixels, and a PDF page with a real text layer.

Lengths are millimetres from the top left corner, type sizes are points.
Every text drawn is recorded with its box: what is drawn is what is true.
"""

import itertools
import re
from io import BytesIO
from typing import Protocol

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas as ReportlabCanvas

from records.values import Box
from tests.makers.fonts import FAMILIES, Face, raster_font
from tests.makers.truth import TruthLine, TruthWord

MM_PER_INCH = 25.4


def stacking(face: Face) -> float:
    """Distance in millimetres of two letters that stand one under another."""
    return face.size * MM_PER_INCH / 72 * 1.12


class Canvas(Protocol):
    """A page to draw on. `lines` is the page's truth so far, in the order drawn."""

    width: float
    height: float

    def begin_line(self) -> None:
        """Start a new line of truth; texts drawn until the next call belong to it."""

    def text(self, x: float, y: float, text: str, face: Face, *, grey: int = 0) -> None:
        """Draw a text with its left end at `x` and its baseline at `y`; record its words."""

    def stack(self, x: float, y: float, text: str, face: Face) -> None:
        """Draw letters one under another, centred on `x`, the first baseline at `y`: one word."""

    def ornament(self, x: float, y: float, letters: str, face: Face) -> None:
        """Draw letters that say nothing, such as a line of `=====`; nothing is recorded."""

    def rule(self, x0: float, y0: float, x1: float, y1: float, weight: float = 0.2) -> None:
        """Draw a straight line, `weight` millimetres wide."""

    def dashes(self, x0: float, x1: float, y: float, *, dotted: bool = False) -> None:
        """Draw a dashed or dotted horizontal line."""

    def fill(self, x0: float, y0: float, x1: float, y1: float, grey: int) -> None:
        """Fill a rectangle with a grey, 0 black to 255 white."""

    @property
    def lines(self) -> tuple[TruthLine, ...]:
        """The lines drawn, empty ones left out."""


class _Record:
    """The words drawn so far, line by line."""

    def __init__(self) -> None:
        self._lines: list[list[TruthWord]] = []

    def begin_line(self) -> None:
        self._lines.append([])

    def add(self, text: str, box: Box) -> None:
        if not self._lines:
            self._lines.append([])
        self._lines[-1].append(TruthWord(text, box))

    @property
    def lines(self) -> tuple[TruthLine, ...]:
        return tuple(TruthLine(tuple(words)) for words in self._lines if words)


class RasterCanvas:
    """A grey page of pixels at a resolution."""

    def __init__(self, width: float, height: float, dpi: int = 300) -> None:
        self.width, self.height, self.dpi = width, height, dpi
        self.image = Image.new("L", (self._px(width), self._px(height)), 255)
        self._draw = ImageDraw.Draw(self.image)
        self._record = _Record()

    def _px(self, length: float) -> int:
        return round(length * self.dpi / MM_PER_INCH)

    @property
    def lines(self) -> tuple[TruthLine, ...]:
        """See `Canvas.lines`; boxes are pixels of this page."""
        return self._record.lines

    def begin_line(self) -> None:
        """See `Canvas.begin_line`."""
        self._record.begin_line()

    def text(self, x: float, y: float, text: str, face: Face, *, grey: int = 0) -> None:
        """See `Canvas.text`."""
        scale = self.dpi / MM_PER_INCH
        for match in re.finditer(r"\S+", text):
            left, base = x + face.width(text[: match.start()]), y * scale
            at = left
            for letter in match.group():  # one by one: the font's hinted advances add up to a space
                own = self._font(face.having(letter))
                self._draw.text((at * scale, base), letter, fill=grey, font=own, anchor="ls")
                at += face.width(letter)
            runs = itertools.groupby(match.group(), face.having)  # a fallback's letters differ
            boxes = [
                self._draw.textbbox((0, base), "".join(run), font=self._font(own), anchor="ls")
                for own, run in runs
            ]
            top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
            edges = (left * scale, top, at * scale, bottom)
            self._record.add(match.group(), Box(*(round(edge) for edge in edges)))

    def stack(self, x: float, y: float, text: str, face: Face) -> None:
        """See `Canvas.stack`."""
        font, scale = self._font(face), self.dpi / MM_PER_INCH
        boxes = []
        for number, letter in enumerate(text):
            at = ((x - face.width(letter) / 2) * scale, (y + number * stacking(face)) * scale)
            self._draw.text(at, letter, fill=0, font=font, anchor="ls")
            boxes.append(self._draw.textbbox(at, letter, font=font, anchor="ls"))
        sides = list(zip(*boxes, strict=True))
        edges = (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3]))
        self._record.add(text, Box(*(round(edge) for edge in edges)))

    def ornament(self, x: float, y: float, letters: str, face: Face) -> None:
        """See `Canvas.ornament`."""
        font, scale = self._font(face), self.dpi / MM_PER_INCH
        for letter in letters:
            self._draw.text((x * scale, y * scale), letter, fill=0, font=font, anchor="ls")
            x += face.width(letter)

    def _font(self, face: Face) -> ImageFont.FreeTypeFont:
        return raster_font(face.family, face.bold, face.size * self.dpi / 72)

    def rule(self, x0: float, y0: float, x1: float, y1: float, weight: float = 0.2) -> None:
        """See `Canvas.rule`."""
        ends = (self._px(x0), self._px(y0), self._px(x1), self._px(y1))
        self._draw.line(ends, fill=0, width=max(1, self._px(weight)))

    def dashes(self, x0: float, x1: float, y: float, *, dotted: bool = False) -> None:
        """See `Canvas.dashes`."""
        dash, gap = (0.2, 0.6) if dotted else (1.6, 1.0)
        while x0 < x1:
            self.rule(x0, y, min(x0 + dash, x1), y, 0.2)
            x0 += dash + gap

    def fill(self, x0: float, y0: float, x1: float, y1: float, grey: int) -> None:
        """See `Canvas.fill`."""
        corners = (self._px(x0), self._px(y0), self._px(x1), self._px(y1))
        self._draw.rectangle(corners, fill=grey)


class SketchCanvas:
    """A page that draws nothing: for counting the pages a document will need."""

    lines: tuple[TruthLine, ...] = ()

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height

    def begin_line(self) -> None:
        """Do nothing."""

    def text(self, x: float, y: float, text: str, face: Face, *, grey: int = 0) -> None:
        """Do nothing."""

    def stack(self, x: float, y: float, text: str, face: Face) -> None:
        """Do nothing."""

    def ornament(self, x: float, y: float, letters: str, face: Face) -> None:
        """Do nothing."""

    def rule(self, x0: float, y0: float, x1: float, y1: float, weight: float = 0.2) -> None:
        """Do nothing."""

    def dashes(self, x0: float, x1: float, y: float, *, dotted: bool = False) -> None:
        """Do nothing."""

    def fill(self, x0: float, y0: float, x1: float, y1: float, grey: int) -> None:
        """Do nothing."""


class WordCanvas(SketchCanvas):
    """A page without pixels that records its words, with boxes as if rendered at `dpi`."""

    def __init__(self, width: float, height: float, dpi: int = 300) -> None:
        super().__init__(width, height)
        self.dpi = dpi
        self._record = _Record()

    @property
    def lines(self) -> tuple[TruthLine, ...]:  # type: ignore[override]
        """See `Canvas.lines`."""
        return self._record.lines

    def begin_line(self) -> None:
        """See `Canvas.begin_line`."""
        self._record.begin_line()

    def text(self, x: float, y: float, text: str, face: Face, *, grey: int = 0) -> None:
        """See `Canvas.text`."""
        del grey
        tall = face.size * MM_PER_INCH / 72
        for match in re.finditer(r"\S+", text):
            left = x + face.width(text[: match.start()])
            self._add(match.group(), left, y, face.width(match.group()), y + 0.15 * tall, tall)

    def stack(self, x: float, y: float, text: str, face: Face) -> None:
        """See `Canvas.stack`."""
        tall = face.size * MM_PER_INCH / 72
        bottom = y + (len(text) - 1) * stacking(face) + 0.15 * tall
        self._add(text, x - tall / 2, y, tall, bottom, tall)

    def _add(
        self, text: str, left: float, y: float, wide: float, bottom: float, tall: float
    ) -> None:
        edges = (left, y - 0.85 * tall, left + wide, bottom)
        self._record.add(text, Box(*(round(edge * self.dpi / MM_PER_INCH) for edge in edges)))


class PdfBook:
    """A PDF being written: pages of any size, one embedded font per face, no time stamps."""

    def __init__(self) -> None:
        self._buffer = BytesIO()
        self._pdf = ReportlabCanvas(self._buffer, invariant=1, pageCompression=1)
        self._open = False

    def page(self, width: float, height: float) -> "PdfCanvas":
        """Start the next page."""
        if self._open:
            self._pdf.showPage()
        self._open = True
        self._pdf.setPageSize((width * 72 / MM_PER_INCH, height * 72 / MM_PER_INCH))
        return PdfCanvas(self._pdf, width, height)

    def picture(self, jpeg: bytes, dpi: int) -> None:
        """Add a page that is nothing but a scanned picture, its JPEG bytes kept as they are."""
        picture = ImageReader(BytesIO(jpeg))
        width, height = (side * MM_PER_INCH / dpi for side in picture.getSize())
        self.page(width, height)
        self._pdf.drawImage(picture, 0, 0, width * 72 / MM_PER_INCH, height * 72 / MM_PER_INCH)

    def close(self) -> bytes:
        """Return the finished file."""
        self._pdf.save()
        return self._buffer.getvalue()


class PdfCanvas:
    """A PDF page with a text layer; boxes are pixels as if rendered at `dpi`."""

    def __init__(self, pdf: ReportlabCanvas, width: float, height: float, dpi: int = 300) -> None:
        self.width, self.height, self.dpi = width, height, dpi
        self._pdf = pdf
        self._record = _Record()

    def _pt(self, x: float, y: float) -> tuple[float, float]:
        return x * 72 / MM_PER_INCH, (self.height - y) * 72 / MM_PER_INCH

    @property
    def lines(self) -> tuple[TruthLine, ...]:
        """See `Canvas.lines`."""
        return self._record.lines

    def begin_line(self) -> None:
        """See `Canvas.begin_line`."""
        self._record.begin_line()

    def text(self, x: float, y: float, text: str, face: Face, *, grey: int = 0) -> None:
        """See `Canvas.text`."""
        self._write(x, y, text, face, grey)
        tall = face.size * MM_PER_INCH / 72
        for match in re.finditer(r"\S+", text):
            left = x + face.width(text[: match.start()])
            edges = (left, y - 0.85 * tall, left + face.width(match.group()), y + 0.15 * tall)
            scaled = (round(edge * self.dpi / MM_PER_INCH) for edge in edges)
            self._record.add(match.group(), Box(*scaled))

    def stack(self, x: float, y: float, text: str, face: Face) -> None:
        """See `Canvas.stack`."""
        tall, step = face.size * MM_PER_INCH / 72, stacking(face)
        for number, letter in enumerate(text):
            self._write(x - face.width(letter) / 2, y + number * step, letter, face)
        bottom = y + (len(text) - 1) * step + 0.15 * tall
        edges = (x - tall / 2, y - 0.85 * tall, x + tall / 2, bottom)
        self._record.add(text, Box(*(round(edge * self.dpi / MM_PER_INCH) for edge in edges)))

    def ornament(self, x: float, y: float, letters: str, face: Face) -> None:
        """See `Canvas.ornament`."""
        self._write(x, y, letters, face)

    def _write(self, x: float, y: float, text: str, face: Face, grey: int = 0) -> None:
        for own, run in itertools.groupby(text, face.having):
            letters = "".join(run)
            self._pdf.setFont(_embedded(own), own.size)
            self._pdf.setFillGray(grey / 255)
            self._pdf.drawString(*self._pt(x, y), letters)
            x += face.width(letters)

    def rule(self, x0: float, y0: float, x1: float, y1: float, weight: float = 0.2) -> None:
        """See `Canvas.rule`."""
        self._pdf.setLineWidth(weight * 72 / MM_PER_INCH)
        self._pdf.line(*self._pt(x0, y0), *self._pt(x1, y1))

    def dashes(self, x0: float, x1: float, y: float, *, dotted: bool = False) -> None:
        """See `Canvas.dashes`."""
        self._pdf.setDash(*((0.6, 1.7) if dotted else (4, 3)))
        self.rule(x0, y, x1, y)
        self._pdf.setDash()

    def fill(self, x0: float, y0: float, x1: float, y1: float, grey: int) -> None:
        """See `Canvas.fill`."""
        self._pdf.setFillGray(grey / 255)
        left, bottom = self._pt(x0, y1)
        right, top = self._pt(x1, y0)
        self._pdf.rect(left, bottom, right - left, top - bottom, stroke=0, fill=1)


def _embedded(face: Face) -> str:
    name = f"{face.family}-{'bold' if face.bold else 'regular'}"
    if not FAMILIES[face.family].embeddable:
        raise ValueError(f"font {face.family} cannot be embedded; choose a TrueType family")
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, str(face.path), subfontIndex=0))
    return name

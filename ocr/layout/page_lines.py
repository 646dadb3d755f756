"""The lines of a prepared page, cut out for the engine and put back in reading order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocr.imaging.pixels import Grey, Mask
from ocr.imaging.rules import Rules, sides_of
from ocr.layout.cells import find_cells
from ocr.layout.gutters import find_gutters
from ocr.layout.lines import find_lines
from ocr.layout.reading_order import Row, reading_order
from records.values import Box, Line, Word

_PADDING_INCHES = 0.02  # cut to the ink, Tesseract misreads half as much again


@dataclass(frozen=True, slots=True)
class PageLines:
    """A page's lines: `images` in no order, `corners` where each lies, `rows` their order."""

    images: tuple[Grey, ...]
    corners: tuple[tuple[int, int], ...]
    rows: tuple[Row, ...]

    def in_order(self, words: Sequence[tuple[Word, ...]]) -> list[Line]:
        """Return what was read of each image as lines of the page, in reading order."""
        placed = [
            tuple(_moved(word, *corner) for word in own)
            for own, corner in zip(words, self.corners, strict=True)
        ]
        joined = (tuple(word for place in row for word in placed[place]) for row in self.rows)
        return [Line(row) for row in joined if row]


def page_lines(page: Grey, rules: Rules, shaded: Mask, dpi: int) -> PageLines:
    """Find the lines of a straightened page.

    Args:
        page: dark text on white, its rules painted out.
        rules: these rules.
        shaded: where the page stood on ground darker than paper.
        dpi: of the page.
    """
    cells = find_cells(rules, dpi)
    found = find_lines(page, rules, cells, dpi)
    padding = round(_PADDING_INCHES * dpi)
    cut = [found.image_of(line, page, padding) for line in found.lines]
    areas = [line.area for line in found.lines]
    gutters = find_gutters(rules, sides_of(shaded, dpi), areas, dpi)
    return PageLines(
        images=tuple(image for image, _, _ in cut),
        corners=tuple((x, y) for _, x, y in cut),
        rows=tuple(reading_order(areas, cells, gutters)),
    )


def _moved(word: Word, x: int, y: int) -> Word:
    box = word.box
    return replace(word, box=Box(box.x0 + x, box.y0 + y, box.x1 + x, box.y1 + y))

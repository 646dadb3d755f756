"""The lines of a prepared page, cut out for the engine and put back in reading order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocr.imaging.pixels import Grey, Mask
from ocr.imaging.rules import Rules, sides_of
from ocr.layout.boxes import Area
from ocr.layout.cells import Cells, find_cells
from ocr.layout.dividers import find_dividers
from ocr.layout.gutters import find_gutters
from ocr.layout.lines import find_lines
from ocr.layout.reading_order import reading_order
from ocr.layout.small_tables import beside_small_tables
from records.values import Box, Line, Word

_PADDING_INCHES = 0.02  # cut to the ink, Tesseract misreads half as much again


@dataclass(frozen=True, slots=True)
class PageLines:
    """A page's lines, in no order.

    Attributes:
        images: what is to be read.
        corners: left and top of each image.
        areas: where each line stands.
        cells: of the page.
        rules: of the page.
        shading: the sides of its shaded areas.
        dpi: of the page.
    """

    images: tuple[Grey, ...]
    corners: tuple[tuple[int, int], ...]
    areas: tuple[Area, ...]
    cells: Cells
    rules: Rules
    shading: Rules
    dpi: int

    def in_order(self, words: Sequence[Sequence[Word]]) -> list[Line]:
        """Return what was read of each image as lines of the page, in reading order.

        An image of which nothing was read is no line: grain, a fold, a stroke. It parts nothing.
        """
        said = [place for place, own in enumerate(words) if own]
        areas = [self.areas[place] for place in said]
        gutters = find_gutters(self.rules, self.shading, self.cells, areas, self.dpi)
        gutters += find_dividers(self.rules, self.cells, areas, self.dpi)
        gutters += beside_small_tables(self.cells, areas, self.dpi)
        rows = reading_order(areas, self.cells, gutters)
        placed = [
            tuple(_moved(word, *self.corners[place]) for word in words[place]) for place in said
        ]
        return [Line(tuple(word for place in row for word in placed[place])) for row in rows]


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
    return PageLines(
        images=tuple(image for image, _, _ in cut),
        corners=tuple((x, y) for _, x, y in cut),
        areas=tuple(line.area for line in found.lines),
        cells=cells,
        rules=rules,
        shading=sides_of(shaded, dpi),
        dpi=dpi,
    )


def _moved(word: Word, x: int, y: int) -> Word:
    box = word.box
    return replace(word, box=Box(box.x0 + x, box.y0 + y, box.x1 + x, box.y1 + y))

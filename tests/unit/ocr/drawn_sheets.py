"""Sheets drawn for one test: print, tables, and what the layout finds on them."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ocr.imaging.pixels import Grey
from ocr.imaging.rules import find_rules, without_rules
from ocr.layout.boxes import Area
from ocr.layout.page_lines import PageLines, page_lines
from records.values import Box, Word

DPI = 300
_FONT = "/usr/share/fonts/truetype/nanum/NanumGothic.ttf"


def blank_sheet() -> Image.Image:
    """White, of 8 by 11 inches."""
    return Image.new("L", (2400, 3300), 255)


def write(sheet: Image.Image, x: int, y: int, text: str, size: int = 42) -> None:
    """Print a line in black at its left upper corner; size in pixels."""
    ImageDraw.Draw(sheet).text((x, y), text, 0, ImageFont.truetype(_FONT, size))


def draw_table(sheet: Image.Image, xs: list[int], ys: list[int]) -> None:
    """Draw every rule from the first to the last of the others."""
    draw = ImageDraw.Draw(sheet)
    for x in xs:
        draw.line([(x, ys[0]), (x, ys[-1])], 0, 3)
    for y in ys:
        draw.line([(xs[0], y), (xs[-1], y)], 0, 3)


def lines_of(page: Grey) -> list[Area]:
    """Return the lines of a page in reading order."""
    rules = find_rules(page, DPI)
    cut = page_lines(without_rules(page, rules, DPI), rules, np.zeros_like(page), DPI)
    return in_order(cut, [True] * len(cut.images))


def in_order(cut: PageLines, said: Sequence[bool]) -> list[Area]:
    """Return where the lines stand of which something was read, in reading order."""
    words = [
        (Word("가", Box(a.x0 - x, a.y0 - y, a.x1 - x, a.y1 - y), None),) if one else ()
        for a, (x, y), one in zip(cut.areas, cut.corners, said, strict=True)
    ]
    boxes = (word.box for line in cut.in_order(words) for word in line.words)
    return [Area(box.x0, box.y0, box.x1, box.y1) for box in boxes]

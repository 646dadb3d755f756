"""Sheets drawn for one test: print, tables, and what the layout finds on them."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ocr.imaging.pixels import Grey
from ocr.imaging.rules import find_rules, sides_of, without_rules
from ocr.layout.boxes import Area
from ocr.layout.cells import find_cells
from ocr.layout.gutters import find_gutters
from ocr.layout.lines import find_lines
from ocr.layout.reading_order import reading_order

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
    cells = find_cells(rules, DPI)
    found = find_lines(without_rules(page, rules, DPI), rules, cells, DPI)
    areas = [line.area for line in found.lines]
    unshaded = sides_of(np.zeros_like(page), DPI)
    order = reading_order(areas, cells, find_gutters(rules, unshaded, areas, DPI))
    return [found.lines[place].area for row in order for place in row]

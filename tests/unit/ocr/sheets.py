"""Small drawn sheets for the flags: marks, stains, pens, codes, cut pages; all seeded."""

import itertools

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image, ImageDraw

from tests.makers.fonts import raster_font
from tests.makers.pages import make_page
from tests.makers.scans import Level, Sheet, choose_faults, scan

Pixels = npt.NDArray[np.uint8]
Rng = np.random.Generator
A4 = (3508, 2480)
PENCIL, BLUE_PEN, RED_STAMP = (214, 214, 214), (96, 112, 190), (236, 170, 172)


def plain(dpi: int = 300) -> Pixels:
    """An A4 sheet of white paper."""
    height, width = (round(side * dpi / 300) for side in A4)
    return np.full((height, width, 3), 252, np.uint8)


def scanned(pixels: Pixels, level: Level, seed: str, dpi: int = 300) -> Pixels:
    """The sheet as a scanner gives it at a level."""
    faults = [
        name for name in choose_faults(level, seed, sealed=False) if not name.endswith("stamp")
    ]
    return scan(Sheet(pixels, dpi, np.eye(2, 3)), faults, level, seed).pixels


def stained(pixels: Pixels, rng: Rng) -> Pixels:
    """A few broad pale stains, as coffee and damp leave; their rims are soft."""
    stains = np.zeros(pixels.shape[:2], np.float32)
    height, width = stains.shape
    for _ in range(int(rng.integers(1, 4))):
        centre = (int(rng.uniform(0.1, 0.9) * width), int(rng.uniform(0.1, 0.9) * height))
        axes = tuple(int(size) for size in rng.uniform(0.04, 0.15, 2) * width)
        cv2.ellipse(stains, centre, axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
    soft = cv2.GaussianBlur(stains, (0, 0), width / 80)[:, :, None]
    return (pixels - soft * np.array((4, 7, 14))).clip(0, 255).astype(np.uint8)


def shown_through(pixels: Pixels, seed: int, strength: float) -> Pixels:
    """The print of the other side, mirrored, blurred and pale."""
    back = make_page("medical_record", None, seed, "clean")[0].image.convert("L")
    height, width = pixels.shape[:2]
    ghost = cv2.flip(cv2.resize(np.asarray(back), (width, height)), 1)
    pale = (255 - cv2.GaussianBlur(ghost, (0, 0), width / 400).astype(np.float32)) * strength
    return (pixels - pale[:, :, None]).clip(0, 255).astype(np.uint8)


def blank(seed: int, dpi: int = 300) -> Pixels:
    """A sheet on which nothing is: grain, folds, holes, borders, stains, the back's print."""
    rng = np.random.default_rng([seed, 1])
    sheet = plain(dpi)
    if seed % 3 == 1:
        sheet = stained(sheet, rng)
    if seed % 6 == 2:
        sheet = shown_through(sheet, seed, float(rng.uniform(0.006, 0.014)))
    level: Level = ("mild", "medium")[seed % 2]  # type: ignore[assignment]
    return scanned(sheet, level, f"blank/{seed}", dpi)


def marked(seed: int, dpi: int = 300) -> Pixels:
    """A sheet with one faint mark: pencil, pen dot, stamp's edge, or one small figure."""
    rng = np.random.default_rng([seed, 2])
    sheet = plain(dpi)
    height, width = sheet.shape[:2]
    x, y = int(rng.uniform(0.15, 0.8) * width), int(rng.uniform(0.1, 0.9) * height)
    inch = dpi
    match seed % 5:
        case 0:  # a pencil's stroke
            end = (x + int(rng.uniform(0.3, 0.8) * inch), y + int(rng.uniform(-0.3, 0.3) * inch))
            cv2.line(sheet, (x, y), end, PENCIL, max(round(0.014 * inch), 1), cv2.LINE_AA)
        case 1:  # a pen put down
            cv2.circle(sheet, (x, y), max(round(0.02 * inch), 2), BLUE_PEN, -1, cv2.LINE_AA)
        case 2:  # part of a stamp's ring
            start = float(rng.uniform(0, 270))
            axes = (round(0.35 * inch), round(0.35 * inch))
            thick = max(round(0.025 * inch), 1)
            cv2.ellipse(sheet, (x, y), axes, 0, start, start + 80, RED_STAMP, thick, cv2.LINE_AA)
        case 3:  # a small figure, as page numbers are
            write(sheet, (x, y), str(int(rng.integers(1, 10))), 8, (70, 70, 70), dpi)
        case _:  # a tick in pencil
            points = np.array([(x, y), (x + 25, y + 30), (x + 70, y - 45)]) * [1, 1]
            scaled = ((points - (x, y)) * dpi / 300 + (x, y)).astype(np.int32)
            thick = max(round(0.014 * inch), 1)
            cv2.polylines(sheet, [scaled], False, PENCIL, thick, cv2.LINE_AA)
    level: Level = ("mild", "medium")[seed % 2]  # type: ignore[assignment]
    return scanned(sheet, level, f"marked/{seed}", dpi)


def write(
    pixels: Pixels,
    at: tuple[int, int],
    text: str,
    points: float,
    colour: tuple[int, int, int],
    dpi: int = 300,
) -> None:
    """Print a text on a sheet, in place."""
    font = raster_font("nanum_gothic", False, points * dpi / 72)
    image = Image.fromarray(pixels)
    ImageDraw.Draw(image).text(at, text, fill=colour, font=font)
    pixels[:] = np.asarray(image)


def scrawled(pixels: Pixels, seed: int, colour: tuple[int, int, int], dpi: int = 300) -> Pixels:
    """A page, signed: one running stroke of 1.2 inches, thick and thin, at a seeded place."""
    rng = np.random.default_rng([seed, 3])
    signed = pixels.copy() if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)
    height, width = signed.shape[:2]
    count = int(rng.integers(7, 12))
    wide, high = 1.2 * dpi, 0.42 * dpi
    xs = np.linspace(0, wide, count) + rng.normal(0, wide / count, count)
    ys = np.where(np.arange(count) % 2, 0, high) + rng.normal(0, high / 6, count)
    corners = np.stack([xs, ys], axis=1)
    corners += (rng.uniform(0.1, 0.6) * width, rng.uniform(0.1, 0.85) * height)
    path = _smooth(corners)
    for place, (start, end) in enumerate(itertools.pairwise(path)):
        thick = max(round(dpi * 0.02 * (0.6 + 0.6 * abs(np.sin(place / 23)))), 1)
        ends = (tuple(map(int, start)), tuple(map(int, end)))
        cv2.line(signed, *ends, colour, thick, cv2.LINE_AA)
    return signed


def _smooth(corners: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A Catmull-Rom curve through points."""
    padded = np.vstack([corners[:1], corners, corners[-1:]])
    steps = np.linspace(0, 1, 40, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        curve = 2 * b + (c - a) * steps + (2 * a - 5 * b + 4 * c - d) * steps**2
        parts.append(0.5 * (curve + (3 * b - a - 3 * c + d) * steps**3))
    return np.vstack(parts)


def stamped(pixels: Pixels, seed: int, colour: tuple[int, int, int]) -> Pixels:
    """A page with a round name seal and a boxed date stamp in one colour."""
    rng = np.random.default_rng([seed, 4])
    page = pixels.copy() if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)
    height, width = page.shape[:2]
    x, y = int(rng.uniform(0.1, 0.6) * width), int(rng.uniform(0.1, 0.8) * height)
    cv2.circle(page, (x, y), 90, colour, 8, cv2.LINE_AA)
    write(page, (x - 62, y - 66), "홍길", 14, colour)
    write(page, (x - 62, y + 2), "동인", 14, colour)
    cv2.rectangle(page, (x + 200, y), (x + 560, y + 150), colour, 6)
    write(page, (x + 225, y + 10), "2019.03.05", 13, colour)
    write(page, (x + 225, y + 80), "원본대조필", 13, colour)
    return page


def code(text: str, kind: str, width: int, height: int) -> Pixels:
    """A bar code of this many pixels, black on white."""
    made = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(kind))
    modules = np.array(made.to_image(scale=1, add_hrt=False, add_quiet_zones=False))
    return np.asarray(
        cv2.resize(modules, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8
    )


def patch(wide: tuple[bool, bool, bool, bool], dpi: int = 300) -> Pixels:
    """Four bars, three inches long, each wide or narrow."""
    narrow = round(0.08 * dpi)
    length = 3 * dpi
    rows = []
    for bar in wide:
        rows.append(np.zeros((round(0.2 * dpi) if bar else narrow, length), np.uint8))
        rows.append(np.full((narrow, length), 255, np.uint8))
    return np.vstack(rows[:-1])


def with_code(pixels: Pixels, drawn: Pixels, at: tuple[int, int], lines: int = 3) -> Pixels:
    """A sheet with a code at (x, y) and some lines of print."""
    sheet = pixels.copy()
    x, y = at
    sheet[y : y + drawn.shape[0], x : x + drawn.shape[1]] = drawn[:, :, None]
    for line in range(lines):
        write(sheet, (400, 300 + 80 * line), "기록실 다음 문서 0012", 14, (10, 10, 10))
    return sheet

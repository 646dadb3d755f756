"""What is wrong with the print or was put on it: ribbon, toner, heat, seals, pens."""

import cv2
import numpy as np

from tests.makers.sheet import Pixels, Rng, Sheet

RED = (196, 38, 44)
BLUE = (40, 62, 160)


def red_seal(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Press a round or square name seal over the signature."""
    width, height = sheet.size
    x, y = sheet.seal_at or (round(width * 0.72), round(height * 0.86))
    size = sheet.px(float(rng.uniform(13, 17)))
    mask = np.zeros((size, size), np.uint8)
    middle, thick = size // 2, sheet.px(0.7)
    if rng.random() < 0.6:
        cv2.circle(mask, (middle, middle), middle - thick, 255, thick, cv2.LINE_AA)
    else:
        cv2.rectangle(mask, (thick, thick), (size - thick, size - thick), 255, thick)
    for _ in range(9):  # strokes in the manner of seal script
        a, b = rng.integers(size // 4, size * 3 // 4, 2)
        length = int(size * rng.uniform(0.12, 0.3))
        end = (int(a), int(b) + length) if rng.random() < 0.5 else (int(a) + length, int(b))
        cv2.line(mask, (int(a), int(b)), end, 255, thick, cv2.LINE_AA)
    return stamp(sheet, mask, (x - middle, y - middle), RED, 0.45 + 0.12 * step)


def blue_stamp(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Press a boxed date stamp near the upper right corner, without letters."""
    width, _ = sheet.size
    wide, tall, thick = sheet.px(30), sheet.px(11), sheet.px(0.6)
    mask = np.zeros((tall, wide), np.uint8)
    cv2.rectangle(mask, (thick, thick), (wide - thick, tall - thick), 255, thick)
    cv2.line(mask, (thick, tall // 2), (wide - thick, tall // 2), 255, max(1, thick // 2))
    at = (width - wide - sheet.px(float(rng.uniform(12, 30))), sheet.px(float(rng.uniform(4, 9))))
    return stamp(sheet, mask, at, BLUE, 0.5 + 0.12 * step)


def stamp(
    sheet: Sheet, mask: Pixels, at: tuple[int, int], ink: tuple[int, int, int], strength: float
) -> Sheet:
    """Press a mask's shape into the paper in an ink, with a strength from 0 to 1."""
    pixels = sheet.in_colour().pixels
    width, height = sheet.size
    left = min(max(at[0], 0), width - mask.shape[1])
    top = min(max(at[1], 0), height - mask.shape[0])
    region = pixels[top : top + mask.shape[0], left : left + mask.shape[1]].astype(np.float32)
    cover = (mask / 255 * min(strength, 0.95))[:, :, None]
    shade = region * np.array(ink, np.float32) / 255
    inked = region * (1 - cover) + shade * cover
    bottom, right = top + mask.shape[0], left + mask.shape[1]
    pixels[top:bottom, left:right] = inked.astype(np.uint8)
    return sheet.painted(pixels)


def dot_matrix(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Set the print in dots, 180, 140 or 115 an inch, its ribbon uneven from line to line."""
    width, height = sheet.size
    pitch = sheet.dpi / (180, 180, 140, 115)[step]  # pixels a dot; 115 is 16 dots in 10 points
    size = (int(width / pitch) + 1, int(height / pitch) + 1)
    ink = cv2.copyMakeBorder(255 - sheet.in_grey(), 0, 8, 0, 8, cv2.BORDER_REPLICATE)
    reach = round(size[0] * pitch), round(size[1] * pitch)
    needles = cv2.resize(ink[: reach[1], : reach[0]], size, interpolation=cv2.INTER_AREA)
    struck = np.clip((needles / 255 - 0.3) * 4, 0, 1).astype(np.float32)
    struck *= rng.uniform((0.9, 0.9, 0.75, 0.6)[step], 1, struck.shape)
    columns, rows = np.arange(width) / pitch, np.arange(height) / pitch
    away = np.hypot(columns % 1 - 0.5, (rows % 1 - 0.5)[:, None])
    dots = np.clip(((0.66, 0.66, 0.6, 0.55)[step] - away) * pitch + 0.5, 0, 1)
    every = sheet.px(4.2)
    bands = rng.uniform((0.85, 0.85, 0.7, 0.55)[step], 1.0, height // every + 2)
    ribbon = np.interp(np.arange(height), np.arange(len(bands)) * every, bands)[:, None]
    worn = np.linspace(1.0, float(rng.uniform(0.8, 1.0)), width)
    struck_dots = struck[rows.astype(int)][:, columns.astype(int)] * dots * ribbon * worn
    return sheet.painted(255 * (1 - cv2.GaussianBlur(struck_dots, (0, 0), 0.5)))


def thermal_fade(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Fade the print of heat-sensitive paper unevenly to about 60, 44 or 33 percent; grey paper.

    Medium and severe are `faded`.
    """
    width, height = sheet.size
    patches = rng.uniform(0.75, 1.2, (7, 5)).astype(np.float32)
    patches *= np.linspace(1, float(rng.uniform(0.8, 1)), 7, dtype=np.float32)[:, None]
    kept = cv2.resize(patches, (width, height), interpolation=cv2.INTER_CUBIC)
    kept = np.clip(kept * (0.6, 0.6, 0.44, 0.33)[step], 0.26, 1)
    paper = (244, 244, 234, 222)[step] - 5 * cv2.GaussianBlur(patches, (0, 0), 1).mean()
    if sheet.pixels.ndim == 3:
        kept = kept[:, :, None]
    faded = paper - (255 - sheet.pixels.astype(np.float32)) * kept * paper / 255
    done = sheet.painted(faded)
    return done.flagged("faded") if step >= 2 else done


def toner_streaks(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Pale bands where toner ran out and thin dirty lines where the drum is scratched."""
    width, height = sheet.size
    kept = np.ones(width, np.float32)
    for _ in range((1, 1, 2, 4)[step]):
        x, wide = int(rng.integers(0, width)), sheet.px(float(rng.uniform(2, 7)))
        shape = np.exp(-(((np.arange(width) - x) / wide) ** 2))
        kept *= 1 - shape * (0.4, 0.4, 0.55, 0.68)[step]
    dirt = np.zeros((height, width), np.float32)
    for _ in range((1, 1, 3, 5)[step]):
        x, top = int(rng.integers(0, width)), int(rng.integers(0, height // 2))
        reach = slice(top, top + int(rng.integers(height // 5, height)))
        dirt[reach, x : x + sheet.px(0.2)] = rng.uniform(30, 60 + 30 * step)
    rows = kept[None, :]
    if sheet.pixels.ndim == 3:
        rows, dirt = rows[:, :, None], dirt[:, :, None]
    ink = (255 - sheet.pixels.astype(np.float32)) * rows
    return sheet.painted(255 - ink - dirt)

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

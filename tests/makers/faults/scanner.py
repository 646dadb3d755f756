"""What a scanner does: it is crooked, dirty, noisy, coarse, and misses an edge."""

import cv2
import numpy as np

from tests.makers.sheet import Projection, Rng, Sheet, at_dpi, follow


def skew(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Turn by up to 0.6, 1.8 or 3.2 degrees; the paper's size stays."""
    angle = float(rng.uniform(0.25, 1) * (0.6, 0.6, 1.8, 3.2)[step] * rng.choice((-1, 1)))
    width, height = sheet.size
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    pixels = cv2.warpAffine(
        sheet.pixels, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=sheet.paper
    )
    whole = Projection(np.vstack([turn, (0, 0, 1)]))
    return sheet.moved(pixels, whole, skew=sheet.skew + angle)


def gaussian_noise(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Add sensor noise of 3, 8 or 16 grey levels."""
    grain = rng.standard_normal((512, 512), dtype=np.float32) * (3, 3, 8, 16)[step]
    width, height = sheet.size
    tiles = np.tile(grain, (height // 512 + 1, width // 512 + 1))[:height, :width]
    noise = np.rint(tiles).astype(np.int16)
    if sheet.pixels.ndim == 3:
        noise = noise[:, :, None]
    return sheet.painted(sheet.pixels.astype(np.int16) + noise)


def speckle(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Scatter black and white specks of one to three pixels."""
    width, height = sheet.size
    pixels = sheet.pixels.copy()
    for colour in (0, 255):
        count = round(width * height * (2e-5, 2e-5, 8e-5, 3e-4)[step])
        xs, ys = rng.integers(0, width - 3, count), rng.integers(0, height - 3, count)
        reach = rng.integers(1, 4, count)
        for dx in range(3):
            for dy in range(3):
                kept = (reach > dx) & (reach > dy)
                pixels[ys[kept] + dy, xs[kept] + dx] = colour
    return sheet.painted(pixels)


def blur(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Soften by 0.5, 0.9 or 1.5 pixels at 300 dpi."""
    sigma = (0.5, 0.5, 0.9, 1.5)[step] * sheet.dpi / 300 * float(rng.uniform(0.8, 1.1))
    return sheet.painted(cv2.GaussianBlur(sheet.pixels, (0, 0), sigma))


def borders(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Darken one to three edges, where the lid was open, up to 3, 5 or 7 millimetres deep."""
    pixels = sheet.pixels.copy()
    width, height = sheet.size
    for edge in rng.choice(4, size=int(rng.integers(1, 4)), replace=False):
        depth = sheet.px(float(rng.uniform(1.0, (3, 3, 5, 7)[step])))
        dark = int(rng.integers(8, 60))
        region = (
            (slice(0, depth), slice(None)),
            (slice(height - depth, None), slice(None)),
            (slice(None), slice(0, depth)),
            (slice(None), slice(width - depth, None)),
        )[edge]
        pixels[region] = dark
    return sheet.painted(pixels)


def uneven_light(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Shade the sheet from one corner to the other, down to 92, 82 or 68 percent."""
    width, height = sheet.size
    least = (0.92, 0.92, 0.82, 0.68)[step]
    corners = rng.permutation(np.array([[1.0, (1 + least) / 2], [(1 + least) / 2, least]]).ravel())
    light = cv2.resize(
        corners.reshape(2, 2).astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR
    )
    if sheet.pixels.ndim == 3:
        light = light[:, :, None]
    return sheet.painted(sheet.pixels * light)


def dust_streak(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Thin lines from top to bottom, where dust lay on the feeder's glass."""
    pixels = sheet.pixels.astype(np.int16)
    width, _ = sheet.size
    for _ in range(int(rng.integers(1, step + 2))):
        x, wide = int(rng.integers(20, width - 20)), int(rng.integers(1, 2 + step))
        pixels[:, x : x + wide] -= int(rng.integers(40, 60 + 40 * step))
    return sheet.painted(pixels)


def low_resolution(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Scan at 200 dpi."""
    del rng, step
    return at_dpi(sheet, 200)


def coarse(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Scan at 150, 120 or 96 dpi; below 150 it is `low_resolution`."""
    del rng
    dpi = min(sheet.dpi, (150, 150, 120, 96)[step])
    scanned = at_dpi(sheet, dpi)
    return scanned.flagged("low_resolution") if dpi < 150 else scanned


def cut_off(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Lose one edge and up to 3, 8 or 16 millimetres of the print at it; `cut_off`.

    The sheet lay off the glass and the file is smaller, or it slid and a strip beside it is seen.
    """
    width, height = sheet.size
    boxes = [follow(word, sheet) for word in sheet.words]
    if not boxes:
        return sheet
    edge = int(rng.integers(4))
    margins = (
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        width - max(box.x1 for box in boxes),
        height - max(box.y1 for box in boxes),
    )
    lost = max(0, margins[edge]) + sheet.px((3, 3, 8, 16)[step] * float(rng.uniform(0.5, 1)))
    dx, dy = ((-lost, 0), (0, -lost), (lost, 0), (0, lost))[edge]
    photographed = any(fault == "perspective" for fault in sheet.faults)
    if photographed or rng.random() < 0.5:
        kept = sheet.pixels[max(0, -dy) : height - max(0, dy), max(0, -dx) : width - max(0, dx)]
        shift = Projection(np.array([[1.0, 0, min(dx, 0)], [0, 1.0, min(dy, 0)], [0, 0, 1]]))
        return sheet.moved(np.ascontiguousarray(kept), shift).flagged("cut_off")
    shift = Projection(np.array([[1.0, 0, dx], [0, 1.0, dy], [0, 0, 1]]))
    beside = int(rng.choice((20, 60, 255)))
    slid = cv2.warpAffine(
        sheet.pixels, shift.matrix[:2], (width, height), borderValue=(beside,) * 3
    )
    return sheet.moved(slid, shift).flagged("cut_off")

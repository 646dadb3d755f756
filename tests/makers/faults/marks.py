"""What a person puts on a printed page: pen strokes, circles, underlines, a highlighter."""

import cv2
import numpy as np
import numpy.typing as npt

from records.values import Box
from tests.makers.sheet import Rng, Sheet, follow

_INKS = ((32, 52, 150), (24, 40, 120), (28, 28, 32), (40, 40, 44))
_COLOURS = ((250, 240, 90), (255, 190, 210), (170, 240, 170), (255, 215, 140))
Strokes = list[npt.NDArray[np.float64]]


def pen_marks(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Circles, underlines, ticks and a scribbled note in blue or black; `handwriting`."""
    ink = _INKS[int(rng.integers(len(_INKS)))]
    mask = np.zeros(sheet.size[::-1], np.uint8)
    thick = sheet.px(float(rng.uniform(0.3, 0.5)))
    for number in range((2, 2, 5, 10)[step]):
        box = _some_word(sheet, rng)
        kinds = (_circle, _underline, _tick, _note, _bracket)
        for stroke in kinds[number % len(kinds)](sheet, box, rng):
            points = np.round(stroke * 8).astype(np.int32)
            cv2.polylines(mask, [points], False, 255, thick, cv2.LINE_AA, 3)
    return _inked(sheet, mask, ink, 0.88).flagged("handwriting")


def highlighter(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Bands of bright ink over one, three or six runs of words."""
    pixels = sheet.in_colour().pixels.astype(np.float32)
    colour = np.array(_COLOURS[int(rng.integers(len(_COLOURS)))], np.float32) / 255
    width, height = sheet.size
    cover = np.zeros((height, width), np.float32)
    for _ in range((1, 1, 3, 6)[step]):
        box = _some_word(sheet, rng)
        long = sheet.px(float(rng.uniform(18, 60)))
        slope = float(rng.uniform(-0.02, 0.02)) * long
        middle, tall = (box.y0 + box.y1) / 2, max(box.y1 - box.y0, sheet.px(3)) * 1.25
        corners = (
            (box.x0 - 4, middle - tall / 2),
            (box.x0 + long, middle - tall / 2 + slope),
            (box.x0 + long, middle + tall / 2 + slope),
            (box.x0 - 4, middle + tall / 2),
        )
        band = np.zeros((height, width), np.uint8)
        cv2.fillPoly(band, [np.round(np.array(corners)).astype(np.int32)], 1, cv2.LINE_AA)
        cover = np.maximum(cover, band * float(rng.uniform(0.7, 1.0)))
    return sheet.painted(pixels * (1 - cover[:, :, None] * (1 - colour)))


def _some_word(sheet: Sheet, rng: Rng) -> Box:
    if sheet.words:
        return follow(sheet.words[int(rng.integers(len(sheet.words)))], sheet)
    width, height = sheet.size
    x, y = rng.integers(width // 8, width * 7 // 8), rng.integers(height // 8, height * 7 // 8)
    return Box(int(x), int(y), int(x) + sheet.px(12), int(y) + sheet.px(4))


def _inked(
    sheet: Sheet, mask: npt.NDArray[np.uint8], ink: tuple[int, ...], strength: float
) -> Sheet:
    pixels = sheet.in_colour().pixels.astype(np.float32)
    cover = (cv2.GaussianBlur(mask, (0, 0), 0.6) / 255 * strength)[:, :, None]
    return sheet.painted(pixels * (1 - cover) + np.array(ink, np.float32) * cover)


def _wobble(points: npt.NDArray[np.float64], rng: Rng, reach: float) -> npt.NDArray[np.float64]:
    steps = rng.normal(0, reach, points.shape)
    return np.asarray(points + cv2.GaussianBlur(steps, (1, 5), 1.2), np.float64)


def _circle(sheet: Sheet, box: Box, rng: Rng) -> Strokes:
    turn = np.linspace(0, 2 * np.pi * float(rng.uniform(1.02, 1.25)), 60) + rng.uniform(0, 6)
    wide = (box.x1 - box.x0) / 2 + sheet.px(2.5)
    tall = (box.y1 - box.y0) / 2 + sheet.px(1.6)
    x = (box.x0 + box.x1) / 2 + wide * np.cos(turn) * np.linspace(1, 1.08, 60)
    y = (box.y0 + box.y1) / 2 + tall * np.sin(turn) * np.linspace(1, 1.12, 60)
    return [_wobble(np.column_stack([x, y]), rng, sheet.px(0.25))]


def _underline(sheet: Sheet, box: Box, rng: Rng) -> Strokes:
    long = max(box.x1 - box.x0, sheet.px(float(rng.uniform(12, 40))))
    x = np.linspace(box.x0 - sheet.px(1), box.x0 + long, 24)
    y = box.y1 + sheet.px(0.5) + np.linspace(0, rng.uniform(-1, 1) * sheet.px(1.2), 24)
    return [_wobble(np.column_stack([x, y]), rng, sheet.px(0.18))]


def _tick(sheet: Sheet, box: Box, rng: Rng) -> Strokes:
    size = sheet.px(float(rng.uniform(3, 6)))
    x, y = box.x0 - sheet.px(float(rng.uniform(2, 5))), (box.y0 + box.y1) / 2
    corners = np.array([(x - size / 2, y), (x, y + size / 2), (x + size, y - size)])
    at = np.linspace(0, 2, 20)
    points = np.column_stack([np.interp(at, (0, 1, 2), corners[:, n]) for n in (0, 1)])
    return [_wobble(points, rng, sheet.px(0.2))]


def _bracket(sheet: Sheet, box: Box, rng: Rng) -> Strokes:
    x, tall = box.x0 - sheet.px(3), sheet.px(float(rng.uniform(8, 22)))
    y = np.linspace(box.y0 - sheet.px(1), box.y0 + tall, 40)
    bow = np.sin(np.linspace(0, np.pi, 40)) * sheet.px(2)
    return [_wobble(np.column_stack([x - bow, y]), rng, sheet.px(0.2))]


def _note(sheet: Sheet, box: Box, rng: Rng) -> Strokes:
    """Some words of a hand that nobody can read, where the page near the word is emptiest."""
    size = sheet.px(float(rng.uniform(3.5, 5.5)))
    words = [int(rng.integers(2, 5)) for _ in range(int(rng.integers(2, 4)))]
    wide = size * (0.85 * sum(words) + 0.6 * len(words))
    x, y = _empty_place(sheet, box, (wide, size), rng)
    strokes: Strokes = []
    for letters in words:
        for _ in range(letters):
            for _ in range(int(rng.integers(1, 3))):
                knots = rng.uniform(0, 1, (4, 2)) * (size * 0.8, size) + (x, y - size)
                at = np.linspace(0, 3, 22)
                curve = np.column_stack([np.interp(at, range(4), knots[:, n]) for n in (0, 1)])
                strokes.append(np.asarray(cv2.GaussianBlur(curve, (1, 7), 2.0), np.float64))
            x += size * 0.85
        x += size * 0.6
    return strokes


def _empty_place(
    sheet: Sheet, box: Box, size: tuple[float, float], rng: Rng
) -> tuple[float, float]:
    """Of some places around a word, the left end of a base line that covers fewest words."""
    width, height = sheet.size
    boxes = [follow(word, sheet) for word in sheet.words]
    best, least = (0.0, 0.0), len(boxes) + 1
    for _ in range(12):
        x = float(np.clip(box.x0 + rng.normal(0, width / 4), 0, max(0.0, width - size[0])))
        y = float(np.clip(box.y0 + rng.normal(0, height / 12), size[1], height - 1))
        covered = sum(
            b.x0 < x + size[0] and x < b.x1 and b.y0 < y and y - size[1] < b.y1 for b in boxes
        )
        if covered < least:
            best, least = (x, y), covered
    return best

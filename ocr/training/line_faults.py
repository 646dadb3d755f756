"""What happens to a line between the press and the recognizer, its page already cleaned."""

import random
from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Noise = np.random.Generator
Fault = Callable[[Grey, random.Random, Noise], Grey]


def worn(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    """Return a line (dark on white) with none to many faults, in the order they happen."""
    if rng.random() < 0.15:
        return line
    severe = rng.choice((0.6, 1.0, 1.0, 1.7))
    for share, fault in _FAULTS:
        if rng.random() < share * severe:
            line = fault(line, rng, noise)
    return line


def _height(line: Grey) -> float:
    return float(line.shape[0]) / 2.2


def _weight(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    """Ink runs, or prints thin."""
    del noise
    size = 2 if _height(line) < 34 else rng.choice((2, 3))
    if rng.random() < 0.5:
        return _grey(cv2.erode(line, np.ones((size, size), np.uint8)))
    if _height(line) < 26:
        return line
    mixed = 0.6 * cv2.dilate(line, np.ones((2, 2), np.uint8)) + 0.4 * line
    return _grey(mixed)


def _proportions(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    """Bars and bowls stand higher or lower in the letters than the face has them."""
    del noise
    rows = np.flatnonzero((line < 128).any(axis=1))
    if len(rows) < 2:
        return line
    top, bottom = float(rows[0]), float(rows[-1])
    up = np.clip((np.arange(line.shape[0]) - top) / (bottom - top), 0, 1)
    moved = up ** np.exp(rng.uniform(-0.3, 0.3)) - up
    ys = np.arange(line.shape[0]) + moved * (bottom - top)
    high, wide = line.shape
    xs = np.broadcast_to(np.arange(wide, dtype=np.float32), (high, wide))
    ys = np.broadcast_to(ys.astype(np.float32)[:, None], (high, wide))
    return _grey(cv2.remap(line, xs, ys, cv2.INTER_LINEAR, borderValue=(255.0,)))


def _slant(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    """The line climbs, or its letters lean."""
    del noise
    high, wide = line.shape
    climb = np.tan(np.radians(rng.uniform(-1.2, 1.2)))
    climb = float(np.clip(climb, -0.12 * high / wide, 0.12 * high / wide))
    lean = rng.choice((0.0, 0.0, rng.uniform(-0.1, 0.25)))
    move = np.array([[1, -lean, lean * high / 2], [climb, 1, -climb * wide / 2]], np.float32)
    return _grey(cv2.warpAffine(line, move, (wide, high), borderValue=(255.0,)))


def _wave(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    """The paper was not flat."""
    del noise
    high, wide = line.shape
    xs = np.arange(wide, dtype=np.float32)
    reach = rng.uniform(0.01, 0.05) * high
    rise = reach * np.sin(xs / (high * rng.uniform(2, 8)) + rng.uniform(0, 6))
    rows = np.arange(high, dtype=np.float32)[:, None] + rise[None, :]
    columns = np.broadcast_to(xs, rows.shape)
    return _grey(
        cv2.remap(
            line,
            columns.astype(np.float32),
            rows.astype(np.float32),
            cv2.INTER_LINEAR,
            borderValue=(255.0,),
        )
    )


def _dots(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    """A needle printer: dots on a grid, some weak."""
    needles = rng.uniform(16, 26)
    pitch = _height(line) / needles
    if pitch < 1:
        return line
    high, wide = line.shape
    size = max(1, round(wide / pitch)), max(1, round(high / pitch))
    struck = np.clip(
        (1 - cv2.resize(line, size, interpolation=cv2.INTER_AREA) / 255 - 0.3) * 4, 0, 1
    )
    struck = struck * noise.uniform(0.6, 1, struck.shape)
    scale = 4
    big = cv2.resize(
        struck.astype(np.float32),
        (size[0] * scale, size[1] * scale),
        interpolation=cv2.INTER_NEAREST,
    )
    cell = np.hypot(*np.meshgrid(np.arange(scale) - 1.5, np.arange(scale) - 1.5)) / scale
    dot = np.clip((rng.uniform(0.5, 0.72) - cell) * scale, 0, 1)
    dotted = cv2.resize(big * np.tile(dot, size[::-1]), (wide, high), interpolation=cv2.INTER_AREA)
    return _grey(255 * (1 - np.clip(dotted * 1.2, 0, 1)))


def _fade(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    """Ink pale in patches or along the line."""
    high, wide = line.shape
    knots = noise.uniform(rng.uniform(0.15, 0.6), 1, (2, max(2, wide // (2 * high)))).astype(
        np.float32
    )
    kept = cv2.resize(knots, (wide, high), interpolation=cv2.INTER_LINEAR)
    return _grey(255 - (255 - line.astype(np.float32)) * kept)


def _coarse(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    """Scanned at a low resolution and enlarged."""
    del noise
    high, wide = line.shape
    share = max(rng.uniform(0.3, 0.7), 11 / _height(line))
    if share >= 1:
        return line
    small = cv2.resize(
        line,
        (max(1, round(wide * share)), max(1, round(high * share))),
        interpolation=cv2.INTER_AREA,
    )
    way = rng.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC))
    return _grey(cv2.resize(small, (wide, high), interpolation=way))


def _blur(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    del noise
    sigma = rng.uniform(0.3, 1.0) * _height(line) / 26
    if rng.random() < 0.2:
        length = max(2, round(_height(line) * rng.uniform(0.05, 0.12)))
        kernel = np.full((1, length) if rng.random() < 0.5 else (length, 1), 1 / length, np.float32)
        return _grey(cv2.filter2D(line, -1, kernel))
    return _grey(cv2.GaussianBlur(line, (0, 0), sigma))


def _grain(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    strength = rng.uniform(3, 28)
    grain = np.asarray(noise.standard_normal(line.shape) * strength, np.float32)
    if rng.random() < 0.3:
        grain = np.asarray(cv2.GaussianBlur(grain, (0, 0), 0.8) * 2, np.float32)
    return _grey(line + grain)


def _specks(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    line = line.copy()
    for colour in (0, 255):
        count = noise.poisson(line.size * rng.uniform(2e-4, 2e-3))
        ys, xs = (
            noise.integers(0, line.shape[0] - 2, count),
            noise.integers(0, line.shape[1] - 2, count),
        )
        reach = noise.integers(1, 3, count)
        for dx in range(2):
            for dy in range(2):
                kept = (reach > dx) & (reach > dy)
                line[ys[kept] + dy, xs[kept] + dx] = colour
    return line


def _two_tones(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    del noise
    level = rng.randint(100, 210)
    return _grey(np.where(line < level, 0, 255))


def _screened(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    """Greys cut into a pattern of dots, and averaged again as `ocr.imaging.halftone` does."""
    del noise
    high, wide = line.shape
    paper = rng.uniform(0.75, 1)
    limits = (_ordered(rng.choice((2, 3))) if rng.random() < 0.6 else _clustered(rng)) * 256
    rows, columns = limits.shape
    tiled = np.tile(limits, (high // rows + 1, wide // columns + 1))[:high, :wide]
    dots = np.where(line * paper > tiled, np.float32(255), np.float32(0))
    averaged = cv2.blur(dots, (4, 4), borderType=cv2.BORDER_REPLICATE)
    return _grey(cv2.GaussianBlur(averaged, (0, 0), 0.6) / paper)


def _ordered(times: int) -> npt.NDArray[np.float64]:
    """Return the thresholds of Bayer's pattern, 0 to 1, 2 ** times a side."""
    pattern = np.zeros((1, 1))
    for _ in range(times):
        pattern = np.block([[4 * pattern, 4 * pattern + 2], [4 * pattern + 3, 4 * pattern + 1]])
    return (pattern + 0.5) / pattern.size


def _clustered(rng: random.Random) -> npt.NDArray[np.float64]:
    """Return thresholds, 0 to 1, of a printer's screen: dots that grow from their middle."""
    side = rng.choice((4, 6, 8))
    turn = 2 * np.pi * (np.arange(side) + 0.25) / side
    heights = np.cos(turn)[:, None] + np.cos(turn)[None, :]
    order = np.argsort(heights, axis=None).argsort().reshape(side, side)
    return (order + 0.5) / side**2


def _crossed(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    """A rule touches the letters, a stroke crosses them, or a removed rule has cut them."""
    del noise
    line = line.copy()
    high, wide = line.shape
    colour = rng.choice((0, 40, 100, 170, 255))
    thick = max(1, round(_height(line) * rng.uniform(0.02, 0.07)))
    kind = rng.random()
    body = round(_height(line))
    if kind < 0.35:  # along the line: under it, over it, seldom through it
        y = rng.choice((round(body * 1.6), round(body * 0.55), round(body * rng.uniform(0.6, 1.6))))
        start, end = (
            (0, wide)
            if rng.random() < 0.6
            else sorted((rng.randint(0, wide), rng.randint(0, wide)))
        )
        cv2.line(line, (start, y), (end, y + rng.choice((0, 0, 1, -1))), (colour,), thick)
    elif kind < 0.65:  # at an end
        x = rng.choice((round(body * 0.35), wide - round(body * 0.35)))
        cv2.line(line, (x, 0), (x + rng.choice((0, 1)), high), (colour,), thick)
    else:
        for _ in range(rng.randint(1, 2)):
            a = rng.randint(0, wide), rng.randint(0, high)
            b = a[0] + round(rng.gauss(0, 2) * body), rng.randint(0, high)
            cv2.line(line, a, b, (colour,), thick, cv2.LINE_AA)
    return line


def _seal(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    """What is left of a seal: pale arcs and strokes."""
    del noise
    line = line.copy()
    high, wide = line.shape
    over = np.full_like(line, 255)
    shade, thick = rng.randint(120, 235), max(1, round(_height(line) * rng.uniform(0.04, 0.1)))
    for _ in range(rng.randint(1, 3)):
        middle = rng.randint(0, wide), rng.randint(-high, 2 * high)
        if rng.random() < 0.5:
            cv2.circle(
                over, middle, round(high * rng.uniform(0.5, 2)), (shade,), thick, cv2.LINE_AA
            )
        else:
            side = round(high * rng.uniform(0.4, 1.2))
            cv2.rectangle(over, middle, (middle[0] + side, middle[1] + side), (shade,), thick)
    return _grey(line.astype(np.float32) * over / 255)


def _neighbour(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    """Feet of the line above or heads of the line below are seen."""
    del noise
    line = line.copy()
    high, wide = line.shape
    body = round(_height(line))
    shift = rng.randint(-wide // 2, wide // 2)
    strip = max(1, round(body * rng.uniform(0.06, 0.2)))
    other = np.roll(line, shift, axis=1)
    if rng.random() < 0.5:
        foot = round(body * 1.5)
        line[:strip] = np.minimum(line[:strip], other[foot - strip : foot])
    else:
        head = round(body * 0.65)
        line[high - strip :] = np.minimum(line[high - strip :], other[head : head + strip])
    return line


def _jpeg(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    del noise
    _, data = cv2.imencode(".jpg", line, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(18, 80)])
    return _grey(np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)))


def _cleaned(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    """Light evened and contrast raised, as a page's cleaning does."""
    del noise
    white = rng.randint(190, 250)
    black = rng.randint(0, 60)
    return _grey((line.astype(np.float32) - black) * 255 / (white - black))


def _cut(line: Grey, rng: random.Random, noise: Noise) -> Grey:
    """The cut is too tight at the top or the foot."""
    del noise
    rows = np.flatnonzero((line < 128).any(axis=1))
    if len(rows) < 10:
        return line
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    lost = max(1, round((bottom - top) * rng.uniform(0.02, 0.07)))
    return line[top + lost :] if rng.random() < 0.5 else line[: bottom - lost]


def _grey(values: npt.ArrayLike) -> Grey:
    return np.asarray(np.clip(np.asarray(values), 0, 255), np.uint8)


_FAULTS: tuple[tuple[float, Fault], ...] = (
    (0.25, _proportions),
    (0.2, _weight),
    (0.05, _dots),
    (0.12, _fade),
    (0.1, _seal),
    (0.3, _slant),
    (0.08, _wave),
    (0.12, _crossed),
    (0.06, _neighbour),
    (0.2, _coarse),
    (0.4, _blur),
    (0.3, _grain),
    (0.12, _specks),
    (0.2, _jpeg),
    (0.04, _screened),
    (0.35, _cleaned),
    (0.14, _two_tones),
    (0.04, _cut),
)

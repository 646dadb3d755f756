"""What scanning does to paper: seeded faults that compose, in three levels.

A fault takes a sheet and returns another one. Geometry is remembered in `matrix`, so that the
boxes of the printed words can follow.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from records.values import Box

Level = Literal["clean", "mild", "medium", "severe"]
Pixels = npt.NDArray[np.uint8]
Rng = np.random.Generator
_STEP = {"clean": 0, "mild": 1, "medium": 2, "severe": 3}

RED = (196, 38, 44)
BLUE = (40, 62, 160)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet being scanned.

    Attributes:
        pixels: grey (h, w) or RGB (h, w, 3). dpi: pixels an inch.
        matrix: 2×3, from the drawn page's pixels to those of this sheet, `rotation` not counted.
        seal_at: where the signature is, in pixels of this sheet.
        rotation: clockwise degrees by which the stored sheet is turned. skew: degrees, clockwise.
    """

    pixels: Pixels
    dpi: int
    matrix: npt.NDArray[np.float64]
    seal_at: tuple[int, int] | None = None
    rotation: int = 0
    skew: float = 0.0
    faults: tuple[str, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.pixels.shape[1], self.pixels.shape[0]

    def px(self, millimetres: float) -> int:
        """A length in pixels."""
        return max(1, round(millimetres * self.dpi / 25.4))


Fault = Callable[[Sheet, Rng, int], Sheet]


def fresh(image: Image.Image, dpi: int, seal_at: tuple[int, int] | None = None) -> Sheet:
    """A sheet as printed, before any fault."""
    return Sheet(np.asarray(image), dpi, np.array([[1.0, 0, 0], [0, 1.0, 0]]), seal_at)


def scan(sheet: Sheet, faults: Sequence[str], level: Level, seed: int | str) -> Sheet:
    """Apply named faults in the order in which they happen to paper.

    Raises:
        KeyError: no fault has that name.
    """
    for name in sorted(faults, key=lambda name: _ORDER[name]):
        rng = np.random.default_rng(list(f"{seed}/{name}".encode()))
        faulty = FAULTS[name](sheet, rng, _STEP[level])
        sheet = dataclasses.replace(faulty, faults=(*sheet.faults, name))
    return sheet


def choose_faults(level: Level, seed: int | str, *, sealed: bool) -> tuple[str, ...]:
    """Faults that go together at a level; rotation, JPEG and G4 are the caller's choice."""
    if level == "clean":
        return ()
    rng = np.random.default_rng(list(f"{seed}/choice".encode()))
    share = {"mild": 0.25, "medium": 0.5, "severe": 0.7}[level]
    some = ("borders", "punch_holes", "fold", "uneven_light", "dust_streak")
    chosen = ["skew", "gaussian_noise", *(name for name in some if rng.random() < share)]
    if rng.random() < share / 3:
        chosen.append("blue_stamp")
    if sealed and rng.random() < 0.8:
        chosen.append("red_seal")
    if level != "mild":
        chosen.append("blur")
    if level == "severe" or rng.random() < 0.15:
        chosen.append("speckle")
    return tuple(chosen)


def follow(box: Box, sheet: Sheet) -> Box:
    """Where a box of the drawn page lies on the upright scanned sheet."""
    corners = np.array(
        [(x, y, 1.0) for x in (box.x0, box.x1) for y in (box.y0, box.y1)], dtype=np.float64
    )
    moved = corners @ sheet.matrix.T
    low, high = moved.min(axis=0), moved.max(axis=0)
    return Box(round(low[0]), round(low[1]), round(high[0]), round(high[1]))


def _paste(sheet: Sheet, pixels: npt.NDArray[Any], **changes: Any) -> Sheet:
    return dataclasses.replace(sheet, pixels=np.clip(pixels, 0, 255).astype(np.uint8), **changes)


def _paper(pixels: Pixels) -> Any:
    return 255 if pixels.ndim == 2 else (255, 255, 255)


def skew(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Turn by up to 0.6, 1.8 or 3.2 degrees; the paper's size stays."""
    angle = float(rng.uniform(0.25, 1) * (0.6, 0.6, 1.8, 3.2)[step] * rng.choice((-1, 1)))
    width, height = sheet.size
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    pixels = cv2.warpAffine(
        sheet.pixels,
        turn,
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderValue=_paper(sheet.pixels),
    )
    seal = sheet.seal_at
    if seal is not None:
        x, y = turn @ (*seal, 1.0)
        seal = (round(x), round(y))
    whole = np.vstack([turn, (0, 0, 1)]) @ np.vstack([sheet.matrix, (0, 0, 1)])
    return _paste(sheet, pixels, matrix=whole[:2], skew=sheet.skew + angle, seal_at=seal)


def gaussian_noise(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Add sensor noise of 3, 8 or 16 grey levels."""
    grain = rng.standard_normal((512, 512), dtype=np.float32) * (3, 3, 8, 16)[step]
    width, height = sheet.size
    tiles = np.tile(grain, (height // 512 + 1, width // 512 + 1))[:height, :width]
    noise = np.rint(tiles).astype(np.int16)
    if sheet.pixels.ndim == 3:
        noise = noise[:, :, None]
    return _paste(sheet, sheet.pixels.astype(np.int16) + noise)


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
    return _paste(sheet, pixels)


def blur(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Soften by 0.5, 0.9 or 1.5 pixels at 300 dpi."""
    sigma = (0.5, 0.5, 0.9, 1.5)[step] * sheet.dpi / 300 * float(rng.uniform(0.8, 1.1))
    return _paste(sheet, cv2.GaussianBlur(sheet.pixels, (0, 0), sigma))


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
    return _paste(sheet, pixels)


def punch_holes(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Two binder holes in the left margin, dark because the lid behind is dark."""
    pixels = np.ascontiguousarray(sheet.pixels)
    pixels = pixels.copy()
    _, height = sheet.size
    x = sheet.px(float(rng.uniform(6.5, 8)))
    dark = int(rng.integers(15, 70))
    for half in (-40, 40):
        centre = (x, height // 2 + sheet.px(40) * (1 if half > 0 else -1))
        cv2.circle(pixels, centre, sheet.px(2.7 + 0.1 * step), (dark,) * 3, -1, cv2.LINE_AA)
    return _paste(sheet, pixels)


def fold(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """A crease across the sheet: a thin dark line beside a thin light one."""
    width, height = sheet.size
    place = int(height * float(rng.uniform(0.3, 0.7)))
    slope = float(rng.uniform(-0.01, 0.01))
    lift = np.zeros((height, width), np.int16)
    depth = (30, 30, 55, 85)[step]
    ends = (place, place + round(slope * width))
    thick = sheet.px(0.25)
    cv2.line(lift, (0, ends[0]), (width, ends[1]), -depth, thick)
    cv2.line(lift, (0, ends[0] + thick), (width, ends[1] + thick), depth // 2, thick)
    if sheet.pixels.ndim == 3:
        lift = lift[:, :, None]
    return _paste(sheet, sheet.pixels.astype(np.int16) + lift)


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
    return _paste(sheet, sheet.pixels * light)


def dust_streak(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Thin lines from top to bottom, where dust lay on the feeder's glass."""
    pixels = sheet.pixels.astype(np.int16)
    width, _ = sheet.size
    for _ in range(int(rng.integers(1, step + 2))):
        x, wide = int(rng.integers(20, width - 20)), int(rng.integers(1, 2 + step))
        pixels[:, x : x + wide] -= int(rng.integers(40, 60 + 40 * step))
    return _paste(sheet, pixels)


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
    return _stamp(sheet, mask, (x - middle, y - middle), RED, 0.45 + 0.12 * step)


def blue_stamp(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Press a boxed date stamp near the upper right corner, without letters."""
    width, _ = sheet.size
    wide, tall, thick = sheet.px(30), sheet.px(11), sheet.px(0.6)
    mask = np.zeros((tall, wide), np.uint8)
    cv2.rectangle(mask, (thick, thick), (wide - thick, tall - thick), 255, thick)
    cv2.line(mask, (thick, tall // 2), (wide - thick, tall // 2), 255, max(1, thick // 2))
    at = (width - wide - sheet.px(float(rng.uniform(12, 30))), sheet.px(float(rng.uniform(4, 9))))
    return _stamp(sheet, mask, at, BLUE, 0.5 + 0.12 * step)


def _stamp(
    sheet: Sheet, mask: Pixels, at: tuple[int, int], ink: tuple[int, int, int], strength: float
) -> Sheet:
    pixels = sheet.pixels
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, None], 3, axis=2)
    pixels = pixels.copy()
    width, height = sheet.size
    left = min(max(at[0], 0), width - mask.shape[1])
    top = min(max(at[1], 0), height - mask.shape[0])
    region = pixels[top : top + mask.shape[0], left : left + mask.shape[1]].astype(np.float32)
    cover = (mask / 255 * min(strength, 0.95))[:, :, None]
    shade = region * np.array(ink, np.float32) / 255
    inked = region * (1 - cover) + shade * cover
    bottom, right = top + mask.shape[0], left + mask.shape[1]
    pixels[top:bottom, left:right] = inked.astype(np.uint8)
    return _paste(sheet, pixels)


def low_resolution(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Scan at 200 dpi."""
    del rng, step
    return at_dpi(sheet, 200)


def at_dpi(sheet: Sheet, dpi: int) -> Sheet:
    """Scan at another resolution."""
    if dpi == sheet.dpi:
        return sheet
    factor = dpi / sheet.dpi
    width, height = (round(side * factor) for side in sheet.size)
    pixels = cv2.resize(sheet.pixels, (width, height), interpolation=cv2.INTER_AREA)
    seal = sheet.seal_at
    if seal is not None:
        seal = (round(seal[0] * factor), round(seal[1] * factor))
    return _paste(sheet, pixels, dpi=dpi, matrix=sheet.matrix * factor, seal_at=seal)


def jpeg(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Pass through JPEG of quality about 82, 58 or 32."""
    quality = (88, 82, 58, 32)[step] + int(rng.integers(-5, 6))
    held = BytesIO()
    Image.fromarray(sheet.pixels).save(held, "JPEG", quality=quality)
    return _paste(sheet, np.asarray(Image.open(held)))


def bilevel(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Cut to black and white, as G4 files hold; stored in grey values 0 and 255."""
    grey: npt.NDArray[Any] = sheet.pixels
    if grey.ndim == 3:
        grey = cv2.cvtColor(grey, cv2.COLOR_RGB2GRAY)
    cut = (176, 176, 166, 150)[step] + int(rng.integers(-8, 9))
    return _paste(sheet, np.where(grey > cut, 255, 0))


def _turn(degrees: int) -> Fault:
    def turn(sheet: Sheet, rng: Rng, step: int) -> Sheet:
        del rng, step
        pixels = np.rot90(sheet.pixels, k=-degrees // 90)
        return _paste(sheet, np.ascontiguousarray(pixels), rotation=degrees)

    return turn


# In the order in which they happen: ink and wear, the scanner, the file.
FAULTS: Mapping[str, Fault] = {
    "red_seal": red_seal,
    "blue_stamp": blue_stamp,
    "fold": fold,
    "skew": skew,
    "punch_holes": punch_holes,
    "borders": borders,
    "low_resolution": low_resolution,
    "uneven_light": uneven_light,
    "blur": blur,
    "speckle": speckle,
    "gaussian_noise": gaussian_noise,
    "dust_streak": dust_streak,
    "bilevel": bilevel,
    "turn_90": _turn(90),
    "turn_180": _turn(180),
    "turn_270": _turn(270),
    "jpeg": jpeg,
}
_ORDER = {name: place for place, name in enumerate(FAULTS)}

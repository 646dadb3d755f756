"""Pages for measuring how blanks are told from pages that bear one faint mark.

`make_marked_blank` makes pages that are not blank: somebody left something on them.
`make_worn_blank` makes pages that are blank, with what scanners and years leave.
"""

import dataclasses
import random
from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np
from PIL import Image

from tests.makers.canvas import RasterCanvas
from tests.makers.fonts import FAMILIES, Face
from tests.makers.pages import MadePage, Print, Scanning, blank_print, scanned
from tests.makers.parts import Part, seeded
from tests.makers.sheet import Level, Rng
from tests.makers.truth import TruthLine

_DPI = 300

WEAR = (
    "speckle",
    "gaussian_noise",
    "fold",
    "bleed_through",
    "punch_holes",
    "borders",
    "stain",
    "uneven_light",
    "dust_streak",
    "toner_streaks",
)


def make_marked_blank(
    mark: str,
    seed: int,
    level: Level = "mild",
    dpi: int = 300,
    *,
    faults: Sequence[str] = ("skew", "gaussian_noise"),
    part: Part = "tuning",
) -> MadePage:
    """Return a page that bears one mark and nothing else; its kind is `unknown`, it is not blank.

    Args:
        mark: a key of `MARKS`; the truth's layout is `blank with MARK`.
        seed: decides the mark and the scan.
        level: how badly the page was scanned; the faintness of the mark does not depend on it.
        dpi: 200 or 300.
        faults: names of `faults.FAULTS`.
        part: see `parts.Part`.

    Raises:
        KeyError: no such mark or fault.
    """
    stream = seeded(part, f"marked blank/{mark}/{seed}")
    image, lines = MARKS[mark](stream, part)
    plain = blank_print(seed, part)
    truth = dataclasses.replace(
        plain.truth,
        kind="unknown",
        layout=f"blank with {mark}",
        lines=lines,
        flags=("handwriting",) if mark in _BY_HAND else (),
    )
    return scanned(Print(image, truth, stream), Scanning(level, dpi, tuple(faults)))


def make_worn_blank(
    seed: int,
    level: Level = "mild",
    dpi: int = 300,
    *,
    wear: Sequence[str] | None = None,
    part: Part = "tuning",
) -> MadePage:
    """Return a truly blank page that is worn: names of `WEAR`, or what the seed chooses of them."""
    stream = seeded(part, f"worn blank/{seed}")
    if wear is None:
        rng = random.Random(stream)
        wear = rng.sample(WEAR, rng.randrange(1, 4))
    plain = dataclasses.replace(blank_print(seed, part), stream=stream)
    return scanned(plain, Scanning(level, dpi, ("skew", *wear)))


Mark = tuple[Image.Image, tuple[TruthLine, ...]]


def _pencil_stroke(stream: str, part: Part) -> Mark:
    """A thin grey line of 8 to 40 millimetres, not straight."""
    del part
    rng = _rng(stream)
    start, angle = _place(rng), float(rng.uniform(0, 2 * np.pi))
    reach = float(rng.uniform(8, 40)) * _DPI / 25.4
    along = np.linspace(0, reach, 40)
    bow = np.sin(np.linspace(0, np.pi, 40)) * reach * float(rng.uniform(-0.15, 0.15))
    x = start[0] + along * np.cos(angle) - bow * np.sin(angle)
    y = start[1] + along * np.sin(angle) + bow * np.cos(angle)
    ink = np.zeros(_size(), np.uint8)
    points = np.round(np.column_stack([x, y]) * 8).astype(np.int32)
    cv2.polylines(ink, [points], False, 255, int(rng.integers(2, 5)), cv2.LINE_AA, 3)
    grain = rng.uniform(0.4, 1, ink.shape).astype(np.float32)
    return _paper(ink * grain * float(rng.uniform(0.25, 0.55))), ()


def _stamp_edge(stream: str, part: Part) -> Mark:
    """A piece of the rim of a round or square stamp, pressed with little ink."""
    del part
    rng = _rng(stream)
    ink = np.zeros(_size(), np.uint8)
    x, y = _place(rng)
    reach = int(rng.uniform(7, 14) * _DPI / 25.4)
    thick = int(rng.integers(4, 9))
    start = float(rng.uniform(0, 360))
    if rng.random() < 0.6:
        arc = float(rng.uniform(40, 150))
        cv2.ellipse(ink, (x, y), (reach, reach), start, 0, arc, 255, thick, cv2.LINE_AA)
    else:
        cv2.line(ink, (x, y), (x + 2 * reach, y), 255, thick, cv2.LINE_AA)
        cv2.line(ink, (x, y), (x, y + reach), 255, thick, cv2.LINE_AA)
    patches = cv2.resize(rng.uniform(0.2, 1, (120, 85)).astype(np.float32), ink.shape[::-1])
    return _paper(ink * patches * float(rng.uniform(0.3, 0.6))), ()


def _pen_dot(stream: str, part: Part) -> Mark:
    """One to three dots of a pen, half a millimetre to one across."""
    del part
    rng = _rng(stream)
    ink = np.zeros(_size(), np.uint8)
    x, y = _place(rng)
    for _ in range(int(rng.integers(1, 4))):
        at = (x + int(rng.normal(0, 60)), y + int(rng.normal(0, 60)))
        cv2.circle(ink, at, int(rng.integers(3, 7)), 255, -1, cv2.LINE_AA)
    return _paper(ink * 0.85), ()


def _faint_print(stream: str, part: Part) -> Mark:
    """One line of print, of which 12 to 30 percent of the ink is left."""
    rng = random.Random(stream)
    canvas = RasterCanvas(210, 297, _DPI)
    canvas.begin_line()
    text = rng.choice(("이하 여백", "뒷면에 계속", "진료기록부 2쪽", "본 용지는 재생지입니다."))
    face = Face(_family(rng, part), rng.uniform(9, 12))
    canvas.text(rng.uniform(20, 120), rng.uniform(25, 270), text, face)
    kept = rng.uniform(0.12, 0.3)
    ink = (255 - np.asarray(canvas.image, np.float32)) * kept
    return _paper(ink), canvas.lines


def _page_number(stream: str, part: Part) -> Mark:
    """A page number in the foot or the head, and nothing else."""
    rng = random.Random(stream)
    canvas = RasterCanvas(210, 297, _DPI)
    canvas.begin_line()
    number = rng.randrange(2, 40)
    text = rng.choice((f"- {number} -", f"{number}", f"{number}/{number + 3}", f"{number} 쪽"))
    face = Face(_family(rng, part), rng.uniform(8, 10.5))
    x = rng.choice((105 - face.width(text) / 2, 188 - face.width(text)))
    canvas.text(x, rng.choice((14.0, 284.0)), text, face)
    return canvas.image, canvas.lines


MARKS: Mapping[str, Callable[[str, Part], Mark]] = {
    "pencil_stroke": _pencil_stroke,
    "stamp_edge": _stamp_edge,
    "pen_dot": _pen_dot,
    "faint_print": _faint_print,
    "page_number": _page_number,
}
_BY_HAND = frozenset({"pencil_stroke", "pen_dot"})


def _family(rng: random.Random, part: Part) -> str:
    printed = ("nanum_gothic", "un_batang", "lexi_gulim", "un_shinmun")
    return rng.choice([name for name in printed if FAMILIES[name].part == part])


def _rng(stream: str) -> Rng:
    return np.random.default_rng(list(stream.encode()))


def _size() -> tuple[int, int]:
    return round(297 * _DPI / 25.4), round(210 * _DPI / 25.4)


def _place(rng: Rng) -> tuple[int, int]:
    height, width = _size()
    return (
        int(rng.integers(width // 7, width * 6 // 7)),
        int(rng.integers(height // 7, height * 6 // 7)),
    )


def _paper(ink: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Image.Image:
    return Image.fromarray(np.clip(255 - ink, 0, 255).astype(np.uint8))

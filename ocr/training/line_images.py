"""One training line: a text set in a face, worn, scanned, and cut out as the layout cuts lines."""

import random
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from ocr.engines.line_shape import fitted
from ocr.training.alphabet import alphabet
from ocr.training.faces import TrainingFace, korean_faces, latin_faces, sized
from ocr.training.line_faults import worn
from ocr.training.texts import Texts

Grey = npt.NDArray[np.uint8]
_MOST_WIDE = 1600  # pixels at the network's height; a longer text is cut
_OTHER_LATIN = 0.45  # of lines have figures and letters of another face than their Hangul
_KNOWN = frozenset(alphabet()) - {"", " "}


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """A line as the network gets it, and what it says. `image`: HEIGHT rows, dark ink near 255."""

    image: Grey
    text: str


class LineMaker:
    """Makes lines, the same ones from the same seed."""

    def __init__(self) -> None:
        self._texts = Texts()
        self._korean, self._latin = korean_faces(), latin_faces()
        self._weights = [face.weight for face in self._korean]

    def make(self, seed: int) -> TrainingLine:
        """Return the line of a seed."""
        rng = random.Random(seed)
        noise = np.random.default_rng(seed)
        while True:
            text = self._texts.draw(rng)
            face = rng.choices(self._korean, self._weights)[0]
            latin = rng.choice(self._latin) if rng.random() < _OTHER_LATIN else face
            text = _printable(text, face, latin)
            if not text:
                continue
            line = worn(_drawn(text, face, latin, rng), rng, noise)
            shaped = fitted(_cut_close(line, rng))
            if shaped and shaped.image.shape[1] <= _MOST_WIDE:
                return TrainingLine(shaped.image, text)


def _printable(text: str, face: TrainingFace, latin: TrainingFace) -> str:
    """Return a text without the signs that its faces, or the alphabet, lack."""
    drawn = (sign for sign in text if sign in (latin if sign.isascii() else face).signs)
    return " ".join("".join(s if s in _KNOWN else " " * s.isspace() for s in drawn).split())


def _drawn(text: str, face: TrainingFace, latin: TrainingFace, rng: random.Random) -> Grey:
    """Return black text on white, with a margin of half its height all round."""
    height = round(min(60.0, max(13.0, rng.lognormvariate(3.55, 0.33))))
    korean, other = sized(face, height), sized(latin, height)
    spacing = _letter_spacing(text, height, rng)
    gap = rng.uniform(0.5, 4.0) * height if rng.random() < 0.06 else 0.0  # as between columns
    margin = height // 2
    if latin is face and not spacing and not gap:
        wide = round(korean.getlength(text))
    else:
        wide = round(sum((other if s.isascii() else korean).getlength(s) + spacing for s in text))
        wide += round(gap * text.count(" "))
    canvas = Image.new("L", (wide + 2 * margin, round(height * 2.2)), 255)
    pen = ImageDraw.Draw(canvas)
    base = margin + height
    ink = rng.choice((0, 0, 0, rng.randint(0, 110)))
    if latin is face and not spacing and not gap:
        pen.text((margin, base), text, fill=ink, font=korean, anchor="ls")
    else:
        x = float(margin)
        for sign in text:
            font = other if sign.isascii() else korean
            pen.text((round(x), base), sign, fill=ink, font=font, anchor="ls")
            x += font.getlength(sign) + spacing + gap * (sign == " ")
    image = np.asarray(canvas)
    if rng.random() < 0.35:  # letters wider or narrower than the face has them
        wider = max(8, round(image.shape[1] * rng.uniform(0.72, 1.15)))
        image = cv2.resize(image, (wider, image.shape[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(image, np.uint8)


def _cut_close(line: Grey, rng: random.Random) -> Grey:
    """Return a line with mostly little white above and below its ink, as the layout cuts it."""
    rows = np.flatnonzero((line < 128).any(axis=1))
    if not len(rows) or rng.random() < 0.3:
        return line
    margin = round(line.shape[0] * rng.uniform(0.03, 0.1))
    return line[max(0, int(rows[0]) - margin) : int(rows[-1]) + 1 + margin]


def _letter_spacing(text: str, height: int, rng: random.Random) -> float:
    chance = rng.random()
    if chance < 0.12:
        return -rng.uniform(0.02, 0.1) * height
    if chance < 0.24:
        return rng.uniform(0.02, 0.3) * height
    if chance < 0.28 and len(text) < 8:
        return rng.uniform(0.3, 1.0) * height
    return 0.0

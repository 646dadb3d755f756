"""The shapes of letters: from NanumGothic, else Noto Sans CJK; a box where neither has one."""

import functools
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

from records.errors import SetupError

Weight = Literal["regular", "bold"]

EM = 1000
ASCENT, DESCENT = 920, -230  # of NanumGothic; both families have 1,000 units

_NANUM = Path("/usr/share/fonts/truetype/nanum")
_NOTO = Path("/usr/share/fonts/opentype/noto")
_FILES: dict[Weight, tuple[Path, Path]] = {
    "regular": (_NANUM / "NanumGothic.ttf", _NOTO / "NotoSansCJK-Regular.ttc"),
    "bold": (_NANUM / "NanumGothicBold.ttf", _NOTO / "NotoSansCJK-Bold.ttc"),
}
_KOREAN_IN_COLLECTION = 1
_NO_SHAPE = "□"
_ERROR = 0.8  # units that a quadratic curve may leave a cubic one by
_UNSEEN = frozenset({"Cf", "Zl", "Zp", "Zs"})


@dataclass(frozen=True, slots=True)
class _Face:
    font: Any
    names: dict[int, str]
    glyphs: Any


@functools.lru_cache(maxsize=16_384)
def advance(character: str, weight: Weight) -> int:
    """Return how wide a character is drawn, in thousandths of the type size."""
    found = _find(character, weight)
    return 0 if found is None else round(found[0].glyphs[found[1]].width)


@functools.lru_cache(maxsize=4096)
def outline(character: str, weight: Weight) -> Glyph:
    """Return a character's shape as a TrueType glyph without parts and hints."""
    found = _find(character, weight)
    pen = TTGlyphPen(None)
    if found is not None:
        face, name = found
        whole = DecomposingRecordingPen(face.glyphs)
        face.glyphs[name].draw(whole)
        cubic = "glyf" not in face.font
        scaled = TransformPen(
            Cu2QuPen(pen, _ERROR, reverse_direction=True) if cubic else pen,
            (EM / face.font["head"].unitsPerEm, 0, 0, EM / face.font["head"].unitsPerEm, 0, 0),
        )
        whole.replay(scaled)
    return pen.glyph()


def _find(character: str, weight: Weight) -> tuple[_Face, str] | None:
    """The face that has the character, and the glyph's name; None for what is never seen."""
    for number in range(2):
        face = _face(weight, number)
        if face is not None and (name := face.names.get(ord(character))):
            return face, name
    if unicodedata.category(character) in _UNSEEN:
        return None
    return _find(_NO_SHAPE, weight)


@functools.cache
def _face(weight: Weight, number: int) -> _Face | None:
    """Open a face; the second one is not needed for most documents, and may be absent."""
    file = _FILES[weight][number]
    try:
        font = TTFont(file, fontNumber=_KOREAN_IN_COLLECTION if number else -1, lazy=True)
    except OSError as error:
        if number:
            return None
        raise SetupError("font_missing", file.name) from error
    return _Face(font, font.getBestCmap(), font.getGlyphSet())

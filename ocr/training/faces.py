"""The faces that training lines are set in: free fonts, those for testing left out.

Of print, of pens (as a doctor's hand fills a card), and of letters set from their parts (as
typewriters do). Most are the distribution's; `infra/setup.sh training` fetches more pens, and
Latin of many printers.
Left out by family, all weights and kin of it: see `tests.makers.fonts`, part `test`.
"""

import functools
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont
from PIL import ImageFont

_ROOT = Path("/usr/share/fonts")
FETCHED = Path(__file__).parents[2] / ".giroksil" / "fonts"
"""Where `fetch_faces` puts the faces that the distribution lacks."""
FETCHED_LATIN = FETCHED / "latin"
"""Where it puts those without Hangul: print of terminals, typewriters and books, and pens."""

_KOREAN = (
    ("opentype/noto/NotoSansCJK-*.ttc", 4.0),
    ("opentype/noto/NotoSerifCJK-*.ttc", 4.0),
    ("truetype/nanum/NanumGothic*.ttf", 4.0),
    ("truetype/nanum/NanumMyeongjo*.ttf", 4.0),
    ("truetype/nanum/NanumBarunGothic*.ttf", 4.0),
    ("truetype/unfonts-core/UnBatang*.ttf", 4.0),
    ("truetype/unfonts-core/UnDotum*.ttf", 4.0),
    ("truetype/unfonts-core/UnDinaru*.ttf", 1.5),
    ("truetype/baekmuk/batang.ttf", 4.0),
    ("truetype/baekmuk/dotum.ttf", 4.0),
    ("truetype/baekmuk/gulim.ttf", 6.0),
    ("truetype/baekmuk/hline.ttf", 1.0),
    ("truetype/woowa-bm/*.ttf", 0.5),
    ("truetype/unfonts-extra/UnJamo*.ttf", 3.0),
    ("truetype/unfonts-extra/Un[VY]*.ttf", 0.5),
    ("truetype/unfonts-extra/UnP*.ttf", 2.0),
    ("truetype/unfonts-core/UnPilgi*.ttf", 1.5),
    ("truetype/nanum/NanumBarunpen*.ttf", 1.0),
    ("truetype/nanum/NanumBrush.ttf", 0.7),
    ("truetype/alee/*.ttf", 1.0),
    ("truetype/woowa-bm/BM[KY]*.ttf", 0.5),
    ("*.ttf", 4.5),  # fetched
)
_LATIN = (
    "truetype/liberation/*.ttf",
    "truetype/dejavu/*.ttf",
    "opentype/urw-base35/*.otf",
)
_UNFIT = ("NanumPen", "YetHangul", "Symbol", "D050000L", "EunjinNakseo", "StandardSymbols")
_KOREAN_OF_COLLECTION = (1, 6)  # proportional, fixed pitch


@dataclass(frozen=True, slots=True)
class TrainingFace:
    """One font file's face, and how often lines are set in it."""

    path: Path
    index: int
    weight: float

    @property
    def signs(self) -> frozenset[str]:
        """The signs that the face draws."""
        return _signs(self.path, self.index)


def korean_faces() -> list[TrainingFace]:
    """Return faces with Hangul.

    Raises:
        FileNotFoundError: the fonts are not installed.
    """
    found = []
    for pattern, weight in _KOREAN:
        root = _ROOT if "/" in pattern else FETCHED
        files = [f for f in sorted(root.glob(pattern)) if not any(w in f.name for w in _UNFIT)]
        places = [(file, index) for file in files for index in _indices(file)]
        found += [TrainingFace(f, index, weight / len(places)) for f, index in places]
    if not found:
        raise FileNotFoundError("no Korean fonts: infra/setup.sh training")
    return found


def latin_faces() -> list[TrainingFace]:
    """Return faces for Latin and figures beside Hangul."""
    files = [file for pattern in _LATIN for file in sorted(_ROOT.glob(pattern))]
    files += sorted(FETCHED_LATIN.glob("*.ttf"))
    return [TrainingFace(f, 0, 1.0) for f in files if not any(word in f.name for word in _UNFIT)]


def _indices(file: Path) -> tuple[int, ...]:
    if file.suffix != ".ttc":
        return (0,)
    with TTCollection(file, lazy=True) as collection:
        return tuple(place for place in _KOREAN_OF_COLLECTION if place < len(collection.fonts))


@functools.cache
def _signs(path: Path, index: int) -> frozenset[str]:
    with TTFont(path, fontNumber=index, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


@functools.lru_cache(maxsize=4096)
def sized(face: TrainingFace, pixels: int) -> ImageFont.FreeTypeFont:
    """Return a face at a height in pixels."""
    return ImageFont.truetype(
        str(face.path), pixels, index=face.index, layout_engine=ImageFont.Layout.BASIC
    )

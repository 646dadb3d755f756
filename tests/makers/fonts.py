"""Korean fonts of the distribution: where they lie, how wide their letters are."""

import functools
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

from tests.makers.parts import Part

_ROOT = Path("/usr/share/fonts")


@dataclass(frozen=True, slots=True)
class Family:
    """A regular and a bold file, and the system package that brings them.

    Letters that the family lacks are taken from the family `fallback`, if it names one.
    """

    name: str
    regular: str
    bold: str
    package: str
    index: int = 0  # the Korean face of a collection
    part: Part = "tuning"
    fallback: str = ""
    pitched: bool = False  # every letter as wide as half a Hangul syllable or as a whole one

    @property
    def embeddable(self) -> bool:
        """True where reportlab can embed it: TrueType outlines."""
        return "/opentype/" not in f"/{self.regular}"

    def file(self, bold: bool) -> Path:
        """Return the font file.

        Raises:
            FileNotFoundError: the font's package is not installed; the message names it.
        """
        path = _ROOT / (self.bold if bold else self.regular)
        if not path.is_file():
            raise FileNotFoundError(f"font {self.name} is missing: apt-get install {self.package}")
        return path


def _family(
    name: str,
    regular: str,
    bold: str,
    package: str,
    index: int = 0,
    *,
    pitched: bool = False,
    fallback: str = "",
) -> Family:
    return Family(
        name, regular, bold or regular, package, index, fallback=fallback, pitched=pitched
    )


def _test_family(
    name: str, regular: str, bold: str, package: str, *, pitched: bool = False
) -> Family:
    regular, bold = f"truetype/{regular}", f"truetype/{bold or regular}"
    fallback = "d2coding" * (name != "d2coding")
    return Family(name, regular, bold, package, 0, "test", fallback, pitched)


FAMILIES = {
    family.name: family
    for family in (
        _family(
            "nanum_gothic",
            "truetype/nanum/NanumGothic.ttf",
            "truetype/nanum/NanumGothicBold.ttf",
            "fonts-nanum",
        ),
        _family(
            "nanum_myeongjo",
            "truetype/nanum/NanumMyeongjo.ttf",
            "truetype/nanum/NanumMyeongjoBold.ttf",
            "fonts-nanum",
        ),
        _family(
            "nanum_barun",
            "truetype/nanum/NanumBarunGothic.ttf",
            "truetype/nanum/NanumBarunGothicBold.ttf",
            "fonts-nanum",
        ),
        _family(
            "nanum_coding",
            "truetype/nanum/NanumGothicCoding.ttf",
            "truetype/nanum/NanumGothicCodingBold.ttf",
            "fonts-nanum",
            pitched=True,
        ),
        _family(
            "un_batang",
            "truetype/unfonts-core/UnBatang.ttf",
            "truetype/unfonts-core/UnBatangBold.ttf",
            "fonts-unfonts-core",
        ),
        _family(
            "un_dotum",
            "truetype/unfonts-core/UnDotum.ttf",
            "truetype/unfonts-core/UnDotumBold.ttf",
            "fonts-unfonts-core",
        ),
        _family("baekmuk_batang", "truetype/baekmuk/batang.ttf", "", "fonts-baekmuk"),
        _family("baekmuk_gulim", "truetype/baekmuk/gulim.ttf", "", "fonts-baekmuk"),
        _family("baekmuk_dotum", "truetype/baekmuk/dotum.ttf", "", "fonts-baekmuk"),
        _family(
            "noto_sans",
            "opentype/noto/NotoSansCJK-Regular.ttc",
            "opentype/noto/NotoSansCJK-Bold.ttc",
            "fonts-noto-cjk",
            1,
        ),
        _family(
            "noto_serif",
            "opentype/noto/NotoSerifCJK-Regular.ttc",
            "opentype/noto/NotoSerifCJK-Bold.ttc",
            "fonts-noto-cjk",
            1,
        ),
        _family(
            "noto_mono",
            "opentype/noto/NotoSansCJK-Regular.ttc",
            "opentype/noto/NotoSansCJK-Bold.ttc",
            "fonts-noto-cjk",
            6,
            pitched=True,
        ),
        _family(
            "un_pilgi",
            "truetype/unfonts-core/UnPilgi.ttf",
            "truetype/unfonts-core/UnPilgiBold.ttf",
            "fonts-unfonts-core",
            fallback="nanum_gothic",
        ),
        _test_family("lexi_gulim", "lexi/LexiGulim.ttf", "", "fonts-lexi-gulim"),
        _test_family("lexi_saebom", "lexi/LexiSaebomR.ttf", "", "fonts-lexi-saebom"),
        _test_family(
            "un_graphic",
            "unfonts-core/UnGraphic.ttf",
            "unfonts-core/UnGraphicBold.ttf",
            "fonts-unfonts-core",
        ),
        _test_family("un_shinmun", "unfonts-extra/UnShinmun.ttf", "", "fonts-unfonts-extra"),
        _test_family("un_gungseo", "unfonts-core/UnGungseo.ttf", "", "fonts-unfonts-core"),
        _test_family(
            "un_taza", "unfonts-extra/UnTaza.ttf", "", "fonts-unfonts-extra", pitched=True
        ),
        _test_family(
            "nanum_square", "nanum/NanumSquareR.ttf", "nanum/NanumSquareB.ttf", "fonts-nanum"
        ),
        _test_family("nanum_pen", "nanum/NanumPen.ttf", "", "fonts-nanum-extra"),
        _test_family(
            "d2coding",
            "naver-d2coding/D2Coding-Ver1.3.2-20180524-all.ttc",
            "",
            "fonts-naver-d2coding",
            pitched=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Face:
    """One face at one size in points."""

    family: str
    size: float
    bold: bool = False

    @property
    def path(self) -> Path:
        """The face's font file."""
        return FAMILIES[self.family].file(self.bold)

    def at(self, size: float, *, bold: bool | None = None) -> "Face":
        """The same family at another size, and weight where given."""
        return Face(self.family, size, self.bold if bold is None else bold)

    def width(self, text: str) -> float:
        """Advance of a text in millimetres.

        Raises:
            ValueError: the face lacks a letter of it; a page must not print empty boxes.
        """
        advances = _with_fallback(self.family, self.bold)
        try:
            total = sum(advances[letter] for letter in text)
        except KeyError as missing:
            raise ValueError(f"font {self.family} lacks {missing.args[0]!r}") from None
        return total * self.size * 25.4 / 72

    def having(self, letter: str) -> "Face":
        """This face, or the one it takes the letter from."""
        fallback = FAMILIES[self.family].fallback
        lacking = fallback and letter not in _advances(self.family, self.bold)
        return Face(fallback, self.size) if lacking else self


@functools.cache
def _with_fallback(family: str, bold: bool) -> dict[str, float]:
    fallback = FAMILIES[family].fallback
    own = _advances(family, bold)
    return _advances(fallback, False) | own if fallback else own


@functools.cache
def _advances(family: str, bold: bool) -> dict[str, float]:
    known = FAMILIES[family]
    with TTFont(known.file(bold), fontNumber=known.index, lazy=True) as font:
        unit = font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        ems = {chr(code): metrics[name][0] / unit for code, name in font.getBestCmap().items()}
    if known.pitched:  # Noto's Hangul is 0.92 em wide there; a printer's letters keep their columns
        return {letter: (0.5 if em <= 0.6 else 1.0) * (em > 0) for letter, em in ems.items()}
    return ems


@functools.cache
def raster_font(family: str, bold: bool, pixels: float) -> ImageFont.FreeTypeFont:
    """Return PIL's font of a face at a height in pixels."""
    known = FAMILIES[family]
    return ImageFont.truetype(
        str(known.file(bold)), pixels, index=known.index, layout_engine=ImageFont.Layout.BASIC
    )

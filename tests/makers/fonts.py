"""Korean fonts of the distribution: where they lie, how wide their letters are."""

import functools
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from PIL import ImageFont

_ROOT = Path("/usr/share/fonts")


@dataclass(frozen=True, slots=True)
class Family:
    """A regular and a bold file, and the system package that brings them."""

    name: str
    regular: str
    bold: str
    package: str
    index: int = 0  # the Korean face of a collection

    @property
    def embeddable(self) -> bool:
        """True where reportlab can embed it: TrueType outlines, not a collection."""
        return self.regular.endswith(".ttf")

    def file(self, bold: bool) -> Path:
        """Return the font file.

        Raises:
            FileNotFoundError: the font's package is not installed; the message names it.
        """
        path = _ROOT / (self.bold if bold else self.regular)
        if not path.is_file():
            raise FileNotFoundError(f"font {self.name} is missing: apt-get install {self.package}")
        return path


def _family(name: str, regular: str, bold: str, package: str, index: int = 0) -> Family:
    return Family(name, regular, bold or regular, package, index)


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
        advances = _advances(self.family, self.bold)
        try:
            total = sum(advances[letter] for letter in text)
        except KeyError as missing:
            raise ValueError(f"font {self.family} lacks {missing.args[0]!r}") from None
        return total * self.size * 25.4 / 72


@functools.cache
def _advances(family: str, bold: bool) -> dict[str, float]:
    known = FAMILIES[family]
    with TTFont(known.file(bold), fontNumber=known.index, lazy=True) as font:
        unit = font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        return {chr(code): metrics[name][0] / unit for code, name in font.getBestCmap().items()}


@functools.cache
def raster_font(family: str, bold: bool, pixels: float) -> ImageFont.FreeTypeFont:
    """Return PIL's font of a face at a height in pixels."""
    known = FAMILIES[family]
    return ImageFont.truetype(
        str(known.file(bold)), pixels, index=known.index, layout_engine=ImageFont.Layout.BASIC
    )

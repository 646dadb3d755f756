"""The font of invisible text: every character has a width and a Unicode value, none has a shape.

A page's words need no shapes, its picture has them; what is needed is that a viewer knows where a
character lies and which one it is. Codes are given out as characters come, so that any character
of Unicode, outside the basic plane too, is one code.
"""

import functools
import io
import unicodedata

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph
from pikepdf import Array, Dictionary, Name

NAME = "Giroksil-Glyphless"
WIDE, NARROW = 1000, 500  # thousandths of the type size
ASCENT, DESCENT = 800, -200

_WIDE_GLYPH, _NARROW_GLYPH = 1, 2
_MOST_CODES = 65_535
_CREATED = 3_849_984_000  # 2026-01-01, in seconds since 1904
_AT_ONCE = 100  # entries that one block of a character map may hold


class Alphabet:
    """The characters used so far, each with its code: 1, 2, 3, … in order of first use."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def encode(self, text: str) -> str:
        """Return the codes of a text as the hexadecimal string of a content stream.

        Raises:
            OverflowError: more characters than a font has codes.
        """
        return "".join(f"{self._code(character):04X}" for character in text)

    def _code(self, character: str) -> int:
        code = self._codes.setdefault(character, len(self._codes) + 1)
        if code > _MOST_CODES:
            raise OverflowError("too many characters for one font")
        return code

    def font(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """Return the font with the characters used so far, as an object of `pdf`."""
        widths = [advance(character) for character in self._codes]
        glyphs = [0] + [_WIDE_GLYPH if width == WIDE else _NARROW_GLYPH for width in widths]
        narrow = [code for code, width in enumerate(widths, 1) if width == NARROW]
        program = glyphless_program()
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/" + NAME),
            Flags=4,  # symbolic
            FontBBox=Array([0, DESCENT, WIDE, ASCENT]),
            ItalicAngle=0,
            Ascent=ASCENT,
            Descent=DESCENT,
            CapHeight=ASCENT,
            StemV=80,
            FontFile2=pdf.make_stream(program, Length1=len(program)),
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name("/" + NAME),
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=WIDE,
            W=Array([part for code in narrow for part in (code, code, NARROW)]),
            CIDToGIDMap=pdf.make_stream(b"".join(glyph.to_bytes(2, "big") for glyph in glyphs)),
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name("/" + NAME),
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(descendant)]),
                ToUnicode=pdf.make_stream(self.to_unicode()),
            )
        )

    @property
    def characters(self) -> tuple[str, ...]:
        """The characters used so far, in the order of their codes."""
        return tuple(self._codes)

    def to_unicode(self) -> bytes:
        """Return the character map: which Unicode value each code has."""
        rows = [
            f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
            for character, code in self._codes.items()
        ]
        blocks = [rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE)]
        listed = "".join(
            f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks
        )
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
            f"{listed}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode("ascii")


def advance(character: str) -> int:
    """Return a character's width: Hangul and Hanja take twice the room of Latin."""
    return WIDE if unicodedata.east_asian_width(character) in ("W", "F") else NARROW


@functools.cache
def glyphless_program() -> bytes:
    """Return the TrueType file: three glyphs without area, two widths; always the same bytes."""
    widths = {".notdef": WIDE, "wide": WIDE, "narrow": NARROW}
    builder = FontBuilder(unitsPerEm=WIDE, isTTF=True)
    builder.setupGlyphOrder(list(widths))
    builder.setupCharacterMap({0x20: "narrow", 0x3000: "wide"})
    builder.setupGlyf({name: _corners(width) for name, width in widths.items()})
    builder.setupHorizontalMetrics({name: (width, 0) for name, width in widths.items()})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupNameTable({"familyName": NAME, "styleName": "Regular", "psName": NAME})
    builder.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT)
    builder.setupPost()
    builder.updateHead(created=_CREATED, modified=_CREATED)
    builder.font.recalcTimestamp = False
    target = io.BytesIO()
    builder.save(target)
    return target.getvalue()


def _corners(width: int) -> Glyph:
    """Return a glyph that paints nothing and yet has an extent: two corners, a point each.

    pdfium, the engine of Chromium, passes over a word of one letter without extent.
    """
    pen = TTGlyphPen(None)
    for corner in ((0, DESCENT), (width, ASCENT)):
        pen.moveTo(corner)
        pen.lineTo(corner)
        pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()

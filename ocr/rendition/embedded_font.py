"""A font of just the letters that a document needs, embedded; each letter has its Unicode value."""

import io

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name

from ocr.glyphless_font import Alphabet
from ocr.rendition.letterforms import ASCENT, DESCENT, EM, Weight, advance, outline

_CREATED = 3_849_984_000  # 2026-01-01, in seconds since 1904: same letters, same bytes
_NAMES: dict[Weight, str] = {"regular": "Giroksil-Sans", "bold": "Giroksil-Sans-Bold"}
_SUBSET = "GIROKS+"


def font_of(alphabet: Alphabet, weight: Weight, pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Return the font with the letters of an alphabet, as an object of `pdf`.

    The fonts' licence (OFL) wants another name for what was changed: shapes of two families stand
    in one font, without hints.
    """
    name = _NAMES[weight]
    letters = alphabet.characters
    program = _program(name, letters, weight)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(f"/{_SUBSET}{name}"),
        Flags=4,  # symbolic: codes are ours
        FontBBox=Array([-EM, DESCENT, 2 * EM, ASCENT]),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=DESCENT,
        CapHeight=700,
        StemV=140 if weight == "bold" else 80,
        FontFile2=pdf.make_stream(program, Length1=len(program)),
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name(f"/{_SUBSET}{name}"),
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=EM,
        W=Array([1, Array([advance(letter, weight) for letter in letters])]),
        CIDToGIDMap=Name.Identity,
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name(f"/{_SUBSET}{name}"),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(alphabet.to_unicode()),
        )
    )


def _program(name: str, letters: tuple[str, ...], weight: Weight) -> bytes:
    """Return the TrueType file; the glyph of code n is the n-th letter."""
    names = [".notdef", *(f"g{code}" for code in range(1, len(letters) + 1))]
    shapes = [TTGlyphPen(None).glyph(), *(outline(letter, weight) for letter in letters)]
    widths = [EM, *(advance(letter, weight) for letter in letters)]
    builder = FontBuilder(unitsPerEm=EM, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({})
    builder.setupGlyf(dict(zip(names, shapes, strict=True)))
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics(
        {
            name: (width, getattr(table[name], "xMin", 0))
            for name, width in zip(names, widths, strict=True)
        }
    )
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    builder.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT)
    builder.setupPost(keepGlyphNames=False)
    builder.updateHead(created=_CREATED, modified=_CREATED)
    builder.font.recalcTimestamp = False
    held = io.BytesIO()
    builder.save(held)
    return held.getvalue()

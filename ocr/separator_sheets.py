"""Draws separator sheets and binds them into a PDF to be printed."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import img2pdf
import numpy as np
import pikepdf
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from records.errors import SetupError
from records.separator_code import SeparatorCode

_DPI = 300
_WIDTH, _HEIGHT = 2480, 3508  # A4 in pixels
_FONTS = Path("/usr/share/fonts/truetype/nanum")
_REGULAR, _BOLD = "NanumGothic.ttf", "NanumGothicBold.ttf"
_SQUARE = 760  # pixels of a QR code's side: 64 mm, so that a module has 5 pixels at 100 dpi
_BARS = (1900, 260)  # room of Code 128
_LEFT, _RIGHT = 300, _WIDTH - 300

Kind = Literal["box", "chart", "document"]
_TITLES: dict[Kind, tuple[str, str]] = {
    "box": ("상자 구분지", "Box separator"),
    "chart": ("차트 구분지", "Chart separator"),
    "document": ("문서 구분지", "Document separator"),
}
_PLACES: dict[Kind, tuple[str, str]] = {
    "box": ("이 상자의 맨 앞에 두고 스캔하세요.", "Scan it in front of this box."),
    "chart": ("이 차트의 맨 앞에 두고 스캔하세요.", "Scan it in front of this chart."),
    "document": ("문서와 문서 사이에 두고 스캔하세요.", "Scan it between two documents."),
}
_NO_RECORD = ("이 장은 진료기록이 아닙니다.", "This sheet is no medical record.")


@dataclass(frozen=True, slots=True)
class SheetOrder:
    """One sheet to be drawn: its code, and the institution's name for people."""

    code: SeparatorCode
    institution_name: str

    @property
    def kind(self) -> Kind:
        """What the sheet stands in front of."""
        if self.code.chart_no:
            return "chart"
        return "box" if self.code.box else "document"


def separator_pdf(orders: Iterable[SheetOrder]) -> bytes:
    """Return a PDF of A4 sheets, one an order, in black and white, to be printed on one side.

    Raises:
        SetupError: `font_missing`: the Korean face of the sheets is not installed.
    """
    pages = [_packed(draw_sheet(order)) for order in orders]
    size = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))
    made = img2pdf.convert(
        pages,
        engine=img2pdf.Engine.pikepdf,
        layout_fun=img2pdf.get_layout_fun(size),
        nodate=True,
        title="구분지 Separator sheets",
    )
    held = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as pdf:
        # The back of a sheet would be read as a second sheet.
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(Duplex=pikepdf.Name.Simplex)
        pdf.save(held, deterministic_id=True)
    return held.getvalue()


def draw_sheet(order: SheetOrder) -> Image.Image:
    """Return a sheet as pixels of two tones, 300 dpi.

    Raises:
        SetupError: `font_missing`.
    """
    sheet = Image.new("L", (_WIDTH, _HEIGHT), 255)
    pen = ImageDraw.Draw(sheet)
    code, kind = order.code, order.kind
    y = 240
    for text, size in zip(_TITLES[kind], (150, 80), strict=True):
        pen.text((_LEFT, y), text, 0, _face(size, bold=True))
        y += round(size * 1.35)
    y += 40
    for label, value in (
        ("상자 Box", code.box),
        ("차트번호 Chart no.", code.chart_no),
        ("이관 Delivery", code.reference),
        ("의료기관 Institution", f"{order.institution_name} {code.institution}"),
    ):
        if value:
            large = label.startswith(("상자", "차트"))
            pen.text((_LEFT, y + (20 if large else 0)), label, 0, _face(52))
            pen.text((_LEFT + 620, y), value, 0, _fitting(value, 96 if large else 52, 1260))
            y += 140 if large else 90
    square = _modules(code.text, "QRCode", _SQUARE)
    bars = _modules(code.text, "Code128", _BARS[0], _BARS[1])
    # Apart both ways, so that one streak or stain does not reach all three.
    sheet.paste(square, (_LEFT, 1140))
    sheet.paste(bars, ((_WIDTH - bars.width) // 2, 2020))
    pen.text((_LEFT, 2310), code.text, 0, _fitting(code.text, 44, _RIGHT - _LEFT))
    sheet.paste(square, (_RIGHT - square.width, 2480))
    y = 2560
    for korean, english in (_PLACES[kind], _NO_RECORD):
        pen.text((_LEFT, y), korean, 0, _face(52))
        pen.text((_LEFT, y + 76), english, 0, _face(46))
        y += 190
    return sheet.point(lambda tone: 255 if tone > 127 else 0).convert("1")


def _modules(text: str, kind: str, width: int, height: int | None = None) -> Image.Image:
    """Return a code whose modules are whole pixels, as wide as fits; its quiet zone is paper."""
    options = {"ec_level": "H"} if kind == "QRCode" else {}
    made = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(kind), **options)
    modules = np.array(made.to_image(scale=1, add_hrt=False, add_quiet_zones=False))
    scale = max(width // modules.shape[1], 1)
    row = modules if height is None else modules[:1]
    size = (modules.shape[1] * scale, height or modules.shape[0] * scale)
    return Image.fromarray(row).resize(size, Image.Resampling.NEAREST)


def _face(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    file = _FONTS / (_BOLD if bold else _REGULAR)
    try:
        return ImageFont.truetype(str(file), size)
    except OSError as error:
        raise SetupError("font_missing", file.name) from error


def _fitting(text: str, size: int, width: int) -> ImageFont.FreeTypeFont:
    """The face, smaller where the text would be wider than `width` pixels."""
    face = _face(size)
    return _face(max(int(size * min(1.0, width / max(face.getlength(text), 1.0))), 16))


def _packed(sheet: Image.Image) -> bytes:
    held = io.BytesIO()
    sheet.save(held, "TIFF", compression="group4", dpi=(_DPI, _DPI))
    return held.getvalue()

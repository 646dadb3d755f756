"""Bar codes and QR codes that a program prints beside a document's numbers; both can be read."""

from reportlab.graphics.barcode import code39, qrencoder

from tests.makers.canvas import Canvas

_QUIET = 4  # modules left white around a QR code


def bar_width(text: str, module: float) -> float:
    """Width in millimetres of a Code 39 bar code whose thin bars are `module` wide."""
    return sum(_thickness(mark) for mark in _marks(text)) * module


def draw_bars(canvas: Canvas, text: str, x: float, y: float, size: tuple[float, float]) -> None:
    """Draw a Code 39 bar code below and right of (x, y); `size` is a thin bar's and the height."""
    module, height = size
    for mark in _marks(text):
        wide = _thickness(mark) * module
        if mark.lower() == "b":
            canvas.fill(x, y, x + wide - 0.08, y + height, 0)  # a filled edge is a pixel wide
        x += wide


def _marks(text: str) -> str:
    """Bars and spaces of a Code 39 bar code: `b` and `s`, `B` and `S` for wide ones."""
    code = code39.Standard39(text, checksum=0)
    code.validate()
    code.encode()
    code.decompose()
    return str(code.decomposed).replace("i", "s")


def _thickness(mark: str) -> float:
    return 2.2 if mark.isupper() else 1.0


def draw_qr(canvas: Canvas, text: str, x: float, y: float, side: float) -> None:
    """Draw a QR code in a square with its top left corner at (x, y), quiet zone included."""
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    count = code.getModuleCount()
    module = side / (count + 2 * _QUIET)
    for row in range(count):
        first = None
        for column in range(count + 1):
            dark = column < count and code.isDark(row, column)
            if dark and first is None:
                first = column
            elif not dark and first is not None:
                left, top = x + (first + _QUIET) * module, y + (row + _QUIET) * module
                canvas.fill(left, top, x + (column + _QUIET) * module - 0.06, top + module, 0)
                first = None

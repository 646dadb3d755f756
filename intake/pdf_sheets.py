"""A page of a PDF as received becomes a page of ours. Runs in the decoding child only.

The page is taken over with its content as it is. What must not come along (annotations, scripts,
layers, text that reading did not believe) is left out, and then both pages are rendered: only if
they look the same to the pixel does the copy stand for the original. Otherwise the page is drawn,
as reading saw it.
"""

import io
from dataclasses import dataclass
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name
from PIL import Image

from intake import image_sheets, one_page, pdfs

_KEPT = ("/Type", "/Contents", "/Resources", "/MediaBox", "/UserUnit", "/Group")
_LOOK_DPI = 100
_LOOK_PIXELS = 16_000_000
_DEEPEST_FORM = 8
_TEXT = frozenset(("Tf", "Tj", "TJ", "'", '"'))
# Marked content can carry its own wording (ActualText), which is copied instead of the page's.
_MARKS = frozenset(("BMC", "BDC", "EMC", "MP", "DP"))


def page(
    data: bytes, *, index: int, width: int, height: int, dpi: int, own_text: int, max_pixels: int
) -> tuple[dict[str, Any], bytes]:
    """Take one page over, or draw it where its copy would not look the same.

    Args:
        data: the PDF.
        index: which page.
        width: pixels of the page as reading rendered it.
        height: pixels.
        dpi: its resolution then.
        own_text: 1 = the page's text is believed and stays, 0 = it goes.
        max_pixels: of a page that is drawn.

    Raises:
        RejectedInput: as `pdfs.render`, where the page can neither be taken over nor drawn.
    """
    try:
        taken = _taken_over(data, index, bool(own_text))
    except Exception:  # noqa: BLE001  (hostile bytes raise anything; the page can still be drawn)
        taken = None
    if taken:
        pdf, conforming, how = taken
        return {"how": how, "conforming": conforming}, pdf
    facts, pixels = pdfs.render(data, index=index, max_pixels=max_pixels)
    image = Image.frombytes(facts["mode"], (facts["width"], facts["height"]), pixels)
    size = (width * 72 / dpi, height * 72 / dpi)
    pdf, conforming = one_page.with_picture(image_sheets.as_file(image), size)
    return {"how": "drawn", "conforming": conforming}, pdf


def _taken_over(data: bytes, index: int, own_text: bool) -> tuple[bytes, bool, str] | None:
    """Return the page alone in a PDF, whether that is PDF/A, and whether words were taken out.

    None where it would look otherwise.
    """
    how = "page"
    look = _look(data, index)
    with pikepdf.open(io.BytesIO(data)) as source, pikepdf.new() as pdf:
        theirs = source.pages[index].obj
        kept = Dictionary({key: theirs[key] for key in _KEPT if key in theirs})
        ours = pdf.copy_foreign(source.make_indirect(kept))
        ours.CropBox = Array(look.box)
        ours.Rotate = look.rotate
        pdf.pages.append(pikepdf.Page(ours))
        pdf.remove_unreferenced_resources()
        letters = 0 if own_text else _letters(_saved(pdf))
        if letters or (not own_text and _has_fonts(pdf.pages[0].obj)):
            how = "cleared" if letters else how
            _take_text_away(pdf, pdf.pages[0].obj)
        elif own_text:
            _name_another_for_unused_fonts(pdf.pages[0].obj)
        pdf_bytes, conforming = one_page.finished(pdf)
    if not own_text and _letters(pdf_bytes):
        return None
    return (pdf_bytes, conforming, how) if _look(pdf_bytes, 0) == look else None


@dataclass(frozen=True, slots=True)
class _Look:
    """What a viewer shows of a page (`box`, in points, turned by `rotate`), as pixels."""

    box: tuple[float, ...]
    rotate: int
    width: int
    height: int
    pixels: bytes


def _has_fonts(owner: pikepdf.Object) -> bool:
    return Name.Font in owner.get(Name.Resources, Dictionary())


def _saved(pdf: pikepdf.Pdf) -> bytes:
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


def _look(data: bytes, index: int) -> _Look:
    """Render a page as a viewer shows it, form values and annotations included."""
    with pdfs.opened(data) as document:
        document.init_forms()
        shown = document[index]
        width, height = shown.get_size()
        scale = min(_LOOK_DPI / 72, (_LOOK_PIXELS / (width * height)) ** 0.5)
        bitmap = shown.render(scale=scale)
        box = tuple(round(side, 4) for side in shown.get_bbox())
        pixels = bytes(bitmap.buffer)
        return _Look(box, shown.get_rotation(), bitmap.width, bitmap.height, pixels)


def _letters(data: bytes) -> int:
    """Return how many letters can be copied from the first page of a PDF."""
    with pdfs.opened(data) as document:
        text: pdfium.PdfTextPage = document[0].get_textpage()
        return int(text.count_chars())


def _take_text_away(pdf: pikepdf.Pdf, owner: pikepdf.Object, depth: int = 0) -> None:
    """Leave text and wordings out of a page's content, and out of the forms that it draws."""
    content = pikepdf.unparse_content_stream(
        [
            instruction
            for instruction in pikepdf.parse_content_stream(owner)
            if str(instruction.operator) not in _TEXT | _MARKS
        ]
    )
    if isinstance(owner, pikepdf.Stream):
        owner.write(content)
    else:
        owner.Contents = pdf.make_stream(content)
    resources = owner.get(Name.Resources, Dictionary())
    if Name.Font in resources:
        del resources[Name.Font]
    if depth == _DEEPEST_FORM:
        return
    for drawn in resources.get(Name.XObject, Dictionary()).values():
        if drawn.get(Name.Subtype) == Name.Form:
            _take_text_away(pdf, drawn, depth + 1)


def _name_another_for_unused_fonts(page: pikepdf.Object) -> None:
    """Have fonts that are selected but write nothing named for one that does.

    Some programs select Helvetica on every page and never use it; that it is not embedded would
    cost the page its PDF/A. The content stays as it is.
    """
    resources = page.get(Name.Resources, Dictionary())
    fonts = resources.get(Name.Font, Dictionary())
    drawn = resources.get(Name.XObject, Dictionary()).values()
    writing = _fonts_that_write(page) & set(fonts.keys())
    if writing and not any(item.get(Name.Subtype) == Name.Form for item in drawn):
        for name in set(fonts.keys()) - writing:
            fonts[name] = fonts[min(writing)]


def _fonts_that_write(page: pikepdf.Object) -> set[str]:
    writing: set[str] = set()
    current = ""
    saved: list[str] = []
    for instruction in pikepdf.parse_content_stream(page, "q Q Tf Tj TJ ' \""):
        operator = str(instruction.operator)
        if operator == "q":
            saved.append(current)
        elif operator == "Q":
            current = saved.pop() if saved else ""
        elif operator == "Tf":
            current = str(instruction.operands[0])
        else:
            writing.add(current)
    return writing

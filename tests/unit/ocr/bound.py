"""Pages of known words bound into a PDF, and what programs then get out of it."""

import io
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pdfplumber
import pikepdf
import pypdfium2
from pikepdf import Array, Name, pdfa

from ocr.searchable_pdf import About, Bound, SheetPage, bind
from records.values import Box, Line, PageText, Word

ABOUT = About("처방전 · Prescription", "d-" + "a" * 26, "b-" + "b" * 26)
DPI = 300
SIZE = (2480, 3508)
WORDS = (
    "누리내과의원 TEL 02-123-4567",
    "성명 김하늘 (金하늘) 남/45세",
    "혈압 120/80 mmHg ± 5, 체온 36.5℃ 이상",
    "𠮷野家 𝒳 😀 ☑ ★ 「비고」 약 3일분",
    "상기 환자는 기침과 발열로 내원하였음",
    "Total amount: 1,234,000원 (VAT 포함)",
)


def text_of(
    lines: Sequence[str] = WORDS, rotation: int = 0, skew: float = 0.0, size: int = 50
) -> PageText:
    """A page of lines, each word's box as wide as its letters and a little irregular in height."""
    made = []
    for row, line in enumerate(lines):
        x, y = 200, 300 + 180 * row
        words = []
        for place, word in enumerate(line.split()):
            wide = sum(size if ord(letter) > 0x2E80 else size // 2 for letter in word)
            drop = round(x * skew / 57.3)
            top = y + drop + place % 3 * 4
            words.append(Word(word, Box(x, top, x + wide, top + size - place % 2 * 6), 0.9))
            x += wide + size // 2
        made.append(Line(tuple(words)))
    return PageText(
        "p-" + "c" * 26, *SIZE, DPI, rotation, skew, tuple(made), source="ocr", engine="made 1"
    )  # fmt: skip


def sheet(text: PageText, own_rotate: int = 0) -> bytes:
    """A PDF of one empty page, as it was received: turned by the text's rotation."""
    width, height = (side * 72 / DPI for side in (text.width, text.height))
    if (text.rotation - own_rotate) % 180:
        width, height = height, width
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(width, height))
    pdf.pages[0].obj[Name.CropBox] = Array([0, 0, round(width, 4), round(height, 4)])
    pdf.pages[0].obj[Name.Rotate] = own_rotate
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


@dataclass(frozen=True)
class Made:
    """A bound PDF, and what was said of it."""

    file: Path
    bound: Bound

    def lines_by(self, program: str) -> list[str]:
        """The lines that a program copies from it."""
        return [line.strip() for line in TOLD_BY[program](self.file).splitlines() if line.strip()]


def made(folder: Path, *texts: PageText) -> Made:
    """Bind pages of words into a PDF."""
    file = folder / "made.pdf"
    return Made(file, bind(file, ABOUT, [SheetPage(text, sheet(text)) for text in texts]))


def _poppler(file: Path) -> str:
    command = ["pdftotext", "-raw", str(file), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def _pdfplumber(file: Path) -> str:
    with pdfplumber.open(file) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


def _pdfium(file: Path) -> str:
    with pypdfium2.PdfDocument(file) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


TOLD_BY = {"poppler": _poppler, "pdfplumber": _pdfplumber, "pdfium": _pdfium}


def findings(file: Path) -> list[str]:
    """What pikepdf's validator, which knows veraPDF's rules, has against a PDF/A.

    It knows level B only; level U asks besides that every letter has its Unicode value.
    """
    data = file.read_bytes().replace(b">U</pdfaid:", b">B</pdfaid:")
    report = pdfa.validate_written(io.BytesIO(data), "2b")
    return [f"{found.rule} {found.message}" for found in report.findings]

"""Words laid invisibly on pages: every program copies and finds them, at their place."""

import io
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pdfplumber
import pikepdf
import pypdfium2
import pytest

from ocr.glyphless_font import Alphabet
from ocr.searchable_pdf import SheetPage, bind
from records.values import Box, Line, Word
from tests.unit.ocr.bound import (
    ABOUT,
    DPI,
    TOLD_BY,
    WORDS,
    findings,
    made,
    sheet,
    text_of,
)

ROOT = Path(__file__).parents[3]
PROGRAMS = sorted(TOLD_BY)
TURNS = (0, 90, 180, 270)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("rotation", TURNS)
def test_words_come_out_as_they_went_in(program: str, rotation: int, tmp_path: Path) -> None:
    """Hangul, Hanja, Latin, symbols and letters outside the basic plane, line by line."""
    pdf = made(tmp_path, text_of(rotation=rotation))

    assert pdf.lines_by(program) == list(WORDS)


@pytest.mark.parametrize("program", PROGRAMS)
def test_words_of_a_leaning_page_come_out(program: str, tmp_path: Path) -> None:
    """A page that leans by a degree gives every word whole and in order."""
    pdf = made(tmp_path, text_of(skew=1.0))

    assert " ".join(pdf.lines_by(program)).split() == " ".join(WORDS).split()


@pytest.mark.parametrize("phrase", ["김하늘 (金하늘)", "기침과 발열로", "amount: 1,234,000원"])
def test_a_phrase_is_found_across_words(phrase: str, tmp_path: Path) -> None:
    """Chromium's engine finds words that stand beside each other as they are typed."""
    pdf = made(tmp_path, text_of())

    with pypdfium2.PdfDocument(pdf.file) as document:
        found = document[0].get_textpage().search(phrase).get_next()

    assert found is not None


@pytest.mark.parametrize("rotation", TURNS)
@pytest.mark.parametrize("own_rotate", TURNS)
@pytest.mark.parametrize("skew", [0.0, 1.5])
def test_words_lie_on_their_print(
    rotation: int, own_rotate: int, skew: float, tmp_path: Path
) -> None:
    """On the page as a viewer shows it, each word covers its box."""
    text = text_of(rotation=rotation, skew=skew)
    file = tmp_path / "turned.pdf"
    bind(file, ABOUT, [SheetPage(text, sheet(text, own_rotate))])

    with pdfplumber.open(file) as pdf:
        page = pdf.pages[0]
        assert (round(page.width), round(page.height)) == (595, 842)
        found = {word["text"]: word for word in page.extract_words()}
    for word in (word for line in text.lines for word in line.words):
        here = found[word.text]
        left, right = here["x0"] * DPI / 72, here["x1"] * DPI / 72
        shared = min(right, word.box.x1) - max(left, word.box.x0)
        assert shared / (max(right, word.box.x1) - min(left, word.box.x0)) >= 0.7
        middle = (here["top"] + here["bottom"]) / 2 * DPI / 72
        assert word.box.y0 < middle < word.box.y1


def test_words_that_touch_stay_two(tmp_path: Path) -> None:
    """Words whose boxes overlap a little are not taken for one."""
    words = (Word("면허번호", Box(200, 300, 400, 350)), Word("105196호", Box(395, 300, 600, 350)))
    pdf = made(tmp_path, replace(text_of(), lines=(Line(words),)))

    assert {tuple(pdf.lines_by(program)) for program in PROGRAMS} == {("면허번호 105196호",)}


def test_letters_that_are_none_are_left_out(tmp_path: Path) -> None:
    """Controls and halves of pairs, which no PDF/A may hold, do not cost the word."""
    words = (Word("가\x00나\ud800다\ufeff", Box(200, 300, 400, 350)),)
    pdf = made(tmp_path, replace(text_of(), lines=(Line(words),)))

    assert pdf.lines_by("pdfium") == ["가나다"]
    assert findings(pdf.file) == []


def test_nothing_is_seen_of_the_words(tmp_path: Path) -> None:
    """The page looks as it did without them, even to a viewer that ignores invisibility."""
    pdf = made(tmp_path, text_of())
    data = pdf.file.read_bytes()

    with pikepdf.open(pdf.file) as document:
        words = document.pages[0].Contents[0].read_bytes()
        document.pages[0].Contents[0].write(words.replace(b"3 Tr", b"0 Tr"))
        document.save(tmp_path / "shown.pdf")
    for shown in (data, (tmp_path / "shown.pdf").read_bytes()):
        with pypdfium2.PdfDocument(shown) as document:
            assert document[0].render(grayscale=True).to_numpy().min() == 255


def test_it_is_a_pdf_a(tmp_path: Path) -> None:
    """The validator finds nothing; level U is declared, and every letter has its Unicode value."""
    pdf = made(tmp_path, text_of(), text_of(rotation=90))

    assert findings(pdf.file) == []
    with pikepdf.open(pdf.file) as document, document.open_metadata() as told:
        assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "U")
        font = document.pages[0].Resources.Font.GiroksilText
        letters = {letter for line in WORDS for letter in line}
        told_letters = font.ToUnicode.read_bytes().split(b"endcodespacerange")[1]
        assert told_letters.count(b"> <") == len(letters)


def test_a_page_that_is_none_costs_the_name(tmp_path: Path) -> None:
    """A document with a page that PDF/A does not allow does not call itself PDF/A."""
    text = text_of()
    file = tmp_path / "other.pdf"

    bound = bind(file, ABOUT, [SheetPage(text, sheet(text), conforming=False)])

    assert not bound.conforming
    assert b"pdfaid" not in file.read_bytes()


def test_it_says_what_it_is_and_of_whom_nothing(tmp_path: Path) -> None:
    """Kind in both languages, ids, engine, creator; no date, and no word of the page."""
    pdf = made(tmp_path, text_of())

    with pikepdf.open(pdf.file) as document, document.open_metadata() as told:
        assert told["dc:title"] == str(document.docinfo.Title) == ABOUT.title
        assert told["dc:identifier"] == ABOUT.document
        assert told["dc:source"] == ABOUT.batch
        assert "made 1" in told["dc:description"]
        assert "Giroksil" in str(document.docinfo.Creator)
        everything = " ".join(f"{key} {told[key]}" for key in told) + str(document.docinfo)
    assert "Date" not in everything
    assert "김하늘" not in everything


def test_it_says_which_pages_are_not_as_they_came(tmp_path: Path) -> None:
    """Pages drawn, and pages that lost words nobody saw, are named by number."""
    text = text_of()
    hows = ("page", "cleared", "drawn")
    file = tmp_path / "mixed.pdf"

    bind(file, ABOUT, [SheetPage(text, sheet(text), how=how) for how in hows])

    with pikepdf.open(file) as document:
        subject = str(document.docinfo.Subject)
    assert "hidden words were taken out: 2" in subject
    assert "drawn as pixels: 3" in subject


def test_same_pages_same_bytes(tmp_path: Path) -> None:
    """Two runs write the same file: no random id, no date."""
    first = made(tmp_path, text_of(), text_of(rotation=180)).file.read_bytes()

    assert made(tmp_path, text_of(), text_of(rotation=180)).file.read_bytes() == first


def test_a_page_that_could_not_be_made_is_seen_to_be_absent(tmp_path: Path) -> None:
    """A crossed-out sheet stands in its place and says so; the other pages are there."""
    text = text_of()
    file = tmp_path / "gap.pdf"
    pages = [SheetPage(text, sheet(text)), SheetPage(text, None), SheetPage(text, sheet(text))]

    bound = bind(file, ABOUT, pages)

    assert (bound.pages, bound.absent) == (3, (2,))
    assert findings(file) == []
    with pypdfium2.PdfDocument(file) as document:
        assert "could not be included" in document[1].get_textpage().get_text_range()
        assert document[1].render(grayscale=True).to_numpy().min() < 255
        assert WORDS[0] in document[2].get_textpage().get_text_range()
    with pikepdf.open(file) as document:
        assert "could not be included: 2" in str(document.docinfo.Subject)


def test_a_long_document_is_bound_in_parts(tmp_path: Path) -> None:
    """More pages than are held at once: all there, in order, each with its words, and PDF/A."""
    texts = [text_of([f"쪽 번호 {number}"]) for number in range(14)]
    file = tmp_path / "long.pdf"

    bind(file, ABOUT, (SheetPage(text, heavy(sheet(text))) for text in texts))

    with pypdfium2.PdfDocument(file) as document:
        told = [page.get_textpage().get_text_range() for page in document]
    assert told == [text.text for text in texts]
    assert file.stat().st_size > 40 << 20
    assert findings(file) == []
    assert [entry.name for entry in tmp_path.iterdir()] == ["long.pdf"]


def heavy(pdf: bytes) -> bytes:
    """Put a picture of three megabytes, unlike any other, on a page."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        picture = document.make_stream(
            os.urandom(3 << 20), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image,
            Width=1024, Height=3072, BitsPerComponent=8, ColorSpace=pikepdf.Name.DeviceGray,
        )  # fmt: skip
        document.pages[0].add_resource(picture, pikepdf.Name.XObject, pikepdf.Name("/Im0"))
        document.pages[0].Contents = document.make_stream(b"q 500 0 0 700 0 0 cm /Im0 Do Q")
        target = io.BytesIO()
        document.save(target)
        return target.getvalue()


def test_what_pages_share_is_kept_once(tmp_path: Path) -> None:
    """Two pages with the same picture do not hold it twice."""
    text = text_of()
    same = heavy(sheet(text))
    file = tmp_path / "shared.pdf"

    bind(file, ABOUT, [SheetPage(text, same), SheetPage(text, same)])

    assert file.stat().st_size < 4 << 20


def test_failing_it_leaves_no_half_file(tmp_path: Path) -> None:
    """Where pages stop coming with an error, neither the file nor anything else is there."""
    text = text_of()

    def pages() -> Iterator[SheetPage]:
        yield SheetPage(text, sheet(text))
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        bind(tmp_path / "half.pdf", ABOUT, pages())
    assert list(tmp_path.iterdir()) == []


def test_killed_it_leaves_nothing(tmp_path: Path) -> None:
    """Killed after a part was put aside, it leaves no file, not even a temporary one."""
    program = """
        import os, sys
        from pathlib import Path
        from ocr.searchable_pdf import SheetPage, bind
        from tests.unit.ocr.bound import ABOUT, sheet, text_of
        from tests.unit.ocr.test_searchable_pdf import heavy
        def pages():
            for _ in range(14):
                yield SheetPage(text_of(), heavy(sheet(text_of())))
            print("killed", flush=True)
            os.kill(os.getpid(), 9)
        bind(Path(sys.argv[1]) / "killed.pdf", ABOUT, pages())
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120, check=False)

    assert (done.returncode, done.stdout) == (-9, b"killed\n"), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_alphabet_has_an_end() -> None:
    """More characters than a font can hold are refused, not written wrongly."""
    alphabet = Alphabet()
    alphabet.encode("".join(map(chr, range(0x20000, 0x20000 + 65_535))))

    with pytest.raises(OverflowError):
        alphabet.encode("가")

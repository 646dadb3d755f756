"""Pages for tuning and pages for measuring share nothing that would flatter a reader."""

import io
import random
import re
import subprocess
from pathlib import Path

import pdfplumber
import pytest

from tests.makers.canvas import PdfBook, SketchCanvas
from tests.makers.case import make_case
from tests.makers.documents import MAKERS, NAMED, layouts_of
from tests.makers.fonts import FAMILIES, Face
from tests.makers.layouts.flow import lay_out
from tests.makers.layouts.styles import LAYOUTS, make_layout
from tests.makers.pages import make_content, make_page, make_pdf_pages
from tests.makers.parts import Part
from tests.unit.made_truth import date_is_printed, ink_in_boxes, overlaps, printed, squeezed

ROOT = Path(__file__).parents[2]
MEASURED = [(kind, layout) for kind in MAKERS for layout in layouts_of(kind, "test")]


class FaceCanvas(SketchCanvas):
    """A page that draws nothing and remembers which families it was asked to draw with."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__(width, height)
        self.families: set[str] = set()

    def text(self, x: float, y: float, text: str, face: Face, *, grey: int = 0) -> None:
        self.families |= {face.having(letter).family for letter in text}

    def stack(self, x: float, y: float, text: str, face: Face) -> None:
        self.families |= {face.having(letter).family for letter in text}

    def ornament(self, x: float, y: float, letters: str, face: Face) -> None:
        self.families |= {face.having(letter).family for letter in letters}


def families_drawn(layout: str, part: Part, *, embeddable: bool) -> set[str]:
    drawn: set[str] = set()
    for seed in range(25):
        content, _ = make_content(
            "prescription", layout, make_case("prescription", seed, part=part), part=part
        )
        setting = make_layout(layout, random.Random(seed), embeddable=embeddable)
        for page in lay_out(content, setting, FaceCanvas):
            assert isinstance(page.canvas, FaceCanvas)
            drawn |= page.canvas.families
    return drawn


def test_every_kind_has_layouts_for_tuning_and_for_measuring() -> None:
    """Each kind can be made in five layouts or more for tuning, and in three that none has seen."""
    counts = {k: (len(layouts_of(k, "tuning")), len(layouts_of(k, "test"))) for k in MAKERS}

    assert {k: n for k, n in counts.items() if n[0] < 5 or n[1] < 3} == {}


def test_parts_share_no_layout() -> None:
    """A layout belongs to one part, and each kind has layouts of its own part only."""
    assert set(LAYOUTS["tuning"]) & set(LAYOUTS["test"]) == set()
    for part in ("tuning", "test"):
        for kind in MAKERS:
            assert set(layouts_of(kind, part)) <= set(LAYOUTS[part])


def test_letters_of_one_pitch_take_one_column_or_two() -> None:
    """In such a family a Hangul syllable is exactly as wide as two digits."""
    pitched = [name for name, family in FAMILIES.items() if family.pitched]

    assert {FAMILIES[name].part for name in pitched} == {"tuning", "test"}
    for name in pitched:
        face = Face(name, 10)
        assert face.width("가") == face.width("힣") == face.width("00")
        assert face.width("i") == face.width("W") == face.width("0")


@pytest.mark.parametrize("part", ["tuning", "test"])
def test_parts_share_no_font(part: Part) -> None:
    """Whatever is drawn, in pixels or in a PDF, is drawn with families of its own part."""
    drawn = {
        name
        for layout in LAYOUTS[part]
        for embeddable in (False, True)
        for name in families_drawn(layout, part, embeddable=embeddable)
    }

    assert {FAMILIES[name].part for name in drawn} == {part}
    assert len(drawn) >= 6


def test_the_demo_needs_no_font_of_the_test_part() -> None:
    """Fonts of the tuning part come with what the demo installs; all others with the tests'."""
    listed: dict[str, set[str]] = {"run": set(), "test": set()}
    for group, names in listed.items():
        script = 'eval "$(sed -n "/^packages_of()/,/^}/p" infra/setup.sh)"; packages_of ' + group
        shown = subprocess.run(
            ["bash", "-c", script], cwd=ROOT, check=True, capture_output=True, text=True
        )
        names |= set(shown.stdout.split())
    needed = {
        part: {family.package for family in FAMILIES.values() if family.part == part}
        for part in ("tuning", "test")
    }

    assert needed["tuning"] <= listed["run"]
    assert needed["test"] <= listed["run"] | listed["test"]


def test_the_test_part_makes_the_same_page_again_and_never_one_of_tuning() -> None:
    """Same arguments give equal pixels and truth; the other part gives another patient."""
    one, again = (make_page("referral_letter", None, 8, "severe", part="test") for _ in range(2))
    tuning = make_page("referral_letter", None, 8, "severe")

    assert [page.image.tobytes() for page in one] == [page.image.tobytes() for page in again]
    assert [page.truth for page in one] == [page.truth for page in again]
    assert one[0].truth.part == "test"
    assert tuning[0].truth.part == "tuning"
    assert one[0].truth.fields["resident_number"] != tuning[0].truth.fields["resident_number"]
    assert one[0].truth.document != tuning[0].truth.document


def test_a_blank_is_scanned_otherwise_in_each_part() -> None:
    """The streams of blank pages are kept apart as well."""
    (tuning,), (test,) = (make_page("blank", None, 5, "medium", part=p) for p in ("tuning", "test"))

    assert tuning.image.tobytes() != test.image.tobytes()
    assert tuning.truth.flags[0] == test.truth.flags[0] == "blank"


def test_a_part_refuses_what_belongs_to_the_other() -> None:
    """A layout or a case of the other part is an error, not a silent mixture."""
    with pytest.raises(ValueError, match="statutory in the part test"):
        make_page("lab_result", "statutory", 1, part="test")
    with pytest.raises(ValueError, match="old_form in the part tuning"):
        make_page("lab_result", "old_form", 1)
    with pytest.raises(ValueError, match="dense in the part test"):
        make_page("lab_result", "dense", 1, part="test")
    with pytest.raises(ValueError, match="word_document in the part tuning"):
        make_page("lab_result", "word_document", 1)
    with pytest.raises(ValueError, match="case of the part tuning"):
        make_page("lab_result", None, 1, case=make_case("lab_result", 1), part="test")


def test_seeds_of_the_test_part_choose_among_all_its_layouts() -> None:
    """Without a layout every one that the kind has in the part turns up."""
    chosen = {
        make_content(
            "nursing_record", None, make_case("nursing_record", n, part="test"), part="test"
        )[1]
        for n in range(40)
    }

    assert chosen == set(layouts_of("nursing_record", "test"))


def test_seeds_of_tuning_choose_among_the_first_layouts_only() -> None:
    """Layouts for tuning that came later are used where they are named; other pages stay."""
    chosen = {
        make_content("prescription", None, make_case("prescription", n))[1] for n in range(40)
    }

    assert chosen == {"statutory", "emr_print", "slip"}
    assert set(layouts_of("prescription", "tuning")) == {*chosen, *NAMED}
    assert make_page("prescription", "dense", 1)[0].truth.layout == "dense"


@pytest.mark.parametrize(("kind", "layout"), MEASURED)
def test_pages_of_the_test_part_show_their_truth(kind: str, layout: str) -> None:
    """Words lie beside each other, each on its ink, and every field of a page is printed on it."""
    for seed in (1, 2):
        for page in make_page(kind, layout, seed, "clean", part="test"):
            truth = page.truth
            text = squeezed(truth.text)
            boxes = [word.box for line in truth.lines for word in line.words]

            assert boxes
            assert all(0 <= b.x0 < b.x1 <= page.image.width for b in boxes)
            assert all(0 <= b.y0 < b.y1 <= page.image.height for b in boxes)
            assert list(overlaps(truth)) == []
            assert ink_in_boxes(page) == []
            assert {shown for shown in printed(truth) if shown not in text} == set()
            for key, value in truth.fields.items():
                if key.endswith("_date"):
                    assert date_is_printed(str(value), truth.text), key
            codes = truth.fields.get("disease_codes", [])
            assert isinstance(codes, list)
            for code in codes:
                assert code.replace(".", "") in text.replace(".", "")


def test_a_merged_cell_is_one_word_read_from_top_to_bottom() -> None:
    """Letters that stand one under another are a word before the rows beside which it stands."""
    upright = [
        (line.words[0], truth.lines[number + 1])
        for seed in range(8)
        for truth in [make_page("referral_letter", "old_form", seed, "clean", part="test")[0].truth]
        for number, line in enumerate(truth.lines)
        if line.text == "인적사항"
    ]

    assert upright
    for word, row in upright:
        assert word.box.y1 - word.box.y0 > 3 * (word.box.x1 - word.box.x0)
        assert word.box.x1 < row.words[0].box.x0
        assert row.words[0].box.y1 < word.box.y1


def test_panels_of_a_screen_are_read_one_after_the_other() -> None:
    """Reading goes up only to a panel at the right of all that was read at its height or below."""
    jumps = 0
    for seed in range(12):
        (page,) = make_page("medical_opinion", "screen_print", seed, "clean")
        boxes = [[word.box for word in line.words] for line in page.truth.lines]
        for number in range(1, len(boxes)):
            start = boxes[number][0]
            if start.y1 < boxes[number - 1][0].y0:
                jumps += 1
                beside = [b for line in boxes[:number] for b in line if b.y1 > start.y0]
                assert max(box.x1 for box in beside) < start.x0

    assert jumps > 2


def test_each_page_of_a_screen_ends_with_its_number() -> None:
    """The status line says when and by whom a page was printed, and which of all pages it is."""
    case = make_case("medical_record", 3, long=True)
    pages = make_page("medical_record", "screen_print", 3, "clean", case=case)

    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        last = page.truth.lines[-1].text
        assert last.startswith("출력일시 : ")
        assert re.search(rf"{number}( ?/ ?| of ){len(pages)}", last)


def test_handwritten_cards_are_flagged() -> None:
    """Cards that were filled in by hand say so, cards that were typed do not."""
    flags = {
        make_page("prescription", "chart_card", seed, "clean", 200, part="test")[0].truth.flags
        for seed in range(12)
    }

    assert flags == {(), ("handwriting",)}


@pytest.mark.parametrize(
    ("kind", "layout"),
    [
        (kind, layout)
        for kind in ("diagnosis_certificate", "medical_record")
        for layout in LAYOUTS["test"]
    ],
)
def test_pdf_of_the_test_part_has_the_text_layer_that_its_truth_says(
    kind: str, layout: str
) -> None:
    """Words of a born-digital page can be read out of that page, ticked boxes among them."""
    book = PdfBook()
    case = make_case(kind, 5, long=True, part="test")
    truths = make_pdf_pages(book, kind, layout, 5, case=case, part="test")
    with pdfplumber.open(io.BytesIO(book.close())) as pdf:
        texts = [squeezed(page.extract_text()) for page in pdf.pages]

    assert len(texts) == len(truths)
    assert (len(truths) > 1) == (kind == "medical_record")
    for truth, text in zip(truths, texts, strict=True):
        level = [  # upright labels come out letter by letter
            word.text
            for line in truth.lines
            for word in line.words
            if word.box.y1 - word.box.y0 < 1.5 * (word.box.x1 - word.box.x0)
        ]
        assert len(level) > 20
        assert [word for word in level if word not in text] == []

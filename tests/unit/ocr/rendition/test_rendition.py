"""Renditions: everything that a row or message says, in its kind's form, said to be no original."""

import datetime as dt
import io
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from ocr.rendition.forms import load_forms
from ocr.rendition.page_frame import NOTICE, NOTICE_ENGLISH, TAG, Origin
from ocr.rendition.rendition import rendition
from records.emr_mapping import FIELDS
from records.taxonomy import load_taxonomy
from records.values import Box, Document, Field, Line, PageText, SourcePart, Word
from tests.unit.ocr.bound import findings

ORIGIN = Origin(
    "emr/진료내역 2019.zip!/내보내기/visits.csv", "3번째 행 row 3", "0123456789abcdef" * 4,
    dt.date(2026, 11, 26), "기록실 Giroksil 0.1.0, 서식 배치 layouts 1",
)  # fmt: skip
DRUG = {"name": "세파클러캡슐250밀리그램", "dose": "1.5정", "times": 3, "days": 14, "route": "경구"}
RESULT = {"name": "혈색소", "value": "11.2", "unit": "g/dL", "range": "12.0-16.0", "flag": "L"}
KINDS = [kind.code for kind in load_taxonomy().issuable]


def document(kind: str, fields: Mapping[str, object]) -> Document:
    made = {
        key: Field(value, f"적힌 {key}", 0.99)  # type: ignore[arg-type]
        for key, value in fields.items()
    }
    return Document(
        "d-" + "a" * 26, "b-" + "b" * 26, "t", ("p",), kind, 0.98, 0.99, made, origin="emr"
    )


def page_of(lines: Iterable[str], parts: tuple[SourcePart, ...] = ()) -> PageText:
    words = (Line(tuple(Word(word, Box(0, 0, 0, 0)) for word in line.split(" "))) for line in lines)
    return PageText("p", 0, 0, None, 0, 0.0, tuple(words), source="row", parts=parts)


def bare(text: str) -> str:
    return "".join(text.split())


def pages_by_pdfium(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def text_by_poppler(data: bytes) -> str:
    told = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True
    )
    return told.stdout.decode()


def every_field() -> dict[str, object]:
    """A value for each field that a row or a message may give."""
    fields: dict[str, object] = {key: f"값{place}{key}" for place, key in enumerate(FIELDS)}
    fields |= {key: f"2019-03-{place:02}" for place, key in enumerate(FIELDS, 1) if "date" in key}
    fields |= {"total_amount": 1_234_500, "patient_amount": 370_300, "sex": "F"}
    fields |= {
        "disease_codes": ["I10.0", "J18.9"],
        "diagnoses": ["본태성 고혈압", "상세불명의 폐렴"],
    }
    return fields | {
        "drugs": [DRUG, "시럽 20mL 하루 세 번"],
        "lab_rows": [RESULT],
        "unknown_key": "덧붙은 값",
    }


@pytest.mark.parametrize("kind", [*KINDS, "patient_register", "none"])
def test_whatever_a_record_says_stands_in_the_text(kind: str, tmp_path: Path) -> None:
    """Every field's value, every line with or without a place in the form, in each kind's form."""
    fields = every_field()
    announced = [
        f"{label}: 줄{place}의 값"
        for place, cell in enumerate(load_forms().cells.values())
        for label in sorted(cell.lines)[:1]
    ]
    lines = [*announced, "처음 보는 항목: 그 값", "[항목]: 경과", "아무 표시 없는 글 한 줄"]
    lines += ["환자명: 적힌 patient_name", "처방: 적힌 drugs"]
    page = page_of(lines, (SourcePart("entry[3].Encounter", "f" * 64),))

    data = rendition(document(kind, fields), [page], ORIGIN)

    told = [bare("".join(pages_by_pdfium(data))), bare(text_by_poppler(data))]
    wanted = [str(part) for value in fields.values() if isinstance(value, str) for part in [value]]
    wanted += ["1,234,500원", "370,300원", "I10.0", "J18.9", "본태성 고혈압", "상세불명의 폐렴"]
    wanted += [str(value) for row in (DRUG, RESULT) for value in row.values()]
    wanted += ["시럽 20mL 하루 세 번", "entry[3].Encounter", "f" * 64]
    wanted += [line.partition(": ")[2] for line in lines if ": " in line]
    wanted += ["처음 보는 항목", "아무 표시 없는 글 한 줄", load_taxonomy().name(kind)]
    assert [want for want in wanted for text in told if bare(want) not in text] == []
    (tmp_path / "made.pdf").write_bytes(data)
    assert findings(tmp_path / "made.pdf") == []


def test_each_kind_that_is_issued_has_a_form_of_its_own() -> None:
    """None of the kinds that a patient may be given falls back on the common form."""
    assert set(KINDS) <= set(load_forms().by_kind)


def test_a_long_value_flows_over_pages_and_each_says_what_it_is() -> None:
    """Not a letter is cut; each page names itself a rendition, its original, place, day, maker."""
    story = " ".join(f"{number}번째 날 기침과 열이 있었음." for number in range(2_000))
    endless = "끝없는낱말" * 2_000
    fields = {"diagnoses": [endless], "patient_name": "김가나"}

    data = rendition(document("medical_record", fields), [page_of([f"현병력: {story}"])], ORIGIN)

    pages = pages_by_pdfium(data)
    assert len(pages) > 10
    for number, page in enumerate(pages, 1):
        text = bare(page)
        for said in (
            NOTICE, NOTICE_ENGLISH, TAG, ORIGIN.file, ORIGIN.place, ORIGIN.sha256, "2026-11-26",
            ORIGIN.program, f"{number}/{len(pages)}",
        ):  # fmt: skip
            assert bare(said) in text
    # What stands between a page's head and foot is written before them.
    body = "".join(bare(page).split(bare(f"{number}/{len(pages)}"))[0]
                   for number, page in enumerate(pages, 1))  # fmt: skip
    heads = ("원본아님RENDITION", "진료기록부김가나")
    for head in heads:
        body = body.replace(head, "")
    assert bare(story) in body
    assert endless in body


def test_the_same_record_gives_the_same_bytes() -> None:
    """Made again on the same day by the same version, a rendition is the same file."""
    made = document("prescription", every_field())

    assert rendition(made, [page_of(["가: 나"])], ORIGIN) == rendition(
        made, [page_of(["가: 나"])], ORIGIN
    )


def test_letters_that_no_face_has_are_copied_right(tmp_path: Path) -> None:
    """Hanja, kana, emoji and rare letters keep their value; controls are written out."""
    odd = "金하늘 𠮷野家 ほげ 😀 Ωñ ﷺ ㎎ ① a\u200bb \x00\x1b \ufffe 끝"

    data = rendition(document("none", {"patient_name": odd}), [page_of(["가: 나"])], ORIGIN)

    text = bare("".join(pages_by_pdfium(data)))
    for want in (
        "金하늘",
        "𠮷野家",
        "ほげ",
        "😀",
        "Ωñ",
        "㎎",
        "①",
        "‹U+0000›‹U+001B›",
        "‹U+FFFE›끝",
    ):
        assert bare(want) in text
    (tmp_path / "made.pdf").write_bytes(data)
    assert findings(tmp_path / "made.pdf") == []


def test_the_file_says_nothing_of_a_person_outside_its_pages() -> None:
    """Title and metadata name ids and digests; no name, and no file name that may hold one."""
    data = rendition(document("none", {"patient_name": "김가나"}), [page_of(["가: 나"])], ORIGIN)

    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_metadata() as metadata:
        told = " ".join([*map(str, pdf.docinfo.values()), str(metadata)])
    assert ORIGIN.sha256 in told
    assert "김가나" not in told
    assert "visits.csv" not in told

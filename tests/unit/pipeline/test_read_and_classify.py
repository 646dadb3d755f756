"""`giroksil classify` and `giroksil read` show every decision with its evidence, both languages."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pipeline.command_line import main
from tests.makers.pages import make_page
from tests.unit.classifiers import papers

CODE = re.compile(r"(?:title|labels|sign|text|kind|form|institution|page|cut|join|field)\.[a-z]\w*")
OTHERS = papers.CHART.replace("홍길동", "남궁서연").replace("1980-01-01", "1955-11-23")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A house of our own."""
    monkeypatch.setenv("GIROKSIL_HOME", str(tmp_path / "house"))


def written(folder: Path, *pages: str) -> str:
    """A text file of these pages."""
    file = folder / "pages.txt"
    file.write_text("\f".join(pages), "utf-8")
    return str(file)


def shown(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """What a command shows a person."""
    assert main([*command]) == 0
    return capsys.readouterr().out


def plain(capsys: pytest.CaptureFixture[str], *command: str) -> dict[str, Any]:
    """What the same command tells a program."""
    found: dict[str, Any] = json.loads(shown(capsys, *command, "--json"))
    return found


def test_a_document_is_shown_with_all_that_decided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Kind, boundary, verdict, patient; title, labels, signs, text; each field with its rule."""
    told = shown(capsys, "classify", written(tmp_path, papers.DIAGNOSIS))

    assert "1. 진단서 Medical certificate (0.998)  쪽 pages 1 (경계 boundary 0." in told
    assert "환자 patient 1  수락 accepted" in told
    assert "제목이 이 종류를 가리킵니다: 진단서. / Its title names this kind" in told
    assert "Its labels are those of this kind's form" in told
    assert "‘별지 제5호의2서식’" in told
    assert "Its text as a whole reads as this kind" in told
    assert "묶음의 첫 쪽입니다. / It is the first page of the stack." in told
    number = r"주민등록번호 resident number: 800101-1234560  \(0\.\d+ · 1쪽 p\.1 · (.*)\)"
    (rule,) = re.findall(number, told)
    assert rule == "항목 이름의 오른쪽, 검증 숫자가 맞음 / right of its label, check digit right"
    assert CODE.findall(told) == []


@pytest.mark.parametrize(
    ("page", "korean", "english"),
    [
        (papers.UNTITLED_CONFIRMATION, "제목이 읽히지 않았습니다", "it could not be read"),
        (papers.DIAGNOSIS.replace("2019년 3월 6일", "1985년 3월 6일"),
         "서식이 생기기 전의 날짜", "earlier than this form existed"),
        (papers.BLANK_DIAGNOSIS, "채워지지 않은 서식", "not to be filled in"),
    ],
)  # fmt: skip
def test_what_is_held_says_why(
    page: str, korean: str, english: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The gate's reason, and behind it the doubt of the kind, in words."""
    told = shown(capsys, "classify", written(tmp_path, page))

    assert "보류 held" in told
    assert "     · " in told
    assert korean in told
    assert english in told
    assert CODE.findall(told) == []


def test_pages_in_no_document_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A blank page has its line, and a file that is empty says that it holds no document."""
    file = written(tmp_path, papers.DIAGNOSIS, "", papers.PRESCRIPTION)

    assert "  2쪽 p.2: 문서에서 제외 set aside: 백지 blank\n" in shown(capsys, "classify", file)
    view = plain(capsys, "classify", file)
    assert [page.get("set_aside") for page in view["pages"]] == [None, "blank", None]
    assert [document["pages"] for document in view["documents"]] == [[1], [3]]
    nothing = shown(capsys, "classify", written(tmp_path))
    assert "문서 없음 no documents" in nothing
    assert "1쪽 p.1: 문서에서 제외 set aside: 백지 blank" in nothing


def test_documents_say_whose_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two of one patient are joined, with evidence and confidence; a leaflet is nobody's."""
    file = written(tmp_path, papers.DIAGNOSIS, papers.LEAFLET, papers.PRESCRIPTION)

    told = shown(capsys, "classify", file)
    view = plain(capsys, "classify", file)

    assert "환자 patient 1: 문서 documents 1, 3  신뢰도 confidence 0.9" in told
    assert "주민등록번호가 같습니다. / The resident number is the same." in told
    assert "누구 것인지 모름 of nobody" in told
    assert [document["patient"] for document in view["documents"]] == [1, None, 1]
    (patient,) = view["patients"]
    assert patient["documents"] == [1, 3]
    assert patient["confidence"] > 0.9


def test_a_contradiction_is_held_as_in_a_batch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One chart number with two people's names: both documents are held, and named."""
    file = written(tmp_path, papers.CHART, papers.LEAFLET, OTHERS)

    told = shown(capsys, "classify", file)
    view = plain(capsys, "classify", file)

    assert "✗ 문서 document 3 ↔ 1: 같은 환자의 것으로 보이는 다른 문서" in told
    assert [(one["document"], one["others"]) for one in view["conflicts"]] == [(3, [1])]
    for document in (view["documents"][0], view["documents"][2]):
        assert (document["verdict"], "document_patient_conflict" in document["reasons"]) == (
            "hold",
            True,
        )


def test_the_operators_disease_list_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A code that the list does not have holds the document, in `classify` as in a batch."""
    file = written(tmp_path, papers.DIAGNOSIS)
    (tmp_path / "diseases.csv").write_text("L20.9,아토피피부염\n", "utf-8")
    monkeypatch.setenv("GIROKSIL_DISEASE_LIST", str(tmp_path / "diseases.csv"))

    (document,) = plain(capsys, "classify", file)["documents"]

    assert document["verdict"] == "hold"
    assert "field.unsure.disease_codes" in document["evidence"]


def test_a_page_that_was_read_is_shown_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside the same decisions each field has the box where it stands."""
    page = make_page("diagnosis_certificate", None, 3, "clean")[0]
    file = tmp_path / "scan.png"
    page.image.save(file, dpi=(300, 300))

    told = shown(capsys, "read", str(file))

    assert "1. 진단서 Medical certificate" in told
    assert "제목이 이 종류를 가리킵니다: 진단서." in told
    assert re.search(r"성명 name: \S+  \(0\.\d+ · 1쪽 p\.1 \d+,\d+–\d+,\d+ · ", told)
    assert re.search(r"(수락 accepted|보류 held)\n", told)
    assert CODE.findall(told) == []

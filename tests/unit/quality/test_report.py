"""The steward's report: complete, in two languages, valid, and without a word of a patient."""

import collections
import dataclasses
import html.parser
import re

import pytest

from quality.balance import Counted, balance
from quality.check import QualityReport, check
from quality.report import ReportDocument, ReportInput, render
from records.values import Failure
from tests.unit.quality.samples import BATCH, NAME, NUMBER, make_batch, make_document, make_page
from tests.unit.quality.test_balance import SOUND

VOID = {"meta", "br", "img", "link", "input", "hr", "path", "rect", "line"}


class Outline(html.parser.HTMLParser):
    """Tags of a page, with what a validator would object to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: collections.Counter[str] = collections.Counter()
        self.ids: collections.Counter[str] = collections.Counter()
        self.languages: set[str] = set()
        self.images: list[dict[str, str | None]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags[tag] += 1
        self.languages.add(str(values.get("lang", "")))
        if values.get("id"):
            self.ids[str(values["id"])] += 1
        if tag == "img":
            self.images.append(values)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.fixture(scope="module")
def quality() -> QualityReport:
    """What the rules say of documents whose fields are full of a planted patient."""
    wrong = {"sex": "F", "birth_date": "1981-01-01"}
    return check(
        make_batch(),
        [
            make_page("p-10"),
            make_page("p-12"),
            make_page("p-13", f"{NAME} " * 30),
        ],
        [make_document("d-1", ("p-10",)), make_document("d-2", ("p-12",), wrong)],
        0.8,
    )


@pytest.fixture
def report(quality: QualityReport) -> ReportInput:
    """A batch with documents of every outcome, and failures in files named after people."""
    return ReportInput(
        batch=BATCH,
        institution="31234567",
        institution_name="한빛내과의원",
        made_at="2026-11-22T14:30+09:00",
        sheet=balance(SOUND),
        quality=quality,
        documents=(
            ReportDocument("d-1", "diagnosis_certificate", 0.97, "accepted", ("p-10", "p-11")),
            ReportDocument("d-2", "lab_result", 0.41, "held", ("p-12",), ("document_type_unsure",)),
            ReportDocument(
                "d-3", "none", None, "rejected", ("p-20", "p-21"), ("page_scan_unreadable",)
            ),
        ),
        failures=(
            Failure(BATCH, "file_missing", "intake", f"scans/{NAME}_진단서.jpg"),
            Failure("p-23", "page_pixels_wrong", "read", f"scans/{NUMBER}.tif", 4),
            Failure("p-24", "page_pixels_wrong", "read", "scans/<b>box</b>/page_002.jpg", 1),
        ),
        hold_below=0.8,
        sealed=True,
        made_with={"engine": "tesseract 5.3.0"},
        ledger_head="12 · 0f3c",
        data_docs="data_docs/index.html",
    )


def test_valid_page(report: ReportInput) -> None:
    """Every tag is closed in order, ids are unique, and the page declares its language."""
    page = render(report)
    outline = Outline(page)

    assert page.startswith("<!doctype html>")
    assert (outline.wrong, outline.open) == ([], [])
    assert max(outline.ids.values()) == 1
    assert outline.tags["h1"] == 1
    assert outline.languages >= {"ko", "en"}


def test_no_patient(report: ReportInput) -> None:
    """Names and numbers in fields, texts and file names leave no trace; plain names stay."""
    page = render(report)

    assert NAME not in page
    assert NUMBER not in page
    assert "800101" not in page
    assert "scans/▇▇▇_▇▇▇.jpg" in page
    assert "scans/&lt;b&gt;box&lt;/b&gt;/page_002.jpg" in page


def test_self_contained(report: ReportInput) -> None:
    """No script, no other host; only thumbnails are loaded, lazily, each with its words."""
    page = render(report)
    outline = Outline(page)

    assert outline.tags["script"] == outline.tags["link"] == 0
    assert (
        re.findall(r"(?:src|href)=\"(?!thumbnails/|data_docs/|#)[^\"]*\"|url\(|@import", page) == []
    )
    assert {image["loading"] for image in outline.images} == {"lazy"}
    assert all(image["alt"] for image in outline.images)
    assert [image["src"] for image in outline.images] == [
        f"thumbnails/{page}.webp" for page in ("p-13", "p-20", "p-21", "p-12")
    ]


def test_open_documents_worst_first(report: ReportInput) -> None:
    """Rejected come before held ones, with reasons in both languages; accepted are not there."""
    page = render(report)
    section = page[page.index('id="open"') : page.index('id="kinds"')]

    assert section.index("d-3") < section.index("d-2")
    assert "d-1" not in section
    assert "스캔 불량으로 읽을 수 없는 쪽이 있습니다." in section
    assert "A page cannot be read because of its scan." in section
    assert "백지나 구분지로 제외되었으나" in section


def test_balance_in_words(report: ReportInput) -> None:
    """A balanced, sealed batch says so; the flow picture has words for those who cannot see."""
    page = render(report)

    assert "대차가 맞습니다. 봉인되었습니다." in page
    assert "누락·손상 파일의 쪽 6" in page
    assert 'aria-label="쪽의 흐름. Flow of pages. 받은 쪽 12.' in page


def test_unbalanced_batch_names_its_gaps(report: ReportInput) -> None:
    """A batch that does not balance says it at the top, and names each gap."""
    broken = dataclasses.replace(SOUND, entries=frozenset({"d-1", "d-4"}), declared_sheets=20)

    page = render(dataclasses.replace(report, sheet=balance(broken), sealed=False))

    assert "대차가 맞지 않습니다. 봉인할 수 없습니다." in page
    assert re.search(r"An accepted document is not in the index\..*?<code>d-6</code>", page)
    assert "Count the paper again." in page


def test_rules_are_counted(report: ReportInput) -> None:
    """Rules stand with their counts, failed ones first, the law beside the legal ones."""
    page = render(report)
    section = page[page.index('id="rules"') :]

    assert section.index("제외된 쪽에는 내용이 없다") < section.index("초점이 맞는다")
    assert "의료법 제40조의3⑥" in section
    assert 'href="data_docs/index.html"' in section


def test_many_documents_are_cut_short(report: ReportInput) -> None:
    """A batch with hundreds of held documents stays readable and says how many are left out."""
    held = tuple(
        ReportDocument(f"d-{n}", "none", 0.1, "held", (f"p-{n}",), ("document_type_undecided",))
        for n in range(1_000)
    )

    page = render(dataclasses.replace(report, documents=held))

    assert "700 more: see giroksil review and giroksil rescan." in page


def test_empty_batch(quality: QualityReport) -> None:
    """A batch without documents has a report: nothing to show is said in words."""
    nothing = dataclasses.replace(quality, findings=(), verdicts=(), counts=())
    page = render(
        ReportInput(BATCH, "31234567", "2026-11-22", balance(Counted(BATCH)), nothing, (), (), 0.8)
    )

    assert Outline(page).wrong == []
    assert "문서가 없습니다." in page


def test_unknown_codes_are_shown_as_they_are(report: ReportInput) -> None:
    """A reason or kind that nobody has written words for appears by its code."""
    odd = ReportDocument("d-9", "kind_of_tomorrow", 0.5, "held", ("p-1",), ("reason_of_tomorrow",))

    page = render(dataclasses.replace(report, documents=(odd,)))

    assert "reason_of_tomorrow" in page
    assert "kind_of_tomorrow" in page

"""What a scanning team, a steward, a health centre and an auditor do with a digitized batch."""

import io
import json
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from pipeline.reader import Reader
from pipeline.reviewing import decide
from records.judgements import Decision
from tests.browser.chromium import Chromium
from tests.browser.measures import A4, AXE, CUT, LAPTOP, LEAST_PIXELS, OUTSIDE, SMALLEST
from tests.e2e.house import House
from tests.unit.ocr.bound import TOLD_BY, findings


def _lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def _batch(house: House) -> str:
    return next((house.home / "reports").iterdir()).name


def _documents(house: House, to: Path) -> list[dict[str, Any]]:
    status, out, err = house.run("export", _batch(house), "--to", str(to), "--purpose", "test")
    assert status == 0, (out, err)
    return _lines((to / "documents.jsonl").read_text("utf-8"))


def test_team_gets_what_to_scan_again(undisturbed: House) -> None:
    """The truncated and the missing file are on the rescan list, with a reason; others are not."""
    _, out, _ = undisturbed.run("rescan", _batch(undisturbed), "--json")
    reasons = {reason for row in _lines(out) for reason in row["reasons"]}
    assert {"file_missing", "image_truncated"} <= reasons
    assert "file_unlisted" not in reasons


def test_steward_opens_the_report(
    copy_of_house: House, browser: Chromium, axe: str, tmp_path: Path
) -> None:
    """In a browser it fits a laptop and A4, axe finds nothing, and no patient of it is on it."""
    house = copy_of_house
    patients = {
        str(document["fields"][key]["value"])
        for document in _documents(house, tmp_path / "x")
        for key in ("patient_name", "resident_number")
        if key in document["fields"]
    }
    tab = browser.tab()
    tab.load((house.home / "reports" / _batch(house) / "report.html").as_uri(), LAPTOP)
    shown = tab.evaluate("document.documentElement.outerHTML + document.body.innerText")

    assert len(patients) > 1
    assert [one for one in patients if one in shown] == []
    assert tab.evaluate("document.querySelectorAll('#before, #balance, #open').length") == 3
    assert tab.evaluate(OUTSIDE) == tab.evaluate(CUT) == []
    assert tab.evaluate(SMALLEST) >= LEAST_PIXELS
    tab.evaluate(f"{axe}; true")
    assert tab.evaluate(AXE)["violations"] == []
    with pdfplumber.open(io.BytesIO(tab.pdf())) as printed:
        assert {tuple(sorted((round(p.width), round(p.height)))) for p in printed.pages} == {A4}


def test_steward_decides(copy_of_house: House, tmp_path: Path) -> None:
    """A held document that a steward accepts is stored, indexed, proven; the batch balances."""
    house = copy_of_house
    batch = _batch(house)
    held = [d for d in _documents(house, tmp_path / "before") if d["verdict"] == "hold"]
    assert held
    decision = ("--document", held[0]["id"], "--decide", "accept", "--type", "medical_opinion")
    status, out, err = house.run("review", batch, *decision, "--reason", "seen", "--json")
    assert status == 0, (out, err)
    after = {d["id"]: d for d in _documents(house, tmp_path / "after")}
    assert after[held[0]["id"]]["verdict"] == "accept"
    assert after[held[0]["id"]]["type"] == "medical_opinion"
    assert house.run("prove", held[0]["id"], "--to", str(tmp_path / "proof"))[0] == 0
    assert house.run("report", batch, "--recount")[0] == 0
    assert house.run("verify")[0] == 0
    assert house.run("review", batch, *decision)[0] != 0


def test_a_review_cut_short_is_heeded(copy_of_house: House, delivery: Path, tmp_path: Path) -> None:
    """A decision kept by a review that was then killed is carried out by the next run."""
    house = copy_of_house
    batch = _batch(house)
    held = next(d["id"] for d in _documents(house, tmp_path / "x") if d["verdict"] == "hold")
    decision = Decision(held, "accept", "steward", "seen", "medical_opinion")
    decide(house.workshop(), batch, decision, Reader("steward", "127.0.0.1", "test"))
    house.digitize(delivery)
    workshop = house.workshop()
    assert workshop.vault(workshop.work(batch).vault.institution).has("document", held)
    status, out, _ = house.run("verify")
    assert status == 0, out


def test_export_is_byte_exact_and_logged(
    copy_of_house: House, delivery: Path, tmp_path: Path
) -> None:
    """Originals come back byte for byte; the export stands in the access log with its purpose."""
    house = copy_of_house
    _documents(house, tmp_path / "export")
    originals = tmp_path / "export" / "originals"
    exported = [file for file in originals.rglob("*") if file.is_file()]
    assert exported
    for file in exported:
        assert file.read_bytes() == (delivery / file.relative_to(originals)).read_bytes()
    archive = house.workshop().archive
    entries = [e for code in archive.institutions() for e in archive.access.entries(code)]
    assert [(entry.what, entry.why) for entry in entries] == [("export", "test")]


def test_export_writes_a_searchable_pdf_of_each_document(
    copy_of_house: House, tmp_path: Path
) -> None:
    """Each document of scanned pages is a PDF/A whose words are those of its pages.

    Each of the others has its rendition.
    """
    pages = tmp_path / "export" / "pages.jsonl"
    documents = _documents(copy_of_house, tmp_path / "export")
    texts = {page["id"]: page["text"] for page in _lines(pages.read_text("utf-8"))}
    scanned = [d for d in documents if not d["files"][0].endswith(".csv")]
    files = {file.stem: file for file in (tmp_path / "export" / "documents").iterdir()}
    rows = {document["id"] for document in documents} - {document["id"] for document in scanned}
    assert set(files) == {d["id"] for d in scanned} | {f"{row}.rendition" for row in rows}
    assert {Path(document["files"][0]).suffix for document in scanned} >= {".tif", ".pdf", ".jpg"}
    for document in scanned:
        file = files[document["id"]]
        assert findings(file) == []
        told = TOLD_BY["poppler"](file).split()
        words = " ".join(texts[page] for page in document["page_ids"]).split()
        assert len(told) == len(words)
        assert sorted(told) == sorted(words)


def test_read_writes_searchable_pdfs_without_storing(delivery: Path, tmp_path: Path) -> None:
    """`read --pdf` leaves the PDFs and nothing else."""
    house = House(tmp_path / "empty")
    born_digital = next(file for file in delivery.rglob("*.pdf") if "제증명" in file.name)
    to = tmp_path / "pdfs"
    status, out, err = house.run("read", "--json", "--pdf", str(to), str(born_digital))
    assert status == 0, err
    written = list(to.iterdir())
    assert json.loads(out)["pdfs"]["written"] == len(written) > 0
    assert [findings(file) for file in written] == [[]] * len(written)
    assert not house.home.exists()


def test_export_without_purpose_is_refused(undisturbed: House, tmp_path: Path) -> None:
    """Nobody exports without saying why; nothing is written."""
    to = tmp_path / "export"
    status, _, err = undisturbed.run("export", _batch(undisturbed), "--to", str(to))
    assert status != 0
    assert "purpose_missing" in err
    assert not to.exists()


def test_search_finds_with_page_and_snippet(copy_of_house: House, tmp_path: Path) -> None:
    """Words of a page find its document, with page and snippet; a name finds its patient's."""
    house = copy_of_house
    documents = [d for d in _documents(house, tmp_path / "x") if d["verdict"] == "accept"]
    name = next(
        d["fields"]["patient_name"]["value"] for d in documents if "patient_name" in d["fields"]
    )
    _, out, _ = house.run("search", "--patient", name, "--json")
    assert {hit["document"] for hit in _lines(out)} == {
        d["id"] for d in documents if d["fields"].get("patient_name", {}).get("value") == name
    }
    _, out, _ = house.run("search", name, "--json")
    hits = _lines(out)
    assert hits
    assert all(hit["page"] >= 1 for hit in hits)
    assert any(name in hit["snippet"].replace(" ", "") for hit in hits)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("report", "b-nothing"), "batch_unknown"),
        (("review", "b-nothing", "--decide", "accept"), "document_not_named"),
        (("search",), "query_empty"),
        (("prove", "d-nothing", "--to", "x"), "document_unknown"),
        (("check-proof", "nowhere.json"), "path_missing"),
        (("read", "nowhere.tif"), "path_missing"),
        (("digitize", "--here", "nowhere"), "delivery_not_found"),
        (("digitize", "somewhere"), "airflow_not_started"),
    ],
)
def test_wrong_words_get_a_reason(
    undisturbed: House, arguments: tuple[str, ...], code: str
) -> None:
    """What cannot be done is refused with a code, in both languages, and not with a traceback."""
    status, out, err = undisturbed.run(*arguments)
    assert status not in (0, 1)
    assert code in err
    assert "Traceback" not in out + err


def test_read_without_storing(copy_of_house: House, delivery: Path, tmp_path: Path) -> None:
    """`read` answers for pages, documents and failures, and leaves nothing behind."""
    house = House(tmp_path / "empty")
    table = next(delivery.rglob("*.csv"), None)
    assert table is not None
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    status, out, err = house.run("read", "--json", str(next((delivery / "emr").iterdir())))
    assert status == 0, err
    view = json.loads(out)
    assert view["documents"]
    page = view["pages"][0]
    assert {"page", "text", "rotation", "skew", "flags", "confidence", "dpi", "ink"} <= set(page)
    told = "\n".join(" ".join(word["text"] for word in line) for line in page["lines"])
    assert told == page["text"]
    status, out, _ = house.run("read", "--json", str(broken))
    assert status == 1
    assert json.loads(out)["failures"]
    assert not house.home.exists()

"""Paper and EMR of one clinic through the whole line, then beside each other in the report."""

import json
import random
from pathlib import Path

import pytest

from pipeline.assembly import Workshop
from pipeline.command_line import main
from pipeline.reconciling import reconcile_batch
from pipeline.reports import report_path
from pipeline.running import digitize_here
from records.settings import Settings
from tests.makers.canvas import PdfBook
from tests.makers.case import Case, make_case
from tests.makers.pages import make_pdf_pages
from tests.makers.people import make_clinic
from tests.unit.intake.samples import deliver

_HEADER = "서식,환자명,주민등록번호,차트번호,진료일,총진료비,본인부담금"


@pytest.fixture
def cases() -> tuple[Case, Case]:
    """Two visits of two patients to one clinic; both have a receipt on paper."""
    clinic = make_clinic(random.Random(4))
    first, second = (make_case("fee_receipt", seed, clinic=clinic) for seed in (41, 42))
    return first, second


@pytest.fixture
def batches(
    tmp_path: Path, cases: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch
) -> tuple[Workshop, str, str]:
    """A house with the receipts, and an EMR that knows the first visit and a third one."""
    book = PdfBook()
    truths = [make_pdf_pages(book, "fee_receipt", None, n, case=c) for n, c in enumerate(cases)]
    first = cases[0].patient
    total = int(str(truths[0][0].fields["total_amount"])) + 500
    own = truths[0][0].fields["patient_amount"]
    who = f"영수증,{first.name},{first.resident_number},{first.chart_no}"
    rows = f"{_HEADER}\n{who},{cases[0].visit},{total},{own}\n{who},2012-01-05,9000,2700\n"
    home = str(tmp_path / "house")
    monkeypatch.setenv("GIROKSIL_HOME", home)
    workshop = Workshop(Settings(home=home))
    done = [
        digitize_here(workshop, str(_deliver(tmp_path / name, path, data, cases)), _silent, 1)
        for name, path, data in (
            ("paper", "scans/receipts.pdf", book.close()),
            ("emr", "emr/visits.csv", rows.encode("cp949")),
        )
    ]
    return workshop, done[0].batch, done[1].batch


def _silent(*_: object) -> None:
    """Progress that nobody looks at."""


def _deliver(folder: Path, path: str, data: bytes, cases: tuple[Case, Case]) -> Path:
    delivery, clinic = deliver(folder, {path: data}), cases[0].clinic
    declared = (delivery / "delivery.yaml").read_text("utf-8")
    declared = declared.replace("가나의원", clinic.name).replace("01234567", clinic.code)
    (delivery / "delivery.yaml").write_text(declared, "utf-8")
    return delivery


def test_the_other_side_of_a_visit_is_found_in_another_batch(
    batches: tuple[Workshop, str, str], cases: tuple[Case, Case]
) -> None:
    """The visit of both sides is one, with both totals; what one side alone has is listed there."""
    workshop, paper, emr = batches

    of_paper, of_emr = (reconcile_batch(workshop.work(batch)) for batch in (paper, emr))

    assert of_paper is not None
    assert of_emr is not None
    (match,) = of_paper.found.matches
    assert [conflict.what for conflict in match.conflicts] == ["total_amount"]
    assert int(match.conflicts[0].emr.value) == int(match.conflicts[0].paper.value) + 500
    assert of_emr.found.matches == of_paper.found.matches
    assert (len(of_paper.found.only_paper), len(of_paper.found.only_emr)) == (1, 0)
    assert (len(of_emr.found.only_paper), len(of_emr.found.only_emr)) == (0, 1)


def test_the_open_report_has_ids_and_no_values(
    batches: tuple[Workshop, str, str], cases: tuple[Case, Case]
) -> None:
    """The EMR's report counts and names documents; no name, number or amount stands in it."""
    workshop, paper, emr = batches
    page = report_path(workshop, emr).read_text("utf-8")

    reconciled = reconcile_batch(workshop.work(paper))

    assert reconciled is not None
    (match,) = reconciled.found.matches
    assert "Paper beside EMR" in page
    assert all(document in page for document in (*match.paper, *match.emr))
    for case in cases:
        for secret in (case.patient.name, case.patient.resident_number, case.patient.chart_no):
            assert secret not in page
    for conflict in match.conflicts:
        assert f">{conflict.emr.value}<" not in page
        assert f"{int(conflict.emr.value):,}" not in page
    assert "Paper beside EMR" not in report_path(workshop, paper).read_text("utf-8")


def test_values_are_shown_for_a_purpose_and_the_look_is_logged(
    batches: tuple[Workshop, str, str],
    cases: tuple[Case, Case],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without a purpose nothing is shown; with one both values are, and the access log knows."""
    workshop, paper, _ = batches
    before = len([leaf for leaf in workshop.archive.ledger.leaves() if leaf.kind == "access"])
    workshop.archive.index.close()

    refused = main(["report", paper, "--reconciliation", "--json"])
    said = capsys.readouterr()
    assert refused != 0
    assert cases[0].patient.name not in said.out + said.err

    assert main(["report", paper, "--reconciliation", "--purpose", "대조", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["what"] for row in rows} == {"matched", "only_paper"}
    matched = next(row for row in rows if row["what"] == "matched")
    assert matched["paper"][0]["fields"]["patient_name"] == cases[0].patient.name
    assert matched["conflicts"][0]["paper"]["value"] != matched["conflicts"][0]["emr"]["value"]

    assert main(["report", paper, "--reconciliation", "--purpose", "대조"]) == 0
    text = capsys.readouterr().out
    assert "진료비 총액 total amount" in text
    after = [leaf for leaf in workshop.archive.ledger.leaves() if leaf.kind == "access"]
    assert len(after) == before + 2

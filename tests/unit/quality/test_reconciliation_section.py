"""Paper beside EMR in the open report: counted, named by ids, explained in both languages."""

import dataclasses

import pytest

from quality.balance import Counted, balance
from quality.check import QualityReport
from quality.reconciliation_section import ReconciledVisit, ReconciliationSummary
from quality.report import ReportInput, render
from records.reasons import load_reasons
from tests.unit.quality.samples import BATCH
from tests.unit.quality.test_report import Outline

DIFFERING = ReconciledVisit(("d-1", "d-2"), ("d-3",), ("total_amount", "name"))


@pytest.fixture
def report() -> ReportInput:
    """A batch of an institution that has both sides."""
    nothing = QualityReport(BATCH, (), (), (), "0")
    return ReportInput(
        BATCH, "31234567", "2026-11-22", balance(Counted(BATCH)), nothing, (), (), 0.8,
        reconciliation=ReconciliationSummary(
            agreeing=1234,
            differing=(DIFFERING,),
            ambiguous=(ReconciledVisit(("d-4",), (), ("day_unsure",)),),
            only_paper=tuple(ReconciledVisit((f"d-p{n}",), ()) for n in range(40)),
            only_emr=(),
            conflicts={"total_amount": 1, "name": 1},
            apart={"no_visit": 7},
            unread=("b-shut",),
        ),
    )  # fmt: skip


def test_the_section_counts_and_names(report: ReportInput) -> None:
    """Every count, the ids of what needs a look, the words of each code; long lists are cut."""
    page = render(report)

    assert Outline(page).wrong == []
    for piece in ("1,234", "d-1", "d-3", "진료비 총액", "total amount", "d-4", "b-shut", "+10"):
        assert piece in page, piece
    assert "d-p29" in page
    assert "d-p30" not in page


def test_one_side_has_no_section(report: ReportInput) -> None:
    """Where there is nothing to put beside the batch, the report is silent about it."""
    assert "Paper beside EMR" not in render(dataclasses.replace(report, reconciliation=None))


def test_every_code_has_words() -> None:
    """What the classifiers may find, the report can explain."""
    codes = {
        "name", "date", "code", "doctor", "department", "drug_dose", "drug_times", "drug_days",
        "drug_name", "drug_absent", "total_amount", "patient_amount", "result", "several_visits",
        "other_care", "patient_unsure", "day_unsure", "placeholder", "no_visit", "no_patient",
        "no_day", "sex", "birth_date", "chart_no", "resident_number",
    }  # fmt: skip
    assert {f"reconcile.{code}" for code in codes} <= set(load_reasons())

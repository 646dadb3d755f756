"""An EMR exported again: what is known is not kept twice, what changed is a version beside it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.assembly import Workshop
from pipeline.counting import balance_of
from pipeline.documents import load_document
from pipeline.outcomes import Outcomes
from pipeline.reader import Reader
from pipeline.reports import report_path
from pipeline.running import digitize_here
from pipeline.searching import Query, search
from quality.balance import BalanceSheet
from records.settings import Settings
from tests.unit.intake.samples import deliver

MAPPING = """
version: 1
kind: medical_record
key: {table: 접수, columns: [접수번호]}
columns:
  접수번호: {}
  수진자: {field: patient_name}
  차트: {field: chart_no}
  진료일: {field: visit_date, date: YYYY-MM-DD}
  상병: {field: disease_codes}
"""
HEAD = "접수번호,수진자,차트,진료일,상병\n"
FIRST = HEAD + "1,김가나,00000001,2019-03-05,J00\n2,이다라,00000002,2019-03-06,K297\n"
FULLER = FIRST.replace("K297", "K219") + "3,박마바,00000003,2019-03-07,M545\n"

Import = Callable[[str, str], str]


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A house of the test's own."""
    return Workshop(Settings(home=str(tmp_path / "house")))


@pytest.fixture
def bring(workshop: Workshop, tmp_path: Path) -> Import:
    """Digitize an export as a delivery of its own; return its batch."""

    def bring(name: str, table: str, mapping: str = MAPPING) -> str:
        files = {f"emr/{name}.csv": table.encode("cp949")}
        files |= {f"emr/{name}.csv.mapping.yaml": mapping.encode()} if mapping else {}
        folder = deliver(tmp_path / name, files)
        return digitize_here(workshop, str(folder), lambda *_: None, 1).batch

    return bring


def rows(sheet: BalanceSheet) -> dict[str, int]:
    return {part.code: part.count for part in sheet.line("rows").parts if part.count}


def test_the_same_export_again_adds_nothing(workshop: Workshop, bring: Import) -> None:
    """Under another name and in another order of columns, every row is known and none is kept."""
    first = bring("visits", FIRST)
    lines = [line.split(",") for line in FIRST.splitlines()]
    again = bring("visits-2", "".join(",".join(line[::-1]) + "\n" for line in lines))

    sheet = balance_of(workshop, again)
    assert (sheet.balanced, rows(sheet)) == (True, {"known": 2})
    assert sheet.line("known_documents").right == 2
    assert len(workshop.archive.index.document_ids("01234567", first)) == 2
    assert len(workshop.archive.index.document_ids("01234567", again)) == 0


def test_a_fuller_export_adds_what_is_new_or_changed(workshop: Workshop, bring: Import) -> None:
    """Of three rows one is known, one is new, one a version that names the older one; both stay."""
    first = bring("visits", FIRST)
    second = bring("all", FULLER)

    sheet = balance_of(workshop, second)
    assert (sheet.balanced, rows(sheet)) == (True, {"in_documents": 2, "known": 1})
    older, vault = list(Outcomes(workshop.work(first)).documents), workshop.vault("01234567")
    changed, new = Outcomes(workshop.work(second)).documents.values()
    assert (changed.replaces, new.replaces) == (older[1], None)
    assert load_document(vault, changed.id).document.replaces == older[1]
    assert load_document(vault, older[1]).document.fields["disease_codes"].value == ["K29.7"]
    hits = search(workshop, Query(chart="00000002"), Reader("kim", "127.0.0.1", "test"))
    assert {hit.document: hit.replaced_by for hit in hits} == {older[1]: changed.id, changed.id: ""}
    assert changed.id in report_path(workshop, second).read_text("utf-8")
    assert rows(balance_of(workshop, bring("first-again", FIRST))) == {"known": 2}


def test_rows_without_a_key_are_known_by_what_they_say(workshop: Workshop, bring: Import) -> None:
    """Two rows that say the same are two records, and so they are in a fuller export."""
    twice = HEAD.replace("접수번호", "비고") + ",김가나,00000001,2019-03-05,J00\n" * 2
    bring("twice", twice, "")
    more = bring("thrice", twice + ",김가나,00000001,2019-03-05,J00\n", "")

    assert rows(balance_of(workshop, more)) == {"in_documents": 1, "known": 2}


def test_a_row_that_waits_in_a_sealed_batch_is_known(workshop: Workshop, bring: Import) -> None:
    """What is held for a person there is not held a second time here."""
    unclear = "가,나\n알 수 없는,행\n"
    first = bring("held", unclear, "")
    again = bring("held-again", unclear + "다른,행\n", "")

    assert Outcomes(workshop.work(first)).by_outcome()["held"]
    assert rows(balance_of(workshop, again)) == {"in_documents": 1, "known": 1}

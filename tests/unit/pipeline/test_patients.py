"""Documents of one institution's batches joined to patients, and never across institutions."""

from pathlib import Path

import pytest

from pipeline.assembly import Workshop
from pipeline.command_line import main
from pipeline.outcomes import Outcomes
from pipeline.patients import patients_of
from pipeline.running import digitize_here
from records.settings import Settings
from tests.unit.intake.samples import deliver

_HEADER = "서식,환자명,주민등록번호,차트번호,진료일,총진료비,본인부담금\n"
_SAME = "영수증,홍길동,800101-1234560,1007,2019-03-05,9000,2700\n"
_BY_CHART = "영수증,홍길동,,1007,2019-04-05,9000,2700\n"
_OTHER_NAME = "영수증,김철수,900202-2345674,1007,2019-05-05,9000,2700\n"


def _digitized(workshop: Workshop, folder: Path, code: str, rows: str) -> str:
    delivery = deliver(folder, {"emr/visits.csv": (_HEADER + rows).encode()})
    declared = (delivery / "delivery.yaml").read_text("utf-8").replace("01234567", code)
    (delivery / "delivery.yaml").write_text(declared, "utf-8")
    return digitize_here(workshop, str(delivery), lambda *_: None, 1).batch


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workshop, dict[str, str]]:
    """Three batches of one institution, the last contradicting the first; one of another."""
    home = tmp_path_factory.mktemp("patients")
    workshop = Workshop(Settings(home=str(home / "house")))
    given = (
        ("first", "31234567", _SAME),
        ("second", "31234567", _BY_CHART),
        ("contrary", "31234567", _OTHER_NAME),
        ("elsewhere", "37654321", _SAME),
    )
    return workshop, {
        name: _digitized(workshop, home / name, code, rows) for name, code, rows in given
    }


def test_a_patient_is_known_from_an_earlier_batch(
    archive: tuple[Workshop, dict[str, str]],
) -> None:
    """Chart number and name join a document to the other batch's; the key is the number's hash."""
    workshop, batches = archive

    (patient,) = patients_of(workshop, batches["second"]).patients

    assert set(patient.elsewhere.values()) == {batches["first"]}
    assert "patient.chart_no" in patient.evidence
    assert patient.confidence is not None
    assert patient.confidence >= 0.9
    hashed = workshop.archive.index.person_hash("31234567", "resident_number", "800101-1234560")
    assert hashed.startswith(patient.key)


def test_a_contradiction_is_held_and_not_joined(archive: tuple[Workshop, dict[str, str]]) -> None:
    """Another person's name on a known chart number: two patients, and the document is held."""
    workshop, batches = archive
    found = patients_of(workshop, batches["contrary"])

    assert [patient.elsewhere for patient in found.patients] == [{}]
    assert [conflict.shares for conflict in found.conflicts] == [("patient.chart_no",)]
    (verdict,) = Outcomes(workshop.work(batches["contrary"])).verdicts.values()
    assert (verdict.outcome, "document_patient_conflict" in verdict.reasons) == ("hold", True)


def test_another_institution_knows_nothing_of_it(
    archive: tuple[Workshop, dict[str, str]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same person at two institutions is two patients with two keys; no value is printed."""
    workshop, batches = archive
    (ours,) = patients_of(workshop, batches["first"]).patients
    (theirs,) = patients_of(workshop, batches["elsewhere"]).patients

    assert (theirs.elsewhere, theirs.key == ours.key) == ({}, False)

    monkeypatch.setenv("GIROKSIL_HOME", str(workshop.settings.home))
    assert main(["patients", batches["second"]]) == 0
    shown = capsys.readouterr().out
    assert batches["first"] in shown
    assert "신뢰도 confidence 0.9" in shown
    assert not any(value in shown for value in ("홍길동", "800101", "1007"))

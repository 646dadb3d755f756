"""HL7 v2: messages and batches, in the encodings that Korean interfaces write."""

import base64

import pytest

from intake.pages import render
from records.emr_record import EmrRecord
from records.values import Failure
from tests.makers.messages import hl7v2
from tests.makers.messages.visits import make_visits
from tests.unit.intake.emr.reading import documents_of, records_of, values
from tests.unit.intake.samples import LIMITS, codes, drawn_pdf, triaged

HEAD = "MSH|^~\\&|EMR|가나의원|||20190305||{}|1|P|2.5"
PID = "PID|1||123456^^^EMR^MR||김^가나||19800101|F"


def message(event: str, *segments: str) -> bytes:
    """One message in UTF-8."""
    return "\r".join((HEAD.format(event), *segments)).encode()


@pytest.mark.parametrize("encoding", ["cp949", "utf-8", "utf-16"])
def test_a_batch_becomes_documents(encoding: str) -> None:
    """Registration, prescription and results of a visit carry what its messages say."""
    visit = make_visits(3, 2)[1]

    documents = {
        document.type: values(document)
        for document, _ in documents_of(hl7v2.batch([visit], encoding))
    }

    assert set(documents) == {"medical_record", "prescription", "lab_result"}
    for said in documents.values():
        assert said["patient_name"] == visit.patient.name
        assert said["resident_number"] == visit.patient.resident_number
        assert said["chart_no"] == visit.patient.chart_no
        assert said["sex"] == visit.patient.sex
        assert said["birth_date"] == visit.patient.birth.isoformat()
        assert said["institution_code"] == visit.clinic.code
    chart = documents["medical_record"]
    assert chart["visit_date"] == visit.day.isoformat()
    assert chart["doctor"] == visit.doctor.name
    assert chart["disease_codes"] == [visit.condition.code]
    assert [drug["name"] for drug in documents["prescription"]["drugs"]] == [
        drug.name for drug in visit.drugs
    ]
    rows = documents["lab_result"]["lab_rows"]
    assert [(row["name"], row["value"], row["flag"]) for row in rows] == [
        (result.name, result.value, result.flag) for result in visit.results
    ]
    assert documents["lab_result"]["exam_date"] == visit.day.isoformat()


def test_a_wrong_declaration_is_told_and_overruled() -> None:
    """MSH-18 says UTF-8 and the bytes are CP949: the bytes count."""
    visits = make_visits(3, 1)
    data = hl7v2.batch(visits, "cp949", declared="UNICODE UTF-8")

    assert codes(triaged(data, "emr/x.hl7")) == ["encoding_declared_wrong"]
    assert {values(document)["patient_name"] for document, _ in documents_of(data)} == {
        visits[0].patient.name
    }


def test_half_a_syllable_costs_one_sign() -> None:
    """A message whose text was cut by bytes keeps its other fields, and says so."""
    data = message("ADT^A04", PID, "PV1|1|O").decode().encode("cp949")
    data = data.replace("가나".encode("cp949"), "가나".encode("cp949")[:3])

    assert codes(triaged(data, "emr/x.hl7")) == ["text_damaged"]
    ((document, _),) = documents_of(data)
    assert values(document)["chart_no"] == "123456"


def test_each_order_is_a_record() -> None:
    """Two orders of one message are two reports, each with its own results and the patient."""
    data = message(
        "ORU^R01", PID, "OBR|1|||^혈액검사", "OBX|1|NM|^WBC||5.1|10*3/uL", "NTE|1||재검",
        "OBR|2|||^흉부촬영||||||||||||||||||||RAD", "OBX|1|TX|^판독||이상 없음",
    )  # fmt: skip

    (blood, _), (chest, text) = documents_of(data)

    assert (blood.type, chest.type) == ("lab_result", "imaging_report")
    assert [row["name"] for row in values(blood)["lab_rows"]] == ["WBC"]
    assert "lab_rows" not in values(chest)
    assert "이상 없음" in text.text
    assert "재검" not in text.text
    assert values(chest)["patient_name"] == "김가나"


def test_documents_are_typed_by_their_code() -> None:
    """TXA-2 tells the kind of a document message; one of no known type is for a person."""
    known = message("MDM^T02", PID, "TXA|1|DS", "OBX|1|TX|x||퇴원함")
    unknown = message("MDM^T02", PID, "TXA|1|ZZ", "OBX|1|TX|x||적음")

    assert documents_of(known)[0][0].type == "discharge_summary"
    assert documents_of(unknown)[0][0].type_confidence != 0.98


@pytest.mark.parametrize(
    ("type_", "segments", "kind", "fields"),
    [
        ("ADT^A04", ("PV1|1|O|||||D1^이의사|||||||||||||||||||||||||||||||||||||20190305",),
         "medical_record", {"visit_date": "2019-03-05"}),
        ("ADT^A28", (), "patient_register", {}),
        ("ORU^R01", ("OBR|1|||CBC^일반혈액검사|||20190305",
                     "OBX|1|NM|HB^혈색소||13.2|g/dL|12-16|||F"),
         "lab_result", {"exam_date": "2019-03-05"}),
        ("MDM^T02", ("TXA|1|DS|TX|20190306", "OBX|1|TX|x||호전되어 퇴원함"),
         "discharge_summary", {"report_date": "2019-03-06"}),
    ],
)  # fmt: skip
def test_each_sort_of_message_reaches_a_document(
    type_: str, segments: tuple[str, ...], kind: str, fields: dict[str, object]
) -> None:
    """ADT, ORU and MDM: the kind, the person and the day are the message's."""
    ((document, text),) = documents_of(message(type_, PID, *segments))

    assert document.type == kind
    assert values(document)["patient_name"] == "김가나"
    assert {key: values(document).get(key) for key in fields} == fields
    assert all(part.sha256 for part in text.parts)


def test_a_claim_is_an_itemised_bill() -> None:
    """EHC^E01: lines and total."""
    data = message(
        "EHC^E01", PID, "IVC|1|2||||OR|20190306|15300&KRW",
        "PSL|1||1|||AA154^초진진찰료|||||1|15300||||15300",
    )  # fmt: skip

    ((document, text),) = documents_of(data)

    assert document.type == "fee_detail"
    assert values(document)["total_amount"] == 15300
    assert "초진진찰료" in text.text


def test_a_message_about_nobody_leaves_its_neighbours() -> None:
    """An acknowledgement between two records is refused with its place."""
    good = message("ADT^A04", PID, "PV1|1|O")
    data = b"\r".join((good, message("ACK", "MSA|AA|1"), good))

    records = records_of(data)

    assert [type(record) for record in records] == [EmrRecord, Failure, EmrRecord]
    refused = records[1]
    assert isinstance(refused, Failure)
    assert (refused.code, refused.column) == ("hl7_no_patient", "message[1]")


@pytest.mark.parametrize("trailer", ["", "BTS|9"])
def test_a_batch_that_breaks_off_is_told(trailer: str) -> None:
    """A missing trailer, or one that counts otherwise, is a warning."""
    body = message("ADT^A04", PID).decode()
    data = "\r".join(("BHS|^~\\&|EMR", body, trailer)).encode()

    found = triaged(data, "emr/x.hl7")

    assert codes(found) == ["hl7_batch_incomplete"]
    assert found.scans[0].pages == 1


def test_long_fields_and_many_breaks_are_read() -> None:
    """Ten megabytes in one field, and a line that begins no segment, are part of their field."""
    data = message("ORU^R01", PID, "OBR|1|||^혈액검사", f"OBX|1|TX|^x||{'가' * 3_500_000}")
    broken = message("ORU^R01", PID, "OBR|1|||^혈액검사", "OBX|1|TX|^x||첫 줄\n둘째 줄")

    assert len(documents_of(data)) == 1
    assert "둘째 줄" in documents_of(broken)[0][1].text


def test_a_page_inside_is_a_scan() -> None:
    """A PDF in an OBX of type ED is read as pages."""
    pdf = base64.b64encode(drawn_pdf(1)).decode()
    data = message("MDM^T02", PID, "TXA|1|DS", f"OBX|1|ED|x||EMR^application^pdf^Base64^{pdf}")

    found = triaged(data, "emr/x.hl7")

    assert [(scan.media, scan.member) for scan in found.scans] == [
        ("hl7", None),
        ("pdf", "message[0].ED[0].pdf"),
    ]
    assert render(found.scans[1], data, 0, LIMITS).width > 0


def test_escapes_are_undone_and_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Separators, breaks and hexadecimal come back; a broken escape stays, and no log tells it."""
    said = "a\\F\\b\\S\\c\\T\\d\\E\\e\\.br\\f\\X41\\g\\Zh"
    data = message("ORU^R01", PID, "OBR|1|||^혈액검사", f"OBX|1|TX|^x||{said}\\i")

    ((_, text),) = documents_of(data)

    assert "x: a|b^c&d\\e" in text.text
    assert "x: fAg\\Zh\\i" in text.text
    assert not caplog.records

"""CDA: a document is one record; no DTD, no entity, nothing fetched."""

import base64

import pytest

from intake.pages import render
from tests.makers.messages import cda
from tests.makers.messages.visits import make_visits
from tests.unit.intake.emr.reading import documents_of, values
from tests.unit.intake.samples import LIMITS, codes, drawn_pdf, material, triaged

HEAD = (
    '<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole><patient>'
    "<name>김가나</name></patient></patientRole></recordTarget>"
)


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "EUC-KR"])
def test_a_document_says_its_fields(encoding: str) -> None:
    """Header and entries become fields, whatever Korean encoding the file has."""
    visit = make_visits(11, 2)[1]

    ((document, text),) = documents_of(cda.document(visit, encoding=encoding))

    said = values(document)
    assert document.type == "medical_record"
    assert said["patient_name"] == visit.patient.name
    assert said["resident_number"] == visit.patient.resident_number
    assert said["chart_no"] == visit.patient.chart_no
    assert said["sex"] == visit.patient.sex
    assert said["birth_date"] == visit.patient.birth.isoformat()
    assert said["institution_code"] == visit.clinic.code
    assert said["visit_date"] == visit.day.isoformat()
    assert said["doctor"] == visit.doctor.name
    assert said["licence_no"] == visit.doctor.licence_no
    assert said["disease_codes"] == [visit.condition.code]
    assert [drug["name"] for drug in said["drugs"]] == [drug.name for drug in visit.drugs]
    assert [drug["times"] for drug in said["drugs"]] == [drug.times for drug in visit.drugs]
    assert [(row["name"], row["value"], row["flag"], row["range"]) for row in said["lab_rows"]] == [
        (result.name, result.value, result.flag, result.range) for result in visit.results
    ]
    assert visit.condition.name in text.text
    assert [part.path for part in text.parts] == ["ClinicalDocument"]


def test_korean_templates_tell_the_kind() -> None:
    """The exchange's own OID counts before the LOINC code."""
    ((document, _),) = documents_of(cda.document(make_visits(2, 1)[0], cda.REFERRAL))

    assert document.type == "referral_letter"
    assert document.evidence == ("cda.template",)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><ClinicalDocument/>', "xml_dtd"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><ClinicalDocument>&a;</ClinicalDocument>', "xml_dtd"),
        (f"{HEAD}<title>&file;</title></ClinicalDocument>", "xml_damaged"),
        (HEAD, "xml_damaged"),
        ("<section><title>x</title></section>", "cda_no_document"),
        ("<ClinicalDocument/>", "cda_no_patient"),
    ],
)
def test_what_is_wrong_is_named(data: str, code: str) -> None:
    """DTDs, unknown entities, cut files, fragments: a reason each, and no exception."""
    assert codes(triaged(data.encode(), "emr/x.xml")) == [code]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp949"])
def test_a_dtd_is_found_in_every_encoding(encoding: str) -> None:
    """An entity does not slip by in another encoding."""
    text = '<!DOCTYPE 가 [<!ENTITY a "b">]><ClinicalDocument>&a;</ClinicalDocument>'

    assert codes(triaged(text.encode(encoding), "emr/x.xml")) == ["xml_dtd"]


def test_deep_and_long_documents_are_answered() -> None:
    """A hundred thousand nested elements are refused; a text of ten megabytes is read."""
    deep = f"{HEAD}{'<section>' * 100_000}"
    long = (
        f"{HEAD}<component><structuredBody><component><section><text>{'가 ' * 3_500_000}</text>"
        "</section></component></structuredBody></component></ClinicalDocument>"
    )

    assert codes(triaged(deep.encode(), "emr/x.xml")) == ["xml_damaged"]
    assert triaged(long.encode(), "emr/x.xml").scans[0].pages == 1


def test_a_page_inside_is_a_scan() -> None:
    """A PDF in a document without sections is read as pages."""
    pdf = base64.b64encode(drawn_pdf(1)).decode()
    data = (
        f'{HEAD}<component><nonXMLBody><text mediaType="application/pdf" representation="B64">'
        f"{pdf}</text></nonXMLBody></component></ClinicalDocument>"
    )

    found = triaged(data.encode(), "emr/x.xml")

    assert [(scan.media, scan.member) for scan in found.scans] == [
        ("cda", None),
        ("pdf", "nonXMLBody.pdf"),
    ]
    assert render(found.scans[1], data.encode(), 0, LIMITS).width > 0


@pytest.mark.material
def test_entity_tricks_are_refused() -> None:
    """Every XML attack of the collection is refused before an entity is expanded."""
    for file in material("A18"):
        data = file.read_bytes()

        found = triaged(data, f"emr/{file.name}")

        assert not found.scans, file.name
        wanted = "xml_dtd" if b"<!DOCTYPE" in data else "cda_no_document"
        assert codes(found) == [wanted], file.name

"""Visits as CDA documents in the shape of the Korean exchange (진료정보교류)."""

from xml.sax.saxutils import escape

from tests.makers.messages.visits import Visit

REFERRAL = "1.2.410.100110.40.2.1.1"
SUMMARY = "1.2.410.100110.40.2.1.4"
_KCD = "1.2.410.100110.40.2.2.2"


def document(visit: Visit, template: str = SUMMARY, encoding: str = "UTF-8") -> bytes:
    """One document: header, diagnoses, drugs and results, each with its narrative."""
    clinic, patient = visit.clinic, visit.patient
    text = f"""<?xml version="1.0" encoding="{encoding}"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<realmCode code="KR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="{template}"/>
<id root="1.2.410.100110.10.{clinic.code}" extension="{visit.number}"/>
<code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/><title>진료기록</title>
<effectiveTime value="{visit.day:%Y%m%d}1030"/>
<recordTarget><patientRole>
<id root="1.2.410.100110.10.{clinic.code}.100" extension="{patient.chart_no}"/>
<id root="1.2.410.100110.10.1" extension="{patient.resident_number}"
 assigningAuthorityName="주민등록번호"/>
<addr>{escape(patient.address)}</addr><patient><name>{patient.name}</name>
<administrativeGenderCode code="{patient.sex}"/><birthTime value="{patient.birth:%Y%m%d}"/>
</patient></patientRole></recordTarget>
<author><time value="{visit.day:%Y%m%d}"/><assignedAuthor>
<id root="1.2.410.100110.30" extension="{visit.doctor.licence_no}"
 assigningAuthorityName="의사 면허번호"/>
<assignedPerson><name>{visit.doctor.name}</name></assignedPerson></assignedAuthor></author>
<custodian><assignedCustodian><representedCustodianOrganization>
<id root="1.2.410.100110.10.{clinic.code}"/><name>{escape(clinic.name)}</name>
</representedCustodianOrganization></assignedCustodian></custodian>
<componentOf><encompassingEncounter><code code="AMB"/>
<effectiveTime><low value="{visit.day:%Y%m%d}1020"/></effectiveTime>
</encompassingEncounter></componentOf>
<component><structuredBody>{_diagnoses(visit)}{_drugs(visit)}{_results(visit)}</structuredBody>
</component></ClinicalDocument>
"""
    return text.encode("cp949" if encoding == "EUC-KR" else encoding)


def _section(code: str, title: str, rows: list[str], entries: str) -> str:
    table = "".join(f"<tr><td>{escape(row)}</td></tr>" for row in rows)
    return (
        f'<component><section><code code="{code}"/><title>{title}</title>'
        f"<text><table><tbody>{table}</tbody></table></text>{entries}</section></component>"
    )


def _diagnoses(visit: Visit) -> str:
    condition = visit.condition
    entry = (
        '<entry><observation classCode="OBS" moodCode="EVN"><code code="29308-4"/>'
        f'<value xsi:type="CD" code="{condition.code}" codeSystem="{_KCD}" codeSystemName="KCD-8" '
        f'displayName="{escape(condition.name)}"/></observation></entry>'
    )
    return _section("29308-4", "진단내역", [f"{condition.code} {condition.name}"], entry)


def _drugs(visit: Visit) -> str:
    entries = "".join(
        '<entry><substanceAdministration classCode="SBADM" moodCode="RQO">'
        f'<effectiveTime xsi:type="PIVL_TS"><period value="{24 // drug.times}" unit="h"/>'
        f'</effectiveTime><doseQuantity value="{drug.dose}" unit="정"/><consumable>'
        f'<manufacturedProduct><manufacturedMaterial><code code="{drug.code}" '
        f'displayName="{escape(drug.name)}"/></manufacturedMaterial></manufacturedProduct>'
        "</consumable></substanceAdministration></entry>"
        for drug in visit.drugs
    )
    return _section("10160-0", "투약내역", [drug.name for drug in visit.drugs], entries)


def _results(visit: Visit) -> str:
    entries = "".join(
        '<entry><observation classCode="OBS" moodCode="EVN">'
        f'<code code="X" displayName="{escape(result.name)}"/>'
        f'<value xsi:type="PQ" value="{result.value}" unit="{escape(result.unit)}"/>'
        + (f'<interpretationCode code="{result.flag}"/>' if result.flag else "")
        + f"<referenceRange><observationRange><text>{result.range}</text></observationRange>"
        "</referenceRange></observation></entry>"
        for result in visit.results
    )
    rows = [f"{result.name} {result.value} {result.unit}" for result in visit.results]
    return _section("30954-2", "검사내역", rows, entries)

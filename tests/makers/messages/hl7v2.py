"""Visits as HL7 v2.5: an ADT^A04 each; of drugs RDE^O11, of results ORU^R01, of a bill EHC^E01."""

from collections.abc import Iterator, Sequence

from tests.makers.messages.visits import Visit


def batch(visits: Sequence[Visit], encoding: str = "cp949", declared: str = "") -> bytes:
    """A batch file of all messages, in its envelope; `declared` is what MSH-18 says."""
    told = [message for visit in visits for message in messages(visit, declared)]
    text = "".join(f"{message}\r" for message in ("BHS|^~\\&|EMR", *told, f"BTS|{len(told)}"))
    return text.encode(encoding)


def messages(visit: Visit, declared: str = "") -> Iterator[str]:
    """The messages of one visit, segments ended by a carriage return."""
    yield "\r".join((*_head(visit, "ADT^A04", declared), _visit(visit), _diagnosis(visit)))
    if visit.drugs:
        drugs = [f"RXE|1|{drug.code}^{drug.name}^EDI|{drug.dose}||정^정" for drug in visit.drugs]
        orders = [part for drug in drugs for part in ("ORC|NW", drug)]
        yield "\r".join((*_head(visit, "RDE^O11", declared), _visit(visit), *orders))
    if visit.results:
        stamp = f"{visit.day:%Y%m%d}1500"
        results = [
            f"OBX|{number}|NM|^{result.name}||{result.value}|{result.unit.replace('^', '')}"
            f"|{result.range}|{result.flag}|||F|||{stamp}"
            for number, result in enumerate(visit.results, 1)
        ]
        order = f"OBR|1||L{visit.number}|^혈액검사|||{stamp}||||||||||||||{stamp}||LAB"
        yield "\r".join((*_head(visit, "ORU^R01", declared), order, *results))
    if visit.total:
        bill = f"IVC|{visit.number}||||||{visit.day:%Y%m%d}|{visit.total}&KRW"
        yield "\r".join((*_head(visit, "EHC^E01", declared), bill))


def _head(visit: Visit, event: str, declared: str) -> tuple[str, str]:
    patient = visit.patient
    sender = f"{visit.clinic.name}^1.2.410.100110.10.{visit.clinic.code}^ISO"
    stamp = f"{visit.day:%Y%m%d}1020"
    return (
        f"MSH|^~\\&|EMR|{sender}|||{stamp}||{event}|{visit.number}|P|2.5||||||{declared}",
        f"PID|1||{patient.chart_no}^^^EMR^MR~{patient.resident_number}^^^MOIS^NNKOR||"
        f"{patient.name[0]}^{patient.name[1:]}||{patient.birth:%Y%m%d}|{patient.sex}",
    )


def _visit(visit: Visit) -> str:
    doctor = f"{visit.doctor.licence_no}^{visit.doctor.name[0]}^{visit.doctor.name[1:]}"
    fields = ["PV1", "1", "O", "", "", "", "", doctor, *[""] * 36, f"{visit.day:%Y%m%d}1020"]
    return "|".join(fields)


def _diagnosis(visit: Visit) -> str:
    condition = visit.condition
    return f"DG1|1||{condition.code}^{condition.name}^KCD8||{visit.day:%Y%m%d}|F"

"""Records of a FHIR file, each built when it is asked for."""

import base64
import binascii
import functools
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

from intake import encodings
from intake.emr.document_types import is_imaging_section, kind_of_loinc
from intake.emr.fhir.elements import codings, concept, many, said
from intake.emr.fhir.grouping import Plan, attachments, links, plan
from intake.emr.fhir.identity import identity_of
from intake.emr.fhir.resource import Resource, Wrong, read_resource
from intake.emr.fhir.spans import find_resources
from intake.emr.fhir.statements import in_short, statements
from intake.emr.message import OpenMessage
from intake.limits import Limits
from intake.tables import Refused
from records.emr_record import EmrRecord, Statement
from records.errors import RejectedInput
from records.values import SourcePart

_KINDS = {
    "patient": "patient_register", "encounter": "medical_record", "chart": "medical_record",
    "prescription": "prescription", "laboratory": "lab_result", "surgery": "surgery_record",
    "vaccination": "vaccination_record", "claim": "fee_detail", "benefit": "fee_receipt",
    "invoice": "fee_receipt",
}  # fmt: skip
_STEP = re.compile(r"(?P<path>.*?)\.?[A-Za-z]+\.attachment\[(?P<number>\d+)\]\.[a-z]+")
_KEPT = 512


def open_fhir(data: bytes, limits: Limits) -> OpenMessage:
    """Open a FHIR file.

    Raises:
        RejectedInput: `fhir_empty`, `too_many_rows`, `fhir_damaged` (no text at all).
    """
    data, warnings = _in_utf8(data)
    found = plan(data, limits.max_rows + 1)
    if not found.records:
        raise RejectedInput("fhir_empty")
    if len(found.spans) > limits.max_rows:
        raise RejectedInput("too_many_rows")
    reader = _Reader(data, found)
    return OpenMessage(
        count=len(found.records),
        record=reader.record,
        warnings=warnings,
        attachments=tuple(found.attachments),
    )


def attached(data: bytes, step: str) -> bytes:
    """The bytes of one attachment, found without looking into any other resource.

    Raises:
        RejectedInput: `attachment_damaged`.
    """
    data, _ = _in_utf8(data)
    match = _STEP.fullmatch(step)
    for span in find_resources(data) if match else ():
        if match is None or span.path != match["path"]:
            continue
        found = read_resource(data, span)
        try:
            inside = [] if isinstance(found, Wrong) else list(attachments(found))
            content = said(inside[int(match["number"])].get("data"))
            return base64.b64decode("".join(content.split()), validate=True)
        except (IndexError, binascii.Error, ValueError):
            break
    raise RejectedInput("attachment_damaged")


class _Reader:
    """Resources by number; the last few stay, for the same patient is named again and again."""

    def __init__(self, data: bytes, found: Plan) -> None:
        self._data = data
        self._plan = found
        self._load = functools.lru_cache(maxsize=_KEPT)(self._read)
        self._around_said = functools.lru_cache(maxsize=_KEPT)(self._in_short)

    def record(self, index: int) -> EmrRecord | Refused:
        planned = self._plan.records[index]
        if planned.wrong is not None:
            return Refused(planned.wrong.code, planned.wrong.element)
        members = [self._load(number) for number in planned.members]
        around = list(self._around(planned.members))
        kind, sure = self._kind(planned.rule, members[0])
        said_first = [said for number in around for said in self._around_said(number)]
        if sum(self._plan.types[number] == "Practitioner" for number in around) > 1:
            # Whose licence it is can be told of one doctor only.
            said_first = [
                replace(said, field="") if said.field == "licence_no" else said
                for said in said_first
            ]
        own = [statement for member in members for statement in statements(member, self._resolve)]
        return EmrRecord(
            index=index,
            kind=kind,
            sure=sure,
            rule=f"fhir.{planned.rule}",
            title=concept(members[0].get("code") or members[0].get("type"))
            or said(members[0].get("title")),
            statements=(*said_first, *own),
            parts=tuple(self._part(number) for number in (*planned.members, *around)),
            identity=identity_of(planned.rule, members),
        )

    def _read(self, number: int) -> Resource:
        found = read_resource(self._data, self._plan.spans[number])
        return {} if isinstance(found, Wrong) else found

    def _resolve(self, ref: str) -> Resource | None:
        number = self._plan.place(ref)
        return None if number is None else self._load(number)

    def _in_short(self, number: int) -> tuple[Statement, ...]:
        return tuple(in_short(self._load(number), self._resolve))

    def _part(self, number: int) -> SourcePart:
        span = self._plan.spans[number]
        path = f"{span.path}.{self._plan.types[number]}".lstrip(".")
        return SourcePart(path, hashlib.sha256(self._data[span.start : span.end]).hexdigest())

    def _around(self, members: tuple[int, ...]) -> Iterator[int]:
        """What the members name: institution and patient first, the encounter, people, drugs."""
        own = set(members)
        seen: dict[int, None] = {}
        waiting = list(members)
        while waiting:
            for ref in links(self._load(waiting.pop())):
                number = self._plan.place(ref)
                if number is None or number in own or number in seen:
                    continue
                type_ = self._plan.types[number]
                if type_ in {"Patient", "Encounter"} or number in self._plan.loose:
                    seen[number] = None
                    waiting.append(number)
        order = {"Organization": 0, "Patient": 1, "Encounter": 2}
        return iter(
            sorted(seen, key=lambda number: (order.get(self._plan.types[number], 3), number))
        )

    def _kind(self, rule: str, first: Resource) -> tuple[str, bool]:
        if rule in _KINDS:
            return _KINDS[rule], True
        if rule == "report":
            imaging = any(
                is_imaging_section(code) or kind_of_loinc(code) == "imaging_report"
                for _, code in (*codings(first.get("category")), *codings(first.get("code")))
            ) or bool(many(first.get("imagingStudy")))
            return ("imaging_report" if imaging else "lab_result"), True
        for _, code in (*codings(first.get("type")), *codings(first.get("category"))):
            if kind := kind_of_loinc(code):
                return kind, True
        return "", False


def _in_utf8(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """FHIR is UTF-8; what some program wrote otherwise is brought there, and said."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode()
    except UnicodeDecodeError:
        found = encodings.detect(data)
        if found is None:
            raise RejectedInput("fhir_damaged") from None
        warning = "text_damaged" if found.damaged else "encoding_declared_wrong"
        return data.decode(found.name, "replace").lstrip("\ufeff").encode(), (warning,)
    return data, ()

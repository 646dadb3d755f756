"""Records of a FHIR file, each built when it is asked for."""

import base64
import binascii
import functools
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

from intake.emr.document_types import is_imaging_section, kind_of_loinc
from intake.emr.fhir.beside import Beside
from intake.emr.fhir.elements import codings, concept, many, said
from intake.emr.fhir.grouping import Plan, attachments, links, plain_reference, plan
from intake.emr.fhir.identity import identity_of
from intake.emr.fhir.resource import Resource, Wrong, read_resource
from intake.emr.fhir.spans import find_resources
from intake.emr.fhir.statements import in_short, statements
from intake.emr.fhir.utf8 import in_utf8
from intake.emr.message import OpenMessage
from intake.limits import Limits
from intake.tables import Refused
from records.emr_record import EmrRecord, Statement
from records.errors import RejectedInput
from records.values import SourcePart

_KINDS = {
    "patient": "patient_register", "encounter": "medical_record", "chart": "medical_record",
    "visit": "medical_record",
    "prescription": "prescription", "laboratory": "lab_result", "surgery": "surgery_record",
    "vaccination": "vaccination_record", "claim": "fee_detail", "benefit": "fee_receipt",
    "invoice": "fee_receipt",
}  # fmt: skip
_STEP = re.compile(r"(?P<path>.*?)\.?[A-Za-z]+\.attachment\[(?P<number>\d+)\]\.[a-z]+")
_KEPT = 512
_ALONE = Beside()
Place = int | str
"""A resource: its number in this file, or its plain reference in another one."""


def open_fhir(data: bytes, limits: Limits, beside: Beside = _ALONE) -> OpenMessage:
    """Open a FHIR file; `beside` is what other files of the same export have to do with it.

    Raises:
        RejectedInput: `fhir_empty`, `too_many_rows`, `fhir_damaged` (no text at all).
    """
    data, warnings = in_utf8(data)
    visits = {name for name in beside.resources if name.startswith("Encounter/")}
    found = plan(data, limits.max_rows + 1, set(beside.named), visits)
    if not found.records and not found.elsewhere:
        raise RejectedInput("fhir_empty")
    if found.elsewhere:
        warnings += ("fhir_parts_elsewhere",)
    if len(found.spans) > limits.max_rows:
        raise RejectedInput("too_many_rows")
    reader = _Reader(data, found, beside)
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
    data, _ = in_utf8(data)
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

    def __init__(self, data: bytes, found: Plan, beside: Beside) -> None:
        self._data = data
        self._plan = found
        self._outside = beside.resources
        self._load = functools.lru_cache(maxsize=_KEPT)(self._read)
        self._around_said = functools.lru_cache(maxsize=_KEPT)(self._in_short)

    def record(self, index: int) -> EmrRecord | Refused:
        planned = self._plan.records[index]
        if planned.wrong is not None:
            return Refused(planned.wrong.code, planned.wrong.element)
        members = [self._load(number) for number in planned.members]
        around = list(self._around(planned.members))
        kind, sure = self._kind(planned.rule, members[0])
        said_first = [said for place in around for said in self._around_said(place)]
        if sum(self._type(place) == "Practitioner" for place in around) > 1:
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
            parts=tuple(self._part(place) for place in (*planned.members, *around)),
            identity=identity_of(planned.rule, members),
        )

    def _read(self, place: Place) -> Resource:
        if isinstance(place, str):
            raw = self._outside[place].text.encode()
            found = read_resource(raw, next(find_resources(raw)))
        else:
            found = read_resource(self._data, self._plan.spans[place])
        return {} if isinstance(found, Wrong) else found

    def _type(self, place: Place) -> str:
        if isinstance(place, str):
            return said(self._load(place).get("resourceType"))
        return self._plan.types[place]

    def _place(self, ref: str) -> Place | None:
        number = self._plan.place(ref)
        if number is not None:
            return number
        name = plain_reference(ref)
        return name if name in self._outside else None

    def _resolve(self, ref: str) -> Resource | None:
        place = self._place(ref)
        return None if place is None else self._load(place)

    def _in_short(self, place: Place) -> tuple[Statement, ...]:
        return tuple(in_short(self._load(place), self._resolve))

    def _part(self, place: Place) -> SourcePart:
        if isinstance(place, str):
            outside = self._outside[place]
            return SourcePart(outside.path, outside.sha256)
        span = self._plan.spans[place]
        path = f"{span.path}.{self._plan.types[place]}".lstrip(".")
        return SourcePart(path, hashlib.sha256(self._data[span.start : span.end]).hexdigest())

    def _around(self, members: tuple[int, ...]) -> Iterator[Place]:
        """What the members name: institution and patient first, the encounter, people, drugs."""
        own = set(members)
        seen: dict[Place, None] = {}
        waiting: list[Place] = list(members)
        while waiting:
            for ref in links(self._load(waiting.pop())):
                place = self._place(ref)
                if place is None or place in own or place in seen:
                    continue
                loose = isinstance(place, str) or place in self._plan.loose
                if loose or self._type(place) in {"Patient", "Encounter"}:
                    seen[place] = None
                    waiting.append(place)
        order = {"Organization": 0, "Patient": 1, "Encounter": 2}

        def rank(place: Place) -> tuple[int, bool, Place]:
            return order.get(self._type(place), 3), isinstance(place, str), place

        return iter(sorted(seen, key=rank))

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

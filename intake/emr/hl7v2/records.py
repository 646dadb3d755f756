"""Records of an HL7 v2 file: which messages, and which groups of one, become which kind.

A message is one record; of results (ORU, OUL) each order (OBR) with its results is one.
"""

import functools
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intake.emr.document_types import is_imaging_section, kind_of_hl7v2, kind_of_loinc
from intake.emr.hl7v2 import batches
from intake.emr.hl7v2.attachments import attachments_of
from intake.emr.hl7v2.batches import Span
from intake.emr.hl7v2.identity import identity_of
from intake.emr.hl7v2.segments import Segment, coded, parse, text_of
from intake.emr.hl7v2.statements import sender, statements
from intake.emr.message import OpenMessage
from intake.limits import Limits
from intake.tables import Refused
from records.emr_record import EmrRecord
from records.errors import RejectedInput
from records.values import SourcePart

_ABOUT_PERSONS = frozenset({"A28", "A29", "A31", "A40", "A47"})
_KINDS = {
    "ADT": "medical_record", "ORM": "medical_record", "OMG": "medical_record",
    "OML": "medical_record", "PPR": "medical_record", "PGL": "medical_record",
    "RDE": "prescription", "RDS": "prescription", "OMP": "prescription", "RAS": "prescription",
    "VXU": "vaccination_record", "REF": "referral_letter", "RRI": "referral_reply",
    "DFT": "fee_detail", "BAR": "patient_register", "EHC": "fee_detail",
    "SIU": "patient_register",
}  # fmt: skip
_RESULTS = frozenset({"ORU", "OUL"})
_TYPE_FIELD = 8  # of a header split at its separator: MSH-9


@dataclass(frozen=True, slots=True)
class _Place:
    """One record: its message, and which order of it, or None for all of it."""

    message: int
    order: int | None = None


def open_hl7v2(data: bytes, limits: Limits) -> OpenMessage:
    """Open a file of HL7 v2 messages.

    Raises:
        RejectedInput: `hl7_empty`, `too_many_rows`.
    """
    data = batches.in_bytes(data)
    spans, whole = batches.find_messages(data)
    if not spans:
        raise RejectedInput("hl7_empty")
    places: list[_Place] = []
    warnings: Counter[str] = Counter() if whole else Counter({"hl7_batch_incomplete": 1})
    inside: list[str] = []
    for number, span in enumerate(spans):
        raw = data[span.start : span.end]
        decoded = batches.decode(raw)
        warnings["text_damaged"] += decoded.damaged
        warnings["encoding_declared_wrong"] += decoded.differs
        names = batches.segment_names(raw)
        if _type(raw) in _RESULTS and names.count(b"OBR") > 1:
            places += [_Place(number, order) for order in range(names.count(b"OBR"))]
        else:
            places.append(_Place(number))
        if len(places) > limits.max_rows:
            raise RejectedInput("too_many_rows")
        inside += attachments_of(raw, number)

    @functools.lru_cache(maxsize=1)
    def parsed(message: int) -> tuple[Segment, ...]:
        span = spans[message]
        return parse(batches.decode(data[span.start : span.end]).text)

    def record(index: int) -> EmrRecord | Refused:
        place = places[index]
        path = f"message[{place.message}]"
        try:
            return _record(data, spans[place.message], parsed(place.message), place, index)
        except RejectedInput as error:
            return Refused(error.code, path)

    return OpenMessage(
        count=len(places),
        record=record,
        warnings=tuple(code for code, times in warnings.items() if times),
        attachments=tuple(inside),
    )


def _record(
    data: bytes, span: Span, segments: tuple[Segment, ...], place: _Place, index: int
) -> EmrRecord:
    header = segments[0]
    if not any(segment.name == "PID" for segment in segments):
        raise RejectedInput("hl7_no_patient")
    own = segments
    path = f"message[{place.message}]"
    if place.order is not None:
        own = tuple(_of_order(segments, place.order))
        path += f".OBR[{place.order}]"
    kind, sure, rule = _kind(header, own)
    return EmrRecord(
        index=index,
        kind=kind,
        sure=sure,
        rule=rule,
        title=_title(own),
        statements=(*sender(header), *statements(own)),
        parts=(SourcePart(path, hashlib.sha256(data[span.start : span.end]).hexdigest()),),
        identity=identity_of(header, own),
    )


def _of_order(segments: Sequence[Segment], order: int) -> Iterator[Segment]:
    """What stands before the first order, and the wanted order with what belongs to it."""
    number = -1
    ahead: list[Segment] = []
    for segment in segments:
        if segment.name in {"ORC", "SPM", "SAC"} and (number >= 0 or segment.name == "ORC"):
            ahead.append(segment)
            continue
        if segment.name == "OBR":
            number += 1
        elif ahead and number == order:
            yield from ahead
        if segment.name == "OBR" and number == order:
            yield from ahead
        ahead = []
        if number in {-1, order}:
            yield segment
    if ahead and number == order:
        yield from ahead


def _kind(header: Segment, segments: Sequence[Segment]) -> tuple[str, bool, str]:
    """The kind, whether it is sure, and the rule that says so."""
    type_, event = header.at(9).upper(), header.at(9, 2).upper()
    names = {segment.name for segment in segments}
    rule = f"hl7v2.{type_.lower() or 'unknown'}"
    if type_ == "MDM":
        return _document_kind(segments, rule)
    if type_ in _RESULTS:
        order = next((segment for segment in segments if segment.name == "OBR"), None)
        imaging = order is not None and is_imaging_section(order.at(24))
        return ("imaging_report" if imaging else "lab_result"), True, rule
    if type_ == "ADT" and event in _ABOUT_PERSONS:
        return "patient_register", True, rule
    if names & {"RXE", "RXO", "RXD"}:
        return "prescription", True, rule
    kind = _KINDS.get(type_, "")
    return kind, bool(kind), rule


def _document_kind(segments: Sequence[Segment], rule: str) -> tuple[str, bool, str]:
    for segment in segments:
        if segment.name == "TXA" and (kind := kind_of_hl7v2(segment.at(2))):
            return kind, True, rule
    for segment in segments:
        if segment.name in {"OBX", "OBR"}:
            field = 3 if segment.name == "OBX" else 4
            for code, _, _ in coded(segment, field):
                if kind := kind_of_loinc(code):
                    return kind, True, rule
    return "", False, rule


def _title(segments: Sequence[Segment]) -> str:
    for segment in segments:
        if segment.name == "OBR" and (title := text_of(segment, 4)):
            return title
        if segment.name == "TXA" and (title := segment.at(2, 2)):
            return title
    return ""


def _type(raw: bytes) -> str:
    head = re.split(rb"[\r\n]", raw, maxsplit=1)[0]
    fields = head.split(head[3:4])
    if len(fields) <= _TYPE_FIELD:
        return ""
    return re.split(rb"[^A-Za-z]", fields[_TYPE_FIELD])[0].decode("ascii", "replace").upper()

"""A CDA document becomes one record: what its author attested as a whole stays a whole."""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from typing import Any

from intake.emr.cda.entries import entry_statements
from intake.emr.cda.header import header_statements, text_under, words_of
from intake.emr.cda.narrative import narrative_lines
from intake.emr.document_types import kind_of_loinc, kind_of_template
from intake.emr.message import SUFFIXES, OpenMessage
from intake.emr.safe_xml import parse_xml
from records.emr_identity import EmrIdentity
from records.emr_record import EmrRecord, Statement
from records.errors import RejectedInput
from records.values import SourcePart

_FHIR = b"http://hl7.org/fhir"
_LOINC = "2.16.840.1.113883.6.1"


def open_cda(data: bytes) -> OpenMessage:
    """Open a CDA document.

    Raises:
        RejectedInput: as `parse_xml`; `cda_no_document` where it is a part of one, or other XML;
            `fhir_xml_unread`; `cda_no_patient`.
    """
    xml = parse_xml(data)
    root = xml.root
    if root.tag != "ClinicalDocument":
        raise RejectedInput("fhir_xml_unread" if _FHIR in data else "cda_no_document")
    if root.find("recordTarget/patientRole") is None:
        raise RejectedInput("cda_no_patient")
    kind, rule = _kind(root)
    step, _ = _page_inside(root)
    digest = hashlib.sha256(data).hexdigest()
    record = EmrRecord(
        index=0,
        kind=kind,
        sure=bool(kind),
        rule=rule,
        title=text_under(root.find("title")),
        statements=tuple(_statements(root)),
        parts=(SourcePart("ClinicalDocument", digest),),
        identity=EmrIdentity("cda", _name(root), digest),
    )
    return OpenMessage(
        count=1,
        record=lambda _: record,
        warnings=xml.warnings,
        attachments=(step,) if step else (),
    )


def attached(data: bytes, step: str) -> bytes:
    """The bytes of the page that a document without sections is.

    Raises:
        RejectedInput: `attachment_damaged`.
    """
    found, content = _page_inside(parse_xml(data).root)
    try:
        if step != found:
            raise RejectedInput("attachment_damaged")
        return base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RejectedInput("attachment_damaged") from error


def _statements(root: Any) -> Iterator[Statement]:
    yield from header_statements(root)
    for section in root.iter("section"):
        code = section.find("code")
        about = "" if code is None else words_of(code)
        title = text_under(section.find("title"))
        if title or about:
            said = f"{title} ({about})" if title and about else title or about
            yield Statement("[항목]", said, "", "section")
        if (text := section.find("text")) is not None:
            for line in narrative_lines(text):
                yield Statement("", line, "", "section.text")
        yield from entry_statements(section)
    body = root.find("component/nonXMLBody/text")
    if body is not None:
        yield from _unstructured(body)


def _name(root: Any) -> str:
    """What names a document in all its versions, else this version; "" where neither is told."""
    for tag in ("setId", "id"):
        element = root.find(tag)
        if element is not None and element.get("root"):
            return f"{tag}|{element.get('root')}|{element.get('extension', '')}"
    return ""


def _unstructured(body: Any) -> Iterator[Statement]:
    media = body.get("mediaType", "")
    reference = body.find("reference")
    if reference is not None:
        yield Statement("첨부", f"{media} {reference.get('value', '')}".strip(), "", "nonXMLBody")
    elif body.get("representation", "").upper() != "B64":
        for line in text_under(body, lines=True).splitlines():
            yield Statement("", line, "", "nonXMLBody")
    elif media.startswith("text/"):
        try:
            raw = base64.b64decode("".join(text_under(body).split()), validate=True)
        except (binascii.Error, ValueError):
            yield Statement("첨부", f"{media} (손상)", "", "nonXMLBody")
            return
        for line in raw.decode("utf-8", "replace").splitlines():
            yield Statement("", line, "", "nonXMLBody")
    else:
        size = len(body.text or "")
        yield Statement("첨부", f"첨부 파일 ({media} {size})", "", "nonXMLBody")


def _page_inside(root: Any) -> tuple[str, str]:
    body = root.find("component/nonXMLBody/text")
    if body is None or body.get("representation", "").upper() != "B64":
        return "", ""
    suffix = SUFFIXES.get(body.get("mediaType", "").lower(), "")
    return (f"nonXMLBody.{suffix}" if suffix else ""), body.text or ""


def _kind(root: Any) -> tuple[str, str]:
    """By the Korean exchange's template first: it is the narrower word of the two."""
    for template in root.findall("templateId"):
        if kind := kind_of_template(template.get("root", "")):
            return kind, "cda.template"
    code = root.find("code")
    for element in () if code is None else (code, *code.findall("translation")):
        if element.get("codeSystem", _LOINC) == _LOINC and (
            kind := kind_of_loinc(element.get("code", ""))
        ):
            return kind, "cda.code"
    return "", "cda.title"

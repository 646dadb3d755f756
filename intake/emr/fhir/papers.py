"""Letters and what is attached: compositions, document references, files."""

import base64
import binascii
from collections.abc import Iterator

from intake.emr.fhir.elements import Resolve, concept, many, named, narrative, said
from intake.emr.fhir.grouping import attachments
from intake.emr.fhir.resource import Resource
from records.emr_record import Statement

_MOST_TEXT = 1 << 20


def composition(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """A document of sections."""
    if title := said(resource.get("title")):
        yield Statement("제목", title, "", "Composition.title")
    if date := said(resource.get("date")):
        yield Statement("작성일", date, "issue_date", "Composition.date")
    for author in many(resource.get("author")):
        if name := named(author, resolve):
            yield Statement("작성자", name, "doctor", "Composition.author")
    stack = list(reversed(many(resource.get("section"))))
    while stack:
        section = stack.pop()
        if title := said(section.get("title")) or concept(section.get("code")):
            yield Statement("[항목]", title, "", "Composition.section.title")
        for line in narrative(section.get("text")):
            yield Statement("", line, "", "Composition.section.text")
        stack.extend(reversed(many(section.get("section"))))


def document(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """A document that lies inside or elsewhere."""
    type_ = said(resource.get("resourceType"))
    if name := concept(resource.get("type")):
        yield Statement("문서 종류", name, "", f"{type_}.type")
    if date := said(resource.get("date") or resource.get("created")):
        yield Statement("작성일", date, "issue_date", f"{type_}.date")
    for author in many(resource.get("author")):
        if name := named(author, resolve):
            yield Statement("작성자", name, "doctor", f"{type_}.author")
    yield from files(resource, f"{type_}.content")


def files(resource: Resource, element: str) -> Iterator[Statement]:
    """The files attached to a resource: a text is read in place, any other is named."""
    for found in attachments(resource):
        media = said(found.get("contentType"))
        about = " ".join(part for part in (said(found.get("title")), media, said(found.get("url")))
                         if part)  # fmt: skip
        yield Statement("첨부", about or "첨부 파일", "", element)
        data = found.get("data")
        if media.startswith("text/") and isinstance(data, str):
            try:
                raw = base64.b64decode(data, validate=True)[:_MOST_TEXT]
            except (binascii.Error, ValueError):
                yield Statement("첨부", "손상된 글 / damaged text", "", element)
                continue
            text = raw.decode("utf-8", "replace")
            lines = narrative({"div": text}) if "html" in media else text.splitlines()
            for line in lines:
                yield Statement("", line, "", element)

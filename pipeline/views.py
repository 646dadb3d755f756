"""Pages and documents as `read --json` and `export` write them (design 5.2)."""

from collections.abc import Mapping
from typing import Any, TypeVar

from records.codec import to_plain
from records.values import Document, PageText, SeparatorRead

T = TypeVar("T")


def page_view(text: PageText, number: int) -> dict[str, Any]:
    """One page: its number in its file (1-based), its text, and all that was found of it.

    `lines` are lists of words in reading order, each with its box in pixels of the upright page
    (`width` x `height`) and the probability that it is right; null = not scored.
    """
    return {
        "page": number,
        "text": text.text,
        "rotation": text.rotation,
        "skew": text.skew,
        "flags": list(text.flags),
        "confidence": text.confidence,
        "width": text.width,
        "height": text.height,
        "dpi": text.dpi,
        "ink": text.ink,
        "bleed_through": text.bleed_through,
        "sharpness": text.sharpness,
        "source": text.source,
        **({"parts": [to_plain(part) for part in text.parts]} if text.parts else {}),
        "lines": [to_plain(line)["words"] for line in text.lines],
    }


def unread_duplicate_view(number: int) -> dict[str, Any]:
    """One page of a file received twice: it was not read a second time."""
    return {
        "page": number,
        "text": "",
        "rotation": 0,
        "skew": 0.0,
        "flags": ["duplicate"],
        "confidence": None,
    }


def twins_view(
    page: str,
    duplicate_of: Mapping[str, str],
    maybe_duplicate_of: Mapping[str, str],
    names: Mapping[str, T],
) -> dict[str, T]:
    """Which page a page repeats, surely or perhaps; nothing where it repeats none."""
    twins = {"duplicate_of": duplicate_of, "maybe_duplicate_of": maybe_duplicate_of}
    return {key: names[found[page]] for key, found in twins.items() if page in found}


def aside_view(page: str, set_aside: Mapping[str, str]) -> dict[str, str]:
    """As what a page is in no document; nothing of one that is in a document."""
    return {"set_aside": set_aside[page]} if page in set_aside else {}


def separator_view(page: str, separators: Mapping[str, SeparatorRead]) -> dict[str, Any]:
    """What a separator sheet of ours says, and why it is not obeyed; nothing of other pages."""
    read = separators.get(page)
    if read is None:
        return {}
    view = {"box": read.box, "chart_no": read.chart_no}
    return {"separator": {"refused": read.refused} if read.refused else view}


def document_view(document: Document, numbers: Mapping[str, int]) -> dict[str, Any]:
    """One document: pages by number, type, and each field with confidence, page and box."""
    fields = {
        key: to_plain(field) | {"page": numbers.get(field.page_id or "")}
        for key, field in document.fields.items()
    }
    for field in fields.values():
        field.pop("page_id")
    return {
        "pages": [numbers[page] for page in document.pages],
        "type": document.type,
        "type_confidence": document.type_confidence,
        "boundary_confidence": document.boundary_confidence,
        "evidence": list(document.evidence),
        "fields": fields,
    } | {
        key: value
        for key, value in (
            ("box", document.box),
            ("filed_chart_no", document.filed_chart_no),
            ("replaces", document.replaces),
            ("attachments", [to_plain(one) for one in document.attachments] or None),
        )
        if value is not None
    }

"""Elements of resources as text: names, codes, quantities, days. What is not as expected is ""."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from intake.emr.fhir.resource import Resource

Resolve = Callable[[str], Resource | None]

_TAG = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^>]{0,200}>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
_SILENT = frozenset({
    "resourceType", "id", "meta", "implicitRules", "language", "text", "contained", "system",
    "version", "userSelected", "use", "url", "fullUrl", "reference", "identifierType", "data",
    "hash", "div", "profile", "rank", "sequence", "focal", "itemSequence",
})  # fmt: skip
_HANGUL = re.compile(r"[가-힣]")
_MOST_DEPTH = 40


def many(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list, or the one object."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def one(value: Any) -> Mapping[str, Any]:
    """The first object, an empty one where there is none."""
    return next(iter(many(value)), {})


def said(value: Any) -> str:
    """A primitive as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() if isinstance(value, str | int | Decimal) else ""


def person(value: Any) -> str:
    """A HumanName: its text, else a Korean name in one word, another one given name first."""
    name = one(value)
    if text := said(name.get("text")):
        return text
    family = said(name.get("family"))
    given = [said(part) for part in name.get("given") or [] if said(part)]
    if _HANGUL.search(f"{family}{''.join(given)}"):
        return f"{family}{''.join(given)}"
    return " ".join(part for part in (*given, family) if part)


def concept(value: Any) -> str:
    """What a CodeableConcept (the first of them) is called, else its code."""
    found = one(value)
    codings = many(found.get("coding"))
    shown = next((text for coding in codings if (text := said(coding.get("display")))), "")
    code = next((text for coding in codings if (text := said(coding.get("code")))), "")
    return said(found.get("text")) or shown or code


def codings(value: Any) -> Iterator[tuple[str, str]]:
    """Yield (system, code) of every coding of every CodeableConcept."""
    for found in many(value):
        for coding in many(found.get("coding")):
            if code := said(coding.get("code")):
                yield said(coding.get("system")), code


def quantity(value: Any) -> str:
    """A Quantity with its unit."""
    found = one(value)
    unit = said(found.get("unit")) or said(found.get("code"))
    number = f"{said(found.get('comparator'))}{said(found.get('value'))}"
    return f"{number} {unit}".strip() if number else ""


def period(value: Any) -> tuple[str, str]:
    """Start and end of a Period; a dateTime starts and does not end."""
    if isinstance(value, str):
        return value, ""
    found = one(value)
    return said(found.get("start")), said(found.get("end"))


def reference(value: Any) -> str:
    """Where a Reference (the first of them) leads."""
    return said(one(value).get("reference"))


def named(value: Any, resolve: Resolve) -> str:
    """Whom a Reference names: its display, else the name of the resource it leads to."""
    found = one(value)
    if display := said(found.get("display")):
        return display
    target = resolve(said(found.get("reference")))
    if target is None:
        return ""
    if "practitioner" in target and (name := named(target["practitioner"], resolve)):
        return name
    called = target.get("name")
    return said(called) or person(called) or concept(target.get("code"))


def narrative(value: Any) -> list[str]:
    """The lines of a Narrative."""
    div = said(one(value).get("div"))
    lines = _ANY_TAG.sub(" ", _TAG.sub("\n", div)).splitlines()
    return [text for line in lines if (text := " ".join(html.unescape(line).split()))]


def words(value: Any, resolve: Resolve) -> str:
    """Everything that an element says to a reader, in order: no addresses of systems, no keys."""
    return " ".join(dict.fromkeys(word for word in _words(value, resolve, 0) if word))


def rest(resource: Resource, done: frozenset[str], resolve: Resolve) -> Iterator[tuple[str, str]]:
    """Yield (element, what it says) of the elements that are not `done`."""
    for key, value in resource.items():
        if key not in done and key not in _SILENT and (text := words(value, resolve)):
            yield key, text


def _words(value: Any, resolve: Resolve, depth: int) -> Iterator[str]:
    if depth > _MOST_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _words(item, resolve, depth + 1)
    elif not isinstance(value, dict):
        yield said(value)
    else:
        if "reference" in value:
            yield named(value, resolve)
        if "coding" in value:
            yield concept(value)
        for key, item in value.items():
            if key not in _SILENT and key != "display":
                yield from _words(item, resolve, depth + 1)
            elif key == "display" and "reference" not in value:
                yield said(item)
            elif key == "text" and isinstance(item, str):  # of a concept, not a narrative
                yield item
        for inner in many(value.get("resource")):
            yield from _words(inner, resolve, depth + 1)

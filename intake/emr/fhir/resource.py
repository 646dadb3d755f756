"""One resource: parsed, and checked against FHIR R4 by fhir.resources."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from intake.emr.fhir.spans import Span, too_deep
from intake.emr.message import MOST_BYTES

Resource = Mapping[str, Any]

_TYPE = re.compile(r"[A-Za-z]{1,40}")
# What R4 demands and R4B knows no longer, or demands and exports leave out: no reason to lose it.
_FORGIVEN = frozenset({"missing", "extra_forbidden", "model_fhir_validation.required"})


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a resource cannot be used, and the element that is at fault."""

    code: str
    element: str


def read_resource(data: bytes, span: Span) -> Resource | Wrong:
    """Parse a resource; the element of what is wrong begins with its place in the file."""
    raw = data[span.start : span.end]
    if not span.whole:
        return Wrong("fhir_cut_short", span.path)
    if len(raw) > MOST_BYTES:
        return Wrong("message_too_large", span.path)
    if too_deep(raw):
        return Wrong("fhir_too_deep", span.path)
    try:
        # A decimal keeps its last zeros: 5.10 is more exact than 5.1.
        found = json.loads(raw, parse_float=Decimal, parse_constant=_refused)
    except (ValueError, RecursionError, ArithmeticError):
        return Wrong("fhir_damaged", span.path)
    return _resource(found, span)


def _refused(constant: str) -> None:
    raise ValueError(constant)


def _resource(found: Any, span: Span) -> Resource | Wrong:
    if span.wrapped:
        found = found.get("resource") if isinstance(found, dict) else None
        if found is None:
            return Wrong("fhir_entry_empty", span.path)
    if not isinstance(found, dict) or not isinstance(found.get("resourceType"), str):
        return Wrong("fhir_no_resource", span.path)
    return found


def full_url(data: bytes, span: Span) -> str:
    """The fullUrl of a bundle's entry, "" where it has none."""
    if not span.wrapped:
        return ""
    url = json.loads(data[span.start : span.end]).get("fullUrl")
    return url if isinstance(url, str) else ""


def check(resource: Resource, path: str) -> Wrong | None:
    """Check every element of a resource: an absent one is forgiven, a wrong one is not."""
    # A quarter of a second and ten MiB, paid by those who read FHIR.
    from fhir.resources.R4B import get_fhir_model_class  # noqa: PLC0415
    from pydantic import ValidationError  # noqa: PLC0415

    name = resource["resourceType"]
    try:
        model = get_fhir_model_class(name)
    except (KeyError, LookupError, ValueError):
        # A name of nowhere may be anything, a patient's too: only what looks like a type is told.
        told = f"{path}.{name}" if _TYPE.fullmatch(name) else path
        return Wrong("fhir_type_unknown", told)
    try:
        model.model_validate(resource)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=False, include_input=False):
            if fault["type"] in _FORGIVEN or "is required" in fault["msg"]:
                continue
            at = ".".join(str(step) for step in fault["loc"])
            return Wrong("fhir_element_wrong", f"{path}.{name}.{at}".rstrip("."))
    except Exception:  # noqa: BLE001
        # A validator that stumbles over one resource must not take its neighbours along.
        return Wrong("fhir_element_wrong", f"{path}.{name}")
    return None

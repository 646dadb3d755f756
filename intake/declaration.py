"""`delivery.yaml`: what the delivering side declares (design 5.1)."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import yaml

from intake import encodings
from intake.names import comparable
from records.errors import RejectedInput
from records.values import Delivery, Institution

NAME = "delivery.yaml"
MAX_BYTES = 65_536

_CODE = re.compile(r"^[0-9]{8}$", re.ASCII)  # 요양기관기호, domain 4.2
_COUNT = re.compile(r"^[0-9]{1,9}$", re.ASCII)


def read_declaration(raw: bytes) -> Delivery:
    """Read `delivery.yaml`.

    Every scalar is read as text and typed here, so that a code keeps its leading zero.

    Raises:
        RejectedInput: `declaration_unreadable`, or `declaration_wrong` naming the key.
    """
    text = encodings.decode(raw) if len(raw) <= MAX_BYTES else None
    if text is None:
        raise RejectedInput("declaration_unreadable")
    try:
        # BaseLoader builds text, lists and mappings only: safe_load less its guesses.
        data = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise RejectedInput("declaration_unreadable") from error
    if not isinstance(data, Mapping):
        raise RejectedInput("declaration_unreadable")
    institution = _mapping(data, "institution", "institution", required=True)
    declared = _mapping(data, "declared", "declared")
    opened = _date(institution, "opened", "institution.opened")
    closed = _date(institution, "closed", "institution.closed")
    if opened and closed and closed < opened:
        raise RejectedInput("declaration_wrong", "institution.closed")
    code = _text(institution, "code", "institution.code")
    if not _CODE.match(code):
        raise RejectedInput("declaration_wrong", "institution.code")
    name = _text(institution, "name", "institution.name")
    if not name:
        raise RejectedInput("declaration_wrong", "institution.name")
    sheets = _text(declared, "sheets", "declared.sheets")
    rows = _text(declared, "rows", "declared.rows")
    documents = _mapping(declared, "documents", "declared.documents")
    return Delivery(
        institution=Institution(code=code, name=name, opened=opened, closed=closed),
        source=_choice(data, "source", ("paper", "emr")),
        holder=_choice(data, "holder", ("owner", "health_centre")),
        scanned={
            str(key): _text(scanned, key, "scanned")
            for scanned in (_mapping(data, "scanned", "scanned"),)
            for key in scanned
        },
        declared_sheets=_count(sheets, "declared.sheets") if sheets else None,
        declared_rows=_count(rows, "declared.rows") if rows else None,
        declared_documents={
            str(key): _count(_text(documents, key, "declared.documents"), "declared.documents")
            for key in documents
        },
        reference=_text(data, "reference", "reference"),
        declared_boxes=_boxes(_mapping(declared, "boxes", "declared.boxes")),
        mappings={
            comparable(str(table)): comparable(_text(mappings, table, "mappings"))
            for mappings in (_mapping(data, "mappings", "mappings"),)
            for table in mappings
        },
    )


def _boxes(boxes: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Chart numbers by box; a box may be empty, and may name one chart without a list."""
    found: dict[str, tuple[str, ...]] = {}
    for box, listed in boxes.items():
        charts = listed if isinstance(listed, list) else [listed] if listed else []
        if not all(isinstance(chart, str) for chart in charts):
            raise RejectedInput("declaration_wrong", "declared.boxes")
        found[str(box).strip()] = tuple(chart.strip() for chart in charts if chart.strip())
    return found


def _mapping(
    data: Mapping[str, Any], key: str, path: str, required: bool = False
) -> Mapping[str, Any]:
    value = data.get(key)
    if isinstance(value, Mapping):
        return value
    if required or value not in (None, "", "~", "null"):
        raise RejectedInput("declaration_wrong", path)
    return {}


def _text(data: Mapping[str, Any], key: str, path: str) -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        raise RejectedInput("declaration_wrong", path)
    value = value.strip()
    return "" if value in ("~", "null") else value


def _choice(data: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> str:
    value = _text(data, key, key) or choices[0]
    if value not in choices:
        raise RejectedInput("declaration_wrong", key)
    return value


def _date(data: Mapping[str, Any], key: str, path: str) -> dt.date | None:
    value = _text(data, key, path)
    if not value:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise RejectedInput("declaration_wrong", path) from error


def _count(value: str, path: str) -> int:
    if not _COUNT.match(value):
        raise RejectedInput("declaration_wrong", path)
    return int(value)

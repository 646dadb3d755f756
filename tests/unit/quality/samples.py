"""Made-up pages, documents and batches: nothing wrong with them unless a test says so."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from records.values import (
    Batch,
    Box,
    Delivery,
    Document,
    Field,
    Institution,
    Line,
    PageText,
    ReceivedFile,
    Word,
)

NAME = "남궁하늘별"
NUMBER = "800101-1234560"
TEXT = f"진단서 성명 {NAME} 주민등록번호 {NUMBER} 위와 같이 진단합니다"
BATCH = "b-qualitysamples"


def make_page(page_id: str, text: str = TEXT, **changes: Any) -> PageText:
    """A well-scanned page that reads `text`, line by line."""
    rows = [row.split() for row in text.splitlines() if row.split()]
    lines = tuple(
        Line(tuple(Word(word, Box(10, 10, 60, 30), 0.93) for word in row)) for row in rows
    )
    facts: dict[str, Any] = {
        "width": 2480,
        "height": 3508,
        "dpi": 300,
        "rotation": 0,
        "skew": 0.3,
        "lines": lines,
        "confidence": 0.93,
        "ink": 0.04,
        "sharpness": 0.8,
        "look": "5a" * 32,
    }
    return PageText(page_id=page_id, **(facts | changes))


def make_fields(**changes: Any) -> dict[str, Field]:
    """Fields of a medical certificate that agree with each other; None takes a field away."""
    values: dict[str, Any] = {
        "patient_name": NAME,
        "resident_number": NUMBER,
        "birth_date": "1980-01-01",
        "sex": "M",
        "institution_name": "한빛 내과의원",
        "doctor": "가상의사",
        "visit_date": "2019-03-05",
        "issue_date": "2019-03-06",
        "disease_codes": ["M79.1", "J00"],
    }
    return {
        key: value if isinstance(value, Field) else Field(value, str(value), 0.95)
        for key, value in (values | changes).items()
        if value is not None
    }


def make_document(
    document_id: str,
    pages: tuple[str, ...],
    fields: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Document:
    """A sure medical certificate; `fields` changes single fields."""
    facts: dict[str, Any] = {
        "batch_id": BATCH,
        "stack_id": "t-1",
        "type": "diagnosis_certificate",
        "type_confidence": 0.97,
        "boundary_confidence": 0.98,
        "fields": make_fields(**(fields or {})),
    }
    return Document(id=document_id, pages=pages, **(facts | changes))


def make_batch(**changes: Any) -> Batch:
    """A declared batch; `changes` are those of its delivery."""
    facts: dict[str, Any] = {
        "institution": Institution(
            "31234567", "한빛내과의원", dt.date(1998, 3, 2), dt.date(2025, 6, 30)
        ),
        "scanned": {"by": "스캔담당", "at": "2026-11-20T09:00+09:00", "dpi": "300"},
    }
    files = (ReceivedFile("f-1", "scans/1.tif", "0" * 64, 10, 0, listed=True),)
    return Batch(BATCH, Delivery(**(facts | changes)), files)

"""Documents as both sides tell them, from plain values."""

import itertools

from records.values import Document, Field

_NUMBERS = itertools.count()
KIM = {"patient_name": "김영희", "resident_number": "800101-2234567", "chart_no": "001234"}
COLD = {"name": "세티리진염산염정10밀리그램", "dose": "1", "times": 1, "days": 7}


def paper(type_: str = "medical_record", **values: object) -> Document:
    """A document read from a scan."""
    return _document("scan", type_, values)


def emr(type_: str = "medical_record", **values: object) -> Document:
    """A document of an EMR record."""
    return _document("emr", type_, values)


def _document(origin: str, type_: str, values: dict[str, object]) -> Document:
    number = next(_NUMBERS)
    fields = {
        key: Field(value, str(value), 0.95)  # type: ignore[arg-type]
        for key, value in values.items()
    }
    return Document(
        f"d-{number}", "b", "t", (f"p-{number}",), type_, 0.98, 0.98, fields, origin=origin
    )

"""Results of tests as two systems write them: one spelling for one test, one form for one value."""

from collections.abc import Iterator
from dataclasses import dataclass

from classifiers.reconciling.persons import plain_name
from records.values import Document


@dataclass(frozen=True, slots=True)
class Result:
    """One result of one document: the test, plain and as printed, and the value, plain and told."""

    test: str
    printed: str
    value: str
    told: str


def results_of(document: Document) -> Iterator[Result]:
    """Every result that a document tells with a test's name and a value."""
    field = document.fields.get("lab_rows")
    for row in field.value if field and isinstance(field.value, list) else ():
        if isinstance(row, dict) and row.get("name") and row.get("value") not in (None, ""):
            name, value = str(row["name"]), str(row["value"]).strip()
            yield Result(plain_name(name), name, _plain(value), value)


def _plain(value: str) -> str:
    """`4.50` and `4.5` are one result."""
    try:
        return f"{float(value):g}"
    except ValueError:
        return plain_name(value)

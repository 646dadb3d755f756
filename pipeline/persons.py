"""Whose documents these are, as keyed hashes for the access log."""

from collections.abc import Iterable

from archive.index.index import Index
from records.values import Document

_FIELDS = ("resident_number", "patient_name", "chart_no")


def persons_of(index: Index, institution: str, documents: Iterable[Document]) -> tuple[str, ...]:
    """The persons of documents that need not be indexed yet, as `Index.persons` names them."""
    found = set()
    for document in documents:
        values = (document.fields[name] for name in _FIELDS if name in document.fields)
        named = zip((n for n in _FIELDS if n in document.fields), values, strict=True)
        hashes = (index.person_hash(institution, name, str(field.value)) for name, field in named)
        if first := next(filter(None, hashes), ""):
            found.add(first)
    return tuple(sorted(found))

"""Which fields of accepted documents were read exactly, and what was invented on blank forms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.document_readings import as_printed
from bench.kind_scores import ReadDocument
from bench.text_measures import Count
from classifiers.stack import assemble
from records.settings import Settings
from records.values import Document, Institution
from tests.makers.blank_forms import make_blank_form
from tests.makers.documents import layouts_of
from tests.makers.parts import Part

AIMS: Mapping[str, float] = {
    "resident_number": 0.97,
    "patient_name": 0.97,
    "birth_date": 0.97,
    "visit_date": 0.97,
    "issue_date": 0.97,
    "disease_codes": 0.97,
    "total_amount": 0.95,
    "patient_amount": 0.95,
}
BESIDE = (
    "chart_no",
    "sex",
    "doctor",
    "licence_no",
    "institution_name",
    "institution_code",
    "admission_date",
    "discharge_date",
    "drugs",
    "lab_rows",
    "death_causes",
)


@dataclass(frozen=True, slots=True)
class FieldMistake:
    """One field of an accepted document that is not what is printed: `missing` or `other`."""

    key: str
    what: str
    kind: str
    layout: str
    level: str


@dataclass(frozen=True, slots=True)
class FieldScore:
    """Exact values by key, mistakes one by one."""

    exact: Mapping[str, Count]
    mistakes: tuple[FieldMistake, ...]


def printed_fields(document: ReadDocument) -> dict[str, object]:
    """What a document prints: the first value of each key, lists joined over its pages."""
    wanted: dict[str, object] = {}
    for truth in document.truths:
        for key, value in truth.fields.items():
            if isinstance(value, (list, tuple)):
                known = wanted.setdefault(key, [])
                assert isinstance(known, list)
                known.extend(one for one in value if one not in known)
            else:
                wanted.setdefault(key, value)
    return wanted


def is_accepted(document: Document | None) -> bool:
    """Whether neither the kind nor a field holds a document for a person."""
    return (
        document is not None
        and (document.type_confidence or 0.0) >= Settings().hold_below
        and not any(code.startswith("field.") for code in document.evidence)
    )


def score_fields(given: Sequence[ReadDocument], made: Sequence[Document | None]) -> FieldScore:
    """Compare the fields of accepted documents with what is printed on them."""
    counts: dict[str, Count] = {}
    mistakes = []
    for one, document in zip(given, made, strict=True):
        if document is None or not is_accepted(document):
            continue
        truth = one.truths[0]
        for key, value in printed_fields(one).items():
            if key not in AIMS and key not in BESIDE:
                continue
            found = document.fields.get(key)
            exact = found is not None and _plain(found.value) == _plain(value)
            counts[key] = counts.get(key, Count(0, 0)) + Count(int(exact), 1)
            if not exact:
                what = "missing" if found is None else "other"
                mistakes.append(FieldMistake(key, what, one.kind, truth.layout, truth.level))
    return FieldScore(counts, tuple(mistakes))


def invented(kinds: Iterable[str], part: Part, seed: int) -> tuple[int, int]:
    """Count the values found on blank forms of every kind and layout, and the forms."""
    values = forms = 0
    nobody = Institution("", "")
    for kind in kinds:
        for layout in layouts_of(kind, part):
            pages = make_blank_form(kind, layout, seed, part=part)
            texts = [as_printed(page, f"p-{number}") for number, page in enumerate(pages)]
            forms += 1
            values += sum(len(d.fields) for d in assemble("b", "t", texts, nobody).documents)
    return values, forms


def _plain(value: object) -> object:
    return list(value) if isinstance(value, (list, tuple)) else value

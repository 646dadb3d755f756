"""Whose a file is that rows of an EMR's table name: its document takes the row's patient.

A scan of an identity card says nothing of a chart; the row that names the file does.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from classifiers.identity import compare, identity_of
from classifiers.patients import identity_of_document
from intake.archives import INSIDE
from records.values import Document, Field, PageRef, Scan

EVIDENCE = "patient.named_by_row"
_CHART = "chart_no"
_PATIENT = (_CHART, "patient_name", "resident_number", "birth_date", "sex")


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A received file that a row names, and what the row says of its patient.

    `path` is the file's own, with `!/` before a zip's member. A field's page is the row.
    """

    path: str
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class NamedByRows:
    """The files that the rows of one chunk name."""

    files: tuple[NamedFile, ...]


def named_files(row: Document) -> tuple[NamedFile, ...]:
    """The files that a row names and that were received; none where it names no patient."""
    fields = {key: row.fields[key] for key in _PATIENT if key in row.fields}
    found = dict.fromkeys(one.path for one in row.attachments if one.path)
    return tuple(NamedFile(path, fields) for path in found) if fields else ()


class NamedPatients:
    """The patients of received files, by what rows say."""

    def __init__(self, scans: Iterable[Scan], named: Iterable[NamedFile]) -> None:
        self._paths = {
            scan.id: scan.path if scan.member is None else f"{scan.path}{INSIDE}{scan.member}"
            for scan in scans
        }
        self._fields: dict[str, list[Mapping[str, Field]]] = defaultdict(list)
        for one in named:
            self._fields[one.path].append(one.fields)

    def told(self, document: Document, pages: Iterable[PageRef]) -> Document:
        """The document with what the rows say that name its files; its rules and evidence tell so.

        `pages`: those of its stack. It takes the chart number where it has none, and the patient
        where it names none. It is left alone where one of its files is named by no row, where rows
        name different patients, and where it names somebody else itself.
        """
        if not self._fields:
            return document
        paths = {self._paths[page.scan_id] for page in pages if page.id in document.pages}
        rows = [fields for path in paths for fields in self._fields.get(path, ())]
        said: dict[str, Field] = {}
        for fields in rows:
            for key, field in fields.items():
                if said.setdefault(key, field).value != field.value:
                    return document
        if not said or not all(path in self._fields for path in paths):
            return document
        names_one = not document.fields.keys().isdisjoint(_PATIENT)
        theirs = identity_of({key: (field,) for key, field in said.items()})
        if names_one and compare(identity_of_document(document), theirs).same is False:
            return document
        taken = {
            key: replace(field, rule=f"{key}.named_by_row")
            for key, field in said.items()
            if key not in document.fields and (key == _CHART or not names_one)
        }
        if not taken:
            return document
        return replace(
            document,
            fields={**document.fields, **taken},
            evidence=(*document.evidence, EVIDENCE),
        )

"""Whose a file is that rows of an EMR's table name: its document takes the row's patient.

A scan of an identity card says nothing of a chart; the row that names the file does.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
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
    """A received file that a row names; what the row says stays with the row.

    `path` is the file's own, with `!/` before a zip's member.
    """

    path: str
    row: str


@dataclass(frozen=True, slots=True)
class NamedByRows:
    """The files that the rows of one chunk name."""

    files: tuple[NamedFile, ...]


def named_files(row: Document) -> tuple[NamedFile, ...]:
    """The files that a row names and that were received."""
    found = dict.fromkeys(one.path for one in row.attachments if one.path)
    return tuple(NamedFile(path, row.pages[0]) for path in found)


class NamedPatients:
    """The patients of received files, by what rows say."""

    def __init__(
        self,
        scans: Iterable[Scan],
        named: Iterable[NamedFile],
        document_of: Callable[[str], Document | None],
    ) -> None:
        """`document_of` gives the document of a row."""
        self._paths = {
            scan.id: scan.path if scan.member is None else f"{scan.path}{INSIDE}{scan.member}"
            for scan in scans
        }
        self._document_of = document_of
        self._rows: dict[str, list[str]] = defaultdict(list)
        for one in named:
            self._rows[one.path].append(one.row)

    def told(self, document: Document, pages: Iterable[PageRef]) -> Document:
        """The document with what the rows say that name its files; its rules and evidence tell so.

        `pages`: those of its stack. It takes the chart number where it has none, and the patient
        where it names none. It is left alone where one of its files is named by no row, where rows
        name different patients, and where it names somebody else itself.
        """
        said = self._said({self._paths[p.scan_id] for p in pages if p.id in document.pages})
        if not said:
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

    def _said(self, paths: Collection[str]) -> dict[str, Field]:
        """What the rows say of the patient of some files; nothing where it is not one patient's."""
        said: dict[str, Field] = {}
        if not all(path in self._rows for path in paths):
            return said
        rows = (self._document_of(row) for path in paths for row in self._rows[path])
        for key, field in ((k, f) for row in rows if row for k, f in row.fields.items()):
            if key in _PATIENT and said.setdefault(key, field).value != field.value:
                return {}
        return said

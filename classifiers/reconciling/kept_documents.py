"""Documents of an institution as reconciling needs them, packed; one is opened at a time.

Of a document's fields those that visits are told by are kept, without where they stand on a page:
a few hundred bytes instead of some ten thousand. A million records fit beside each other.
"""

import marshal
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import overload

from records.id_set import IdMap
from records.values import Document, Field

_KEPT = (
    "patient_name", "resident_number", "birth_date", "sex", "chart_no", "department", "doctor",
    "visit_date", "admission_date", "surgery_date", "exam_date", "issue_date", "report_date",
    "diagnosis_date", "disease_codes", "total_amount", "patient_amount", "drugs", "lab_rows",
)  # fmt: skip
# What most of the packed documents have in them: it need not be in each.
_ALIKE = marshal.dumps([(key, "", 0.99, f"{key}.column") for key in _KEPT])


class KeptDocuments(Sequence[Document]):
    """Documents in the order in which they are added, with the fields that tell of visits."""

    def __init__(self, documents: Iterable[Document] = ()) -> None:
        self._packed = bytearray()
        self._ends = array("Q", [0])
        for document in documents:
            self.append(document)

    def append(self, document: Document) -> None:
        """Add a document at the end."""
        self._packed += _packed(document)
        self._ends.append(len(self._packed))

    def cut(self, size: int) -> None:
        """Forget every document from number `size` on."""
        del self._ends[size + 1 :]
        del self._packed[self._ends[-1] :]

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, number: int) -> Document: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Document]: ...

    def __getitem__(self, number: int | slice) -> Document | Sequence[Document]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        if not 0 <= number < len(self):
            raise IndexError(number)
        return _unpacked(self._packed[self._ends[number] : self._ends[number + 1]])

    def by_id(self) -> Mapping[str, Document]:
        """The documents by id, as they stand now."""
        return _ById(self)


class _ById(Mapping[str, Document]):
    def __init__(self, documents: KeptDocuments) -> None:
        self._documents = documents
        self._numbers = IdMap((one.id, str(number)) for number, one in enumerate(documents))

    def __getitem__(self, id_: str) -> Document:
        return self._documents[int(self._numbers[id_])]

    def __iter__(self) -> Iterator[str]:
        return (one.id for one in self._documents)

    def __len__(self) -> int:
        return len(self._documents)


def _packed(one: Document) -> bytes:
    fields = [
        (key, found.value, found.confidence, found.rule)
        for key in _KEPT
        if (found := one.fields.get(key)) is not None
    ]
    packer = zlib.compressobj(zdict=_ALIKE)
    raw = marshal.dumps((one.id, one.batch_id, one.stack_id, one.type, one.origin, fields))
    return packer.compress(raw) + packer.flush()


def _unpacked(raw: bytearray) -> Document:
    made = marshal.loads(zlib.decompressobj(zdict=_ALIKE).decompress(raw))  # noqa: S302  (ours)
    id_, batch, stack, kind, origin, fields = made
    return Document(
        id=id_,
        batch_id=batch,
        stack_id=stack,
        pages=(),
        type=kind,
        type_confidence=None,
        boundary_confidence=None,
        fields={
            key: Field(value, "", confidence, rule=rule) for key, value, confidence, rule in fields
        },
        origin=origin,
    )

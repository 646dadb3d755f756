"""What very many documents say of their patients, in about 150 bytes each, and which share a key.

Only documents that hang together by keys can be one patient, or contradict each other; the others
need not be compared, and a million identities need not be in memory as objects at once.
"""

import itertools
import marshal
from array import array
from collections.abc import Iterator

import numpy as np

from classifiers.identity import Identity
from classifiers.reconciling.persons import keys_of
from records.id_set import IdColumn

Identified = tuple[str, Identity]
"""A document's id, and whose it says that it is."""


class IdentityTable:
    """Documents with their identities, in the order in which they are added."""

    def __init__(self) -> None:
        self.documents = IdColumn()
        self._told = bytearray()
        self._ends = array("Q", [0])
        # Of every key its hash, and whose it is: what hangs together by chance is compared in vain.
        self._keys, self._owners = array("q"), array("I")

    def __len__(self) -> int:
        return len(self.documents)

    def add(self, document: str, identity: Identity) -> None:
        """Add a document."""
        number = len(self)
        for key in keys_of(identity):
            self._keys.append(hash(key))
            self._owners.append(number)
        self.documents.append(document)
        self._told += _packed(identity)
        self._ends.append(len(self._told))

    def each(self) -> Iterator[Identified]:
        """All documents, one at a time."""
        return map(self._at, range(len(self)))

    def groups(self) -> Iterator[list[Identified]]:
        """The documents that hang together by keys, in order; who names nobody is in none."""
        first, order = self._hanging_together()
        for begin, end in itertools.pairwise(first):
            yield [self._at(int(number)) for number in order[begin:end]]

    def _at(self, number: int) -> Identified:
        raw = self._told[self._ends[number] : self._ends[number + 1]]
        return self.documents[number], _unpacked(raw)

    def _hanging_together(self) -> tuple[list[int], "np.ndarray[tuple[int], np.dtype[np.int64]]"]:
        """Numbers of the documents with keys, group by group; the places where groups begin."""
        root = array("I", range(len(self)))

        def root_of(number: int) -> int:
            while root[number] != number:
                root[number] = root[root[number]]
                number = root[number]
            return number

        keys, owners = np.array(self._keys), np.array(self._owners)
        order = np.argsort(keys, kind="stable")
        alike = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        for place in alike:
            one, two = root_of(int(owners[order[place]])), root_of(int(owners[order[place + 1]]))
            # The smaller is the root: groups come in the order of their first documents.
            root[max(one, two)] = min(one, two)
        named = np.unique(owners).astype(np.int64)
        roots = np.fromiter((root_of(int(number)) for number in named), np.int64, len(named))
        by_group = np.argsort(roots, kind="stable")
        begins = np.flatnonzero(np.diff(roots[by_group], prepend=-1))
        return [*begins.tolist(), len(named)], named[by_group]


def _packed(one: Identity) -> bytes:
    return marshal.dumps((
        one.name, one.resident_number, one.resident_checked, one.birth_date, one.chart_no, one.sex,
        dict(one.trust),
    ))  # fmt: skip


def _unpacked(raw: bytearray) -> Identity:
    return Identity(*marshal.loads(raw))  # noqa: S302  (made by this process, a moment ago)

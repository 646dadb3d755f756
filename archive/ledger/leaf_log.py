"""The leaves of the log in memory: in order, found by name, in about 120 bytes each."""

from array import array
from collections.abc import Iterable, Iterator

from records.archived import LedgerLeaf

Name = tuple[str, str, str]
"""Kind, institution and id: what a leaf is found by."""

_FEWEST_PLACES = 1024


class LeafLog:
    """Leaves that are appended, and cut off at the end; of two of one name the first is found."""

    def __init__(self) -> None:
        self._groups: list[tuple[str, str, str]] = []
        self._group_numbers: dict[tuple[str, str, str], int] = {}
        self._group_of = array("I")
        self._texts = bytearray()
        self._ends = array("Q")
        # Open addressing: each place holds a leaf's number + 1, or 0.
        self._places = array("I", bytes(4 * _FEWEST_PLACES))

    def __len__(self) -> int:
        return len(self._group_of)

    def __getitem__(self, number: int) -> LedgerLeaf:
        if not 0 <= number < len(self):
            raise IndexError(number)
        begin = self._ends[number - 1] if number else 0
        id_, _, commitment = self._texts[begin : self._ends[number]].decode().partition("\0")
        kind, institution, batch = self._groups[self._group_of[number]]
        return LedgerLeaf(kind, institution, batch, id_, commitment)

    def between(self, first: int, end: int) -> Iterator[LedgerLeaf]:
        """The leaves from one number to before another."""
        return (self[number] for number in range(first, min(end, len(self))))

    def extend(self, leaves: Iterable[LedgerLeaf]) -> None:
        """Append leaves."""
        for leaf in leaves:
            group = (leaf.kind, leaf.institution, leaf.batch)
            if group not in self._group_numbers:
                self._group_numbers[group] = len(self._groups)
                self._groups.append(group)
            self._group_of.append(self._group_numbers[group])
            self._texts += f"{leaf.id}\0{leaf.commitment}".encode()
            self._ends.append(len(self._texts))
            if 3 * len(self) > 2 * len(self._places):
                self._place_all(2 * len(self._places))
            else:
                self._put(len(self) - 1, name_of(leaf))

    def cut(self, size: int) -> None:
        """Forget every leaf from number `size` on."""
        del self._group_of[size:], self._ends[size:]
        del self._texts[self._ends[-1] if size else 0 :]
        self._place_all(len(self._places))

    def number_of(self, name: Name) -> int | None:
        """The number of the leaf of a name; None where there is none."""
        found = self._places[self._place_of(name)]
        return found - 1 if found else None

    def _place_all(self, places: int) -> None:
        self._places = array("I", bytes(4 * places))
        for number in range(len(self)):
            self._put(number, name_of(self[number]))

    def _put(self, number: int, name: Name) -> None:
        place = self._place_of(name)
        if not self._places[place]:
            self._places[place] = number + 1

    def _place_of(self, name: Name) -> int:
        """Where a name stands, or the first free place where it would."""
        place = hash(name) % len(self._places)
        while (found := self._places[place]) and name_of(self[found - 1]) != name:
            place = (place + 1) % len(self._places)
        return place


def name_of(leaf: LedgerLeaf) -> Name:
    """What a leaf is found by."""
    return leaf.kind, leaf.institution, leaf.id

"""Sets and maps of very many ids, kept as sorted bytes: thirty or sixty bytes a member.

A Python set of a million ids takes 140 MB, and a balance compares a dozen of them.
"""

import typing
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

import numpy as np
import numpy.typing as npt

_ID = np.dtype("S30")
_PAIR = np.dtype([("key", _ID), ("value", _ID)])
_Ids = npt.NDArray[np.bytes_]


class IdSet(Set[str]):
    """A set of ids that does not change."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._ids: _Ids = np.unique(_bytes_of(ids))

    def __contains__(self, id_: object) -> bool:
        return isinstance(id_, str) and _place(self._ids, id_) is not None

    def __iter__(self) -> Iterator[str]:
        return (id_.decode() for id_ in self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __sub__(self, other: Set[Any]) -> "IdSet":
        return _made(np.setdiff1d(self._ids, _ids_of(other), assume_unique=True))

    def __and__(self, other: Set[Any]) -> "IdSet":
        return _made(np.intersect1d(self._ids, _ids_of(other), assume_unique=True))

    def __or__(self, other: Set[Any]) -> "IdSet":
        return _made(np.union1d(self._ids, _ids_of(other)))


class IdMap(Mapping[str, str]):
    """Ids by id; of two values for one key the last stands."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        made = np.fromiter(((_encoded(k), _encoded(v)) for k, v in pairs), dtype=_PAIR)
        order = np.argsort(made["key"], kind="stable")
        made = made[order]
        last = np.append(made["key"][1:] != made["key"][:-1], [True])[: len(made)]
        self._keys: _Ids = made["key"][last].copy()
        self._values: _Ids = made["value"][last].copy()

    def __getitem__(self, key: str) -> str:
        place = _place(self._keys, key)
        if place is None:
            raise KeyError(key)
        return str(self._values[place].decode())

    def __iter__(self) -> Iterator[str]:
        return (key.decode() for key in self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def keys(self) -> IdSet:  # type: ignore[override]
        """The keys as a set."""
        return _made(self._keys)

    def distinct_values(self) -> IdSet:
        """The values, each once."""
        return _made(np.unique(self._values))


class OrderedIdMap(IdMap):
    """An `IdMap` whose keys, each of which comes once, keep the order in which they came."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._in_order = IdColumn()
        super().__init__(self._noted(pairs))

    def _noted(self, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for key, value in pairs:
            self._in_order.append(key)
            yield key, value

    def __iter__(self) -> Iterator[str]:
        return iter(self._in_order)


class IdLists(Mapping[str, tuple[str, ...]]):
    """Several ids by id; no key comes twice."""

    def __init__(self, pairs: Iterable[tuple[str, Iterable[str]]] = ()) -> None:
        keys, members, ends = bytearray(), bytearray(), array("Q", [0])
        for key, ids in pairs:
            keys += _encoded(key).ljust(_ID.itemsize, b"\0")
            for id_ in ids:
                members += _encoded(id_).ljust(_ID.itemsize, b"\0")
            ends.append(len(members) // _ID.itemsize)
        unsorted: _Ids = np.frombuffer(bytes(keys), _ID)
        self._order = np.argsort(unsorted, kind="stable")
        self._keys: _Ids = unsorted[self._order]
        self._members: _Ids = np.frombuffer(bytes(members), _ID)
        self._ends = np.array(ends)

    def __getitem__(self, key: str) -> tuple[str, ...]:
        place = _place(self._keys, key)
        if place is None:
            raise KeyError(key)
        first = int(self._order[place])
        own = self._members[self._ends[first] : self._ends[first + 1]]
        return tuple(id_.decode() for id_ in own)

    def __iter__(self) -> Iterator[str]:
        return (key.decode() for key in self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def keys(self) -> IdSet:  # type: ignore[override]
        """The keys as a set."""
        return _made(self._keys)


class IdColumn(Sequence[str]):
    """Ids in the order in which they are added."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._raw = bytearray()
        for id_ in ids:
            self.append(id_)

    def append(self, id_: str) -> None:
        """Add an id at the end."""
        self._raw += _encoded(id_).ljust(_ID.itemsize, b"\0")

    def __len__(self) -> int:
        return len(self._raw) // _ID.itemsize

    @typing.overload
    def __getitem__(self, place: int) -> str: ...

    @typing.overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        first = place * _ID.itemsize
        return self._raw[first : first + _ID.itemsize].rstrip(b"\0").decode()


def once_and_more(ids: Iterable[str]) -> tuple[IdSet, IdSet]:
    """All of the ids, and those of them that come more than once."""
    found, times = np.unique(_bytes_of(ids), return_counts=True)
    return _made(found), _made(found[times > 1])


def _made(ids: _Ids) -> IdSet:
    made = IdSet.__new__(IdSet)
    made._ids = ids
    return made


def _ids_of(ids: Set[str]) -> _Ids:
    return ids._ids if isinstance(ids, IdSet) else np.unique(_bytes_of(ids))


def _bytes_of(ids: Iterable[str]) -> _Ids:
    return np.fromiter(map(_encoded, ids), dtype=_ID)


def _encoded(id_: str) -> bytes:
    raw = id_.encode()
    if len(raw) > _ID.itemsize:
        raise ValueError("an id that is longer than ids are")
    return raw


def _place(ids: _Ids, id_: str) -> int | None:
    raw = id_.encode()
    place = int(np.searchsorted(ids, raw))
    return place if place < len(ids) and ids[place] == raw else None

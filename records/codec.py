"""Values to canonical JSON and back.

Canonical: UTF-8, keys sorted, no white space, no NaN; so equal values are equal bytes.
"""

import dataclasses
import datetime as dt
import functools
import json
import operator
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

T = TypeVar("T")

_CANONICAL = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)

_PLAIN = frozenset({str, int, float, bool, types.NoneType})


def canonical(data: object) -> bytes:
    """Return the canonical JSON bytes of plain data (dict, list, str, int, float, bool, None)."""
    return _CANONICAL.encode(data).encode()


def to_plain(value: object) -> Any:
    """Turn a value of ours (frozen dataclasses, tuples, dates) into plain data."""
    cls: Any = type(value)
    if cls in _PLAIN:
        return value
    names, values_of = _fields_of(cls)
    if names:
        values = values_of(value)
        return {
            name: one if type(one) in _PLAIN else to_plain(one)
            for name, one in zip(names, values, strict=True)
        }
    if isinstance(value, Mapping):
        return {str(k): to_plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [one if type(one) in _PLAIN else to_plain(one) for one in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def encode(value: object) -> bytes:
    """Canonical JSON of a value of ours."""
    return canonical(to_plain(value))


def decode(cls: type[T], raw: bytes) -> T:
    """Build a value of class `cls` from its canonical JSON.

    Fields that the class does not know are passed over, those that are absent take their default:
    so records written by another version of the house can be read.

    Raises:
        ValueError, KeyError, TypeError: the bytes are not such a value.
    """
    return from_plain(cls, json.loads(raw))


def from_plain(cls: type[T], data: Any) -> T:
    """Build a value of class `cls` from plain data."""
    hint: Any = cls
    return cast(T, _builder(hint)(data))


@functools.cache
def _fields_of(cls: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """Names of a dataclass's fields, and what takes all of their values at once."""
    names = _field_names(cls)
    if len(names) > 1:
        return names, operator.attrgetter(*names)
    return names, lambda value: tuple(getattr(value, name) for name in names)


@functools.cache
def _field_names(cls: Any) -> tuple[str, ...]:
    """Names of a dataclass's fields, none of any other class."""
    fields = dataclasses.fields(cls) if dataclasses.is_dataclass(cls) else ()
    return tuple(field.name for field in fields)


@functools.cache
def _builder(hint: Any) -> Callable[[Any], Any]:
    """What builds a value of a type; made once a type, for a page has hundreds of values."""
    args = typing.get_args(hint)
    match typing.get_origin(hint):
        case None if isinstance(hint, type) and dataclasses.is_dataclass(hint):
            return _of_fields(hint)
        case None if hint is dt.date:
            return dt.date.fromisoformat
        case typing.Union | types.UnionType if len(args) == 2 and type(None) in args:
            build = _builder(next(a for a in args if a is not type(None)))
            return lambda data: None if data is None else build(data)
        case origin if origin is tuple:
            return _of_items(args[0])
        case origin if origin in (Mapping, dict):
            build = _builder(args[1])
            return lambda data: {key: build(item) for key, item in data.items()}
        case _:
            return _same


def _same(data: Any) -> Any:
    return data


def _of_items(hint: Any) -> Callable[[Any], Any]:
    build = _builder(hint)
    if build is _same:
        return tuple
    return lambda data: tuple([build(item) for item in data])


def _of_fields(cls: type) -> Callable[[Any], Any]:
    names = frozenset(_field_names(cls))

    @functools.cache
    def to_build() -> tuple[tuple[str, Callable[[Any], Any]], ...]:
        """Return what builds the fields that are not plain data already.

        Asked for at the first value: a class may hold values of its own class.
        """
        built = {name: _builder(hint) for name, hint in typing.get_type_hints(cls).items()}
        return tuple((name, build) for name, build in built.items() if build is not _same)

    def build(data: Any) -> Any:
        known = {**data} if names.issuperset(data) else {n: data[n] for n in names & data.keys()}
        for name, make in to_build():
            if name in known:
                known[name] = make(known[name])
        return cls(**known)

    return build

"""Values to canonical JSON and back.

Canonical: UTF-8, keys sorted, no white space, no NaN; so equal values are equal bytes.
"""

import dataclasses
import datetime as dt
import functools
import json
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar, cast

T = TypeVar("T")

_CANONICAL = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def canonical(data: object) -> bytes:
    """Return the canonical JSON bytes of plain data (dict, list, str, int, float, bool, None)."""
    return _CANONICAL.encode(data).encode()


def to_plain(value: object) -> Any:
    """Turn a value of ours (frozen dataclasses, tuples, dates) into plain data."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): to_plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(v) for v in value]
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
    return cast(T, _build(cls, data))


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _build(hint: Any, data: Any) -> Any:
    args = typing.get_args(hint)
    value: Any
    match typing.get_origin(hint):
        case None if isinstance(hint, type) and dataclasses.is_dataclass(hint):
            hints = _hints(hint)
            known = {name: item for name, item in data.items() if name in hints}
            value = hint(**{name: _build(hints[name], item) for name, item in known.items()})
        case None if hint is dt.date:
            value = dt.date.fromisoformat(data)
        case typing.Union | types.UnionType if data is not None and len(args) == 2:
            value = _build(next(a for a in args if a is not type(None)), data)
        case origin if origin is tuple:
            value = tuple(_build(args[0], item) for item in data)
        case origin if origin in (Mapping, dict):
            value = {key: _build(args[1], item) for key, item in data.items()}
        case _:
            value = data
    return value

"""The mapping file of an EMR table: read, and checked key by key."""

import re
from collections.abc import Iterable, Mapping, Set
from typing import Any

import yaml

from intake import encodings
from records.date_form import date_form
from records.emr_mapping import FIELDS, FILE, KIND, LISTS, ColumnMapping, TableMapping
from records.errors import RejectedInput
from records.taxonomy import load_taxonomy

SUFFIX = ".mapping.yaml"
MAX_BYTES = 262_144

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp949", "euc-kr")
_FORMATS = ("delimited", "xlsx", "fixed")
_ENDS = ("crlf", "lf", "none")
_ONLY_FOR = {"delimiter": ("delimited",), "sheet": ("xlsx",), "record": ("fixed",),
             "encoding": ("delimited", "fixed")}  # fmt: skip
_KEYS = ("version", "format", "kind", "key", "latest_year", "columns", *_ONLY_FOR)
_COLUMN_KEYS = ("field", "date", "codes")
_LAYOUT_KEYS = ("start", "length", "type")
_MAX_COLUMNS = 500
_MAX_RECORD = 65_536
_COUNT = re.compile(r"[0-9]{1,6}", re.ASCII)


def read_mapping(raw: bytes) -> TableMapping:
    """Read a mapping file.

    Raises:
        RejectedInput: a `mapping_…` code; the subject names the key.
    """
    text = encodings.decode(raw) if len(raw) <= MAX_BYTES else None
    if text is None:
        raise RejectedInput("mapping_unreadable")
    try:
        # BaseLoader builds text, lists and mappings only; an alias could make a small file huge.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.BaseLoader)):
            raise RejectedInput("mapping_unreadable")
        data = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise RejectedInput("mapping_unreadable") from error
    if not isinstance(data, Mapping):
        raise RejectedInput("mapping_unreadable")
    return _mapping(data)


def _mapping(data: Mapping[str, Any]) -> TableMapping:
    _known(data, _KEYS, "")
    if _text(data, "version", "version") != "1":
        raise RejectedInput("mapping_value_wrong", "version")
    form = _choice(data, "format", "format", _FORMATS)
    for key, formats in _ONLY_FOR.items():
        if key in data and form not in formats:
            raise RejectedInput("mapping_value_wrong", key)
    delimiter = _text(data, "delimiter", "delimiter", strip=False)
    delimiter = "\t" if delimiter == "tab" else delimiter
    if len(delimiter) > 1 or delimiter in ('"', "\r", "\n"):
        raise RejectedInput("mapping_value_wrong", "delimiter")
    kind = _text(data, "kind", "kind")
    if kind and kind not in load_taxonomy().kinds:
        raise RejectedInput("mapping_kind_unknown", "kind")
    latest = _count(data, "latest_year", "latest_year") if "latest_year" in data else None
    if latest is not None and not 1900 <= latest <= 2100:
        raise RejectedInput("mapping_value_wrong", "latest_year")
    fixed = form == "fixed"
    record = _dict(data, "record", "record") if fixed else {}
    _known(record, ("length", "end"), "record.")
    length = _count(record, "length", "record.length") if fixed else 0
    if fixed and not 1 <= length <= _MAX_RECORD:
        raise RejectedInput("mapping_value_wrong", "record.length")
    columns = _dict(data, "columns", "columns")
    if not columns or len(columns) > _MAX_COLUMNS:
        raise RejectedInput("mapping_value_wrong", "columns")
    read = tuple(_column(str(name), column, fixed, latest) for name, column in columns.items())
    _check_fields(read)
    if fixed:
        _check_layout(read, length)
    table, names = _key(data, {column.name for column in read})
    return TableMapping(
        format=form,
        encoding=_encoding(data, fixed),
        delimiter=delimiter,
        sheet=_text(data, "sheet", "sheet"),
        kind=kind,
        latest_year=latest,
        record_length=length,
        record_end=_choice(record, "end", "record.end", _ENDS),
        key_table=table,
        key_columns=names,
        columns=read,
    )


def _key(data: Mapping[str, Any], columns: Set[str]) -> tuple[str, tuple[str, ...]]:
    """The table's name and the columns that name a row for good; nothing where none are told."""
    if "key" not in data:
        return "", ()
    key = _dict(data, "key", "key")
    _known(key, ("table", "columns"), "key.")
    table, names = _text(key, "table", "key.table"), key.get("columns")
    names = [names] if isinstance(names, str) else names
    if not table:
        raise RejectedInput("mapping_value_wrong", "key.table")
    if not isinstance(names, list) or not names or not columns >= set(map(str, names)):
        raise RejectedInput("mapping_value_wrong", "key.columns")
    return table, tuple(names)


def _column(name: str, data: Any, fixed: bool, latest: int | None) -> ColumnMapping:
    at = f"columns.{name}"
    if data in ("", "~", "null"):
        data = {}
    if not name.strip() or not isinstance(data, Mapping):
        raise RejectedInput("mapping_value_wrong", at)
    _known(data, _COLUMN_KEYS + (_LAYOUT_KEYS if fixed else ()), f"{at}.")
    key = _text(data, "field", f"{at}.field")
    if key and key not in (KIND, FILE, *FIELDS):
        raise RejectedInput("mapping_field_unknown", f"{at}.field")
    date = _text(data, "date", f"{at}.date")
    if date:
        form = date_form(date)
        if form is None or not key.endswith("_date"):
            raise RejectedInput("mapping_date_wrong", f"{at}.date")
        if form.short and latest is None:
            raise RejectedInput("mapping_year_missing", f"{at}.date")
    codes = _dict(data, "codes", f"{at}.codes") if "codes" in data else {}
    if codes and not key:
        raise RejectedInput("mapping_value_wrong", f"{at}.codes")
    for code, meant in codes.items():
        if not isinstance(meant, str):
            raise RejectedInput("mapping_value_wrong", f"{at}.codes.{code}")
        if key == KIND and meant not in load_taxonomy().kinds:
            raise RejectedInput("mapping_kind_unknown", f"{at}.codes.{code}")
    return ColumnMapping(
        name=name.strip(),
        field=key,
        date=date,
        codes={str(code).strip(): meant.strip() for code, meant in codes.items()},
        start=_count(data, "start", f"{at}.start") if fixed else 0,
        length=_count(data, "length", f"{at}.length") if fixed else 0,
        type=_choice(data, "type", f"{at}.type", ("text", "digits")),
    )


def _check_fields(columns: Iterable[ColumnMapping]) -> None:
    seen: set[str] = set()
    for column in columns:
        if column.field in seen and column.field not in LISTS | {FILE}:
            raise RejectedInput("mapping_field_twice", f"columns.{column.name}.field")
        seen.update({column.field} - {""})


def _check_layout(columns: Iterable[ColumnMapping], length: int) -> None:
    end = 0
    for column in sorted(columns, key=lambda column: column.start):
        last = column.start + column.length - 1
        if column.start <= end or column.length < 1 or last > length:
            raise RejectedInput("mapping_layout_wrong", f"columns.{column.name}")
        end = last


def _encoding(data: Mapping[str, Any], fixed: bool) -> str:
    written = _text(data, "encoding", "encoding").lower().replace("_", "-")
    found = {"utf8": "utf-8", "utf16": "utf-16", "euckr": "euc-kr", "ms949": "cp949"}.get(
        written, written
    )
    allowed = ("cp949", "euc-kr") if fixed else ENCODINGS
    if found and found not in allowed:
        raise RejectedInput("mapping_value_wrong", "encoding")
    return found or ("cp949" if fixed else "")


def _known(data: Mapping[str, Any], keys: Iterable[str], at: str) -> None:
    for key in data:
        if key not in keys:
            raise RejectedInput("mapping_key_unknown", f"{at}{key}")


def _dict(data: Mapping[str, Any], key: str, at: str) -> Mapping[str, Any]:
    value = data.get(key)
    if not isinstance(value, Mapping):
        raise RejectedInput("mapping_value_wrong", at)
    return value


def _text(data: Mapping[str, Any], key: str, at: str, *, strip: bool = True) -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        raise RejectedInput("mapping_value_wrong", at)
    return value.strip() if strip else value


def _choice(data: Mapping[str, Any], key: str, at: str, choices: tuple[str, ...]) -> str:
    value = _text(data, key, at) or choices[0]
    if value not in choices:
        raise RejectedInput("mapping_value_wrong", at)
    return value


def _count(data: Mapping[str, Any], key: str, at: str) -> int:
    value = _text(data, key, at)
    if not _COUNT.fullmatch(value):
        raise RejectedInput("mapping_value_wrong", at)
    return int(value)

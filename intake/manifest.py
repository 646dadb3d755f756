"""`manifest.csv`: the files a delivery should hold, in the order their rows stand."""

import csv
import io
import re
from dataclasses import dataclass

from intake import encodings
from intake.names import comparable, is_safe
from records.errors import RejectedInput

NAME = "manifest.csv"
MAX_BYTES = 67_108_864

_COLUMNS = {
    "file": ("file", "filename", "file name", "path", "파일", "파일명", "파일 이름", "파일이름"),
    "sha256": ("sha256", "sha-256", "checksum", "체크섬", "해시", "검증값"),
    "pages": ("pages", "page_count", "쪽수", "쪽", "페이지", "페이지수", "매수", "장수"),
    "box": ("box", "상자", "상자번호", "상자 번호", "박스", "박스번호"),
    "chart_no": ("chart_no", "chart", "chart no", "차트번호", "차트 번호", "등록번호", "환자번호"),
    "note": ("note", "notes", "비고", "메모", "참고"),
}
_ALIASES = {alias: column for column, aliases in _COLUMNS.items() for alias in aliases}
_COUNT = re.compile(r"^[0-9]{1,6}$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a file that should be there, by its comparable path."""

    path: str
    sha256: str | None = None
    pages: int | None = None
    box: str | None = None
    chart_no: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """Rows by path, and what is wrong with rows: (code, path as written) in row order."""

    entries: dict[str, Entry]
    faults: tuple[tuple[str, str], ...]


def read_manifest(raw: bytes) -> Manifest:
    """Read `manifest.csv`: UTF-8, UTF-8 with BOM, UTF-16 or CP949; comma, semicolon or tab.

    The first row of a path counts; a later one is named.

    Raises:
        RejectedInput: `manifest_unreadable`; `manifest_wrong` where no column names the file.
    """
    text = encodings.decode(raw) if len(raw) <= MAX_BYTES else None
    if text is None:
        raise RejectedInput("manifest_unreadable")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    entries: dict[str, Entry] = {}
    faults: list[tuple[str, str]] = []
    try:
        names = [_ALIASES.get(comparable(name).strip().casefold(), "") for name in next(rows, [])]
        if "file" not in names:
            raise RejectedInput("manifest_wrong", "file")
        for row in rows:
            values = {name: value.strip() for name, value in zip(names, row, strict=False) if name}
            if not any(values.values()):
                continue
            entry, fault = _entry(values)
            if fault is None and entry.path in entries:
                fault = "manifest_duplicate"
            if fault is not None:
                faults.append((fault, entry.path))
            if fault in (None, "manifest_value_wrong"):
                entries.setdefault(entry.path, entry)
    except csv.Error as error:
        raise RejectedInput("manifest_unreadable") from error
    return Manifest(entries, tuple(faults))


def _entry(values: dict[str, str]) -> tuple[Entry, str | None]:
    path = comparable(values.get("file", ""))
    if not is_safe(path):
        return Entry(path[:200]), "manifest_path_unsafe"
    pages = values.get("pages") or None
    wrong = pages is not None and not _COUNT.match(pages)
    entry = Entry(
        path=path,
        sha256=(values.get("sha256") or "").casefold() or None,
        pages=None if pages is None or wrong else int(pages),
        box=values.get("box") or None,
        chart_no=values.get("chart_no") or None,
        note=values.get("note") or None,
    )
    return entry, "manifest_value_wrong" if wrong else None

"""Sheets of an Excel workbook (.xlsx): rows as text, one fault at a time; formulas never evaluated.

openpyxl understands strings, formats and days; rows are taken from its cell parser one by one, so
that a cell that is wrong costs its row alone, and no row stays in memory.
"""

import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import openpyxl
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import DATA_TAG, ROW_TAG, WorkSheetParser

from intake.archives import DAMAGE, check_workbook
from intake.limits import Limits
from intake.tables import Refused
from records.errors import RejectedInput

_DTD = b"<!DOCTYPE"
_PROLOG_BYTES = 65_536
_MOST_COLUMNS = 16_384  # of a sheet, by the format
_FAULTS = (*DAMAGE, KeyError, IndexError, TypeError, AttributeError, ElementTree.ParseError)
_MIDNIGHT = dt.time()
_EXACT = 2**53  # whole numbers below are what a workbook's doubles can tell apart


def sheet_names(data: bytes, limits: Limits) -> list[str]:
    """Return the names of the workbook's sheets of cells, in order.

    Raises:
        RejectedInput: `workbook_damaged`, `workbook_dtd`, or what is wrong with it as a zip.
    """
    with _opened(data, limits) as book:
        return [sheet.title for sheet in _sheets(book)]


def records(data: bytes, sheet: str, limits: Limits) -> Iterator[list[str] | Refused]:
    """Read a sheet's rows, the header first, empty cells behind the last value left out.

    Codes: `row_field_too_long`, `row_too_long`, `row_cell_damaged`. Empty rows are no rows; where
    the sheet breaks off, the last is `workbook_cut_short`.

    Raises:
        RejectedInput: as `sheet_names`, or `workbook_sheet_missing`.
    """
    with _opened(data, limits) as book:
        found = next((item for item in _sheets(book) if item.title == sheet), None)
        if found is None:
            raise RejectedInput("workbook_sheet_missing")
        try:
            yield from _rows(book, found, limits)
        except _FAULTS:
            yield Refused("workbook_cut_short")


class _opened:  # noqa: N801  (a context, like contextlib.closing)
    """A workbook, checked as a zip, opened, and closed again."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._limits = limits
        self._book: Any = None

    def __enter__(self) -> Any:
        check_workbook(self._data, self._limits)
        try:
            _refuse_dtd(self._data)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # styles and extensions that openpyxl passes over
                self._book = openpyxl.load_workbook(
                    io.BytesIO(self._data), read_only=True, data_only=True, keep_links=False
                )
        except _FAULTS as error:
            raise RejectedInput("workbook_damaged") from error
        return self._book

    def __exit__(self, *_: object) -> None:
        self._book.close()


def _refuse_dtd(data: bytes) -> None:
    """No program writes a DTD into a workbook: whoever did wants entities expanded."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if info.filename.endswith((".xml", ".rels", ".vml")):
                with archive.open(info) as part:
                    head = part.read(_PROLOG_BYTES)
                if _DTD in head.replace(b"\0", b"").upper():
                    raise RejectedInput("workbook_dtd")


def _sheets(book: Any) -> list[Any]:
    return [sheet for sheet in book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]


def _rows(book: Any, sheet: Any, limits: Limits) -> Iterator[list[str] | Refused]:
    cells = _Cells(book, sheet, limits)
    with book._archive.open(sheet._worksheet_path) as source:
        held = None
        # Entities need a DTD, and a part with one was refused.
        for event, element in ElementTree.iterparse(source, ("start", "end")):  # noqa: S314
            if event == "start":
                held = element if element.tag == DATA_TAG else held
            elif element.tag == ROW_TAG:
                row = cells.row(element)
                if row != []:
                    yield row
                if held is not None:
                    held.clear()


class _Cells:
    """Cells of one sheet as text."""

    def __init__(self, book: Any, sheet: Any, limits: Limits) -> None:
        self._parser = WorkSheetParser(
            None,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        self._book = book
        self._limits = limits
        self._zeros: dict[int, int] = {}

    def row(self, element: Any) -> list[str] | Refused:
        values: list[str] = []
        size = 0
        self._parser.col_counter = 0
        for written in element:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # a day beyond the calendar becomes #VALUE!
                    cell = self._parser.parse_cell(written)
            except _FAULTS:
                return Refused("row_cell_damaged")
            if not 1 <= cell["column"] <= _MOST_COLUMNS:
                return Refused("row_cell_damaged")
            text = self._text(cell)
            size += len(text)
            if len(text) > self._limits.max_field_chars:
                return Refused("row_field_too_long")
            if size > self._limits.max_record_chars:
                return Refused("row_too_long")
            if text:
                values.extend([""] * (cell["column"] - len(values)))
                values[cell["column"] - 1] = text
        return values

    def _text(self, cell: dict[str, Any]) -> str:
        value = cell["value"]
        if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
            value = int(value)
        match value:
            case None:
                text = ""
            case bool():
                text = str(value).upper()
            case dt.datetime() if value.time() == _MIDNIGHT:
                text = value.date().isoformat()
            case dt.datetime() | dt.date() | dt.time():
                text = value.isoformat()
            case int():
                text = str(value).zfill(self._width(cell["style_id"]))
            case _:
                text = str(value)
        return text

    def _width(self, style: int) -> int:
        """The figures that a format of zeros, such as 00000000, shows at least."""
        if style not in self._zeros:
            shown = ""
            try:
                number = self._book._cell_styles[style].numFmtId
                shown = self._book._number_formats[number - 164] if number >= 164 else ""
            except _FAULTS:
                shown = ""
            self._zeros[style] = len(shown) if set(shown) == {"0"} else 0
        return self._zeros[style]

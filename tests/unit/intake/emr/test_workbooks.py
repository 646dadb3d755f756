"""Sheets of workbooks: values as Excel stores them, faults one by one, bombs refused."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable

import openpyxl

from intake.emr.mapping_file import read_mapping
from intake.limits import Limits
from intake.rows import Row, read_rows
from intake.triage import triage
from records.values import Failure
from tests.unit.intake.samples import BATCH, LIMITS, codes, received, triaged, zipped

SHEET = "xl/worksheets/sheet1.xml"


def workbook(*sheets: tuple[str, list[list[object]]], epoch: dt.datetime | None = None) -> bytes:
    """A workbook of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    if epoch is not None:
        book.epoch = epoch
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one part changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped(parts | {part: change(parts[part])})


def rows(
    data: bytes, path: str = "emr/t.xlsx", limits: Limits = LIMITS
) -> list[list[dict[str, str] | str]]:
    """Each sheet's rows or their codes, counted as triage counts them."""
    answers = []
    for scan in triaged(data, path, limits).scans:
        read = list(read_rows(scan, data, limits))
        assert scan.pages == len(read)
        answers.append([dict(r.values) if isinstance(r, Row) else r.code for r in read])
    return answers


def test_values_are_those_that_excel_stores() -> None:
    """Days are ISO, whole numbers have no point, a format of zeros keeps them, empty rows go."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([None, None])
    sheet.append(["차트번호", "진료일", "접수", "총액", "비율", "여부", "메모"])
    sheet.append(
        [
            123456,
            dt.date(2019, 3, 5),
            dt.datetime.fromisoformat("2019-03-05T10:20"),
            12330.0,
            0.5,
            True,
            "가",
        ]
    )
    sheet.append([])
    sheet.append(["A1"])
    sheet["A3"].number_format = "00000000"
    target = io.BytesIO()
    book.save(target)

    assert rows(target.getvalue()) == [[
        {"차트번호": "00123456", "진료일": "2019-03-05", "접수": "2019-03-05T10:20:00",
         "총액": "12330", "비율": "0.5", "여부": "TRUE", "메모": "가"},
        {"차트번호": "A1", **dict.fromkeys(("진료일", "접수", "총액", "비율", "여부", "메모"), "")},
    ]]  # fmt: skip


def test_a_day_is_the_same_whatever_year_the_workbook_counts_from() -> None:
    """Workbooks of the Mac count from 1904."""
    table = ("가", [["진료일"], [dt.date(2019, 3, 5)]])
    data = workbook(table, epoch=openpyxl.utils.datetime.MAC_EPOCH)

    assert b"date1904" in zipfile.ZipFile(io.BytesIO(data)).read("xl/workbook.xml")
    assert rows(data) == [[{"진료일": "2019-03-05"}]]


def test_a_formula_gives_the_value_that_was_stored_with_it() -> None:
    """Formulas are not evaluated: the stored value is read, and none where none was stored."""
    data = workbook(("가", [["a", "b"], ["=1+1", "x"], ['=HYPERLINK("http://x")', "y"]]))
    data = changed(data, SHEET, lambda xml: xml.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>7</v>")
                   .replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>7</v>"))  # fmt: skip

    assert rows(data) == [[{"a": "7", "b": "x"}, {"a": "", "b": "y"}]]


def test_every_sheet_is_a_table_of_its_own() -> None:
    """No sheet is lost; each has its own scan and stack, also inside a zip."""
    data = workbook(("환자", [["이름"], ["김가"]]), ("빈", []), ("진료", [["일"], ["1"], ["2"]]))
    scans = triaged(data, "emr/t.xlsx").scans

    assert [(scan.sheet, scan.media, scan.pages) for scan in scans] == [
        ("환자", "xlsx", 1), ("진료", "xlsx", 2)]  # fmt: skip
    assert len({scan.id for scan in scans}) == len({scan.stack_id for scan in scans}) == 2
    assert rows(zipped({"t.xlsx": data}), "emr/z.zip") == rows(data)


def test_a_mapping_speaks_for_the_sheet_that_it_names() -> None:
    """The other sheets are read as without one; a sheet that is not there refuses the workbook."""
    data = workbook(("가", [["이름"], ["김가"]]), ("나", [["성함"], ["이나"]]))
    text = "version: 1\nformat: xlsx\nsheet: 나\ncolumns: {성함: {field: patient_name}}\n"
    mapping = read_mapping(text.encode())
    found = triage(received(data, "t.xlsx"), data, BATCH, LIMITS, {"t.xlsx": mapping})
    missing = read_mapping(text.replace("나", "다").encode())
    refused = triage(received(data, "t.xlsx"), data, BATCH, LIMITS, {"t.xlsx": missing})

    assert [scan.mapping for scan in found.scans] == [None, mapping]
    assert codes(refused) == ["mapping_sheet_missing"]


def test_a_bad_cell_costs_its_row_alone() -> None:
    """Numbers that are none, strings that are not there, fields too long: neighbours are read."""
    data = workbook(("가", [["a", "b"], [1, 2], [3, 4], [5, 6], ["x" * 200, 8], [9, 10]]))
    data = changed(data, SHEET, lambda xml: xml.replace(b"<v>3</v>", b"<v>three</v>")
                   .replace(b'<c r="A4" t="n"><v>5</v>', b'<c r="A4" t="s"><v>99</v>'))  # fmt: skip

    assert rows(data, limits=Limits(max_field_chars=100)) == [[
        {"a": "1", "b": "2"}, "row_cell_damaged", "row_cell_damaged", "row_field_too_long",
        {"a": "9", "b": "10"},
    ]]  # fmt: skip


def test_a_sheet_that_breaks_off_keeps_what_it_has() -> None:
    """The rows before the break are read, the break is a row with its reason."""
    data = workbook(("가", [["a"], [1], [2], [3]]))
    data = changed(data, SHEET, lambda xml: xml[: xml.index(b'<row r="4"') + 12])

    assert rows(data) == [[{"a": "1"}, {"a": "2"}, "workbook_cut_short"]]


def test_a_workbook_cut_anywhere_is_answered() -> None:
    """However many bytes are missing, there are rows or a reason."""
    data = workbook(("가", [["a"], [1], [2]]))
    for length in range(0, len(data), 97):
        found = triaged(data[:length], "emr/t.xlsx")

        assert found.failures
        assert not found.scans


def test_bombs_and_dtds_are_refused() -> None:
    """A part that unpacks to far too much, and a part with a DTD, refuse the workbook."""
    data = workbook(("가", [["a"], [1]]))
    bomb = changed(data, SHEET, lambda xml: xml + b" " * (80 << 20))
    entity = b'<!DOCTYPE x [<!ENTITY e "eeeeeeeeee">]>'
    with_dtd = changed(data, SHEET, lambda xml: entity + xml.partition(b"?>")[2].lstrip() if
                       xml.startswith(b"<?xml") else entity + xml)  # fmt: skip

    assert codes(triaged(bomb, "t.xlsx")) == ["zip_bomb"]
    assert codes(triaged(with_dtd, "t.xlsx")) == ["workbook_dtd"]
    assert codes(triaged(data, "t.xlsx", Limits(max_zip_members=3))) == ["zip_too_many_members"]
    assert codes(triaged(data, "t.xlsx", Limits(max_rows=0))) == ["too_many_rows"]


def test_old_and_locked_workbooks_are_told_apart() -> None:
    """A .xls or encrypted workbook has its own reason."""
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

    assert codes(triaged(old, "emr/t.xls")) == ["workbook_unsupported"]


def test_a_monstrous_cell_is_bounded() -> None:
    """A cell of 10 MB is one bad row."""
    data = workbook(("가", [["a"], [1], ["x"], [3]]))
    monster = b"<t>" + b"y" * 10_000_000 + b"</t>"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = "xl/sharedStrings.xml" if "xl/sharedStrings.xml" in archive.namelist() else SHEET
    data = changed(data, part, lambda xml: xml.replace(b"<t>x</t>", monster))

    assert rows(data) == [[{"a": "1"}, "row_field_too_long", {"a": "3"}]]
    assert [f for f in triaged(data, "t.xlsx").failures if isinstance(f, Failure)] == []

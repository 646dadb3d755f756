"""Rows of EMR tables: encodings, delimiters, and rows that are wrong."""

import csv
import io
import json

import pytest

from intake.limits import Limits
from intake.rows import Row, read_rows
from records.ids import page_id
from records.values import Failure
from tests.unit.intake.samples import LIMITS, codes, material, triaged, zipped


def rows(data: bytes, limits: Limits = LIMITS, path: str = "emr/t.csv") -> list[Row | Failure]:
    """Read a table's rows, and see that triage counted as many."""
    scan = triaged(data, path, limits).scans[0]
    read = list(read_rows(scan, data, limits))
    assert scan.pages == len(read)
    assert scan.media == "csv"
    return read


def values(data: bytes, limits: Limits = LIMITS) -> list[dict[str, str] | str]:
    """Return each row's values, or the code of its failure."""
    return [dict(row.values) if isinstance(row, Row) else row.code for row in rows(data, limits)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_way_an_emr_exports(encoding: str, delimiter: str, end: str) -> None:
    """Encoding, delimiter and line ends do not matter; values come back as written."""
    table = [
        ["환자명", "생년월일", "비고"],
        ["김가나", "1990-01-02", "뷁 특이 없음"],
        ["이다라", "", "0012"],
    ]
    text = end.join(delimiter.join(row) for row in table) + end

    assert values(text.encode(encoding)) == [
        {"환자명": "김가나", "생년월일": "1990-01-02", "비고": "뷁 특이 없음"},
        {"환자명": "이다라", "생년월일": "", "비고": "0012"},
    ]


def test_half_a_syllable_costs_only_itself() -> None:
    """CP949 cut at a byte count: the field ends in U+FFFD, everything else is whole, and named."""
    half = "김가나".encode("cp949")[:-1]
    data = "이름,과,메모\n".encode("cp949") + half + ',내과,"'.encode("cp949") + half + b'"\n'
    data += "이다라,외과,없음\n".encode("cp949")

    assert values(data) == [
        {"이름": "김가\ufffd", "과": "내과", "메모": "김가\ufffd"},
        {"이름": "이다라", "과": "외과", "메모": "없음"},
    ]
    assert codes(triaged(data, "emr/t.csv")) == ["text_damaged"]


def test_one_bad_byte_does_not_turn_utf8_into_cp949() -> None:
    """The encoding that loses less is taken."""
    text = "이름,과\n" + "김가나,내과\n" * 20
    data = text.encode().replace("김".encode(), "김".encode()[:2], 1)

    assert values(data)[1] == {"이름": "김가나", "과": "내과"}


def test_a_row_of_the_wrong_width_is_a_failure_with_its_number() -> None:
    """Rows with too few or too many columns are named; their neighbours are read."""
    data = b"a,b\n1,2\n3\n4,5,6\n\n7,8\n"
    scan = triaged(data, "emr/t.csv").scans[0]

    read = rows(data)

    assert [row.index if isinstance(row, Row) else row.page for row in read] == [0, 2, 3, 3]
    assert [item for item in read if isinstance(item, Failure)] == [
        Failure(page_id(scan.id, 1), "row_columns", "intake", "emr/t.csv", 2),
        Failure(page_id(scan.id, 2), "row_columns", "intake", "emr/t.csv", 3),
    ]


def test_quotes_hold_delimiters_line_ends_and_quotes() -> None:
    """A quoted field is one field, however many lines it has."""
    data = b'a,b\n"1,\n2\r\n3","say ""yes"", please"\n5" pipe,x"y"z\n"",""\n'

    assert values(data) == [
        {"a": "1,\n2\r\n3", "b": 'say "yes", please'},
        {"a": '5" pipe', "b": 'x"y"z'},
        {"a": "", "b": ""},
    ]


def test_a_quote_never_closed_costs_its_own_row() -> None:
    """The rows after a stray quote are not swallowed."""
    data = b'a,b\n1,2\n"3,4\n5,6\n7,8\n'

    assert values(data) == [{"a": "1", "b": "2"}, "row_quote_open", {"a": "5", "b": "6"},
                            {"a": "7", "b": "8"}]  # fmt: skip


def test_many_stray_quotes_end_in_time() -> None:
    """A file of nothing but open quotes is read in bounded steps, every row answered."""
    data = b"a,b\n" + b'"x,y\n' * 2_001
    limits = Limits(max_record_chars=10_000)

    assert len(values(data, limits)) >= 1_000


def test_monstrous_fields_are_bounded() -> None:
    """A 10 MB field, quoted or not, is one bad row; its neighbours are read."""
    monster = b"x" * 10_000_000
    data = b"a,b\n1,2\n" + monster + b',3\n4,5\n"' + monster + b'",6\n7,8\n' + b"y" * 140_000
    data += b",9\n10,11\n"

    assert values(data) == [
        {"a": "1", "b": "2"},
        "row_too_long",
        {"a": "4", "b": "5"},
        "row_too_long",
        {"a": "7", "b": "8"},
        "row_field_too_long",
        {"a": "10", "b": "11"},
    ]


def test_the_field_limit_is_the_operators() -> None:
    """A smaller limit of the operator's holds."""
    assert values(b"a,b\n123456,2\n1,2\n", Limits(max_field_chars=5)) == [
        "row_field_too_long",
        {"a": "1", "b": "2"},
    ]


def test_column_names_are_never_lost() -> None:
    """Empty and repeated names get one of their own, so that no value hides another."""
    assert values(b" a ,,a,\n1,2,3,4\n") == [
        {"a": "1", "column_2": "2", "a_2": "3", "column_4": "4"}
    ]


def test_too_many_rows_are_refused() -> None:
    """The row limit holds for the table as a whole."""
    data = b"a,b\n" + b"1,2\n" * 11

    assert codes(triaged(data, limits=Limits(max_rows=10))) == ["too_many_rows"]
    assert triaged(data, limits=Limits(max_rows=11)).scans[0].pages == 11


def test_a_table_of_a_header_only_is_named() -> None:
    """An export without rows is a warning, not silence."""
    found = triaged(b"a,b\n", "emr/t.csv")

    assert [scan.pages for scan in found.scans] == [0]
    assert codes(found) == ["table_empty"]


def test_a_table_in_a_zip_is_read() -> None:
    """A member's rows are read from the zip's bytes."""
    data = zipped({"진료.csv": "이름,나이\n가,1\n".encode("cp949")})
    scan = triaged(data, "emr/z.zip").scans[0]

    assert [dict(row.values) for row in read_rows(scan, data, LIMITS) if isinstance(row, Row)] == [
        {"이름": "가", "나이": "1"}
    ]


@pytest.mark.material
def test_naughty_strings_come_back_unchanged() -> None:
    """Every string of the big list, and every formula, is a value like any other."""
    naughty = json.loads(material("A20")[0].read_text("utf-8"))
    formulas = material("A24")[0].read_text("utf-8").splitlines()
    strings = [text for text in (*naughty, *formulas) if "\0" not in text]
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(["before", "text", "after"])
    writer.writerows(["1", text, "2"] for text in strings)

    read = rows(target.getvalue().encode("utf-8", "surrogatepass"))

    assert len(strings) > 500
    assert [row.values["text"] for row in read if isinstance(row, Row)] == strings

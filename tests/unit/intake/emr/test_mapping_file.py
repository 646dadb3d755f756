"""The mapping file: what it says, and the key that is wrong."""

import pytest

from intake.emr.mapping_file import read_mapping
from intake.emr.mappings import read_mappings
from intake.limits import Limits
from intake.rows import Row, read_rows
from intake.triage import triage
from records.codec import decode, encode
from records.emr_mapping import FIELDS, TableMapping
from records.errors import RejectedInput
from records.reasons import load_reasons
from records.values import Batch, Delivery, Institution
from tests.unit.intake.samples import BATCH, LIMITS, received, zipped

GOOD = """
version: 1
encoding: cp949
delimiter: tab
kind: medical_record
latest_year: 2025
columns:
  진료일: {field: visit_date, date: YY.MM.DD}
  구분: {field: kind, codes: {01: prescription}}
  상병1: {field: disease_codes}
  상병2: {field: disease_codes}
  비고: {}
"""
FIXED = """
version: 1
format: fixed
record: {length: 10, end: crlf}
columns: {a: {start: 1, length: 4}, b: {start: 5, length: 6}}
"""


def test_what_a_mapping_says_is_kept() -> None:
    """Every key arrives, codes keep their zeros, and a mapping survives the vault."""
    mapping = read_mapping(GOOD.encode("cp949"))

    assert (mapping.encoding, mapping.delimiter, mapping.kind) == ("cp949", "\t", "medical_record")
    assert [column.name for column in mapping.columns] == [
        "진료일",
        "구분",
        "상병1",
        "상병2",
        "비고",
    ]
    assert mapping.columns[1].codes == {"01": "prescription"}
    assert decode(TableMapping, encode(mapping)) == mapping


@pytest.mark.parametrize(
    ("change", "code", "key"),
    [
        (("version: 1", ""), "mapping_value_wrong", "version"),
        (("tab", "ab"), "mapping_value_wrong", "delimiter"),
        (("encoding: cp949", "encoding: latin-1"), "mapping_value_wrong", "encoding"),
        (("encoding", "enkoding"), "mapping_key_unknown", "enkoding"),
        (("kind: medical_record", "kind: novel"), "mapping_kind_unknown", "kind"),
        (("latest_year: 2025", ""), "mapping_year_missing", "columns.진료일.date"),
        (("YY.MM.DD", "YY.MM"), "mapping_date_wrong", "columns.진료일.date"),
        (("field: visit_date", "field: sex"), "mapping_date_wrong", "columns.진료일.date"),
        (("field: visit_date", "field: vist"), "mapping_field_unknown", "columns.진료일.field"),
        (("01: prescription", "01: x"), "mapping_kind_unknown", "columns.구분.codes.01"),
        (("disease_codes}\n  비고: {}", "kind}"), "mapping_field_twice", "columns.상병2.field"),
        (("비고: {}", "비고: {start: 3}"), "mapping_key_unknown", "columns.비고.start"),
        (("비고: {}", "비고: text"), "mapping_value_wrong", "columns.비고"),
        (("version: 1", "version: 1\nsheet: 가"), "mapping_value_wrong", "sheet"),
        (("columns:", "key: {columns: 비고}\ncolumns:"), "mapping_value_wrong", "key.table"),
        (
            ("columns:", "key: {table: 가, columns: 없음}\ncolumns:"),
            "mapping_value_wrong",
            "key.columns",
        ),
        (("columns:", "columns: ["), "mapping_unreadable", ""),
        (("비고: {}", "비고: &a {}\n  메모: *a"), "mapping_unreadable", ""),
    ],
)
def test_a_wrong_key_is_named(change: tuple[str, str], code: str, key: str) -> None:
    """Each mistake has a reason of its own, in both languages, and names the key."""
    with pytest.raises(RejectedInput) as refused:
        read_mapping(GOOD.replace(*change, 1).encode())

    assert (refused.value.code, refused.value.subject) == (code, key)
    assert code in load_reasons()


@pytest.mark.parametrize("change", [("start: 5", "start: 4"), ("length: 6", "length: 7"),
                                    ("length: 4", "length: 0")])  # fmt: skip
def test_a_layout_that_cannot_be_is_refused(change: tuple[str, str]) -> None:
    """Columns that overlap, pass the record's end, or are empty are named."""
    read_mapping(FIXED.encode())
    with pytest.raises(RejectedInput, match="mapping_layout_wrong"):
        read_mapping(FIXED.replace(*change).encode())


def batch_of(files: dict[str, bytes], **declared: str) -> Batch:
    """A batch of files; `declared`: a table's path → its mapping's."""
    delivery = Delivery(Institution("01234567", "가나의원"), mappings=declared)
    return Batch(BATCH, delivery, tuple(received(data, path) for path, data in files.items()))


def test_a_mapping_is_found_beside_its_table_or_by_the_declaration() -> None:
    """Both ways lead to the mapping; a mapping without a table, or that never came, is named."""
    files = {
        "a.csv": b"x", "a.csv.mapping.yaml": GOOD.encode(), "b.csv": b"x", "m.yaml": b"nonsense: [",
        "gone.csv.mapping.yaml": GOOD.encode(),
    }  # fmt: skip
    batch = batch_of(files, **{"b.csv": "m.yaml", "a.csv": "late.yaml"})
    by_id = {file.id: files[file.path] for file in batch.files}

    found = read_mappings(batch, lambda file: by_id[file.id])

    assert found.tables["a.csv"] is None  # the declaration counts before the name
    assert found.tables["b.csv"] is None
    assert {failure.path: failure.code for failure in found.failures} == {
        "m.yaml": "mapping_unreadable",
        "late.yaml": "mapping_missing",
        "gone.csv.mapping.yaml": "mapping_unused",
    }
    beside = batch_of({path: data for path, data in files.items() if path.startswith("a.")})
    by_name = read_mappings(beside, lambda file: by_id[file.id])
    assert by_name.tables == {"a.csv": read_mapping(GOOD.encode())}
    assert [failure.code for failure in by_name.failures] == ["mapping_file"]


def test_a_wrong_mapping_refuses_its_table_and_no_other() -> None:
    """A table is not guessed at where somebody meant to say how it is to be read."""
    found = triage(received(b"a,b\n1,2\n", "t.csv"), b"a,b\n1,2\n", BATCH, LIMITS, {"t.csv": None})
    other = triage(received(b"a,b\n1,2\n", "u.csv"), b"a,b\n1,2\n", BATCH, LIMITS, {"t.csv": None})

    assert [failure.code for failure in found.failures] == ["mapping_refused"]
    assert [scan.pages for scan in other.scans] == [1]


def mapped(text: str, **keys: str) -> TableMapping:
    """A mapping of the columns a and b."""
    head = "\n".join(f"{key}: {value}" for key, value in keys.items())
    return read_mapping(
        f"version: 1\n{head}\ncolumns: {{이름: {{field: patient_name}}}}\n".encode()
    )


@pytest.mark.parametrize(
    ("written", "declared", "code"),
    [
        ("cp949", "utf-8", "encoding_differs"),
        ("utf-8", "cp949", "encoding_differs"),
        ("utf-8", "utf-16", "encoding_differs"),
        ("utf-16", "cp949", "encoding_differs"),
        ("utf-8-sig", "utf-8", None),
        ("cp949", "euc-kr", None),
        ("utf-16", "utf-16", None),
    ],
)
def test_a_wrong_declared_encoding_is_told(written: str, declared: str, code: str | None) -> None:
    """Bytes that are not of the declared encoding refuse the table, before anything is misread."""
    data = ("이름;과\n" + "김똠방;내과\n" * 20).encode(written)
    table = mapped("", encoding=declared, delimiter='";"')
    found = triage(received(data, "t.csv"), data, BATCH, LIMITS, {"t.csv": table})

    assert [failure.code for failure in found.failures] == ([code] if code else [])
    if code is None:
        rows = list(read_rows(found.scans[0], data, LIMITS))
        assert [row.values["이름"] for row in rows if isinstance(row, Row)] == ["김똠방"] * 20


def test_half_a_syllable_does_not_change_a_declared_encoding() -> None:
    """CP949 with a field cut by bytes stays CP949, and the table is marked."""
    data = (
        "이름,과\n".encode("cp949")
        + "김가".encode("cp949")[:-1]
        + ",내과\n이다,과\n".encode("cp949")
    )
    table = mapped("", encoding="cp949")
    found = triage(received(data, "t.csv"), data, BATCH, LIMITS, {"t.csv": table})

    assert [failure.code for failure in found.failures] == ["text_damaged"]
    rows = list(read_rows(found.scans[0], data, LIMITS))
    assert [row.values["이름"] for row in rows if isinstance(row, Row)] == ["김\ufffd", "이다"]


def test_another_tables_mapping_is_refused() -> None:
    """A table that lacks a mapped column is refused as a whole."""
    data = b"name,dept\nKim,IM\n"
    found = triage(received(data, "t.csv"), data, BATCH, LIMITS, {"t.csv": mapped("")})

    assert [failure.code for failure in found.failures] == ["mapping_column_missing"]


def test_a_table_in_a_zip_has_its_mapping_outside() -> None:
    """The zip's path and the member's name the table."""
    data = zipped({"환자.csv": "이름|과\n김가|내과\n".encode("cp949")})
    table = mapped("", delimiter='"|"')
    found = triage(received(data, "z.zip"), data, BATCH, Limits(), {"z.zip!/환자.csv": table})

    assert [scan.mapping for scan in found.scans] == [table]
    assert [row.values for row in read_rows(found.scans[0], data, LIMITS) if isinstance(row, Row)]


def test_field_keys_are_those_of_the_headers() -> None:
    """Every alias gives a field that a mapping can name."""
    from classifiers.ruleset import load_headers  # noqa: PLC0415

    assert set(load_headers().fields.values()) <= set(FIELDS)

"""The balance: a troubled batch balances honestly, and each broken equation is named."""

import dataclasses
from typing import Any

import pytest

from quality.balance import BalanceSheet, Counted, Gap, balance
from records.reasons import load_reasons

# f-1: 5 sheets · f-2: declared 5, truncated after 4 · f-3: listed, never came, 3 sheets
# f-4: came unlisted, 1 sheet · f-5: listed, cannot be opened, 2 sheets · f-6: a table of 2 rows
SOUND = Counted(
    batch="b-1",
    declared_sheets=15,
    declared_pages={"f-1": 5, "f-2": 5, "f-3": 3, "f-5": 2},
    files_listed=frozenset({"f-1", "f-2", "f-3", "f-5", "f-6"}),
    files_received=frozenset({"f-1", "f-2", "f-4", "f-5", "f-6"}),
    files_missing=frozenset({"f-3"}),
    files_failed=frozenset({"f-2", "f-4", "f-5"}),
    pages={
        **{f"p-1{n}": "f-1" for n in range(5)},
        **{f"p-2{n}": "f-2" for n in range(4)},
        "p-40": "f-4",
        "p-60": "f-6",
        "p-61": "f-6",
    },
    rows=frozenset({"p-60", "p-61"}),
    documents={
        "d-1": ("p-10", "p-11"),
        "d-2": ("p-12",),
        "d-3": ("p-20", "p-21"),
        "d-4": ("p-40",),
        "d-6": ("p-60",),
    },
    blank=frozenset({"p-13"}),
    separator=frozenset({"p-14"}),
    duplicate=frozenset({"p-22"}),
    rejected=frozenset({"p-23", "p-61"}),
    accepted=frozenset({"d-1", "d-4", "d-6"}),
    held=frozenset({"d-2"}),
    rejected_documents=frozenset({"d-3"}),
    objects=frozenset({"d-1", "d-4", "d-6"}),
    entries=frozenset({"d-1", "d-4", "d-6"}),
    leaves=frozenset({"d-1", "d-4", "d-6"}),
    original_objects=frozenset({"f-1", "f-2", "f-4", "f-5", "f-6"}),
    original_leaves=frozenset({"f-1", "f-2", "f-4", "f-5", "f-6"}),
)


def with_(**changes: Any) -> BalanceSheet:
    return balance(dataclasses.replace(SOUND, **changes))


def test_files_that_lay_in_the_delivery_are_counted() -> None:
    """Received, junk and what could not be had make up what lay there; a file too many is a gap."""
    junk, lost = frozenset({"f-7", "f-8"}), frozenset({"f-9"})
    sheet = with_(files_found=8, files_junk=junk, files_not_kept=lost)

    assert sheet.balanced
    assert {part.code: part.count for part in sheet.line("files_found").parts} == {
        "received": 5, "junk": 2, "not_kept": 1,
    }  # fmt: skip
    more = with_(files_found=9, files_junk=junk, files_not_kept=lost)
    assert (more.balanced, more.gaps) == (
        False,
        (Gap("files_unexplained", "b-1", "files_found"),),
    )


def test_troubled_batch_balances() -> None:
    """Missing, truncated, unlisted and unopenable files are explained: the batch can be sealed."""
    sheet = balance(SOUND)

    assert sheet.gaps == ()
    assert sheet.balanced
    assert {line.code: (line.left, line.right) for line in sheet.lines} == {
        "files": (5, 5),
        "sheets": (15, 15),
        "original_object": (5, 5),
        "original_leaf": (5, 5),
        "pages": (10, 10),
        "rows": (2, 2),
        "documents": (5, 5),
        "accepted_object": (3, 3),
        "accepted_entry": (3, 3),
        "accepted_leaf": (3, 3),
    }
    assert [(part.code, part.count) for part in sheet.line("sheets").parts] == [
        ("pages_received", 10),
        ("named_missing", 6),
        ("from_unlisted", -1),
        ("unexplained", 0),
    ]


BROKEN: list[tuple[dict[str, Any], set[tuple[str, str, str]]]] = [
    ({"files_missing": frozenset()}, {("file_unaccounted", "f-3", "files")}),
    (
        {"files_missing": frozenset({"f-1", "f-3"})},
        {("file_contradictory", "f-1", "files")},
    ),
    (
        {"files_missing": frozenset({"f-3", "f-9"})},
        {("file_contradictory", "f-9", "files")},
    ),
    ({"files_failed": frozenset({"f-2", "f-4"})}, {("file_silent", "f-5", "files")}),
    (
        {"pages": SOUND.pages | {"p-90": "f-9"}, "blank": frozenset({"p-13", "p-90"})},
        {("file_unknown", "f-9", "files")},
    ),
    (
        {"original_objects": SOUND.original_objects - {"f-5"}},
        {("original_object_missing", "f-5", "original_object")},
    ),
    (
        {"original_objects": SOUND.original_objects | {"f-9"}},
        {("original_object_unexpected", "f-9", "original_object")},
    ),
    (
        {"original_leaves": SOUND.original_leaves - {"f-1"}},
        {("original_leaf_missing", "f-1", "original_leaf")},
    ),
    (
        {"original_leaves": SOUND.original_leaves | {"f-9"}},
        {("original_leaf_unexpected", "f-9", "original_leaf")},
    ),
    ({"blank": frozenset()}, {("page_unaccounted", "p-13", "pages")}),
    ({"separator": frozenset()}, {("page_unaccounted", "p-14", "pages")}),
    ({"duplicate": frozenset()}, {("page_unaccounted", "p-22", "pages")}),
    (
        {"rejected": frozenset()},
        {("page_unaccounted", "p-23", "pages"), ("page_unaccounted", "p-61", "rows")},
    ),
    ({"blank": frozenset({"p-13", "p-10"})}, {("page_twice", "p-10", "pages")}),
    (
        {"documents": dict(SOUND.documents) | {"d-2": ("p-12", "p-10")}},
        {("page_twice", "p-10", "pages")},
    ),
    (
        {"documents": dict(SOUND.documents) | {"d-2": ("p-12", "p-12")}},
        {("page_twice", "p-12", "pages")},
    ),
    ({"blank": frozenset({"p-13", "p-99"})}, {("page_unknown", "p-99", "pages")}),
    (
        {"documents": dict(SOUND.documents) | {"d-6": ("p-60", "p-61")}},
        {("page_twice", "p-61", "rows")},
    ),
    (
        {"rejected": frozenset({"p-23"}), "known": {"p-61": "d-x"}},
        {("known_documents_missing", "d-x", "known_documents")},
    ),
    ({"known": {"p-61": "d-6"}, "known_documents": {"d-6"}}, {("page_twice", "p-61", "rows")}),
    ({"held": frozenset()}, {("document_unjudged", "d-2", "documents")}),
    ({"held": frozenset({"d-2", "d-3"})}, {("document_judged_twice", "d-3", "documents")}),
    ({"held": frozenset({"d-2", "d-9"})}, {("verdict_without_document", "d-9", "documents")}),
    (
        {
            "documents": dict(SOUND.documents) | {"d-7": ()},
            "held": frozenset({"d-2", "d-7"}),
        },
        {("document_empty", "d-7", "documents")},
    ),
    (
        {"objects": SOUND.objects - {"d-1"}},
        {("accepted_object_missing", "d-1", "accepted_object")},
    ),
    (
        {"objects": SOUND.objects | {"d-2"}},
        {("accepted_object_unexpected", "d-2", "accepted_object")},
    ),
    ({"entries": SOUND.entries - {"d-1"}}, {("accepted_entry_missing", "d-1", "accepted_entry")}),
    (
        {"entries": SOUND.entries | {"d-3"}},
        {("accepted_entry_unexpected", "d-3", "accepted_entry")},
    ),
    ({"leaves": SOUND.leaves - {"d-4"}}, {("accepted_leaf_missing", "d-4", "accepted_leaf")}),
    (
        {"leaves": SOUND.leaves | {"d-3"}},
        {("accepted_leaf_unexpected", "d-3", "accepted_leaf")},
    ),
]


@pytest.mark.parametrize(("changes", "expected"), BROKEN)
def test_broken_equation_is_named(
    changes: dict[str, Any], expected: set[tuple[str, str, str]]
) -> None:
    """One thing wrong in our hands: the batch cannot be sealed, and the gap names id and line."""
    sheet = with_(**changes)
    ours = {gap for gap in sheet.gaps if sheet.line(gap.line).binding}

    assert ours == {Gap(*gap) for gap in expected}
    assert not sheet.balanced


def test_errors_that_cancel_out_are_found() -> None:
    """One object missing and one too many: the numbers agree, the sets do not."""
    sheet = with_(objects=frozenset({"d-1", "d-2", "d-4"}))
    line = sheet.line("accepted_object")

    assert line.left == line.right
    assert not line.ok
    assert {gap.subject for gap in sheet.gaps} == {"d-2", "d-6"}


DECLARED: list[tuple[dict[str, Any], set[tuple[str, str]], int]] = [
    ({"declared_sheets": 18}, {("sheets_unexplained", "b-1")}, 2),
    ({"declared_sheets": 12}, {("sheets_unexplained", "b-1")}, -3),
    (
        {"declared_pages": {"f-1": 5, "f-2": 5, "f-5": 2}},
        {("sheets_unproven", "b-1")},
        3,
    ),
    (
        {"declared_pages": dict(SOUND.declared_pages) | {"f-1": 7}, "declared_sheets": 17},
        {("file_pages_differ", "f-1"), ("sheets_unexplained", "b-1")},
        2,
    ),
    (
        {"declared_pages": dict(SOUND.declared_pages) | {"f-1": 4}, "declared_sheets": 14},
        {("file_pages_differ", "f-1"), ("sheets_unexplained", "b-1")},
        -1,
    ),
]


@pytest.mark.parametrize(("changes", "expected", "unexplained"), DECLARED)
def test_declaration_that_differs_is_shown(
    changes: dict[str, Any], expected: set[tuple[str, str]], unexplained: int
) -> None:
    """Sheets that nothing explains are counted and named; they do not stop the seal."""
    sheet = with_(**changes)

    assert {(gap.code, gap.subject) for gap in sheet.gaps} == expected
    assert sheet.line("sheets").parts[-1].count == unexplained
    assert not sheet.line("sheets").ok
    assert sheet.balanced


@pytest.mark.parametrize(("declared", "missing"), [(2, 0), (5, 3)])
def test_rows_that_were_declared_and_did_not_come_are_shown(declared: int, missing: int) -> None:
    """They are counted and named; what the EMR counted wrong cannot stop the seal."""
    sheet = with_(declared_rows=declared)

    assert [part.count for part in sheet.line("rows_declared").parts] == [2, missing]
    assert [gap.code for gap in sheet.gaps] == ["rows_unexplained"] * bool(missing)
    assert sheet.balanced


@pytest.mark.parametrize(("declared", "undeclared"), [(15, 1), (16, 0)])
def test_total_with_and_without_unlisted_files(declared: int, undeclared: int) -> None:
    """Beside a complete manifest it shows whether the total counted the file the list forgot."""
    line = with_(declared_sheets=declared).line("sheets")

    assert [part.count for part in line.parts] == [10, 6, -undeclared, 0]
    assert line.ok


def test_unlisted_sheets_make_up_for_none() -> None:
    """One sheet lost and one that nobody declared: the totals agree, the loss is shown."""
    sheet = with_(declared_pages={}, declared_sheets=10, files_missing=frozenset())
    line = sheet.line("sheets")

    assert [part.count for part in line.parts] == [10, 0, -1, 1]
    assert not line.ok


def test_manifest_stands_in_for_a_total() -> None:
    """Without a declared total, the manifest's pages are the total if every file has some."""
    complete = with_(declared_sheets=None)
    incomplete = with_(declared_sheets=None, declared_pages={"f-1": 5})

    assert (complete.line("sheets").left, complete.line("sheets").ok) == (15, True)
    assert (incomplete.line("sheets").left, incomplete.line("sheets").ok) == (None, True)


def test_nothing_declared() -> None:
    """Without manifest and totals a batch balances by what came, and says so."""
    sheet = with_(
        declared_sheets=None,
        declared_pages={},
        files_listed=frozenset(),
        files_missing=frozenset(),
    )

    assert sheet.balanced
    assert sheet.line("files").left is None
    assert sheet.line("sheets").left is None


def test_empty_batch_balances() -> None:
    """A delivery without a single file balances at nought."""
    sheet = balance(Counted("b-0"))

    assert sheet.balanced
    assert {line.right for line in sheet.lines} == {0}


def test_totals() -> None:
    """Totals for receipts are the sizes of the sets."""
    totals = SOUND.totals()

    assert (totals["pages"], totals["rows"], totals["documents"]) == (10, 2, 5)
    assert (totals["accepted"], totals["held"], totals["rejected"]) == (3, 1, 1)


def test_every_gap_is_explained() -> None:
    """Each gap that the tests above provoke has words for people."""
    codes = {code for _, expected in BROKEN for code, _, _ in expected}
    codes |= {code for _, expected, _ in DECLARED for code, _ in expected}

    assert len(codes) == 25
    assert codes | {"rows_unexplained"} <= set(load_reasons())

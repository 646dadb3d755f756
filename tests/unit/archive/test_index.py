"""Promises of the index: what is written is found, whose it is is not readable."""

import contextlib
import math
import random
import sqlite3
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from archive.index.index import Index
from archive.index.morphemes import NoMorphemes
from archive.index.snippets import snippet
from archive.opening import Archive
from records.errors import IntegrityError

from .conftest import ONE, TWO, an_id, entry, in_processes, open_at

CERTIFICATE = "진료 확인서\n환 자 성 명 김 가 상\n상병명: 본태성 고혈압 (I10.9)\n위암 의증"
PRESCRIPTION = "처방전\n아목시실린캡슐 500mg/정 1일 3회 Amoxicillin/Clavulanate\nMRCP로 확인"


@pytest.fixture
def index(opened: Archive) -> Index:
    opened.index.add(
        [
            entry("d-one", ONE, CERTIFICATE, patient_name="김가상", birth_date="1971-02-03"),
            entry(
                "d-two", ONE, PRESCRIPTION, patient_name="이허구", resident_number="710203-1234567"
            ),
            entry("d-three", TWO, CERTIFICATE, patient_name="김 가상", birth_date="1971.02.03"),
        ]
    )
    return opened.index


def found(index: Index, query: str = "", **filters: str) -> set[str]:
    return {hit.document_id for hit in index.search(query, **filters)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query",
    [
        "고혈압", "본태성 고혈압", "본태성고혈압", "고 혈 압", "혈", "압", "위암", "암", "김가상",
        "환자 성명", "I10.9", "i10", "I10.", "확인서 고혈압", "진료확인서 i10.9 위암",
    ],
)  # fmt: skip
def test_what_a_page_holds_is_found(index: Index, query: str) -> None:
    """Any piece of a page finds it: however spaced, in any case, a single character too."""
    assert found(index, query, institution=ONE) == {"d-one"}


@pytest.mark.parametrize(
    "query", ["amoxi", "clavulanate", "AMOXICILLIN", "500mg", "500", "mrcp", "MRCP로"]
)
def test_latin_words_are_found_by_their_beginning(index: Index, query: str) -> None:
    """Latin and digits: whole or begun, in any case, beside Hangul or a slash."""
    assert found(index, query) == {"d-two"}


@pytest.mark.parametrize(
    "query",
    ["당뇨", "00mg", "oxicillin", "혈고", "고혈압 처방전", '"', "*", "AND", "()", "정상 OR", "-"],
)
def test_what_no_page_holds_is_not_found(index: Index, query: str) -> None:
    """Other words, words of two pages, and the query language's own signs find nothing."""
    assert found(index, query) == set()


@pytest.mark.parametrize("query", ["본태성 고혈압", "진료확인서", "상병명"])
@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_one_misread_character_is_forgiven(opened: Archive, query: str, wrong: int) -> None:
    """A page on which one character of the word was misread is still found, after the exact."""
    squeezed = query.replace(" ", "")
    misread = squeezed[:wrong] + "늑" + squeezed[wrong + 1 :]
    opened.index.add(
        [entry("d-misread", ONE, f"가나 {misread} 다라"), entry("d-other", ONE, "처방전")]
    )
    if len(squeezed) > 3 or wrong != 1:  # of three characters, the middle one leaves no pair
        assert found(opened.index, query) == {"d-misread"}

    opened.index.add([entry("d-exact", ONE, f"가나 {query} 다라")])

    hits = opened.index.search(query)
    assert hits[0].document_id == "d-exact"
    assert hits[0].score > 2 > hits[-1].score or len(hits) == 1


def test_most_misread_text_is_found(opened: Archive) -> None:
    """One character in ten misread at random: nine of ten four-character words find their page."""
    chance = random.Random(7)
    syllables = [chr(code) for code in range(0xAC00, 0xD7A4, 7)]
    words = ["".join(chance.choices(syllables, k=4)) for _ in range(200)]
    pages = [
        "".join(chance.choice(syllables) if chance.random() < 0.1 else c for c in word)
        for word in words
    ]
    opened.index.add([entry(f"d-{n}", ONE, f"{page} 내과") for n, page in enumerate(pages)])

    hits = [n for n, word in enumerate(words) if f"d-{n}" in found(opened.index, word)]

    assert len(hits) >= 180


def test_a_person_is_found_by_keyed_hash(index: Index) -> None:
    """Name, birth date and resident number match as values, however they are written."""
    assert found(index, patient_name="김가상", institution=ONE) == {"d-one"}
    assert found(index, patient_name=" 김 가상 ") == {"d-one", "d-three"}
    assert found(index, patient_name="김가") == set()
    assert found(index, birth_date="1971-02-03", institution=TWO) == {"d-three"}
    assert found(index, resident_number="7102031234567") == {"d-two"}
    assert found(index, "고혈압", patient_name="이허구") == set()


def test_filters_bound_the_search(index: Index) -> None:
    """Institution, batch and type are exact; a page and its ids come with the hit."""
    (hit,) = index.search("처방전", type="certificate", batch=an_id("b", ONE))

    assert (hit.document_id, hit.institution, hit.page_id) == ("d-two", ONE, an_id("p", "d-two"))
    assert (hit.type, hit.batch) == ("certificate", an_id("b", ONE))
    assert found(index, "처방전", type="other") == set()
    assert found(index, "처방전", institution=TWO) == set()
    assert index.search() == []


def test_dates_and_chart_numbers_bound_the_search(opened: Archive) -> None:
    """A span of days, both included, by the visit's or the issue's date; a chart's exact number."""
    opened.index.add(
        [
            entry("d-1", ONE, "고혈압", visit_date="2019-03-05", chart_no="00 429"),
            entry("d-2", ONE, "고혈압", issue_date="2020-01-01", chart_no="4290"),
            entry("d-3", ONE, "고혈압"),
        ]
    )
    index = opened.index

    assert found(index, "고혈압", since="2019-03-05", until="2019-12-31") == {"d-1"}
    assert found(index, "고혈압", since="2019-03-06") == {"d-2"}
    assert found(index, until="2019-03-05") == {"d-1"}
    assert found(index, chart_no="00429") == {"d-1"}
    assert found(index, "고혈압", chart_no="429") == set()


def test_a_name_hashes_otherwise_in_each_institution(index: Index) -> None:
    """Equal names do not match across institutions, not even as hashes."""
    hashes = [index.person_hash(code, "patient_name", "김가상") for code in (ONE, ONE, TWO)]

    assert hashes[0] == hashes[1] != hashes[2]
    assert index.person_hash(ONE, "patient_name", "  ") == ""


def test_a_document_is_one_hit_by_its_best_page(opened: Archive) -> None:
    """Of many pages that match, a document shows once."""
    several = entry("d-1", ONE, "x")
    pages = tuple(an_id("p", number) for number in range(50))
    texts = tuple("고혈압 " * (number == 30) + "고혈압 진료" for number in range(50))
    opened.index.add([type(several)("d-1", ONE, "b", "t", pages, texts)])
    opened.index.add([entry("d-2", ONE, "고혈압")])

    hits = opened.index.search("고혈압", limit=2)

    assert {hit.document_id for hit in hits} == {"d-1", "d-2"}


def test_adding_again_replaces(index: Index) -> None:
    """A document is in the index once, with its newest text, until it is removed."""
    assert index.add([entry("d-one", ONE, "당뇨병"), entry("d-new", ONE, "당뇨병")]) == 1

    assert found(index, "당뇨") == {"d-one", "d-new"}
    assert "d-one" not in found(index, "고혈압")
    assert index.count() == 4
    index.remove(["d-one", "d-never"])
    assert index.document_ids(ONE) == {"d-two", "d-new"}
    assert found(index, "당뇨") == {"d-new"}
    assert index.check() == []


def test_documents_are_told_by_batch(index: Index) -> None:
    """The ids of an institution, or of one of its batches."""
    assert index.document_ids(ONE, an_id("b", ONE)) == {"d-one", "d-two"}
    assert index.document_ids(ONE, "another") == set()
    assert index.institutions() == {ONE, TWO}


def test_all_entries_are_added_or_none(opened: Archive) -> None:
    """An entry that does not fit leaves the index as it was."""
    broken = entry("d-2", ONE, "x")
    with pytest.raises(ValueError, match="zip"):
        opened.index.add([entry("d-1", ONE, "x"), type(broken)("d-2", ONE, "b", "t", ("p",), ())])

    assert opened.index.count() == 0
    assert opened.index.add([broken]) == 1


def test_who_splits_words_keeps_nobody_waiting(tmp_path: Path) -> None:
    """While one process splits its pages into morphemes, another one adds documents."""
    other = Index(tmp_path / "search.db", lambda: bytes(32))

    class Slow(NoMorphemes):
        def of(self, text: str) -> list[str]:
            other.add([entry("d-meanwhile", ONE, CERTIFICATE)])
            return []

    slow = Index(tmp_path / "search.db", lambda: bytes(32), Slow())
    slow.add([entry("d-late", ONE, CERTIFICATE)])
    assert other.document_ids(ONE) == {"d-meanwhile", "d-late"}


def test_a_batch_without_documents_names_no_institution(opened: Archive) -> None:
    """Whoever's last document goes is no longer among those that have documents."""
    opened.index.add([entry("d-1", ONE, "고혈압"), entry("d-2", TWO, "고혈압")])
    opened.index.remove(["d-1"])

    assert opened.index.institutions() == {TWO}
    assert opened.index.document_ids(ONE) == set()
    assert [hit.document_id for hit in opened.index.search("고혈압")] == ["d-2"]


def test_the_file_is_random_bytes(index: Index, tmp_path: Path) -> None:
    """Without the key there is no header, no Korean and no name of a table in the file."""
    raw = (tmp_path / "index" / "search.db").read_bytes()

    assert index.count() == 3
    assert b"SQLite" not in raw
    assert [word for word in ("고혈", "김가상", "확인", "처방") if word.encode() in raw] == []
    assert b"documents" not in raw
    shares = [raw.count(byte) / len(raw) for byte in range(256)]
    assert -sum(share * math.log2(share) for share in shares) > 7.99


def test_nothing_but_its_key_opens_the_file(index: Index, tmp_path: Path) -> None:
    """SQLite itself, and SQLCipher without a key, take the file for no database."""
    path = tmp_path / "index" / "search.db"

    assert index.count() == 3
    for module in (sqlite3, dbapi2):
        with (
            contextlib.closing(module.connect(path)) as database,
            pytest.raises(module.DatabaseError, match="not a database"),
        ):
            database.execute("SELECT count(*) FROM sqlite_master")


def test_a_file_of_an_earlier_version_is_told(index: Index, tmp_path: Path) -> None:
    """The tables of another version are not guessed at: the file is filled again."""
    with index._write() as (database, _):
        database.execute("PRAGMA user_version = 1")
    index.close()

    with pytest.raises(IntegrityError, match=r"^index_outdated$"):
        index.count()
    assert index.check() == ["index_outdated"]


def test_another_key_does_not_open_it(index: Index, tmp_path: Path) -> None:
    """A wrong key is a damaged index, told by its code."""
    assert index.count() == 3
    stranger = Index(tmp_path / "index" / "search.db", lambda: bytes(32))

    with pytest.raises(IntegrityError, match=r"^index_damaged$"):
        stranger.count()
    assert stranger.check() == ["index_damaged"]


def test_processes_share_the_file(tmp_path: Path) -> None:
    """Four processes add at once, each its own documents: all are there."""
    open_at(tmp_path)

    def add(number: int) -> str:
        index = open_at(tmp_path).index
        for part in range(5):
            index.add([entry(f"d-{number}-{part}", ONE, "고혈압")])
        return "done"

    assert in_processes(4, add) == ["done"] * 4
    index = open_at(tmp_path).index
    assert index.count() == 20
    assert index.check() == []


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        (CERTIFICATE, "김가상", " ".join(CERTIFICATE.split())),
        ("짧은 글", "글", "짧은 글"),
        ("고 혈 압 환자", "고혈압", "고 혈 압 환자"),
        ("상병 본태성고헐압 의증", "본태성 고혈압", "상병 본태성고헐압 의증"),
        ("MRCP로 확인", "mrcp", "MRCP로 확인"),
        ("", "고혈압", ""),
        ("아무 말", "", "아무 말"),
    ],
)
def test_a_snippet_shows_the_words_around(text: str, query: str, shown: str) -> None:
    """The place of the query, also spaced or misread otherwise, with its neighbourhood."""
    assert snippet(text, query) == shown


def test_a_snippet_finds_the_likeliest_place() -> None:
    """In a long page, the window with most of the query's characters is shown, and only that."""
    text = "내과 외과 " * 100 + "본태싱 고혈압 " + "안과 치과 " * 100

    shown = snippet(text, "본태성고혈압")

    assert "본태싱 고혈압" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 80

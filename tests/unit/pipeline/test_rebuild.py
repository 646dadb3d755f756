"""Rebuilding the index from the vault alone, and searching it by every filter with a snippet."""

import io
import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive.verify import verify
from pipeline import documents
from pipeline.assembly import Workshop
from pipeline.command_line import main
from pipeline.documents import leaf_of
from pipeline.reader import Reader
from pipeline.searching import Query, search
from pipeline.stage_results import ArchivedDocument
from pipeline.upkeep import rebuild_index, rebuild_part
from records.archived import IndexEntry
from records.codec import encode
from records.ids import derive_id
from records.judgements import Verdict
from records.settings import Settings
from records.values import Box, Document, Field, Line, PageText, Word
from tests.unit.archive.conftest import killed_at, tmp_path  # noqa: F401  (in memory)

CODE = "31234567"
AUDITOR = Reader("auditor", "127.0.0.1", "시험")
COUNT = 5


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:  # noqa: F811
    """Documents in vault and ledger, none in the index; each has its own day and chart number."""
    workshop = Workshop(Settings(home=str(tmp_path)))
    vault, leaves = workshop.archive.vault(CODE), []
    for number in range(COUNT):
        page, batch = derive_id("p", "rebuild", number), derive_id("b", "rebuild", number % 2)
        values = {
            "visit_date": f"2019-03-0{number + 1}",
            "chart_no": f"00{number}",
            "resident_number": f"710203-123456{number}",
        }
        document = Document(
            derive_id("d", "rebuild", number),
            batch,
            derive_id("t", "rebuild"),
            (page,),
            "certificate",
            0.9,
            None,
            {name: Field(value, value, 0.9) for name, value in values.items()},
        )
        words = (Word("診斷書", Box(0, 0, 9, 9)), Word("고혈압", Box(9, 0, 18, 9)))
        text = PageText(page, 100, 100, None, 0, 0.0, (Line(words),))
        record = ArchivedDocument(document, Verdict(document.id, "accept"), (text,), ())
        leaves.append(leaf_of(vault.put("document", document.id, encode(record)), batch))
    workshop.archive.ledger.append(leaves)
    workshop.archive.ledger.sign_head()
    return workshop


def test_a_removed_index_is_rebuilt_from_the_vault(workshop: Workshop) -> None:
    """What verifying misses is there again after a rebuild; a second one writes nothing."""
    assert rebuild_index(workshop).counts["written"] == COUNT
    workshop.archive.index.close()
    workshop.settings.index_file.unlink()
    assert [p.code for p in verify(workshop.archive).problems] == ["index_missing"]

    assert rebuild_index(workshop).counts["written"] == COUNT
    assert rebuild_index(workshop).counts["written"] == 0
    assert verify(workshop.archive).ok


def test_what_is_missing_or_astray_is_mended(workshop: Workshop) -> None:
    """Stored and not indexed, indexed and not stored, indexed from something else."""
    rebuild_index(workshop)
    index = workshop.archive.index
    ids = sorted(index.document_ids(CODE))
    entry = documents.entry_of(workshop.vault(CODE), ids[1], CODE, "b")
    index.remove(ids[:1])
    index.add([type(entry)(ids[1], CODE, "b", "none", ("p",), ("처방전",), {}, "other")])
    index.add([type(entry)("d-stray", CODE, "b", "none", ("p",), ("처방전",))])

    counts = rebuild_index(workshop).counts

    assert (counts["written"], counts["removed"], counts["entries"]) == (2, 1, COUNT)
    assert len(index.search("고혈압")) == COUNT
    assert index.search("처방전") == []


def test_parts_are_rebuilt_side_by_side(workshop: Workshop) -> None:
    """Four threads, each with an own part of the documents, and strays: all is there, once."""
    stray = IndexEntry("d-stray", CODE, "b", "none", ("p",), ("처방전",))
    workshop.archive.index.add([stray])
    workshop.archive.index.close()
    houses = [Workshop(workshop.settings) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda part: rebuild_part(houses[part], part, 4).counts, range(4)))

    assert sum(counts["written"] for counts in done) == COUNT
    assert sum(counts["removed"] for counts in done) == 1
    assert max(counts["entries"] for counts in done) < COUNT
    assert verify(workshop.archive).ok


def test_a_killed_rebuild_goes_on(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed at one system call or another, the rerun writes only the rest, and all is there."""
    monkeypatch.setattr(documents, "ENTRIES_AT_ONCE", 1)
    settings = workshop.settings
    rests = []
    for step in itertools.count(1, 6):
        settings.index_file.unlink(missing_ok=True)
        if not killed_at(step, lambda: rebuild_index(Workshop(settings))):
            break
        again = Workshop(settings)
        rests.append(rebuild_index(again).counts["written"])
        assert verify(again.archive).ok
        again.archive.index.close()

    assert max(rests) == COUNT


def test_a_rebuild_keeps_what_is_done(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped after two documents, the rerun opens the other three only."""
    monkeypatch.setattr(documents, "ENTRIES_AT_ONCE", 1)
    real, opened = documents.entry_of, itertools.count(1)

    def stopping(*args: str) -> object:
        if next(opened) > 2:
            raise KeyboardInterrupt
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(documents, "entry_of", stopping)
    with pytest.raises(KeyboardInterrupt):
        rebuild_index(workshop)
    monkeypatch.setattr(documents, "entry_of", real)

    assert rebuild_index(workshop).counts["written"] == COUNT - 2


@pytest.mark.parametrize(
    ("query", "count"),
    [
        (Query("진단서", since="2019-03-02", until="2019-03-03"), 2),
        (Query(chart="001"), 1),
        (Query("고혈압", resident="7102031234564"), 1),
        (Query(resident="710203-9999999"), 0),
        (Query("고혈압", batch=derive_id("b", "rebuild", 1)), 2),
        (Query("고혈압", institution=CODE), COUNT),
    ],
)
def test_every_filter_reaches_the_index(workshop: Workshop, query: Query, count: int) -> None:
    """Hits come with a snippet from the vault; the look is in the access log first."""
    rebuild_index(workshop)

    hits = search(workshop, query, AUDITOR)

    assert len(hits) == count
    assert all("診斷書 고혈압" in hit.snippet for hit in hits)
    (entry,) = list(workshop.archive.access.entries(CODE))
    assert sorted(entry.documents) == sorted(hit.document for hit in hits)
    assert bool(entry.whose) == bool(query.chart or query.resident)


def test_a_resident_number_is_asked_for(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command reads the number from its input, so that no shell remembers it."""
    rebuild_index(workshop)
    workshop.archive.index.close()
    monkeypatch.setenv("GIROKSIL_HOME", workshop.settings.home)
    for typed, code, hits in (("710203-1234562\n", 0, 1), ("\n", 1, 0)):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        assert bool(main(["search", "--resident", "--json"])) == bool(code)
        assert capsys.readouterr().out.count('"document"') == hits

"""Work is cut into chunks: all of it, nothing twice, never too many."""

from dataclasses import replace

import pytest

from pipeline.chunks import MOST_CHUNKS, assemble_chunks, read_chunks
from pipeline.page_runs import pages_of, runs_of
from pipeline.sorting import Found
from pipeline.stage_results import TriagedBatch
from records.codec import decode, encode
from records.values import Scan


def _scans(count: int, pages: int) -> tuple[Scan, ...]:
    return tuple(
        Scan(f"s{n}", f"f{n}", f"t{n}", f"{n}.tif", "tiff", pages, sha256=str(n))
        for n in range(count)
    )


@pytest.mark.parametrize(
    ("scans", "pages", "size"), [(3, 5, 4), (1, 1, 16), (40, 1, 16), (5, 7, 1)]
)
def test_every_page_once(scans: int, pages: int, size: int) -> None:
    """Each page is in exactly one chunk to read and one stack to assemble, in order."""
    made = _scans(scans, pages)
    found = Found(made, runs_of(made), ())
    read, assemble = list(read_chunks(found, size)), assemble_chunks(found)
    ids = [page.id for page in found.pages()]
    assert [page.id for chunk in read for page in chunk.pages] == ids
    assert [p.id for chunk in assemble for stack in chunk.stacks for p in stack.pages] == ids
    for chunk in read:
        assert len(chunk.pages) <= size
        assert {page.scan_id for page in chunk.pages} == {scan.id for scan in chunk.scans}


def test_rows_are_read_in_large_chunks() -> None:
    """A table is read from its top for every chunk; so its rows are in few, apart from images."""
    (image,) = _scans(1, 9)
    table = replace(image, id="s1", stack_id="t1", media="fhir", pages=9_000, sha256="1")
    read = list(read_chunks(Found((image, table), runs_of((image, table)), ()), 4))

    assert [len(chunk.pages) for chunk in read] == [4, 4, 1, 4_000, 4_000, 1_000]
    assert all(len(chunk.scans) == 1 for chunk in read)


def test_a_long_table_is_several_stacks() -> None:
    """Rows are taken apart some thousands at a time; a message's records stay together."""
    (image,) = _scans(1, 1)
    table = replace(image, media="csv", pages=2_500)
    pages = list(pages_of(runs_of((table,))))
    stacks = [page.stack_id for page in pages]

    assert [stacks.count(stack) for stack in dict.fromkeys(stacks)] == [1_000, 1_000, 500]
    assert [page.order for page in pages] == [*range(1_000), *range(1_000), *range(500)]
    assert len({run.stack_id for run in runs_of((replace(table, media="fhir"),))}) == 1


def test_chunks_stay_countable() -> None:
    """However many pages come, there are not more chunks than an orchestrator maps over."""
    made = _scans(1, 40_000)
    assert len(list(read_chunks(Found(made, runs_of(made), ()), 8))) <= MOST_CHUNKS


def test_a_file_received_twice_is_read_once() -> None:
    """Pages of equal bytes are named duplicates of the first and are not read again."""
    first, second = _scans(2, 3)
    twin = Scan("s9", "f9", second.stack_id, "9.tif", "tiff", 3, sha256=first.sha256)
    found = Found((first, second, twin), runs_of((first, second, twin)), ())
    pages, read = list(found.pages()), list(read_chunks(found, 100))
    assert [page.duplicate_of for page in pages if page.scan_id == "s9"] == [
        page.id for page in pages if page.scan_id == first.id
    ]
    assert len(read[0].pages) == 6


def test_nothing_received() -> None:
    """A delivery without a readable page has no chunks, and is no error."""
    nothing = Found((), (), ())
    assert [*read_chunks(nothing, 16), *assemble_chunks(nothing)] == []


def test_a_million_rows_are_a_thousand_runs() -> None:
    """What is kept of a table's pages grows with its stacks; each page is made when it is asked."""
    (image,) = _scans(1, 1)
    table = replace(image, media="csv", pages=1_000_000)
    triaged = TriagedBatch((table,), (), (), (), runs_of((table,)))

    assert (len(triaged.runs), triaged.count, triaged.count_to_read) == (1_000, 10**6, 10**6)
    last = triaged.stacks[-1]
    assert [page.index for page in triaged.each_page((last,))] == [*range(999_000, 1_000_000)]


def test_pages_that_a_former_version_kept_are_read() -> None:
    """A record with every page in it, and no runs, tells the same pages."""
    made = _scans(2, 3)
    pages = list(pages_of(runs_of(made)))
    kept = {"scans": made, "pages": pages, "failures": [], "read": [], "assemble": []}

    triaged = decode(TriagedBatch, encode(kept))

    assert list(triaged.each_page()) == pages
    assert triaged.stacks == ("t0", "t1")
    assert triaged.count_to_read == 6

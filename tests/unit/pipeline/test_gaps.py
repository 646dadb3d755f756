"""A page that could not be read leaves its neighbours unsure, and only them."""

from pipeline.gaps import EVIDENCE, UNSURE, unsure_beside_gaps
from records.values import Document, PageRef


def _pages(count: int) -> list[PageRef]:
    return [PageRef(f"p{n}", "s", "f", "t", n, n) for n in range(count)]


def _document(*pages: str) -> Document:
    return Document("d" + pages[0], "b", "t", pages, "prescription", 0.98, 0.99)


def _unsure(documents: tuple[Document, ...]) -> list[str]:
    return [d.id for d in documents if d.boundary_confidence == UNSURE and EVIDENCE in d.evidence]


def test_around_and_beside() -> None:
    """A document with a gap inside or next to it is unsure; one farther away is not."""
    documents = [_document("p0"), _document("p1", "p3"), _document("p4"), _document("p5")]
    assert _unsure(unsure_beside_gaps(documents, _pages(6), ["p2"], ())) == ["dp1"]
    documents = [_document("p0"), _document("p1"), _document("p3"), _document("p4")]
    assert _unsure(unsure_beside_gaps(documents, _pages(5), ["p2"], ())) == ["dp1", "dp3"]


def test_a_file_cut_short_leaves_its_end_unsure() -> None:
    """Where a file lost pages at its end, its last document may have lost them."""
    documents = [_document("p0"), _document("p1", "p2")]
    assert _unsure(unsure_beside_gaps(documents, _pages(3), (), {"s"})) == ["dp1"]


def test_nothing_missing_changes_nothing() -> None:
    """Without a gap, documents are as they were."""
    documents = (_document("p0"), _document("p1"))
    assert unsure_beside_gaps(documents, _pages(2), (), ()) == documents

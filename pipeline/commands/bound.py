"""What is said of searchable PDFs once they are written."""

from typing import Any

from pipeline.binding import BoundDocuments
from pipeline.commands import say
from records.reasons import explain


def bound_view(bound: BoundDocuments) -> dict[str, Any]:
    """The same as plain data, for `--json`."""
    return {
        "written": bound.pdfs,
        "not_pdfa": bound.not_pdfa,
        "pages_drawn": bound.drawn,
        "renditions": bound.renditions,
        "failures": [
            {"page_id": f.subject, "file": f.path, "page": f.page, "code": f.code}
            for f in bound.failures
        ],
    }


def say_bound(bound: BoundDocuments) -> None:
    """Say how many PDFs there are, and name each page that could not be put into one."""
    say(f"검색용 PDF searchable PDFs {bound.pdfs}")
    if bound.not_pdfa:
        say(f"  PDF/A가 아닌 것 not PDF/A {bound.not_pdfa}")
    if bound.drawn:
        say(f"  화소로 그린 쪽 pages drawn as pixels {bound.drawn}")
    if bound.renditions:
        say(f"읽기 쉽게 옮긴 것 renditions of rows and messages {bound.renditions}")
    for failure in bound.failures:
        say(f"  ✗ {failure.subject} {failure.path} {failure.page} {explain(failure.code)}")
        say(f"    {explain(failure.code, 'en')}")

"""The rendition of a document of rows or messages: of what it is made, and by what."""

import datetime as dt
from collections.abc import Iterable
from importlib.metadata import version

from intake.archives import INSIDE
from ocr.rendition.forms import load_forms
from ocr.rendition.page_frame import Origin
from ocr.rendition.rendition import rendition
from records.values import Document, PageRef, PageText, ReceivedFile, Scan

_KOREA = dt.timezone(dt.timedelta(hours=9))


def today() -> dt.date:
    """The day in Korea."""
    return dt.datetime.now(_KOREA).date()


def rendition_of(
    document: Document,
    texts: Iterable[PageText],
    scan: Scan,
    place: PageRef,
    file: ReceivedFile,
    made: dt.date,
) -> bytes:
    """Return the rendition's PDF; `scan` and `place` are those of the document's first record.

    Raises:
        SetupError: `font_missing`.
    """
    pages = tuple(texts)
    inside = [scan.path, scan.member or "", scan.sheet]
    origin = Origin(
        file=INSIDE.join(part for part in inside if part),
        place=_place(scan, place, pages),
        sha256=file.sha256,
        made=made,
        program=f"기록실 Giroksil {version('giroksil')}, 서식 배치 layouts {load_forms().version}",
    )
    return rendition(document, pages, origin)


def _place(scan: Scan, place: PageRef, pages: Iterable[PageText]) -> str:
    """The row's number, the header not counted; of a message, the path of its own piece."""
    number = place.index + 1
    if scan.is_table:
        return f"{number}번째 행 row {number}"
    paths = [part.path for page in pages for part in page.parts]
    return paths[0] if paths else f"{number}번째 기록 record {number}"

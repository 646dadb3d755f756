"""One row a page: measurements and flags that the page rules judge; never its text."""

from collections.abc import Mapping

from records.values import PageText

# Column → type of the table; a column is None where its rules do not apply to the page.
PAGE_COLUMNS: Mapping[str, str] = {
    "dpi": "float64",
    "dpi_as_declared": "boolean",
    "skew": "float64",
    "confidence": "float64",
    "in_focus": "boolean",
    "complete": "boolean",
    "bright": "boolean",
    "printed_only": "boolean",
    "in_order": "boolean",
    "upright": "boolean",
    "has_words": "boolean",
    "scan_readable": "boolean",
    "set_aside_is_empty": "boolean",
}
FEW_WORDS = 5
HOPELESS_CONFIDENCE = 0.25
# A blank sheet shows through or carries a stamp's edge; a separator names a box or a chart.
MOST_WORDS_SET_ASIDE = 20
# Scanners are named by round figures: 296 dpi is 300.
DPI_TOLERANCE = 0.95
SCAN_FAULTS = frozenset({"out_of_focus", "cut_off", "low_resolution", "faded", "dark"})

Fact = float | bool | None


def page_facts(
    page: PageText, in_document: bool, declared_dpi: float | None = None
) -> dict[str, Fact]:
    """Return the page's row; a page in no document was set aside: blank, separator, duplicate.

    A row of an EMR table was never scanned: nothing of it is judged here. A page without words is
    the scan's fault only where the scan shows a fault; otherwise (a drawing, handwriting) a person
    looks at it, since scanning it again would give the same page.
    """
    facts: dict[str, Fact] = dict.fromkeys(PAGE_COLUMNS)
    if page.source == "row":
        return facts
    flags = set(page.flags)
    words = _words(page)
    facts["dpi"] = None if page.dpi is None else float(page.dpi)
    if page.dpi is not None and declared_dpi is not None and page.source == "ocr":
        facts["dpi_as_declared"] = page.dpi >= DPI_TOLERANCE * declared_dpi
    facts["skew"] = abs(page.skew)
    facts["upright"] = page.rotation == 0
    if "duplicate" in flags:
        return facts
    if not in_document:
        return facts | {"set_aside_is_empty": words <= MOST_WORDS_SET_ASIDE}
    hardly_read = words < FEW_WORDS or (
        page.confidence is not None and page.confidence < HOPELESS_CONFIDENCE
    )
    facts["confidence"] = page.confidence
    facts["in_focus"] = _unless(flags, "out_of_focus", measured=page.sharpness is not None)
    facts["complete"] = _unless(flags, "cut_off", measured=bool(page.look))
    facts["bright"] = _unless(flags, "dark", measured=bool(page.look))
    facts["printed_only"] = _unless(flags, "handwriting", measured=bool(page.look))
    facts["in_order"] = _unless(flags, "out_of_order", measured=False)
    facts["has_words"] = words >= FEW_WORDS
    facts["scan_readable"] = not (hardly_read and flags & SCAN_FAULTS)
    return facts


def _unless(flags: set[str], flag: str, *, measured: bool) -> bool | None:
    """False where flagged; without a measurement, the absence of a flag says nothing."""
    if flag in flags:
        return False
    return True if measured else None


def _words(page: PageText) -> int:
    return sum(
        any(letter.isalnum() for letter in word.text) for line in page.lines for word in line.words
    )

"""One row a page: measurements and flags that the page rules judge; never its text."""

from collections.abc import Mapping

from records.values import PageText

# Column → type of the table; a column is None where its rules do not apply to the page.
PAGE_COLUMNS: Mapping[str, str] = {
    "dpi": "float64",
    "skew": "float64",
    "confidence": "float64",
    "in_focus": "boolean",
    "complete": "boolean",
    "in_order": "boolean",
    "upright": "boolean",
    "has_words": "boolean",
    "scan_readable": "boolean",
    "blank_is_empty": "boolean",
}
FEW_WORDS = 5
HOPELESS_CONFIDENCE = 0.25
# A blank sheet shows through, or carries a page number or a stamp's edge.
WORDS_ON_BLANK = 10
SCAN_FAULTS = frozenset({"out_of_focus", "cut_off", "low_resolution", "faded"})
SET_ASIDE = frozenset({"blank", "separator", "duplicate"})

Fact = float | bool | None


def page_facts(page: PageText) -> dict[str, Fact]:
    """Return the page's row.

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
    facts["skew"] = abs(page.skew)
    facts["upright"] = page.rotation == 0
    if "blank" in flags:
        facts["blank_is_empty"] = words <= WORDS_ON_BLANK
    if flags & SET_ASIDE:
        return facts
    hardly_read = words < FEW_WORDS or (
        page.confidence is not None and page.confidence < HOPELESS_CONFIDENCE
    )
    facts["confidence"] = page.confidence
    facts["in_focus"] = "out_of_focus" not in flags
    facts["complete"] = "cut_off" not in flags
    facts["in_order"] = "out_of_order" not in flags
    facts["has_words"] = words >= FEW_WORDS
    facts["scan_readable"] = not (hardly_read and flags & SCAN_FAULTS)
    return facts


def is_readable(page: PageText) -> bool | None:
    """Tell whether a page that should hold text gave some; None where it need not."""
    return page_facts(page)["has_words"] is not False if _is_scanned_text(page) else None


def _is_scanned_text(page: PageText) -> bool:
    return page.source != "row" and not SET_ASIDE & set(page.flags)


def _words(page: PageText) -> int:
    return sum(
        any(letter.isalnum() for letter in word.text) for line in page.lines for word in line.words
    )

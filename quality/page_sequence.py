"""Are all pages of a document there, by the page numbers that are printed on them."""

import re
from collections.abc import Sequence

from records.values import PageText

# Only lines that are little else than a page number: "1/2", "Page 1 of 2", "- 1/2 -", "1/2 쪽".
_NUMBER = re.compile(
    r"^\W{0,3}(?:page|p\.?|쪽|페이지)?\s*(?P<page>\d{1,2})\s*(?:/|of|쪽\s*중)\s*(?P<of>\d{1,2})"
    r"\s*(?:쪽|페이지|pages?)?\W{0,3}$",
    re.IGNORECASE,
)
_EDGE_LINES = 2


def pages_complete(pages: Sequence[PageText]) -> bool | None:
    """Judge a document's pages, in order; None where none bears a number, or they contradict.

    False: a number is missing before, between or after, stands twice, or is out of order.
    """
    numbers = [page_number(page) for page in pages]
    given = [number for number in numbers if number]
    if not given or len({of for _, of in given}) > 1:
        return None
    of = given[0][1]
    if of < len(pages):
        return None
    return of == len(pages) and all(
        number is None or number[0] == place for place, number in enumerate(numbers, 1)
    )


def page_number(page: PageText) -> tuple[int, int] | None:
    """The number that is printed at a page's head or foot, and of how many; None without one."""
    lines = [line.text.strip() for line in page.lines]
    for line in (*lines[-_EDGE_LINES:], *lines[:_EDGE_LINES]):
        if (match := _NUMBER.match(line)) and 0 < int(match["page"]) <= int(match["of"]):
            return int(match["page"]), int(match["of"])
    return None

"""Plain text, one page a form feed, as one stack."""

from classifiers.plain_pages import plain_page
from classifiers.stack import assemble
from records.ids import derive_id, page_id, stack_id
from records.values import Institution, Stack


def classify_text(text: str) -> Stack:
    """Take plain text apart as a stack would be; the ids are derived from the text.

    `text` has one page a form feed (U+000C); a last form feed ends the last page and opens none.
    """
    return assemble(
        derive_id("b", text),
        stack_id(derive_id("s", text), "text"),
        [
            plain_page(id_, page.splitlines(), "text_layer")
            for id_, page in zip(page_numbers(text), _pages(text), strict=True)
        ],
        Institution(code="", name=""),
    )


def page_numbers(text: str) -> dict[str, int]:
    """Number, from 1, of each page of a plain text by the id it has in `classify_text`."""
    source = derive_id("s", text)
    return {page_id(source, index): index + 1 for index in range(len(_pages(text)))}


def _pages(text: str) -> list[str]:
    return text.removesuffix("\f").split("\f")

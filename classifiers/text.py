"""Plain text, one page a form feed, as one stack."""

from classifiers.plain_pages import plain_page
from classifiers.stack import assemble
from records.ids import derive_id, page_id, stack_id
from records.values import Institution, Stack


def classify_text(text: str) -> Stack:
    """Take plain text apart as a stack would be; the ids are derived from the text.

    `text` has one page a form feed (U+000C); a last form feed ends the last page and opens none.
    """
    source = derive_id("s", text)
    pages = text.removesuffix("\f").split("\f")
    return assemble(
        derive_id("b", text),
        stack_id(source, "text"),
        [
            plain_page(page_id(source, index), page.splitlines(), "text_layer")
            for index, page in enumerate(pages)
        ],
        Institution(code="", name=""),
    )

"""Plain text, one page a form feed, as one stack."""

from collections.abc import Mapping

from classifiers.plain_pages import plain_page
from classifiers.stack import assemble
from records.ids import derive_id, page_id, stack_id
from records.values import Institution, PageText, Stack


def classify_text(text: str, diseases: Mapping[str, str] | None = None) -> Stack:
    """Take plain text apart as a stack would be; the ids are derived from the text.

    `text` has one page a form feed (U+000C); a last form feed ends the last page and opens none.
    `diseases`: the operator's list of disease codes, names by code, if there is one.
    """
    return assemble(
        derive_id("b", text),
        stack_id(derive_id("s", text), "text"),
        text_pages(text),
        Institution(code="", name=""),
        diseases=diseases,
    )


def text_pages(text: str) -> list[PageText]:
    """The pages of a plain text, in order, with the ids that they have in `classify_text`."""
    source = derive_id("s", text)
    return [
        plain_page(page_id(source, index), page.splitlines(), "text_layer")
        for index, page in enumerate(text.removesuffix("\f").split("\f"))
    ]

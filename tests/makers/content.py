"""What a document says, apart from how it is drawn.

A piece of content carries the facts it prints, so that a page's truth holds exactly the fields
that were drawn on that page, however the layout breaks the document into pages.
"""

from dataclasses import dataclass, field

# A fact is (field key, normalised value); a list field's fact is one of its elements.
Facts = tuple[tuple[str, object], ...]

LIST_FIELDS = frozenset(
    {"disease_codes", "diagnoses", "drugs", "lab_rows", "death_causes", "visit_dates", "fee_rows"}
)


@dataclass(frozen=True, slots=True)
class Item:
    """A label and its value; `weight` is its share of a row's width."""

    label: str
    value: str
    facts: Facts = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Fields:
    """Rows of labelled values."""

    rows: tuple[tuple[Item, ...], ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its title, its share of the width, and `left`, `right` or `centre`."""

    title: str
    weight: float = 1.0
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """One table row."""

    cells: tuple[str, ...]
    facts: Facts = ()
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its column titles come again on each page it reaches. `small` sets it smaller."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    heading: str = ""
    small: bool = False


@dataclass(frozen=True, slots=True)
class Prose:
    """Labelled running text. `lines` are paragraphs; `room` is the least height, in lines."""

    lines: tuple[str, ...]
    label: str = ""
    facts: Facts = ()
    room: int = 1
    small: bool = False


@dataclass(frozen=True, slots=True)
class Closing:
    """The sentence that makes a paper a certificate, its date, and who signs."""

    sentence: str
    date: str
    signers: tuple[tuple[Item, ...], ...]
    facts: Facts = ()
    addressee: str = ""


Block = Fields | Table | Prose | Closing


@dataclass(frozen=True, slots=True)
class Content:
    """One document: what stands on it, in reading order.

    Attributes:
        kind: taxonomy code. title: not letter-spaced; the layout may space it.
        form_line: small print at the top left, or empty. stamp: `원부대조필` or empty.
        running: items repeated at the head of continuation pages (none: nothing is repeated).
        numbering: a format of {page} and {pages}, e.g. `{page}/{pages}`; empty: no numbers.
        letterhead: the line an EMR print has at its top; foot: the last line of the last page.
        sealed: a seal belongs over the last signer. airy: a form that fills one page, never two.
    """

    kind: str
    title: str
    blocks: tuple[Block, ...]
    form_line: str = ""
    stamp: str = ""
    running: tuple[Item, ...] = ()
    numbering: str = ""
    letterhead: str = ""
    letterhead_facts: Facts = ()
    foot: tuple[str, ...] = field(default=())
    landscape: bool = False
    sealed: bool = False
    airy: bool = False

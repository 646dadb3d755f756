"""Defects that `make bench-quality` seeds into made batches, and where each must be found."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bench.quality_batches import ANYWHERE, Made
from records.values import Document, Field, Line, PageText, Word

Subjects = frozenset[str]


@dataclass
class Seeding:
    """A batch being spoilt: its parts, and the documents that no defect has touched yet."""

    made: Made
    rng: random.Random
    pages: dict[str, PageText] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    free: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pages = {page.page_id: page for page in self.made.pages}
        self.documents = {document.id: document for document in self.made.documents}
        self.free = self.rng.sample(list(self.documents), len(self.documents))

    def take(
        self, *keys: str, kind: str = "", pages: int = 1, where: Callable[[Document], bool] = bool
    ) -> Document:
        """An untouched document with these fields, of this kind, with so many pages or more."""
        for id in self.free:
            document = self.documents[id]
            if (
                all(key in document.fields for key in keys)
                and kind in {"", document.type}
                and len(document.pages) >= pages
                and where(document)
            ):
                self.free.remove(id)
                return document
        raise LookupError(f"no document left with {keys}, {kind}, {pages} pages")

    def put(self, document: Document, **changes: Any) -> Subjects:
        """Change a document."""
        self.documents[document.id] = replace(document, **changes)
        return frozenset({document.id})

    def put_fields(self, document: Document, **values: Any) -> Subjects:
        """Change fields of a document; None takes one away."""
        fields = {key: one for key, one in document.fields.items() if key not in values}
        new = {k: Field(v, str(v), 0.95) for k, v in values.items() if v is not None}
        return self.put(document, fields=fields | new)

    def put_page(self, **changes: Any) -> Subjects:
        """Change the first page of an untouched document."""
        page = self.take().pages[0]
        self.pages[page] = replace(self.pages[page], **changes)
        return frozenset({page})

    def replace_text(
        self, document: Document, pattern: str, new: Callable[[re.Match[str]], str]
    ) -> Subjects:
        """Change the first place that matches in a document's pages."""
        for id in document.pages:
            lines = list(self.pages[id].lines)
            for number, line in enumerate(lines):
                changed = re.sub(pattern, new, line.text, count=1)
                if changed != line.text:
                    lines[number] = line_of(changed)
                    self.pages[id] = replace(self.pages[id], lines=tuple(lines))
                    return frozenset({document.id})
        raise LookupError("nothing to change")

    def spoilt(self) -> Made:
        """The batch with what has been seeded."""
        return replace(
            self.made, pages=tuple(self.pages.values()), documents=tuple(self.documents.values())
        )


@dataclass(frozen=True, slots=True)
class Defect:
    """One kind of defect, how grave it is, and how it is made."""

    name: str
    severity: str
    seed: Callable[[Seeding], Subjects]


@dataclass(frozen=True, slots=True)
class BatchDefect:
    """A defect of the delivery or of the line itself, seeded alone into a batch."""

    name: str
    severity: str
    seed: Callable[[Made, random.Random], Made]


def line_of(text: str) -> Line:
    """A line of text, placed anywhere."""
    return Line(tuple(Word(word, ANYWHERE, 0.9) for word in text.split()))

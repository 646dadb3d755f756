"""What is known of a made page, document and delivery: the truth that tests compare with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from records.values import Box
from tests.makers.parts import Part


@dataclass(frozen=True, slots=True)
class TruthWord:
    """One printed word and its box, in pixels of the upright page as scanned."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class TruthLine:
    """Words that are read in one go: one table row, one line of prose, one label with its value."""

    words: tuple[TruthWord, ...]

    @property
    def text(self) -> str:
        """The line's words joined by single spaces."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class PageTruth:
    """Everything known of one made page.

    `fields` has only what is printed on this page, normalised (design 5.2): dates ISO, sex M or F,
    amounts integer won, resident numbers with their dash, disease codes with their point.
    `rotation` = clockwise degrees by which the stored page is turned; boxes are upright.
    `dpi` is real; `tagged_dpi` is what the file says, None where it says nothing.
    Words that a scan has cut off are in neither `lines` nor `fields`.
    `document` is the same on all pages of one document, empty on blanks and separators; `page`
    counts from 1 within it.
    """

    kind: str
    lines: tuple[TruthLine, ...]
    fields: Mapping[str, object]
    patient: str | None
    page: int = 1
    pages: int = 1
    part: Part = "tuning"
    layout: str = ""
    seed: int = 0
    level: str = "clean"
    faults: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    rotation: int = 0
    skew: float = 0.0
    width: int = 0
    height: int = 0
    dpi: int = 300
    tagged_dpi: int | None = 300
    document: str = ""

    @property
    def text(self) -> str:
        """The printed text in reading order, one line a line."""
        return "\n".join(line.text for line in self.lines)

    @property
    def starts_document(self) -> bool:
        """True on a document's first page."""
        return self.page == 1


@dataclass(frozen=True, slots=True)
class SheetTruth:
    """Where a made page lies in a delivery: page `index` (0-based) of a file.

    A member of a zip is named `scans/box.zip!/member.png`. `stack` is the file, or the folder of
    single-page files.
    """

    file: str
    index: int
    truth: PageTruth
    stack: str


@dataclass(frozen=True, slots=True)
class RowTruth:
    """One row of an EMR table: its kind, patient and normalised fields."""

    file: str
    index: int
    kind: str
    patient: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class DocumentTruth:
    """One document of a delivery: its sheets as (file, page index), in order."""

    id: str
    kind: str
    patient: str | None
    sheets: tuple[tuple[str, int], ...]
    stack: str


@dataclass(frozen=True, slots=True)
class DeliveryTruth:
    """Everything known of a made delivery.

    `declared_sheets` is what `delivery.yaml` says. `faulty` maps a file to the reason that it
    cannot be used as it is: `missing`, `truncated` or `unlisted`.
    """

    institution_code: str
    institution_name: str
    declared_sheets: int
    sheets: tuple[SheetTruth, ...]
    documents: tuple[DocumentTruth, ...]
    rows: tuple[RowTruth, ...] = ()
    faulty: Mapping[str, str] = field(default_factory=dict)
    lost_sheets: int = 0
    encoding: str = "utf-8"

"""What flows down the line: frozen values, one page to read.

Boxes are pixels of the upright page (after `rotation` is undone), origin top left.
Confidences are 0..1, or None where nothing was scored. Dates are ISO strings inside fields.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from records.emr_identity import EmrIdentity
from records.emr_mapping import TableMapping


@dataclass(frozen=True, slots=True)
class Institution:
    """The closed institution: one tenant."""

    code: str
    name: str
    opened: dt.date | None = None
    closed: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What `delivery.yaml` declares (design 5.1).

    `reference` tells two deliveries of one institution apart; `declared_boxes` lists the chart
    numbers of each box; `mappings`: path of a table → path of its mapping file.
    """

    institution: Institution
    source: str = "paper"
    holder: str = "owner"
    scanned: Mapping[str, str] = field(default_factory=dict)
    declared_sheets: int | None = None
    declared_rows: int | None = None
    declared_documents: Mapping[str, int] = field(default_factory=dict)
    reference: str = ""
    declared_boxes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mappings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One file as received, byte-exact; `order` is its place in natural name order."""

    id: str
    path: str
    sha256: str
    size: int
    order: int
    listed: bool
    declared_pages: int | None = None
    box: str | None = None
    chart_no: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class MissingFile:
    """One file that the manifest lists and that was not received; `id` is its failure's subject."""

    id: str
    path: str
    declared_pages: int | None = None
    box: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be used, as data: what, where, why (a code of `records.reasons`).

    `subject` is the id of the file, scan or page. `path` names it for people and stays in the
    vault; `page` is the page's number in its file or member, from 1; `column` names the column
    of a table that is at fault.
    """

    subject: str
    code: str
    stage: str
    path: str | None = None
    page: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """One registered delivery. `undeclared` is True where no manifest came.

    `found`: files that lay in it, its papers left out; None in batches of former versions.
    """

    id: str
    delivery: Delivery
    files: tuple[ReceivedFile, ...]
    failures: tuple[Failure, ...] = ()
    missing: tuple[MissingFile, ...] = ()
    undeclared: bool = False
    found: int | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """One readable file of pages or rows. `member` is the path inside a zip, else None.

    Of a table: `sheet` of a workbook, and the `mapping` that says what its columns mean.
    """

    id: str
    file_id: str
    stack_id: str
    path: str
    media: str  # tiff jpeg png webp heic pdf csv xlsx fixed fhir cda hl7 dicom
    pages: int
    member: str | None = None
    sha256: str = ""
    sheet: str = ""
    mapping: TableMapping | None = None

    @property
    def is_table(self) -> bool:
        """Whether its pages are rows."""
        return self.media in {"csv", "xlsx", "fixed"}

    @property
    def is_message(self) -> bool:
        """Whether its pages are the records of an EMR message: FHIR, CDA, HL7 v2, DICOM."""
        return self.media in {"fhir", "cda", "hl7", "dicom"}

    @property
    def holds_rows(self) -> bool:
        """Whether its pages are rows of a table or records of a message, not images."""
        return self.is_table or self.is_message


@dataclass(frozen=True, slots=True)
class PageRef:
    """Where one page is found: page `index` (0-based) of a scan, place `order` in its stack."""

    id: str
    scan_id: str
    file_id: str
    stack_id: str
    index: int
    order: int
    kind: str = "image"  # image | row
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class PageImage:
    """Pixels of one page as stored: `mode` L or RGB, 8 bits a channel, row-major, no padding.

    A page of a PDF also carries the document's bytes, so that its text layer can be judged.
    `scanned_at`: as in `PageText`.
    """

    page_id: str
    width: int
    height: int
    mode: str
    dpi: int | None
    pixels: bytes
    pdf: bytes | None = None
    pdf_index: int = 0
    scanned_at: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """Left, top, right, bottom in pixels of the upright page."""

    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """Another sign that may stand at a place of a word, and how likely the reader holds it."""

    place: int
    sign: str
    likely: float


@dataclass(frozen=True, slots=True)
class Word:
    """One word as read.

    `doubts`: signs that it may have instead, kept for words with figures. The text stays what was
    read; a check digit or the calendar may choose among them.
    """

    text: str
    box: Box
    confidence: float | None = None
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one line, left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The line's words joined by single spaces."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class SourcePart:
    """One piece of an EMR message: where it stands in the file, and its bytes' SHA-256."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PageText:
    """What was read from one page, and how.

    `rotation`: clockwise degrees by which the stored page is turned (0, 90, 180, 270).
    `skew`: degrees, after rotation. `ink`: share of dark pixels, 0..1. `sharpness`: see `ocr`.
    `bleed_through`: share of the page on which the other side of its sheet shows through, taken
    out before reading; None where no other side was looked at or none proven to be it.
    `source`: ocr | text_layer | row | none. `flags`: design 5.2. `look`: hexadecimal bits that a
    second scan of the sheet nearly repeats (`ocr.imaging.page_hash`); "" where none were taken.
    `codes`: what the codes of our own separator sheet say (`records.separator_code`).
    `parts`: of a record of an EMR message, the pieces of the file that it was made of.
    `scanned_at`: when the file says that the page was scanned, by the scanner's own clock
    (2026-11-20T09:31:07, without a zone); "" where it says nothing.
    """

    page_id: str
    width: int
    height: int
    dpi: int | None
    rotation: int
    skew: float
    lines: tuple[Line, ...]
    flags: tuple[str, ...] = ()
    confidence: float | None = None
    ink: float | None = None
    sharpness: float | None = None
    source: str = "ocr"
    engine: str = ""
    settings_digest: str = ""
    look: str = ""
    codes: tuple[str, ...] = ()
    parts: tuple[SourcePart, ...] = ()
    bleed_through: float | None = None
    scanned_at: str = ""

    @property
    def text(self) -> str:
        """Lines in reading order, one a line."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Field:
    """One value found on a page: normalised (`value`), as read (`printed`), where, by what rule."""

    value: str | int | list[object]
    printed: str
    confidence: float | None
    page_id: str | None = None
    box: Box | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a row of an EMR's table names, and where it was found among those received.

    `named` is what the row says. `path` is the file's own, with `!/` before a zip's member;
    `sha256` is of the file, or of the member. Where it was not found all three are "", and
    `reason` is a code: `attachment_missing`, `attachment_ambiguous`.
    """

    named: str
    file_id: str = ""
    path: str = ""
    sha256: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Ordered pages that belong together, with type and fields; not yet judged.

    `type` is a code of the taxonomy; `none` = none of the kinds. `evidence` names the rules that
    decided, never their text. `boundary_confidence` speaks of the cut before the first page.
    `box` and `filed_chart_no` are what the separator sheet before it says. `model` is the digest of
    the kind classifier that was asked; empty for a row or record that names its kind.
    Of a record of an EMR: its `identity`, the document of an older version that it `replaces`, and
    the files that it names.
    """

    id: str
    batch_id: str
    stack_id: str
    pages: tuple[str, ...]
    type: str
    type_confidence: float | None
    boundary_confidence: float | None
    fields: Mapping[str, Field] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    taxonomy: str = ""
    origin: str = "scan"  # scan | emr
    box: str | None = None
    filed_chart_no: str | None = None
    model: str = ""
    identity: EmrIdentity | None = None
    replaces: str | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class SeparatorRead:
    """What a separator sheet of ours says; `refused` is the reason why it is not obeyed."""

    box: str = ""
    chart_no: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack taken apart: its documents, and the pages set aside with their class.

    `duplicate_of`: page set aside as another scan → the page it repeats. `maybe_duplicate_of`: the
    same of pages that stay in their documents, because it is not sure. `separators`: what our own
    sheets say, by page. `known`: rows and records that an earlier batch holds already (or another
    file of this one) → the document that they are there.
    """

    id: str
    documents: tuple[Document, ...]
    set_aside: Mapping[str, str] = field(
        default_factory=dict
    )  # page id → blank | separator | duplicate | known
    duplicate_of: Mapping[str, str] = field(default_factory=dict)
    maybe_duplicate_of: Mapping[str, str] = field(default_factory=dict)
    separators: Mapping[str, SeparatorRead] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StageReceipt:
    """The only thing a stage tells the orchestrator: ids and counts.

    `chunks` names the units of work of the mapped stages that follow, by stage.
    """

    stage: str
    batch: str
    counts: Mapping[str, int] = field(default_factory=dict)
    chunks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def as_xcom(self) -> dict[str, object]:
        """Flat plain data: `stage`, `batch`, `counts`, and one list of chunk ids a mapped stage."""
        plain: dict[str, object] = {stage: list(ids) for stage, ids in self.chunks.items()}
        return plain | {"stage": self.stage, "batch": self.batch, "counts": dict(self.counts)}

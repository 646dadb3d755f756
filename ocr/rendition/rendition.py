"""A document of rows or messages as a PDF in its kind's form; see docs/formats/rendition.md."""

import io
from collections.abc import Iterable, Iterator

import pikepdf
from pikepdf import Dictionary, Name, pdfa

from ocr.glyphless_font import Alphabet
from ocr.rendition.contents import Said, contents_of
from ocr.rendition.embedded_font import font_of
from ocr.rendition.flow import Cell, Page, Row, flow
from ocr.rendition.form_rows import SMALL, heading, rows_of, small_rows
from ocr.rendition.forms import FormCell, load_forms
from ocr.rendition.letterforms import Weight
from ocr.rendition.page_frame import Origin, frame_of, framed
from ocr.rendition.paragraphs import Style, lines_of
from records.taxonomy import load_taxonomy
from records.values import Document, PageText

FLAVOUR = "2b"

_A4 = (595.28, 841.89)
_TITLE = Style(size=21.0, leading=28.0, weight="bold", colour=(0.1, 0.11, 0.13), align="center")
_ENGLISH_TITLE = Style(size=9.5, leading=14.0, colour=(0.35, 0.38, 0.43), align="center")
_WEIGHTS: tuple[Weight, Weight] = ("regular", "bold")
_NAMES: dict[Weight, Name] = {"regular": Name("/Regular"), "bold": Name("/Bold")}
_MADE_OF = FormCell("parts", "옮긴 원본의 조각", "Pieces of the original, SHA-256")


def rendition(document: Document, pages: Iterable[PageText], origin: Origin) -> bytes:
    """Return the PDF/A-2u of a document; the same input gives the same bytes.

    Raises:
        SetupError: `font_missing`.
    """
    texts = tuple(pages)
    forms = load_forms()
    width, height = _A4[::-1] if document.type in forms.landscape else _A4
    frame = frame_of(
        origin, (f"문서 Document {document.id}", f"묶음 Batch {document.batch_id}"), width, height
    )
    form = forms.of(document.type)
    contents = contents_of(document, texts, form, forms.tables)
    rows = [
        *_head(document, frame.area.width),
        *rows_of(contents, form, forms, frame.area.width),
        *_parts(texts, frame.area.width),
    ]
    running = "  ".join(
        contents.cells[key] for key in ("patient_name", "chart_no") if key in contents.cells
    )
    kind = load_taxonomy().name(document.type)
    laid = framed(flow(rows, frame.area, frame.area), frame, f"{kind}  {running}")
    return _written(laid, width, height, document, origin)


def _head(document: Document, width: float) -> Iterator[Row]:
    """The kind's names and, where the law has a form for it, whose order this one follows."""
    kinds = load_taxonomy()
    kind = kinds.kinds.get(document.type)
    if kind is not None and kind.form:
        form = lines_of(f"[{kind.form}]의 항목 순서를 따랐습니다.", SMALL, width)
        yield Row((Cell(form, width),), ruled=False, least=10.0)
    title = lines_of(kinds.name(document.type), _TITLE, width)
    yield Row((Cell(title, width),), ruled=False, above=2.0, least=30.0, keep=True)
    english = lines_of(kinds.name(document.type, "en"), _ENGLISH_TITLE, width)
    yield Row((Cell(english, width),), ruled=False, least=14.0, keep=True)


def _parts(pages: Iterable[PageText], width: float) -> Iterator[Row]:
    """The pieces of a message that the record was made of, each with its digest."""
    parts = [part for page in pages for part in page.parts]
    if parts:
        yield heading(_MADE_OF, width)
        yield from small_rows((Said(part.path, part.sha256) for part in parts), width)


def _written(
    pages: Iterable[Page], width: float, height: float, document: Document, origin: Origin
) -> bytes:
    alphabets: dict[Weight, Alphabet] = {weight: Alphabet() for weight in _WEIGHTS}
    pdf = pikepdf.new()
    fonts = pdf.make_indirect(Dictionary())
    for page in pages:
        pdf.add_blank_page(page_size=(width, height))
        made = pdf.pages[-1].obj
        made[Name.Contents] = pdf.make_stream(_content(page, height, alphabets))
        made[Name.Resources] = Dictionary(Font=fonts)
    for weight, alphabet in alphabets.items():
        fonts[_NAMES[weight]] = font_of(alphabet, weight, pdf)
    _describe(pdf, document, origin)
    held = io.BytesIO()
    pdf.save(held, **pdfa.resolve_save_kwargs(FLAVOUR, deterministic_id=True))
    return held.getvalue()


def _content(page: Page, height: float, alphabets: dict[Weight, Alphabet]) -> bytes:
    out = []
    for patch in page.patches:
        out.append(f"{_colour(patch.colour)} rg")
        y = height - patch.y - patch.height
        out.append(f"{patch.x:.2f} {y:.2f} {patch.width:.2f} {patch.height:.2f} re f")
    for text in page.texts:
        style = text.line.style
        codes = alphabets[style.weight].encode(text.line.text)
        out.append(
            f"BT {_NAMES[style.weight]} {style.size:g} Tf {_colour(style.colour)} rg "
            f"1 0 0 1 {text.x:.2f} {height - text.y:.2f} Tm <{codes}> Tj ET"
        )
    return "\n".join(out).encode("ascii")


def _colour(colour: tuple[float, float, float]) -> str:
    return " ".join(f"{part:.3f}" for part in colour)


def _describe(pdf: pikepdf.Pdf, document: Document, origin: Origin) -> None:
    """Say what the document is, and that it is PDF/A; nothing of a person, so no file's name."""
    kinds = load_taxonomy()
    kind = f"{kinds.name(document.type)} · {kinds.name(document.type, 'en')}"
    title = f"{kind} (읽기 쉽게 옮긴 것 · rendition)"
    told = f"rendition of document {document.id}; original SHA-256 {origin.sha256}"
    pdfa.prepare(pdf, FLAVOUR)
    producer = f"pikepdf {pikepdf.__version__}"
    if Name.Metadata in pdf.Root:
        del pdf.Root.Metadata
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:description"] = told
        metadata["dc:identifier"] = document.id
        metadata["dc:source"] = document.batch_id
        metadata["xmp:CreatorTool"] = origin.program
        metadata["pdf:Producer"] = producer
        metadata["pdfaid:part"] = FLAVOUR[0]
        metadata["pdfaid:conformance"] = "U"
    pdf.docinfo = pdf.make_indirect(
        Dictionary(Title=title, Subject=told, Creator=origin.program, Producer=producer)
    )
    pdf.Root.Lang = pikepdf.String("ko-KR")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)

"""Makes pages: a document's content is set by a layout, drawn, scanned, and its truth kept.

`make_page("prescription", None, seed=3)` gives the pages of one fictional prescription.
"""

import dataclasses
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PIL import Image

from tests.makers.canvas import PdfBook, RasterCanvas
from tests.makers.case import Case, make_case
from tests.makers.content import Content
from tests.makers.documents import MAKERS, layouts_of
from tests.makers.layouts.flow import DrawnPage, Layout, lay_out
from tests.makers.layouts.styles import make_layout
from tests.makers.parts import Part, seeded
from tests.makers.scans import choose_faults, scan
from tests.makers.sheet import Level, Sheet, at_dpi, follow, fresh
from tests.makers.truth import PageTruth, TruthLine, TruthWord

DRAWN_DPI = 300
_TURN_FLAGS: dict[int, tuple[str, ...]] = {
    0: (),
    90: ("rotated",),
    180: ("upside_down",),
    270: ("rotated",),
}


@dataclass(frozen=True, slots=True)
class MadePage:
    """One scanned page, grey or RGB, and what is true of it."""

    image: Image.Image
    truth: PageTruth


def make_page(
    kind: str,
    layout: str | None,
    seed: int,
    level: Level = "mild",
    dpi: int = 300,
    *,
    case: Case | None = None,
    faults: Sequence[str] | None = None,
    also: Sequence[str] = (),
    rotation: Literal[0, 90, 180, 270] = 0,
    part: Part = "tuning",
) -> list[MadePage]:
    """Return the pages of one made document, in order.

    Args:
        kind: a key of `documents.MAKERS` (the 17 kinds, `consent_form`, …, `brochure`), or `blank`.
        layout: one that the kind has in this part, or None: the seed chooses.
        seed: same arguments, same pixels and same truth.
        level: how badly it was scanned; `clean` is the print itself.
        dpi: 200 or 300.
        case: the visit to write about; None: the seed makes one.
        faults: names of `scans.FAULTS` instead of the level's own choice.
        also: names of faults besides the chosen ones, such as `bilevel` or `jpeg`.
        rotation: clockwise degrees by which each page is stored turned.
        part: see `parts.Part`.

    Raises:
        KeyError: no such kind or fault.
        ValueError: the kind has no such layout in this part, or the case is of the other part.
        FileNotFoundError: a font is not installed; the message names its package.
    """
    if rotation:
        also = (*also, f"turn_{rotation}")
    if kind == "blank":
        return [_blank(seed, level, dpi, faults, also, part)]
    case = case or make_case(kind, seed, part=part)
    content, layout = make_content(kind, layout, case, part=part)
    setting = make_layout(layout, random.Random(seeded(part, f"{kind}/{layout}/{seed}")))
    drawn = lay_out(content, setting, lambda w, h: RasterCanvas(w, h, DRAWN_DPI))
    made = []
    for number, page in enumerate(drawn, 1):
        canvas = page.canvas
        assert isinstance(canvas, RasterCanvas)
        truth = _truth(kind, page, case, setting, seed, (number, len(drawn)))
        anchor = _seal_anchor(content, truth) if number == len(drawn) else None
        sheet = fresh(canvas.image, DRAWN_DPI, anchor)
        name = seeded(part, f"{kind}/{seed}/{number}")
        made.append(_scanned(sheet, truth, level, dpi, name, faults, also))
    return made


def make_pdf_pages(
    book: PdfBook,
    kind: str,
    layout: str | None,
    seed: int,
    *,
    case: Case | None = None,
    part: Part = "tuning",
) -> list[PageTruth]:
    """Draw one made document into a born-digital PDF and return the truth of its pages."""
    case = case or make_case(kind, seed, part=part)
    content, layout = make_content(kind, layout, case, part=part)
    rng = random.Random(seeded(part, f"{kind}/{layout}/{seed}"))
    setting = make_layout(layout, rng, embeddable=True)
    drawn = lay_out(content, setting, book.page)
    return [
        _truth(kind, page, case, setting, seed, (number, len(drawn)))
        for number, page in enumerate(drawn, 1)
    ]


def make_content(
    kind: str, layout: str | None, case: Case, *, part: Part = "tuning"
) -> tuple[Content, str]:
    """Return a document's content and the layout it is to be set in.

    Raises:
        KeyError: no such kind.
        ValueError: the kind has no such layout in this part, or the case is of the other part.
    """
    if case.part != part:
        raise ValueError(f"a case of the part {case.part} cannot be printed in the part {part}")
    maker, layouts = MAKERS[kind][0], layouts_of(kind, part)
    layout = layout or case.rng.choice(layouts)
    if layout not in layouts:
        raise ValueError(
            f"{kind} has no layout {layout} in the part {part}; it has {', '.join(layouts)}"
        )
    return maker(case), layout


def _truth(
    kind: str, page: DrawnPage, case: Case, layout: Layout, seed: int, place: tuple[int, int]
) -> PageTruth:
    canvas = page.canvas
    owned = kind not in {"brochure", "cover_or_separator"}
    return PageTruth(
        kind="none" if kind == "brochure" else kind,
        lines=canvas.lines,
        fields=dict(page.facts),
        patient=case.patient.name if owned else None,
        page=place[0],
        pages=place[1],
        part=case.part,
        layout=layout.name,
        seed=seed,
        flags=(*layout.flags, *(("separator",) if kind == "cover_or_separator" else ())),
        width=round(canvas.width * DRAWN_DPI / 25.4),
        height=round(canvas.height * DRAWN_DPI / 25.4),
        dpi=DRAWN_DPI,
        document=seeded(case.part, f"{kind}-{seed}") if owned or kind == "brochure" else "",
    )


def _seal_anchor(content: Content, truth: PageTruth) -> tuple[int, int] | None:
    if not content.sealed:
        return None
    for line in reversed(truth.lines):
        for word in line.words:
            if word.text.startswith(("(인)", "(서명")):
                return (word.box.x0 + word.box.x1) // 2, (word.box.y0 + word.box.y1) // 2
    return None


def _scanned(
    sheet: Sheet,
    truth: PageTruth,
    level: Level,
    dpi: int,
    seed: str,
    faults: Sequence[str] | None,
    also: Sequence[str],
) -> MadePage:
    sheet = at_dpi(sheet, dpi)
    if faults is None:
        faults = choose_faults(level, seed, sealed=sheet.seal_at is not None)
    sheet = scan(sheet, (*faults, *also), level, seed)
    lines = tuple(
        TruthLine(tuple(TruthWord(word.text, follow(word.box, sheet)) for word in line.words))
        for line in truth.lines
    )
    width, height = sheet.size if sheet.rotation in {0, 180} else sheet.size[::-1]
    image = Image.fromarray(sheet.pixels)
    image.info["dpi"] = (sheet.dpi, sheet.dpi)
    known = dataclasses.replace(
        truth,
        lines=lines,
        level=level,
        faults=sheet.faults,
        flags=(*truth.flags, *_TURN_FLAGS[sheet.rotation]),
        rotation=sheet.rotation,
        skew=sheet.skew,
        width=width,
        height=height,
        dpi=sheet.dpi,
    )
    return MadePage(image, known)


def _blank(
    seed: int,
    level: Level,
    dpi: int,
    faults: Sequence[str] | None,
    also: Sequence[str],
    part: Part,
) -> MadePage:
    paper = RasterCanvas(210, 297, DRAWN_DPI)
    truth = PageTruth(
        kind="blank",
        lines=(),
        fields={},
        patient=None,
        part=part,
        layout="blank",
        seed=seed,
        flags=("blank",),
    )
    if faults is None:
        chosen = choose_faults(level, seeded(part, f"blank/{seed}"), sealed=False)
        faults = [name for name in chosen if name != "blue_stamp"]
    sheet = fresh(paper.image, DRAWN_DPI)
    return _scanned(sheet, truth, level, dpi, seeded(part, f"blank/{seed}/1"), faults, also)

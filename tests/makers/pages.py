"""Makes pages: a document's content is set by a layout, drawn, scanned, and its truth kept.

`make_page("prescription", None, seed=3)` gives the pages of one fictional prescription.
"""

import dataclasses
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PIL import Image

from tests.makers.canvas import PdfBook, RasterCanvas, WordCanvas
from tests.makers.case import Case, make_case
from tests.makers.content import Content
from tests.makers.documents import (
    MAKERS,
    chosen_layouts,
    layouts_of,
    maker_of,
    true_kind,
)
from tests.makers.layouts.flow import DrawnPage, Layout, lay_out
from tests.makers.layouts.styles import is_needled, make_layout
from tests.makers.parts import Part, seeded
from tests.makers.remaining import remaining_fields, remaining_lines
from tests.makers.scans import choose_faults, choose_test_faults, scan
from tests.makers.sheet import Level, at_dpi, follow, fresh
from tests.makers.truth import PageTruth, TruthLine, TruthWord

DRAWN_DPI = 300
_TURN_FLAGS: dict[int, tuple[str, ...]] = {
    0: (),
    90: ("rotated",),
    180: ("upside_down",),
    270: ("rotated",),
}


@dataclass(frozen=True, slots=True)
class Print:
    """One printed page before it is scanned; `stream` names the random streams of its scan.

    `needled`: a printer with needles, or one with heat, may have printed it.
    """

    image: Image.Image
    truth: PageTruth
    stream: str
    seal_at: tuple[int, int] | None = None
    needled: bool = False


@dataclass(frozen=True, slots=True)
class MadePage:
    """One scanned page, grey or RGB, and what is true of it.

    `reverse` is the clean print of the other side where it bleeds through; `sheet` are this side
    and that one as printed, where the makers chose the other (`sides.make_other_side` scans it).
    """

    image: Image.Image
    truth: PageTruth
    reverse: Image.Image | None = None
    sheet: tuple[Print, Print] | None = None


@dataclass(frozen=True, slots=True)
class Scanning:
    """How prints are scanned; see `make_page`."""

    level: Level
    dpi: int = DRAWN_DPI
    faults: tuple[str, ...] | None = None
    also: tuple[str, ...] = ()


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
    reverse: Image.Image | None = None,
) -> list[MadePage]:
    """Return the pages of one made document, in order.

    Args:
        kind: a key of `documents.MAKERS` (the 17 kinds, `consent_form`, …, `brochure`) or
            `documents.STRANGERS`, or `blank`.
        layout: one that the kind has in this part, or None: the seed chooses, in the tuning part
            never one of `documents.NAMED`.
        seed: same arguments, same pixels and same truth.
        level: how badly it was scanned; `clean` is the print itself.
        dpi: 200 or 300.
        case: the visit to write about; None: the seed makes one.
        faults: names of `faults.FAULTS` instead of the level's own choice.
        also: names of faults besides the chosen ones, such as `bilevel` or `jpeg`.
        rotation: clockwise degrees by which each page is stored turned.
        part: see `parts.Part`.
        reverse: the print that bleeds through, if any does; None: that of another document.

    Raises:
        KeyError: no such kind or fault.
        ValueError: the kind has no such layout in this part, or the case is of the other part.
        FileNotFoundError: a font is not installed; the message names its package.
    """
    if rotation:
        also = (*also, f"turn_{rotation}")
    prints = _prints(kind, layout, seed, case, part)
    how = Scanning(level, dpi, None if faults is None else tuple(faults), tuple(also))
    return [scanned(printed, how, reverse=reverse) for printed in prints]


def make_both_sides(
    front: str,
    back: str,
    seed: int,
    level: Level = "mild",
    dpi: int = 300,
    *,
    faults: Sequence[str] | None = None,
    also: Sequence[str] = ("bleed_through",),
    part: Part = "tuning",
) -> tuple[MadePage, MadePage]:
    """Return both sides of one sheet, each showing through on the other; `back` may be `blank`.

    Each side's `reverse` is the clean print of the other.
    """
    first, second = (_prints(kind, None, seed, None, part)[0] for kind in (front, back))
    how = Scanning(level, dpi, None if faults is None else tuple(faults), tuple(also))
    return (
        scanned(first, how, reverse=second.image),
        scanned(second, how, reverse=first.image),
    )


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


def make_words(
    kind: str,
    layout: str | None,
    seed: int,
    *,
    case: Case | None = None,
    part: Part = "tuning",
) -> list[PageTruth]:
    """Return the truth of the pages that `make_page` would print, without drawing or scanning.

    Words lie where the print has them; their boxes are as high as the type, not as the letters.
    """
    if kind == "blank":
        return [blank_print(seed, part).truth]
    case = case or make_case(kind, seed, part=part)
    content, layout = make_content(kind, layout, case, part=part)
    setting = make_layout(layout, random.Random(seeded(part, f"{kind}/{layout}/{seed}")))
    drawn = lay_out(content, setting, WordCanvas)
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
    maker, layouts = maker_of(kind), layouts_of(kind, part)
    layout = layout or case.rng.choice(chosen_layouts(kind, part))
    if layout not in layouts:
        raise ValueError(
            f"{kind} has no layout {layout} in the part {part}; it has {', '.join(layouts)}"
        )
    return maker(case), layout


def _truth(
    kind: str, page: DrawnPage, case: Case, layout: Layout, seed: int, place: tuple[int, int]
) -> PageTruth:
    canvas = page.canvas
    owned = kind not in {"brochure", "notice", "cover_or_separator"}
    return PageTruth(
        kind=true_kind(kind),
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
        document="" if kind == "cover_or_separator" else seeded(case.part, f"{kind}-{seed}"),
    )


def _seal_anchor(content: Content, truth: PageTruth) -> tuple[int, int] | None:
    if not content.sealed:
        return None
    for line in reversed(truth.lines):
        for word in line.words:
            if word.text.startswith(("(인)", "(서명")):
                return (word.box.x0 + word.box.x1) // 2, (word.box.y0 + word.box.y1) // 2
    return None


def _prints(kind: str, layout: str | None, seed: int, case: Case | None, part: Part) -> list[Print]:
    if kind == "blank":
        return [blank_print(seed, part)]
    case = case or make_case(kind, seed, part=part)
    content, layout = make_content(kind, layout, case, part=part)
    setting = make_layout(layout, random.Random(seeded(part, f"{kind}/{layout}/{seed}")))
    drawn = lay_out(content, setting, lambda w, h: RasterCanvas(w, h, DRAWN_DPI))
    prints = []
    for number, page in enumerate(drawn, 1):
        canvas = page.canvas
        assert isinstance(canvas, RasterCanvas)
        truth = _truth(kind, page, case, setting, seed, (number, len(drawn)))
        anchor = _seal_anchor(content, truth) if number == len(drawn) else None
        stream = seeded(part, f"{kind}/{seed}/{number}")
        prints.append(Print(canvas.image, truth, stream, anchor, is_needled(setting)))
    return prints


def blank_print(seed: int, part: Part) -> Print:
    """A sheet of A4 with nothing on it."""
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
    return Print(paper.image, truth, seeded(part, f"blank/{seed}/1"))


def scanned(printed: Print, how: Scanning, *, reverse: Image.Image | None = None) -> MadePage:
    """Scan a print; what bleeds through, if anything does, is `reverse` or another document."""
    truth = printed.truth
    faults = how.faults
    if faults is None:
        faults = _choose_faults(printed, how.level)
    names = (*faults, *(name for name in how.also if name not in faults))
    both = None
    if "bleed_through" not in names:
        reverse = None
    elif reverse is None:
        both = printed, _another(printed)
        reverse = both[1].image
    words = tuple(word.box for line in truth.lines for word in line.words)
    sheet = fresh(printed.image, DRAWN_DPI, printed.seal_at, words, reverse)
    sheet = scan(at_dpi(sheet, how.dpi), names, how.level, printed.stream)
    lines = tuple(
        TruthLine(tuple(TruthWord(word.text, follow(word.box, sheet)) for word in line.words))
        for line in truth.lines
    )
    fields = dict(truth.fields)
    width, height = sheet.size if sheet.rotation in {0, 180} else sheet.size[::-1]
    if "cut_off" in sheet.flags:
        lines = remaining_lines(lines, (width, height))
        fields = remaining_fields(fields, "\n".join(line.text for line in lines))
    image = Image.fromarray(sheet.pixels)
    if sheet.tag is not None:
        image.info["dpi"] = (sheet.tag, sheet.tag)
    flags = (*truth.flags, *_TURN_FLAGS[sheet.rotation], *sheet.flags)
    known = dataclasses.replace(
        truth,
        lines=lines,
        fields=fields,
        level=how.level,
        faults=sheet.faults,
        flags=tuple(dict.fromkeys(flags)),
        rotation=sheet.rotation,
        skew=sheet.skew,
        width=width,
        height=height,
        dpi=sheet.dpi,
        tagged_dpi=sheet.tag,
    )
    return MadePage(image, known, reverse, both)


def _choose_faults(printed: Print, level: Level) -> tuple[str, ...]:
    truth, sealed = printed.truth, printed.seal_at is not None
    blank = truth.kind == "blank"
    stream = printed.stream.removesuffix("/1") if blank else printed.stream
    if truth.part == "test":
        return choose_test_faults(
            level, stream, sealed=sealed, needled=printed.needled, blank=blank
        )
    chosen = choose_faults(level, stream, sealed=sealed, needled=printed.needled)
    return tuple(name for name in chosen if not (blank and name == "blue_stamp"))


def _another(printed: Print) -> Print:
    """The first page of another document of the same part."""
    truth = printed.truth
    kind = random.Random(f"{printed.stream}/reverse").choice(sorted(MAKERS))
    case = make_case(kind, f"reverse of {printed.stream}", part=truth.part)
    return _prints(kind, None, truth.seed, case, truth.part)[0]

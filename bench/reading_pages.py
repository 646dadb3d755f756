"""The pages that `make bench-reading` reads: of the makers' test part, as files.

No layout, font or seed of that part was used while tuning (`tests.makers.parts`).
Each kind that can be issued at each level of damage, three documents each; every fifth text a
second time, stored turned; sheets with nothing on them, and sheets with one faint mark.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.reader_process import FRONT
from records.taxonomy import load_taxonomy
from tests.makers.blanks import MARKS, make_marked_blank, make_worn_blank
from tests.makers.files import jpeg_bytes, png_bytes, write, write_tiff
from tests.makers.pages import MadePage, make_page
from tests.makers.sheet import Level
from tests.makers.sides import make_other_side
from tests.makers.truth import PageTruth

SEED = 730_000
LEVELS: tuple[Level, ...] = ("mild", "medium", "severe")
SEEDS_EACH = 3
BLANKS = 102
MARKED_BLANKS = 60
_TURNED_EVERY = 5  # so that one page in six is stored turned
_FORMS: tuple["Form", ...] = ("jpeg", "jpeg", "png", "g4")
_ENDINGS = {"jpeg": "jpg", "png": "png", "g4": "tif"}
_JPEG_QUALITY = {"mild": 82, "medium": 58, "severe": 35}

Form = Literal["jpeg", "png", "g4"]
Turn = Literal[0, 90, 180, 270]


@dataclass(frozen=True, slots=True)
class PageFile:
    """One page as a scanner's file, and what is true of it; pages of two tones are always G4."""

    path: Path
    form: Form
    truth: PageTruth


@dataclass(frozen=True, slots=True)
class Order:
    """One page to be made; the same order gives the same file."""

    kind: str
    level: Level
    seed: int
    form: Form
    rotation: Turn = 0
    mark: str = ""


def orders_of_text() -> list[Order]:
    """Return all pages with text, shuffled, so that the first ones are a fair sample."""
    kinds = [kind.code for kind in load_taxonomy().issuable]
    rounds = list(enumerate(LEVELS * SEEDS_EACH))
    each = [(kind, level, SEED + number) for number, level in rounds for kind in kinds]
    upright = [
        Order(kind, level, seed, _FORMS[place % len(_FORMS)])
        for place, (kind, level, seed) in enumerate(each)
    ]
    turns: tuple[Turn, ...] = (90, 180, 270)
    again = upright[::_TURNED_EVERY]
    turned = [
        Order(order.kind, order.level, order.seed, order.form, turns[place % 3])
        for place, order in enumerate(again)
    ]
    orders = [*upright, *turned]
    random.Random(SEED).shuffle(orders)
    return orders


def orders_of_blanks(count: int, *, marked: bool) -> list[Order]:
    """Return sheets without text, with one faint mark each where `marked`."""
    marks = sorted(MARKS)
    return [
        Order(
            "blank",
            LEVELS[n % len(LEVELS)],
            SEED + n + (BLANKS if marked else 0),
            _FORMS[n // len(LEVELS) % len(_FORMS)],
            mark=marks[n % len(marks)] if marked else "",
        )
        for n in range(count)
    ]


def make_files(orders: Sequence[Order], folder: Path) -> Iterator[PageFile]:
    """Make the pages one by one and write them as a scanner does, with their resolution.

    The front of a blank sheet that it shines through lies beside it, its name with `FRONT`.
    """
    for number, order in enumerate(orders, 1):
        page = _first_page(order)
        form = _form(page, order)
        path = folder / f"{number:04}.{_ENDINGS[form]}"
        _write(path, page, form, order.level)
        if order.kind == "blank" and page.sheet is not None:
            front = make_other_side(page, order.level)
            form_in_front = _form(front, order)
            beside = folder / f"{number:04}{FRONT}.{_ENDINGS[form_in_front]}"
            _write(beside, front, form_in_front, order.level)
        yield PageFile(path, form, page.truth)


def _write(path: Path, page: MadePage, form: Form, level: Level) -> None:
    if form == "g4":
        write_tiff(path, [page])
    elif form == "png":
        write(path, png_bytes(page))
    else:
        write(path, jpeg_bytes(page, _JPEG_QUALITY[level]))


def _form(page: MadePage, order: Order) -> Form:
    tones = page.image.convert("L").getcolors(2)
    if tones is not None:
        return "g4"
    return "jpeg" if order.form == "g4" else order.form


def _first_page(order: Order) -> MadePage:
    """Return the first page of the ordered document; the one place that asks the makers."""
    if order.mark:
        return make_marked_blank(order.mark, order.seed, order.level, part="test")
    if order.kind == "blank" and order.seed % 2:
        return make_worn_blank(order.seed, order.level, part="test")
    return make_page(
        order.kind, None, order.seed, order.level, rotation=order.rotation, part="test"
    )[0]

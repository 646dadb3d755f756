"""The single documents of which `make bench-documents` asks kind and fields.

Each is made, scanned and read for itself, so that what is counted is kind and fields, not cutting.
Of every kind each layout of the part is met once a round, scanned mildly and with medium faults in
turn; papers that are no record of the clinic come besides (`tests/makers/documents/strangers.py`).
"""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.document_readings import ReadPage, ReadStack, as_printed, children, image_of, place_of
from ocr.engine import OcrEngine
from ocr.reading import read_page
from records.codec import decode, encode
from records.ids import page_id, scan_id
from tests.makers.case import make_case
from tests.makers.documents import MAKERS, STRANGERS, layouts_of
from tests.makers.pages import make_page, make_words
from tests.makers.parts import Part
from tests.makers.sheet import Level

_LEVELS: tuple[Level, ...] = ("mild", "medium")
_SET_ASIDE = "cover_or_separator"


@dataclass(frozen=True, slots=True)
class Order:
    """One document to be made: a maker's name, its layout, a seed, and how it is scanned."""

    maker: str
    layout: str
    seed: int
    level: Level
    part: Part

    @property
    def name(self) -> str:
        """The name under which its reading is kept."""
        return f"{self.part}-{self.maker}-{self.layout}-{self.seed}-{self.level}"


def some_orders(part: Part, first_seed: int, count: int) -> list[Order]:
    """Return so many of two rounds' orders, mixed: of a longer run a shorter one is the start."""
    given = list(orders(part, first_seed, 2))
    random.Random(1).shuffle(given)
    return given[:count]


def orders(part: Part, first_seed: int, rounds: int) -> Iterator[Order]:
    """Yield every maker with every layout of the part, `rounds` times over, each with its seed."""
    makers = sorted({*MAKERS, *STRANGERS} - {_SET_ASIDE})
    seed = first_seed
    for number in range(rounds):
        for maker in makers:
            for place, layout in enumerate(layouts_of(maker, part)):
                yield Order(maker, layout, seed, _LEVELS[(number + place) % 2], part)
                seed += 1


def read_document(order: Order, engine: OcrEngine, keep: Path | None) -> ReadStack:
    """Make, scan and read a document; one that `keep` holds from before is taken from there."""
    kept = None if keep is None else keep / f"{order.name}.json"
    if kept is not None and kept.is_file():
        return decode(ReadStack, kept.read_bytes())
    case = make_case(order.maker, order.seed, part=order.part)
    made = make_page(order.maker, order.layout, order.seed, order.level, case=case, part=order.part)
    begun = time.process_time() + children()
    pages = tuple(
        ReadPage(read_page(image_of(page, _id(order, number)), engine).text, page.truth)
        for number, page in enumerate(made)
    )
    taken = time.process_time() + children() - begun
    read = ReadStack(order.seed, place_of(case.clinic), pages, taken)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(encode(read))
    return read


def printed_document(order: Order, *, long: bool = False) -> ReadStack:
    """Return a document as if every word had been read as it is printed; nothing is scanned."""
    case = make_case(order.maker, order.seed, long=long, part=order.part)
    made = make_words(order.maker, order.layout, order.seed, case=case, part=order.part)
    pages = tuple(
        ReadPage(as_printed(truth, _id(order, number)), truth) for number, truth in enumerate(made)
    )
    return ReadStack(order.seed, place_of(case.clinic), pages)


def _id(order: Order, number: int) -> str:
    return page_id(scan_id(f"document {order.name}", None), number)

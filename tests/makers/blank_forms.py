"""Forms that nobody filled in: what a printer prints and no person writes."""

import dataclasses
import random
import re

from tests.makers.canvas import WordCanvas
from tests.makers.case import make_case
from tests.makers.content import Block, Closing, Content, Fields, Item, Prose, Row, Table
from tests.makers.layouts.flow import lay_out
from tests.makers.layouts.styles import make_layout
from tests.makers.pages import make_content
from tests.makers.parts import Part, seeded
from tests.makers.truth import PageTruth

_DAY = "        년      월      일"
_ROWS = 4
_ASKED = re.compile(r"신청인 .+\(환자와의 관계: .+\)")


def make_blank_form(
    kind: str, layout: str | None, seed: int, *, part: Part = "tuning"
) -> list[PageTruth]:
    """Return the pages of a kind's form with labels, sentences and signs, and no value at all.

    Raises:
        KeyError: no such kind.
        ValueError: the kind has no such layout in this part.
    """
    content, layout = make_content(kind, layout, make_case(kind, seed, part=part), part=part)
    setting = make_layout(layout, random.Random(seeded(part, f"blank/{kind}/{layout}/{seed}")))
    drawn = lay_out(emptied(content), setting, WordCanvas)
    return [
        PageTruth(
            kind=kind,
            lines=page.canvas.lines,
            fields={},
            patient=None,
            page=number,
            pages=len(drawn),
            part=part,
            layout=layout,
            seed=seed,
            width=round(page.canvas.width * 300 / 25.4),
            height=round(page.canvas.height * 300 / 25.4),
        )
        for number, page in enumerate(drawn, 1)
    ]


def emptied(content: Content) -> Content:
    """Return a content without its values, letterhead and repeated head."""
    return dataclasses.replace(
        content,
        blocks=tuple(_emptied(block) for block in content.blocks),
        running=(),
        letterhead="",
        letterhead_facts=(),
    )


def _emptied(block: Block) -> Block:
    if isinstance(block, Fields):
        return dataclasses.replace(
            block, rows=tuple(tuple(map(_bare, items)) for items in block.rows)
        )
    if isinstance(block, Table):
        row = Row(("",) * len(block.columns))
        return dataclasses.replace(block, rows=(row,) * _ROWS)
    if isinstance(block, Prose):
        return dataclasses.replace(block, lines=(" ",), facts=())
    signers = tuple(tuple(_signed(item) for item in items) for items in block.signers)
    asked = _ASKED.sub("신청인          (환자와의 관계:          )", block.sentence)
    return Closing(asked, _DAY if block.date else "", signers, (), block.addressee)


def _bare(item: Item) -> Item:
    return Item(item.label, "", (), item.weight)


def _signed(item: Item) -> Item:
    seal = next((sign for sign in ("(인)", "(서명 또는 인)") if sign in item.value), "")
    return Item(item.label, seal, (), item.weight)

"""The other side of a made page's sheet, scanned by itself."""

import dataclasses
from collections.abc import Sequence

from PIL import Image

from records.values import Box
from tests.makers.pages import MadePage, Print, Scanning, scanned
from tests.makers.sheet import Level
from tests.makers.truth import TruthLine, TruthWord


def make_other_side(
    page: MadePage, level: Level = "mild", dpi: int = 300, *, faults: Sequence[str] | None = None
) -> MadePage:
    """Return the scan of what bleeds through a page: skewed, worn, lit as its own seed decides.

    The page's own print shows through on it in turn.

    Args:
        page: one on which the other side bleeds through, of the makers' own choice.
        level: how badly the other side was scanned.
        dpi: 200 or 300.
        faults: names of `faults.FAULTS` instead of the level's own choice.

    Raises:
        ValueError: nothing bleeds through the page.
    """
    if page.sheet is None:
        raise ValueError("nothing bleeds through this page")
    own, other = page.sheet
    chosen = None if faults is None else tuple(faults)
    how = Scanning(level, dpi, chosen, ("bleed_through",))
    return scanned(_in_size(other, own.image.size), how, reverse=own.image)


def _in_size(printed: Print, size: tuple[int, int]) -> Print:
    """A print on paper of another size, as `bleed_through` shows it; both sides have one size."""
    if printed.image.size == size:
        return printed
    across, down = (new / old for new, old in zip(size, printed.image.size, strict=True))

    def moved(box: Box) -> Box:
        x0, x1 = (round(x * across) for x in (box.x0, box.x1))
        y0, y1 = (round(y * down) for y in (box.y0, box.y1))
        return Box(x0, y0, x1, y1)

    lines = tuple(
        TruthLine(tuple(TruthWord(word.text, moved(word.box)) for word in line.words))
        for line in printed.truth.lines
    )
    seal = printed.seal_at
    return dataclasses.replace(
        printed,
        image=printed.image.resize(size, Image.Resampling.BOX),
        truth=dataclasses.replace(printed.truth, lines=lines),
        seal_at=None if seal is None else (round(seal[0] * across), round(seal[1] * down)),
    )

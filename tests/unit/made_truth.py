"""What a made page must show, and what its truth must not say."""

import re
from collections.abc import Iterator

import numpy as np

from tests.makers.pages import MadePage
from tests.makers.truth import PageTruth


def squeezed(text: str) -> str:
    return "".join(text.split())


def printed(truth: PageTruth) -> set[str]:
    """Every scalar field of a page, in the form in which its page must show it."""
    shown = set()
    for key in ("patient_name", "resident_number", "chart_no", "institution_name", "doctor"):
        if key in truth.fields:
            shown.add(squeezed(str(truth.fields[key])))
    for key in ("total_amount", "patient_amount"):
        if key in truth.fields:
            shown.add(f"{truth.fields[key]:,}")
    return shown


def date_is_printed(day: str, text: str) -> bool:
    year, month, number = (int(part) for part in day.split("-"))
    pattern = rf"{year} ?[-./년年] ?0?{month} ?[-./월月] ?0?{number}(?!\d)"
    return re.search(pattern, text) is not None


def overlaps(truth: PageTruth) -> Iterator[tuple[str, str]]:
    words = sorted((w for line in truth.lines for w in line.words), key=lambda w: w.box.y0)
    for place, one in enumerate(words):
        for other in words[place + 1 :]:
            if other.box.y0 >= one.box.y1:
                break
            wide = min(one.box.x1, other.box.x1) - max(one.box.x0, other.box.x0)
            high = min(one.box.y1, other.box.y1) - max(one.box.y0, other.box.y0)
            if wide > 3 and high > 3:
                yield one.text, other.text


def ink_in_boxes(page: MadePage, dark: int = 150) -> list[str]:
    """Words in whose box nothing lies that is darker than a grey."""
    pixels = np.asarray(page.image.convert("L"))
    return [
        word.text
        for line in page.truth.lines
        for word in line.words
        if pixels[word.box.y0 : word.box.y1, word.box.x0 : word.box.x1].min(initial=255) > dark
    ]

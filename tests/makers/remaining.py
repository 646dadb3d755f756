"""What a page still says after a scan has cut words off."""

import re
from collections.abc import Mapping, Sequence

from records.values import Box
from tests.makers.truth import TruthLine, TruthWord

_WHOLE = 0.85  # share of its box that a word must have left
_SEX = {"M": "남|M|남자", "F": "여|F|여자"}


def remaining_lines(lines: Sequence[TruthLine], size: tuple[int, int]) -> tuple[TruthLine, ...]:
    """The lines less the words of which more than 15 percent lies outside the page."""
    kept = []
    for line in lines:
        words = []
        for word in line.words:
            inside = _inside(word.box, size)
            if inside is not None and _area(inside) >= _WHOLE * _area(word.box):
                words.append(TruthWord(word.text, inside))
        if words:
            kept.append(TruthLine(tuple(words)))
    return tuple(kept)


def remaining_fields(fields: Mapping[str, object], text: str) -> dict[str, object]:
    """The fields whose printed form is still found in a page's text."""
    kept: dict[str, object] = {}
    for key, value in fields.items():
        if isinstance(value, list):
            elements = [element for element in value if _printed(key, element, text)]
            if elements:
                kept[key] = elements
        elif _printed(key, value, text):
            kept[key] = value
    return kept


def _printed(key: str, value: object, text: str) -> bool:
    if isinstance(value, Mapping):
        return all(_printed("", part, text) for part in value.values() if part != "")
    if key == "sex":
        return re.search(rf"(?<![가-힣A-Z])({_SEX[str(value)]})(?![가-힣A-Z])", text) is not None
    if isinstance(value, int):
        number = rf"(?<![\d,]){value:,}(?![\d,])"
        return re.search(number, text) is not None
    day = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", str(value))
    if day:
        of_year, of_month, of_day = (int(part) for part in day.groups())
        form = rf"{of_year} ?[-./년年] ?0?{of_month} ?[-./월月] ?0?{of_day}(?!\d)"
        return re.search(form, text) is not None
    squeezed = "".join(text.split())
    if key == "disease_codes":
        return str(value).replace(".", "") in squeezed.replace(".", "")
    return "".join(str(value).split()) in squeezed


def _inside(box: Box, size: tuple[int, int]) -> Box | None:
    x0, y0 = max(box.x0, 0), max(box.y0, 0)
    x1, y1 = min(box.x1, size[0]), min(box.y1, size[1])
    return Box(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def _area(box: Box) -> int:
    return (box.x1 - box.x0) * (box.y1 - box.y0)

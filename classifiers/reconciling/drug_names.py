"""Drugs as two systems write them: one spelling for one product, one number for one dose."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from classifiers.letters import fold
from records.values import Document

_ROW = re.compile(
    r"^(?P<name>.+?)\s+(?P<dose>\d+(?:\.\d+)?)\s*(?:정|캡슐|[TC]|포|m[lL]|개|병|매)?"
    r"\s*[x×*/]\s*(?P<times>\d{1,2})\s*회?\s*[x×*/]\s*(?P<days>\d{1,3})\s*일?$"
)
_CODE = re.compile(r"^\[?\(?\d{9}\)?\]?")
_UNITS = (("마이크로그람", "ug"), ("마이크로그램", "ug"), ("밀리그람", "mg"), ("밀리그램", "mg"),
          ("밀리리터", "ml"), ("그람", "g"), ("그램", "g"), ("퍼센트", "%"))  # fmt: skip
_NOTHING = re.compile(r"[^0-9a-z가-힣%./]+")
_NUMBERS = ("dose", "times", "days")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Prescribed:
    """One drug of one document: its plain name, as printed, and each number or "" if untold."""

    name: str
    printed: str
    dose: str
    times: str
    days: str
    document: str


def plain_drug(name: str) -> str:
    """A drug's name without code, spaces and the way its strength is spelled."""
    text = _CODE.sub("", fold(name).lower().strip())
    for word, unit in _UNITS:
        text = text.replace(word, unit)
    return _NOTHING.sub("", text)


def drugs_of(document: Document) -> Iterator[Prescribed]:
    """Every drug that a document tells, from rows of fields or from a cell's lines."""
    told = document.fields.get("drugs")
    for row in told.value if told and isinstance(told.value, list) else ():
        if isinstance(row, dict):
            printed = str(row.get("name") or "")
            dose, times, days = (_number(row.get(key)) for key in _NUMBERS)
        else:
            match = _ROW.match(str(row))
            printed = match["name"] if match else str(row)
            dose, times, days = (_number(match[key]) if match else "" for key in _NUMBERS)
        if name := plain_drug(printed):
            yield Prescribed(name, printed, dose, times, days, document.id)


def _number(value: object) -> str:
    match = _NUMBER.search(str(value)) if value not in (None, "") else None
    return f"{float(match[0]):g}" if match else ""

"""The drugs of a prescription, and whether one of them is to be doubted.

A row begins with the drug's nine figures. A narrow cell sets the name below them, and the numbers
of dose, times and days at the middle of both: all until the next row's figures is one drug's.
"""

import re
from collections.abc import Iterator, Sequence

from classifiers.fields.drug_names import is_known, mended_drug_name, plain_drug_name
from classifiers.fields.lab_rows import Listed
from classifiers.fields.table_rows import Row, middle, row_of
from records.values import Word

_ROW = re.compile(
    r"^(?:[\[(Il1|]?\(?(?P<code>\d{9})[\])1lI|}]{0,2}\s*)?"
    r"(?P<name>\S.*?(?:정|캡슐|시럽|주사|주|연고|크림|겔|액|산|패취|패치|점안액"
    r"|밀\s?[리티러]\s?[그르구]?\s?[램람량럄랜랑렘럼]|mg|ml|g|%)\S*)(?:\s+[.·*'|])*\s+"
    r"(?P<dose>\d+(?:\.\d+)?)\s*(?:정|캡슐|T|C|포|ml|mL|개|병|매)?\s+"
    r"(?P<times>\d{1,2})\s*회?\s+(?P<days>\d{1,3})(?!\d)"
)
_CODE = re.compile(r"^[\[(Il1|]?\(?\d{9}(?!\d{2})")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ENDS = re.compile(r"^(?:이하|사용|\*{2,})")
_NEXT = 2.2  # heights from a row's figures to the middle of what belongs to it
_LONGEST = 300
_WELL_READ = 0.8
_COUNTED = 0.6  # of the figures of dose, times and days


def read_drug_rows(rows: Sequence[Row]) -> Listed:
    """Read the drugs on one page.

    Args:
        rows: what stands at one height each.
    """
    values: list[dict[str, object]] = []
    taken: list[Row] = []
    doubted = False
    for row in _joined(rows):
        drug = _drug(row) if len(row.text) <= _LONGEST else None
        if drug is None:
            doubted |= _CODE.match(row.text) is not None
            continue
        value, sure = drug
        values.append(value)
        taken.append(row)
        doubted |= not sure
    return Listed(tuple(values), tuple(taken), doubted)


def _drug(row: Row) -> tuple[dict[str, object], bool] | None:
    """A drug, and whether its figures are sure and its name is read well or a known substance's."""
    match = _ROW.match(row.text)
    if match is None:
        return None
    name = plain_drug_name(match["name"])
    well = all(word.confidence is None or word.confidence >= _WELL_READ for word in row.words)
    mended = None if well or is_known(name) else mended_drug_name(name)
    value: dict[str, object] = {
        "name": mended or name,
        "dose": match["dose"],
        "times": int(match["times"]),
        "days": int(match["days"]),
    }
    numbers = [word for word in row.words if _NUMBER.fullmatch(word.text)]
    counted = all(word.confidence is None or word.confidence >= _COUNTED for word in numbers)
    return value, counted and (well or is_known(mended or name))


def _joined(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows, those of one drug that stand at several heights as one."""
    held: list[Row] = []
    for row in rows:
        if _CODE.match(row.text):
            yield from _one_row(held)
            held = [row]
        elif held and _belongs(row, held[0]):
            held.append(row)
        else:
            yield from _one_row(held)
            held = []
            yield row
    yield from _one_row(held)


def _one_row(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield what rows of one drug say: its figures and name, then the numbers beside them."""
    if len(rows) < 2:
        yield from rows
        return
    words = [word for row in rows for word in row.words]
    numbers = [word.box.x0 for word in words[1:] if _NUMBER.fullmatch(word.text)]
    first = min(numbers, default=None)
    beside = [word for word in words if first is not None and word.box.x0 >= first]
    name = [word for word in words if word not in beside]
    yield row_of([*name, *sorted(beside, key=lambda word: word.box.x0)])


def _belongs(row: Row, first: Row) -> bool:
    """Whether a row stands so near below a drug's figures that it is of the same drug."""
    if _ENDS.match("".join(row.text.split())):
        return False
    code: Word = first.words[0]
    height = code.box.y1 - code.box.y0
    return height > 0 and middle(row.words[0]) - middle(code) <= _NEXT * height

"""An operator's list of disease codes, as KCD's tables are: a code's name on the page confirms it.

A code that was read with doubt is believed where its own name stands on the document and the name
of no code a sign apart stands there as well: then two prints say the same in two ways.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from classifiers.fields.said_again import confirmed
from classifiers.form import Form
from classifiers.grammar import parse_kcd
from classifiers.letters import compact, strokes
from records.errors import SetupError
from records.values import Field

_SHORTEST_NAME = 3
_NAMED = 92.0  # likeness 0..100 of the jamo of a name and of the like stretch of a page
_SURE = 0.85


def parse_disease_list(data: bytes) -> Mapping[str, str]:
    """Read lines of `code,name` (UTF-8); a first line that is no code is a heading.

    Raises:
        SetupError: it is no such list (`disease_list_invalid`).
    """
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise SetupError("disease_list_invalid") from error
    found = {
        code: row[1].strip()
        for row in rows
        if len(row) > 1 and (code := parse_kcd(row[0].strip())) is not None
    }
    if not found:
        raise SetupError("disease_list_invalid")
    return found


def named_codes(
    codes: Field | None, forms: Sequence[Form], names: Mapping[str, str], least: float
) -> dict[str, Field]:
    """Return the doubted codes of a document as surer, where each one's name is on it."""
    if codes is None or not isinstance(codes.value, list) or (codes.confidence or 0.0) >= least:
        return {}
    said = strokes("\n".join(form.letters for form in forms))
    if not all(_is_named(str(code), said, names) for code in codes.value):
        return {}
    return {"disease_codes": confirmed(codes, _SURE, "named")}


def _is_named(code: str, said: str, names: Mapping[str, str]) -> bool:
    own = _likeness(names.get(code, ""), said)
    if own < _NAMED:
        return False
    return all(_likeness(names[other], said) < own for other in _near(code, names))


def _near(code: str, names: Mapping[str, str]) -> Iterator[str]:
    """The list's codes that one misread sign makes of this one."""
    for other in names:
        if Levenshtein.distance(code, other, score_cutoff=1) == 1:
            yield other


def _likeness(name: str, said: str) -> float:
    letters = compact(name)
    if len(letters) < _SHORTEST_NAME or len(strokes(letters)) > len(said):
        return 0.0
    return fuzz.partial_ratio(strokes(letters), said)

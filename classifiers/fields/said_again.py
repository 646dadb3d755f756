"""A day or a name that a document prints once more, where no label says so: two readings agree.

Only what was read with doubt is asked about. A value that stands again elsewhere on the document
is as unlikely wrong as both readings are together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from classifiers.fields.place import Places
from classifiers.fields.readers import Setting, read_dates
from classifiers.form import Form
from classifiers.letters import compact
from records.values import Box, Field

_DATES = ("birth_date", "visit_date", "issue_date")
_NAME = "patient_name"
# A reading from which a name gains: syllables are misread alike wherever they stand, and a wrong
# one is a name as well. A day's eight figures hardly become another day that is printed elsewhere.
_BELIEVED = 0.8
_MOST = 0.95


@dataclass(frozen=True, slots=True)
class _Print:
    value: str
    sure: float
    page_id: str
    box: Box | None


def said_again(
    fields: Mapping[str, Field], forms: Sequence[Form], setting: Setting, least: float
) -> dict[str, Field]:
    """Return the doubted days and the doubted name that another print of the document confirms.

    Args:
        fields: what was read of the document.
        forms: its pages.
        setting: settles two-digit years.
        least: the confidence from which a field is not doubted.
    """
    doubted = {
        key: field
        for key in (*_DATES, _NAME)
        if (field := fields.get(key)) is not None and (field.confidence or 0.0) < least
    }
    if not doubted:
        return {}
    prints = list(_prints(forms, setting, fields.get(_NAME)))
    found: dict[str, Field] = {}
    for key, field in doubted.items():
        again = [one.sure for one in prints if _is_other_print(one, field)]
        if max(again, default=0.0) >= (_BELIEVED if key == _NAME else least):
            found[key] = confirmed(field, max(again), "again")
    return found


def confirmed(field: Field, sure: float, note: str) -> Field:
    """A field that another reading, this sure, agrees with; the rule says so."""
    both = 1 - (1 - (field.confidence or 0.0)) * (1 - sure)
    return replace(field, confidence=round(min(both, _MOST), 3), rule=f"{field.rule}+{note}")


def _prints(forms: Sequence[Form], setting: Setting, name: Field | None) -> Iterator[_Print]:
    for form in forms:
        places = Places(form)
        for line in range(len(form.lines)):
            for found in read_dates(form, places.line(line), setting):
                read = form.confidence(found.tokens)
                sure = found.fit * (1.0 if read is None else read)
                yield _Print(str(found.value), sure, form.page.page_id, form.box(found.tokens))
        for word in form.words:
            if name is not None and compact(word.text) == compact(str(name.value)):
                yield _Print(str(name.value), word.confidence or 0.0, form.page.page_id, word.box)


def _is_other_print(one: _Print, field: Field) -> bool:
    """Whether a print says what a field says, in another place."""
    if one.value != str(field.value):
        return False
    if one.page_id != field.page_id:
        return True
    if one.box is None or field.box is None:
        return False
    return one.box.x1 <= field.box.x0 or field.box.x1 <= one.box.x0 or not _rows_meet(one, field)


def _rows_meet(one: _Print, field: Field) -> bool:
    assert one.box is not None
    assert field.box is not None
    return one.box.y0 < field.box.y1 and field.box.y0 < one.box.y1

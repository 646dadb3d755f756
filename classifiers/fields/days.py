"""The days of care that a chart or a confirmation lists."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from classifiers.fields.page_fields import make_field
from classifiers.fields.place import Places
from classifiers.fields.readers import Setting, read_dates
from classifiers.form import Form
from records.values import Field

_STRENGTH = 0.88
_MOST_OTHER_LETTERS = 2
_CARE = frozenset({"_care_period", "_stay_period", "visit_date", "admission_date"})
_BEFORE_CARE = 0.5


def dated_before_care(
    issued: Field | None, forms: Sequence[Form], setting: Setting
) -> dict[str, Field]:
    """Return the day of issue as doubted, where the care that the paper tells of ends later.

    One of the two was misread: "2020 년 5 월 4 일" of a 14th, below a care until the 11th.
    """
    if issued is None or max(_days_of_care(forms, setting), default="") <= str(issued.value):
        return {}
    sure = min(issued.confidence or 0.0, _BEFORE_CARE)
    return {"issue_date": replace(issued, confidence=sure, rule=f"{issued.rule}+before_care")}


def _days_of_care(forms: Sequence[Form], setting: Setting) -> Iterator[str]:
    for form in forms:
        places = Places(form)
        for label in form.labels:
            for region in islice(places.regions(label), 1) if label.key in _CARE else ():
                yield from (str(day.value) for day in read_dates(form, region.tokens, setting))


def visit_dates(forms: Sequence[Form], setting: Setting) -> dict[str, Field]:
    """Read `visit_dates`: every labelled day of a visit, and every line that lists only dates.

    A line with a single date and nothing else is a day of issue, not of a visit.
    """
    days: list[object] = []
    fields: list[Field] = []
    for form in forms:
        places = Places(form)
        visits = {form.line_of[label.start] for label in form.labels if label.key == "visit_date"}
        for line in range(len(form.lines)):
            tokens = places.line(line)
            found = list(read_dates(form, tokens, setting))
            dated = {token for one in found for token in one.tokens}
            rest = [token for token in tokens if token not in dated]
            letters = sum(form.tokens[token].isalnum() for token in rest)
            lists = len(found) > 1 and letters <= _MOST_OTHER_LETTERS
            if not (lists or line in visits):
                continue
            days += [one.value for one in found if one.value not in days]
            fields += [make_field(form, "visit_dates", "lines", _STRENGTH, one) for one in found]
    if not days:
        return {}
    first = fields[0]
    return {
        "visit_dates": Field(
            value=days,
            printed=" ".join(field.printed for field in fields),
            confidence=min(field.confidence or 0.0 for field in fields),
            page_id=first.page_id,
            box=first.box,
            rule=first.rule,
        )
    }

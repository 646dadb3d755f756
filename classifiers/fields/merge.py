"""Many pages, one document: which candidate stands for each field."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from records.values import Field

# An earlier candidate wins over a later one that is only this much surer.
_EARLIER_IS_BETTER = 0.05
# What a document says of its one patient, mostly more than once: what is said most is right.
_OF_ONE_PERSON = frozenset({"patient_name", "resident_number", "birth_date", "chart_no", "sex"})


def merge_fields(pages: Sequence[Mapping[str, Sequence[Field]]]) -> dict[str, Field]:
    """Choose one value a key: the first among the surest; lists are joined over the pages.

    Of a person's particulars the value is chosen that its prints together make the surest.
    """
    candidates: dict[str, list[Field]] = {}
    for page in pages:
        for key, found in page.items():
            candidates.setdefault(key, []).extend(found)
    return {
        key: _choose(_said_most(found) if key in _OF_ONE_PERSON else found)
        for key, found in candidates.items()
    }


def _said_most(found: Sequence[Field]) -> Sequence[Field]:
    """The candidates of the value whose confidences sum up highest; of equal ones the first."""
    sums: dict[str, float] = {}
    for candidate in found:
        said = str(candidate.value)
        sums[said] = sums.get(said, 0.0) + (candidate.confidence or 0.0)
    best = max(sums, key=lambda said: sums[said])
    return [candidate for candidate in found if str(candidate.value) == best]


def _choose(found: Sequence[Field]) -> Field:
    if isinstance(found[0].value, list):
        return _joined(found)
    surest = max(candidate.confidence or 0.0 for candidate in found)
    return next(
        candidate
        for candidate in found
        if (candidate.confidence or 0.0) >= surest - _EARLIER_IS_BETTER
    )


def _joined(found: Sequence[Field]) -> Field:
    """One list, as sure as its least sure value is on the page where that is read best."""
    sure: dict[str, float] = {}
    values: list[object] = []
    for candidate in found:
        for value in candidate.value if isinstance(candidate.value, list) else []:
            values += [value] if value not in values else []
            best = sure.get(str(value), 0.0)
            sure[str(value)] = max(best, candidate.confidence or 0.0)
    printed = " ".join(one.printed for one in found)
    confidence = min(sure.values(), default=found[0].confidence)
    return replace(found[0], value=values, printed=printed, confidence=confidence)

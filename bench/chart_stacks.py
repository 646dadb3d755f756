"""Tuning stacks of papers that go on: one patient's charts, results and bills, two of a kind.

In the stacks of `bench/document_stacks.py` a form seldom meets its like of the same patient; here
it always does, a few days or some months later, and most of them are long.
"""

import datetime as dt
import random
from collections.abc import Iterator

from bench.document_readings import ReadPage, ReadStack, as_printed, place_of
from records.ids import page_id, scan_id
from tests.makers.case import make_case
from tests.makers.documents import layouts_of
from tests.makers.pages import make_words
from tests.makers.people import Clinic, make_clinic, make_patient
from tests.makers.truth import PageTruth

_KINDS = ("medical_record", "medical_record", "nursing_record", "lab_result", "fee_detail")
_PATIENTS = 4
_IS_LONG = 0.7
_SOON = 0.5  # share of second papers that follow within days of the first
_YEARS = 4


def chart_stack(seed: int) -> ReadStack:
    """Return a stack as if every word had been read as it is printed; of the tuning part."""
    rng = random.Random(f"charts {seed}")
    clinic = make_clinic(rng)
    scan = scan_id(f"charts {seed}", None)
    truths = [page for number in range(_PATIENTS) for page in _papers(rng, clinic, seed, number)]
    pages = [
        ReadPage(as_printed(truth, page_id(scan, index)), truth)
        for index, truth in enumerate(truths)
    ]
    return ReadStack(seed, place_of(clinic), tuple(pages))


def _papers(rng: random.Random, clinic: Clinic, seed: int, number: int) -> Iterator[PageTruth]:
    """Yield the pages of two papers of one kind, layout and patient."""
    opened = dt.date(clinic.closed.year - _YEARS - 1, 3, 4)
    patient = make_patient(rng, day=opened)
    kind = rng.choice(_KINDS)
    layout = rng.choice(layouts_of(kind, "tuning"))
    day = opened + dt.timedelta(days=rng.randrange(365))
    style = seed * _PATIENTS + number
    for place in range(2):
        own = style * 2 + place
        case = make_case(
            kind, own, clinic=clinic, patient=patient, day=day, long=rng.random() < _IS_LONG
        )
        made = make_words(kind, layout, style, case=case)
        yield from made
        days = rng.randrange(1, 20) if rng.random() < _SOON else rng.randrange(20, 365)
        day = _last_day(made, day) + dt.timedelta(days=days)


def _last_day(made: list[PageTruth], day: dt.date) -> dt.date:
    """The last visit that a chart lists; another paper's own day."""
    listed: list[str] = []
    for page in made:
        days = page.fields.get("visit_dates", ())
        listed += map(str, days) if isinstance(days, list) else ()
    return max(map(dt.date.fromisoformat, listed), default=day)

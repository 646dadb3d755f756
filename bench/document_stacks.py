"""The stacks that `make bench-documents` takes apart: 25 to 60 pages, and where their papers begin.

A stack is one box of one clinic's charts, without separator sheets: the papers of three to seven
patients, one patient after the other; now and then a run of one form over several patients. There
are blank backs, sheets scanned twice, papers scanned upside down, leaflets.
"""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tests.makers.case import make_case
from tests.makers.documents import layouts_of
from tests.makers.pages import MadePage, make_page, make_words
from tests.makers.parts import Part, seeded
from tests.makers.people import Clinic, Patient, make_clinic, make_patient
from tests.makers.sheet import Level
from tests.makers.truth import PageTruth

LEVELS: tuple[Level, ...] = ("mild", "medium")
FEWEST, MOST = 25, 60
_LONG = frozenset({"medical_record", "nursing_record", "fee_detail", "lab_result"})
_ONCE = frozenset({"medical_record", "nursing_record", "death_certificate"})
# Papers of a chart and how often they are met; a leaflet belongs to nobody.
_KINDS = {
    "medical_record": 5,
    "prescription": 6,
    "lab_result": 4,
    "fee_receipt": 4,
    "fee_detail": 3,
    "imaging_report": 3,
    "diagnosis_certificate": 3,
    "treatment_confirmation": 2,
    "outpatient_confirmation": 2,
    "medical_opinion": 2,
    "referral_letter": 2,
    "consent_form": 2,
    "external_document": 2,
    "surgery_record": 1,
    "nursing_record": 1,
    "admission_confirmation": 1,
    "injury_certificate": 1,
    "payment_confirmation": 1,
    "id_or_power_of_attorney": 1,
    "death_certificate": 1,
    "brochure": 1,
}
_RUN = 0.2  # share of stacks' parts that are a run of one form over patients
_RUNS_OF = ("prescription", "lab_result", "fee_receipt", "diagnosis_certificate", "medical_record")
_IS_LONG = 0.4
_BLANK_BACK = 0.08
_SCANNED_TWICE = 0.05
_UPSIDE_DOWN = 0.06


@dataclass(frozen=True, slots=True)
class StackPage:
    """One page of a stack; `made` is its scan, `copy` marks a second scan of the page before it."""

    truth: PageTruth
    made: MadePage | None
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Stack:
    """One made stack; the pages' truth tells whose each is."""

    seed: int
    clinic: Clinic
    pages: tuple[StackPage, ...]


@dataclass(frozen=True, slots=True)
class _Paper:
    kind: str
    patient: Patient
    long: bool


def make_stack(seed: int, part: Part, *, clean: bool = False) -> Stack:
    """Return a stack; the same arguments give the same pixels.

    `clean` tells only what is printed where, and makes no picture of it: in a fiftieth of the time.
    """
    rng = random.Random(seeded(part, f"stack/{seed}"))
    clinic = make_clinic(rng)
    wanted = rng.randrange(FEWEST + 2, MOST - 8)
    pages: list[StackPage] = []
    papers = _papers(rng, dt.date(clinic.closed.year - 5, 3, 4))
    while len(pages) < wanted:
        pages += _scanned(rng, next(papers), clinic, seed * 1000 + len(pages), part, clean)
    return Stack(seed, clinic, tuple(pages[:MOST]))


def _papers(rng: random.Random, first: dt.date) -> Iterator[_Paper]:
    """Yield the papers of one patient after another, without end."""
    while True:
        if rng.random() < _RUN:
            kind = rng.choice(_RUNS_OF)
            for _ in range(rng.randrange(3, 6)):
                yield _Paper(kind, make_patient(rng, day=first), rng.random() < _IS_LONG / 2)
        patient = make_patient(rng, day=first)
        had: set[str] = set()
        for _ in range(rng.randrange(4, 10)):
            kind = rng.choices(tuple(_KINDS), tuple(_KINDS.values()))[0]
            if kind in had & _ONCE:
                continue
            had.add(kind)
            yield _Paper(kind, patient, kind in _LONG and rng.random() < _IS_LONG)


def _scanned(
    rng: random.Random, paper: _Paper, clinic: Clinic, seed: int, part: Part, clean: bool
) -> Iterator[StackPage]:
    level = rng.choice(LEVELS)
    dpi = 200 if rng.random() < 0.25 else 300
    turn: Literal[0, 180] = 180 if rng.random() < _UPSIDE_DOWN else 0
    blank, twice = rng.random() < _BLANK_BACK, rng.random() < _SCANNED_TWICE
    layout = rng.choice(layouts_of(paper.kind, part))
    day = dt.date(clinic.closed.year - 5, 3, 4) + dt.timedelta(days=rng.randrange(1500))

    def scan(at: Level, copy: bool = False) -> Iterator[StackPage]:
        case = make_case(
            paper.kind,
            seed,
            clinic=clinic,
            patient=paper.patient,
            day=day,
            long=paper.long,
            part=part,
        )
        if clean:
            for truth in make_words(paper.kind, layout, seed, case=case, part=part):
                yield StackPage(truth, None, copy)
        else:
            for page in make_page(
                paper.kind, layout, seed, at, dpi, case=case, rotation=turn, part=part
            ):
                yield StackPage(page.truth, page, copy)

    made = list(scan(level))
    behind = rng.randrange(len(made))
    for number, page in enumerate(made):
        yield page
        if twice and len(made) == 1:
            yield from scan(LEVELS[1 - LEVELS.index(level)], copy=True)
        if blank and number == behind:
            side = None if clean else make_page("blank", None, seed, level, part=part)[0]
            truth = side.truth if side else make_words("blank", None, seed, part=part)[0]
            yield StackPage(truth, side)

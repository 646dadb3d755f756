"""Content makers: what each kind of document says, apart from how it is drawn.

`MAKERS` has each kind's maker and the tuning layouts among which a seed chooses; `STRANGERS` those
of papers that are no record of the clinic; `RESERVES` those of reserve kinds; `layouts_of` knows
all layouts of both parts.
"""

from collections.abc import Callable, Mapping

from tests.makers.case import Case
from tests.makers.content import Content
from tests.makers.documents import (
    certificates,
    charts,
    confirmations,
    fees,
    others,
    prescription,
    results,
    strangers,
)
from tests.makers.parts import Part

_BOTH = ("statutory", "emr_print")
_ALL = ("statutory", "emr_print", "slip")

# Each kind (a taxonomy code; `brochure` prints pages of the kind `none`): maker, and the tuning
# layouts among which a seed chooses.
MAKERS: Mapping[str, tuple[Callable[[Case], Content], tuple[str, ...]]] = {
    "medical_record": (charts.medical_record, _BOTH),
    "diagnosis_certificate": (certificates.diagnosis_certificate, _BOTH),
    "injury_certificate": (certificates.injury_certificate, _BOTH),
    "prescription": (prescription.prescription, _ALL),
    "fee_receipt": (fees.fee_receipt, _ALL),
    "fee_detail": (fees.fee_detail, _BOTH),
    "treatment_confirmation": (confirmations.treatment_confirmation, _BOTH),
    "admission_confirmation": (confirmations.admission_confirmation, _BOTH),
    "outpatient_confirmation": (confirmations.outpatient_confirmation, _BOTH),
    "medical_opinion": (certificates.medical_opinion, _BOTH),
    "referral_letter": (certificates.referral_letter, _BOTH),
    "surgery_record": (results.surgery_record, _BOTH),
    "lab_result": (results.lab_result, _BOTH),
    "imaging_report": (results.imaging_report, _BOTH),
    "nursing_record": (charts.nursing_record, _BOTH),
    "death_certificate": (certificates.death_certificate, _BOTH),
    "payment_confirmation": (fees.payment_confirmation, _ALL),
    "consent_form": (others.consent_form, _BOTH),
    "id_or_power_of_attorney": (others.id_or_power_of_attorney, _BOTH),
    "external_document": (others.external_document, _BOTH),
    "brochure": (others.brochure, _BOTH),
    "cover_or_separator": (others.cover, _BOTH),
}

# Papers under names of their own, several of one kind: in no stack, and on the back of no other.
STRANGERS: Mapping[str, tuple[Callable[[Case], Content], tuple[str, ...]]] = {
    name: (maker, _BOTH) for name, (_, maker) in strangers.MADE.items()
}
# Of reserve kinds, for tests that name them: in no stack, nothing learned and nothing measured.
RESERVES: Mapping[str, tuple[Callable[[Case], Content], tuple[str, ...]]] = {
    "surgery_confirmation": (confirmations.surgery_confirmation, _BOTH),
}
_EVERY = {**MAKERS, **STRANGERS, **RESERVES}

# Tuning layouts that are used only where they are named: a page without a layout stays as it was.
NAMED = ("line_print", "dense", "panelled", "letter", "screen_print", "record_card")
_NEVER_LEAFLETS = frozenset({"line_print", "screen_print"})
_PRINTED = ("old_form", "hospital_form", "word_document")
_CARDED = ("old_form", "chart_card", "hospital_form", "word_document")
_TEST: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(MAKERS, _CARDED),
    # Never on a preprinted card: younger than the cards, or no form of a clinic.
    **dict.fromkeys(("fee_receipt", "fee_detail", "payment_confirmation"), _PRINTED),
    "external_document": _PRINTED,
    "id_or_power_of_attorney": _PRINTED,
    "brochure": _PRINTED,
    **dict.fromkeys((*STRANGERS, *RESERVES), _PRINTED),
}


def layouts_of(kind: str, part: Part) -> tuple[str, ...]:
    """The layouts that a kind has in a part.

    Raises:
        KeyError: no such kind.
    """
    if part == "test":
        return _TEST[kind]
    unfit = _NEVER_LEAFLETS if kind == "brochure" else frozenset[str]()
    return (*_EVERY[kind][1], *(name for name in NAMED if name not in unfit))


def chosen_layouts(kind: str, part: Part) -> tuple[str, ...]:
    """Those of a kind's layouts among which the seed of a page chooses.

    Raises:
        KeyError: no such kind.
    """
    return _EVERY[kind][1] if part == "tuning" else layouts_of(kind, part)


def maker_of(kind: str) -> Callable[[Case], Content]:
    """The maker of a kind, reserve kinds too, or of a stranger.

    Raises:
        KeyError: no such kind.
    """
    return _EVERY[kind][0]


def true_kind(name: str) -> str:
    """The taxonomy code of what a maker prints."""
    if name in strangers.MADE:
        return strangers.MADE[name][0]
    return "none" if name == "brochure" else name

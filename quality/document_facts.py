"""One row a document: flags and confidences that the document rules judge.

The values themselves are looked at here and nowhere else; what leaves this module is true, false,
null (could not be judged) or a confidence.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence

from quality.bill_arithmetic import itemised_bill_adds_up, receipt_adds_up
from quality.institution_name import same_institution
from quality.medicines import medicines_plausible
from quality.page_facts import Fact
from quality.page_sequence import pages_complete
from quality.persons import one_person
from quality.resident_number import check_digit_ok, parse
from quality.ruleset import RuleSet
from records.taxonomy import load_taxonomy
from records.values import Document, Field, Institution, PageText

# Column → type of the table.
DOCUMENT_COLUMNS: Mapping[str, str] = {
    "type_in_taxonomy": "boolean",
    "type_decided": "float64",
    "no_record": "float64",
    "type_scored": "boolean",
    "type_confidence": "float64",
    "boundary_confidence": "float64",
    "pages_present": "boolean",
    "pages_once": "boolean",
    "identity_present": "boolean",
    "identity_confidence": "float64",
    "required_fields_present": "boolean",
    "resident_number_shape_ok": "boolean",
    "resident_number_date_ok": "boolean",
    "sex_agrees": "boolean",
    "birth_agrees": "boolean",
    "check_digit_ok": "boolean",
    "dates_real": "boolean",
    "dates_ordered": "boolean",
    "stay_ordered": "boolean",
    "dates_in_lifetime": "boolean",
    "dates_not_future": "boolean",
    "disease_codes_ok": "boolean",
    "disease_codes_of_edition": "boolean",
    "figures_add_up": "boolean",
    "medicines_plausible": "boolean",
    "page_numbers_complete": "boolean",
    "one_person": "boolean",
    "institution_agrees": "boolean",
    "fields_sure": "boolean",
    "patient_agrees": "boolean",
}
MAYBE_DUPLICATE = "page.maybe_duplicate"  # evidence of `classifiers`
_PATIENT_CONFLICT = "patient.conflict"  # evidence of `classifiers.patients`
_FIELD_DOUBT = "field."  # how its evidence of an unsure field begins
IDENTITY = ("patient_name", "resident_number", "chart_no")
CARE = ("visit_date", "visit_dates", "admission_date", "discharge_date")
DATES = ("birth_date", "issue_date", *CARE)
# KCD: a letter, two digits, up to three more; † and * mark cause and manifestation.
DISEASE_CODE = re.compile(r"^[A-Z]\d{2}\.?\d{0,3}[†*]?$")


def document_facts(
    document: Document,
    known_pages: Mapping[str, PageText],
    institution: Institution,
    latest: dt.date,
    rules: RuleSet,
) -> dict[str, Fact]:
    """Return the document's row; `latest` is the last day a date on it can bear."""
    facts: dict[str, Fact] = dict.fromkeys(DOCUMENT_COLUMNS)
    facts |= _type_facts(document, rules)
    facts["pages_present"] = bool(document.pages) and all(p in known_pages for p in document.pages)
    facts["pages_once"] = MAYBE_DUPLICATE not in document.evidence
    facts["fields_sure"] = not any(e.startswith(_FIELD_DOUBT) for e in document.evidence)
    facts["patient_agrees"] = _PATIENT_CONFLICT not in document.evidence
    facts |= _identity_facts(document, rules)
    facts |= _resident_number_facts(document.fields)
    facts |= _date_facts(document.fields, institution, latest)
    codes = list(_texts(document.fields.get("disease_codes")))
    if codes:
        facts["disease_codes_ok"] = all(
            DISEASE_CODE.match("".join(code.split()).upper()) for code in codes
        )
    facts["disease_codes_of_edition"] = _of_edition(document.fields, codes, rules)
    facts |= _page_facts(document, known_pages, rules)
    if rules.kind(document.type).own_issuer:
        facts["institution_agrees"] = _institution_agrees(document.fields, institution)
    return facts


def _of_edition(fields: Mapping[str, Field], codes: Sequence[str], rules: RuleSet) -> bool | None:
    """No code is younger than the care; null where the care has no date."""
    printed = [text for key in (*CARE, "issue_date") for text in _texts(fields.get(key))]
    care = [day for text in printed if (day := _date(text))]
    if not codes or not care:
        return None
    plain = [re.sub(r"[^A-Z0-9]", "", code.upper()) for code in codes]
    return not any(
        younger.first.replace(".", "") <= code[: len(younger.last.replace(".", ""))]
        and code[: len(younger.last.replace(".", ""))] <= younger.last.replace(".", "")
        and max(care) < younger.since
        for code in plain
        for younger in rules.younger_codes
    )


def _page_facts(
    document: Document, known_pages: Mapping[str, PageText], rules: RuleSet
) -> dict[str, Fact]:
    """What is judged by the text of the document's pages, and by its rows."""
    kind = rules.kind(document.type)
    pages = [known_pages[page] for page in document.pages if page in known_pages]
    lines = [line.text for page in pages for line in page.lines]
    add_up = {"itemised": itemised_bill_adds_up, "receipt": receipt_adds_up}.get(kind.arithmetic)
    return {
        "figures_add_up": add_up(lines) if add_up else None,
        "medicines_plausible": (
            medicines_plausible(document.fields.get("drugs"), lines) if kind.medicines else None
        ),
        "page_numbers_complete": pages_complete(pages),
        "one_person": one_person(lines) if kind.identity and not kind.several_people else None,
    }


def _type_facts(document: Document, rules: RuleSet) -> dict[str, Fact]:
    known = document.type in load_taxonomy().kinds
    if not known:
        return {"type_in_taxonomy": False}
    if document.type in rules.not_documents:
        sure = document.type_confidence or 0.0
        return {"type_in_taxonomy": True, "type_decided": sure, "no_record": sure}
    return {
        "type_in_taxonomy": True,
        "type_decided": 1.0,
        "type_scored": document.type_confidence is not None,
        "type_confidence": document.type_confidence,
        "boundary_confidence": document.boundary_confidence,
    }


def _identity_facts(document: Document, rules: RuleSet) -> dict[str, Fact]:
    kind = rules.kind(document.type)
    found = [document.fields[key] for key in IDENTITY if key in document.fields]
    scores = [field.confidence for field in found if field.confidence is not None]
    return {
        "identity_present": bool(found) if kind.identity else None,
        "identity_confidence": max(scores, default=None),
        "required_fields_present": (
            all(any(key in document.fields for key in choice) for choice in kind.required)
            if kind.required
            else None
        ),
    }


def _resident_number_facts(fields: Mapping[str, Field]) -> dict[str, Fact]:
    printed = next(_texts(fields.get("resident_number")), None)
    if printed is None:
        return {}
    number = parse(printed)
    if number is None:
        return {"resident_number_shape_ok": False}
    sex = next(_texts(_independent(fields.get("sex"))), None)
    birth = _date(next(_texts(_independent(fields.get("birth_date"))), None))
    return {
        "resident_number_shape_ok": True,
        "resident_number_date_ok": number.birth is not None,
        "sex_agrees": number.sex == sex if sex in {"M", "F"} else None,
        "birth_agrees": number.birth == birth if number.birth and birth else None,
        "check_digit_ok": check_digit_ok(number),
    }


def _date_facts(
    fields: Mapping[str, Field], institution: Institution, latest: dt.date
) -> dict[str, Fact]:
    printed = {key: list(_texts(fields.get(key))) for key in DATES}
    dates = {key: [day for text in texts if (day := _date(text))] for key, texts in printed.items()}
    every = [day for days in dates.values() for day in days]
    if not any(printed.values()):
        return {}
    number = parse(next(_texts(fields.get("resident_number")), ""))
    births = dates["birth_date"] or ([number.birth] if number and number.birth else [])
    care = [day for key in CARE for day in dates[key]]
    visits = dates["visit_date"] + dates["visit_dates"]
    pairs = [
        *((birth, day) for birth in births for day in care + dates["issue_date"]),
        *((visit, issue) for visit in visits for issue in dates["issue_date"]),
    ]
    stays = [(a, b) for a in dates["admission_date"] for b in dates["discharge_date"]]
    opened, closed = institution.opened or dt.date.min, institution.closed or dt.date.max
    return {
        "dates_real": len(every) == sum(map(len, printed.values())),
        "dates_ordered": all(first <= second for first, second in pairs) if pairs else None,
        "stay_ordered": all(first <= second for first, second in stays) if stays else None,
        "dates_in_lifetime": (
            all(opened <= day <= closed for day in care)
            if care and (institution.opened or institution.closed)
            else None
        ),
        "dates_not_future": all(day <= latest for day in every) if every else None,
    }


def _institution_agrees(fields: Mapping[str, Field], institution: Institution) -> bool | None:
    if not institution.name:
        return None
    codes = list(_texts(fields.get("institution_code")))
    names = list(_texts(fields.get("institution_name")))
    if institution.code in codes:
        return True
    if names:
        return any(same_institution(name, institution.name) for name in names)
    return False if codes else None


def _independent(field: Field | None) -> Field | None:
    """A field that was printed by itself: one derived from the number cannot contradict it."""
    return None if field is None or field.rule.endswith("from_resident_number") else field


def _texts(field: Field | None) -> Iterator[str]:
    if field is None:
        return
    values = field.value if isinstance(field.value, list) else [field.value]
    yield from (str(value) for value in values if not isinstance(value, dict))


def _date(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None

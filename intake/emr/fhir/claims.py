"""Claims, and what was paid of them."""

from collections.abc import Iterator
from decimal import Decimal

from intake.emr.fhir.care import diagnosis
from intake.emr.fhir.elements import Resolve, codings, concept, many, one, period, said, words
from intake.emr.fhir.resource import Resource
from records.emr_record import Statement

_MOST_WON = 10**12


def claim(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """A claim, or what was paid of it."""
    type_ = said(resource.get("resourceType"))
    begun, ended = period(resource.get("billablePeriod") or "")
    if begun:
        yield Statement("진료일", begun, "visit_date", f"{type_}.billablePeriod")
    if ended:
        yield Statement("진료 종료일", ended, "", f"{type_}.billablePeriod")
    if created := said(resource.get("created")):
        yield Statement("청구일", created, "issue_date", f"{type_}.created")
    for item in many(resource.get("diagnosis")):
        yield from diagnosis(item.get("diagnosisCodeableConcept"), f"{type_}.diagnosis")
    for item in many(resource.get("item")):
        if text := words({key: value for key, value in item.items() if key != "adjudication"},
                         resolve):  # fmt: skip
            yield Statement("항목", text, "", f"{type_}.item")
        for found in many(item.get("adjudication")):
            if text := words(found, resolve):
                yield Statement("심사", text, "", f"{type_}.item.adjudication")
    totals = many(resource.get("total"))
    for found in totals:
        money = found if "value" in found else one(found.get("amount"))
        amount = money.get("value")
        whole = isinstance(amount, Decimal) and abs(amount) < _MOST_WON and amount % 1 == 0
        number = f"{amount:.0f}" if whole else said(amount)
        text = f"{number} {said(money.get('currency'))}".strip()
        name = concept(found.get("category"))
        codes = {code for _, code in codings(found.get("category"))}
        counts = len(totals) == 1 or codes & {"submitted", "total"}
        key = "total_amount" if counts else "patient_amount" if "copay" in codes else ""
        key = key if said(money.get("currency")) in {"", "KRW"} else ""
        label = "본인부담금" if key == "patient_amount" else "총액"
        if text:
            printed = number if key else f"{name} {text}".strip()
            yield Statement(label, printed, key, f"{type_}.total")

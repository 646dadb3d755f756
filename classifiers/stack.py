"""One stack of pages becomes documents with a type, fields and evidence, or an honest "unsure"."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from classifiers.boundaries import Group, separate
from classifiers.disease_list import named_codes
from classifiers.elsewhere import from_elsewhere
from classifiers.field_doubts import field_doubts, without_unasked
from classifiers.fields.days import dated_before_care, visit_dates
from classifiers.fields.merge import merge_fields
from classifiers.fields.number_agreement import told_by_number
from classifiers.fields.readers import Setting
from classifiers.fields.said_again import said_again
from classifiers.fields.tables import table_fields
from classifiers.fields.totals import checked_totals
from classifiers.filing import file_documents, not_obeyed, read_separators
from classifiers.form_versions import BEFORE_ITS_TIME, version_evidence
from classifiers.kind import NONE, KindGuess
from classifiers.kind_classifier import KindClassifier, shipped_classifier
from classifiers.kind_decision import UNSURE, decide
from classifiers.near_duplicates import find_copies
from classifiers.page_facts import PageFacts, look
from classifiers.patient_agreement import agreed
from classifiers.ruleset import load_field_doubts
from records.ids import document_id
from records.taxonomy import load_taxonomy
from records.values import Document, Field, Institution, PageText, Stack

# Without a closing date, a two-digit year means 1960 to 2059.
_LATEST_YEAR = 2059
_UNSURE = 0.6
_LABELS_OF_A_FORM = 5
_LISTING_VISITS = frozenset({"medical_record", "treatment_confirmation", "outpatient_confirmation"})
MAYBE_DUPLICATE = "page.maybe_duplicate"
_PERSONAL = ("patient_name", "resident_number", "birth_date", "chart_no")
_SPOKEN = (*_PERSONAL, "visit_date", "issue_date", "disease_codes", "total_amount", "doctor")


def assemble(
    batch_id: str,
    stack_id: str,
    pages: Sequence[PageText],
    institution: Institution,
    reference: str = "",
    classifier: KindClassifier | None = None,
    diseases: Mapping[str, str] | None = None,
) -> Stack:
    """Take a stack apart: every page lands in exactly one document, or is set aside with its class.

    Args:
        batch_id: the delivery's id; with the page ids it makes the documents' ids.
        stack_id: the stack's id.
        pages: in the order of the stack.
        institution: whose records these are; its closing year settles two-digit years.
        reference: the delivery's own, if it has one: whose separator sheets are obeyed.
        classifier: what names the kinds; None: the one that is shipped.
        diseases: the operator's list of disease codes, names by code, if there is one.
    """
    classifier = classifier or shipped_classifier()
    setting = replace(setting_of(institution), diseases=diseases or {})
    facts = [look(page, setting) for page in pages]
    copies = find_copies(facts)
    separators = read_separators(facts, institution, reference)
    groups, aside = separate(
        (replace(f, aside="duplicate") if f.page_id in copies.sure else f for f in facts),
        copies.suspected,
        not_obeyed(separators),
    )
    made: Sequence[Document] = [
        replace(document, evidence=(*document.evidence, MAYBE_DUPLICATE))
        if copies.suspected.keys() & {*document.pages}
        else document
        for document in (
            _document(batch_id, stack_id, group, setting, classifier) for group in groups
        )
    ]
    made = agreed(made, {page.page_id: page for page in pages})
    return Stack(
        id=stack_id,
        documents=file_documents(made, [page.page_id for page in pages], separators),
        set_aside=aside,
        duplicate_of=copies.sure,
        maybe_duplicate_of=copies.suspected,
        separators=separators,
    )


def setting_of(institution: Institution) -> Setting:
    """What is known before a page of this institution is read."""
    latest = institution.closed.year if institution.closed else _LATEST_YEAR
    return Setting(institution, latest)


def _document(
    batch_id: str, stack_id: str, group: Group, setting: Setting, classifier: KindClassifier
) -> Document:
    pages = group.pages
    text = classifier.likely_kinds([page.form for page in pages])
    guess = decide(pages, classifier.model, text)
    fields = merge_fields([page.fields for page in pages])
    forms = [page.form for page in pages]
    fields |= table_fields(guess.kind, forms)
    fields |= checked_totals(guess.kind, fields, forms)
    if guess.kind in _LISTING_VISITS:
        fields |= visit_dates(forms, setting)
    least = load_field_doubts().least
    fields |= said_again(fields, forms, setting, least)
    fields |= told_by_number(fields, least)
    fields |= dated_before_care(fields.get("issue_date"), forms, setting)
    fields |= named_codes(fields.get("disease_codes"), forms, setting.diseases, least)
    guess = _if_blank(guess, fields, pages)
    guess = from_elsewhere(guess, fields, pages, setting.institution)
    guess = _in_its_time(guess, fields, pages)
    fields = without_unasked(guess.kind, fields)
    unread = {key for page in pages for key in page.unread}
    doubts = field_doubts(guess.kind, fields, unread) if guess.kind != NONE else ()
    ids = tuple(page.page_id for page in pages)
    return Document(
        id=document_id(batch_id, ids),
        batch_id=batch_id,
        stack_id=stack_id,
        pages=ids,
        type=guess.kind,
        type_confidence=guess.confidence,
        boundary_confidence=round(group.boundary_confidence, 3),
        fields=fields,
        evidence=(*guess.evidence, *doubts, *group.reasons),
        taxonomy=load_taxonomy().version,
        model=classifier.digest,
    )


def _if_blank(
    guess: KindGuess, fields: Mapping[str, Field], pages: Sequence[PageFacts]
) -> KindGuess:
    """A form that nobody filled in is no record; one filled in by hand looks the same to us."""
    if guess.kind == NONE or any(key in fields for key in _SPOKEN):
        return guess
    if sum(len(page.form.labels) for page in pages) < _LABELS_OF_A_FORM:
        return guess
    evidence = (*guess.evidence, "form.blank")
    if any("handwriting" in page.form.page.flags for page in pages):
        return replace(guess, confidence=min(guess.confidence, _UNSURE), evidence=evidence)
    return KindGuess(NONE, _UNSURE, evidence)


def _in_its_time(
    guess: KindGuess, fields: Mapping[str, Field], pages: Sequence[PageFacts]
) -> KindGuess:
    """A form older than the rule that made it is for a person: form or date is misread.

    What clinics print early or go on printing is only said.
    """
    issued, visited = (
        str(fields[key].value) if key in fields else "" for key in ("issue_date", "visit_date")
    )
    letters = [page.form.letters for page in pages]
    found = version_evidence(guess.kind, guess.evidence, letters, issued, visited)
    confidence = min(guess.confidence, UNSURE) if BEFORE_ITS_TIME in found else guess.confidence
    return replace(guess, confidence=confidence, evidence=(*guess.evidence, *found))

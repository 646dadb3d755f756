"""Which labelled documents an operator may learn from, gathered with the text of their pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.assembly import Workshop
from pipeline.batches import batches_in_order
from pipeline.labels import REVIEW, Label, labels_of, make_up
from pipeline.outcomes import Outcomes
from pipeline.persons import persons_of
from pipeline.sampling import make_up_labels
from records.errors import RejectedInput

if TYPE_CHECKING:
    from classifiers.training.retraining import Example

# One batch in so many measures what is learned from the others; it never changes sides.
HELD_OUT_OF = 3
# An inspector who found another defect has said nothing of the kind: the page may be unreadable.
_OF_THE_KIND = {"defect_wrong_kind", "defect_turned", "defect_border"}
# Decided by something else than the kind classifier: a letter's writer, a form nobody filled in.
_NOT_BY_KIND = {"institution.other": "external_document", "form.blank": "none"}


@dataclass(frozen=True, slots=True)
class Gathered:
    """Labelled documents, and how many labels could not be used.

    `disputed`: persons named different kinds; `unnamed`: no kind was named, or another rule than
    the kind classifier decided; `labels`: all there are.
    """

    examples: "tuple[Example, ...]"
    labels: int
    disputed: int
    unnamed: int


def gather(workshop: Workshop, institution: str) -> Gathered:
    """Gather an institution's labelled documents, and others' only where a setting allows it.

    Raises:
        RejectedInput: `institution_unknown`.
    """
    known = list(workshop.archive.institutions())
    if institution not in known:
        raise RejectedInput("institution_unknown")
    across = workshop.settings.learn_across == "allowed"
    codes = known if across else [institution]
    parts = [_of_institution(workshop, code) for code in codes]
    return Gathered(
        tuple(example for part in parts for example in part.examples),
        sum(part.labels for part in parts),
        sum(part.disputed for part in parts),
        sum(part.unnamed for part in parts),
    )


def is_held_out(place: int) -> bool:
    """Whether the batch at a place (from 0) is kept for measuring: the second, fifth and so on."""
    return place % HELD_OUT_OF == 1


def _of_institution(workshop: Workshop, institution: str) -> Gathered:
    vault = workshop.vault(institution)
    order = batches_in_order(workshop, institution)
    batches = {batch: Outcomes(workshop.work(batch)) for batch in order}
    judged = {batch: one for batch, one in batches.items() if one.work.is_checked()}
    for batch, outcomes in judged.items():
        make_up(outcomes)
        make_up_labels(workshop, batch)
    by_document: dict[tuple[str, str], list[Label]] = {}
    labels = [label for label in labels_of(vault) if label.batch in judged]
    for label in labels:
        if label.document and label.said.origin == "scan":
            by_document.setdefault((label.batch, label.document), []).append(label)
    examples, disputed, unnamed = [], 0, 0
    for (batch, document), given in sorted(by_document.items()):
        kinds = _kinds(given)
        if len(kinds) != 1:
            disputed += len(kinds) > 1
            unnamed += not kinds
            continue
        outcomes = judged[batch]
        held_out = is_held_out(order.index(batch))
        if example := _example(workshop, outcomes, document, kinds.pop(), held_out=held_out):
            examples.append(example)
    return Gathered(tuple(examples), len(labels), disputed, unnamed)


def _kinds(labels: Iterable[Label]) -> set[str]:
    """What persons called a document; who decided on it weighs no more than who inspected it."""
    return {
        label.kind
        for label in labels
        if label.kind
        and not any(
            mark in label.said.evidence and label.kind == kind
            for mark, kind in _NOT_BY_KIND.items()
        )
        and (label.source == REVIEW or set(label.defects) <= _OF_THE_KIND)
    }


def _example(
    workshop: Workshop, outcomes: Outcomes, document: str, kind: str, *, held_out: bool
) -> "Example | None":
    """The document with its pages as read; None where one of them was not read."""
    from classifiers.training.retraining import Example  # noqa: PLC0415 (not in every house)

    work, made = outcomes.work, outcomes.documents[document]
    texts = [work.page(page).text for page in made.pages]
    institution = work.batch.delivery.institution
    patients = persons_of(workshop.archive.index, institution.code, [made])
    if not texts or not all(texts):
        return None
    return Example(
        document=document,
        batch=work.batch.id,
        kind=kind,
        patient=next(iter(patients), ""),
        institution=institution,
        pages=tuple(text for text in texts if text),
        held_out=held_out,
    )

"""What people said of documents, kept as labelled data: the machine's answer beside the person's.

A label follows from a person's decision or judgement and from what the machine made, so one that a
killed process left unwritten is made up for. It holds no text: the pages it speaks of are in the
same vault. It goes when its document is disposed of.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from archive.vault.vault import Vault
from pipeline.outcomes import Outcomes
from pipeline.work import load
from quality.sampling.lot_result import Judgement
from quality.sampling.sample import SampleItem
from records.codec import encode
from records.errors import RejectedInput
from records.ids import derive_id
from records.judgements import Decision

KIND = "label"
REVIEW, SAMPLE = "review", "sample"


@dataclass(frozen=True, slots=True)
class Said:
    """What the machine said: kind and confidences, its evidence, the verdict and its reasons.

    `model`: digest of the kind classifier; `classifying`: version of the rules.
    """

    kind: str
    confidence: float | None
    boundary_confidence: float | None
    evidence: tuple[str, ...]
    verdict: str
    reasons: tuple[str, ...]
    model: str
    classifying: str
    origin: str = "scan"


@dataclass(frozen=True, slots=True)
class Label:
    """What one person said of one document, or of a page set aside (`document` is empty then).

    Attributes:
        source: review (a held document was decided) | sample (a page was inspected).
        outcome: accept | reject, or good | bad of a sampled page.
        kind: the kind it really is; empty where the person named none.
        defects: what an inspector found.
        by, at, why: who, when (UTC), and the reason given.
    """

    id: str
    batch: str
    document: str
    pages: tuple[str, ...]
    said: Said
    source: str
    outcome: str
    kind: str
    defects: tuple[str, ...]
    by: str
    at: str
    why: str


def keep_decision(outcomes: Outcomes, decision: Decision) -> None:
    """Keep what a person decided on a held document."""
    document = outcomes.documents[decision.document_id]
    accepted = decision.outcome == "accept"
    _keep(
        outcomes,
        Label(
            id=derive_id("lb", REVIEW, document.id),
            batch=outcomes.work.batch.id,
            document=document.id,
            pages=document.pages,
            said=_said(outcomes, document.id),
            source=REVIEW,
            outcome=decision.outcome,
            kind=(decision.type or document.type) if accepted else "",
            defects=(),
            by=decision.by,
            at=decision.at,
            why=decision.reason,
        ),
    )


def keep_judgement(outcomes: Outcomes, item: SampleItem, judgement: Judgement) -> None:
    """Keep what an inspector found on a page; a defect that was shown on purpose is no label."""
    if item.known:
        return
    document = outcomes.documents.get(item.document)
    kind = ""
    if document:
        wrong_kind = "defect_wrong_kind" in judgement.defects
        # Decided by a person before: what the inspector saw is that person's kind.
        kind = judgement.kind if wrong_kind else outcomes.final(document.id).type
    _keep(
        outcomes,
        Label(
            id=derive_id("lb", SAMPLE, judgement.item, judgement.by),
            batch=outcomes.work.batch.id,
            document=item.document,
            pages=document.pages if document else (item.page,),
            said=_said(outcomes, item.document) if document else _set_aside(outcomes, item.page),
            source=SAMPLE,
            outcome="bad" if judgement.defects else "good",
            kind=kind,
            defects=judgement.defects,
            by=judgement.by,
            at=judgement.at,
            why=judgement.note,
        ),
    )


def make_up(outcomes: Outcomes) -> None:
    """Keep the labels of decisions that have none; what was disposed of gets none."""
    vault = outcomes.work.vault
    known = set(vault.ids(KIND)) | vault.disposed_ids(KIND)
    gone = vault.disposed_ids(outcomes.work.stack_object("")[0])
    for document, decision in outcomes.decisions.items():
        stack = outcomes.work.stack_object(outcomes.documents[document].stack_id)[1]
        if derive_id("lb", REVIEW, document) not in known and stack not in gone:
            keep_decision(outcomes, decision)


def labels_of(vault: Vault) -> Iterator[Label]:
    """Every label that an institution's vault holds."""
    for id in vault.ids(KIND):
        yield load(vault, KIND, id, Label)


def _keep(outcomes: Outcomes, label: Label) -> None:
    try:
        outcomes.work.vault.put(KIND, label.id, encode(label))
    except RejectedInput as error:
        if error.code != "object_disposed":
            raise


def _said(outcomes: Outcomes, document: str) -> Said:
    made, verdict = outcomes.documents[document], outcomes.verdicts[document]
    return Said(
        kind=made.type,
        confidence=made.type_confidence,
        boundary_confidence=made.boundary_confidence,
        evidence=made.evidence,
        verdict=verdict.outcome,
        reasons=verdict.reasons,
        model=made.model,
        classifying=outcomes.work.plan.classifying,
        origin=made.origin,
    )


def _set_aside(outcomes: Outcomes, page: str) -> Said:
    what = outcomes.set_aside.get(page, "duplicate")
    return Said(what, None, None, (), "", (), "", outcomes.work.plan.classifying)

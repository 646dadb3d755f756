"""Paper beside EMR for one batch: against every batch of its institution that is judged."""

import collections
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from classifiers.reconciling.kept_documents import KeptDocuments
from classifiers.reconciling.reconcile import reconcile
from classifiers.reconciling.reconciliation import Reconciliation
from pipeline.outcomes import Outcomes
from pipeline.work import WorkArea, load_registered
from quality.reconciliation_section import ReconciledVisit, ReconciliationSummary
from records.errors import IntegrityError, RejectedInput
from records.id_set import IdColumn, IdSet
from records.values import Document


@dataclass(frozen=True, slots=True)
class BatchReconciliation:
    """What was found of a batch's visits; `documents` by id, with the fields that tell of visits.

    `unread`: ids of batches of the institution that did not open.
    """

    found: Reconciliation
    documents: Mapping[str, Document]
    unread: tuple[str, ...] = ()


def reconcile_batch(work: WorkArea) -> BatchReconciliation | None:
    """Compare a batch with the other side; None where the institution has one side only.

    Rejected documents are left out: their sheets are scanned again.
    """
    works, unread = _judged(work)
    kinds = {kind for one in works for kind in one.triaged().kinds}
    if not {"image", "row"} <= kinds:
        return None
    kept, ours, older = KeptDocuments(), IdColumn(), IdColumn()
    for one in works:
        before, replaced = len(kept), IdColumn()
        try:
            for document in _standing(one):
                kept.append(document)
                if document.replaces is not None:
                    replaced.append(document.replaces)
                if one.batch.id == work.batch.id:
                    ours.append(document.id)
        except IntegrityError:
            if one.batch.id == work.batch.id:
                raise
            unread.append(one.batch.id)
            kept.cut(before)
            continue
        for id_ in replaced:
            older.append(id_)
    # Both versions of a record that changed are kept; only the newer one speaks for the EMR.
    touching = _touching(reconcile(kept, IdSet(older)), IdSet(ours))
    return BatchReconciliation(touching, kept.by_id(), tuple(sorted(unread)))


def summary(reconciled: BatchReconciliation) -> ReconciliationSummary:
    """Ids, counts and codes of a reconciliation, for the open report."""
    found = reconciled.found
    differing = tuple(
        ReconciledVisit(one.paper, one.emr, tuple(dict.fromkeys(c.what for c in one.conflicts)))
        for one in found.matches
        if one.conflicts
    )
    conflicts = collections.Counter(code for visit in differing for code in visit.codes)
    return ReconciliationSummary(
        agreeing=len(found.matches) - len(differing),
        differing=differing,
        ambiguous=tuple(
            ReconciledVisit(_ids(one.paper), _ids(one.emr), (one.why,)) for one in found.ambiguous
        ),
        only_paper=tuple(ReconciledVisit(ids, ()) for ids in found.only_paper),
        only_emr=tuple(ReconciledVisit((), ids) for ids in found.only_emr),
        conflicts=dict(conflicts.most_common()),
        apart=dict(sorted(collections.Counter(found.apart.values()).items())),
        unread=reconciled.unread,
    )


def _judged(work: WorkArea) -> tuple[list[WorkArea], list[str]]:
    """The institution's batches that are judged, this one among them, and those that fail."""
    works, unread = [], []
    for batch in sorted(work.vault.ids("batch")):
        try:
            one = work
            if batch != work.batch.id:
                one = WorkArea(work.vault, load_registered(work.vault, batch))
            if one.is_checked():
                one.triaged()
                works.append(one)
        except (IntegrityError, RejectedInput):
            if batch == work.batch.id:
                raise
            unread.append(batch)
    return works, unread


def _standing(work: WorkArea) -> Iterator[Document]:
    outcomes = Outcomes(work)
    for document in outcomes.documents:
        if outcomes.outcome(document) != "rejected":
            yield outcomes.final(document)


def _touching(found: Reconciliation, ours: IdSet) -> Reconciliation:
    """Only what has a document of the batch in it."""

    def has(*visits: Iterable[str]) -> bool:
        return any(document in ours for visit in visits for document in visit)

    return replace(
        found,
        matches=tuple(one for one in found.matches if has(one.paper, one.emr)),
        ambiguous=tuple(one for one in found.ambiguous if has(*one.paper, *one.emr)),
        only_paper=tuple(visit for visit in found.only_paper if has(visit)),
        only_emr=tuple(visit for visit in found.only_emr if has(visit)),
        apart={document: why for document, why in found.apart.items() if document in ours},
    )


def _ids(visits: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(document for visit in visits for document in visit)

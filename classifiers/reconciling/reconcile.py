"""Reconcile the paper and the EMR of one institution: documents in, one answer for each out."""

from array import array
from collections.abc import Container, Iterable, Sequence

from classifiers.reconciling.differences import compare_visits
from classifiers.reconciling.kept_documents import KeptDocuments
from classifiers.reconciling.matching import match
from classifiers.reconciling.pairs import SEVERAL_VISITS, Pair
from classifiers.reconciling.reconciliation import Ambiguous, Match, Reconciliation
from classifiers.reconciling.visits import Visit, gather, visit_of
from records.values import Document


def reconcile(documents: Iterable[Document], older: Container[str] = ()) -> Reconciliation:
    """Compare what scans and EMR records of one institution tell of the same visits.

    Args:
        documents: of both sides (`origin`), in any order; none that was rejected.
        older: ids of documents that a newer version of their record speaks for.
    """
    kept = documents if isinstance(documents, KeptDocuments) else KeptDocuments(documents)
    scans, records = array("I"), array("I")
    for number, document in enumerate(kept):
        if document.id not in older:
            (records if document.origin == "emr" else scans).append(number)
    paper, apart = gather(kept, scans)
    emr, apart_emr = gather(kept, records)
    matched = match(paper, emr)
    sure = (*matched.pairs, *matched.joined)
    unsure = [pair for group in matched.ambiguous for pair in group]
    papers = {pair.paper for pair in (*sure, *unsure)} | set(matched.left_paper)
    emrs = {pair.emr for pair in (*sure, *unsure)} | set(matched.left_emr)
    left = [Ambiguous((paper[place].ids,), (), why) for place, why in matched.left_paper.items()]
    left += [Ambiguous((), (emr[place].ids,), why) for place, why in matched.left_emr.items()]
    return Reconciliation(
        matches=tuple(_match(paper, emr, pair, matched.joined) for pair in matched.pairs),
        ambiguous=tuple(_ambiguous(paper, emr, group) for group in matched.ambiguous) + tuple(left),
        only_paper=tuple(visit.ids for place, visit in enumerate(paper) if place not in papers),
        only_emr=tuple(visit.ids for place, visit in enumerate(emr) if place not in emrs),
        apart={**apart, **apart_emr},
    )


def _match(
    papers: Sequence[Visit], emrs: Sequence[Visit], pair: Pair, joined: Sequence[Pair]
) -> Match:
    """Compare the two sides of a visit, with whatever joined them on either side."""
    more_papers = [papers[one.paper] for one in joined if one.emr == pair.emr]
    more_emrs = [emrs[one.emr] for one in joined if one.paper == pair.paper]
    paper, emr = _whole(papers[pair.paper], more_papers), _whole(emrs[pair.emr], more_emrs)
    agreements, conflicts = compare_visits(paper, emr)
    return Match(paper.ids, emr.ids, pair.evidence, agreements, conflicts)


def _whole(visit: Visit, more: Sequence[Visit]) -> Visit:
    documents = [document for one in (visit, *more) for document in one.documents]
    return visit_of(documents, visit.day) if more else visit


def _ambiguous(paper: Sequence[Visit], emr: Sequence[Visit], group: Sequence[Pair]) -> Ambiguous:
    """A group of pairs; where none of them is in doubt, they are so alike that none is better."""
    doubts = [pair.doubt for pair in group if pair.doubt]
    return Ambiguous(
        paper=tuple(paper[place].ids for place in sorted({pair.paper for pair in group})),
        emr=tuple(emr[place].ids for place in sorted({pair.emr for pair in group})),
        why=doubts[0] if doubts else SEVERAL_VISITS,
    )

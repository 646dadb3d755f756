"""Sampling inspection of a batch: its sample drawn and kept, judged, and the lot decided.

Samples, judgements and results are objects of their own, each with its leaf, so that nobody can
draw again until a sample suits, or change an answer afterwards.
"""

import dataclasses
from collections.abc import Iterator, Mapping

from pipeline.assembly import Workshop
from pipeline.documents import leaf_of
from pipeline.labels import keep_judgement
from pipeline.outcomes import Outcomes
from pipeline.separate_duties import require_other_person, scanning_team
from pipeline.work import WorkArea, load
from quality.sampling.inspection_rules import InspectionRules, load_inspection_rules
from quality.sampling.lot_result import ACCEPTED, OPEN, REJECTED, Judgement, LotResult, lot_result
from quality.sampling.sample import Lot, Sample, draw
from quality.sampling.switching import DISCONTINUED, Standing, standing_after
from records.codec import encode
from records.errors import RejectedInput
from records.ids import derive_id
from records.taxonomy import load_taxonomy

# Samples are of the kind of people's decisions: every object of it has a leaf in the ledger.
KIND = "decision"
SAMPLE, JUDGEMENT, RESULT, REMEDY = "sd", "sj", "sl", "sr"


@dataclasses.dataclass(frozen=True, slots=True)
class KeptResult:
    """A decided lot as kept: the result, and what else switching needs."""

    result: LotResult
    restarted: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Inspection:
    """Where the inspection of a batch stands: its sample, every answer, the lot's result."""

    sample: Sample
    judgements: tuple[Judgement, ...]
    result: LotResult

    def judged_by(self, item: str) -> tuple[str, ...]:
        """Who has judged an item."""
        return tuple(one.by for one in self.judgements if one.item == item)


def draw_sample(
    workshop: Workshop, batch: str, *, resubmit: bool = False, remedied: bool = False
) -> Inspection:
    """Draw the sample of a batch, or find it drawn.

    Args:
        workshop: the parts.
        batch: a batch that the machine has judged.
        resubmit: the lot did not pass and has been put right: draw the next submission's sample.
        remedied: the team's remedy is accepted; its discontinued inspection begins again.

    Raises:
        RejectedInput: `batch_not_ready`, `sample_pages_absent`, `lot_not_rejected`,
            `lots_discontinued`.
    """
    work = workshop.work(batch)
    before = inspection_of(workshop, batch)
    if before and not resubmit:
        _keep(workshop, work, _sample_id(batch, before.sample.submission), before.sample)
        return before
    if resubmit and (before is None or before.result.outcome != REJECTED):
        raise RejectedInput("lot_not_rejected", batch)
    rules = load_inspection_rules()
    team = scanning_team(work.batch.delivery)
    stages = {}
    for one in rules.classes:
        standing = standing_of(workshop, team, one.id)
        if standing.stage == DISCONTINUED and not remedied:
            raise RejectedInput("lots_discontinued", batch)
        # A lot that comes again is inspected tightened: the standard leaves it to the house.
        stages[one.id] = "tightened" if before else standing.plan_stage
    lot = _lot(work)
    if not lot.pages:
        raise RejectedInput("sample_pages_absent", batch)
    submission = before.sample.submission + 1 if before else 1
    sample = draw(
        lot,
        team,
        stages,
        # A salt of the vault: secret, one for each id, and fit to be revealed in a proof.
        work.vault.salt("draw", derive_id("sd", batch, submission)),
        rules,
        submission,
        batch if before else "",
    )
    _keep(workshop, work, _sample_id(batch, submission), sample)
    if remedied:
        _keep(workshop, work, derive_id(REMEDY, batch, submission), {"remedied": team})
    workshop.archive.ledger.sign_head()
    return _inspection(workshop, work, submission, rules)


def inspection_of(
    workshop: Workshop, batch: str, known: Inspection | None = None
) -> Inspection | None:
    """The newest submission's inspection; None where no sample has been drawn.

    `known`: what was read before, whose answers need not be read again.
    """
    work = workshop.work(batch)
    submission = 0
    while work.vault.has(KIND, _sample_id(batch, submission + 1)):
        submission += 1
    if not submission:
        return None
    return _inspection(workshop, work, submission, load_inspection_rules(), known)


def inspections_of(workshop: Workshop, batch: str) -> Iterator[Inspection]:
    """The inspections of every submission of a batch, oldest first."""
    work, rules, submission = workshop.work(batch), load_inspection_rules(), 1
    while work.vault.has(KIND, _sample_id(batch, submission)):
        yield _inspection(workshop, work, submission, rules)
        submission += 1


def judge(
    workshop: Workshop, batch: str, judgement: Judgement, known: Inspection | None = None
) -> Inspection:
    """Keep one person's answer on one item; the lot's result is kept once it is decided.

    `known`: as in `inspection_of`.

    What a second person finds after the lot was decided is kept and changes no result.

    Raises:
        RejectedInput: `sample_not_drawn`, `sample_item_unknown`, `sample_item_judged`,
            `sample_decided`, `inspector_scanned_it`, `decision_unknown` (no such defect),
            `kind_unknown`.
    """
    work = workshop.work(batch)
    require_other_person(work.batch.delivery, judgement.by)
    inspection = inspection_of(workshop, batch, known)
    if inspection is None:
        raise RejectedInput("sample_not_drawn", batch)
    rules = load_inspection_rules()
    item = next((one for one in inspection.sample.items if one.id == judgement.item), None)
    if item is None:
        raise RejectedInput("sample_item_unknown", judgement.item)
    if set(judgement.defects) - {defect.id for defect in rules.defects}:
        raise RejectedInput("decision_unknown")
    if judgement.kind and judgement.kind not in load_taxonomy().kinds:
        raise RejectedInput("kind_unknown")
    judged_by = inspection.judged_by(item.id)
    if inspection.result.outcome == ACCEPTED and not (item.second and judged_by):
        raise RejectedInput("sample_decided", batch)
    if judgement.by in judged_by:
        raise RejectedInput("sample_item_judged", judgement.item)
    _keep(workshop, work, _judgement_id(judgement), judgement)
    keep_judgement(Outcomes(work), item, judgement)
    submission = inspection.sample.submission
    now = _inspection(workshop, work, submission, rules, inspection)
    if now.result.outcome != OPEN and inspection.result.outcome == OPEN:
        restarted = work.vault.has(KIND, derive_id(REMEDY, batch, submission))
        result_id = derive_id(RESULT, batch, submission)
        _keep(workshop, work, result_id, KeptResult(now.result, restarted))
        workshop.archive.ledger.sign_head()
    return now


def standing_of(workshop: Workshop, team: str, defect_class: str) -> Standing:
    """How a team's next lot is inspected in one class, from all its lots that were decided."""
    allowed = load_inspection_rules().reduced_allowed
    lots = []
    for kept in _kept_results(workshop, team):
        if lot := kept.result.decided_lot(defect_class):
            lots.append(dataclasses.replace(lot, restarted=kept.restarted))
    return standing_after(lots, reduced_allowed=allowed)


def _kept_results(workshop: Workshop, team: str) -> Iterator[KeptResult]:
    """In the ledger's order, over all institutions: a team scans for many."""
    opened = {vault.institution: vault for vault in workshop.archive.vaults()[0]}
    for leaf in workshop.archive.ledger.leaves():
        if leaf.kind == KIND and leaf.id.startswith(RESULT) and leaf.institution in opened:
            kept = load(opened[leaf.institution], KIND, leaf.id, KeptResult)
            if kept.result.team == team:
                yield kept


def _inspection(
    workshop: Workshop,
    work: WorkArea,
    submission: int,
    rules: InspectionRules,
    known: Inspection | None = None,
) -> Inspection:
    sample = load(work.vault, KIND, _sample_id(work.batch.id, submission), Sample)
    items = {item.id for item in sample.items}
    read = {_judgement_id(one): one for one in known.judgements} if known else {}
    judgements = []
    for leaf in workshop.archive.ledger.leaves():
        if leaf.kind == KIND and leaf.batch == work.batch.id and leaf.id.startswith(JUDGEMENT):
            judgement = read.get(leaf.id) or load(work.vault, KIND, leaf.id, Judgement)
            if judgement.item in items:
                judgements.append(judgement)
    result_id = derive_id(RESULT, work.batch.id, submission)
    if work.vault.has(KIND, result_id):
        # The first result that was kept stands; what is found afterwards changes no lot.
        result = load(work.vault, KIND, result_id, KeptResult).result
    else:
        result = lot_result(sample, judgements, rules)
    return Inspection(sample, tuple(judgements), result)


def make_up_labels(workshop: Workshop, batch: str) -> None:
    """Keep the labels of judgements that a killed process left without."""
    outcomes = Outcomes(workshop.work(batch))
    for inspection in inspections_of(workshop, batch):
        items = {item.id: item for item in inspection.sample.items}
        for judgement in inspection.judgements:
            keep_judgement(outcomes, items[judgement.item], judgement)


def _lot(work: WorkArea) -> Lot:
    """Every page that was read, but those of rejected documents: these go back in any case."""
    outcomes = Outcomes(work)
    by_outcome = outcomes.by_outcome()
    document_of = {
        page: document.id for document in outcomes.documents.values() for page in document.pages
    }
    back = set(by_outcome["rejected"])
    pages = {
        outcome.page_id: document_of.get(outcome.page_id, "")
        for outcome in outcomes.pages()
        if outcome.text and document_of.get(outcome.page_id, "") not in back
    }
    accepted: dict[str, dict[str, tuple[str, ...]]] = {}
    for document in by_outcome["accepted"]:
        final = outcomes.final(document)
        accepted.setdefault(final.type, {})[document] = final.pages
    kinds = tuple(kind.code for kind in load_taxonomy().issuable)
    return Lot(work.batch.id, pages, accepted, kinds)


def _keep(workshop: Workshop, work: WorkArea, id: str, value: object | Mapping[str, str]) -> None:
    stored = work.vault.put(KIND, id, encode(value))
    workshop.archive.ledger.append([leaf_of(stored, work.batch.id)])


def _sample_id(batch: str, submission: int) -> str:
    return derive_id(SAMPLE, batch, submission)


def _judgement_id(judgement: Judgement) -> str:
    return derive_id(JUDGEMENT, judgement.item, judgement.by)

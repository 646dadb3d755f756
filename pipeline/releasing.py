"""May a batch's accepted documents be stored: by rule, by a steward, after sampling inspection."""

import datetime as dt
from collections.abc import Mapping

from pipeline.assembly import Workshop
from pipeline.documents import leaf_of
from pipeline.releases import ID, KIND, RELEASE
from pipeline.reports import refresh_report
from pipeline.sampling import inspection_of
from pipeline.separate_duties import require_other_person
from pipeline.telling import tells_ids_only
from quality.sampling.lot_result import ACCEPTED, REJECTED
from records.codec import encode
from records.errors import RejectedInput
from records.ids import derive_id
from records.judgements import Release
from records.values import StageReceipt


def must_wait(workshop: Workshop, held: int) -> bool:
    """Whether a person must agree before anything of a batch is stored; `held`: documents held."""
    settings = workshop.settings
    return settings.sampling == "required" or (settings.release == "steward" and held > 0)


def prepare_release(workshop: Workshop, batch: str, held: int) -> bool:
    """Whether a person must agree; who is asked finds the batch's report written beforehand."""
    if not must_wait(workshop, held):
        return False
    refresh_report(workshop, batch)
    return True


def require_passed_sample(workshop: Workshop, batch: str) -> None:
    """Refuse a batch whose lot was rejected, and, where the settings require it, an open one.

    Raises:
        RejectedInput: `sample_unfinished`; `lot_rejected`: the lot goes back whole.
    """
    inspection = inspection_of(workshop, batch)
    outcome = inspection.result.outcome if inspection else ""
    if outcome == REJECTED:
        raise RejectedInput("lot_rejected", batch)
    if workshop.settings.sampling == "required" and outcome != ACCEPTED:
        raise RejectedInput("sample_unfinished", batch)


@tells_ids_only
def heed_release(workshop: Workshop, batch: str, answer: Mapping[str, str]) -> StageReceipt:
    """Keep what a person decided on a batch that waited (`by`, `outcome`, `why`), with its leaf.

    Raises:
        RejectedInput: `answer_by_nobody`, `inspector_scanned_it`, and what
            `require_passed_sample` raises: such an answer is not kept.
            `batch_sent_back`: it is kept, and nothing of the batch is stored.
    """
    by, outcome = answer["by"].strip(), answer["outcome"]
    if not by:
        raise RejectedInput("answer_by_nobody")
    work = workshop.work(batch)
    require_other_person(work.batch.delivery, by)
    if outcome == RELEASE:
        require_passed_sample(workshop, batch)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    release = Release(batch, outcome, by, answer["why"], now)
    # Asked again after a crash, the same person's same answer stands as it was first kept.
    stored = work.vault.put(KIND, derive_id(ID, batch, outcome, by), encode(release))
    workshop.archive.ledger.append([leaf_of(stored, batch)])
    if outcome == RELEASE:
        return StageReceipt("heed_release", batch, {outcome: 1})
    workshop.archive.ledger.sign_head()
    refresh_report(workshop, batch)
    raise RejectedInput("batch_sent_back", batch)

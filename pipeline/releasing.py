"""May a batch's accepted documents be stored: by rule, by a steward, after sampling inspection."""

from pipeline.assembly import Workshop
from pipeline.reports import refresh_report
from pipeline.sampling import inspection_of
from quality.sampling.lot_result import ACCEPTED, REJECTED
from records.errors import RejectedInput


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
    """Where the settings require it, refuse a batch whose sample has not passed.

    Raises:
        RejectedInput: `sample_unfinished`; `lot_rejected`: the lot goes back whole.
    """
    if workshop.settings.sampling != "required":
        return
    inspection = inspection_of(workshop, batch)
    outcome = inspection.result.outcome if inspection else ""
    if outcome == REJECTED:
        raise RejectedInput("lot_rejected", batch)
    if outcome != ACCEPTED:
        raise RejectedInput("sample_unfinished", batch)

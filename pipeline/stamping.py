"""Time stamps of the ledger at every seal, made up later; and its hashes renewed under a stamp."""

import logging

from archive.hash_renewal import HashRenewing
from archive.ledger.stamping import StampState
from pipeline.assembly import Workshop
from pipeline.telling import tells_ids_only
from records.errors import GiroksilError, IntegrityError
from records.redacted_logging import event
from records.values import StageReceipt

log = logging.getLogger(__name__)


def stamp_seal(workshop: Workshop) -> dict[str, int]:
    """Have the newest head stamped; a seal does not wait for an authority that fails.

    Returns:
        Nothing where no authority is configured; else `unstamped`, the number of leaves that still
        wait for a stamp: `stamp_heads` makes it up.
    """
    try:
        stamps = workshop.archive.stamps
        if not stamps.configured:
            return {}
        return {"unstamped": stamps.make_up().waiting}
    except GiroksilError as error:
        if not error.code.startswith("timestamp_"):
            raise
        event(log, "stamp_missing", logging.WARNING, code=error.code)
        return {"unstamped": workshop.archive.stamps.waiting()}


@tells_ids_only
def stamp_heads(workshop: Workshop) -> StageReceipt:
    """Make up every stamp that is missing, renew what needs it, check all there are.

    Raises:
        TransientError: the authority does not answer; what waits goes on waiting.
        IntegrityError: its answer is wrong (`timestamp_wrong`), or stamps do not hold
            (`stamps_damaged` with their number).
    """
    state: StampState = workshop.archive.stamps.make_up()
    for problem in state.problems:
        event(log, problem.code, logging.ERROR, subject=problem.subject)
    if state.problems:
        raise IntegrityError("stamps_damaged", str(len(state.problems)))
    counts = {"stamped": state.heads, "unstamped": state.waiting}
    return StageReceipt("stamp", "", counts)


@tells_ids_only
def renew_hashes(workshop: Workshop) -> StageReceipt:
    """Hash anew what no hash renewal covers yet, and have it stamped; nothing without authority.

    Raises:
        TransientError: the store or the authority does not answer; the next run goes on.
        IntegrityError: `renewal_incomplete` with the number of things that did not open or hold.
    """
    hashing = HashRenewing(workshop.archive)
    if not workshop.archive.stamps.configured:
        return StageReceipt("renew_hashes", "", {"renewed": 0, "waiting": 0})
    report = hashing.renew(per_second=workshop.settings.verify_per_second or None)
    state = hashing.state()
    problems = report.problems or state.problems
    for problem in problems:
        event(log, problem.code, logging.ERROR, subject=problem.subject)
    if problems:
        raise IntegrityError("renewal_incomplete", str(len(problems)))
    counts = {"renewed": report.opened + report.disposed, "waiting": state.waiting}
    return StageReceipt("renew_hashes", "", counts)

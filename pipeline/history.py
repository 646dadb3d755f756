"""The batches before a batch, for comparison: its institution's, and those of its scanner."""

from pipeline.assembly import Workshop
from pipeline.work import WorkArea, load_registered
from quality.drift import BatchProfile, History

# What came long ago says little of today's scanner, and each costs a look into the vault.
LOOKED_BACK = 10
# A scanner's batches may lie far apart: of a thousand of this or of other institutions, the newest.
MOST_LOOKED_AT = 60


def history_of(workshop: Workshop, work: WorkArea) -> History:
    """Profiles of the newest batches before this one, newest first, at most ten of each sort.

    Only batches that are judged and whose institution opens. The scanner is `scanned.device`; a
    delivery that names none is compared with its institution's.
    """
    own = work.batch.delivery
    opened = {vault.institution: vault for vault in workshop.archive.vaults()[0]}
    order = dict.fromkeys(
        (leaf.institution, leaf.batch)
        for leaf in workshop.archive.ledger.leaves()
        if leaf.kind == "original" and leaf.institution in opened
    )
    names = list(order)
    here = (own.institution.code, work.batch.id)
    before = names[: names.index(here)] if here in order else names
    institution: list[BatchProfile] = []
    scanner: list[BatchProfile] = []
    device = own.scanned.get("device", "")
    looked_at = {True: 0, False: 0}
    for code, batch in reversed(before):
        same_institution = code == own.institution.code
        for_kinds = same_institution and len(institution) < LOOKED_BACK
        for_images = (device or same_institution) and len(scanner) < LOOKED_BACK
        if not (for_kinds or for_images) or looked_at[same_institution] >= MOST_LOOKED_AT:
            continue
        looked_at[same_institution] += 1
        other = WorkArea(opened[code], load_registered(opened[code], batch))
        if not same_institution and other.batch.delivery.scanned.get("device", "") != device:
            continue
        if not other.is_checked() or not (profile := other.checked().report.profile):
            continue
        if same_institution:
            institution.append(profile)
        theirs = other.batch.delivery.scanned.get("device", "")
        if theirs == device and (device or same_institution):
            scanner.append(profile)
    return History(tuple(institution[:LOOKED_BACK]), tuple(scanner[:LOOKED_BACK]))

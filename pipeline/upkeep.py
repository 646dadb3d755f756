"""What keeps the archive true between batches: verifying it, rebuilding what is derived."""

from archive.verify import VerifyReport, verify
from pipeline.assembly import Workshop
from pipeline.documents import entry_of
from records.errors import IntegrityError
from records.values import StageReceipt

ENTRIES_AT_ONCE = 64


def verify_archive(workshop: Workshop) -> StageReceipt:
    """Open and check every object, leaf and entry.

    Raises:
        IntegrityError: `archive_damaged` with the number of problems.
    """
    report: VerifyReport = verify(workshop.archive)
    if report.problems:
        raise IntegrityError("archive_damaged", str(len(report.problems)))
    return StageReceipt("verify", "", {"objects": report.objects, "leaves": report.leaves})


def rebuild_index(workshop: Workshop) -> StageReceipt:
    """Make the index say what the vault holds: add what is missing, remove what is not there."""
    archive = workshop.archive
    batches = {leaf.id: leaf.batch for leaf in archive.ledger.leaves() if leaf.kind == "document"}
    added = removed = total = 0
    for institution in sorted({*archive.institutions(), *archive.index.institutions()}):
        vault = archive.vault(institution)
        stored = set(vault.ids("document"))
        known = archive.index.document_ids(institution)
        archive.index.remove(sorted(known - stored))
        removed += len(known - stored)
        missing = sorted(stored - known)
        for start in range(0, len(missing), ENTRIES_AT_ONCE):
            part = missing[start : start + ENTRIES_AT_ONCE]
            added += archive.index.add(
                [entry_of(vault, document, institution, batches[document]) for document in part]
            )
        total += len(stored)
    return StageReceipt("rebuild", "", {"added": added, "removed": removed, "entries": total})

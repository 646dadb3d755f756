"""What keeps the archive true between batches: verifying it, rebuilding what is derived."""

from archive import rotation
from archive.portion import EVERYTHING, Portion
from archive.problem import Problem
from archive.vault.names import ObjectName, institution_of_keys
from archive.verify import verify
from pipeline.assembly import Workshop
from pipeline.documents import add_entries
from pipeline.findings import write_findings
from pipeline.telling import tells_ids_only
from pipeline.turns import Turns
from records.errors import IntegrityError
from records.values import StageReceipt

# A put takes seconds; what has been unfinished for a day belongs to a killed writer.
ORPHANED_SECONDS = 86_400


@tells_ids_only
def verify_archive(workshop: Workshop) -> StageReceipt:
    """Check ledger, index and names, open the objects that are due, write what was found.

    Raises:
        IntegrityError: `archive_damaged` with the number of problems.
    """
    settings = workshop.settings
    turns = Turns(settings.home_path / "upkeep" / "verify.json", settings.verify_period_days)
    opened, problems, warnings = 0, dict[Problem, None](), dict[Problem, None]()
    for part in turns.due():
        report = verify(
            workshop.archive,
            content=turns.portion(part),
            per_second=settings.verify_per_second or None,
        )
        opened += report.opened
        problems |= dict.fromkeys(report.problems)
        warnings |= dict.fromkeys(report.warnings)
        if report.ok:  # a part in which something is damaged stays due
            turns.done(part)
    counts = {"objects": report.objects, "opened": opened, "leaves": report.leaves}
    title = "보관소 확인 · The archive verified"
    write_findings(settings.reports, "verify", title, counts, [*problems], [*warnings])
    if problems:
        raise IntegrityError("archive_damaged", str(len(problems)))
    return StageReceipt("verify", "", counts)


@tells_ids_only
def rebuild_index(workshop: Workshop) -> StageReceipt:
    """Bring the index to what the vault holds: missing and outdated entries, strays, leftovers.

    An entry that was made from the stored bytes, by this index's way of cutting up text, stays;
    so a rebuild that was killed goes on where it stopped. Remove the file to have all anew.
    Batches may run meanwhile: what is indexed is listed before what is stored, so that nothing
    that has just been stored is taken for a stray.

    Raises:
        IntegrityError: the keys of an institution do not open; all others were indexed first.
    """
    counts = _rebuilt(workshop, EVERYTHING)
    swept = workshop.archive.sweep(ORPHANED_SECONDS)
    _require_open(workshop)
    return StageReceipt("rebuild", "", counts | {"swept": swept})


@tells_ids_only
def rebuild_part(workshop: Workshop, part: int, of: int) -> StageReceipt:
    """As `rebuild_index` one of so many parts of the documents; any may run side by side.

    An institution whose keys do not open is passed over: `sweep_archive` names it.
    """
    return StageReceipt("rebuild", "", _rebuilt(workshop, Portion(frozenset({part}), of)))


@tells_ids_only
def sweep_archive(workshop: Workshop) -> StageReceipt:
    """Remove what killed writers left.

    Raises:
        IntegrityError: the keys of an institution do not open; all others were swept first.
    """
    swept = workshop.archive.sweep(ORPHANED_SECONDS)
    _require_open(workshop)
    return StageReceipt("sweep", "", {"swept": swept})


def _rebuilt(workshop: Workshop, content: Portion) -> dict[str, int]:
    archive = workshop.archive
    removed = total = written = 0
    _, shut = archive.vaults()
    closed = {institution_of_keys(error.subject) for error in shut}
    for institution in sorted({*archive.institutions(), *archive.index.institutions()} - closed):

        def due(id: str, institution: str = institution) -> bool:
            return content.holds(ObjectName(institution, "document", id))

        vault = archive.vault(institution)
        known = {id: made for id, made in archive.index.sources(institution).items() if due(id)}
        stored = set(filter(due, vault.ids("document")))
        leaves = [
            leaf
            for leaf in archive.ledger.leaves()
            if leaf.kind == "document" and leaf.institution == institution and leaf.id in stored
        ]
        strays = known.keys() - stored
        archive.index.remove(sorted(strays))
        batches = {
            leaf.id: leaf.batch
            for leaf in leaves
            if known.get(leaf.id) != archive.index.source(leaf.commitment)
        }
        add_entries(archive.index, vault, batches)
        removed += len(strays)
        written += len(batches)
        total += len({leaf.id for leaf in leaves})
    return {"entries": total, "written": written, "removed": removed}


def _require_open(workshop: Workshop) -> None:
    _, shut = workshop.archive.vaults()
    for error in shut:
        raise error


@tells_ids_only
def rotate_keys(workshop: Workshop) -> StageReceipt:
    """Give every institution a new key, wrap everything by the newest keys, prove that it opens.

    The master key stays: a new one makes the shares of escrow worthless, so people renew it.

    Raises:
        IntegrityError: `rotation_incomplete` with the number of things that do not open.
    """
    report = rotation.rotate_keys(workshop.archive)
    if report.problems:
        raise IntegrityError("rotation_incomplete", str(len(report.problems)))
    counts = {"secrets": report.secrets, "objects": report.objects, "proven": report.proven}
    return StageReceipt("rotate", "", counts)

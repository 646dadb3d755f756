"""Summaries of batches on disk, beside their reports: derived, can be made again at any time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archive.vault.vault import Vault
from pipeline.assembly import Workshop
from pipeline.outcomes import Outcomes
from pipeline.separate_duties import scanning_team
from pipeline.work import WorkArea, load_registered
from quality.summary import BatchSummary, Stage
from records.codec import decode, encode


@dataclass(frozen=True, slots=True)
class KnownBatch:
    """A batch's summary; `changed`: the ledger knows more of it than the summary does."""

    summary: BatchSummary
    changed: bool


def summary_path(workshop: Workshop, batch: str) -> Path:
    """Where a batch's summary lies."""
    return workshop.settings.reports / batch / "summary.json"


def keep_summary(workshop: Workshop, summary: BatchSummary) -> None:
    """Write a batch's summary, replacing an older one in one step."""
    leaves = Counter(leaf.batch for leaf in workshop.archive.ledger.leaves())[summary.batch]
    path = summary_path(workshop, summary.batch)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_bytes(encode(replace(summary, leaves=leaves)))
    new.replace(path)


def known_batches(workshop: Workshop, vaults: tuple[Vault, ...]) -> list[KnownBatch]:
    """Every batch of some institutions, newest first, without opening the work of those reported.

    Documents that were held are no longer so where a person has decided since.
    """
    leaves = list(workshop.archive.ledger.leaves())
    count = Counter(leaf.batch for leaf in leaves)
    came = {leaf.batch: place for place, leaf in reversed(list(enumerate(leaves)))}
    found = [one for vault in vaults for one in _of_vault(workshop, vault, count)]
    found.sort(key=lambda one: came.get(one.summary.batch, len(leaves)), reverse=True)
    return found


def _of_vault(workshop: Workshop, vault: Vault, leaves: Counter[str]) -> Iterator[KnownBatch]:
    decided = set(vault.ids("decision"))
    for batch in vault.ids("batch"):
        kept = _read(summary_path(workshop, batch))
        if kept is None:
            yield KnownBatch(begun_summary(WorkArea(vault, load_registered(vault, batch))), False)
            continue
        held = tuple(d for d in kept.held_documents if WorkArea.decision_id(d) not in decided)
        yield KnownBatch(replace(kept, held_documents=held), kept.leaves != leaves[batch])


def begun_summary(work: WorkArea) -> BatchSummary:
    """What is known of a batch before anything is reported: how far it is, what was declared."""
    batch, delivery = work.batch, work.batch.delivery
    stage, pages = Stage.RECEIVED, None
    if work.is_triaged():
        stage, pages = Stage.TRIAGED, work.triaged().count
    counts, held, checked_yet = Counter[str](), list[str](), work.is_checked()
    if checked_yet:
        stage = Stage.CHECKED
        for document, outcome in Outcomes(work).each_outcome():
            counts[outcome] += 1
            if outcome == "held":
                held.append(document)
    received = work.effort("register")
    checked = work.effort("check")
    return BatchSummary(
        batch=batch.id,
        institution=delivery.institution.code,
        name=delivery.institution.name,
        team=scanning_team(delivery),
        device=delivery.scanned.get("device", ""),
        source=delivery.source,
        stage=stage,
        files=len(batch.files),
        files_missing=len(batch.missing),
        sheets_declared=delivery.declared_sheets,
        undeclared=batch.undeclared,
        pages=pages,
        documents=counts.total() if checked_yet else None,
        accepted=counts["accepted"] if checked_yet else None,
        rejected=counts["rejected"] if checked_yet else None,
        held_documents=tuple(held),
        received_at=received.begun_at if received else "",
        checked_at=checked.ended_at if checked else "",
    )


def _read(path: Path) -> BatchSummary | None:
    """A summary as kept; None where there is none, or none that can be understood."""
    try:
        return decode(BatchSummary, path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None

"""The decisions of people on whole batches, as kept: who released or sent back, when and why."""

from pipeline.assembly import Workshop
from pipeline.work import WorkArea, load
from records.judgements import Release

# Of the kind of people's other decisions: every object of it has a leaf in the ledger.
KIND = "decision"
ID = "rl"
RELEASE, SEND_BACK = "release", "send_back"


def releases_of(workshop: Workshop, work: WorkArea) -> tuple[Release, ...]:
    """Every decision on the batch as a whole, oldest first; none where it went by rule."""
    return tuple(
        load(work.vault, KIND, leaf.id, Release)
        for leaf in workshop.archive.ledger.leaves()
        if leaf.kind == KIND and leaf.batch == work.batch.id and leaf.id.startswith(f"{ID}-")
    )

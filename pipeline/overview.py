"""The management page over all batches: what it is made of, and how it is brought up to date."""

import datetime as dt

from pipeline.assembly import Workshop
from pipeline.reports import refresh_report
from pipeline.summaries import known_batches
from quality.overview import Overview, overview
from records.errors import RejectedInput


def overview_of(workshop: Workshop, institution: str = "") -> Overview:
    """All batches of the institutions that open, or of one of them; nothing is written.

    Raises:
        RejectedInput: `institution_unknown`.
    """
    opened, shut = workshop.archive.vaults()
    vaults = tuple(v for v in opened if institution in {"", v.institution})
    if institution and not vaults:
        raise RejectedInput("institution_unknown", institution)
    known = known_batches(workshop, vaults)
    return overview(
        [one.summary for one in known],
        dt.datetime.now(dt.UTC),
        frozenset(one.summary.batch for one in known if one.changed),
        0 if institution else len(shut),
    )


def refresh_changed(workshop: Workshop) -> int:
    """Write the reports of changed batches anew; return how many."""
    changed = [one for one in known_batches(workshop, workshop.archive.vaults()[0]) if one.changed]
    for one in changed:
        refresh_report(workshop, one.summary.batch)
    return len(changed)

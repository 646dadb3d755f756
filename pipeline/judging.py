"""The machine's judgement of a batch: the suites over all its pages and documents."""

from pipeline.assembly import Workshop
from pipeline.history import history_of
from pipeline.outcomes import Outcomes
from pipeline.patients import with_conflicts
from quality.check import QualityReport, check

DATA_DOCS = "data_docs"


def judge(workshop: Workshop, outcomes: Outcomes) -> QualityReport:
    """Run the suites; their Data Docs are written anew beside the batch's report."""
    work = outcomes.work
    return check(
        work.batch,
        outcomes.texts(),
        with_conflicts(workshop, outcomes),
        work.plan.hold_below,
        workshop.settings.reports / work.batch.id / DATA_DOCS,
        history_of(workshop, work),
    )

"""The machine's judgement of a batch: the suites over all its pages and documents."""

from classifiers.patients import held
from pipeline.assembly import Workshop
from pipeline.history import history_of
from pipeline.outcomes import Outcomes
from pipeline.patients import documents_in_doubt
from quality.check import QualityReport, check_stacks

DATA_DOCS = "data_docs"


def judge(workshop: Workshop, outcomes: Outcomes) -> QualityReport:
    """Run the suites; their Data Docs are written anew beside the batch's report."""
    work = outcomes.work
    doubted = documents_in_doubt(workshop, outcomes)
    return check_stacks(
        work.batch,
        (
            ([held(one) if one.id in doubted else one for one in stack.documents], texts)
            for stack, texts in outcomes.texts_by_stack()
        ),
        work.plan.hold_below,
        workshop.settings.reports / work.batch.id / DATA_DOCS,
        history_of(workshop, work),
    )

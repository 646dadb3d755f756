"""The machine's judgement of a batch: the suites over all its pages and documents."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from pipeline.assembly import Workshop
from pipeline.chunks import store_chunks
from pipeline.history import history_of
from pipeline.outcomes import Outcomes
from pipeline.patients import with_conflicts
from pipeline.stage_results import Checked, StackJudged
from quality.check import QualityReport, check_parts
from records.judgements import Finding

DATA_DOCS = "data_docs"


def judge(workshop: Workshop, outcomes: Outcomes) -> QualityReport:
    """Run the suites; their Data Docs are written anew beside the batch's report."""
    work = outcomes.work
    return check_parts(
        work.batch,
        (
            (documents, outcomes.texts((stack,)))
            for stack, documents in with_conflicts(workshop, outcomes)
        ),
        work.plan.hold_below,
        workshop.settings.reports / work.batch.id / DATA_DOCS,
        history_of(workshop, work),
    )


def keep_judged(outcomes: Outcomes, report: QualityReport) -> int:
    """Keep what the suites found, and the chunks to store; return how many documents they judged.

    The record of the whole, by which the batch is known to be judged, is kept last.
    """
    work = outcomes.work
    for judged in _by_stack(outcomes, report):
        work.save_judged(judged)
    accepted = sum(verdict.outcome == "accept" for verdict in report.verdicts)
    chunks = work.save_chunks(store_chunks(outcomes, accepted))
    own = tuple(one for one in report.findings if one.subject == work.batch.id)
    work.save_checked(Checked(replace(report, verdicts=(), findings=own), chunks))
    return len(report.verdicts)


def _by_stack(outcomes: Outcomes, report: QualityReport) -> Iterator[StackJudged]:
    of_subject: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        of_subject[finding.subject].append(finding)
    verdicts = iter(report.verdicts)
    for stack in outcomes.each_outline():
        subjects = [document.id for document in stack.documents]
        if of_subject:
            subjects += [page.id for page in outcomes.work.triaged().each_page((stack.id,))]
        yield StackJudged(
            stack.id,
            tuple(next(verdicts) for _ in stack.documents),
            tuple(finding for one in subjects for finding in of_subject.get(one, ())),
        )

"""What people are asked about a batch by the orchestrator: held documents, pages of its sample.

Only ids go out and answers come in; whoever answers looks at the workbench, where each look is
logged. An answer is kept by the same functions as one given at the terminal.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from pipeline.assembly import Workshop
from pipeline.outcomes import Outcomes
from pipeline.reader import Reader
from pipeline.reports import refresh_report
from pipeline.reviewing import conclude, decide
from pipeline.sampling import draw_sample, judge
from pipeline.telling import tells_ids_only
from quality.sampling.lot_result import OPEN, Judgement
from records.errors import RejectedInput
from records.judgements import Decision
from records.values import StageReceipt

_WHERE = "airflow"
TWO = 2


@tells_ids_only
def open_questions(workshop: Workshop, batch: str, *, sample: bool) -> StageReceipt:
    """List what waits for a person: held documents; with `sample`, pages to judge, second looks.

    A page for a second look is asked about twice at once, so that neither person is the first.

    Raises:
        RejectedInput: `batch_unknown`, `batch_not_ready`, and what `draw_sample` raises.
    """
    work = workshop.work(batch)
    work.checked()
    held = tuple(Outcomes(work).by_outcome()["held"])
    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    if sample:
        inspection = draw_sample(workshop, batch)
        judged = {item.id: len(inspection.judged_by(item.id)) for item in inspection.sample.items}
        if inspection.result.outcome == OPEN:
            first = tuple(item for item, times in judged.items() if not times)
        second = tuple(x.id for x in inspection.sample.items if x.second and judged[x.id] < TWO)
    counts = {"held": len(held), "sample": len(first), "second": len(second)}
    lists = {"held": held, "sample": first, "second": second}
    return StageReceipt("open_questions", batch, counts, lists)


@tells_ids_only
def heed_decision(
    workshop: Workshop, batch: str, document: str, answer: Mapping[str, Any]
) -> StageReceipt:
    """Keep what a person decided on a held document (`by`, `outcome`, `kind`, `why`).

    Raises:
        RejectedInput: `answer_by_nobody`, and what `decide` raises.
    """
    reader = _reader(answer)
    decision = Decision(
        document, answer["outcome"], reader.who, answer["why"], answer["kind"] or None
    )
    decide(workshop, batch, decision, reader)
    return StageReceipt("heed_decision", batch, {answer["outcome"]: 1})


@tells_ids_only
def heed_judgement(
    workshop: Workshop, batch: str, item: str, answer: Mapping[str, Any]
) -> StageReceipt:
    """Keep what a person found on a sampled page (`by`, `defects`, `kind`, `why`).

    Raises:
        RejectedInput: `answer_by_nobody`, and what `judge` raises.
    """
    reader = _reader(answer)
    defects = tuple(sorted(answer["defects"]))
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    given = Judgement(item, reader.who, defects, now, answer["why"], answer["kind"])
    judge(workshop, batch, given)
    return StageReceipt("heed_judgement", batch, {"defects": len(defects)})


@tells_ids_only
def conclude_answers(workshop: Workshop, batch: str) -> StageReceipt:
    """Store and seal what was decided, where the batch is sealed already; write the report anew."""
    receipt = conclude(workshop, batch)
    refresh_report(workshop, batch)
    held = len(Outcomes(workshop.work(batch)).by_outcome()["held"])
    return StageReceipt("conclude", batch, {"held": held, "sealed": int(receipt is not None)})


def _reader(answer: Mapping[str, Any]) -> Reader:
    if not answer["by"].strip():
        raise RejectedInput("answer_by_nobody")
    return Reader(answer["by"], _WHERE, "review")

"""What a batch has cost, gathered from its work area, the access log and the samples' answers."""

import datetime as dt
from collections.abc import Iterable

from pipeline.assembly import Workshop
from pipeline.effort import efforts
from pipeline.outcomes import Outcomes
from pipeline.work import WorkArea
from quality.cost import Cost, Moment, StageCost, person_time, stage_costs
from quality.sampling.lot_result import Judgement
from records.errors import GiroksilError

# What a person does on a batch until it is released, by the names of the access log.
_WORKS = {"review": "decide", "thumbnail": "look", "sample": "inspect"}
_DECIDES = "decide_"


def cost_of(
    workshop: Workshop, work: WorkArea, outcomes: Outcomes, judgements: Iterable[Judgement]
) -> Cost:
    """The cost of a batch so far. A damaged access log must not keep a batch from its report."""
    stages = stage_costs(
        StageCost(stage, one.units, one.cpu_seconds, one.begun_at, one.ended_at)
        for stage, one in efforts(work)
    )
    pages = work.triaged().count_to_read
    try:
        moments = _moments(workshop, work, outcomes)
    except GiroksilError:
        return Cost(pages, stages, None)
    moments += [Moment(one.by, "inspect", one.at) for one in judgements if one.at]
    return Cost(pages, stages, person_time(moments))


def _moments(workshop: Workshop, work: WorkArea, outcomes: Outcomes) -> list[Moment]:
    received = work.effort("register")
    since = dt.datetime.fromisoformat(received.begun_at) if received else None
    entries = workshop.archive.access.entries(work.batch.delivery.institution.code, since)
    worked = [
        (entry, name)
        for entry in entries
        if (name := "decide" if entry.what.startswith(_DECIDES) else _WORKS.get(entry.what, ""))
    ]
    named = {one for entry, _ in worked for one in entry.documents}
    if not named:
        return []
    own = {page.id for page in work.triaged().each_page() if page.id in named}
    own |= {document for document, _ in outcomes.each_outcome() if document in named}
    return [
        Moment(entry.who, name, entry.time)
        for entry, name in worked
        if not own.isdisjoint(entry.documents)
    ]

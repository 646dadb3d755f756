"""Disposal as the house does it: proposed from the list of what is due, agreed to, carried out."""

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from archive.retention.disposal import (
    answer,
    dispose,
    load_proposal,
    propose,
    require_agreed,
)
from archive.retention.papers import Certificate, Proposal
from archive.retention.periods import RetentionTable, years_after
from pipeline.assembly import Workshop
from pipeline.retention import bundles, due_bundles, table_of
from pipeline.telling import tells_ids_only
from records.errors import RejectedInput
from records.taxonomy import load_taxonomy
from records.values import StageReceipt

_TEXT = """\
# 폐기 제안 · Proposal of disposal `{id}`

기관 institution {institution} · 문서 documents {documents} · 객체 objects {objects} · {time}

서로 다른 두 사람이 동의하면 데이터 키가 두 보관소에서 없어지고, 내용은 다시 열리지 않습니다.
When two different persons agree, the data keys are destroyed on both sites and nothing opens again.

| 문서 document | 종류 kind | 기산일 from | 보존 만료 last day | 근거 basis |
| --- | --- | --- | --- | --- |
{rows}
"""


def make_proposal(
    workshop: Workshop,
    institution: str,
    by: str,
    today: dt.date,
    documents: Iterable[str] = (),
) -> Proposal | None:
    """Propose to dispose of what is due (all of it, or these documents); None where nothing is.

    The list for the persons who decide lies in the reports folder: ids, kinds and days.
    """
    whole, due = due_bundles(workshop, institution, today, documents)
    if not due:
        return None
    table = table_of(workshop)
    objects = {item for bundle in whole for item in bundle.objects}
    proposal = propose(workshop.archive, table, due, objects, by, today)
    path = proposal_path(workshop, proposal.id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(proposal_text(proposal, table), "utf-8")
    return proposal


def proposal_path(workshop: Workshop, proposal: str) -> Path:
    """Where the list of a proposal lies."""
    return workshop.settings.reports / "disposals" / f"{proposal}.md"


def proposal_text(proposal: Proposal, table: RetentionTable) -> str:
    """The list of a proposal, for the persons who decide."""
    kinds = load_taxonomy()
    rows = []
    for one in proposal.documents:
        years = table.years(one.kind, one.holder, proposal.institution)
        last = years_after(dt.date.fromisoformat(one.started), years) if years is not None else "-"
        name = f"{kinds.name(one.kind)} {kinds.name(one.kind, 'en')}"
        rows.append(f"| `{one.id}` | {name} | {one.started} | {last} | "
                    f"{table.period(one.kind).basis} |")  # fmt: skip
    return _TEXT.format(
        id=proposal.id,
        institution=proposal.institution,
        documents=len(proposal.documents),
        objects=len(proposal.objects),
        time=proposal.time,
        rows="\n".join(rows),
    )


def carry_out(workshop: Workshop, institution: str, id: str, today: dt.date) -> Certificate:
    """Destroy what two persons agreed to destroy, on every site, and certify it.

    Raises:
        RejectedInput: not agreed to, or not due any more. TransientError: a site does not answer.
    """
    archive = workshop.archive
    proposal = load_proposal(archive, institution, id)
    vault = workshop.vault(institution)
    listed = {(one.kind, one.id) for one in proposal.objects}
    table = table_of(workshop)
    require_agreed(archive, table, proposal, today)
    for bundle in bundles(workshop, institution, vault.ids("batch")):
        if bundle.documents & {one.id for one in proposal.documents}:
            if bundle.objects - listed:
                raise RejectedInput("disposal_shares_file", id)  # something came since
            bundle.work.save_remnants(bundle.stacks, bundle.pages)
    return dispose(archive, table, proposal, workshop.second_site, today)


@tells_ids_only
def propose_disposal(workshop: Workshop, institution: str) -> StageReceipt:
    """Propose what is due; the receipt's batch is the proposal's id, empty where nothing is due."""
    made = make_proposal(workshop, institution, "airflow", dt.datetime.now(dt.UTC).date())
    counts = {
        "documents": len(made.documents) if made else 0,
        "objects": len(made.objects) if made else 0,
    }
    return StageReceipt("propose", made.id if made else "", counts)


@tells_ids_only
def heed_answers(
    workshop: Workshop, institution: str, id: str, given: Iterable[Mapping[str, Any]]
) -> StageReceipt:
    """Keep what persons answered (`by`, `agrees`, `why`), and dispose where they agree.

    Raises:
        RejectedInput: not two different persons agreed (`disposal_not_agreed`).
    """
    proposal = load_proposal(workshop.archive, institution, id)
    for one in given:
        answer(workshop.archive, proposal, one["by"], "airflow", one["why"], agrees=one["agrees"])
    done = carry_out(workshop, institution, id, dt.datetime.now(dt.UTC).date())
    counts = {"documents": done.documents, "objects": done.objects, "sites": done.sites}
    return StageReceipt("dispose", id, counts)

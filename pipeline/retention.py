"""Which archived documents are due, and every object that holds something of them."""

import contextlib
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.retention.expiry import Expiry, Kept, expiries
from archive.retention.orders import standing
from archive.retention.periods import RetentionTable, load_table
from archive.vault.vault import Vault
from pipeline.assembly import Workshop
from pipeline.documents import load_document
from pipeline.labels import KIND as LABEL
from pipeline.labels import labels_of
from pipeline.outcomes import Outcomes
from pipeline.stage_results import ArchivedDocument, Registered
from pipeline.work import WorkArea, load_registered
from records.errors import RejectedInput
from records.values import Delivery, Document

_OWNER = "owner"


def table_of(workshop: Workshop) -> RetentionTable:
    """The retention table with the operator's policy."""
    policy = workshop.settings.retention_policy
    return load_table(Path(policy) if policy else None)


def expiry_list(workshop: Workshop, institution: str, today: dt.date) -> list[Expiry]:
    """Where each archived document of an institution stands. A list: nothing follows from it."""
    vault = workshop.vault(institution)
    batches: dict[str, Registered] = {}
    kept = [_kept(vault, load_document(vault, id), batches) for id in vault.ids("document")]
    return expiries(table_of(workshop), kept, standing(workshop.archive, institution), today)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Documents that share originals, with all that was made of these.

    `others`: documents that are not archived and still wait for a person, in the same originals.
    `stacks`, `pages`: ids of their work, by what they speak of.
    """

    work: WorkArea
    documents: frozenset[str]
    others: frozenset[str]
    stacks: tuple[str, ...]
    pages: tuple[str, ...]
    objects: frozenset[tuple[str, str]]


def bundles(workshop: Workshop, institution: str, batches: Iterable[str]) -> list[Bundle]:
    """Batches taken apart into what can only be disposed of together.

    Pages of one file, and files of one stack, belong together: an original has one data key.

    Raises:
        RejectedInput: a batch is still under way (`batch_not_ready`).
    """
    vault = workshop.vault(institution)
    labels: dict[str, dict[str, tuple[str, ...]]] = {}
    for label in labels_of(vault):
        labels.setdefault(label.batch, {})[label.id] = label.pages
    return [
        bundle
        for batch in batches
        for bundle in _bundles_of(
            WorkArea(vault, load_registered(vault, batch)), labels.get(batch, {})
        )
    ]


def _bundles_of(work: WorkArea, labels: Mapping[str, tuple[str, ...]]) -> list[Bundle]:
    outcomes, triaged = Outcomes(work), work.triaged()
    joined = _Joined()
    for stack, file in dict.fromkeys((p.stack_id, p.file_id) for p in triaged.each_page()):
        joined.join(stack, file)
    found = []
    by_outcome = outcomes.by_outcome()
    for part in joined.parts():
        pages = [page.id for page in triaged.each_page(part)]
        stacks = [stack for stack in triaged.stacks if stack in part]
        documents = [one.id for one in outcomes.documents.values() if one.stack_id in part]
        objects = [("original", file.id) for file in work.batch.files if file.id in part]
        objects += [("document", one) for one in documents]
        objects += [("thumbnail", page) for page in pages]
        objects += [work.stack_object(stack) for stack in stacks]
        objects += [work.page_object(page) for page in pages]
        objects += [(LABEL, label) for label, of in labels.items() if {*of} & {*pages}]
        found.append(
            Bundle(
                work=work,
                documents=frozenset(documents) & set(by_outcome["accepted"]),
                others=frozenset(documents) & set(by_outcome["held"]),
                stacks=tuple(stacks),
                pages=tuple(pages),
                objects=frozenset(o for o in objects if work.vault.has(*o)),
            )
        )
    return found


class _Joined:
    """Names that belong together because somebody has joined them."""

    def __init__(self) -> None:
        self._part: dict[str, set[str]] = {}

    def join(self, one: str, other: str) -> None:
        part = self._part.setdefault(one, {one}) | self._part.setdefault(other, {other})
        for name in part:
            self._part[name] = part

    def parts(self) -> list[set[str]]:
        return list({id(part): part for part in self._part.values()}.values())


def due_bundles(
    workshop: Workshop, institution: str, today: dt.date, documents: Iterable[str] = ()
) -> tuple[list[Bundle], list[Kept]]:
    """What can be disposed of today, and its documents; with `documents`, just what holds these.

    Raises:
        RejectedInput: one of the chosen is not due (`disposal_not_due`), or shares an original
            with one that is not chosen and due (`disposal_shares_file`).
    """
    due = {
        one.document.id: one.document
        for one in expiry_list(workshop, institution, today)
        if one.state == "due"
    }
    chosen = set(documents)
    for document in sorted(chosen - due.keys()):
        raise RejectedInput("disposal_not_due", document)
    vault = workshop.vault(institution)
    batches = {load_document(vault, id).document.batch_id for id in chosen or due}
    whole = []
    for bundle in bundles(workshop, institution, sorted(batches)):
        left = {id for id in bundle.documents if vault.has("document", id)}
        if chosen and not chosen & left:
            continue
        closed = not bundle.others and left <= (chosen or due.keys())
        if closed and left:
            whole.append(bundle)
        elif chosen:
            raise RejectedInput("disposal_shares_file", min(chosen & left))
    return whole, [due[id] for bundle in whole for id in sorted(bundle.documents & due.keys())]


def _kept(vault: Vault, record: ArchivedDocument, batches: dict[str, Registered]) -> Kept:
    document = record.document
    delivery = _delivery(vault, document.batch_id, batches)
    closed = delivery.institution.closed if delivery else None
    days = [*_days(document), *([closed] if closed else [])]
    return Kept(
        id=document.id,
        institution=vault.institution,
        kind=document.type,
        holder=delivery.holder if delivery else _OWNER,
        # The later of its own last day and of the closing: a misread year must not shorten it.
        started=max(days, default=None),
    )


def _delivery(vault: Vault, batch: str, known: dict[str, Registered]) -> Delivery | None:
    if batch not in known:
        if not vault.has("batch", batch):
            return None
        known[batch] = load_registered(vault, batch)
    return known[batch].batch.delivery


def _days(document: Document) -> Iterable[dt.date]:
    """The days a document itself bears, its patient's birth left out."""
    for name, field in document.fields.items():
        if name.endswith("_date") and name != "birth_date":
            with contextlib.suppress(ValueError):  # a year and a month, say
                yield dt.date.fromisoformat(str(field.value))

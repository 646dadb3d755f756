"""The line, as a table of contents: what happens to a delivery, in order.

    register → triage → read ×chunks → assemble ×chunks → check → store ×chunks → index → seal

Every stage is `(workshop, ids) → StageReceipt`.
It reads its input from the vault by id, leaves its output there under an id derived from the input,
the stage's version and the settings, and tells the orchestrator ids and counts, nothing else.
Run again, it finds its work done.
"""

import collections
from collections.abc import Iterable
from dataclasses import replace

from classifiers.stack import assemble as assemble_stack
from intake.delivery import open_delivery
from pipeline import effort
from pipeline.assembly import Workshop
from pipeline.attachments import NamedFiles, received_things
from pipeline.chunks import assemble_chunks, parts, read_chunks
from pipeline.counting import count
from pipeline.documents import ENTRIES_AT_ONCE, add_entries, archive_document, leaf_of
from pipeline.gap_places import with_places
from pipeline.gaps import unsure_beside_gaps
from pipeline.judging import judge, keep_judged
from pipeline.kind_models import classifier_of, model_in_use
from pipeline.named_patients import NamedByRows, NamedFile, NamedPatients, named_files
from pipeline.outcomes import OUTCOMES, Outcomes
from pipeline.reading import Reading, reader_of
from pipeline.record_versions import RecordVersions
from pipeline.reports import write_report
from pipeline.sorting import sort_files
from pipeline.stage_results import Registered, TriagedBatch
from pipeline.stamping import stamp_seal
from pipeline.telling import tells_ids_only
from pipeline.work import WorkArea, save_registered
from quality.balance import balance
from records.codec import canonical
from records.errors import IntegrityError
from records.ids import derive_id
from records.values import Stack, StageReceipt


@tells_ids_only
def register(workshop: Workshop, delivery_url: str) -> StageReceipt:
    """Receive a delivery: every file byte-exact into the vault, every original a leaf.

    Raises:
        SetupError: the reader is not installed; RejectedInput: the folder is not a delivery.
    """
    watch = effort.start()
    plan = workshop.plan()
    delivery = open_delivery(delivery_url, workshop.limits, workshop.settings.s3_endpoint)
    batch = delivery.batch
    vault = workshop.vault(batch.delivery.institution.code)
    leaves = []
    for file in batch.files:
        if vault.has("original", file.id):
            stored = vault.stored("original", file.id)
        else:
            stored = vault.put("original", file.id, delivery.read(file), same=True)
        leaves.append(leaf_of(stored, batch.id))
    plan = replace(plan, model=model_in_use(workshop, vault.institution))
    save_registered(vault, Registered(batch, plan))
    workshop.archive.ledger.append(leaves)
    workshop.work(batch.id).save_effort("register", "", watch.effort(len(batch.files)))
    counts = {"files": len(batch.files), "failures": len(batch.failures)}
    return StageReceipt("register", batch.id, counts)


@tells_ids_only
def triage(workshop: Workshop, batch: str) -> StageReceipt:
    """Look into every file: scans, pages, what cannot be used; and cut the work into chunks."""
    work = workshop.work(batch)
    if not work.is_triaged():
        watch = effort.start()
        found = sort_files(work, workshop.limits)
        read = work.save_chunks(read_chunks(found, workshop.settings.chunk_pages))
        assemble = work.save_chunks(assemble_chunks(found))
        triaged = TriagedBatch(found.scans, found.failures, read, assemble, found.runs)
        work.save_triaged(triaged, found.beside)
        work.save_effort("triage", "", watch.effort(triaged.count))
    triaged = work.triaged()
    counts = {
        "scans": len(triaged.scans),
        "pages": triaged.count_to_read,
        "failures": len(triaged.failures),
    }
    lists = {"read": triaged.read, "assemble": triaged.assemble}
    return StageReceipt("triage", batch, counts, lists)


@tells_ids_only
def read(workshop: Workshop, batch: str, chunk: str) -> StageReceipt:
    """Read the pages of one chunk; one that cannot be read is a failure, its neighbours go on."""
    work = workshop.work(batch)
    todo = work.read_chunk(chunk)
    watch, done = effort.start(), 0
    reader = reader_of(
        Reading(
            workshop.limits,
            workshop.engine(work.plan.languages),
            batch,
            original=lambda file: work.vault.get("original", file),
            keep_thumbnail=lambda page, image: work.vault.put("thumbnail", page, image),
            beside=work.beside,
            join=NamedFiles(lambda: received_things(work.batch.files, work.triaged().scans)).join,
        ),
        todo,
    )
    named: list[NamedFile] = []
    for page in todo.pages:
        if work.has_page(page.id):
            outcome = work.page(page.id) if page.kind == "row" else None
        else:
            outcome = reader(page)
            work.save_page(outcome)
            done += 1
        if outcome and outcome.document:
            named += named_files(outcome.document)
    work.save_named(chunk, NamedByRows(tuple(named)))
    if done:
        work.save_effort("read", chunk, watch.effort(done))
    return StageReceipt("read", batch, {"pages": len(todo.pages)})


@tells_ids_only
def assemble(workshop: Workshop, batch: str, chunk: str) -> StageReceipt:
    """Take stacks apart into documents with a type and fields, and pages set aside.

    Rows and records that the institution has already are set aside as known.
    """
    work = workshop.work(batch)
    cut_short = {failure.subject for failure in work.triaged().failures if failure.page}
    delivery = work.batch.delivery
    # Only scans are asked about: its libraries take a second and 60 MiB.
    scans = "image" in work.triaged().kinds
    classifier = (
        classifier_of(workshop, delivery.institution.code, work.plan.model) if scans else None
    )
    versions = RecordVersions(workshop, work)
    patients = _named_patients(work)
    counts = {"documents": 0, "known": 0, "changed": 0}
    done, watch = 0, effort.start()
    for stack in work.assemble_chunk(chunk).stacks:
        if not work.has_stack(stack.id):
            rows, texts, failed = [], [], []
            for page in stack.pages:
                if page.duplicate_of:
                    continue
                if page.kind == "row":
                    row = work.row(page.id)
                    rows += [row.document] if row.document else []
                    failed += [page.id] if row.failure else []
                    continue
                outcome = work.page(page.id)
                texts += [outcome.text] if outcome.text else []
                failed += [page.id] if outcome.failure else []
            found = (
                assemble_stack(
                    batch,
                    stack.id,
                    texts,
                    delivery.institution,
                    delivery.reference,
                    classifier,
                    workshop.diseases,
                )
                if texts
                else Stack(stack.id, (), {})
            )
            sure = unsure_beside_gaps(found.documents, stack.pages, failed, cut_short)
            sure = tuple(patients.told(one, stack.pages) for one in sure)
            told = versions.tell_apart(rows)
            aside = dict(found.set_aside) | dict.fromkeys(told.known, "known")
            aside |= {page.id: "duplicate" for page in stack.pages if page.duplicate_of}
            work.save_stack(
                replace(found, documents=sure + told.documents, set_aside=aside, known=told.known)
            )
            done += len(stack.pages)
        made = work.stack(stack.id)
        counts["documents"] += len(made.documents)
        counts["known"] += len(made.known)
        counts["changed"] += sum(document.replaces is not None for document in made.documents)
    if done:
        work.save_effort("assemble", chunk, watch.effort(done))
    return StageReceipt("assemble", batch, counts)


def _named_patients(work: WorkArea) -> NamedPatients:
    """Whose the scanned files are; rows are all read before the first stack is taken apart."""
    triaged = work.triaged()
    both = triaged.kinds >= {"image", "row"}
    named = (one for chunk in triaged.read for one in work.named(chunk)) if both else ()
    return NamedPatients(triaged.scans, named, lambda row: work.page(row).document)


@tells_ids_only
def check(workshop: Workshop, batch: str) -> StageReceipt:
    """Judge pages and documents by the suites: accept, hold for a person, or reject."""
    work = workshop.work(batch)
    outcomes = Outcomes(work)
    if not work.is_checked():
        watch = effort.start()
        judged = keep_judged(outcomes, judge(workshop, outcomes))
        work.save_effort("check", "", watch.effort(judged))
    counts = collections.Counter(outcome for _, outcome in outcomes.each_outcome())
    standing = {name: counts[name] for name in OUTCOMES.values()}
    return StageReceipt("check", batch, standing, {"store": work.checked().store})


@tells_ids_only
def store(workshop: Workshop, batch: str, chunk: str) -> StageReceipt:
    """Put the accepted documents of one chunk into the vault, each with its leaf."""
    work = workshop.work(batch)
    todo = work.store_chunk(chunk)
    watch = effort.start()
    store_documents(workshop, Outcomes(work, todo.stacks), todo.documents)
    work.save_effort("store", chunk, watch.effort(len(todo.documents)))
    return StageReceipt("store", batch, {"documents": len(todo.documents)})


@tells_ids_only
def index(workshop: Workshop, batch: str) -> StageReceipt:
    """Make every accepted document findable; those that a person accepted are stored first."""
    work = workshop.work(batch)
    watch, outcomes = effort.start(), Outcomes(work)
    institution = work.batch.delivery.institution.code
    gone = work.vault.disposed_ids("document")
    added = entries = 0
    accepted = (document for document, outcome in outcomes.each_outcome() if outcome == "accepted")
    for part in parts(accepted, ENTRIES_AT_ONCE):
        known = workshop.archive.index.those_there(institution, part) | gone
        missing = [document for document in part if document not in known]
        store_documents(workshop, outcomes, missing)
        add_entries(workshop.archive.index, work.vault, dict.fromkeys(missing, batch))
        added, entries = added + len(missing), entries + len(part)
    work.save_effort("index", "", watch.effort(added))
    return StageReceipt("index", batch, {"added": added, "entries": entries})


@tells_ids_only
def seal(workshop: Workshop, batch: str) -> StageReceipt:
    """Count everything once more from the stores; a batch that balances gets its seal.

    Raises:
        IntegrityError: `unbalanced`; the report names every gap.
    """
    work, watch = workshop.work(batch), effort.start()
    counted = count(workshop, work)
    sheet = with_places(work, balance(counted))
    if not sheet.balanced:
        write_report(workshop, work, sheet)
        raise IntegrityError("unbalanced", batch)
    body = canonical({"batch": batch, "lines": [[x.code, x.left, x.right] for x in sheet.lines]})
    seal_id = derive_id("e", batch, body)
    stored = work.vault.put("seal", seal_id, body, same=True)
    decided = [leaf_of(x, batch) for x in Outcomes(work).stored_decisions()]
    workshop.archive.ledger.append([*decided, leaf_of(stored, batch)])
    workshop.archive.ledger.sign_head()
    stamped = stamp_seal(workshop)
    work.save_effort("seal", "", watch.effort(len(counted.pages)))
    write_report(workshop, work, sheet)
    return StageReceipt("seal", batch, counted.totals() | stamped)


def store_documents(workshop: Workshop, outcomes: Outcomes, documents: Iterable[str]) -> None:
    """Put documents into the vault and their leaves into the ledger, in this order."""
    batch = outcomes.work.batch.id
    leaves = [leaf_of(archive_document(outcomes, document), batch) for document in documents]
    workshop.archive.ledger.append(leaves)

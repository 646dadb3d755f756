"""Disposal: proposed, agreed to by two persons, carried out on every site, certified.

Data keys are destroyed by putting a tombstone in each record's place. The second site comes first:
what is gone there cannot come back from it. Killed anywhere and run again, the work ends.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from archive.opening import Archive
from archive.replica import replicate
from archive.retention.expiry import Kept, expiries
from archive.retention.orders import standing
from archive.retention.papers import (
    KIND,
    Answer,
    Certificate,
    DueDocument,
    DueObject,
    Proposal,
    answer_id,
    are_agreed,
    certificate_id,
)
from archive.retention.periods import RetentionTable
from archive.vault.envelope import parse_record, unwrap
from archive.vault.institution_keys import load_institution_keys
from archive.vault.names import object_name
from archive.vault.store import ObjectStore
from archive.vault.tombstone import Tombstone, bury, read_tombstone
from records.archived import LedgerLeaf
from records.codec import decode, encode
from records.errors import IntegrityError, RejectedInput
from records.ids import derive_id

NEVER = ("disposal", "retention", "seal", "access", "decision", "batch")
"""Kinds that are kept for good: they say what was done, by whom, and to what."""


def propose(
    archive: Archive,
    table: RetentionTable,
    documents: Sequence[Kept],
    objects: Iterable[tuple[str, str]],
    by: str,
    today: dt.date,
) -> Proposal:
    """Write down what is to be disposed of; nothing is destroyed by it.

    `documents` of one institution, and `(kind, id)` of all objects that hold something of them.

    Raises:
        RejectedInput: nothing is proposed or a kind is kept for good (`disposal_invalid`); a
            document's period is not over, or a hold stands on it (`disposal_not_due`).
    """
    institutions = {document.institution for document in documents}
    chosen = sorted(set(objects))
    if len(institutions) != 1 or any(kind in NEVER for kind, _ in chosen):
        raise RejectedInput("disposal_invalid")
    institution = institutions.pop()
    _require_due(archive, table, institution, documents, today)
    time = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    due = [_due_object(archive, institution, kind, id) for kind, id in chosen]
    proposal = Proposal(
        id=derive_id("x", institution, time, *(document.id for document in documents)),
        institution=institution,
        time=time,
        by=by,
        documents=tuple(
            DueDocument(one.id, one.kind, one.holder, one.started.isoformat())
            for one in documents
            if one.started
        ),
        objects=tuple(due),
        table=table.version,
    )
    _keep(archive, institution, proposal.id, encode(proposal))
    return proposal


def answer(
    archive: Archive, proposal: Proposal, by: str, where: str, why: str, *, agrees: bool
) -> Answer:
    """Keep one person's answer; whoever calls this has made sure who that is.

    Raises:
        RejectedInput: no name or no reason (`disposal_answer_invalid`), or the person has answered
            otherwise before (`disposal_answered`).
    """
    if not by.strip() or not why.strip():
        raise RejectedInput("disposal_answer_invalid")
    id = answer_id(proposal.id, by)
    vault = archive.vault(proposal.institution)
    if not vault.has(KIND, id):
        time = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        given = Answer(id, proposal.id, by, where, agrees, why, time)
        vault.put(KIND, id, encode(given))
    stands = decode(Answer, vault.get(KIND, id))
    if stands.agrees != agrees:
        raise RejectedInput("disposal_answered", proposal.id)
    _keep(archive, proposal.institution, id, encode(stands))
    return stands


def load_proposal(archive: Archive, institution: str, id: str) -> Proposal:
    """A proposal that was made.

    Raises:
        RejectedInput: there is none (`disposal_unknown`).
    """
    vault = archive.vault(institution)
    try:
        if vault.has(KIND, id):
            found = decode(Proposal, vault.get(KIND, id))
            if found.id == id:
                return found
    except (ValueError, KeyError, TypeError):
        pass  # an answer or a certificate
    raise RejectedInput("disposal_unknown", id)


def answers(archive: Archive, proposal: Proposal) -> tuple[Answer, ...]:
    """The answers given so far, in order of time."""
    vault = archive.vault(proposal.institution)
    found = []
    for id in vault.ids(KIND):
        try:
            one = decode(Answer, vault.get(KIND, id))
        except (ValueError, KeyError, TypeError):
            continue
        if one.proposal == proposal.id:
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.time))


def dispose(
    archive: Archive,
    table: RetentionTable,
    proposal: Proposal,
    second: ObjectStore | None,
    today: dt.date,
) -> Certificate:
    """Carry out what two persons agreed to: on the second site, here, in the index; certify it.

    Raises:
        RejectedInput: see `require_agreed`.
        TransientError: a site does not answer; nothing is certified, and the same call goes on.
    """
    require_agreed(archive, table, proposal, today)
    code, vault = proposal.institution, archive.vault(proposal.institution)
    if second:
        # Before it has a tombstone a site has the papers that prove it.
        papers = [proposal.id, *(one.id for one in answers(archive, proposal))]
        only = [object_name(code, KIND, id) for id in papers]
        if problems := replicate(archive, second, only=only).problems:
            raise IntegrityError("replica_incomplete", str(len(problems)))
    graves = [
        Tombstone(object_name(code, one.kind, one.id), one.commitment, one.ciphertext_sha256,
                  proposal.id)
        for one in proposal.objects
    ]  # fmt: skip
    for store in [second, archive.store] if second else [archive.store]:
        for grave in graves:
            bury(store, grave)
    gone = {document.id for document in proposal.documents}
    archive.index.remove(sorted(gone & archive.index.document_ids(code)))
    certificate = Certificate(
        id=certificate_id(proposal.id),
        proposal=proposal.id,
        institution=code,
        time=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        documents=len(proposal.documents),
        objects=len(graves),
        sites=2 if second else 1,
        agreed=tuple(sorted(one.by for one in answers(archive, proposal))),
    )
    vault.put(KIND, certificate.id, encode(certificate))
    stands = decode(Certificate, vault.get(KIND, certificate.id))
    _keep(archive, code, stands.id, encode(stands))
    return stands


def require_agreed(
    archive: Archive, table: RetentionTable, proposal: Proposal, today: dt.date
) -> None:
    """Raise unless two persons agree and everything is still due.

    What has a certificate was due, and stays disposed of, whatever is ordered afterwards.

    Raises:
        RejectedInput: `disposal_not_agreed`, `disposal_not_due`.
    """
    code = proposal.institution
    if not are_agreed(answers(archive, proposal)):
        raise RejectedInput("disposal_not_agreed", proposal.id)
    if archive.vault(code).has(KIND, certificate_id(proposal.id)):
        return
    documents = [
        Kept(one.id, code, one.kind, one.holder, dt.date.fromisoformat(one.started))
        for one in proposal.documents
    ]
    _require_due(archive, table, code, documents, today)


def _require_due(
    archive: Archive,
    table: RetentionTable,
    institution: str,
    documents: Sequence[Kept],
    today: dt.date,
) -> None:
    for expiry in expiries(table, documents, standing(archive, institution), today):
        if expiry.state != "due":
            raise RejectedInput("disposal_not_due", expiry.document.id)


def _due_object(archive: Archive, institution: str, kind: str, id: str) -> DueObject:
    name = object_name(institution, kind, id)
    raw = archive.store.get(name.record)
    if raw is None:
        raise IntegrityError("object_missing", id)
    if read_tombstone(name, raw):
        raise RejectedInput("object_disposed", id)
    record = parse_record(name, raw)
    unwrap(load_institution_keys(archive.secrets, archive.store, institution), record)
    return DueObject(kind, id, record.commitment, record.ciphertext_sha256)


def _keep(archive: Archive, institution: str, id: str, data: bytes) -> None:
    """Keep an object of a disposal, with its leaf under a signed head."""
    stored = archive.vault(institution).put(KIND, id, data, same=True)
    archive.ledger.append([LedgerLeaf(KIND, institution, "", id, stored.commitment)])
    archive.ledger.sign_head()

"""What each public name of the archive does with institution A's object in B's hands."""

import dataclasses
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archive import escrow, key_use, rotation, verify
from archive.hash_renewal import HashRenewing
from archive.ledger.check_proof import NOT_OPENED, read_proof
from archive.opening import Archive, open_archive
from archive.renewed_contents import RenewedContents
from archive.vault import envelope, institution_keys
from archive.vault.names import ObjectName
from archive.vault.store import ObjectStore
from archive.vault.vault import Vault
from records.archived import LedgerLeaf

from .conftest import ONE, TWO, an_id, entry
from .recovery_attempts import RECOVERY

OPENERS = {
    "archive.access_log",
    "archive.index.index",
    "archive.ledger.ledger",
    "archive.opening",
    "archive.vault.envelope",
    "archive.vault.institution_keys",
    "archive.vault.vault",
}
"""What an object, a token of its text or a key of its institution passes through in plain."""

DOCUMENT = an_id("d", ONE, 0)
READ = an_id("p", ONE, 0)


@dataclasses.dataclass(frozen=True)
class Scene:
    """B's context over a store that holds A's objects."""

    folder: Path
    archive: Archive
    vault: Vault

    @property
    def keys(self) -> institution_keys.InstitutionKeys:
        found = institution_keys.read_institution_keys(self.archive.secrets, TWO)
        assert found
        return found

    @property
    def store(self) -> ObjectStore:
        return self.archive.store

    def raw_record(self) -> bytes:
        return self.store.get(ObjectName(ONE, "document", DOCUMENT).record) or b""

    def record(self) -> envelope.Record:
        return envelope.parse_record(ObjectName(ONE, "document", DOCUMENT), self.raw_record())

    def ciphertext(self) -> bytes:
        record = self.record()
        return self.store.get(record.name.blob(record.ciphertext_sha256)) or b""


Attempt = tuple[Callable[[Scene], Any], Any]


def _leaf(scene: Scene) -> LedgerLeaf:
    commitment = next(x for x in scene.archive.ledger.leaves() if x.id == DOCUMENT).commitment
    return LedgerLeaf("document", TWO, "", DOCUMENT, commitment)


def _search(scene: Scene) -> set[str]:
    index = scene.archive.index
    asked: list[dict[str, Any]] = [{"query": "고혈압"}, {"patient_name": "김가상"}, {"query": ""}]
    asked += [{"batch": an_id("b", ONE)}, {"type": "certificate"}, {"since": "1900-01-01"}]
    asked += [{"chart_no": "12345"}, {"until": "2100-01-01"}]
    hits = [hit for one in asked for hit in index.search(institution=TWO, **one)]
    return {hit.institution for hit in hits} | {hit.batch for hit in hits}


def _attempt_renewal(scene: Scene) -> Any:
    """What hashing A's leaf under B's name finds."""
    contents = RenewedContents(scene.archive, 1, None)
    contents.digest(_leaf(scene))
    return contents.problems()


def _person(scene: Scene) -> bool:
    hashes = {
        scene.archive.index.person_hash(code, "patient_name", "김가상") for code in (ONE, TWO)
    }
    return len(hashes) == 2


def _in_whole_archive(call: Callable[[Scene], Any]) -> Attempt:
    """A call that speaks of the whole archive, to operators: ids and counts, no content."""
    return call, lambda value: value is not None


# What each public name does with A's object in B's hands: an error's code, or what is to be true.
ATTEMPTS: dict[str, Attempt] = {
    # An institution's vault.
    "vault.vault.Vault.get": (lambda s: s.vault.get("document", DOCUMENT), "object_missing"),
    "vault.vault.Vault.stored": (lambda s: s.vault.stored("document", DOCUMENT), "object_missing"),
    "vault.vault.Vault.has": (lambda s: s.vault.has("document", DOCUMENT), False),
    "vault.vault.Vault.ids": (lambda s: DOCUMENT in set(s.vault.ids("document")), False),
    "vault.vault.Vault.put": (
        lambda s: s.vault.put("page", DOCUMENT, b"x").institution,
        TWO,
    ),
    "vault.vault.Vault.put_all": (
        lambda s: [one.institution for one in s.vault.put_all("page", [(READ, b"x")])],
        [TWO],
    ),
    "vault.vault.Vault.put_file": (
        lambda s: s.vault.put_file("page", DOCUMENT, io.BytesIO(b"x")).institution,
        TWO,
    ),
    "vault.vault.Vault.get_into": (
        lambda s: s.vault.get_into("document", DOCUMENT, io.BytesIO()),
        "object_missing",
    ),
    "vault.vault.Vault.delete": (
        lambda s: [s.vault.delete("work/read", READ), s.archive.vault(ONE).has("work/read", READ)],
        [None, True],
    ),
    "vault.vault.Vault.salt": (
        lambda s: (
            s.vault.salt("document", DOCUMENT) == s.archive.vault(ONE).salt("document", DOCUMENT)
        ),
        False,
    ),
    "vault.vault.Vault.commitment": (
        lambda s: (
            s.vault.commitment("document", DOCUMENT, s.archive.vault(ONE).get("document", DOCUMENT))
            == s.record().commitment
        ),
        False,
    ),
    "vault.vault.Vault.sweep_orphans": (
        lambda s: [s.vault.sweep_orphans(0), len(s.archive.vault(ONE).get("document", DOCUMENT))],
        lambda value: value[1] > 0,
    ),
    # The envelope, with B's keys over A's bytes.
    "vault.envelope.unwrap": (lambda s: envelope.unwrap(s.keys, s.record()), "record_damaged"),
    "vault.envelope.rewrap": (
        lambda s: envelope.rewrap(s.keys.wrapping, s.record()),
        "record_damaged",
    ),
    "vault.envelope.open_sealed": (
        lambda s: envelope.open_sealed(s.keys, s.record(), s.ciphertext()),
        "record_damaged",
    ),
    "vault.envelope.seal_file": (
        lambda s: envelope.unwrap(
            institution_keys.load_institution_keys(s.archive.secrets, s.store, ONE),
            envelope.seal_file(
                s.keys, ObjectName(ONE, "page", "p"), io.BytesIO(b"x"), io.BytesIO()
            ),
        ),
        "record_damaged",
    ),
    "vault.envelope.open_file": (
        lambda s: envelope.open_file(s.keys, s.record(), io.BytesIO(s.ciphertext()), io.BytesIO()),
        "record_damaged",
    ),
    "vault.envelope.parse_record": (
        lambda s: envelope.parse_record(ObjectName(TWO, "document", DOCUMENT), s.raw_record()),
        "record_damaged",
    ),
    "vault.envelope.seal": (
        lambda s: envelope.unwrap(
            institution_keys.load_institution_keys(s.archive.secrets, s.store, ONE),
            envelope.seal(s.keys, ObjectName(ONE, "page", "p"), b"x")[0],
        ),
        "record_damaged",
    ),
    "vault.envelope.Record.bound_fields": (lambda s: s.record().bound_fields()["id"], DOCUMENT),
    "vault.envelope.Record.content_fields": (lambda s: s.record().content_fields()["id"], DOCUMENT),
    "vault.envelope.Record.stored_object": (lambda s: s.record().stored_object().id, DOCUMENT),
    "vault.envelope.Record.to_bytes": (lambda s: s.record().to_bytes() == s.raw_record(), True),
    # Keys.
    "vault.institution_keys.load_institution_keys": (
        lambda s: _moved_keys(s, institution_keys.load_institution_keys),
        "secret_damaged",
    ),
    "vault.institution_keys.read_institution_keys": (
        lambda s: _moved_keys(s, lambda secrets, _, code: _read(secrets, code)),
        "secret_damaged",
    ),
    "vault.institution_keys.parse_institution_keys": (
        lambda s: institution_keys.parse_institution_keys(
            s.store.get(f"{ONE}/keys/institution") or b"", f"{TWO}/keys/institution"
        ),
        "secret_damaged",
    ),
    "vault.institution_keys.InstitutionKeys.salt": (
        lambda s: s.keys.salt("document", DOCUMENT) == s.vault.salt("document", DOCUMENT),
        True,
    ),
    "vault.institution_keys.InstitutionKeys.with_wrapping": (
        lambda s: envelope.unwrap(s.keys.with_wrapping(s.keys.wrapping), s.record()),
        "record_damaged",
    ),
    "vault.institution_keys.InstitutionKeys.to_bytes": (
        lambda s: s.keys.to_bytes() == s.archive.secrets.read(f"{TWO}/keys/institution"),
        True,
    ),
    "vault.institution_keys.CurrentKeys.that_open": (
        lambda s: envelope.unwrap(
            institution_keys.CurrentKeys(lambda: s.keys).that_open(s.record().key_id), s.record()
        ),
        "record_damaged",
    ),
    # The ledger: what is proven under B's name is B's.
    "ledger.ledger.Ledger.prove": (
        lambda s: s.archive.ledger.prove("document", TWO, DOCUMENT),
        "leaf_missing",
    ),
    "ledger.ledger.Ledger.ids": (
        lambda s: DOCUMENT in s.archive.ledger.ids("document", TWO),
        False,
    ),
    "ledger.ledger.Ledger.append": (
        lambda s: [
            s.archive.ledger.append([_leaf(s)]),
            read_proof(s.archive.ledger.prove("document", TWO, DOCUMENT)).salt
            == s.archive.vault(ONE).salt("document", DOCUMENT),
        ],
        [1, False],
    ),
    "ledger.ledger.Ledger.leaves": _in_whole_archive(lambda s: list(s.archive.ledger.leaves())),
    "ledger.ledger.Ledger.root": _in_whole_archive(lambda s: s.archive.ledger.root()),
    "ledger.ledger.Ledger.sign_head": _in_whole_archive(lambda s: s.archive.ledger.sign_head()),
    "ledger.ledger.Ledger.newest_head": _in_whole_archive(lambda s: s.archive.ledger.newest_head()),
    "ledger.ledger.Ledger.head": _in_whole_archive(lambda s: s.archive.ledger.head(1) or ""),
    "ledger.ledger.Ledger.signed_since": _in_whole_archive(
        lambda s: s.archive.ledger.signed_since(0)
    ),
    "ledger.ledger.Ledger.count_beyond": _in_whole_archive(
        lambda s: s.archive.ledger.count_beyond(0, "stamp")
    ),
    "ledger.ledger.Ledger.prove_extension": _in_whole_archive(
        lambda s: s.archive.ledger.prove_extension(1)
    ),
    "ledger.ledger.Ledger.stamp": _in_whole_archive(lambda s: s.archive.ledger.stamp(1) or ""),
    "ledger.ledger.Ledger.stamp_sizes": _in_whole_archive(lambda s: s.archive.ledger.stamp_sizes()),
    "ledger.ledger.Ledger.keep_stamp": _in_whole_archive(
        lambda s: [s.archive.ledger.keep_stamp(1, b"stamp")]
    ),
    "ledger.ledger.Ledger.commit_stamp": _in_whole_archive(
        lambda s: [s.archive.ledger.commit_stamp(1)]
    ),
    "ledger.ledger.Ledger.stamps_without_leaf": _in_whole_archive(
        lambda s: s.archive.ledger.stamps_without_leaf()
    ),
    "ledger.ledger.Ledger.leaves_between": _in_whole_archive(
        lambda s: s.archive.ledger.leaves_between(0, 2)
    ),
    "ledger.ledger.Ledger.committed_renewals": _in_whole_archive(
        lambda s: s.archive.ledger.committed_renewals()
    ),
    "ledger.ledger.Ledger.evidence": _in_whole_archive(
        lambda s: s.archive.ledger.evidence(0, 0, 1)
    ),
    "ledger.stamping.Stamping.authority": (lambda s: s.archive.stamps.authority, None),
    "ledger.stamping.Authority.stamp": _in_whole_archive(lambda s: s.archive.stamps.state()),
    "ledger.stamping.Authority.check": _in_whole_archive(lambda s: s.archive.stamps.state()),
    "ledger.stamping.Stamping.configured": (lambda s: s.archive.stamps.configured, False),
    "ledger.stamping.Stamping.waiting": _in_whole_archive(lambda s: s.archive.stamps.waiting()),
    "ledger.stamping.Stamping.make_up": _in_whole_archive(lambda s: s.archive.stamps.make_up()),
    "ledger.stamping.Stamping.state": _in_whole_archive(lambda s: s.archive.stamps.state()),
    # The index.
    "index.index.Index.search": (_search, {TWO, an_id("b", TWO)}),
    "index.index.Index.document_ids": (
        lambda s: s.archive.index.document_ids(TWO) & s.archive.index.document_ids(ONE),
        set(),
    ),
    "index.index.Index.each_document_id": (
        lambda s: DOCUMENT in set(s.archive.index.each_document_id(TWO, an_id("b", ONE))),
        False,
    ),
    "index.index.Index.those_there": (
        lambda s: s.archive.index.those_there(TWO, [DOCUMENT]),
        set(),
    ),
    "index.index.Index.sources": (
        lambda s: s.archive.index.sources(TWO).keys() & s.archive.index.sources(ONE).keys(),
        set(),
    ),
    "index.index.Index.source": _in_whole_archive(lambda s: s.archive.index.source("commitment")),
    "index.index.Index.person_hash": (_person, True),
    "index.index.Index.persons": (lambda s: s.archive.index.persons(TWO, [DOCUMENT]), ()),
    "index.index.Index.add": (
        lambda s: [
            s.archive.index.add([entry("d-b", TWO, "고혈압")]),
            "d-b" in s.archive.index.document_ids(ONE),
        ],
        [1, False],
    ),
    "index.index.Index.remove": _in_whole_archive(lambda s: [s.archive.index.remove(["d-none"])]),
    "index.index.Index.institutions": _in_whole_archive(lambda s: s.archive.index.institutions()),
    "index.index.Index.is_there": _in_whole_archive(lambda s: s.archive.index.is_there()),
    "index.index.Index.count": _in_whole_archive(lambda s: s.archive.index.count()),
    "index.index.Index.check": _in_whole_archive(lambda s: s.archive.index.check()),
    "index.index.Index.close": _in_whole_archive(lambda s: [s.archive.index.close()]),
    # The access log.
    "access_log.AccessLog.entries": (
        lambda s: {one.institution for one in s.archive.access.entries(TWO)},
        {TWO},
    ),
    "access_log.AccessLog.entries_of_all": (
        lambda s: {one.institution for one in s.archive.access.entries_of_all([TWO])},
        {TWO},
    ),
    "access_log.AccessLog.without_leaf": (lambda s: s.archive.access.without_leaf(TWO), 0),
    "access_log.AccessLog.record": (
        lambda s: [
            s.archive.access.record(TWO, "who", "where", "view", "why", documents=[DOCUMENT]).why,
            len(list(s.archive.access.entries(ONE))),
        ],
        ["why", 1],
    ),
    # Opening the archive.
    "opening.Archive.vault": (
        lambda s: s.archive.vault(TWO).get("document", DOCUMENT),
        "object_missing",
    ),
    "opening.Archive.vaults": (
        lambda s: [v.has("document", DOCUMENT) for v in s.archive.vaults()[0]],
        [True, False],
    ),
    "opening.Archive.institutions": _in_whole_archive(lambda s: list(s.archive.institutions())),
    "opening.Archive.sweep": _in_whole_archive(lambda s: s.archive.sweep(3600)),
    "opening.Archive.signing_key": _in_whole_archive(lambda s: s.archive.signing_key().key_id),
    "opening.open_archive": (
        lambda s: (
            open_archive(
                (s.folder / "store").as_uri(),
                s.folder / "keys" / "master.key",
                s.folder / "index" / "search.db",
            )
            .vault(TWO)
            .get("document", DOCUMENT)
        ),
        "object_missing",
    ),
    # The operator's work over the whole archive tells ids and counts.
    "hash_renewal.HashRenewing.renew": (
        lambda s: HashRenewing(s.archive).renew(),
        "renewal_unstamped",
    ),
    "hash_renewal.HashRenewing.state": _in_whole_archive(lambda s: HashRenewing(s.archive).state()),
    "renewed_contents.RenewedContents.digest": (
        lambda s: [RenewedContents(s.archive, 1, None).digest(_leaf(s))[0]],
        [NOT_OPENED],
    ),
    "renewed_contents.RenewedContents.name": _in_whole_archive(
        lambda s: [RenewedContents(s.archive, 1, None).name("document", DOCUMENT, "code")]
    ),
    "renewed_contents.RenewedContents.problems": (
        _attempt_renewal,
        lambda value: [one.code for one in value] == ["object_missing"],
    ),
    "key_use.keys": _in_whole_archive(lambda s: list(key_use.keys(s.archive))),
    "key_use.dependents": (
        lambda s: {
            one.institution
            for one in key_use.dependents(s.archive, s.keys.wrapping.key_id)
            if one.institution
        },
        {TWO},
    ),
    "key_use.count_dependents": _in_whole_archive(lambda s: key_use.count_dependents(s.archive)),
    "key_use.drop_key": (
        lambda s: key_use.drop_key(s.archive, s.keys.wrapping.key_id),
        "key_in_use",
    ),
    "rotation.rotate_keys": _in_whole_archive(lambda s: rotation.rotate_keys(s.archive)),
    "verify.verify": _in_whole_archive(lambda s: verify.verify(s.archive, TWO)),
    "verify.VerifyReport.ok": _in_whole_archive(lambda s: verify.verify(s.archive, TWO).ok),
    "escrow.split_master_key": (
        lambda s: escrow.split_master_key(s.archive, 3, 4),
        "shares_plan_invalid",
    ),
    "escrow.recover_master_key": (
        lambda s: escrow.recover_master_key([], str(s.folder / "x.key")),
        "shares_too_few",
    ),
    "escrow.secrets_that_open": _in_whole_archive(
        lambda s: escrow.secrets_that_open(
            (s.folder / "store").as_uri(), "", str(s.folder / "keys" / "master.key")
        )
    ),
}
ATTEMPTS |= RECOVERY


def _read(secrets: Any, code: str) -> Any:
    return institution_keys.read_institution_keys(secrets, code)


def _moved_keys(scene: Scene, load: Callable[..., Any]) -> Any:
    """A's wrapped keys, laid where B's are looked for."""
    scene.store.put(f"{TWO}/keys/institution", scene.store.get(f"{ONE}/keys/institution") or b"")
    return load(scene.archive.secrets, scene.store, TWO)

"""One institution's objects: encrypted, committed by their record, never replaced."""

import io
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

from archive.vault.commitment import commitment_of
from archive.vault.data_key import room_for
from archive.vault.envelope import (
    WHOLE,
    Record,
    open_file,
    open_sealed,
    parse_record,
    seal,
    seal_file,
    unwrap,
)
from archive.vault.institution_keys import CurrentKeys
from archive.vault.names import (
    ObjectName,
    object_name,
    parse_blob_key,
    parse_disposed_key,
    parse_record_key,
)
from archive.vault.spools import Spools
from archive.vault.store import ObjectStore
from archive.vault.tombstone import read_tombstone
from records.archived import StoredObject
from records.errors import IntegrityError, RejectedInput, TransientError

_AT_ONCE = 8
_NEW_IN_A_ROW = 8
_ASKED_FROM_BYTES = 1024 * 1024
_SPOOLS = Spools()
STREAM_ABOVE_BYTES = 32 * 1024 * 1024


class Vault:
    """The vault of one institution.

    Every call may raise RejectedInput for a kind or id that is not of its shape and for an object
    that was disposed of (`object_disposed`), and what the store raises. Calls are safe from many
    threads and processes.
    """

    def __init__(self, store: ObjectStore, keys: CurrentKeys, institution: str) -> None:
        self._store = store
        self._keys = keys
        self.institution = institution
        self._absent: dict[str, int] = {}

    def put(self, kind: str, id: str, data: bytes, same: bool = False) -> StoredObject:
        """Keep an object; where it is kept already, nothing is written and the first one stands.

        `same`: the content follows from the id, so a different one is a fault.

        Raises:
            IntegrityError: `same`, and the object that is there is another (`object_differs`).
        """
        name = self._name(kind, id)
        if self._is_expected_absent(kind, len(data)):
            stored = self._commit(name, data)
        else:
            # Asked before it is read: of an absent key, HEAD is a millisecond cheaper than GET.
            there = self._existing(name) if self._store.exists(name.record) else None
            self._absent[kind] = 0 if there else self._absent.get(kind, 0) + 1
            stored = there or self._commit(name, data)
        if same and stored.commitment != self.commitment(kind, id, data):
            raise IntegrityError("object_differs", id)
        return stored

    def put_file(self, kind: str, id: str, file: BinaryIO) -> StoredObject:
        """As `put`, of a file that can be read twice, from where it stands to its end.

        Neither content nor ciphertext are in memory as a whole; the ciphertext lies meanwhile in
        a nameless temporary file.
        """
        name = self._name(kind, id)
        return self._existing(name) or self._commit_file(name, file)

    def get_into(self, kind: str, id: str, file: BinaryIO) -> StoredObject:
        """Write an object at the end of a file; what is there after an error is not proven.

        Raises:
            IntegrityError: see `get`.
        """
        record = self._record(self._name(kind, id))
        keys = self._keys.that_open(record.key_id)
        if record.format == WHOLE:
            file.write(self.get(kind, id))
            return record.stored_object()
        with tempfile.TemporaryFile() as spool:
            if not self._store.get_into(record.name.blob(record.ciphertext_sha256), spool):
                raise IntegrityError("ciphertext_missing", id)
            spool.seek(0)
            open_file(keys, record, spool, file)
        return record.stored_object()

    def put_all(
        self, kind: str, items: Iterable[tuple[str, bytes]], same: bool = False
    ) -> list[StoredObject]:
        """Keep several objects of a kind, `(id, data)`; as `put` each, in their order.

        Eight at a time: what a put waits for is the disk or the network, and they wait together.
        Where one fails the others may be kept.
        """
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(lambda item: self.put(kind, item[0], item[1], same), items))

    def get(self, kind: str, id: str) -> bytes:
        """The object's bytes, proven to be those that were put.

        Raises:
            IntegrityError: there is none (`object_missing`), or it is damaged.
        """
        record = self._record(self._name(kind, id))
        ciphertext = self._store.get(record.name.blob(record.ciphertext_sha256))
        if ciphertext is None:
            raise IntegrityError("ciphertext_missing", id)
        return open_sealed(self._keys.that_open(record.key_id), record, ciphertext)

    def has(self, kind: str, id: str) -> bool:
        """Whether the object exists; what was disposed of does not."""
        name = self._name(kind, id)
        return self._store.exists(name.record) and not self._store.exists(name.disposed)

    def ids(self, kind: str) -> Iterator[str]:
        """Ids of all objects of a kind, sorted; those disposed of are left out."""
        prefix = self._name(kind, "any").record.removesuffix("any")
        gone = self.disposed_ids(kind)
        for key in self._store.list(prefix):
            name = parse_record_key(key)
            if name and name.kind == kind and name.id not in gone:
                yield name.id

    def disposed_ids(self, kind: str) -> set[str]:
        """Ids of the objects of a kind that were disposed of."""
        prefix = self._name(kind, "any").disposed.removesuffix("any")
        names = map(parse_disposed_key, self._store.list(prefix))
        return {name.id for name in names if name and name.kind == kind}

    def stored(self, kind: str, id: str) -> StoredObject:
        """What is known of an object without reading it.

        Raises:
            IntegrityError: there is none (`object_missing`), or its record is damaged.
        """
        record = self._record(self._name(kind, id))
        unwrap(self._keys.that_open(record.key_id), record)
        return record.stored_object()

    def delete(self, kind: str, id: str) -> None:
        """Remove an object of a `work/` kind; nothing happens where there is none.

        Raises:
            RejectedInput: any other kind (`object_is_kept`).
        """
        name = self._name(kind, id)
        if not kind.startswith("work/"):
            raise RejectedInput("object_is_kept", id)
        raw = self._store.get(name.record)
        if raw is None or read_tombstone(name, raw):
            return
        self._store.delete(name.record)
        self._store.delete(name.blob(parse_record(name, raw).ciphertext_sha256))

    def salt(self, kind: str, id: str) -> bytes:
        """The salt of one object's commitment, for a proof that reveals it."""
        self._name(kind, id)
        return self._keys().salt(kind, id)

    def commitment(self, kind: str, id: str, data: bytes) -> str:
        """The commitment these bytes would have under this name."""
        return commitment_of(self.salt(kind, id), data)

    def sweep_orphans(self, older_than_seconds: float) -> int:
        """Remove ciphertexts that no record names; return how many.

        A put that takes longer than `older_than_seconds` may lose its ciphertext: hours, not
        minutes.
        """
        swept = 0
        for key in self._store.list(f"{self.institution}/objects/"):
            parsed = parse_blob_key(key)
            if parsed is None or self._is_named(*parsed):
                continue
            age = self._store.age(key)
            # Looked at again: the record may have come between the first look and the age.
            if age is not None and age >= older_than_seconds and not self._is_named(*parsed):
                self._store.delete(key)
                swept += 1
        return swept

    def _is_named(self, name: ObjectName, digest: str) -> bool:
        raw = self._store.get(name.record)
        if raw is None or read_tombstone(name, raw):
            return False
        try:
            record = parse_record(name, raw)
            unwrap(self._keys.that_open(record.key_id), record)
        except IntegrityError:
            return True  # it may have named it: the ciphertext stays for who mends the record
        return record.ciphertext_sha256 == digest

    def _name(self, kind: str, id: str) -> ObjectName:
        return object_name(self.institution, kind, id)

    def _existing(self, name: ObjectName) -> StoredObject | None:
        raw = self._store.get(name.record)
        if raw is None:
            return None
        record = _undisposed(name, raw)
        unwrap(self._keys.that_open(record.key_id), record)
        return record.stored_object()

    def _record(self, name: ObjectName) -> Record:
        raw = self._store.get(name.record)
        if raw is None:
            raise IntegrityError("object_missing", name.id)
        return _undisposed(name, raw)

    def _is_expected_absent(self, kind: str, size: int) -> bool:
        """Whether asking first costs more than it saves: far away, small, and the last were new.

        Where it is there after all, the ciphertext was written in vain, and is removed again.
        """
        few = self._absent.get(kind, 0) < _NEW_IN_A_ROW
        return self._store.is_far and size < _ASKED_FROM_BYTES and not few

    def _commit(self, name: ObjectName, data: bytes) -> StoredObject:
        if len(data) > STREAM_ABOVE_BYTES:
            return self._commit_file(name, io.BytesIO(data))
        with _SPOOLS.lent(room_for(len(data))) as room:
            record, ciphertext = seal(self._keys(), name, data, room)
            digest = record.ciphertext_sha256
            self._store.put(name.blob(digest), ciphertext, digest)
        return self._commit_record(record)

    def _commit_file(self, name: ObjectName, file: BinaryIO) -> StoredObject:
        with tempfile.TemporaryFile() as spool:
            record = seal_file(self._keys(), name, file, spool)
            spool.seek(0)
            digest, size = record.ciphertext_sha256, record.ciphertext_size
            self._store.put_file(name.blob(digest), spool, size, digest)
        return self._commit_record(record)

    def _commit_record(self, record: Record) -> StoredObject:
        name, digest = record.name, record.ciphertext_sha256
        if self._store.put_if_absent(name.record, record.to_bytes()):
            return record.stored_object()
        self._absent[name.kind] = 0
        try:
            winner = self._existing(name)
        except RejectedInput:
            self._store.delete(name.blob(digest))
            raise
        if winner is None:
            raise TransientError("object_vanished", name.id)  # a winner's work, deleted since
        if winner.ciphertext_sha256 != digest:
            self._store.delete(name.blob(digest))
        return winner


def _undisposed(name: ObjectName, raw: bytes) -> Record:
    if read_tombstone(name, raw):
        raise RejectedInput("object_disposed", name.id)
    return parse_record(name, raw)

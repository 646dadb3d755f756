"""One object sealed: its ciphertext and the record that names, binds and opens it.

Fields, associated data and what a flipped byte meets: `docs/formats/vault.md`.
"""

import base64
import dataclasses
import hashlib
import io
import json
import re
from dataclasses import dataclass
from typing import Any, BinaryIO

import tink
from tink import aead, proto_keyset_format, secret_key_access, streaming_aead

from archive.vault.commitment import commitment_of
from archive.vault.data_key import DataKey, room_for
from archive.vault.institution_keys import InstitutionKeys
from archive.vault.keyset import Keyset, register_ciphers
from archive.vault.names import ObjectName
from records.archived import StoredObject
from records.codec import canonical
from records.errors import IntegrityError

VERSION = 1
WHOLE, STREAMED = 1, 2
_HEX = re.compile(r"[0-9a-f]{64}")
_STREAM_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Record:
    """What is written beside a ciphertext; putting it is what makes the object exist."""

    name: ObjectName
    size: int
    commitment: str
    format: int
    ciphertext_sha256: str
    ciphertext_size: int
    key_id: str
    wrapped_key: bytes

    def content_fields(self) -> dict[str, Any]:
        """What the ciphertext is bound to."""
        return _content_fields(self.name, self.size, self.commitment, self.format)

    def bound_fields(self) -> dict[str, Any]:
        """What the wrapped key is bound to: every field but itself."""
        return self.content_fields() | {
            "ciphertext_sha256": self.ciphertext_sha256,
            "ciphertext_size": self.ciphertext_size,
            "key_id": self.key_id,
        }

    def to_bytes(self) -> bytes:
        """The record as it is stored."""
        wrapped = base64.b64encode(self.wrapped_key).decode()
        return canonical(self.bound_fields() | {"wrapped_key": wrapped})

    def stored_object(self) -> StoredObject:
        """What the house is told about the object."""
        return StoredObject(
            institution=self.name.institution,
            kind=self.name.kind,
            id=self.name.id,
            size=self.size,
            commitment=self.commitment,
            ciphertext_sha256=self.ciphertext_sha256,
        )


def _content_fields(name: ObjectName, size: int, commitment: str, format: int) -> dict[str, Any]:
    return {
        "version": VERSION,
        "institution": name.institution,
        "kind": name.kind,
        "id": name.id,
        "size": size,
        "commitment": commitment,
        "format": format,
    }


def parse_record(name: ObjectName, raw: bytes) -> Record:
    """Read the record that lies under an object's name.

    Raises:
        IntegrityError: not a record in canonical form, or another object's (`record_damaged`).
    """
    try:
        fields = json.loads(raw)
        record = Record(
            name=name,
            size=fields["size"],
            commitment=fields["commitment"],
            format=fields["format"],
            ciphertext_sha256=fields["ciphertext_sha256"],
            ciphertext_size=fields["ciphertext_size"],
            key_id=fields["key_id"],
            wrapped_key=base64.b64decode(fields["wrapped_key"], validate=True),
        )
        whole = (
            record.to_bytes() == raw
            and record.format in {WHOLE, STREAMED}
            and bool(_HEX.fullmatch(record.ciphertext_sha256))
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IntegrityError("record_damaged", name.id) from error
    if not whole:
        raise IntegrityError("record_damaged", name.id)
    return record


def seal(
    keys: InstitutionKeys, name: ObjectName, plaintext: bytes, room: memoryview | None = None
) -> tuple[Record, memoryview]:
    """Encrypt an object under a data key of its own; return its record and its ciphertext.

    `room`: memory of `room_for` the plaintext's bytes that the ciphertext may lie in.
    """
    register_ciphers()
    room = memoryview(bytearray(room_for(len(plaintext)))) if room is None else room
    commitment = commitment_of(keys.salt(name.kind, name.id), plaintext)
    bound = canonical(_content_fields(name, len(plaintext), commitment, WHOLE))
    data_key = DataKey()
    written, digest = data_key.encrypt_into(room, plaintext, bound)
    unwrapped = _unwrapped(keys, name, len(plaintext), commitment, WHOLE, digest, written)
    return _wrapped(keys, unwrapped, data_key.serialised), room[:written]


def seal_file(
    keys: InstitutionKeys, name: ObjectName, plaintext: BinaryIO, ciphertext: BinaryIO
) -> Record:
    """Encrypt a file into another as a stream, and return its record; a megabyte is in memory.

    `plaintext` is read twice from where it stands: the ciphertext is bound to its commitment.
    `ciphertext` is written and read again.
    """
    register_ciphers()
    begin = plaintext.tell()
    digest, size = hashlib.sha256(keys.salt(name.kind, name.id)), 0
    while part := plaintext.read(_STREAM_CHUNK):
        digest.update(part)
        size += len(part)
    plaintext.seek(begin)
    commitment = digest.hexdigest()
    template = streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB
    data_key = tink.new_keyset_handle(template)
    cipher = data_key.primitive(streaming_aead.StreamingAead)
    bound = canonical(_content_fields(name, size, commitment, STREAMED))
    target, start = _LeftOpen(ciphertext), ciphertext.tell()
    with cipher.new_encrypting_stream(target, bound) as stream:
        while part := plaintext.read(_STREAM_CHUNK):
            stream.write(part)
    written = ciphertext.tell() - start
    ciphertext.seek(start)
    ciphertext_digest = hashlib.sha256()
    # Not as it is written: Tink writes 128 KiB at a time, and threads that hash such small pieces
    # side by side wait for each other.
    for at in range(0, written, _STREAM_CHUNK):
        ciphertext_digest.update(ciphertext.read(min(_STREAM_CHUNK, written - at)))
    unwrapped = _unwrapped(
        keys, name, size, commitment, STREAMED, ciphertext_digest.hexdigest(), written
    )
    serialised = bytes(proto_keyset_format.serialize(data_key, secret_key_access.TOKEN))
    return _wrapped(keys, unwrapped, serialised)


def _unwrapped(
    keys: InstitutionKeys,
    name: ObjectName,
    size: int,
    commitment: str,
    format: int,
    ciphertext_sha256: str,
    ciphertext_size: int,
) -> Record:
    return Record(
        name=name,
        size=size,
        commitment=commitment,
        format=format,
        ciphertext_sha256=ciphertext_sha256,
        ciphertext_size=ciphertext_size,
        key_id=keys.wrapping.key_id,
        wrapped_key=b"",
    )


def _wrapped(keys: InstitutionKeys, unwrapped: Record, data_key: bytes) -> Record:
    wrapped = keys.wrapping.encrypt(data_key, canonical(unwrapped.bound_fields()))
    return dataclasses.replace(unwrapped, wrapped_key=wrapped)


def unwrap(keys: InstitutionKeys, record: Record) -> tink.KeysetHandle:
    """Open a record's data key, which proves every field of the record.

    Raises:
        IntegrityError: the record is not as this institution's keys wrote it (`record_damaged`).
    """
    register_ciphers()
    try:
        raw = keys.wrapping.decrypt(record.wrapped_key, canonical(record.bound_fields()))
        return proto_keyset_format.parse(raw, secret_key_access.TOKEN)
    except (ValueError, tink.TinkError) as error:
        raise IntegrityError("record_damaged", record.name.id) from error


def rewrap(wrapping: Keyset, record: Record) -> Record:
    """The record with its data key wrapped by the keyset's newest key; nothing else changes.

    Raises:
        IntegrityError: the record is not as one of the keyset's keys wrote it (`record_damaged`).
    """
    try:
        data_key = wrapping.decrypt(record.wrapped_key, canonical(record.bound_fields()))
    except ValueError as error:
        raise IntegrityError("record_damaged", record.name.id) from error
    moved = dataclasses.replace(record, key_id=wrapping.key_id, wrapped_key=b"")
    wrapped = wrapping.encrypt(data_key, canonical(moved.bound_fields()))
    return dataclasses.replace(moved, wrapped_key=wrapped)


def open_sealed(keys: InstitutionKeys, record: Record, ciphertext: bytes) -> bytes:
    """Decrypt an object and prove it against its record.

    Raises:
        IntegrityError: the record (`record_damaged`) or the ciphertext (`ciphertext_damaged`)
            is not as it was written, or the plaintext is not the one committed to.
    """
    data_key = unwrap(keys, record)
    if hashlib.sha256(ciphertext).hexdigest() != record.ciphertext_sha256:
        raise IntegrityError("ciphertext_damaged", record.name.id)
    bound = canonical(record.content_fields())
    try:
        if record.format == WHOLE:
            plaintext = bytes(data_key.primitive(aead.Aead).decrypt(ciphertext, bound))
        else:
            plaintext = _decrypt_stream(data_key, ciphertext, bound)
    except (tink.TinkError, OSError) as error:
        raise IntegrityError("ciphertext_damaged", record.name.id) from error
    salt = keys.salt(record.name.kind, record.name.id)
    if len(plaintext) != record.size or commitment_of(salt, plaintext) != record.commitment:
        raise IntegrityError("commitment_differs", record.name.id)
    return plaintext


def open_file(
    keys: InstitutionKeys, record: Record, ciphertext: BinaryIO, plaintext: BinaryIO
) -> None:
    """Decrypt a streamed object from a file into another; a megabyte is in memory.

    What is written before an error is not proven and must not be used.

    Raises:
        IntegrityError: see `open_sealed`.
    """
    data_key = unwrap(keys, record)
    begin, digest = ciphertext.tell(), hashlib.sha256()
    while part := ciphertext.read(_STREAM_CHUNK):
        digest.update(part)
    if digest.hexdigest() != record.ciphertext_sha256:
        raise IntegrityError("ciphertext_damaged", record.name.id)
    ciphertext.seek(begin)
    committed, size = hashlib.sha256(keys.salt(record.name.kind, record.name.id)), 0
    cipher = data_key.primitive(streaming_aead.StreamingAead)
    try:
        bound = canonical(record.content_fields())
        with cipher.new_decrypting_stream(_LeftOpen(ciphertext), bound) as stream:
            while part := stream.read(_STREAM_CHUNK):
                committed.update(part)
                size += len(part)
                plaintext.write(part)
    except (tink.TinkError, OSError) as error:
        raise IntegrityError("ciphertext_damaged", record.name.id) from error
    if size != record.size or committed.hexdigest() != record.commitment:
        raise IntegrityError("commitment_differs", record.name.id)


def _decrypt_stream(data_key: tink.KeysetHandle, ciphertext: bytes, bound: bytes) -> bytes:
    cipher = data_key.primitive(streaming_aead.StreamingAead)
    with cipher.new_decrypting_stream(io.BytesIO(ciphertext), bound) as stream:
        return bytes(stream.read())


class _LeftOpen(io.RawIOBase):
    """A file as Tink wants one, which it closes: the file stays open."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def write(self, part: Any) -> int:
        return self._file.write(part)

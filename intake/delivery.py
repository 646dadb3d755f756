"""A delivery is opened: declared, listed, hashed; nothing in it is read yet."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from intake import declaration, manifest
from intake.inbox import MARKER
from intake.limits import Limits
from intake.manifest import Entry, Manifest
from intake.names import comparable, is_junk, is_safe, natural_key
from intake.sources import Found, Source, first_bytes, open_source
from records.errors import IntegrityError, RejectedInput
from records.ids import batch_id, file_id
from records.values import Batch, Delivery, Failure, MissingFile, ReceivedFile

STAGE = "intake"

WARNINGS = frozenset({
    "dicom_cut_short", "dicom_directory", "encoding_declared_wrong", "fhir_parts_elsewhere",
    "file_unlisted", "hl7_batch_incomplete", "junk_ignored",
    "manifest_duplicate", "manifest_value_wrong", "mapping_file", "mapping_unused",
    "name_collision", "page_count_differs", "pdf_cut_short", "table_empty", "text_damaged",
})  # fmt: skip
"""Codes of failures that tell a person something and reject nothing."""

JUNK = "junk_ignored"
NOT_KEPT = frozenset({
    "file_too_large", "file_unreadable", "folder_unreadable", "link_refused", "not_a_file",
    "path_unsafe",
})  # fmt: skip
"""Codes of files that lay in a delivery and were not received; beside them only `JUNK` is none."""


@dataclass(frozen=True, slots=True)
class _Hashed:
    found: Found
    path: str
    sha256: str


class OpenDelivery:
    """A delivery whose files can be read, one at a time, as long as it lies where it lay."""

    def __init__(self, batch: Batch, source: Source, keys: dict[str, str], limits: Limits) -> None:
        self.batch = batch
        self._source = source
        self._keys = keys
        self._limits = limits

    def read(self, file: ReceivedFile) -> bytes:
        """Return a file's bytes, the same that were hashed when the delivery was opened.

        Raises:
            IntegrityError: `file_changed` since then.
            RejectedInput: `file_unreadable`. TransientError: the store does not answer.
        """
        data = first_bytes(self._source.chunks(self._keys[file.id]), file.size + 1)
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise IntegrityError("file_changed", file.id)
        return data


def declared_delivery(url: str, s3_endpoint: str = "") -> Delivery:
    """Read `delivery.yaml` alone.

    Raises:
        SetupError, RejectedInput, TransientError: as `open_delivery`.
    """
    return _declared(open_source(url, s3_endpoint))[1]


def open_delivery(url: str, limits: Limits, s3_endpoint: str = "") -> OpenDelivery:
    """Read `delivery.yaml` and `manifest.csv`, list every file and hash it.

    The batch id depends on names and bytes alone, so the same delivery has it wherever it lies.

    Raises:
        SetupError: the place is not there or not open to us.
        RejectedInput: `declaration_…` or `manifest_…` (the subject names the key or column),
            `too_many_files`, `delivery_empty`.
        TransientError: the store does not answer.
    """
    source = open_source(url, s3_endpoint)
    raw_declaration, delivery = _declared(source)
    raw_manifest = source.small(manifest.NAME, manifest.MAX_BYTES)
    listed = manifest.read_manifest(raw_manifest) if raw_manifest is not None else None

    papers = (declaration.NAME, manifest.NAME, MARKER)
    found = [item for item in source.files() if item.path not in papers]
    if len(found) > limits.max_files:
        raise RejectedInput("too_many_files", str(limits.max_files))
    if not found:
        raise RejectedInput("delivery_empty")
    named, collided = _named(found)
    hashed: list[_Hashed] = []
    refused: list[tuple[str, str]] = [("name_collision", path) for path in collided]
    for path, item in named:
        try:
            hashed.append(_Hashed(item, path, _sha256(source, item, path, limits)))
        except RejectedInput as error:
            refused.append((error.code, path))

    content = hashlib.sha256()
    for part in _content(raw_declaration, raw_manifest, hashed, refused):
        content.update(len(part).to_bytes(8, "big") + part)
    identity = batch_id(delivery.institution.code, content.digest())
    files = tuple(
        _received(identity, order, item, listed.entries.get(item.path) if listed else None)
        for order, item in enumerate(hashed)
    )
    failures = [
        Failure(file_id(identity, path, ""), code, STAGE, path=path) for code, path in refused
    ]
    present = {path for path, _ in named}
    failures += _file_failures(files, listed)
    failures += _manifest_failures(identity, listed)
    missing = tuple(_missing(identity, listed, {item.path for item in hashed}))
    failures += [
        Failure(file.id, "file_missing", STAGE, path=file.path)
        for file in missing
        if file.path not in present
    ]
    batch = Batch(
        identity,
        delivery,
        files,
        tuple(failures),
        missing,
        undeclared=listed is None,
        found=len(found),
    )
    keys = {file.id: item.found.key for file, item in zip(files, hashed, strict=True)}
    return OpenDelivery(batch, source, keys, limits)


def readable_files(batch: Batch) -> tuple[ReceivedFile, ...]:
    """Return the files to be read: those that no failure of the batch rejects.

    The others (empty, or not what the manifest says) are kept as received and scanned again.
    """
    rejected = {item.subject for item in batch.failures if item.code not in WARNINGS}
    return tuple(file for file in batch.files if file.id not in rejected)


def _declared(source: Source) -> tuple[bytes, Delivery]:
    raw = source.small(declaration.NAME, declaration.MAX_BYTES)
    if raw is None:
        raise RejectedInput("declaration_missing")
    return raw, declaration.read_declaration(raw)


def _named(found: Iterable[Found]) -> tuple[list[tuple[str, Found]], list[str]]:
    """Give every file a comparable path of its own, in natural order; name those that collided."""
    named: dict[str, Found] = {}
    collided: list[str] = []
    for item in sorted(found, key=lambda item: (item.path, item.key)):
        path = unique = comparable(item.path)
        number = 1
        while unique in named:
            number += 1
            unique = f"{path} ({number})"
        if unique != path:
            collided.append(unique)
        named[unique] = item
    return sorted(named.items(), key=lambda pair: natural_key(pair[0])), collided


def _sha256(source: Source, item: Found, path: str, limits: Limits) -> str:
    if item.refused is not None:
        raise RejectedInput(item.refused)
    if not is_safe(path):
        raise RejectedInput("path_unsafe")
    if is_junk(path):
        raise RejectedInput(JUNK)
    if item.size > limits.max_file_bytes:
        raise RejectedInput("file_too_large")
    digest = hashlib.sha256()
    size = 0
    for chunk in source.chunks(item.key):
        size += len(chunk)
        if size > item.size:
            raise RejectedInput("file_unreadable")
        digest.update(chunk)
    if size != item.size:
        raise RejectedInput("file_unreadable")
    return digest.hexdigest()


def _content(
    raw_declaration: bytes,
    raw_manifest: bytes | None,
    hashed: Iterable[_Hashed],
    refused: Iterable[tuple[str, str]],
) -> Iterator[bytes]:
    yield raw_declaration
    yield raw_manifest or b""
    for path, what in sorted([*((item.path, item.sha256) for item in hashed),
                              *((path, code) for code, path in refused if code not in WARNINGS)
                              ]):  # fmt: skip
        yield path.encode()
        yield what.encode()


def _received(batch: str, order: int, item: _Hashed, entry: Entry | None) -> ReceivedFile:
    return ReceivedFile(
        id=file_id(batch, item.path, item.sha256),
        path=item.path,
        sha256=item.sha256,
        size=item.found.size,
        order=order,
        listed=entry is not None,
        declared_pages=entry.pages if entry else None,
        box=entry.box if entry else None,
        chart_no=entry.chart_no if entry else None,
        note=entry.note if entry else None,
    )


def _file_failures(files: Iterable[ReceivedFile], listed: Manifest | None) -> Iterator[Failure]:
    for file in files:
        entry = listed.entries.get(file.path) if listed else None
        codes = (
            ("file_empty", file.size == 0),
            ("checksum_mismatch", entry and entry.sha256 and entry.sha256 != file.sha256),
            ("file_unlisted", listed is not None and entry is None),
        )
        for code, holds in codes:
            if holds:
                yield Failure(file.id, code, STAGE, path=file.path)


def _manifest_failures(batch: str, listed: Manifest | None) -> Iterator[Failure]:
    for code, path in listed.faults if listed else ():
        yield Failure(file_id(batch, path, code), code, STAGE, path=path)


def _missing(batch: str, listed: Manifest | None, received: set[str]) -> Iterator[MissingFile]:
    """Listed files that did not come, or came as something that cannot be received."""
    for path, entry in listed.entries.items() if listed else ():
        if path not in received and path not in (declaration.NAME, manifest.NAME):
            yield MissingFile(file_id(batch, path, ""), path, entry.pages, entry.box)

"""Is everything there and as it was written? Answered from the stores themselves, read-only."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive.ledger.audit import Audit, audit
from archive.opening import Archive
from archive.problem import Problem
from archive.vault.envelope import open_sealed, parse_record
from archive.vault.institution_keys import InstitutionKeys, read_institution_keys
from archive.vault.names import (
    INDEX_SECRET,
    LEDGER_KINDS,
    ROTATION_ORDER,
    SIGNING_SECRET,
    ObjectName,
    institution_keys,
    institution_of_keys,
    parse_blob_key,
    parse_record_key,
)
from archive.vault.signing import SigningKey
from records.errors import IntegrityError

_SHOWABLE = re.compile(r"[A-Za-z0-9._/-]{1,300}")


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was looked at and what was found.

    `problems`: something is damaged, missing or strange. `warnings`: what a killed writer leaves
    and leaves that no head covers yet.
    """

    objects: int
    leaves: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(
    archive: Archive,
    institution: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> VerifyReport:
    """Open every object, compare objects, ledger and index; name whatever does not hold.

    Batches may run meanwhile: while a batch has no seal, a document of its that waits for its leaf
    or its index entry is a warning.

    `institution`: only its objects (ledger and index are checked as files all the same).
    `progress` hears the number of objects after each.

    Raises:
        TransientError, SetupError: the store or the index cannot be read.
    """
    return _Verification(archive, institution, progress).run()


class _Verification:
    def __init__(
        self,
        archive: Archive,
        institution: str | None,
        progress: Callable[[int], None] | None,
    ) -> None:
        self._archive = archive
        self._institution = institution
        self._progress = progress or (lambda _: None)
        self._problems: list[Problem] = []
        self._warnings: list[Problem] = []
        self._objects = 0
        self._keys: dict[str, InstitutionKeys | None] = {}
        self._blobs: set[str] = set()
        self._others: list[str] = []
        self._documents: dict[str, set[str]] = {}
        self._committed: dict[tuple[str, str, str], str] = {}

    def run(self) -> VerifyReport:
        for key in self._listed():
            self._look_at(key)
        self._orphans()
        signing = self._secret(SIGNING_SECRET)
        # After the objects: a leaf follows its object, so what was seen can have its leaf.
        audited = audit(self._archive.store, SigningKey(signing).key_id if signing else None)
        self._problems += audited.problems
        self._strangers(audited)
        if audited.heads and signing is None and not self._is_named(SIGNING_SECRET):
            self._name("secret", SIGNING_SECRET, "secret_missing")
        self._compare_leaves(audited)
        self._compare_index(audited)
        if audited.unsigned:
            self._warn("ledger", str(audited.unsigned), "ledger_tail_unsigned")
        return VerifyReport(
            self._objects, len(audited.leaves), tuple(self._problems), tuple(self._warnings)
        )

    def _name(self, kind: str, subject: str, code: str) -> None:
        self._problems.append(Problem(kind, subject, code))

    def _is_named(self, subject: str) -> bool:
        return any(problem.subject == subject for problem in self._problems)

    def _warn(self, kind: str, subject: str, code: str) -> None:
        self._warnings.append(Problem(kind, subject, code))

    def _listed(self) -> Iterator[str]:
        if self._institution is None:
            yield from self._archive.store.list()
        else:
            for prefix in (self._institution, "keys", "ledger"):
                yield from self._archive.store.list(prefix + "/")

    def _look_at(self, key: str) -> None:
        """One key of the store. Keys come sorted: an institution's keys, ciphertexts, records."""
        if name := parse_record_key(key):
            self._open(name)
        elif parse_blob_key(key):
            self._blobs.add(key)
        elif code := institution_of_keys(key):
            self._keys[code] = self._institution_keys(code)
        else:
            self._others.append(key)

    def _secret(self, key: str) -> bytes | None:
        try:
            return self._archive.secrets.read(key)
        except IntegrityError as error:
            self._name("secret", key, error.code)
            return None

    def _institution_keys(self, code: str) -> InstitutionKeys | None:
        try:
            return read_institution_keys(self._archive.secrets, code)
        except IntegrityError as error:
            self._name("secret", institution_keys(code), error.code)
            return None

    def _open(self, name: ObjectName) -> None:
        store = self._archive.store
        self._objects += 1
        self._progress(self._objects)
        if name.kind == "document":
            self._documents.setdefault(name.institution, set()).add(name.id)
        if name.institution not in self._keys:
            self._keys[name.institution] = None
            self._name("secret", institution_keys(name.institution), "secret_missing")
        keys = self._keys[name.institution]
        raw = store.get(name.record)
        if raw is None:
            return  # work that was deleted since it was listed
        try:
            record = parse_record(name, raw)
            blob = name.blob(record.ciphertext_sha256)
            self._blobs.discard(blob)
            ciphertext = store.get(blob)
            if ciphertext is None:
                raise IntegrityError("ciphertext_missing", name.id)
            if keys is not None and record.key_id not in keys.wrapping.key_ids:
                # Rotated since the keys were read.
                keys = self._keys[name.institution] = self._institution_keys(name.institution)
            if keys is not None:
                open_sealed(keys, record, ciphertext)
        except IntegrityError as error:
            self._name(name.kind, name.id, error.code)
            return
        if name.kind in LEDGER_KINDS:
            self._committed[name.kind, name.institution, name.id] = record.commitment

    def _orphans(self) -> None:
        for key in sorted(self._blobs):
            parsed = parse_blob_key(key)
            if parsed:
                self._warn(parsed[0].kind, key, "ciphertext_orphaned")

    def _strangers(self, audited: Audit) -> None:
        known = audited.known_keys | {SIGNING_SECRET, INDEX_SECRET, ROTATION_ORDER}
        for key in self._others:
            if key not in known:
                # A stranger's name may be a person's: shown only where it looks like ours.
                name = key.encode("utf-8", "surrogateescape")
                shown = key if _SHOWABLE.fullmatch(key) else hashlib.sha256(name).hexdigest()
                self._name("store", shown, "store_file_unknown")

    def _compare_leaves(self, audited: Audit) -> None:
        """Objects against leaves, unless the ledger is damaged: then that is what is named."""
        if not audited.whole:
            return
        damaged = {(problem.kind, problem.subject) for problem in self._problems}
        leaves = {
            (leaf.kind, leaf.institution, leaf.id): leaf.commitment
            for leaf in audited.leaves
            if self._institution in {None, leaf.institution}
        }
        for name, commitment in self._committed.items():
            if name not in leaves:
                # While a batch has no seal, its objects may still wait for their leaves.
                tell = self._warn if self._unsealed(audited) else self._name
                tell(name[0], name[2], "leaf_missing")
            elif leaves[name] != commitment:
                self._name(name[0], name[2], "leaf_differs")
        for kind, code, id in sorted(leaves.keys() - self._committed.keys()):
            record = ObjectName(code, kind, id).record
            if (kind, id) not in damaged and not self._archive.store.exists(record):
                self._name(kind, id, "object_missing")

    @staticmethod
    def _unsealed(audited: Audit) -> set[str]:
        """Batches that have leaves and no seal yet."""
        sealed = {leaf.batch for leaf in audited.leaves if leaf.kind == "seal"}
        return {leaf.batch for leaf in audited.leaves if leaf.batch} - sealed

    def _compare_index(self, audited: Audit) -> None:
        index = self._archive.index
        secret = self._secret(INDEX_SECRET)
        if not index.is_there():
            if self._documents:
                self._name("index", "", "index_missing")
            return
        if secret is None:
            if not self._is_named(INDEX_SECRET):
                self._name("secret", INDEX_SECRET, "secret_missing")
            return
        if faults := index.check():
            self._problems += [Problem("index", "", code) for code in faults]
            return
        wanted = {self._institution} if self._institution else index.institutions()
        unsealed = self._unsealed(audited)
        waiting = {leaf.id for leaf in audited.leaves if leaf.batch in unsealed}
        for code in sorted(wanted | self._documents.keys()):
            kept, found = self._documents.get(code, set()), index.document_ids(code)
            for id in sorted(kept - found):
                tell = self._warn if id in waiting else self._name
                tell("document", id, "index_entry_missing")
            for id in sorted(found - kept):
                if not self._archive.store.exists(ObjectName(code, "document", id).record):
                    self._name("document", id, "index_entry_stray")

"""Is everything there and as it was written? Answered from the stores themselves, read-only."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive.ledger.audit import Audit, audit
from archive.opening import Archive
from archive.pace import Pace
from archive.portion import EVERYTHING, Portion
from archive.problem import Problem
from archive.retention.evidence import Evidence
from archive.vault.envelope import open_sealed, parse_record
from archive.vault.institution_keys import InstitutionKeys, read_institution_keys
from archive.vault.names import (
    INDEX_SECRET,
    LEDGER_KINDS,
    RENEWAL_ORDER,
    ROTATION_ORDER,
    SIGNING_SECRET,
    ObjectName,
    institution_keys,
    institution_of_keys,
    parse_blob_key,
    parse_disposed_key,
    parse_record_key,
)
from archive.vault.signing import SigningKey
from archive.vault.tombstone import Tombstone, read_tombstone
from records.errors import IntegrityError

_SHOWABLE = re.compile(r"[A-Za-z0-9._/-]{1,300}")


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was looked at and what was found.

    `objects`: how many there are; `opened`: how many of them were due and were read in full.
    `problems`: something is damaged, missing or strange. `warnings`: what a killed writer leaves
    and leaves that no head covers yet.
    """

    objects: int
    leaves: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    opened: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(
    archive: Archive,
    institution: str | None = None,
    progress: Callable[[int], None] | None = None,
    content: Portion = EVERYTHING,
    per_second: float | None = None,
) -> VerifyReport:
    """Open every object, compare objects, ledger and index; name whatever does not hold.

    Batches may run meanwhile: while a batch has no seal, a document of its that waits for its leaf
    or its index entry is a warning.

    `institution`: only its objects (ledger and index are checked as files all the same).
    `progress` hears the number of objects after each. `content`: which objects are opened, of the
    others it is seen that record and ciphertext are there; `per_second`: open no faster.

    Raises:
        TransientError, SetupError: the store or the index cannot be read.
    """
    return _Verification(archive, institution, progress, content, per_second).run()


class _Verification:
    def __init__(
        self,
        archive: Archive,
        institution: str | None,
        progress: Callable[[int], None] | None,
        content: Portion,
        per_second: float | None,
    ) -> None:
        self._archive = archive
        self._institution = institution
        self._content = content
        self._pace = Pace(per_second) if per_second else None
        self._opened = 0
        self._progress = progress or (lambda _: None)
        self._problems: list[Problem] = []
        self._warnings: list[Problem] = []
        self._objects = 0
        self._keys: dict[str, InstitutionKeys | None] = {}
        self._blobs: dict[ObjectName, set[str]] = {}
        self._unopened: set[tuple[str, str, str]] = set()
        self._tombstones: list[Tombstone] = []
        self._disposed: set[ObjectName] = set()
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
        self._disposals(audited)
        self._strangers(audited)
        if audited.heads and signing is None and not self._is_named(SIGNING_SECRET):
            self._name("secret", SIGNING_SECRET, "secret_missing")
        self._compare_leaves(audited)
        self._compare_index(audited)
        if audited.unsigned:
            self._warn("ledger", str(audited.unsigned), "ledger_tail_unsigned")
        return VerifyReport(
            self._objects,
            len(audited.leaves),
            tuple(self._problems),
            tuple(self._warnings),
            self._opened,
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
        """One key of the store. Keys come sorted: disposed, keys, ciphertexts, records."""
        if name := parse_record_key(key):
            self._open(name)
        elif parsed := parse_blob_key(key):
            self._blobs.setdefault(parsed[0], set()).add(parsed[1])
        elif disposed := parse_disposed_key(key):
            self._disposed.add(disposed)
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
        self._objects += 1
        self._progress(self._objects)
        if name.institution not in self._keys:
            self._keys[name.institution] = None
            self._name("secret", institution_keys(name.institution), "secret_missing")
        if name in self._disposed or self._content.holds(name) or not self._seems_whole(name):
            self._open_in_full(name)
        else:
            self._note(name)

    def _note(self, name: ObjectName, commitment: str | None = None) -> None:
        """An object is there; its commitment, where it was opened."""
        if name.kind == "document":
            self._documents.setdefault(name.institution, set()).add(name.id)
        if name.kind in LEDGER_KINDS:
            place = name.kind, name.institution, name.id
            if commitment is None:
                self._unopened.add(place)
            else:
                self._committed[place] = commitment

    def _seems_whole(self, name: ObjectName) -> bool:
        """Whether an object that is not due has just the one ciphertext it must have."""
        if len(self._blobs.get(name, ())) != 1:
            return False
        del self._blobs[name]
        return True

    def _open_in_full(self, name: ObjectName) -> None:
        store = self._archive.store
        keys = self._keys[name.institution]
        raw = store.get(name.record)
        if raw is None:
            return  # work that was deleted since it was listed
        if tombstone := read_tombstone(name, raw):
            self._tombstones.append(tombstone)
            return
        if self._pace:
            self._pace.wait()
        self._opened += 1
        if name.kind == "document":
            self._documents.setdefault(name.institution, set()).add(name.id)
        try:
            record = parse_record(name, raw)
            self._blobs.get(name, set()).discard(record.ciphertext_sha256)
            ciphertext = store.get(name.blob(record.ciphertext_sha256))
            if ciphertext is None:
                raise IntegrityError("ciphertext_missing", name.id)
            if keys is not None and record.key_id not in keys.wrapping.key_ids:
                # Rotated since the keys were read.
                keys = self._keys[name.institution] = self._institution_keys(name.institution)
            if keys is not None:
                open_sealed(keys, record, ciphertext)
        except IntegrityError as error:
            if store.get(name.record) != raw:
                self._open_in_full(name)  # rotated or disposed of while it was opened
                return
            self._name(name.kind, name.id, error.code)
            return
        self._note(name, record.commitment)

    def _disposals(self, audited: Audit) -> None:
        """Tombstones must be proven, and what was disposed of must not be there."""
        evidence = Evidence(self._archive, audited)
        for grave in self._tombstones:
            name = grave.name
            if not evidence.is_disposed(grave):
                self._name(name.kind, name.id, "disposal_unproven")
                continue
            store = self._archive.store
            left = store.exists(name.blob(grave.ciphertext_sha256))
            copied = store.get(name.disposed) == grave.to_bytes()
            certified = evidence.is_certified(name.institution, grave.disposal)
            if certified and (left or not copied):
                self._name(name.kind, name.id, "disposed_is_back")
            elif not certified:
                self._warn(name.kind, name.id, "disposal_unfinished")
            if name.kind in LEDGER_KINDS:
                self._committed[name.kind, name.institution, name.id] = grave.commitment
        buried = {grave.name for grave in self._tombstones}
        for name in sorted(self._disposed - buried, key=lambda name: name.disposed):
            self._warn(name.kind, name.id, "disposal_unfinished")
        for proposal in evidence.certified(self._institution):
            for one in proposal.objects:
                name = ObjectName(proposal.institution, one.kind, one.id)
                if name not in buried and self._archive.store.exists(name.record):
                    self._name(one.kind, one.id, "disposed_is_back")

    def _orphans(self) -> None:
        for name, digests in sorted(self._blobs.items(), key=lambda pair: pair[0].record):
            for digest in sorted(digests):
                self._warn(name.kind, name.blob(digest), "ciphertext_orphaned")

    def _strangers(self, audited: Audit) -> None:
        orders = {ROTATION_ORDER, RENEWAL_ORDER}
        known = audited.known_keys | {SIGNING_SECRET, INDEX_SECRET} | orders
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
        for kind, _, id in sorted(self._unopened - leaves.keys()):
            tell = self._warn if self._unsealed(audited) else self._name
            tell(kind, id, "leaf_missing")
        for kind, code, id in sorted(leaves.keys() - self._committed.keys() - self._unopened):
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
        disposed = {grave.name for grave in self._tombstones}
        unsealed = self._unsealed(audited)
        waiting = {leaf.id for leaf in audited.leaves if leaf.batch in unsealed}
        for code in sorted(wanted | self._documents.keys()):
            kept, found = self._documents.get(code, set()), index.document_ids(code)
            for id in sorted(kept - found):
                tell = self._warn if id in waiting else self._name
                tell("document", id, "index_entry_missing")
            for id in sorted(found - kept):
                name = ObjectName(code, "document", id)
                if name in disposed or not self._archive.store.exists(name.record):
                    self._name("document", id, "index_entry_stray")

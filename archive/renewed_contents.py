"""What stands behind the leaves of the log, opened and hashed for a hash renewal."""

import hashlib
import io
import threading
from typing import Any

from archive.ledger.audit import audit
from archive.ledger.check_proof import (
    ALGORITHMS,
    DISPOSED,
    NOT_OPENED,
    RENEWED_HASH,
    WITH_CONTENT,
    renewed_hash,
)
from archive.ledger.renewals import KIND as RENEWAL
from archive.ledger.stamps import KIND as STAMP
from archive.opening import Archive
from archive.pace import Pace
from archive.problem import Problem
from archive.retention.evidence import Evidence
from archive.vault.institution_keys import read_institution_keys
from archive.vault.names import ObjectName, institution_keys
from archive.vault.tombstone import read_tombstone
from records.archived import LedgerLeaf
from records.errors import IntegrityError, RejectedInput


class RenewedContents:
    """Digests of contents by one algorithm, each content proven as it is read.

    Safe for many threads. What does not open is named once; an institution whose keys are lost is
    one problem, and no other's.
    """

    def __init__(self, archive: Archive, algorithm: int, per_second: float | None) -> None:
        """`per_second`: open no more objects than that."""
        self._archive = archive
        self._algorithm = algorithm
        self._pace = Pace(per_second) if per_second else None
        self._problems: dict[tuple[str, str], Problem] = {}
        self._lock = threading.Lock()
        self._evidence: Evidence | None = None
        self._with_keys: set[str] = set()

    def problems(self) -> tuple[Problem, ...]:
        """What did not open."""
        return tuple(self._problems.values())

    def name(self, kind: str, subject: str, code: str) -> None:
        """Note a problem."""
        with self._lock:
            self._problems.setdefault((kind, subject), Problem(kind, subject, code))

    def digest(self, leaf: LedgerLeaf) -> tuple[int, bytes]:
        """What there is of a leaf's content, and its digest; zeros where it did not open.

        Raises:
            TransientError, SetupError: the store's.
        """
        try:
            if leaf.kind in {STAMP, RENEWAL}:
                content = self._of_the_log(leaf)
                return WITH_CONTENT, renewed_hash(self._algorithm, content)
            return self._of_an_object(leaf)
        except IntegrityError as error:
            shut = error.subject == institution_keys(leaf.institution or "none")
            kind, subject = ("secret", error.subject) if shut else (leaf.kind, leaf.id)
            self.name(kind, subject, error.code)
            return NOT_OPENED, bytes(RENEWED_HASH)

    def _of_the_log(self, leaf: LedgerLeaf) -> bytes:
        """What a stamp's or a renewal's own leaf stands for."""
        ledger, number = self._archive.ledger, int(leaf.id)
        if leaf.kind == RENEWAL:
            return ledger.committed_renewals()[number].content()
        stamp = ledger.stamp(number)
        if stamp is None or hashlib.sha256(stamp.response).hexdigest() != leaf.commitment:
            raise IntegrityError("stamp_damaged", leaf.id)
        return stamp.response

    def _of_an_object(self, leaf: LedgerLeaf) -> tuple[int, bytes]:
        """An object opened, held against its leaf, and hashed with its salt as it is read."""
        if leaf.institution not in self._with_keys:
            # A vault would make keys where there are none.
            if read_institution_keys(self._archive.secrets, leaf.institution) is None:
                raise IntegrityError("secret_missing", institution_keys(leaf.institution))
            self._with_keys.add(leaf.institution)
        vault = self._archive.vault(leaf.institution)
        if self._pace:
            self._pace.wait()
        digest = _Digest(ALGORITHMS[self._algorithm], vault.salt(leaf.kind, leaf.id))
        try:
            stored = vault.get_into(leaf.kind, leaf.id, digest)
        except RejectedInput as error:
            if error.code != "object_disposed" or not self._is_disposed(leaf):
                raise IntegrityError("disposal_unproven", leaf.id) from error
            return DISPOSED, bytes(RENEWED_HASH)
        if stored.commitment != leaf.commitment:
            raise IntegrityError("leaf_differs", leaf.id)
        return WITH_CONTENT, digest.value()

    def _is_disposed(self, leaf: LedgerLeaf) -> bool:
        """Whether two persons agreed to what lies in the object's place, as the log knows it."""
        name = ObjectName(leaf.institution, leaf.kind, leaf.id)
        grave = read_tombstone(name, self._archive.store.get(name.record) or b"")
        if grave is None or grave.commitment != leaf.commitment:
            return False
        with self._lock:
            if self._evidence and self._evidence.is_disposed(grave):
                return True
            # Looked at anew: it may have been disposed of since.
            audited = audit(self._archive.store, self._archive.signing_key().key_id)
            self._evidence = Evidence(self._archive, audited)
            return self._evidence.is_disposed(grave)


class _Digest(io.BytesIO):
    """A file that hashes what is written to it, and keeps nothing."""

    def __init__(self, algorithm: str, salt: bytes) -> None:
        super().__init__()
        self._hash = hashlib.new(algorithm, salt)

    def write(self, part: Any) -> int:
        self._hash.update(part)
        return len(part)

    def value(self) -> bytes:
        """The digest of the salt and everything written."""
        return self._hash.digest()

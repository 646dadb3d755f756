"""The second site: what is new or missing there is copied byte for byte, and both are proven equal.

Bytes are copied only after the keys have shown that they are good, and good bytes are replaced by
nothing but newer good ones: a damaged object of the first site is named, not copied. An object is
copied as it was written, ciphertext first, record last; leaves come after objects. So the second
site is an archive at every moment, and a run that was killed is simply run again.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from secrets import token_hex

from archive.ledger.audit import audit
from archive.opening import Archive
from archive.pace import Pace
from archive.portion import EVERYTHING, Portion
from archive.problem import Problem
from archive.replica_ledger import copy_ledger
from archive.replica_secrets import copy_secrets
from archive.retention.evidence import Evidence
from archive.vault.envelope import Record, parse_record, unwrap
from archive.vault.institution_keys import CurrentKeys, load_institution_keys
from archive.vault.names import SIGNING_SECRET, ObjectName, parse_disposed_key, parse_record_key
from archive.vault.signing import SigningKey
from archive.vault.store import ObjectStore
from archive.vault.tombstone import Tombstone, bury, read_tombstone
from records.errors import IntegrityError, SetupError

_CHUNK = 1_024
_AT_ONCE = 8
_PROBE = "keys/probe-"


@dataclass(frozen=True, slots=True)
class ReplicaReport:
    """What a run did and what it found.

    Attributes:
        objects: records of the first site that were compared.
        copied: objects and files of the ledger that the second site had not, and their `bytes`.
        renewed: records and secrets that keys were rotated for.
        mended: what was damaged or incomplete on the second site and is whole again.
        buried: disposals carried out there.
        proven: objects whose every byte was read on both sites and is the same.
        leaves: leaves of the ledger that both sites have.
        root: hex root over them.
        problems: what keeps the sites from being equal, or one of them from being whole.
        warnings: leftovers on the second site that harm nothing.
    """

    objects: int
    copied: int
    bytes: int
    renewed: int
    mended: int
    buried: int
    proven: int
    leaves: int
    root: str
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()

    @property
    def equal(self) -> bool:
        """Whether everything that was compared is the same on both sites."""
        return not self.problems


def replicate(
    archive: Archive,
    second: ObjectStore,
    content: Portion = EVERYTHING,
    only: Collection[ObjectName] | None = None,
    per_second: float | None = None,
    progress: Callable[[int], None] | None = None,
) -> ReplicaReport:
    """Bring a second store to what the archive holds, and prove it.

    `content`: of which objects every byte is read and compared; of all others, where the records
    have equal tags, nothing more is asked, so a night costs what is new and whose turn it is.
    `only`: copy these objects, the secrets they need and the whole ledger, and nothing else.
    `per_second`: read no more contents than that. `progress` hears the number of objects so far.

    Raises:
        TransientError, SetupError: one of the stores cannot be used; they are the same one
            (`replica_is_the_store`).
    """
    if _are_one(archive.store, second):
        raise SetupError("replica_is_the_store")
    run = _Replication(archive, second, content, only, per_second, progress or (lambda _: None))
    return run.run()


def _are_one(first: ObjectStore, second: ObjectStore) -> bool:
    """Whether a second address leads to the same store: what is put into one lies in the other."""
    for left in [key for key in second.list("keys/") if key.startswith(_PROBE)]:
        second.delete(left)  # of a run that was killed just here
    probe = _PROBE + token_hex(8)
    second.put(probe, b"second")
    try:
        return first.exists(probe)
    finally:
        second.delete(probe)


class _Replication:
    def __init__(
        self,
        archive: Archive,
        second: ObjectStore,
        content: Portion,
        only: Collection[ObjectName] | None,
        per_second: float | None,
        progress: Callable[[int], None],
    ) -> None:
        self._archive = archive
        self._first = archive.store
        self._second = second
        self._content = content
        self._only = only
        self._pace = Pace(per_second) if per_second else None
        self._progress = progress
        self._done: Counter[str] = Counter()
        self._problems: list[Problem] = []
        self._warnings: list[Problem] = []

    def run(self) -> ReplicaReport:
        # Before the objects: a leaf follows its object, so the object is there to be copied.
        signing = self._signing_key()
        audited = audit(self._first, signing.key_id if signing else None)
        evidence = Evidence(self._archive, audited)
        codes = sorted(
            set(self._archive.institutions())
            if self._only is None
            else {name.institution for name in self._only}
        )
        secrets = copy_secrets(self._archive, self._second, codes)
        self._done["renewed"] += secrets.renewed
        self._done["mended"] += secrets.mended
        self._problems += secrets.problems
        for code in codes:
            if code not in secrets.shut:
                self._institution(code, evidence)
        if SIGNING_SECRET not in {problem.subject for problem in secrets.problems}:
            copied, problems = copy_ledger(self._archive, self._second, audited, signing)
            self._done["copied"] += copied
            self._problems += problems
        if self._only is None:
            self._strangers(codes)
        done, leaves = self._done, audited.size
        return ReplicaReport(
            objects=done["objects"],
            copied=done["copied"],
            bytes=done["bytes"],
            renewed=done["renewed"],
            mended=done["mended"],
            buried=done["buried"],
            proven=done["proven"],
            leaves=leaves,
            root=self._archive.ledger.root(leaves).hex() if audited.whole else "",
            problems=tuple(self._problems),
            warnings=tuple(self._warnings),
        )

    def _signing_key(self) -> SigningKey | None:
        try:
            seed = self._archive.secrets.read(SIGNING_SECRET)
        except IntegrityError:
            return None  # named among the secrets
        return SigningKey(seed) if seed else None

    def _institution(self, code: str, evidence: Evidence) -> None:
        # Read through the secrets, not through `Archive.vault`: a rotation may be under way.
        keys = CurrentKeys(lambda: load_institution_keys(self._archive.secrets, self._first, code))
        objects = _Objects(self._first, self._second, keys, evidence, self._content, self._pace)
        names = self._to_compare(code)
        while chunk := list(islice(names, _CHUNK)):
            here = self._first.get_all([name.record for name in chunk])
            there = self._second.get_all([name.record for name in chunk])
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                for done, problems in pool.map(objects.compare, chunk, here, there):
                    self._done.update(done)
                    self._problems += problems
            self._progress(self._done["objects"])

    def _to_compare(self, code: str) -> Iterator[ObjectName]:
        """Objects whose records differ by their tags, or whose turn it is; the others are counted.

        What was disposed of is always looked at: a killed disposal may have left a ciphertext.
        """
        if self._only is not None:
            yield from self._names(code)
            return
        records, gone = f"{code}/records/", f"{code}/disposed/"
        disposed = set(map(parse_disposed_key, self._first.list(gone)))
        there = self._second.tags(records)
        other = next(there, None)
        for key, tag in self._first.tags(records):
            while other and other[0] < key:
                other = next(there, None)
            name = parse_record_key(key)
            if name is None:
                continue
            if other != (key, tag) or self._content.holds(name) or name in disposed:
                yield name
            else:
                self._done["objects"] += 1

    def _names(self, code: str) -> Iterator[ObjectName]:
        if self._only is not None:
            yield from sorted(
                (name for name in self._only if name.institution == code),
                key=lambda name: name.record,
            )
            return
        for key in self._first.list(f"{code}/records/"):
            if name := parse_record_key(key):
                yield name

    def _strangers(self, codes: Collection[str]) -> None:
        """What only the second site has: lost on the first, or work that was thrown away there."""
        for code in codes:
            known = {name.record for name in self._names(code)}
            named: set[ObjectName] = set()
            for key in self._second.list(f"{code}/records/"):
                name = parse_record_key(key)
                if name is None or key in known or self._first.exists(key):
                    continue
                named.add(name)
                if name.kind.startswith("work/"):
                    self._warnings.append(Problem(name.kind, name.id, "replica_leftover"))
                else:
                    self._problems.append(Problem(name.kind, name.id, "object_only_on_replica"))
        for code in sorted(set(self._second.roots()) - set(self._first.roots())):
            self._problems.append(Problem("store", code, "object_only_on_replica"))


_Found = tuple[Counter[str], list[Problem]]


class _Objects:
    """Objects of one institution, compared one by one; safe for many threads."""

    def __init__(
        self,
        first: ObjectStore,
        second: ObjectStore,
        keys: CurrentKeys,
        evidence: Evidence,
        content: Portion,
        pace: Pace | None,
    ) -> None:
        self._first = first
        self._second = second
        self._keys = keys
        self._evidence = evidence
        self._content = content
        self._pace = pace

    def compare(self, name: ObjectName, here: bytes | None, there: bytes | None) -> _Found:
        """Bring one object of the second site to what the first holds."""
        done: Counter[str] = Counter()
        if here is None:
            # Work that was deleted since it was listed, or an object that was asked for by name.
            gone = name.kind.startswith("work/")
            return done, [] if gone else [Problem(name.kind, name.id, "object_missing")]
        done["objects"] += 1
        try:
            if tombstone := read_tombstone(name, here):
                self._bury(tombstone, there, done)
            else:
                self._copy(name, here, there, done)
        except IntegrityError as error:
            # Changed while it was looked at, by a rotation or a disposal: the next run compares it.
            changed = self._first.get(name.record) != here
            return done, [] if changed else [Problem(name.kind, name.id, error.code)]
        return done, []

    def _bury(self, tombstone: Tombstone, there: bytes | None, done: Counter[str]) -> None:
        # A forged tombstone must not destroy the good copy.
        if not self._evidence.is_disposed(tombstone):
            raise IntegrityError("disposal_unproven", tombstone.name.id)
        blob = tombstone.name.blob(tombstone.ciphertext_sha256)
        if there != tombstone.to_bytes() or self._second.exists(blob):
            bury(self._second, tombstone)
            done["buried"] += 1

    def _copy(self, name: ObjectName, here: bytes, there: bytes | None, done: Counter[str]) -> None:
        record = parse_record(name, here)
        unwrap(self._keys.that_open(record.key_id), record)
        if there is not None and there != here:
            self._refuse_other(record, there)
        blob = name.blob(record.ciphertext_sha256)
        lacks = there is None or not self._second.exists(blob)
        if lacks or self._content.holds(name):
            self._bring_content(record, blob, lacks, fresh=there is None, done=done)
        if there is None:
            if self._second.put_if_absent(name.record, here):
                done["copied"] += 1
        elif there != here:
            # Where somebody has changed it meanwhile, the next run compares again.
            done[self._what_changed(name, there)] += self._second.replace_all(
                [(name.record, there, here)]
            )[0]

    def _bring_content(
        self, record: Record, blob: str, lacks: bool, *, fresh: bool, done: Counter[str]
    ) -> None:
        if self._pace:
            self._pace.wait()
        data = self._first.get(blob)
        if data is None:
            raise IntegrityError("ciphertext_missing", record.name.id)
        if sha256(data).hexdigest() != record.ciphertext_sha256:
            raise IntegrityError("ciphertext_damaged", record.name.id)
        if lacks or self._second.get(blob) != data:
            self._second.put(blob, data)
            done["bytes"] += len(data)
            done["mended"] += not fresh
        if self._content.holds(record.name):
            if self._second.get(blob) != data:
                raise IntegrityError("replica_differs", record.name.id)
            done["proven"] += 1

    def _refuse_other(self, record: Record, there: bytes) -> None:
        """Raise where the second site's record is good and another: it must not be lost."""
        if read_tombstone(record.name, there):
            raise IntegrityError("disposed_on_replica", record.name.id)
        try:
            other = parse_record(record.name, there)
            if _content(other) == _content(record):
                return
            unwrap(self._keys.that_open(other.key_id), other)
        except IntegrityError:
            return  # damaged: it opens by no key we have
        raise IntegrityError("replica_differs", record.name.id)

    def _what_changed(self, name: ObjectName, there: bytes) -> str:
        try:
            other = parse_record(name, there)
            unwrap(self._keys.that_open(other.key_id), other)
        except IntegrityError:
            return "mended"
        return "renewed"


def _content(record: Record) -> dict[str, object]:
    """What rotation leaves as it is."""
    return {key: value for key, value in record.bound_fields().items() if key != "key_id"}

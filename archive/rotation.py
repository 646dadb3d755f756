"""New keys over the same content: data keys and secrets are wrapped anew, ciphertexts stay.

An order in the store says which keys are to be replaced. Killed anywhere and run again, the work
goes on from what the store says; run twice at once, both end with the same keys. Former keys stay
until `key_use.drop_key`: a batch may run meanwhile, and a backup may be older.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeVar

from archive.key_use import MASTER
from archive.opening import Archive
from archive.pace import Pace
from archive.problem import Problem
from archive.vault.envelope import Record, open_sealed, parse_record, rewrap, unwrap
from archive.vault.institution_keys import (
    CurrentKeys,
    InstitutionKeys,
    load_institution_keys,
    parse_institution_keys,
    read_institution_keys,
)
from archive.vault.names import (
    ROTATION_ORDER,
    ObjectName,
    institution_keys,
    parse_record_key,
)
from archive.vault.tombstone import read_tombstone
from records.codec import canonical
from records.errors import IntegrityError, SetupError, TransientError

RENEWALS = ("institutions", "master", "all", "nothing")
"""Which keys an order replaces; `nothing` re-wraps what former keys have left."""

_VERSION = 1
_CHUNK = 1_024
_AT_ONCE = 8
_ROUNDS = 5

_Change = tuple[str, bytes, bytes]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RotationReport:
    """What a run did; what an earlier, killed run of the same order did is not counted again.

    Attributes:
        resumed: the order had been given before.
        secrets, objects: how many were wrapped anew.
        proven: objects whose record opens with the newest key alone and whose ciphertext is there.
        opened: of these, how many were opened in full.
        problems: what does not open, or is not there.
    """

    resumed: bool
    secrets: int
    objects: int
    proven: int
    opened: int
    problems: tuple[Problem, ...]


def rotate_keys(
    archive: Archive,
    renew: str = "institutions",
    open_per_second: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> RotationReport:
    """Replace keys, wrap everything by the new ones, and prove that everything opens with them.

    An order that lies unfinished in the store is finished instead of a new one being given.

    `renew`: one of `RENEWALS`. `open_per_second`: open every object's content too, no faster than
    that. `progress` hears how many objects were re-wrapped and proven.

    Raises:
        IntegrityError: the unfinished order does not open (`rotation_order_damaged`).
        TransientError: the store fails, or others keep changing a record.
    """
    if renew not in RENEWALS:
        raise SetupError("settings_value", "renew")
    former, resumed = _order(archive, renew)
    run = _Rotation(archive, open_per_second, progress or (lambda _, __: None))
    if MASTER in former:
        archive.master.renew(former[MASTER])
    for code in archive.institutions():
        run.renew(code, former.get(code))
    run.rewrap_secrets()
    for code in archive.institutions():
        run.rewrap_and_prove(code)
    # Another run may have finished this order, and a third have given a new one.
    if _read_order(archive) == former:
        archive.store.delete(ROTATION_ORDER)
    return run.report(resumed)


def _order(archive: Archive, renew: str) -> tuple[Mapping[str, str], bool]:
    """The keys to replace by place, and whether that was ordered before."""
    resumed = archive.store.exists(ROTATION_ORDER)
    try:
        archive.secrets.read_or_make(
            ROTATION_ORDER,
            lambda: canonical({"version": _VERSION, "former": _replaceable(archive, renew)}),
            lambda: False,
        )
    except IntegrityError as error:
        raise IntegrityError("rotation_order_damaged") from error
    return _read_order(archive), resumed


def _read_order(archive: Archive) -> Mapping[str, str]:
    try:
        raw = archive.secrets.read(ROTATION_ORDER)
        return {} if raw is None else dict(json.loads(raw)["former"])
    except (IntegrityError, ValueError, KeyError, TypeError) as error:
        raise IntegrityError("rotation_order_damaged") from error


def _replaceable(archive: Archive, renew: str) -> dict[str, str]:
    former: dict[str, str] = {}
    if renew in {"master", "all"}:
        former[MASTER] = archive.master.key_ids()[0]
    for code in archive.institutions() if renew in {"institutions", "all"} else ():
        try:
            keys = read_institution_keys(archive.secrets, code)
        except IntegrityError:
            continue  # named when it is its turn
        if keys:
            former[code] = keys.wrapping.key_id
    return former


class _Rotation:
    def __init__(
        self,
        archive: Archive,
        open_per_second: float | None,
        progress: Callable[[int, int], None],
    ) -> None:
        self._archive = archive
        self._pace = Pace(open_per_second) if open_per_second else None
        self._progress = progress
        self._problems: dict[tuple[str, str], Problem] = {}
        self._secrets = self._objects = self._proven = self._opened = 0

    def report(self, resumed: bool) -> RotationReport:
        return RotationReport(
            resumed,
            self._secrets,
            self._objects,
            self._proven,
            self._opened,
            tuple(self._problems.values()),
        )

    def renew(self, code: str, former: str | None) -> None:
        """Give an institution a new key, unless it has another than `former` by now."""
        if former is None:
            return
        place = institution_keys(code)

        def renewed(raw: bytes) -> bytes:
            keys = parse_institution_keys(raw, place)
            if keys.wrapping.key_id != former:
                return raw
            return keys.with_wrapping(keys.wrapping.renewed()).to_bytes()

        try:
            self._secrets += self._archive.secrets.change(place, renewed)
        except IntegrityError as error:
            self._name("secret", place, error.code)

    def rewrap_secrets(self) -> None:
        secrets = self._archive.secrets
        for key in secrets.places():
            try:
                self._secrets += secrets.rewrap(key)
                secrets.read(key)
            except IntegrityError as error:
                self._name("secret", key, error.code)

    def rewrap_and_prove(self, code: str) -> None:
        try:
            if read_institution_keys(self._archive.secrets, code) is None:
                raise IntegrityError("secret_missing", institution_keys(code))
        except IntegrityError as error:
            self._name("secret", institution_keys(code), error.code)
            return
        keys = _RotatedKeys(self._archive, code)
        self._rewrap(keys, self._names(code))
        for names in _chunks(self._names(code)):
            self._prove(keys, names)

    def _names(self, code: str) -> Iterator[ObjectName]:
        for key in self._archive.store.list(f"{code}/records/"):
            if name := parse_record_key(key):
                yield name

    def _rewrap(self, keys: "_RotatedKeys", every: Iterable[ObjectName]) -> None:
        """Wrap records anew; while a thousand are written the next are read and wrapped."""
        with ThreadPoolExecutor(1) as writer:
            under_way: Future[None] | None = None
            for names in _chunks(every):
                changes = self._changes(keys, names)
                if under_way:
                    under_way.result()
                under_way = writer.submit(self._replace, keys, changes)
            if under_way:
                under_way.result()

    def _changes(
        self, keys: "_RotatedKeys", names: Sequence[ObjectName]
    ) -> list[tuple[ObjectName, _Change]]:
        found = self._archive.store.get_all([name.record for name in names])
        return [
            (name, change)
            for name, raw in zip(names, found, strict=True)
            if raw is not None and (change := self._change(keys, name, raw))
        ]

    def _replace(self, keys: "_RotatedKeys", changes: Sequence[tuple[ObjectName, _Change]]) -> None:
        """Write records; those that others changed meanwhile are read and wrapped again."""
        for _ in range(_ROUNDS):
            if not changes:
                return
            done = self._archive.store.replace_all([change for _, change in changes])
            self._objects += sum(done)
            self._progress(self._objects, self._proven)
            late = [name for (name, _), was in zip(changes, done, strict=True) if not was]
            changes = self._changes(keys, late)
        if changes:
            raise TransientError("rotation_disturbed", changes[0][0].id)

    def _change(self, keys: "_RotatedKeys", name: ObjectName, raw: bytes) -> _Change | None:
        """How a record is to change; None where it is re-wrapped already, or damaged, or gone."""
        if read_tombstone(name, raw):
            return None
        try:
            record = parse_record(name, raw)
            current = keys.that_open(record).wrapping
            if record.key_id == current.key_id:
                return None
            return name.record, raw, rewrap(current, record).to_bytes()
        except IntegrityError as error:
            self._name(name.kind, name.id, error.code)
            return None

    def _prove(self, keys: "_RotatedKeys", names: Sequence[ObjectName]) -> None:
        late = self._prove_those(keys, names)
        if late:  # a batch has written them by a former key meanwhile
            self._rewrap(keys, late)
            self._prove_those(keys, late)

    def _prove_those(self, keys: "_RotatedKeys", names: Sequence[ObjectName]) -> list[ObjectName]:
        """Count those that open with the newest key; return those that are under a former one."""
        proofs = _at_once(lambda name: self._proof(keys, name), names)
        proven = sum(proof == "proven" for proof in proofs)
        self._proven += proven
        self._opened += proven if self._pace else 0
        self._progress(self._objects, self._proven)
        return [name for name, proof in zip(names, proofs, strict=True) if proof == "late"]

    def _proof(self, keys: "_RotatedKeys", name: ObjectName) -> str:
        raw = self._archive.store.get(name.record)
        if raw is None or read_tombstone(name, raw):
            return "gone"
        try:
            record = parse_record(name, raw)
            newest = keys.newest_for(record)
            if record.key_id in keys.that_open(record).wrapping.key_ids[1:]:
                return "late"
            self._open(newest, record)
        except IntegrityError as error:
            now = self._archive.store.get(name.record)
            if now is None or read_tombstone(name, now):
                return "gone"
            self._name(name.kind, name.id, error.code)
            return "damaged"
        return "proven"

    def _open(self, newest: InstitutionKeys, record: Record) -> None:
        store, blob = self._archive.store, record.name.blob(record.ciphertext_sha256)
        if self._pace is None:
            unwrap(newest, record)
            if not store.exists(blob):
                raise IntegrityError("ciphertext_missing", record.name.id)
            return
        self._pace.wait()
        ciphertext = store.get(blob)
        if ciphertext is None:
            raise IntegrityError("ciphertext_missing", record.name.id)
        open_sealed(newest, record, ciphertext)

    def _name(self, kind: str, subject: str, code: str) -> None:
        self._problems.setdefault((kind, subject), Problem(kind, subject, code))


class _RotatedKeys:
    """An institution's keys, read anew where a record names one that is not known."""

    def __init__(self, archive: Archive, institution: str) -> None:
        read = partial(load_institution_keys, archive.secrets, archive.store, institution)
        self._current = CurrentKeys(read)
        self._newest: dict[str, InstitutionKeys] = {}

    def that_open(self, record: Record) -> InstitutionKeys:
        return self._current.that_open(record.key_id)

    def newest_for(self, record: Record) -> InstitutionKeys:
        """The newest key alone: what it opens depends on no former one."""
        keys = self.that_open(record)
        newest = keys.wrapping.key_id
        if newest not in self._newest:
            self._newest[newest] = keys.with_wrapping(keys.wrapping.primary_only())
        return self._newest[newest]


def _chunks(every: Iterable[ObjectName]) -> Iterator[list[ObjectName]]:
    names = iter(every)
    while chunk := list(islice(names, _CHUNK)):
        yield chunk


def _at_once(work: Callable[[ObjectName], T], names: Sequence[ObjectName]) -> list[T]:
    """What `work` says of each, in order.

    A thread takes a slice: on a folder, handing over single records costs more than reading them.
    """
    size = -(-len(names) // _AT_ONCE) or 1
    slices = [names[start : start + size] for start in range(0, len(names), size)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [
            said for some in pool.map(lambda part: [work(n) for n in part], slices) for said in some
        ]

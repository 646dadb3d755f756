"""A restore drill: objects of the second site brought to an empty place, opened and compared."""

import dataclasses
import datetime as dt
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.opening import Archive
from archive.problem import Problem
from archive.replica import replicate
from archive.vault.names import LEDGER_KINDS, ObjectName, is_institution, parse_record_key
from archive.vault.open_store import open_store
from archive.vault.store import ObjectStore
from archive.verify import verify
from pipeline.assembly import Workshop
from pipeline.upkeep import rebuild_index
from records.errors import GiroksilError, IntegrityError, RejectedInput, SetupError


@dataclass(frozen=True, slots=True)
class DrillReport:
    """One restore drill.

    Attributes:
        time: when it began, UTC. institution: the whole of it was restored; empty: a sample.
        there: objects the second site holds. restored, opened: how many came back and opened.
        compared: how many of these the first site has too, with the same commitment.
        documents: documents found again in the index that was rebuilt. leaves: of the ledger.
        bytes: of ciphertext. copying, indexing, checking: seconds.
    """

    time: str
    institution: str
    there: int
    restored: int
    opened: int
    compared: int
    documents: int
    leaves: int
    bytes: int
    copying: float
    indexing: float
    checking: float
    problems: tuple[Problem, ...]


def drill(workshop: Workshop, place: Path, sample: int, institution: str = "") -> DrillReport:
    """Restore a sample, or one institution, into an empty folder; open and compare all of it.

    Raises:
        SetupError: the folder is not empty (`drill_place_not_empty`), there is no second site.
        RejectedInput: the second site has nothing to restore (`drill_nothing`).
    """
    started = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    if place.exists() and any(place.iterdir()):
        raise SetupError("drill_place_not_empty")
    second = workshop.require_second_site()
    there = list(_objects_of(second))
    names = [name for name in there if name.institution == institution] if institution else there
    if not names:
        raise RejectedInput("drill_nothing", institution)
    if not institution:
        names = random.SystemRandom().sample(names, min(sample, len(names)))
    clock = time.monotonic()
    url = (place / "store").as_uri()
    source = Archive(second, workshop.archive.master, place / "no-index")
    copied = replicate(source, open_store(url), only=names)
    copying, clock = time.monotonic() - clock, time.monotonic()
    restored = Workshop(
        dataclasses.replace(
            workshop.settings,
            store_url=url,
            s3_endpoint="",
            index_path=str(place / "index" / "search.db"),
        )
    )
    problems = list(copied.problems)
    try:
        rebuild_index(restored)
    except GiroksilError as error:
        problems.append(Problem("index", "", error.code))
    indexing, clock = time.monotonic() - clock, time.monotonic()
    check = _Check(workshop.archive, restored.archive)
    check.run(names)
    if institution:
        problems += verify(restored.archive, institution).problems
    restored.archive.index.close()
    return DrillReport(
        time=started,
        institution=institution,
        there=len(there),
        restored=copied.objects,
        opened=check.opened,
        compared=check.compared,
        documents=check.documents,
        leaves=copied.leaves,
        bytes=copied.bytes,
        copying=copying,
        indexing=indexing,
        checking=time.monotonic() - clock,
        problems=tuple(dict.fromkeys([*problems, *check.problems])),
    )


def _objects_of(store: ObjectStore) -> Sequence[ObjectName]:
    """Every object of a store but work and what was disposed of."""
    gone = {key.replace("/disposed/", "/records/", 1) for code in store.roots()
            if is_institution(code) for key in store.list(f"{code}/disposed/")}  # fmt: skip
    names = (
        parse_record_key(key)
        for code in store.roots()
        if is_institution(code)
        for key in store.list(f"{code}/records/")
        if key not in gone
    )
    return [name for name in names if name and not name.kind.startswith("work/")]


class _Check:
    """Restored objects opened and held against the ledger, the index and the first site."""

    def __init__(self, first: Archive, restored: Archive) -> None:
        self._first = first
        self._restored = restored
        self.opened = self.compared = self.documents = 0
        self.problems: list[Problem] = []

    def run(self, names: Sequence[ObjectName]) -> None:
        leaves = {
            (leaf.kind, leaf.institution, leaf.id): leaf.commitment
            for leaf in self._restored.ledger.leaves()
        }
        for name in names:
            try:
                self._object(name, leaves)
            except GiroksilError as error:
                self.problems.append(Problem(name.kind, name.id, error.code))
        self._index(names)

    def _object(self, name: ObjectName, leaves: dict[tuple[str, str, str], str]) -> None:
        vault = self._restored.vault(name.institution)
        data = vault.get(name.kind, name.id)
        self.opened += 1
        commitment = vault.commitment(name.kind, name.id, data)
        if name.kind in LEDGER_KINDS:
            leaf = leaves.get((name.kind, name.institution, name.id))
            if leaf != commitment:
                raise IntegrityError("leaf_differs" if leaf else "leaf_missing", name.id)
        try:
            here = self._first.vault(name.institution).stored(name.kind, name.id).commitment
        except GiroksilError:
            return  # the first site cannot be asked, or has lost it: the drill speaks of the second
        if here != commitment:
            raise IntegrityError("replica_differs", name.id)
        self.compared += 1

    def _index(self, names: Sequence[ObjectName]) -> None:
        for code in sorted({name.institution for name in names}):
            wanted = {n.id for n in names if (n.institution, n.kind) == (code, "document")}
            try:
                found = self._restored.index.document_ids(code)
            except GiroksilError as error:
                self.problems.append(Problem("index", code, error.code))
                continue
            self.documents += len(wanted & found)
            self.problems += [
                Problem("document", id, "index_entry_missing") for id in sorted(wanted - found)
            ]

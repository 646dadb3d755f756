"""Promises under kill -9: nothing half visible, and a rerun ends in the same state."""

import itertools
import os
import random
import shutil
import signal
import time
from pathlib import Path

from archive.opening import Archive
from archive.vault.names import LEDGER_KINDS
from archive.verify import verify
from records.archived import LedgerLeaf

from .conftest import ONE, an_id, entry, killed_at, open_at

_COUNT = 2


def _content(number: int) -> bytes:
    return b"document %d" % number


def _archive_all(archive: Archive) -> None:
    """Two documents, their leaves, a head, and work that is thrown away."""
    vault = archive.vault(ONE)
    leaves = []
    for number in range(_COUNT):
        id = an_id("d", number)
        stored = vault.put("document", id, _content(number), same=True)
        leaves.append(LedgerLeaf("document", ONE, an_id("b"), id, stored.commitment))
    vault.put("work/text", "p-1", b"work")
    archive.ledger.append(leaves)
    archive.ledger.sign_head()
    vault.delete("work/text", "p-1")


def _index_all(archive: Archive) -> None:
    archive.index.add([entry(an_id("d", number), ONE, "고혈압") for number in range(_COUNT)])


def _check_nothing_is_half_there(folder: Path) -> None:
    archive = open_at(folder)
    vault = archive.vault(ONE)
    for number in range(_COUNT):
        if vault.has("document", an_id("d", number)):
            assert vault.get("document", an_id("d", number)) == _content(number)
    harmless = {"leaf_missing", "index_missing", "index_entry_missing"}
    assert {problem.code for problem in verify(archive).problems} <= harmless
    archive.index.close()


def _final_state(folder: Path) -> tuple[object, ...]:
    archive = open_at(folder)
    vault = archive.vault(ONE)
    archive.sweep(0)
    report = verify(archive)
    assert {problem.code for problem in report.problems} <= {"index_missing"}
    assert report.warnings == ()
    state = (
        {id: vault.get("document", id) for id in vault.ids("document")},
        list(vault.ids("work/text")),
        [leaf.id for leaf in archive.ledger.leaves() if leaf.kind in LEDGER_KINDS],
        sorted(path.name for path in (folder / "store" / ".tmp").iterdir()),
    )
    archive.index.close()
    return state


def test_killed_at_every_system_call(tmp_path: Path) -> None:
    """At each step of the protocol: what is visible is whole, and the rerun mends the rest."""
    states = []
    steps = 0
    for step in itertools.count(1):
        folder = tmp_path / str(step)
        killed = killed_at(step, lambda folder=folder: _archive_all(open_at(folder)))
        if killed:
            _check_nothing_is_half_there(folder)
            _archive_all(open_at(folder))
        states.append(_final_state(folder))
        shutil.rmtree(folder)
        steps = step
        if not killed:
            break

    assert steps > 100
    assert [state for state in states if state != states[0]] == []


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """Killed from outside at seeded moments, over one store, until the work is done."""
    moments = random.Random(20261122)
    for _ in range(12):
        pid = os.fork()
        if pid == 0:
            try:
                while True:
                    archive = open_at(tmp_path)
                    _archive_all(archive)
                    _index_all(archive)
                    archive.index.remove([an_id("d", 0)])
                    archive.index.close()
            finally:
                os._exit(1)
        time.sleep(moments.uniform(0.005, 0.2))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        _check_nothing_is_half_there(tmp_path)

    archive = open_at(tmp_path)
    _archive_all(archive)
    _index_all(archive)
    archive.index.close()
    assert verify(open_at(tmp_path)).ok
    documents, *_ = _final_state(tmp_path)
    assert documents == {an_id("d", number): _content(number) for number in range(_COUNT)}

"""kill -9 of a writer at every write of the store protocol, over a real S3 gateway."""

import io
import itertools
import os
import signal
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.opening import Archive
from archive.vault import s3_calls, s3_store
from archive.vault.file_master_key import FileMasterKey
from archive.vault.s3_store import S3Store
from archive.verify import verify
from records.archived import LedgerLeaf
from tests.faulty_gateway import Dropped, Exchange, FaultyGateway, faulty_gateway, pass_on

pytestmark = pytest.mark.gateway

CODE = "31234567"
PART = 5 * 1024 * 1024  # the least S3 takes
CONTENT = os.urandom(PART + 100_000)


@pytest.fixture
def proxy(gateway: str) -> Iterator[FaultyGateway]:
    with faulty_gateway(gateway) as faulty:
        yield faulty


def _archive(prefix: str, address: str, folder: Path) -> Archive:
    key = FileMasterKey.open(folder / "master.key", lambda: True)
    return Archive(S3Store("plain", prefix, address), key, folder / "search.db")


def _keep(archive: Archive, id: str) -> None:
    """A large object in parts, its record, its leaf."""
    stored = archive.vault(CODE).put_file("original", id, io.BytesIO(CONTENT))
    archive.ledger.append([LedgerLeaf("original", CODE, "b", id, stored.commitment)])


def _killed_at(proxy: FaultyGateway, write: int, is_heard: bool, work: Callable[[], None]) -> bool:
    """Work in a process that is killed at its write of this number; False: it got through.

    `is_heard`: the write is carried out, and only its answer does not come.
    """
    gate, opener = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            os.read(gate, 1)
            work()
            os._exit(0)
        finally:
            os._exit(1)

    def kill(exchange: Exchange) -> None:
        if is_heard:
            exchange.carried_out()
        os.kill(pid, signal.SIGKILL)
        raise Dropped

    proxy.order(lambda m: m.method in {"PUT", "POST"}, *[pass_on] * (write - 1), kill)
    os.write(opener, b"x")
    status = os.waitpid(pid, 0)[1]
    os.close(gate)
    os.close(opener)
    assert status in {0, signal.SIGKILL}
    return status == signal.SIGKILL


def test_killed_at_every_write(
    gateway: str, proxy: FaultyGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Begun, each part, put together, record, leaf: never half visible; run again, there once."""
    monkeypatch.setattr(s3_calls, "PART_BYTES", PART)
    monkeypatch.setattr(s3_store, "PART_BYTES", PART)
    prefix, ids = uuid.uuid4().hex, []
    archive = _archive(prefix, gateway, tmp_path)
    vault = archive.vault(CODE)
    archive.ledger.append([])
    for write in itertools.count(1):
        outcomes = []
        for is_heard in (False, True):
            ids.append(id := f"f-{write}-{is_heard:d}")
            outcomes.append(
                _killed_at(
                    proxy,
                    write,
                    is_heard,
                    lambda id=id: _keep(_archive(prefix, proxy.address, tmp_path), id),  # type: ignore[misc]
                )
            )
            if vault.has("original", id):
                assert vault.get("original", id) == CONTENT
            _keep(archive, id)
        if not any(outcomes):
            break

    assert write > 6  # begun, two parts, put together, record, leaf
    assert list(vault.ids("original")) == sorted(ids)
    assert Counter(leaf.id for leaf in archive.ledger.leaves()) == Counter(ids)
    assert {problem.code for problem in verify(archive).problems} <= {"index_missing"}
    assert archive.store.sweep(0) > 0  # parts of those killed before they were put together
    assert archive.store.sweep(0) == 0
    assert vault.sweep_orphans(0) > 0  # of those killed before their record
    assert len(list(archive.store.list(f"{CODE}/objects/"))) == len(ids)
    assert {vault.get("original", id) for id in ids} == {CONTENT}

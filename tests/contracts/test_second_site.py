"""What a second site promises, kept between folders and real clusters, each with its own user."""

import datetime as dt
import json
import os
import random
import signal
import threading
import time
import uuid
from pathlib import Path

import pytest

from archive.opening import Archive, open_archive
from archive.replica import replicate
from archive.retention.disposal import answer, dispose, propose
from archive.retention.expiry import Kept
from archive.retention.periods import load_table
from archive.rotation import rotate_keys
from archive.vault.names import ObjectName
from archive.vault.open_store import open_store
from archive.vault.patience import Patience
from archive.vault.s3_store import S3Store
from archive.vault.store import ObjectStore
from archive.verify import verify
from records.archived import LedgerLeaf
from records.errors import SetupError, TransientError
from tests.conftest import free_port
from tests.damage import flipped

CODE = "31234567"
TODAY = dt.date(2026, 11, 26)
TABLE = load_table()


@pytest.fixture(
    params=["folders", *(pytest.param(p, marks=pytest.mark.gateway) for p in ("mixed", "clusters"))]
)
def sites(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Archive, ObjectStore]:
    """An archive and the store of its second site: both folders, one of each, or two clusters."""
    url, endpoint = (tmp_path / "store").as_uri(), ""
    second: ObjectStore = open_store((tmp_path / "second").as_uri())
    if request.param == "clusters":
        endpoint = request.getfixturevalue("gateway")
        url = f"s3://plain/{uuid.uuid4().hex}"
    if request.param != "folders":
        address = request.getfixturevalue("second_gateway")
        second = open_store(f"s3://second/{uuid.uuid4().hex}", address, "second")
    return _open(tmp_path, url, endpoint), second


def _open(folder: Path, url: str, endpoint: str) -> Archive:
    archive = open_archive(url, folder / "master.key", folder / "search.db", endpoint)
    vault = archive.vault(CODE)
    for number in range(12):
        stored = vault.put("document", f"d-{number}", b"x" * 5_000 * number)
        leaf = LedgerLeaf("document", CODE, "b", stored.id, stored.commitment)
        archive.ledger.append([leaf])
    archive.ledger.sign_head()
    return archive


def _files(store: ObjectStore) -> dict[str, bytes | None]:
    return {key: store.get(key) for key in store.list()}


def test_both_are_equal_and_stay_so(sites: tuple[Archive, ObjectStore]) -> None:
    """Filled, compared, rotated, damaged there and mended, damaged here and left alone."""
    archive, second = sites
    first = replicate(archive, second)
    again = replicate(archive, second)
    rotate_keys(archive, "all")
    rotated = replicate(archive, second)
    assert first.equal
    assert again.equal
    assert rotated.equal
    assert (first.proven, again.copied, rotated.renewed) == (12, 0, 12 + 2)
    good = _files(archive.store)
    assert _files(second) == good

    keys = [next(iter(second.list(f"{CODE}/{what}/"))) for what in ("objects", "records")]
    for key in keys:
        second.put(key, flipped(good[key] or b""))
    assert replicate(archive, second).mended == 2
    assert _files(second) == good
    for key in keys:
        archive.store.put(key, flipped(good[key] or b""))
    assert not replicate(archive, second).equal
    assert _files(second) == good


def test_disposed_of_on_both(sites: tuple[Archive, ObjectStore]) -> None:
    """Beside a rotation, on every kind of store: neither data key nor ciphertext is left."""
    archive, second = sites
    replicate(archive, second)
    for number in range(4):
        id = f"d-{number}"
        kept = Kept(id, CODE, "prescription", "owner", dt.date(2000, 1, 1))
        proposal = propose(archive, TABLE, [kept], [("document", id)], "kim", TODAY)
        for person in ("kim", "lee"):
            answer(archive, proposal, person, "here", "만료", agrees=True)
        rotation = threading.Thread(target=rotate_keys, args=(archive,))
        rotation.start()
        certificate = dispose(archive, TABLE, proposal, second, TODAY)
        rotation.join()

        assert certificate.sites == 2
        for store in (archive.store, second):
            raw = store.get(ObjectName(CODE, "document", id).record) or b""
            assert b"disposal" in raw
            assert b"wrapped_key" not in raw
            assert not any(f"/{id}." in key for key in store.list(f"{CODE}/objects/"))
    assert replicate(archive, second).equal
    assert {problem.code for problem in verify(archive).problems} <= {"index_missing"}
    assert archive.vault(CODE).get("document", "d-11") == b"x" * 55_000


def test_killed_at_any_moment_it_goes_on(sites: tuple[Archive, ObjectStore]) -> None:
    """Killed from outside at seeded moments: what is there opens, and the next run ends equal."""
    archive, second = sites
    chance = random.Random(20261126)
    for _ in range(6):
        pid = os.fork()
        if pid == 0:
            try:
                replicate(archive, second)
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0.02, 0.4))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        good = _files(archive.store)
        assert all(
            good.get(key) == raw for key, raw in _files(second).items() if "probe" not in key
        )
        for key in second.list(f"{CODE}/records/"):
            digest = json.loads(second.get(key) or b"")["ciphertext_sha256"]
            assert any(digest in blob for blob in second.list(f"{CODE}/objects/"))

    assert replicate(archive, second).equal
    assert {k: v for k, v in _files(second).items() if "probe" not in k} == _files(archive.store)


def test_a_second_site_that_is_away_is_transient(
    sites: tuple[Archive, ObjectStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listening there: tried again later, and the first site is as it was."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    archive, _ = sites
    before = _files(archive.store)
    away = S3Store("second", "x", f"http://127.0.0.1:{free_port()}", "", Patience(pause=0.01))

    with pytest.raises(TransientError, match="store_unreachable"):
        replicate(archive, away)
    assert _files(archive.store) == before


@pytest.mark.gateway
def test_a_profile_that_is_not_there_is_the_operators(second_gateway: str) -> None:
    """A second site's profile that the credentials file lacks is told before anything starts."""
    with pytest.raises(SetupError, match="store_forbidden"):
        open_store("s3://second/x", second_gateway, "nobody")

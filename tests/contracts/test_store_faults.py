"""What the S3 store promises when network and gateway fail: real bytes, a real gateway.

Nothing lost, nothing half visible, nothing twice, wrong bytes always noticed, an end in time.
"""

import dataclasses
import datetime as dt
import hashlib
import io
import os
import random
import signal
import subprocess
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest

from archive.opening import Archive
from archive.vault import s3_signature
from archive.vault.file_master_key import FileMasterKey
from archive.vault.patience import Patience
from archive.vault.s3_requests import DIGEST
from archive.vault.s3_store import S3Store
from archive.verify import verify
from records.archived import LedgerLeaf
from records.errors import IntegrityError, SetupError, TransientError
from records.reasons import explain
from tests.conftest import GATEWAY, gateway_up
from tests.damage import flipped
from tests.faulty_gateway import (
    Dropped,
    Exchange,
    Fault,
    FaultyGateway,
    Message,
    answer_lost,
    changed_back,
    changed_there,
    cut_short,
    dropped,
    failed_afterwards,
    faulty_gateway,
    not_http,
    pass_on,
    says,
)

pytestmark = pytest.mark.gateway

CODE = "31234567"
QUICK = Patience(connect=2, read=2, total=30, tries=6, pause=0.01)


def _stalled(_: Exchange) -> None:
    time.sleep(QUICK.read * 2)
    raise Dropped


def _carried_out_late(exchange: Exchange) -> None:
    """Longer than the client waits: the request is heard when it has asked again."""
    time.sleep(QUICK.read * 1.5)
    exchange.carried_out()
    raise Dropped


FAULTS: dict[str, Fault] = {
    "500": says("500 Internal Server Error"),
    "503": says("503 Service Unavailable"),
    "dropped": dropped,
    "answer lost": answer_lost,
    "500 afterwards": failed_afterwards,
    "stalled": _stalled,
    "carried out late": _carried_out_late,
    "cut short": cut_short,
    "not HTTP": not_http,
    "changed on the way there": changed_there,
}


@pytest.fixture
def proxy(gateway: str) -> Iterator[FaultyGateway]:
    with faulty_gateway(gateway) as faulty:
        yield faulty


@pytest.fixture
def store(proxy: FaultyGateway) -> S3Store:
    """A store behind the proxy, past its first questions to the bucket."""
    opened = S3Store("plain", uuid.uuid4().hex, proxy.address, "", QUICK)
    opened.put_if_absent("k/first", b"")
    opened.replace_all([("k/first", b"", b"old")])
    return opened


def test_a_narrow_line_is_no_fault(proxy: FaultyGateway, store: S3Store) -> None:
    """A body that moves is sent once, though it takes longer than a connection is waited for."""
    hasty = dataclasses.replace(QUICK, connect=0.3, read=5)
    sender = S3Store("plain", store._prefix[:-1], proxy.address, "", hasty)
    data = os.urandom(8 * 1024 * 1024)
    proxy.order(lambda _: False)
    proxy.narrow = 0.005

    sender.put("k/large", data)

    proxy.narrow = 0.0
    assert [request.method for request in proxy.seen] == ["PUT"]
    assert store.get("k/large") == data


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_changes_no_answer(proxy: FaultyGateway, store: S3Store, name: str) -> None:
    """Each call meets the fault at its first request, and answers as if nothing had been."""
    data = os.urandom(50_000)
    calls: list[tuple[Callable[[], object], object]] = [
        (lambda: store.put("k/put", data), None),
        (lambda: store.put_if_absent("k/absent", data), True),
        (lambda: store.put_if_absent("k/absent", b"other"), False),
        (lambda: store.get("k/absent"), data),
        (lambda: store.replace_all([("k/first", b"old", b"new")]), [True]),
        (lambda: store.exists("k/put"), True),
        (lambda: list(store.list("k/")), ["k/absent", "k/first", "k/put"]),
        (lambda: store.delete("k/put"), None),
        (lambda: store.get("k/put"), None),
    ]
    for call, expected in calls:
        proxy.order(lambda _: True, FAULTS[name])

        assert call() == expected
        assert proxy.left == 0
    assert store.get("k/first") == b"new"


@pytest.mark.parametrize("name", ["answer lost", "500 afterwards", "carried out late"])
def test_a_lost_answer_does_not_change_who_won(
    proxy: FaultyGateway, store: S3Store, name: str
) -> None:
    """Whose conditional write it was is told by the object itself, not by who hears of it last."""
    proxy.order(lambda m: m.has("If-Match"), FAULTS[name])
    assert store.replace_all([("k/first", b"old", b"new")]) == [True]
    assert proxy.left == 0

    def another_wins(_: Exchange) -> None:
        assert other.put_if_absent("k/one", b"the same bytes")
        raise Dropped

    other = S3Store("plain", store._prefix[:-1], proxy.address, "", QUICK)
    other.put_if_absent("k/other", b"")
    proxy.order(lambda m: m.method == "PUT", another_wins)
    assert not store.put_if_absent("k/one", b"the same bytes")
    assert proxy.left == 0


def test_changed_answers_are_read_again(gateway: str, proxy: FaultyGateway, store: S3Store) -> None:
    """One byte of an object changed on its way back is noticed, whatever it is and however often.

    What is stored wrong comes back as it lies there, for whoever can name it.
    """
    store.put("k/large", data := os.urandom(300_000))
    proxy.order(lambda m: m.method == "GET", changed_back, cut_short)
    assert store.get("k/large") == data
    assert proxy.left == 0

    def another_byte(exchange: Exchange) -> None:
        answer = exchange.carried_out()
        at = random.randrange(len(answer.body))
        exchange.answer(Message(answer.head, flipped(answer.body, at)))

    proxy.order(lambda m: m.method == "GET", *[another_byte] * QUICK.tries)
    with pytest.raises(TransientError, match=r"^store_garbled"):
        store.get("k/large")

    s3 = boto3.session.Session().client("s3", endpoint_url=gateway, region_name="us-east-1")
    digest = {DIGEST.removeprefix("x-amz-meta-"): hashlib.sha256(b"right").hexdigest()}
    key = store._prefix + "k/wrong"
    s3.put_object(Bucket="plain", Key=key, Body=b"wrong", Metadata=digest)
    assert store.get("k/wrong") == b"wrong"


def _trickle(exchange: Exchange) -> None:
    answer = exchange.carried_out()
    exchange.send(answer.head)
    for byte in answer.body:
        exchange.send(bytes([byte]))
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (says("503 Slow Down"), "store_failing 503"),
        (dropped, "store_unreachable"),
        (not_http, "store_unreachable"),
        (cut_short, "store_unreachable"),
        (_stalled, "store_slow"),
        (_trickle, "store_slow"),
        (changed_there, "store_garbled XAmzContentSHA256Mismatch"),
    ],
)
def test_it_gives_up_with_a_reason(
    proxy: FaultyGateway, store: S3Store, fault: Fault, code: str
) -> None:
    """A fault that does not end: the tries do, and the reason stands in both languages."""
    store.put("k/there", b"x" * 1_000)
    hasty = S3Store(
        "plain",
        store._prefix[:-1],
        proxy.address,
        "",
        Patience(connect=2, read=0.3, total=1.5, tries=3, pause=0.01),
    )
    call = (lambda: hasty.put("k/new", b"x")) if fault == changed_there else None
    proxy.order(lambda m: m.method in {"GET", "PUT"}, *[fault] * 50)

    with pytest.raises(TransientError, match=f"^{code}$") as caught:
        (call or (lambda: hasty.get("k/there")))()

    assert len(proxy.seen) <= 3
    assert explain(caught.value.code, "ko") != explain(caught.value.code, "en")
    proxy.order(lambda _: False)
    assert store.get("k/new") is None


@pytest.mark.parametrize("name", [name for name in FAULTS if "late" not in name])
def test_a_large_object_through_a_bad_network(
    proxy: FaultyGateway, store: S3Store, tmp_path: Path, name: str
) -> None:
    """Begun, put in parts and put together past a fault at each request; read past one, too."""
    data = os.urandom(17 * 1024 * 1024)

    spoiled: set[str] = set()

    def spoil(exchange: Exchange) -> None:
        query = exchange.request.path.partition("?")[2]
        place = f"{exchange.request.method} {query.partition('=')[0]} {'partNumber=2' in query}"
        (pass_on if place in spoiled else FAULTS[name])(spoiled.add(place) or exchange)

    proxy.order(lambda _: True, *[spoil] * 100)
    store.put_file("k/large", io.BytesIO(data), len(data), hashlib.sha256(data).hexdigest())
    into = io.BytesIO()
    assert store.get_into("k/large", into)

    assert into.getvalue() == data
    assert len(spoiled) == 5  # begun, two parts, put together, read
    assert list(store.list("k/")) == ["k/first", "k/large"]


def test_a_large_object_that_was_never_finished(
    gateway: str, proxy: FaultyGateway, store: S3Store
) -> None:
    """Given up or killed in the middle nothing is visible, and its parts are swept."""
    data = os.urandom(17 * 1024 * 1024)
    proxy.order(lambda m: "partNumber=2" in m.path, *[says("500 Internal Server Error")] * 50)
    with pytest.raises(TransientError, match="store_failing"):
        store.put_file("k/large", io.BytesIO(data), len(data), hashlib.sha256(data).hexdigest())
    assert not store.exists("k/large")
    assert store.sweep(0) == 0

    key = store._prefix + "k/killed"
    store._s3.create_multipart_upload(Bucket="plain", Key=key)
    assert store.sweep(3600) == 0
    assert store.sweep(0) == 1
    assert store.sweep(0) == 0


def _archive(store: S3Store, folder: Path) -> Archive:
    key = FileMasterKey.open(folder / "master.key", lambda: True)
    return Archive(store, key, folder / "search.db")


def _batch(archive: Archive, count: int) -> None:
    """Objects, their leaves and a head, as a stage writes them."""
    objects = [(f"d-{number}", b"%d " % number * 3_000) for number in range(count)]
    stored = archive.vault(CODE).put_all("document", objects, same=True)
    archive.ledger.append([LedgerLeaf("document", CODE, "b", s.id, s.commitment) for s in stored])
    archive.ledger.sign_head()


def _check_batch(archive: Archive, count: int) -> None:
    """Every object once, every leaf once, in order, and everything opens."""
    vault = archive.vault(CODE)
    assert {id: vault.get("document", id) for id in vault.ids("document")} == {
        f"d-{number}": b"%d " % number * 3_000 for number in range(count)
    }
    assert [leaf.id for leaf in archive.ledger.leaves()] == [f"d-{n}" for n in range(count)]
    report = verify(archive)
    assert {problem.code for problem in report.problems} <= {"index_missing"}
    blobs = list(archive.store.list(f"{CODE}/objects/"))
    assert len(blobs) == count


def test_a_batch_through_a_bad_network(
    gateway: str, proxy: FaultyGateway, store: S3Store, tmp_path: Path
) -> None:
    """Every third request meets some fault, by seed, but never at every one of its tries.

    The batch ends, whole and once.
    """
    chance = random.Random(20261126)
    quick = [fault for name, fault in FAULTS.items() if name not in {"stalled", "carried out late"}]
    in_a_row: Counter[str] = Counter()

    def spoil(exchange: Exchange) -> None:
        request = f"{exchange.request.method} {exchange.request.path}"
        spoilt = chance.random() < 0.33 and in_a_row[request] < QUICK.tries - 1
        in_a_row[request] = in_a_row[request] + 1 if spoilt else 0
        (chance.choice(quick) if spoilt else pass_on)(exchange)

    proxy.order(lambda _: True, *[spoil] * 2_000)

    _batch(_archive(store, tmp_path), 24)

    assert proxy.left < 1_950
    store.delete("k/first")
    clean = S3Store("plain", store._prefix[:-1], gateway)
    _check_batch(_archive(clean, tmp_path), 24)


def test_a_gateway_killed_and_started_again(tmp_path: Path) -> None:
    """SIGKILL in the middle of a batch, and it comes back: the batch goes on and ends, once."""
    with gateway_up() as running, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", running.access)
        patch.setenv("AWS_SECRET_ACCESS_KEY", running.secret)
        session = boto3.session.Session(running.access, running.secret, region_name="us-east-1")
        session.client("s3", endpoint_url=running.address).create_bucket(Bucket="plain")
        patient = Patience(connect=2, read=5, total=120, tries=200, pause=0.05)
        store = S3Store("plain", "", running.address, "", patient)
        archive = _archive(store, tmp_path)
        batch = threading.Thread(target=_batch, args=(archive, 120))
        batch.start()
        while sum(1 for _ in store.list(f"{CODE}/records/")) < 20:
            time.sleep(0.01)
        (pid,) = (running.folder / "run").glob("*rgw*.pid")
        os.kill(int(pid.read_text()), signal.SIGKILL)
        subprocess.run([GATEWAY / "again.sh", running.folder], check=True, timeout=60)
        batch.join()

        _check_batch(_archive(S3Store("plain", "", running.address), tmp_path), 120)


def test_a_clock_far_off_is_the_operators(gateway: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stepped back by an hour: the gateway refuses, and the reason says why."""
    store = S3Store("plain", uuid.uuid4().hex, gateway, "", QUICK)
    store.put("k/before", b"x")
    late = s3_signature.now() - dt.timedelta(hours=1)
    monkeypatch.setattr(s3_signature, "now", lambda: late)

    with pytest.raises(SetupError, match=r"^store_clock$"):
        store.put("k/after", b"x")
    monkeypatch.undo()
    assert list(store.list()) == ["k/before"]


def test_damage_at_rest_is_named_not_tried_again(
    gateway: str, store: S3Store, tmp_path: Path
) -> None:
    """An object whose stored bytes went wrong is the vault's to name, at once."""
    archive = _archive(store, tmp_path)
    archive.vault(CODE).put("document", "d-1", b"x" * 1_000)
    key = next(iter(store.list(f"{CODE}/objects/")))
    raw = store.get(key) or b""
    s3 = boto3.session.Session().client("s3", endpoint_url=gateway, region_name="us-east-1")
    metadata = {DIGEST.removeprefix("x-amz-meta-"): hashlib.sha256(raw).hexdigest()}
    s3.put_object(Bucket="plain", Key=store._prefix + key, Body=flipped(raw), Metadata=metadata)

    with pytest.raises(IntegrityError, match="ciphertext_damaged"):
        archive.vault(CODE).get("document", "d-1")

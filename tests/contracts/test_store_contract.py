"""What every object store promises, kept by a folder and by a real Ceph gateway."""

import concurrent.futures
import hashlib
import os
import uuid
from pathlib import Path

import pytest

from archive.opening import open_archive
from archive.rotation import rotate_keys
from archive.vault.open_store import open_store
from archive.vault.patience import Patience
from archive.vault.s3_store import S3Store
from archive.vault.store import ObjectStore
from archive.verify import verify
from records.archived import LedgerLeaf
from records.errors import GiroksilError, IntegrityError, SetupError
from tests.conftest import free_port
from tests.damage import flipped


@pytest.fixture(params=["folder", pytest.param("gateway", marks=pytest.mark.gateway)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if request.param == "folder":
        return open_store((tmp_path / "store").as_uri())
    endpoint = request.getfixturevalue("gateway")
    return open_store(f"s3://plain/{uuid.uuid4().hex}", endpoint)


def test_what_is_put_is_got(store: ObjectStore) -> None:
    """Any bytes come back as they went in, none included."""
    blobs = {"a/empty": b"", "a/bytes": bytes(range(256)), "a/large": os.urandom(3_000_000)}

    for key, data in blobs.items():
        store.put(key, data)

    assert {key: store.get(key) for key in blobs} == blobs
    assert store.get_all([*blobs, "a/none"]) == [*blobs.values(), None]


def test_tags_tell_what_changed(store: ObjectStore, tmp_path: Path) -> None:
    """In byte order like the list, equal on every kind of store for equal bytes and only then."""
    other = open_store((tmp_path / "other").as_uri())
    for each in (store, other):
        for name, data in (("b", b"1"), ("a-b", b"1"), ("a", b"2"), ("same/c", b"")):
            each.put(f"k/{name}", data)
        each.put("other/k", b"1")

    first = list(store.tags("k/"))
    assert [key for key, _ in first] == list(store.list("k/"))
    assert first == list(other.tags("k/"))
    store.put("k/a", b"3")
    changed = set(store.tags("k/")) - set(first)
    assert [key for key, _ in changed] == ["k/a"]
    assert len({tag for _, tag in first}) == 3


@pytest.mark.parametrize("size", [0, 1_000, 17 * 1024 * 1024])
def test_files_go_in_and_come_out(store: ObjectStore, tmp_path: Path, size: int) -> None:
    """A file is put from where it stands and got at the end of another; large ones in parts."""
    data = os.urandom(size)
    with (tmp_path / "file").open("w+b") as file:
        file.write(b"head" + data + b"tail")
        file.seek(4)
        store.put_file("a/file", file, size, hashlib.sha256(data).hexdigest())
        file.seek(0)
        file.truncate(4)
        file.seek(4)
        assert store.get_into("a/file", file)
        assert not store.get_into("a/none", file)
        file.seek(0)
        assert file.read() == b"head" + data
    assert store.get("a/file") == data
    assert list(store.list()) == ["a/file"]


def test_put_replaces(store: ObjectStore) -> None:
    """Put leaves the newer bytes."""
    store.put("k/one", b"old")
    store.put("k/one", b"new")

    assert store.get("k/one") == b"new"


def test_absent_is_none(store: ObjectStore) -> None:
    """What was never put is None, False or nothing, and can be deleted."""
    store.delete("nothing/here")

    assert store.get("nothing/here") is None
    assert not store.exists("nothing/here")
    assert store.age("nothing/here") is None
    assert list(store.list("nothing/")) == []


def test_the_first_put_if_absent_stands(store: ObjectStore) -> None:
    """The second writer hears False and changes nothing."""
    assert store.put_if_absent("k/once", b"first")
    assert not store.put_if_absent("k/once", b"second")

    assert store.get("k/once") == b"first"


def test_of_many_writers_exactly_one_wins(store: ObjectStore) -> None:
    """Eight writers at once, ten rounds: one True each, and its bytes are there."""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for turn in range(10):
            key = f"race/{turn}"
            won = list(pool.map(lambda i, key=key: store.put_if_absent(key, b"%d" % i), range(8)))

            assert won.count(True) == 1
            assert store.get(key) == b"%d" % won.index(True)


def test_list_is_sorted_and_bounded_by_its_prefix(store: ObjectStore) -> None:
    """Keys come in byte order, those below the prefix and no others."""
    keys = ["a", "a-b/x", "a/b", "a/b-c", "a/b.d", "a/b/c", "a/b0", "ab/c", "b/Z", "b/_", "b/a"]
    for key in reversed(keys):
        if key not in {"a", "a/b"}:  # a folder cannot be a file as well
            store.put(key, b"x")
    there = sorted(set(keys) - {"a", "a/b"})

    assert list(store.list()) == there
    assert list(store.list("a/")) == [key for key in there if key.startswith("a/")]
    assert list(store.list("a/b/")) == ["a/b/c"]
    assert list(store.roots()) == ["a", "a-b", "ab", "b"]


def test_list_is_complete_beyond_one_answer(store: ObjectStore) -> None:
    """More keys than one answer of S3 holds are all listed."""
    keys = [f"many/{number:04d}" for number in range(1_100)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: store.put(key, b""), keys))

    assert list(store.list("many/")) == keys


def test_deleted_is_gone_and_free_again(store: ObjectStore) -> None:
    """After delete the key is absent, and may be put if absent."""
    store.put("k/gone", b"x")
    store.delete("k/gone")

    assert not store.exists("k/gone")
    assert store.put_if_absent("k/gone", b"y")


def test_age_counts_from_the_last_write(store: ObjectStore) -> None:
    """What was just written is seconds old, not hours: no clock but the store's own."""
    store.put("k/young", b"x")

    age = store.age("k/young")

    assert age is not None
    assert 0 <= age < 600


@pytest.mark.parametrize(
    "key",
    ["", "/", "/a", "a/", "../a", "a/../b", "a//b", ".a", "a/.b", "a\0", "a\n", "가/나", "a b"],
)
def test_a_key_that_is_none_is_refused(store: ObjectStore, key: str) -> None:
    """No call takes a key that could leave the store, and the error does not repeat it."""
    for call in (store.get, store.exists, store.delete, store.age):
        with pytest.raises(IntegrityError, match=r"^store_key_invalid$"):
            call(key)
    for write in (store.put, store.put_if_absent):
        with pytest.raises(IntegrityError, match=r"^store_key_invalid$"):
            write(key, b"x")


@pytest.mark.gateway
def test_a_bucket_that_ignores_conditions_is_refused(gateway: str) -> None:
    """Ceph does not enforce If-None-Match on a versioned bucket: no commit, so no start."""
    store = S3Store("versioned", "here", gateway)

    with pytest.raises(SetupError, match="store_unconditional"):
        store.put_if_absent("k/one", b"x")
    assert list(store.list()) == []


@pytest.mark.gateway
@pytest.mark.parametrize(
    ("bucket", "secret", "code"),
    [("no-such-bucket", None, "store_missing"), ("plain", "wrong", "store_forbidden")],
)
def test_a_store_that_cannot_be_used_says_why(
    gateway: str, monkeypatch: pytest.MonkeyPatch, bucket: str, secret: str | None, code: str
) -> None:
    """A missing bucket and a wrong secret are the operator's to mend."""
    if secret:
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    store = S3Store(bucket, "", gateway)

    with pytest.raises(SetupError, match=code):
        store.put_if_absent("k/one", b"x")


def test_a_gateway_that_does_not_answer_is_transient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listening is tried again later, and nothing about the call is in the message."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    store = S3Store("plain", "", f"http://127.0.0.1:{free_port()}", "", Patience(pause=0.01))

    with pytest.raises(GiroksilError, match=r"^store_unreachable$"):
        store.get("k/one")


@pytest.mark.gateway
def test_keys_rotate_on_the_gateway(gateway: str, tmp_path: Path) -> None:
    """On real S3 too every record is re-wrapped, no ciphertext is touched, and all is proven."""
    url = f"s3://plain/{uuid.uuid4().hex}"
    archive = open_archive(url, tmp_path / "master.key", tmp_path / "search.db", gateway)
    vault = archive.vault("31234567")
    vault.put_all("page", [(f"p-{number}", b"%d" % number) for number in range(40)])
    content = {key: archive.store.get(key) for key in archive.store.list("31234567/objects/")}

    report = rotate_keys(archive, "all", open_per_second=1_000)

    assert (report.objects, report.proven, report.opened, report.problems) == (40, 40, 40, ())
    assert {key: archive.store.get(key) for key in content} == content
    assert vault.get("page", "p-7") == b"7"


@pytest.mark.gateway
def test_an_archive_stands_on_the_gateway(gateway: str, tmp_path: Path) -> None:
    """Objects, leaves and heads on real S3: read back by a second opening, and a flip is named."""
    url = f"s3://plain/{uuid.uuid4().hex}"
    keep, index = tmp_path / "keys" / "master.key", tmp_path / "search.db"
    archive = open_archive(url, keep, index, gateway)
    for code in ("31234567", "9876ABCD"):
        stored = archive.vault(code).put("original", "f-1", b"x" * 200_000)
        archive.ledger.append([LedgerLeaf("original", code, "b", "f-1", stored.commitment)])
    archive.ledger.sign_head()

    again = open_archive(url, keep, index, gateway)

    assert list(again.institutions()) == ["31234567", "9876ABCD"]
    assert again.vault("9876ABCD").get("original", "f-1") == b"x" * 200_000
    assert verify(again).problems == ()
    key = next(iter(again.store.list("9876ABCD/objects/")))
    again.store.put(key, flipped(again.store.get(key) or b""))
    assert [(p.subject, p.code) for p in verify(again).problems] == [("f-1", "ciphertext_damaged")]


def test_what_changed_meanwhile_is_not_replaced(store: ObjectStore) -> None:
    """Only where just the old bytes lie are the new ones written; the answers say where."""
    keys = ["r/same", "r/longer", "r/other", "r/empty", "r/gone"]
    for key, data in zip(keys, (b"old", b"old and more", b"new", b"", b""), strict=True):
        store.put(key, data)
    store.delete("r/gone")

    done = store.replace_all([(key, b"old", b"replaced") for key in keys])

    assert done == [True, False, False, False, False]
    found = [b"replaced", b"old and more", b"new", b"", None]
    assert [store.get(key) for key in keys] == found
    assert store.replace_all([("r/empty", b"", b"x"), ("r/same", b"replaced", b"")]) == [True, True]
    assert store.replace_all([]) == []
    assert store.sweep(0) == 0


def test_of_many_replacers_exactly_one_wins(store: ObjectStore) -> None:
    """Eight who all saw the same bytes, ten rounds: one True each, and its bytes are there."""
    store.put("race/replace", b"0")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for turn in range(10):
            old = store.get("race/replace") or b""
            new = [b"%d-%d" % (turn, number) for number in range(8)]
            change = [[("race/replace", old, data)] for data in new]
            won = [answer for (answer,) in pool.map(store.replace_all, change)]

            assert won.count(True) == 1
            assert store.get("race/replace") == new[won.index(True)]


def test_what_was_deleted_does_not_come_back(store: ObjectStore) -> None:
    """Deleting and replacing at once, forty times: it is deleted in the end, in any order.

    Ceph 16 may let a replacement win that met a deletion: deleted once more, it stays away.
    """
    keys = [f"race/deleted-{number}" for number in range(40)]
    for key in keys:
        store.put(key, b"old")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        replaced = pool.submit(store.replace_all, [(key, b"old", b"new") for key in keys])
        deleted = pool.submit(lambda: [store.delete(key) for key in reversed(keys)])
        replaced.result()
        deleted.result()

    left = [key for key in keys if store.get(key) is not None]
    assert not left or isinstance(store, S3Store)
    assert len(left) < len(keys) / 2
    for key in left:
        store.delete(key)
    assert not any(store.exists(key) for key in keys)


@pytest.mark.gateway
def test_a_bucket_that_ignores_conditions_replaces_nothing(
    gateway: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where If-Match goes unheeded, a deleted record could come back: refused at the first try."""
    store = S3Store("plain", uuid.uuid4().hex, gateway)
    store.put("k/one", b"old")
    send = store._requests.put

    def heedless(key: str, body: bytes, headers: dict[str, str], digest: str = "") -> object:
        return send(key, body, {k: v for k, v in headers.items() if k != "If-Match"}, digest)

    monkeypatch.setattr(store._requests, "put", heedless)

    with pytest.raises(SetupError, match="store_unconditional"):
        store.replace_all([("k/one", b"old", b"new")])
    assert store.get("k/one") == b"old"
    assert list(store.list()) == ["k/one"]

"""Promises of rotation: new keys, the same content, nothing lost at any moment."""

import itertools
import json
import os
import shutil
import time
from pathlib import Path

import pytest

from archive.key_use import MASTER, count_dependents, dependents, drop_key, keys
from archive.opening import Archive
from archive.rotation import RENEWALS, RotationReport, rotate_keys
from archive.vault import institution_keys
from archive.vault.keyset import Keyset, key_id_of
from archive.vault.names import ROTATION_ORDER, parse_blob_key
from archive.verify import verify
from records.errors import IntegrityError, SetupError
from tests.damage import flipped

from .conftest import ONE, TWO, fill, in_processes, killed_at, open_at


def _content(folder: Path) -> dict[str, bytes]:
    """Every ciphertext's bytes."""
    store = open_at(folder).store
    return {key: store.get(key) or b"" for key in store.list() if parse_blob_key(key)}


def _wrapping(archive: Archive) -> dict[str, str]:
    return {key.of: key.key_id for key in keys(archive) if key.wraps}


def _objects(archive: Archive) -> int:
    return sum("/records/" in key for key in archive.store.list())


@pytest.mark.parametrize(
    ("renew", "renewed"),
    [
        ("institutions", {ONE, TWO}),
        ("master", {MASTER}),
        ("all", {MASTER, ONE, TWO}),
        ("nothing", set()),
    ],
)
def test_keys_are_new_and_content_is_the_same(
    filled: Archive, tmp_path: Path, renew: str, renewed: set[str]
) -> None:
    """The keys that were to be are others; no ciphertext is; everything opens, for everyone."""
    before, content = _wrapping(filled), _content(tmp_path)
    running = open_at(tmp_path)
    held = {code: list(running.vault(code).ids("document")) for code in (ONE, TWO)}

    report = rotate_keys(filled, renew)

    after = _wrapping(open_at(tmp_path))
    assert {of for of in before if before[of] != after[of]} == renewed
    assert report.problems == ()
    assert report.proven == _objects(filled)
    assert report.objects == (_objects(filled) if ONE in renewed else 0)
    assert _content(tmp_path) == content
    assert verify(open_at(tmp_path)).ok
    for code, ids in held.items():
        for id in ids:
            assert running.vault(code).get("document", id)
            assert running.vault(code).put("page", "p-new", b"x").size == 1
    assert set(RENEWALS) >= {renew}


def test_what_opens_afterwards_needs_no_former_key(filled: Archive, tmp_path: Path) -> None:
    """With every former key destroyed, every object and secret still opens."""
    before = _wrapping(filled)

    rotate_keys(filled, "all")
    for key_id in before.values():
        assert list(dependents(filled, key_id)) == []
        _age_by_a_day(tmp_path)
        drop_key(filled, key_id)

    again = open_at(tmp_path)
    assert {key.key_id for key in keys(again)} == set(_wrapping(again).values())
    assert verify(again).ok
    assert again.vault(ONE).put("page", "p-9", b"x")


def _age_by_a_day(folder: Path) -> None:
    for path in (folder / "store").glob("*/keys/institution"):
        os.utime(path, (time.time() - 90_000,) * 2)


def test_every_object_can_be_opened_in_full(filled: Archive) -> None:
    """Asked to, the proof reads and decrypts all content, and names a flipped byte in it."""
    whole = rotate_keys(filled, open_per_second=10_000)
    key = next(key for key in filled.store.list(f"{ONE}/objects/document/"))
    filled.store.put(key, flipped(filled.store.get(key) or b""))

    header_only = rotate_keys(filled)
    opened = rotate_keys(filled, open_per_second=10_000)

    assert whole.opened == whole.proven == _objects(filled)
    assert header_only.problems == ()
    assert [problem.code for problem in opened.problems] == ["ciphertext_damaged"]
    assert opened.opened == _objects(filled) - 1


def test_killed_at_every_system_call(tmp_path: Path) -> None:
    """Killed at each step and run again: one new key a place, content untouched, all proven."""
    first = tmp_path / "first"
    archive = open_at(first)
    for code in (ONE, TWO):
        for number in range(2):
            archive.vault(code).put("document", f"d-{number}", b"content %d" % number)
    former, content = _wrapping(archive), _content(first)
    steps = 0
    for step in itertools.count(1):
        folder = tmp_path / str(step)
        shutil.copytree(first, folder)
        killed = killed_at(step, lambda folder=folder: rotate_keys(open_at(folder), "all"))
        if killed:
            assert open_at(folder).vault(TWO).get("document", "d-1") == b"content 1"
            assert {p.code for p in verify(open_at(folder)).problems} <= _NO_LEDGER
            if open_at(folder).store.exists(ROTATION_ORDER):
                assert rotate_keys(open_at(folder)).problems == ()
        _check_rotated_once(folder, former, content, killed)
        shutil.rmtree(folder)
        steps = step
        if not killed:
            break

    assert steps > 60


_NO_LEDGER = {"leaf_missing", "index_missing"}


def _check_rotated_once(
    folder: Path, former: dict[str, str], content: dict[str, bytes], killed: bool
) -> None:
    archive = open_at(folder)
    archive.sweep(0)
    held = [(key.of, key.wraps) for key in keys(archive)]
    now = _wrapping(archive)
    assert not archive.store.exists(ROTATION_ORDER)
    if killed and now == former:
        return  # killed before the order was given
    assert now.keys() == former.keys()
    assert not set(now.values()) & set(former.values())
    assert sorted(held) == sorted((of, wraps) for of in former for wraps in (True, False))
    assert [list(dependents(archive, key)) for key in former.values()] == [[], [], []]
    assert _content(folder) == content
    assert {p.code for p in verify(archive).problems} <= _NO_LEDGER


def test_a_second_order_waits_for_the_first(filled: Archive) -> None:
    """An order that lies in the store is finished, whatever else was asked for."""
    before = _wrapping(filled)
    order = json.dumps({"version": 1, "former": {ONE: before[ONE]}}).encode()
    filled.secrets.read_or_make(ROTATION_ORDER, lambda: order, lambda: False)

    report = rotate_keys(filled, "all")

    assert report.resumed
    assert {of for of, key in _wrapping(filled).items() if before[of] != key} == {ONE}
    assert not rotate_keys(filled, "nothing").resumed


def test_rotations_at_once_end_with_one_new_key(tmp_path: Path) -> None:
    """Four processes rotate beside each other: everything opens by the newest key of each place."""
    fill(open_at(tmp_path))
    content = _content(tmp_path)

    answers = in_processes(4, lambda _: str(rotate_keys(open_at(tmp_path), "all").problems))

    archive = open_at(tmp_path)
    assert answers == ["()"] * 4
    assert rotate_keys(archive, "nothing").problems == ()
    for key in list(keys(archive)):
        if not key.wraps:
            assert list(dependents(archive, key.key_id)) == []
    assert _content(tmp_path) == content
    assert verify(archive).ok


def test_writers_meanwhile_lose_nothing(tmp_path: Path) -> None:
    """Two processes put and delete while two rotate: what was put is there, what went is gone."""
    fill(open_at(tmp_path))

    def work(number: int) -> str:
        archive = open_at(tmp_path)
        if number < 2:
            return str([rotate_keys(archive, "institutions").problems for _ in range(4)])
        vault = archive.vault(ONE)
        for turn in range(120):
            vault.put("page", f"p-{number}-{turn}", b"%d" % turn)
            vault.put("work/text", f"w-{number}-{turn % 3}", b"%d" % turn)
            vault.delete("work/text", f"w-{number}-{turn % 3}")
        return "put"

    answers = in_processes(4, work)

    archive = open_at(tmp_path)
    assert answers == ["[(), (), (), ()]"] * 2 + ["put"] * 2
    for number, turn in itertools.product((2, 3), range(120)):
        assert archive.vault(ONE).get("page", f"p-{number}-{turn}") == b"%d" % turn
    assert list(archive.vault(ONE).ids("work/text")) == []
    assert rotate_keys(archive, "nothing").problems == ()
    report = verify(archive)
    assert report.ok
    assert {warning.code for warning in report.warnings} <= {"ciphertext_orphaned"}


def test_a_damaged_record_is_named_and_keeps_its_key(filled: Archive, tmp_path: Path) -> None:
    """One record with a flipped byte stops no other, and the key it may need is not dropped."""
    before = _wrapping(filled)
    key = next(iter(filled.store.list(f"{ONE}/records/document/")))
    raw = filled.store.get(key) or b""
    filled.store.put(key, raw.replace(b'"wrapped_key":"A', b'"wrapped_key":"B'))

    report = rotate_keys(filled)

    assert [(problem.kind, problem.code) for problem in report.problems] == [
        ("document", "record_damaged")
    ]
    assert report.proven == _objects(filled) - 1
    _age_by_a_day(tmp_path)
    with pytest.raises(SetupError, match="key_in_use"):
        drop_key(filled, before[ONE])
    filled.store.put(key, raw)
    assert verify(open_at(tmp_path)).ok


def test_a_key_is_dropped_only_when_it_may_be(filled: Archive, tmp_path: Path) -> None:
    """Not the one that wraps, not one that is unknown, not within a day of the rotation."""
    former = _wrapping(filled)[TWO]
    rotate_keys(filled)

    for key_id, code in (
        (_wrapping(filled)[TWO], "key_in_use"),
        (_wrapping(filled)[MASTER], "key_in_use"),
        ("12345", "key_unknown"),
        (former, "key_too_young"),
    ):
        with pytest.raises(SetupError, match=code):
            drop_key(filled, key_id)
    assert former in {key.key_id for key in keys(filled)}
    assert institution_keys.READ_ANEW_SECONDS * 24 == 86_400
    assert verify(open_at(tmp_path)).ok


def test_who_depends_on_a_key_is_told(filled: Archive) -> None:
    """Objects of an institution depend on its key, the secrets of the store on the master key."""
    wrapping = _wrapping(filled)

    of_one = list(dependents(filled, wrapping[ONE]))
    of_master = list(dependents(filled, wrapping[MASTER]))

    assert {(found.institution, found.id) for found in of_one if found.kind == "document"} == {
        (ONE, id) for id in filled.vault(ONE).ids("document")
    }
    assert {found.institution for found in of_one} == {ONE}
    counts = count_dependents(filled)
    assert (counts[wrapping[ONE]], counts[wrapping[MASTER]]) == (len(of_one), len(of_master))
    assert len(of_one) * 2 == _objects(filled)
    assert {found.id for found in of_master} == {
        "keys/signing",
        "keys/index",
        f"{ONE}/keys/institution",
        f"{TWO}/keys/institution",
    }


def test_a_damaged_order_is_said_to_be(filled: Archive) -> None:
    """An order that does not open stops the rotation before anything is changed."""
    before = _wrapping(filled)
    filled.store.put(ROTATION_ORDER, b"\x01no order")

    with pytest.raises(IntegrityError, match="rotation_order_damaged"):
        rotate_keys(filled)
    assert _wrapping(filled) == before


def test_a_keyset_keeps_what_it_opened() -> None:
    """A renewed keyset opens the old and writes by the new; alone, the new key opens only that."""
    old = Keyset()
    sealed = old.encrypt(b"x", b"here")
    new = old.renewed()

    assert new.key_ids == (new.key_id, old.key_id)
    assert new.decrypt(sealed, b"here") == b"x"
    assert key_id_of(new.encrypt(b"y", b"")) == new.key_id
    with pytest.raises(ValueError, match="does not open"):
        new.primary_only().decrypt(sealed, b"here")
    with pytest.raises(ValueError, match="no former key"):
        new.without(new.key_id)
    again = Keyset.of_raw_key(old.key_id, old.raw_key())
    assert again.serialised() == old.serialised()


def test_the_report_is_of_this_run(filled: Archive) -> None:
    """Run again with nothing to renew, nothing is wrapped and everything is proven."""
    first = rotate_keys(filled)

    again = rotate_keys(filled, "nothing")

    assert first.objects == first.proven == _objects(filled)
    assert again == RotationReport(False, 0, 0, _objects(filled), 0, ())

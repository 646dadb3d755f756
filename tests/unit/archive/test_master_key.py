"""Promises of the master key, kept by file, token and KMS: it wraps, it unwraps, it renews."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pkcs11
import pytest

from archive.key_use import dependents
from archive.opening import Archive, open_archive
from archive.rotation import rotate_keys
from archive.vault.keyset import Keyset, key_id_of
from archive.vault.master_key import MasterKey, open_master_key, place_master_key
from archive.vault.token_address import parse_token_address
from archive.verify import verify
from records.errors import SetupError
from tests.damage import flipped

from .conftest import ONE, fill
from .softhsm import PIN, key_address, make_token

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", "")
        make_token(tmp_path_factory.mktemp("softhsm"))
        yield


@pytest.fixture(params=["file", "token", "kms"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a master key may lie; nothing is there yet."""
    if request.param == "file":
        return str(tmp_path / "keys" / "master.key")
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def token(softhsm: None, tmp_path: Path) -> str:
    """The address of a key that is not in the token yet."""
    return key_address(tmp_path / "pin", f"key-{secrets.token_hex(4)}")


def made(place: str) -> MasterKey:
    return open_master_key(place, lambda: True)


def there(place: str) -> MasterKey:
    return open_master_key(place, lambda: False)


def test_it_opens_what_it_wrapped_and_nothing_else(place: str) -> None:
    """The same bytes in the same place open; one flipped bit anywhere or another place does not."""
    key = made(place)
    wrapped = key.wrap(b"secret", b"here")

    assert there(place).unwrap(wrapped, b"here") == b"secret"
    assert key_id_of(wrapped) == key.key_ids()[0]
    assert key.wrap(b"secret", b"here") != wrapped
    with pytest.raises(ValueError, match="does not open"):
        key.unwrap(wrapped, b"there")
    for at in range(len(wrapped)):
        damaged = flipped(wrapped, at)
        with pytest.raises(ValueError, match=r"does not open|not a wrapped secret"):
            key.unwrap(damaged, b"here")
    for short in (b"", wrapped[:4], wrapped[:20]):
        with pytest.raises(ValueError, match=r"does not open|not a wrapped secret"):
            key.unwrap(short, b"here")


def test_a_renewed_key_is_one_for_everyone(place: str) -> None:
    """Renewed twice over the same former key there is one new one, and the former still opens."""
    key, other = made(place), there(place)
    wrapped = key.wrap(b"secret", b"here")
    (former,) = key.key_ids()

    key.renew(former)
    other.renew(former)

    ids = there(place).key_ids()
    assert len(ids) == 2
    assert ids[1] == former
    newer = key.wrap(b"newer", b"here")
    assert key_id_of(newer) == ids[0]
    assert other.unwrap(newer, b"here") == b"newer"
    assert there(place).unwrap(wrapped, b"here") == b"secret"
    assert key_id_of(other.wrap(b"x", b"here")) == ids[0]


def test_a_dropped_key_opens_nothing(place: str) -> None:
    """A former key that is dropped is gone, the one that wraps is not dropped."""
    key = made(place)
    wrapped = key.wrap(b"secret", b"here")
    (former,) = key.key_ids()
    with pytest.raises(SetupError, match="key_in_use"):
        key.drop(former)
    key.renew(former)

    key.drop(former)
    key.drop(former)

    assert former not in there(place).key_ids()
    with pytest.raises(ValueError, match="does not open"):
        there(place).unwrap(wrapped, b"here")


def test_no_new_key_where_a_store_is(place: str) -> None:
    """Where the key is missing and this is no first start, none is made."""
    with pytest.raises(SetupError, match="master_key_missing"):
        there(place)
    with pytest.raises(SetupError, match="master_key_missing"):
        there(place)


def test_a_recovered_key_is_the_one_it_was(place: str) -> None:
    """Put into a new place under its id, a key opens what it wrapped elsewhere; never over one."""
    keyset = Keyset()
    wrapped = keyset.encrypt(b"secret", b"here")
    if place.startswith("kms:"):
        with pytest.raises(SetupError, match="master_key_not_into_kms"):
            place_master_key(place, keyset.key_id, keyset.raw_key())
        return

    key = place_master_key(place, keyset.key_id, keyset.raw_key())

    assert key.key_ids() == (keyset.key_id,)
    assert there(place).unwrap(wrapped, b"here") == b"secret"
    with pytest.raises(SetupError, match="master_key_there"):
        place_master_key(place, keyset.key_id, keyset.raw_key())
    key.renew(keyset.key_id)
    assert there(place).unwrap(wrapped, b"here") == b"secret"


def test_an_archive_stands_on_it(place: str, tmp_path: Path) -> None:
    """Every kind of object is stored, rotated and verified, wherever the master key lies."""
    archive = _at(tmp_path, place)
    fill(archive)

    report = rotate_keys(archive, "all")

    assert report.problems == ()
    archive.index.close()
    assert verify(_at(tmp_path, place)).ok


def _at(folder: Path, place: str, former: str = "") -> Archive:
    url = (folder / "store").as_uri()
    return open_archive(url, place, folder / "search.db", former_master_key=former)


@pytest.mark.parametrize(("old", "new"), [("file", "token"), ("file", "kms"), ("kms", "file")])
def test_a_key_moves_to_another_place(
    request: pytest.FixtureRequest, tmp_path: Path, old: str, new: str
) -> None:
    """With the former place named, rotation leaves nothing that depends on it."""
    file = str(tmp_path / "keys" / "master.key")
    former, place = (
        file if kind == "file" else str(request.getfixturevalue(kind)) for kind in (old, new)
    )
    fill(_at(tmp_path, former))
    (key_before,) = there(former).key_ids()

    moving = _at(tmp_path, place, former=former)
    assert moving.vault(ONE).put("page", "p-meanwhile", b"x")
    report = rotate_keys(moving, "nothing")

    assert report.problems == ()
    assert report.secrets == 4
    assert list(dependents(moving, key_before)) == []
    moving.index.close()
    alone = _at(tmp_path, place)
    assert verify(alone).ok
    assert alone.vault(ONE).get("page", "p-meanwhile") == b"x"


def test_no_second_new_key_takes_over(tmp_path: Path) -> None:
    """Where the new place's key is lost in the middle of a move, it is missing, not made anew."""
    first, second = str(tmp_path / "first.key"), tmp_path / "second.key"
    fill(_at(tmp_path, first))
    moving = _at(tmp_path, str(second), former=first)
    rotate_keys(moving, "nothing")
    second.unlink()

    with pytest.raises(SetupError, match="master_key_missing"):
        _at(tmp_path, str(second), former=first)
    assert not second.exists()


def test_a_key_does_not_leave_its_token(token: str) -> None:
    """Neither we nor the driver's own calls read it, also where it came in from outside."""
    keyset = Keyset()
    key = place_master_key(token, keyset.key_id, keyset.raw_key())
    key.renew(keyset.key_id)

    with pytest.raises(SetupError, match="master_key_in_token"):
        key.material()
    address = parse_token_address(token)
    session = pkcs11.lib(address.module).get_token(token_label=address.token).open()
    labels = (address.label, f"{address.label}.former")
    wanted = [{pkcs11.Attribute.LABEL: label} for label in labels]
    found = [secret for template in wanted for secret in session.get_objects(template)]
    assert len(found) == 2
    for secret in found:
        assert secret[pkcs11.Attribute.SENSITIVE]
        assert not secret[pkcs11.Attribute.EXTRACTABLE]
        with pytest.raises(pkcs11.AttributeSensitive):
            secret[pkcs11.Attribute.VALUE]
    session.close()


def test_killed_between_two_steps_a_token_renews_once(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the new key was made and the former not yet renamed, renewing goes on."""
    key = made(token)
    (former,) = key.key_ids()
    monkeypatch.setattr(type(key), "_former", property(lambda _: 1 / 0))
    with pytest.raises(ZeroDivisionError):
        key.renew(former)
    monkeypatch.undo()

    assert {len(there(token).key_ids()), len(key.key_ids())} == {1}
    key.renew(former)

    assert len(there(token).key_ids()) == 2
    assert there(token).key_ids()[1] == former


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("token=giroksil", "token=none"), "token_unreachable"),
        (("module-path=/", "module-path=/nowhere/"), "token_unreachable"),
        (("pin-source=file:", "pin-source=file:/nowhere"), "token_pin_unreadable"),
        (("pin-source=file:", "pin-value="), "token_address_invalid"),
        (("object=key", "other=key"), "token_address_invalid"),
        (("object=key", "object=a;object=key"), "token_address_invalid"),
        (("pkcs11:", "pkcs11:slot-id=1;"), "token_address_invalid"),
    ],
)
def test_a_wrong_address_says_what_is_wrong(token: str, change: tuple[str, str], code: str) -> None:
    """Driver, token, PIN file and parts of the address: each has its reason."""
    with pytest.raises(SetupError, match=code):
        made(token.replace(*change))


def test_the_pin_is_the_owners_alone(token: str) -> None:
    """A PIN file that others may read stops the start."""
    parse_token_address(token).pin_file.chmod(0o644)

    with pytest.raises(SetupError, match="token_pin_exposed"):
        made(token)


def test_a_wrong_pin_is_refused(token: str) -> None:
    """In a process that is not logged in yet, a wrong PIN opens nothing and is not repeated."""
    pin = parse_token_address(token).pin_file
    pin.write_text("000000")
    script = (
        "import sys\nfrom archive.vault.master_key import open_master_key\n"
        "from records.errors import SetupError\n"
        "try: open_master_key(sys.argv[1], lambda: True)\n"
        "except SetupError as error: print(error)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, token],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.dumps(done.stdout) == json.dumps("token_pin_refused\n")
    assert PIN not in done.stdout + done.stderr

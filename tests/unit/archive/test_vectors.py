"""The bytes that were once written open for ever: one archive, written down with its key."""

import json
from pathlib import Path

import pytest

from archive.opening import Archive, open_archive
from archive.rotation import rotate_keys
from archive.vault.commitment import commitment_of
from archive.vault.file_master_key import FileMasterKey
from archive.vault.keyset import Keyset, key_id_of
from records.codec import canonical
from records.errors import IntegrityError

from .conftest import ONE

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
CONTENT = {
    "d-whole": "김가상의 진료기록부".encode(),
    "d-streamed": "김가상의 진료기록부, 길게".encode(),
}


@pytest.fixture
def written(tmp_path: Path) -> Archive:
    """The archive as it was written down, laid out again."""
    key = tmp_path / "master.key"
    key.touch(0o600)
    key.write_bytes(bytes.fromhex(VECTORS["master_key_file"]))
    archive = open_archive((tmp_path / "store").as_uri(), key, tmp_path / "search.db")
    for name, data in VECTORS["store"].items():
        archive.store.put(name, bytes.fromhex(data))
    return archive


@pytest.mark.parametrize("id", CONTENT)
def test_what_was_written_opens(written: Archive, id: str) -> None:
    """Master key, institution's keys, record and ciphertext, whole or streamed, read as ever."""
    vault = written.vault(ONE)

    assert vault.get("document", id) == CONTENT[id]
    salt = vault.salt("document", id)
    assert vault.stored("document", id).commitment == commitment_of(salt, CONTENT[id])


def test_it_opens_after_a_rotation(written: Archive) -> None:
    """Today's rotation of yesterday's archive changes records and secrets, no ciphertext."""
    assert rotate_keys(written, "all").problems == ()

    store = {key: written.store.get(key) for key in VECTORS["store"]}
    changed = {key for key, data in VECTORS["store"].items() if store[key] != bytes.fromhex(data)}
    assert changed == {key for key in VECTORS["store"] if "/objects/" not in key}
    assert {id: written.vault(ONE).get("document", id) for id in CONTENT} == CONTENT


def test_the_raw_key_and_the_file_are_one_key(written: Archive, tmp_path: Path) -> None:
    """From the 32 bytes and the id alone the key file comes out as it was, byte for byte."""
    (key_id,) = written.master.key_ids()
    place = tmp_path / "again.key"

    FileMasterKey.place(place, key_id, bytes.fromhex(VECTORS["master_key"]))

    assert place.read_bytes().hex() == VECTORS["master_key_file"]
    secret = bytes.fromhex(VECTORS["store"][f"{ONE}/keys/institution"])
    assert key_id_of(secret) == key_id
    assert Keyset(place.read_bytes()).decrypt(secret, f"giroksil/1/{ONE}/keys/institution".encode())


@pytest.mark.parametrize("change", [{"version": 2}, {"version": 0}, {"more": 1}])
def test_a_record_of_another_version_is_refused(written: Archive, change: dict[str, int]) -> None:
    """A record of another version, or with a field more, is not read as if it were ours."""
    key = f"{ONE}/records/document/d-whole"
    fields = json.loads(written.store.get(key) or b"") | change
    written.store.put(key, canonical(fields))

    with pytest.raises(IntegrityError, match="record_damaged d-whole"):
        written.vault(ONE).get("document", "d-whole")

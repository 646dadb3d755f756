"""Promises of the master key in a KMS, beyond those that every master key keeps."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from archive.escrow import split_master_key
from archive.opening import open_archive
from archive.vault.keyset import key_id_of
from archive.vault.kms_address import parse_kms_address
from archive.vault.master_key import open_master_key
from records.errors import SetupError
from records.settings import load_settings
from tests.conftest import free_port

_HEAD_BYTES = 7


def _client(address: str) -> "boto3.client":
    endpoint = parse_kms_address(address).endpoint
    return boto3.session.Session().client("kms", endpoint_url=endpoint, region_name="us-east-1")


def test_the_service_itself_binds_the_place(kms: str) -> None:
    """Without our code too, the data key of a secret opens only for the place it was made for."""
    wrapped = open_master_key(kms, lambda: True).wrap(b"secret", b"giroksil/1/keys/index")
    length = int.from_bytes(wrapped[5:_HEAD_BYTES], "big")
    sealed, service = wrapped[_HEAD_BYTES : _HEAD_BYTES + length], _client(kms)

    opened = service.decrypt(
        CiphertextBlob=sealed, EncryptionContext={"giroksil": "giroksil/1/keys/index"}
    )

    assert len(opened["Plaintext"]) == 32
    for other in ({}, {"giroksil": "giroksil/1/keys/signing"}):
        with pytest.raises(ClientError, match="InvalidCiphertext"):
            service.decrypt(CiphertextBlob=sealed, EncryptionContext=other)


def test_starters_and_renewers_at_once_end_with_one_key(kms: str) -> None:
    """Six that start together have one key, and one new one after six renewals; no key is left."""
    before = {one["KeyId"] for one in _client(kms).list_keys()["Keys"]}
    with ThreadPoolExecutor(6) as pool:
        started = list(pool.map(lambda _: open_master_key(kms, lambda: True), range(6)))
        (first,) = {key.key_ids() for key in started}
        list(pool.map(lambda key: key.renew(first[0]), started))

    (renewed,) = {key.key_ids() for key in started}
    assert renewed[1:] == first
    service = _client(kms)
    made = {one["KeyId"] for one in service.list_keys(Limit=1000)["Keys"]} - before
    states = [service.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] for key in made]
    assert sorted(states, reverse=True)[: len(states) - 2] == ["PendingDeletion"] * (len(made) - 2)
    assert states.count("Enabled") == 2


def test_a_dropped_key_can_be_saved_for_thirty_days(kms: str) -> None:
    """Dropping asks the service to destroy the key, which it does not do at once."""
    key = open_master_key(kms, lambda: True)
    name = parse_kms_address(kms).name
    service = _client(kms)
    target = service.describe_key(KeyId=f"alias/{name}/1")["KeyMetadata"]["KeyId"]
    former = key.key_ids()[0]
    key.renew(former)
    key.drop(former)

    dropped = service.describe_key(KeyId=target)["KeyMetadata"]
    assert dropped["KeyState"] == "PendingDeletion"
    left = dropped["DeletionDate"] - dropped["CreationDate"]
    assert 29 <= left.days <= 31
    assert key_id_of(key.wrap(b"x", b"here")) == key.key_ids()[0] != former


def test_a_key_in_a_kms_is_not_split(kms: str, tmp_path: Path) -> None:
    """Escrow says that the key does not leave the service."""
    archive = open_archive((tmp_path / "store").as_uri(), kms, tmp_path / "search.db")

    with pytest.raises(SetupError, match="master_key_in_kms"):
        split_master_key(archive, 5, 3)


@pytest.mark.parametrize(
    "address",
    [
        "kms:",
        "kms:a/b",
        "kms:가",
        "kms:a?secret=x",
        "kms:a?region=",
        "kms:a?region=x&region=y",
        "kms:a?endpoint=file:///x",
        "kms:a?endpoint=127.0.0.1:99",
    ],
)
def test_a_wrong_address_is_refused(address: str) -> None:
    """A name that is none, parts unknown, empty or twice there, an endpoint that is no address."""
    with pytest.raises(SetupError, match=r"^kms_address_invalid$"):
        open_master_key(address, lambda: True)


def test_a_service_that_does_not_answer_is_the_operators(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody listening, no credentials and a profile that is not there each have their reason."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
    address = f"kms:key?endpoint=http://127.0.0.1:{free_port()}"
    with pytest.raises(SetupError, match=r"^kms_forbidden$"):
        open_master_key(address, lambda: True)
    with pytest.raises(SetupError, match=r"^kms_forbidden$"):
        open_master_key(f"{address}&profile=none", lambda: True)

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    with pytest.raises(SetupError, match=r"^kms_unreachable"):
        open_master_key(address, lambda: True)


def test_an_address_in_the_settings_is_no_path(tmp_path: Path) -> None:
    """The settings file's folder is put before paths, not before a key's address."""
    file = tmp_path / "giroksil.toml"
    file.write_text('master_key = "kms:archive?region=ap-northeast-2"\n')

    assert load_settings(file, {}).master_key_place == "kms:archive?region=ap-northeast-2"

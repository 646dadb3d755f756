"""The master key in the hands of several people: split into shares, restored from a few of them."""

from collections.abc import Sequence

from archive.opening import Archive
from archive.vault.master_key import open_master_key, place_master_key
from archive.vault.open_store import open_store
from archive.vault.shares import Share, restore, split
from archive.vault.wrapped_secrets import WrappedSecrets
from records.errors import IntegrityError, SetupError


def split_master_key(archive: Archive, count: int, threshold: int) -> tuple[Share, ...]:
    """Split the master key that wraps; any `threshold` of the `count` shares restore it.

    Raises:
        RejectedInput: `shares_plan_invalid`.
        SetupError: the key is in a token (`master_key_in_token`), or something in the store still
            needs a former key, which no share holds (`former_key_needed`).
    """
    newest = archive.master.key_ids()[0]
    for key in archive.secrets.places():
        if archive.secrets.key_id(key) not in {newest, None}:
            raise SetupError("former_key_needed", key)
    return split(newest, archive.master.material(), count, threshold)


def recover_master_key(shares: Sequence[Share], place: str) -> str:
    """Restore the key into a new place, a file or a token; return its id.

    Raises:
        RejectedInput: the shares do not fit together. SetupError: the place cannot be used.
    """
    key_id, key = restore(shares)
    place_master_key(place, key_id, key)
    return key_id


def secrets_that_open(store_url: str, s3_endpoint: str, place: str) -> tuple[int, int]:
    """How many of a store's secrets the master key in a place opens, and how many there are."""
    store = open_store(store_url, s3_endpoint)
    secrets = WrappedSecrets(store, open_master_key(place, lambda: False))
    opened = there = 0
    for key in secrets.places():
        there += 1
        try:
            secrets.read(key)
        except IntegrityError:
            continue
        opened += 1
    return opened, there

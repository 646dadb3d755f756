"""The archive's parts, put together."""

import logging
import secrets
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from archive.access_log import AccessLog
from archive.index.index import Index
from archive.index.morphemes import make_morphemes
from archive.ledger.heads import PREFIX as HEADS
from archive.ledger.ledger import Ledger
from archive.ledger.stamping import Stamping
from archive.timestamp_authority import TimestampAuthority, open_authority
from archive.vault.institution_keys import CurrentKeys, load_institution_keys
from archive.vault.master_key import MasterKey, SucceedingMasterKey, open_master_key
from archive.vault.names import INDEX_SECRET, SIGNING_SECRET, is_institution
from archive.vault.open_store import open_store
from archive.vault.signing import SEED_BYTES, SigningKey
from archive.vault.store import ObjectStore
from archive.vault.vault import Vault
from archive.vault.wrapped_secrets import WrappedSecrets
from records.errors import IntegrityError, RejectedInput
from records.redacted_logging import event

log = logging.getLogger(__name__)

_INDEX_SECRET_BYTES = 32


class Archive:
    """Vaults, ledger, index and access log over one store; keys are read when first needed."""

    def __init__(
        self,
        store: ObjectStore,
        master: MasterKey,
        index_file: Path,
        morphemes: str = "none",
        authority: TimestampAuthority | None = None,
    ) -> None:
        self.store = store
        self.master = master
        self.secrets = WrappedSecrets(store, master)
        self._lock = threading.Lock()
        self._vaults: dict[str, Vault] = {}
        self._signing: SigningKey | None = None
        self.ledger = Ledger(store, self.signing_key, self._salt_of)
        self.stamps = Stamping(self.ledger, authority)
        self.index = Index(index_file, self._index_secret, make_morphemes(morphemes))
        self.access = AccessLog(self.vault, self.ledger)

    def vault(self, institution: str) -> Vault:
        """The vault of an institution; its keys are made at its first use.

        Raises:
            RejectedInput: not an institution's code (`institution_code_invalid`).
            IntegrityError: its keys are lost or damaged.
        """
        if not is_institution(institution):
            raise RejectedInput("institution_code_invalid")
        with self._lock:
            if institution not in self._vaults:
                read = partial(load_institution_keys, self.secrets, self.store, institution)
                self._vaults[institution] = Vault(self.store, CurrentKeys(read), institution)
            return self._vaults[institution]

    def institutions(self) -> Iterator[str]:
        """Codes of the institutions that have anything in the store, sorted."""
        return filter(is_institution, self.store.roots())

    def vaults(self) -> tuple[tuple[Vault, ...], tuple[IntegrityError, ...]]:
        """Every institution's vault, and why some do not open: lost keys of one harm no other."""
        opened: list[Vault] = []
        shut: list[IntegrityError] = []
        for code in self.institutions():
            try:
                opened.append(self.vault(code))
            except IntegrityError as error:
                event(log, "institution_shut", logging.ERROR, code=error.code)
                shut.append(error)
        return tuple(opened), tuple(shut)

    def sweep(self, older_than_seconds: float) -> int:
        """Remove what killed writers left behind; return how many pieces (see `Vault`)."""
        opened, _ = self.vaults()
        orphans = sum(vault.sweep_orphans(older_than_seconds) for vault in opened)
        return orphans + self.store.sweep(older_than_seconds)

    def signing_key(self) -> SigningKey:
        """The key that signs tree heads, made where it is absent and no head is signed."""
        with self._lock:
            if self._signing is None:
                seed = self.secrets.read_or_make(
                    SIGNING_SECRET,
                    lambda: secrets.token_bytes(SEED_BYTES),
                    lambda: next(iter(self.store.list(HEADS)), None) is not None,
                )
                self._signing = SigningKey(seed)
            return self._signing

    def _index_secret(self) -> bytes:
        # The index is derived: with a lost key it is filled again, so nothing is "in use".
        return self.secrets.read_or_make(
            INDEX_SECRET, lambda: secrets.token_bytes(_INDEX_SECRET_BYTES), lambda: False
        )

    def _salt_of(self, institution: str, kind: str, id: str) -> bytes:
        return self.vault(institution).salt(kind, id)


def open_archive(
    store_url: str,
    master_key: Path | str,
    index_file: Path,
    s3_endpoint: str = "",
    former_master_key: Path | str = "",
    morphemes: str = "none",
    timestamp_url: str = "",
    timestamp_certificates: str = "",
) -> Archive:
    """Open the archive; the master key is made at the first start (an empty store).

    `master_key`: a file, a token's `pkcs11:` or a KMS's `kms:` address. `former_master_key`: where
    the key was before, until `rotate_keys` has run. `morphemes`: of the index, `kiwi` or `none`.
    `timestamp_url`, `timestamp_certificates`: whom to ask for time stamps, and the file of
    certificates by which they are believed.

    Raises:
        SetupError: no such store or authority, or a master key that is missing, exposed or
            unreadable.
    """
    authority = open_authority(timestamp_url, timestamp_certificates)
    store = open_store(store_url, s3_endpoint)
    if not str(former_master_key):
        master = open_master_key(str(master_key), lambda: next(iter(store.list()), None) is None)
        return Archive(store, master, index_file, morphemes, authority)
    former = open_master_key(str(former_master_key), lambda: False)
    current = open_master_key(str(master_key), lambda: _is_all_under(former, store))
    return Archive(store, SucceedingMasterKey(current, former), index_file, morphemes, authority)


def _is_all_under(former: MasterKey, store: ObjectStore) -> bool:
    """Whether no secret is wrapped by another key yet; if one is, its key is lost, not unmade."""
    secrets_, held = WrappedSecrets(store, former), former.key_ids()
    return all(secrets_.key_id(key) in held for key in secrets_.places())

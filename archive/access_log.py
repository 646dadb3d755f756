"""Who read whose record, when, from where, what of it and why: written before the read."""

import datetime as dt
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from archive.ledger.ledger import Ledger
from archive.vault.vault import Vault
from records.codec import decode, encode
from records.errors import IntegrityError
from records.ids import derive_id
from records.values import LedgerLeaf

KIND = "access"


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """One access. `time` is UTC; `whose` a keyed hash of a person; `documents` ids."""

    id: str
    time: str
    institution: str
    who: str
    where: str
    what: str
    whose: str
    documents: tuple[str, ...]
    why: str


class AccessLog:
    """The log of reads: each entry an encrypted object and a leaf of the ledger."""

    def __init__(self, vault_of: Callable[[str], Vault], ledger: Ledger) -> None:
        self._vault_of = vault_of
        self._ledger = ledger
        self._lock = threading.Lock()
        self._mended: set[str] = set()

    def record(
        self,
        institution: str,
        who: str,
        where: str,
        what: str,
        why: str,
        whose: str = "",
        documents: Sequence[str] = (),
    ) -> AccessEntry:
        """Write an access down. Call it before the read: no entry, no reading.

        `what`: search, view, export, …; `whose`: `Index.person_hash`, where a person was asked
        for; `why`: the purpose as the reader gave it.
        """
        entry = AccessEntry(
            id=derive_id("a", secrets.token_bytes(16)),
            time=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            institution=institution,
            who=who,
            where=where,
            what=what,
            whose=whose,
            documents=tuple(documents),
            why=why,
        )
        vault = self._vault_of(institution)
        stored = vault.put(KIND, entry.id, encode(entry), same=True)
        leaf = LedgerLeaf(KIND, institution, "", entry.id, stored.commitment)
        with self._lock:
            self._ledger.append([*self._leaves_of_the_killed(vault), leaf])
            self._mended.add(institution)
        return entry

    def entries(self, institution: str) -> Iterator[AccessEntry]:
        """Every access to an institution's records, oldest first.

        Raises:
            IntegrityError: an entry is damaged.
        """
        vault = self._vault_of(institution)
        found = [_read(vault, id) for id in vault.ids(KIND)]
        return iter(sorted(found, key=lambda entry: (entry.time, entry.id)))

    def _leaves_of_the_killed(self, vault: Vault) -> list[LedgerLeaf]:
        """Leaves of entries whose writer was killed before the ledger had them.

        Looked for once a process and institution; the ledger drops those it has.
        """
        if vault.institution in self._mended:
            return []
        known = self._ledger.ids(KIND, vault.institution)
        return [
            LedgerLeaf(KIND, vault.institution, "", id, vault.stored(KIND, id).commitment)
            for id in vault.ids(KIND)
            if id not in known
        ]


def _read(vault: Vault, id: str) -> AccessEntry:
    try:
        return decode(AccessEntry, vault.get(KIND, id))
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError("access_entry_damaged", id) from error

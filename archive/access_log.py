"""Who read whose record, when, from where, what of it and why: written before the read."""

import datetime as dt
import secrets
import threading
from collections.abc import Callable, Iterable, Sequence

from archive.access_entry import AccessEntry
from archive.ledger.ledger import Ledger
from archive.vault.vault import Vault
from records.archived import LedgerLeaf
from records.codec import decode, encode
from records.errors import IntegrityError
from records.ids import derive_id

KIND = "access"
_CLOCKS = dt.timedelta(days=1)


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
        persons: Sequence[str] = (),
        found: bool = True,
    ) -> AccessEntry:
        """Write an access down. Call it before the read: no entry, no reading.

        `what`: search, view, export, …; `whose`: `Index.person_hash`, where a person was asked
        for; `persons`: `Index.persons`, of what is shown; `why`: the purpose as the reader gave it.
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
            persons=tuple(persons),
            found=found,
        )
        vault = self._vault_of(institution)
        stored = vault.put(KIND, entry.id, encode(entry), same=True)
        leaf = LedgerLeaf(KIND, institution, "", entry.id, stored.commitment)
        with self._lock:
            self._ledger.append([*self._leaves_of_the_killed(vault), leaf])
            self._mended.add(institution)
        return entry

    def entries(self, institution: str, since: dt.datetime | None = None) -> list[AccessEntry]:
        """Every access to an institution's records, in the order of the ledger.

        `since`: without those before; read backwards, so that a month costs a month.

        Raises:
            IntegrityError: an entry is damaged, or gone.
        """
        vault = self._vault_of(institution)
        leaves = [
            leaf.id
            for leaf in self._ledger.leaves()
            if (leaf.kind, leaf.institution) == (KIND, institution)
        ]
        # Those whose writer was killed before the ledger had them are the newest.
        ids = [*leaves, *sorted(set(vault.ids(KIND)) - set(leaves))]
        if since is None:
            return [_read(vault, id) for id in ids]
        limit = since.astimezone(dt.UTC).isoformat()
        # A clock may have been set back meanwhile: a day is looked at beyond.
        stop = (since.astimezone(dt.UTC) - _CLOCKS).isoformat()
        found: list[AccessEntry] = []
        for id in reversed(ids):
            entry = _read(vault, id)
            if entry.time < stop:
                break
            found.append(entry)
        return [entry for entry in reversed(found) if entry.time >= limit]

    def entries_of_all(
        self, institutions: Iterable[str], since: dt.datetime | None = None
    ) -> list[AccessEntry]:
        """Accesses to several institutions' records, together in the order of the ledger."""
        found = [entry for code in institutions for entry in self.entries(code, since)]
        leaves = (leaf for leaf in self._ledger.leaves() if leaf.kind == KIND)
        place = {(leaf.institution, leaf.id): number for number, leaf in enumerate(leaves)}
        return sorted(found, key=lambda e: place.get((e.institution, e.id), len(place)))

    def without_leaf(self, institution: str) -> int:
        """How many accesses the ledger does not know: a killed writer's, until the next one."""
        known = self._ledger.ids(KIND, institution)
        return len(set(self._vault_of(institution).ids(KIND)) - known)

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

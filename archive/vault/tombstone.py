"""What lies in a record's place after a disposal: it says what was there, and opens nothing.

A record is not deleted but replaced, on the condition that just the bytes that were read still
lie there: so a rotation or a second writer that comes at the same moment cannot bring it back.
"""

import json
from dataclasses import dataclass

from archive.vault.names import ObjectName
from archive.vault.store import ObjectStore
from records.codec import canonical
from records.errors import IntegrityError

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An object that was disposed of. `disposal`: id of the proposal that two persons agreed to."""

    name: ObjectName
    commitment: str
    ciphertext_sha256: str
    disposal: str

    def to_bytes(self) -> bytes:
        """The tombstone as it is stored."""
        return canonical(
            {
                "version": _VERSION,
                "institution": self.name.institution,
                "kind": self.name.kind,
                "id": self.name.id,
                "commitment": self.commitment,
                "ciphertext_sha256": self.ciphertext_sha256,
                "disposal": self.disposal,
            }
        )


def read_tombstone(name: ObjectName, raw: bytes) -> Tombstone | None:
    """The tombstone of an object, or None where the bytes are not exactly one.

    Whoever can write to the store can write one: believe it when its disposal is proven.
    """
    if b'"disposal":' not in raw:  # every record of the archive passes here
        return None
    try:
        fields = json.loads(raw)
        found = Tombstone(
            name, fields["commitment"], fields["ciphertext_sha256"], fields["disposal"]
        )
        return found if found.to_bytes() == raw else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def bury(store: ObjectStore, tombstone: Tombstone) -> None:
    """Destroy an object's data key and ciphertext in one store; killed and run again, it ends.

    Raises:
        IntegrityError: the object was disposed of by another disposal (`tombstone_differs`).
    """
    name, raw = tombstone.name, tombstone.to_bytes()
    store.put_if_absent(name.disposed, raw)
    copy = store.get(name.disposed) or b""
    if copy != raw:
        if read_tombstone(name, copy):
            raise IntegrityError("tombstone_differs", name.id)
        store.put(name.disposed, raw)
    while (found := store.get(name.record)) != raw:
        if found is None:
            store.put_if_absent(name.record, raw)
        else:
            store.replace_all([(name.record, found, raw)])
    store.delete(name.blob(tombstone.ciphertext_sha256))

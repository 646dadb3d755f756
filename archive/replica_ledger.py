"""The ledger on a second site: its files are written once, so the same name is the same bytes."""

from archive.ledger import heads
from archive.ledger.audit import Audit, audit
from archive.opening import Archive
from archive.problem import Problem
from archive.vault.signing import SigningKey
from archive.vault.store import ObjectStore
from records.errors import IntegrityError


def copy_ledger(
    archive: Archive, second: ObjectStore, audited: Audit, signing: SigningKey | None
) -> tuple[int, tuple[Problem, ...]]:
    """Copy what `audited`, the first site's ledger, has; how many files, and what is wrong.

    A damaged ledger is copied nowhere, and one that is signed by our key and says otherwise is
    not overwritten: then one of the two was rolled back or rewritten, and a person must look.
    `signing`: None where that secret does not open; nothing is copied then either.
    """
    if audited.problems or (signing is None and audited.heads):
        return 0, audited.problems
    if told := _contradictions(archive, second, audited.size, signing):
        return 0, told
    copied = 0
    # Heads last: a head must find the leaves that it covers.
    for key in sorted(audited.known_keys, key=lambda key: (key.startswith(heads.PREFIX), key)):
        here = archive.store.get(key)
        there = second.get(key)
        if here is not None and here != there:
            second.put(key, here)
            copied += 1
    proven = audit(second, signing.key_id if signing else None)
    same = proven.leaves[: len(audited.leaves)] == audited.leaves
    if proven.problems or not same:
        return copied, (Problem("ledger", "", "replica_ledger_differs"),)
    return copied, ()


def _contradictions(
    archive: Archive, second: ObjectStore, size: int, signing: SigningKey | None
) -> tuple[Problem, ...]:
    """Heads of the second site that our key has signed and that the first site's ledger denies."""
    found: list[Problem] = []
    for key in second.list(heads.PREFIX):
        try:
            head = heads.read_head(second.get(key) or b"", key)
            if signing is None or not head.holds(signing.public):
                continue
        except IntegrityError:
            continue  # damaged: it is mended
        if head.size > size:
            found.append(Problem("ledger", key, "replica_ledger_ahead"))
        elif archive.ledger.root(head.size).hex() != head.root:
            found.append(Problem("ledger", key, "replica_ledger_forked"))
    return tuple(found)

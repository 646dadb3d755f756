"""Hash renewals checked from their files alone: every byte against their leaves in the log."""

from collections import Counter
from collections.abc import Collection, Sequence

from archive.ledger.check_proof import DISPOSED, NOT_OPENED
from archive.ledger.renewals import (
    KEYS,
    KIND,
    PREFIX,
    RenewalRoot,
    portion_key,
    read_portion,
    read_root,
    root_key,
    sealing,
    tree_root,
)
from archive.problem import Problem
from archive.vault.signing import signature_holds
from archive.vault.store import ObjectStore
from records.archived import LedgerLeaf
from records.errors import IntegrityError


def audit_renewals(
    store: ObjectStore, leaves: Sequence[LedgerLeaf] | None, publics: Collection[bytes]
) -> tuple[list[Problem], set[str]]:
    """What is wrong with the renewals that the log knows, and every key that is a renewal's.

    `leaves`: of the log; None where it is damaged, which is named already. `publics`: the keys
    that may have sealed portions. Of the renewal after the last only the names are looked at: it
    is not finished.
    """
    found = {key for key in store.list(PREFIX) if KEYS.fullmatch(key)}
    if leaves is None:
        return [], found
    committed = [leaf for leaf in leaves if leaf.kind == KIND]
    begun = root_key(len(committed)).removesuffix("root")
    known = {key for key in found if key.startswith(begun)}
    problems: list[Problem] = []
    for leaf in committed:
        number = int(leaf.id)
        known.add(root_key(number))
        try:
            root = read_root(store.get(root_key(number)) or b"", number)
            if root.leaf().commitment != leaf.commitment:
                raise IntegrityError("renewal_damaged", root_key(number))
        except IntegrityError as error:
            problems.append(Problem("ledger", error.subject, error.code))
            known |= {key for key in found if key.startswith(root_key(number)[:-4])}
            continue
        known |= {portion_key(number, at) for at in range(len(root.portions))}
        problems += _portion_problems(store, root, publics)
    return problems, known


def _portion_problems(
    store: ObjectStore, root: RenewalRoot, publics: Collection[bytes]
) -> list[Problem]:
    states, problems = Counter[int](), list[Problem]()
    for at, wanted in enumerate(root.portions):
        key = portion_key(root.number, at)
        try:
            portion = read_portion(store.get(key) or b"", key)
        except IntegrityError as error:
            problems.append(Problem("ledger", key, error.code))
            continue
        message = sealing(root.order(), key, portion.records)
        sealed = any(signature_holds(public, portion.seal, message) for public in publics)
        if not sealed or tree_root(portion.hashes(root.algorithm), root.algorithm) != wanted:
            problems.append(Problem("ledger", key, "renewal_damaged"))
        states.update(portion.states())
    told = (states.total(), states[DISPOSED], states[NOT_OPENED])
    if not problems and told != (root.size - root.first, root.disposed, root.unopened):
        problems.append(Problem("ledger", root_key(root.number), "renewal_damaged"))
    return problems

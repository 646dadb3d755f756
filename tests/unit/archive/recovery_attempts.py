"""Attempts on the second site, retention and disposal: A's object named in B's context."""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archive.ledger.audit import audit
from archive.replica import replicate
from archive.replica_ledger import copy_ledger
from archive.replica_secrets import copy_secrets
from archive.retention import disposal, orders
from archive.retention.evidence import Evidence
from archive.retention.expiry import Kept
from archive.retention.papers import DueDocument, DueObject, Proposal
from archive.retention.periods import load_table
from archive.vault.folder_store import FolderStore
from archive.vault.names import ObjectName
from archive.vault.tombstone import Tombstone

from .conftest import ONE, TWO, an_id

if TYPE_CHECKING:
    from .attempts import Scene

DOCUMENT = an_id("d", ONE, 0)
_TODAY = dt.date(2026, 11, 26)
_DUE = Kept(DOCUMENT, TWO, "prescription", "owner", dt.date(2000, 1, 1))


def _second(scene: "Scene") -> FolderStore:
    return FolderStore(scene.folder / "second" / "store")


def _evidence(scene: "Scene") -> Evidence:
    return Evidence(scene.archive, audit(scene.store, None))


def _of_b(scene: "Scene") -> Proposal:
    """A paper of B's that lists A's document."""
    record = scene.record()
    document = DueDocument(DOCUMENT, "prescription", "owner", "2000-01-01")
    listed = DueObject("document", DOCUMENT, record.commitment, record.ciphertext_sha256)
    return Proposal("x-b", TWO, "", "eve", (document,), (listed,), "")


def _disposed_by_b(scene: "Scene") -> list[bool]:
    """B's two persons agree to dispose of A's document; whether A's and a copy of it open still."""
    second, proposal = _second(scene), _of_b(scene)
    replicate(scene.archive, second)
    for person in ("eve", "mallory"):
        disposal.answer(scene.archive, proposal, person, "here", "why", agrees=True)
    scene.vault.put("disposal", proposal.id, b"no proposal was ever made")
    done = disposal.dispose(scene.archive, load_table(), proposal, None, _TODAY)
    own = scene.archive.vault(ONE).get("document", DOCUMENT)
    name = ObjectName(ONE, "document", DOCUMENT)
    return [done.institution == TWO, bool(own), second.get(name.record) == scene.raw_record()]


def _copied_alone(scene: "Scene") -> list[bool]:
    """Only B's objects are copied: nothing of A's, and not the key that opens A's."""
    second = _second(scene)
    replicate(scene.archive, second, only=[ObjectName(TWO, "document", an_id("d", TWO, 0))])
    return [key.startswith(ONE) for key in second.list()]


def _tombstone(scene: "Scene") -> Tombstone:
    record = scene.record()
    name = ObjectName(TWO, "document", DOCUMENT)
    return Tombstone(name, record.commitment, record.ciphertext_sha256, "x-b")


def _digests(scene: "Scene") -> list[str]:
    second = _second(scene)
    copy_secrets(scene.archive, second, [TWO])
    found = {hashlib.sha256(second.get(key) or b"").hexdigest() for key in second.list()}
    secret = scene.store.get(f"{ONE}/keys/institution") or b""
    return sorted(found & {hashlib.sha256(secret).hexdigest()})


RECOVERY: dict[str, tuple[Callable[["Scene"], Any], Any]] = {
    "replica.replicate": (_copied_alone, lambda found: found and not any(found)),
    "replica.ReplicaReport.equal": (lambda s: replicate(s.archive, _second(s)).equal, True),
    "replica_secrets.copy_secrets": (_digests, []),
    "replica_ledger.copy_ledger": (
        lambda s: copy_ledger(s.archive, _second(s), audit(s.store, None), s.archive.signing_key()),
        lambda found: found[0] > 0 and not found[1],
    ),
    "retention.disposal.propose": (
        lambda s: disposal.propose(
            s.archive, load_table(), [_DUE], [("document", DOCUMENT)], "eve", _TODAY
        ),
        "object_missing",
    ),
    "retention.disposal.dispose": (_disposed_by_b, [True, True, True]),
    "retention.disposal.require_agreed": (
        lambda s: disposal.require_agreed(s.archive, load_table(), _of_b(s), _TODAY),
        "disposal_not_agreed",
    ),
    "retention.disposal.answer": (
        lambda s: [
            disposal.answer(s.archive, _of_b(s), "eve", "here", "why", agrees=True).by,
            list(s.archive.vault(ONE).ids("disposal")),
        ],
        ["eve", []],
    ),
    "retention.disposal.answers": (lambda s: disposal.answers(s.archive, _of_b(s)), ()),
    "retention.disposal.load_proposal": (
        lambda s: disposal.load_proposal(s.archive, TWO, DOCUMENT),
        "disposal_unknown",
    ),
    "retention.evidence.Evidence.is_disposed": (
        lambda s: _evidence(s).is_disposed(_tombstone(s)),
        False,
    ),
    "retention.evidence.Evidence.is_certified": (
        lambda s: _evidence(s).is_certified(TWO, DOCUMENT),
        False,
    ),
    "retention.evidence.Evidence.certified": (lambda s: list(_evidence(s).certified(TWO)), []),
    "retention.orders.give_order": (
        lambda s: [
            orders.give_order(s.archive, TWO, "hold", "eve", "here", "why", [DOCUMENT]).institution,
            orders.standing(s.archive, ONE).is_held(DOCUMENT),
        ],
        [TWO, False],
    ),
    "retention.orders.standing": (lambda s: orders.standing(s.archive, TWO).holds, ()),
    "retention.orders.Standing.is_held": (
        lambda s: orders.standing(s.archive, TWO).is_held(DOCUMENT),
        False,
    ),
    "retention.orders.Standing.extension": (
        lambda s: orders.standing(s.archive, TWO).extension(DOCUMENT),
        0,
    ),
    "vault.vault.Vault.disposed_ids": (lambda s: s.vault.disposed_ids("document"), set()),
}

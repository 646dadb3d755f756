"""What keeps documents beyond their period: holds, and the one extension the law allows.

Each order is an encrypted object of the institution and a leaf of the ledger; none is ever taken
back, a release is an order of its own.
"""

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from archive.opening import Archive
from records.archived import LedgerLeaf
from records.codec import decode, encode
from records.errors import IntegrityError, RejectedInput
from records.ids import derive_id

KIND = "retention"
ACTIONS = ("hold", "release", "extend")


@dataclass(frozen=True, slots=True)
class Order:
    """One order. `documents`: whom it binds, all of the institution where empty.

    `years` of an extension; `releases`: id of the hold that a release ends. `time` is UTC.
    """

    id: str
    institution: str
    action: str
    documents: tuple[str, ...]
    by: str
    where: str
    why: str
    time: str
    years: int = 0
    releases: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an institution's orders come to."""

    holds: tuple[Order, ...]
    extensions: tuple[Order, ...]

    def is_held(self, document: str) -> bool:
        """Whether a hold stands on a document."""
        return any(not hold.documents or document in hold.documents for hold in self.holds)

    def extension(self, document: str) -> int:
        """Years by which a document's period is extended; one extension counts, the longest."""
        years = (o.years for o in self.extensions if not o.documents or document in o.documents)
        return max(years, default=0)


def give_order(
    archive: Archive,
    institution: str,
    action: str,
    by: str,
    where: str,
    why: str,
    documents: Iterable[str] = (),
    years: int = 0,
    releases: str = "",
) -> Order:
    """Keep an order, with its leaf under a signed head.

    Raises:
        RejectedInput: no such action or no reason (`retention_order_invalid`), a release of no
            standing hold (`hold_unknown`), a second extension (`extended_before`).
    """
    wrong = action not in ACTIONS or not by.strip() or not why.strip()
    if wrong or (action == "extend") != (years > 0):
        raise RejectedInput("retention_order_invalid")
    chosen = tuple(sorted(set(documents)))
    now = standing(archive, institution)
    if action == "release" and releases not in {hold.id for hold in now.holds}:
        raise RejectedInput("hold_unknown", releases)
    if action == "extend" and _overlaps(now.extensions, chosen):
        raise RejectedInput("extended_before")
    order = Order(
        id=derive_id("o", secrets.token_bytes(16)),
        institution=institution,
        action=action,
        documents=chosen,
        by=by,
        where=where,
        why=why,
        time=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        years=years,
        releases=releases,
    )
    stored = archive.vault(institution).put(KIND, order.id, encode(order), same=True)
    archive.ledger.append([LedgerLeaf(KIND, institution, "", order.id, stored.commitment)])
    archive.ledger.sign_head()
    return order


def standing(archive: Archive, institution: str) -> Standing:
    """What stands now.

    Raises:
        IntegrityError: an order is damaged (`record_unreadable`).
    """
    vault = archive.vault(institution)
    orders = []
    for id in vault.ids(KIND):
        try:
            orders.append(decode(Order, vault.get(KIND, id)))
        except (ValueError, KeyError, TypeError) as error:
            raise IntegrityError("record_unreadable", id) from error
    released = {order.releases for order in orders if order.action == "release"}
    return Standing(
        tuple(o for o in orders if o.action == "hold" and o.id not in released),
        tuple(o for o in orders if o.action == "extend"),
    )


def _overlaps(extensions: Iterable[Order], documents: tuple[str, ...]) -> bool:
    return any(
        not order.documents or not documents or set(order.documents) & set(documents)
        for order in extensions
    )

"""Who scanned a batch may neither inspect nor decide it."""

import re

from records.errors import RejectedInput
from records.values import Delivery

_BETWEEN_NAMES = re.compile(r"[,;/·、\n]+")


def scanning_team(delivery: Delivery) -> str:
    """Whose lots are counted together: `scanned.team`, or whoever scanned."""
    return delivery.scanned.get("team") or delivery.scanned.get("by", "")


def require_other_person(delivery: Delivery, who: str) -> None:
    """Refuse a person whom the delivery names as having scanned it.

    `scanned.by` and `scanned.operators` may name several, with commas between; case and spaces do
    not matter. Names must be the accounts that people decide under, or nobody can tell.

    Raises:
        RejectedInput: `inspector_scanned_it`.
    """
    named = (delivery.scanned.get(key, "") for key in ("by", "operators"))
    operators = {_plain(name) for names in named for name in _BETWEEN_NAMES.split(str(names))}
    if _plain(who) in operators - {""}:
        raise RejectedInput("inspector_scanned_it")


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()

"""What verification finds, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it must be.

    `kind`: an object's kind, or secret, ledger, index, store. `subject`: an id or a key of the
    store. `code`: see `records.reasons`.
    """

    kind: str
    subject: str
    code: str

"""One access to a record, as the access log keeps it."""

from dataclasses import dataclass

ANSWERED = "alarm_answered"
"""`what` of an entry in which a person answers for alarms; `documents` names them."""


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """One access. `time` is UTC; `documents` ids.

    `whose`: keyed hash of the person who was asked for; `persons`: of those whose records were
    shown. `found`: False where what was asked for is not there.
    """

    id: str
    time: str
    institution: str
    who: str
    where: str
    what: str
    whose: str
    documents: tuple[str, ...]
    why: str
    persons: tuple[str, ...] = ()
    found: bool = True

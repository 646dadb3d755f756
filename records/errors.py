"""The error family. Each class answers one question: who acts next?

GiroksilError
├── TransientError   nobody: try again later (Airflow retries)
├── RejectedInput    the digitization team: this page or file goes to the rescan list
├── IntegrityError   a person, at once: bytes are not what they should be
└── SetupError       the operator: before any work starts

An error carries a stable code and ids, never content.
The words for people, Korean and English, are looked up by code in `records.reasons`.
"""


class GiroksilError(Exception):
    """Base of the family: a stable `code` and the `subject` (an id, a count, a setting's name)."""

    exit_code = 1

    def __init__(self, code: str, subject: str = "") -> None:
        super().__init__(f"{code} {subject}".strip())
        self.code = code
        self.subject = subject

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.code, self.subject)


class TransientError(GiroksilError):
    """A part did not answer, or answered badly; the same call may work later."""

    exit_code = 75


class RejectedInput(GiroksilError):  # noqa: N818  (the field's word, not a programmer's)
    """One page or file cannot be used; it becomes a `Failure`, its neighbours go on."""

    exit_code = 65


class IntegrityError(GiroksilError):
    """Stored or received bytes are not what they must be: stop and tell a person."""

    exit_code = 66


class SetupError(GiroksilError):
    """Something the operator must put right before work can start."""

    exit_code = 78

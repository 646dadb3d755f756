"""How long a store is waited for, and how often it is asked again."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from records.errors import TransientError

T = TypeVar("T")


class AskAgain(Exception):  # noqa: N818  (not an error yet: the next try may do)
    """A try failed in a way that another may not.

    Attributes:
        code, subject: what is said when no other try is left.
        unsure: the store may have done what it was asked, only the answer is missing.
    """

    def __init__(self, code: str, subject: str = "", unsure: bool = True) -> None:
        super().__init__(code)
        self.code = code
        self.subject = subject
        self.unsure = unsure


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds and tries of one request.

    Attributes:
        connect: one try's wait for a connection, and for each 256 KiB to be taken off our hands.
        read: one try's wait for the next bytes of an answer.
        total: all tries and pauses of a request, and one second more a megabyte it carries.
        tries: how often at most.
        pause: the first pause is at most this, each further one at most twice the one before.
    """

    connect: float = 5
    read: float = 30
    total: float = 120
    tries: int = 7
    pause: float = 0.2

    def deadline(self, size: int) -> float:
        """When a request that carries so many bytes is given up, by `time.monotonic`."""
        return time.monotonic() + self.total + size / 1e6

    def ask(self, attempt: Callable[[float], T], size: int = 0) -> tuple[T, bool]:
        """The answer of the first try that has one, and whether an earlier one may have been heard.

        `attempt` is given the deadline and raises `AskAgain`.

        Raises:
            TransientError: none had, in the time and the tries there are.
        """
        deadline, unsure = self.deadline(size), False
        for number in range(1, self.tries + 1):
            try:
                return attempt(deadline), unsure
            except AskAgain as failed:
                unsure = unsure or failed.unsure
                # Full jitter: many that failed together do not come back together.
                pause = random.uniform(0, self.pause * 2**number)  # noqa: S311  (no secret)
                if number == self.tries or time.monotonic() + pause >= deadline:
                    raise TransientError(failed.code, failed.subject) from failed
            time.sleep(pause)
        raise AssertionError("no try was allowed")


PATIENCE = Patience()

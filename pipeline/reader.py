"""Who reads a record, from where, and why: what the access log is told before the read happens."""

import os
import pwd
import socket
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reader:
    """A person (or a program in a person's name) who opens records."""

    who: str
    where: str
    why: str


def reader_here(why: str) -> Reader:
    """The person at this terminal."""
    return Reader(account_here(), socket.gethostname(), why)


def account_here() -> str:
    """Whose account this is: asked of the system, so that no variable makes one person two."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid-{os.getuid()}"

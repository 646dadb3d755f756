"""Who reads a record, from where, and why: what the access log is told before the read happens."""

import getpass
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
    return Reader(getpass.getuser(), socket.gethostname(), why)

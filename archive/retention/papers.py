"""The papers of a disposal: a proposal, the answers of persons, a certificate."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from records.ids import derive_id

KIND = "disposal"
PERSONS = 2


@dataclass(frozen=True, slots=True)
class DueDocument:
    """A document of a proposal: its kind, its holder, and the day (ISO) its period counts from."""

    id: str
    kind: str
    holder: str
    started: str


@dataclass(frozen=True, slots=True)
class DueObject:
    """An object whose data key is to be destroyed."""

    kind: str
    id: str
    commitment: str
    ciphertext_sha256: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be disposed of. `table`: version of the retention table it was made by."""

    id: str
    institution: str
    time: str
    by: str
    documents: tuple[DueDocument, ...]
    objects: tuple[DueObject, ...]
    table: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's answer to a proposal."""

    id: str
    proposal: str
    by: str
    where: str
    agrees: bool
    why: str
    time: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """That a proposal was carried out: when, on how many sites, by whose word."""

    id: str
    proposal: str
    institution: str
    time: str
    documents: int
    objects: int
    sites: int
    agreed: tuple[str, ...]


def person(name: str) -> str:
    """A person's name as two answers are compared by it."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def certificate_id(proposal: str) -> str:
    """Id of the certificate of a proposal."""
    return derive_id("z", proposal)


def are_agreed(answers: Iterable[Answer]) -> bool:
    """Whether two different persons agreed and nobody refused."""
    given = tuple(answers)
    agreed = {person(answer.by) for answer in given if answer.agrees}
    return len(agreed) >= PERSONS and all(answer.agrees for answer in given)


def answer_id(proposal: str, by: str) -> str:
    """Id of a person's answer: one a person."""
    return derive_id("y", proposal, person(by))

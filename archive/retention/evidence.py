"""What was disposed of by right: two persons agreed, and the ledger has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from archive.ledger.audit import Audit
from archive.opening import Archive
from archive.retention.papers import (
    KIND,
    Answer,
    DueObject,
    Proposal,
    answer_id,
    are_agreed,
    certificate_id,
)
from archive.vault.tombstone import Tombstone
from records.codec import decode
from records.errors import GiroksilError

T = TypeVar("T", Proposal, Answer)


@dataclass(frozen=True, slots=True)
class _Papers:
    proposals: dict[str, Proposal]
    answers: tuple[Answer, ...]


class Evidence:
    """Disposals as the ledger knows them; nothing is believed that has no leaf."""

    def __init__(self, archive: Archive, audited: Audit) -> None:
        self._archive = archive
        self._leaves: dict[str, dict[str, str]] = {}
        for leaf in audited.leaves if audited.whole else ():
            if leaf.kind == KIND:
                self._leaves.setdefault(leaf.institution, {})[leaf.id] = leaf.commitment
        self._read: dict[str, _Papers] = {}

    def is_disposed(self, tombstone: Tombstone) -> bool:
        """Whether two persons agreed to what a tombstone says."""
        name = tombstone.name
        papers = self._papers(name.institution)
        proposal = papers.proposals.get(tombstone.disposal)
        if proposal is None:
            return False
        given = [one for one in papers.answers if one.proposal == proposal.id]
        said = DueObject(name.kind, name.id, tombstone.commitment, tombstone.ciphertext_sha256)
        return are_agreed(given) and said in proposal.objects

    def is_certified(self, institution: str, proposal: str) -> bool:
        """Whether the ledger has a disposal's certificate."""
        return certificate_id(proposal) in self._leaves.get(institution, {})

    def certified(self, institution: str | None = None) -> Iterator[Proposal]:
        """The proposals that were carried out, of one institution or of all."""
        for code in sorted(self._leaves):
            if institution in {None, code}:
                for proposal in self._papers(code).proposals.values():
                    if self.is_certified(code, proposal.id):
                        yield proposal

    def _papers(self, institution: str) -> _Papers:
        if institution not in self._read:
            ids = sorted(self._leaves.get(institution, {}))
            proposals = [self._paper(Proposal, institution, id) for id in ids]
            answers = [self._paper(Answer, institution, id) for id in ids]
            self._read[institution] = _Papers(
                {one.id: one for one in proposals if one and one.institution == institution},
                tuple(one for one in answers if one and one.id == answer_id(one.proposal, one.by)),
            )
        return self._read[institution]

    def _paper(self, cls: type[T], institution: str, id: str) -> T | None:
        """A paper that is what its leaf says; None for another kind of paper or a damaged one."""
        try:
            vault = self._archive.vault(institution)
            data = vault.get(KIND, id)
            if vault.commitment(KIND, id, data) != self._leaves[institution][id]:
                return None
            found = decode(cls, data)
        except (GiroksilError, ValueError, KeyError, TypeError):
            return None
        return found if found.id == id else None

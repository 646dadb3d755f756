"""A part of all objects, by their names: what is due when everything has its turn in a period."""

import hashlib
from dataclasses import dataclass

from archive.vault.names import ObjectName


@dataclass(frozen=True, slots=True)
class Portion:
    """Those of `of` equal parts; an object's part follows from its name and never changes."""

    parts: frozenset[int]
    of: int

    def holds(self, name: ObjectName) -> bool:
        """Whether an object is in the portion."""
        digest = hashlib.sha256(name.record.encode()).digest()
        return int.from_bytes(digest[:8], "big") % self.of in self.parts


EVERYTHING = Portion(frozenset({0}), 1)

"""The kinds of documents, as versioned data (`kinds.yaml`); no kind is named in code.

See `docs/formats/taxonomy.md` and the sources noted in the file.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its code, names, statutory form, retention class and whether it is issuable."""

    code: str
    korean: str
    english: str
    issuable: bool
    retention: str | None
    form: str | None = None
    group: str = "issuable"  # issuable | reserve | other


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All kinds by code, with the data's version."""

    version: str
    kinds: Mapping[str, Kind]

    @property
    def issuable(self) -> tuple[Kind, ...]:
        """The kinds a patient can be issued, in the portal's order."""
        return tuple(kind for kind in self.kinds.values() if kind.issuable)

    def name(self, code: str, language: str = "ko") -> str:
        """The kind's name for people; the code itself where it is unknown."""
        kind = self.kinds.get(code)
        if kind is None:
            return code
        return kind.korean if language == "ko" else kind.english


@functools.cache
def load_taxonomy() -> Taxonomy:
    """Read `kinds.yaml` once."""
    raw = yaml.safe_load(resources.files(__name__).joinpath("kinds.yaml").read_text("utf-8"))
    kinds = {
        row["code"]: Kind(
            code=row["code"],
            korean=row["ko"],
            english=row["en"],
            issuable=group == "issuable",
            retention=row.get("retention"),
            form=row.get("form"),
            group=group,
        )
        for group in ("issuable", "reserve", "other")
        for row in raw[group]
    }
    return Taxonomy(version=str(raw["version"]), kinds=kinds)

"""What each code means, in Korean and English, and what to do next.

One YAML file a room, so that a room's codes stand beside each other:
`code: {ko: …, en: …, do_ko: …, do_en: …}`. Failures, hold reasons and errors share this table.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class Reason:
    """One code explained: what happened, and the next step, in both languages."""

    code: str
    korean: str
    english: str
    do_korean: str = ""
    do_english: str = ""

    def text(self, language: str = "ko") -> str:
        """What happened and what to do, as one or two sentences."""
        if language == "ko":
            return f"{self.korean} {self.do_korean}".strip()
        return f"{self.english} {self.do_english}".strip()


@functools.cache
def load_reasons() -> Mapping[str, Reason]:
    """Read every `reasons/*.yaml` once; a code may stand in one file only."""
    table: dict[str, Reason] = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".yaml"):
            continue
        for code, row in (yaml.safe_load(file.read_text("utf-8")) or {}).items():
            if code in table:
                raise ValueError(f"reason code {code} stands in two files")
            table[code] = Reason(
                code, row["ko"], row["en"], row.get("do_ko", ""), row.get("do_en", "")
            )
    return table


def explain(code: str, language: str = "ko") -> str:
    """The words of a code; the code itself where nobody has written them."""
    reason = load_reasons().get(code)
    return reason.text(language) if reason else code

"""The words of `words.yaml`."""

from dataclasses import dataclass
from pathlib import Path

import yaml

_FILE = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True, slots=True)
class Words:
    """Words by what they are for; `form_lines` are whole lines, `surnames` single syllables."""

    labels: tuple[str, ...]
    form_lines: tuple[str, ...]
    diseases: tuple[str, ...]
    drugs: tuple[str, ...]
    drug_forms: tuple[str, ...]
    doses: tuple[str, ...]
    labs: tuple[str, ...]
    units: tuple[str, ...]
    english: tuple[str, ...]
    advice: tuple[str, ...]
    particles: tuple[str, ...]
    places: tuple[str, ...]
    surnames: tuple[str, ...]


def _read() -> Words:
    told = yaml.safe_load(_FILE.read_text("utf-8"))
    surnames = tuple(told.pop("surnames"))
    lists = {key: tuple(v.split() if isinstance(v, str) else v) for key, v in told.items()}
    return Words(**lists, surnames=surnames)


WORDS = _read()

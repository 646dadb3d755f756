"""Single sampling plans of ISO 2859-1: how many of a lot are looked at, how many may be bad."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from quality.ruleset import RULES
from records.errors import SetupError

STAGES = ("normal", "tightened", "reduced")
BELOW, ABOVE = "v", "^"


@dataclass(frozen=True, slots=True)
class Plan:
    """One single sampling plan: a lot passes with at most `accept` bad items among `size`.

    `first` is the lot's code letter, `letter` the one that the plan was found at, after arrows;
    `stage` is normal | tightened | reduced. `every` tells that the sample is the whole lot.
    """

    stage: str
    level: str
    aql: str
    first: str
    letter: str
    size: int
    accept: int
    every: bool = False

    @property
    def reject(self) -> int:
        """The number of bad items from which the lot does not pass."""
        return self.accept + 1


def code_letter(lot: int, level: str) -> str:
    """The sample size code letter of a lot (table 1).

    Raises:
        SetupError: `inspection_level_unknown`. ValueError: a lot of fewer than two.
    """
    letters = _tables()["letters"]
    if level not in letters["levels"]:
        raise SetupError("inspection_level_unknown", level)
    if lot < 2:
        raise ValueError("a lot has two items at least")
    row = next(row for largest, row in letters["rows"] if largest is None or lot <= largest)
    return str(row[letters["levels"].index(level)])


def plan_for(lot: int, level: str, aql: str, stage: str = "normal") -> Plan:
    """The plan for a lot; where its sample is as large as the lot, every item is looked at.

    Raises:
        SetupError: `inspection_level_unknown`, `aql_unknown`. ValueError: fewer than two items.
    """
    first = code_letter(lot, level)
    letter, size, accept = plan_at(first, aql, stage)
    return Plan(stage, level, aql, first, letter, min(size, lot), accept, every=size >= lot)


def plan_at(first: str, aql: str, stage: str) -> tuple[str, int, int]:
    """A table's plan for a code letter, arrows followed: letter, sample size, acceptance number.

    Raises:
        SetupError: `aql_unknown`.
    """
    if aql not in aqls():
        raise SetupError("aql_unknown", aql)
    table = _tables()[stage]
    cells, letters = table[aql].split(), list(table["sizes"])
    place = letters.index(first)
    while cells[place] in {BELOW, ABOVE}:
        place += 1 if cells[place] == BELOW else -1
    return letters[place], int(table["sizes"][letters[place]]), int(cells[place])


def next_tighter_aql(aql: str) -> str | None:
    """The AQL one step tighter; None for the tightest.

    Raises:
        SetupError: `aql_unknown`.
    """
    known = aqls()
    if aql not in known:
        raise SetupError("aql_unknown", aql)
    place = known.index(aql)
    return known[place - 1] if place else None


def aqls() -> tuple[str, ...]:
    """Every AQL that has plans, as printed, tightest first."""
    return tuple(key for key in _tables()["normal"] if key != "sizes")


@functools.cache
def _tables() -> Mapping[str, Any]:
    tables: Mapping[str, Any] = yaml.safe_load((RULES / "sampling_plans.yaml").read_text("utf-8"))
    return tables

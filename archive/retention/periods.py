"""The retention table: how many years a class of record is kept, and by which law, as data."""

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from records.errors import SetupError
from records.taxonomy import load_taxonomy

UNLISTED = "unlisted"
PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class Period:
    """One class of record: its names, the least years by law, and which law."""

    code: str
    korean: str
    english: str
    years: int
    basis: str


@dataclass(frozen=True, slots=True)
class RetentionTable:
    """The classes, and where a holder or an institution keeps longer (None: for ever)."""

    version: str
    classes: Mapping[str, Period]
    holders: Mapping[str, Mapping[str, int | None]]
    institutions: Mapping[str, Mapping[str, int | None]]

    def period(self, kind: str) -> Period:
        """The class of a kind of document; what no statute names has one too."""
        known = load_taxonomy().kinds.get(kind)
        return self.classes[known.retention if known and known.retention else UNLISTED]

    def years(self, kind: str, holder: str, institution: str) -> int | None:
        """How many years a holder keeps a kind; None: for ever."""
        period = self.period(kind)
        for policy in (self.institutions.get(institution), self.holders.get(holder)):
            if policy and period.code in policy:
                return policy[period.code]
        return period.years


def load_table(policy: Path | None = None) -> RetentionTable:
    """The table of the law, with an operator's own policy over it.

    The policy is YAML: `holders: {health_centre: {chart: permanent}}`, `institutions: {"31234567":
    {prescription: 5}}`. It replaces what the table says of the same holder and class.

    Raises:
        SetupError: it cannot be read (`retention_policy_unreadable`), names a class that is not
            there, or keeps something for a shorter time than the law (`retention_policy_short`).
    """
    table = _table_of_the_law()
    if policy is None:
        return table
    try:
        raw = yaml.safe_load(policy.read_text("utf-8")) or {}
        holders = {str(code): _policy(table.classes, row) for code, row in raw["holders"].items()}
        own = raw.get("institutions", {})
        institutions = {str(code): _policy(table.classes, row) for code, row in own.items()}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SetupError("retention_policy_unreadable", policy.name) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SetupError("retention_policy_unreadable", policy.name) from error
    merged = {
        holder: {**table.holders.get(holder, {}), **holders.get(holder, {})}
        for holder in table.holders.keys() | holders.keys()
    }
    return replace(table, holders=merged, institutions=institutions)


@functools.cache
def _table_of_the_law() -> RetentionTable:
    raw = yaml.safe_load(resources.files(__package__).joinpath("periods.yaml").read_text("utf-8"))
    classes = {
        code: Period(code, row["ko"], row["en"], row["years"], row["basis"])
        for code, row in raw["classes"].items()
    }
    holders = {code: _policy(classes, row) for code, row in raw["holders"].items()}
    return RetentionTable(str(raw["version"]), classes, holders, {})


def _policy(classes: Mapping[str, Period], row: Mapping[str, Any]) -> dict[str, int | None]:
    policy: dict[str, int | None] = {}
    for code, years in row.items():
        policy[code] = None if years == PERMANENT else int(years)
        if years != PERMANENT and int(years) < classes[code].years:
            raise SetupError("retention_policy_short", code)
    return policy


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day some years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)

"""The rules of `rules/inspection.yaml`: defect classes with level and AQL, and the defects."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from quality.ruleset import RULES
from quality.sampling.plans import aqls, code_letter
from records.errors import SetupError


@dataclass(frozen=True, slots=True)
class DefectClass:
    """How strictly one class of defects is looked for."""

    id: str
    level: str
    aql: str
    korean: str
    english: str


@dataclass(frozen=True, slots=True)
class Defect:
    """Something an inspector can find on a page; its words are in `records.reasons`."""

    id: str
    defect_class: str


@dataclass(frozen=True, slots=True)
class InspectionRules:
    """All that stands in the file; shares are 0..1. `known`: defects shown on purpose."""

    classes: tuple[DefectClass, ...]
    defects: tuple[Defect, ...]
    rescan: frozenset[str]
    known: tuple[str, ...]
    reduced_allowed: bool
    accepted_share: float
    known_defects_share: float
    second_look_share: float

    def class_of(self, defect: str) -> str:
        """The class of a defect."""
        return next(one.defect_class for one in self.defects if one.id == defect)


@functools.cache
def load_inspection_rules() -> InspectionRules:
    """Read and check the file once.

    Raises:
        SetupError: `rules_invalid`, naming what is wrong.
    """
    raw: Mapping[str, Any] = yaml.safe_load((RULES / "inspection.yaml").read_text("utf-8"))
    classes = tuple(
        DefectClass(id, row["level"], str(row["aql"]), row["ko"], row["en"])
        for id, row in raw["classes"].items()
    )
    defects = tuple(Defect(row["id"], row["class"]) for row in raw["defects"])
    rules = InspectionRules(
        classes,
        defects,
        frozenset(raw["rescan"]),
        tuple(raw["known"]),
        bool(raw["reduced_allowed"]),
        float(raw["accepted_share"]),
        float(raw["known_defects_share"]),
        float(raw["second_look_share"]),
    )
    _check(rules)
    return rules


def _check(rules: InspectionRules) -> None:
    for one in rules.classes:
        code_letter(2, one.level)
        if one.aql not in aqls():
            raise SetupError("rules_invalid", one.id)
    ids = {defect.id for defect in rules.defects}
    for defect in rules.defects:
        if defect.defect_class not in {one.id for one in rules.classes}:
            raise SetupError("rules_invalid", defect.id)
    for id in (*rules.rescan, *rules.known):
        if id not in ids:
            raise SetupError("rules_invalid", id)
    shares = (rules.accepted_share, rules.known_defects_share, rules.second_look_share)
    if not all(0 <= share <= 1 for share in shares):
        raise SetupError("rules_invalid", "inspection")

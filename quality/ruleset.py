"""The rules of `rules/*.yaml`: what is asked of pages, of documents and of the batch."""

import datetime as dt
import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from records.errors import SetupError

RULES = Path(__file__).parent / "rules"
SUBJECTS = ("page", "document", "batch")
SEVERITIES = ("critical", "major", "minor")
# Expectations that judge each row by itself, so that the rows that failed can be named.
EXPECTATIONS = frozenset(
    {
        "expect_column_values_to_be_between",
        "expect_column_values_to_be_in_set",
        "expect_column_values_to_not_be_null",
    }
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it asks (both languages), how grave a failure is, and its expectation."""

    id: str
    subject: str
    severity: str
    reason: str  # legal | practical
    law: str
    korean: str
    english: str
    expectation: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One row of the decision table: matches where `at_least` of the named rules failed."""

    outcome: str
    rules: frozenset[str]
    severity: str | None
    at_least: int


@dataclass(frozen=True, slots=True)
class KindRule:
    """What a kind of document must hold; each entry of `required` is a choice of field keys.

    `arithmetic`: how its figures add up (itemised | receipt), or empty. `medicines`: it prescribes.
    `several_people`: it names others by their numbers too (mother and child, a register).
    """

    required: tuple[tuple[str, ...], ...]
    own_issuer: bool
    identity: bool
    arithmetic: str = ""
    medicines: bool = False
    several_people: bool = False


@dataclass(frozen=True, slots=True)
class YoungerCodes:
    """A range of disease codes, both ends in it, and the day before which nobody had them."""

    first: str
    last: str
    since: dt.date


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules by id, the decision table, what is known of kinds; `digest` names the version."""

    rules: Mapping[str, Rule]
    verdicts: tuple[VerdictRow, ...]
    kinds: Mapping[str, KindRule]
    default_kind: KindRule
    not_documents: frozenset[str]
    digest: str
    younger_codes: tuple["YoungerCodes", ...] = ()

    def of(self, subject: str) -> tuple[Rule, ...]:
        """The rules over pages, documents or the batch, in the file's order."""
        return tuple(rule for rule in self.rules.values() if rule.subject == subject)

    def kind(self, code: str) -> KindRule:
        """What is asked of a kind; the default where nothing is said."""
        return self.kinds.get(code, self.default_kind)


@functools.cache
def load_rules() -> RuleSet:
    """Read and check the rule files once.

    Raises:
        SetupError: `rules_invalid`, naming the rule or row.
    """
    texts = {
        name: (RULES / f"{name}.yaml").read_text("utf-8")
        for name in (*SUBJECTS, "verdicts", "kinds", "disease_code_editions")
    }
    rules: dict[str, Rule] = {}
    for subject in SUBJECTS:
        for row in yaml.safe_load(texts[subject]):
            if row["id"] in rules:
                raise SetupError("rules_invalid", row["id"])
            rules[row["id"]] = _rule(subject, row)
    kinds = yaml.safe_load(texts["kinds"])
    default = kinds["default"]
    return RuleSet(
        rules=rules,
        verdicts=_verdicts(yaml.safe_load(texts["verdicts"]), rules),
        kinds={code: _kind(default | row) for code, row in kinds["kinds"].items()},
        default_kind=_kind(default),
        not_documents=frozenset(kinds["not_documents"]),
        younger_codes=tuple(
            YoungerCodes(row["first"], row["last"], row["since"])
            for row in yaml.safe_load(texts["disease_code_editions"])
        ),
        digest=hashlib.sha256("\0".join(texts.values()).encode()).hexdigest()[:16],
    )


def _rule(subject: str, row: Mapping[str, Any]) -> Rule:
    ((expectation, arguments),) = row["expect"].items()
    if (
        expectation not in EXPECTATIONS
        or row["severity"] not in SEVERITIES
        or row["reason"] not in ("legal", "practical")
    ):
        raise SetupError("rules_invalid", row["id"])
    return Rule(
        id=row["id"],
        subject=subject,
        severity=row["severity"],
        reason=row["reason"],
        law=row.get("law", ""),
        korean=row["ko"],
        english=row["en"],
        expectation=expectation,
        arguments=arguments,
    )


def _verdicts(rows: list[dict[str, Any]], rules: Mapping[str, Rule]) -> tuple[VerdictRow, ...]:
    table = tuple(
        VerdictRow(
            outcome=row["outcome"],
            rules=frozenset(row.get("rules", rules)),
            severity=row.get("severity"),
            at_least=row.get("at_least", 0),
        )
        for row in rows
    )
    for row in table:
        if row.outcome not in ("accept", "hold", "reject") or not row.rules <= rules.keys():
            raise SetupError("rules_invalid", "verdicts")
    if table[-1].at_least:
        raise SetupError("rules_invalid", "verdicts")
    return table


def _kind(row: Mapping[str, Any]) -> KindRule:
    return KindRule(
        required=tuple(tuple(choice.split("|")) for choice in row["required"]),
        own_issuer=row["issuer"] == "own",
        identity=row.get("identity", True),
        arithmetic=row.get("arithmetic", ""),
        medicines=row.get("medicines", False),
        several_people=row.get("several_people", False),
    )

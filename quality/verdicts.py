"""From failed rules to accept, hold or reject: the table of `rules/verdicts.yaml`, applied."""

from collections.abc import Iterable

from quality.ruleset import SEVERITIES, RuleSet
from records.judgements import Verdict


def decide(document_id: str, failed: Iterable[str], rules: RuleSet) -> Verdict:
    """Return the verdict of the first row that matches the failed rules (ids; repeats count once).

    The reasons are the failed rules that the row speaks of, gravest first; none for an accept.
    """
    failures = sorted(
        set(failed), key=lambda rule: (SEVERITIES.index(rules.rules[rule].severity), rule)
    )
    for row in rules.verdicts:
        matching = [
            rule
            for rule in failures
            if rule in row.rules and row.severity in (None, rules.rules[rule].severity)
        ]
        if len(matching) >= row.at_least:
            reasons = tuple(matching) if row.outcome != "accept" else ()
            return Verdict(document_id, row.outcome, reasons)
    raise AssertionError("the last row of the table matches always")

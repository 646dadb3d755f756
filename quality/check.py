"""Judge a batch: every rule over its pages, its documents and itself, and a verdict a document."""

import collections
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from quality.batch_facts import BATCH_COLUMNS, OF_SCANS, batch_facts
from quality.data_docs import publish
from quality.drift import BatchProfile, History, drift_facts
from quality.fact_table import FactTable
from quality.rows import Part, gather
from quality.ruleset import load_rules
from quality.suites import Table, run_suites
from quality.verdicts import decide
from records.judgements import Finding, Verdict
from records.values import Batch, Document, PageText

NO_HISTORY = History()


@dataclass(frozen=True, slots=True)
class RuleCount:
    """One rule over the whole batch: how many subjects it could judge, how many failed."""

    rule: str
    checked: int
    failed: int


@dataclass(frozen=True, slots=True)
class QualityReport:
    """What the rules found: ids and counts, never a value.

    `findings`: one for each rule that failed on a subject; what passed is in `counts`.
    `rules`: digest of the rule files that judged. `profile`: what later batches are compared with.
    """

    batch_id: str
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    counts: tuple[RuleCount, ...]
    rules: str
    profile: BatchProfile | None = None


def check(
    batch: Batch,
    pages: Iterable[PageText],
    documents: Sequence[Document],
    hold_below: float,
    data_docs: Path | None = None,
    history: History = NO_HISTORY,
) -> QualityReport:
    """Judge every page, document and the batch; one verdict for each document, in order.

    A document answers for its own failures, its pages' and the batch's; one of an EMR, which nobody
    scanned, not for what the batch's scans are like. Documents whose type
    confidence is below `hold_below` (0..1) are held. Where `data_docs` is given, that folder is
    replaced by the Data Docs of this run: counts, rule texts and ids, readable without a network.
    `pages` are drawn from once and let go; `history` is what the batch is compared with.

    Raises:
        SetupError: `rules_invalid`, `rule_unusable`: a rule file needs mending.
    """
    return check_parts(batch, ((documents, pages),), hold_below, data_docs, history)


def check_parts(
    batch: Batch,
    parts: Iterable[Part],
    hold_below: float,
    data_docs: Path | None = None,
    history: History = NO_HISTORY,
) -> QualityReport:
    """As `check`, of a batch whose documents come with their pages, part by part."""
    rules = load_rules()
    rows = gather(batch.delivery, parts, rules)
    facts = batch_facts(
        batch,
        rows.profile.kinds,
        rows.pages.column("has_words"),
        rows.documents.column("institution_agrees"),
        rows.count,
        rows.blank,
    )
    of_batch = FactTable(BATCH_COLUMNS)
    of_batch.add(batch.id, facts | drift_facts(rows.profile, history))
    tables = (
        Table("batch", of_batch, rules.of("batch")),
        Table("documents", rows.documents, rules.of("document")),
        Table("pages", rows.pages, rules.of("page")),
    )
    with publish(data_docs) as site:
        outcomes = run_suites(batch.id, tables, {"hold_below": hold_below}, site)
    by_rule = {outcome.rule: outcome for outcome in outcomes}

    failed: dict[str, list[str]] = collections.defaultdict(list)
    for rule in rules.rules:
        for subject in by_rule[rule].failed:
            failed[subject].append(rule)
    of_batch_failed = failed.get(batch.id, [])
    of_scans = {rule.id for rule in rules.of("batch") if rule.arguments["column"] in OF_SCANS}
    beside_scans = [rule for rule in of_batch_failed if rule not in of_scans]
    verdicts = tuple(
        decide(
            document,
            [
                *(of_batch_failed if pages else beside_scans),
                *(rule for subject in (document, *pages) for rule in failed.get(subject, ())),
            ],
            rules,
        )
        for document, pages in zip(rows.documents.ids, rows.owned, strict=True)
    )
    return QualityReport(
        batch_id=batch.id,
        findings=tuple(
            Finding(rule, rules.rules[rule].severity, subject, passed=False)
            for rule in rules.rules
            for subject in by_rule[rule].failed
        ),
        verdicts=verdicts,
        counts=tuple(
            RuleCount(rule, by_rule[rule].checked, len(by_rule[rule].failed))
            for rule in rules.rules
        ),
        rules=rules.digest,
        profile=rows.profile,
    )

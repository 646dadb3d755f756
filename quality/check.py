"""Judge a batch: every rule over its pages, its documents and itself, and a verdict a document."""

import collections
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quality.batch_facts import BATCH_COLUMNS, batch_facts, declared_dpi, latest_day
from quality.data_docs import publish
from quality.document_facts import DOCUMENT_COLUMNS, document_facts
from quality.drift import BatchProfile, History, drift_facts, profile_of_measures
from quality.page_facts import PAGE_COLUMNS, Fact, page_facts
from quality.ruleset import RuleSet, load_rules
from quality.suites import Table, run_suites
from quality.verdicts import decide
from records.values import Batch, Document, Finding, PageText, Verdict

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
    pages: Sequence[PageText],
    documents: Sequence[Document],
    hold_below: float,
    data_docs: Path | None = None,
    history: History = NO_HISTORY,
) -> QualityReport:
    """Judge every page, document and the batch, as `check_stacks` does."""
    return check_stacks(batch, [(documents, pages)], hold_below, data_docs, history)


def check_stacks(
    batch: Batch,
    stacks: Iterable[tuple[Sequence[Document], Iterable[PageText]]],
    hold_below: float,
    data_docs: Path | None = None,
    history: History = NO_HISTORY,
) -> QualityReport:
    """Judge every page, document and the batch; one verdict for each document, in order.

    `stacks`: the documents of each and its pages; no page is kept once its document is looked at,
    so that an export of many rows does not lie in memory. A document answers for its own failures,
    its pages' and the batch's. Documents whose type confidence is below `hold_below` (0..1) are
    held. Where `data_docs` is given, that folder is replaced by the Data Docs of this run: counts,
    rule texts and ids, readable without a network. `history` is what the batch is compared with.

    Raises:
        SetupError: `rules_invalid`, `rule_unusable`: a rule file needs mending.
    """
    rules = load_rules()
    facts = _Facts(batch, rules)
    for stack, pages in stacks:
        facts.look_at(stack, pages)
    owned = facts.owned
    profile = facts.profile()
    batch_rows = {
        batch.id: batch_facts(
            batch, facts.kinds, facts.has_words, facts.institution_agrees, facts.blank
        )
        | drift_facts(profile, history)
    }
    tables = (
        Table("batch", BATCH_COLUMNS, batch_rows, rules.of("batch")),
        Table("documents", DOCUMENT_COLUMNS, facts.documents, rules.of("document")),
        Table("pages", PAGE_COLUMNS, facts.pages, rules.of("page")),
    )
    with publish(data_docs) as site:
        outcomes = run_suites(batch.id, tables, {"hold_below": hold_below}, site)
    by_rule = {outcome.rule: outcome for outcome in outcomes}

    failed: dict[str, list[str]] = collections.defaultdict(list)
    for rule in rules.rules:
        for subject in by_rule[rule].failed:
            failed[subject].append(rule)
    verdicts = tuple(
        decide(
            document,
            [rule for subject in (batch.id, document, *pages) for rule in failed.get(subject, ())],
            rules,
        )
        for document, pages in owned.items()
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
        profile=profile,
    )


class _Facts:
    """The rows of the tables while documents and pages pass by."""

    def __init__(self, batch: Batch, rules: RuleSet) -> None:
        self._institution = batch.delivery.institution
        self._latest = latest_day(batch.delivery)
        self._declared = declared_dpi(batch.delivery)
        self._rules = rules
        self._scores: tuple[list[float], list[float]] = ([], [])
        self._pages_owned = 0
        self.pages: dict[str, dict[str, Fact]] = {}
        self.documents: dict[str, dict[str, Fact]] = {}
        self.owned: dict[str, tuple[str, ...]] = {}
        self.kinds: collections.Counter[str] = collections.Counter()
        self.has_words: list[Fact] = []
        self.blank = 0

    def look_at(self, documents: Sequence[Document], pages: Iterable[PageText]) -> None:
        """Look at one stack."""
        of_page = {page: document for document in documents for page in document.pages}
        shared = collections.Counter(page for one in documents for page in one.pages)
        waiting = {document.id: set(document.pages) for document in documents}
        known: dict[str, PageText] = {}
        self.owned |= {document.id: document.pages for document in documents}
        self.documents |= {document.id: {} for document in documents}
        self.kinds.update(document.type for document in documents)
        for page in pages:
            document = of_page.get(page.page_id)
            self._look_at_page(page, in_document=document is not None)
            if document is None:
                continue
            known[page.page_id] = page
            waiting[document.id].discard(page.page_id)
            if not waiting[document.id]:
                self._look_at_document(document, known)
                for done in document.pages:
                    if shared[done] == 1:
                        del known[done]
        for document in documents:
            if not self.documents[document.id]:
                self._look_at_document(document, known)

    @property
    def institution_agrees(self) -> list[Fact]:
        """The column of this name."""
        return [row["institution_agrees"] for row in self.documents.values()]

    def profile(self) -> BatchProfile:
        """The profile of what was looked at."""
        return profile_of_measures(self._pages_owned, self.kinds, *self._scores)

    def _look_at_page(self, page: PageText, *, in_document: bool) -> None:
        row = page_facts(page, in_document, self._declared)
        self.has_words.append(row["has_words"])
        if page.source != "row":  # of a row nothing is judged
            self.pages[page.page_id] = row
        self.blank += "blank" in page.flags and not in_document
        self._pages_owned += in_document
        for score, scores in zip((page.confidence, page.sharpness), self._scores, strict=True):
            if in_document and score is not None:
                scores.append(score)

    def _look_at_document(self, document: Document, known: Mapping[str, PageText]) -> None:
        self.documents[document.id] = document_facts(
            document, known, self._institution, self._latest, self._rules
        )

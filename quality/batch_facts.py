"""One row for the batch: shares and flags that the batch rules judge."""

import collections
import datetime as dt
from collections.abc import Iterable, Mapping

from quality.page_facts import Fact
from records.values import Batch, Delivery

# Column → type of the table.
BATCH_COLUMNS: Mapping[str, str] = {
    "institution_share": "float64",
    "readable_share": "float64",
    "manifest_given": "boolean",
    "declared_documents_agree": "boolean",
    "scan_signed": "boolean",
    "lifetime_given": "boolean",
    "blank_share": "float64",
    "kinds_as_before": "boolean",
    "confidence_as_before": "boolean",
    "sharpness_as_before": "boolean",
}
# What speaks of how sheets were scanned: nothing that a row of an EMR answers for.
OF_SCANS = frozenset(
    {"readable_share", "scan_signed", "blank_share", "confidence_as_before", "sharpness_as_before"}
)
# A share of fewer says nothing about a delivery.
ENOUGH = 5


def batch_facts(
    batch: Batch,
    kinds: Mapping[str, int],
    has_words: Iterable[Fact],
    institution_agrees: Iterable[Fact],
    pages: int,
    blank: int,
) -> dict[str, Fact]:
    """Return the batch's row; `has_words` and `institution_agrees` are columns of the tables.

    `kinds`: how many documents there are of each; `pages`: of all; `blank`: set aside as blank.
    """
    delivery = batch.delivery
    declared = delivery.declared_documents
    scanned = delivery.scanned
    return {
        "institution_share": _share(institution_agrees),
        "readable_share": _share(has_words),
        "manifest_given": not batch.undeclared,
        "declared_documents_agree": (
            all(kinds.get(kind, 0) == count for kind, count in declared.items())
            if declared
            else None
        ),
        "scan_signed": (
            bool(scanned.get("by") and scanned.get("at")) if delivery.source == "paper" else None
        ),
        "blank_share": blank / pages if pages >= ENOUGH else None,
        "lifetime_given": bool(delivery.institution.opened and delivery.institution.closed),
    }


def declared_dpi(delivery: Delivery) -> float | None:
    """Return the resolution that the delivery says it was scanned at; None where it says none."""
    try:
        return float(str(delivery.scanned.get("dpi", ""))) or None
    except ValueError:
        return None


def latest_day(delivery: Delivery) -> dt.date:
    """Return the last day a document of the delivery can bear: the day of scanning, else today."""
    try:
        return dt.datetime.fromisoformat(str(delivery.scanned.get("at", ""))).date()
    except ValueError:
        return dt.datetime.now(dt.UTC).astimezone().date()


def _share(flags: Iterable[Fact]) -> float | None:
    found = collections.Counter(flag for flag in flags if flag is not None)
    return found[True] / found.total() if found.total() >= ENOUGH else None

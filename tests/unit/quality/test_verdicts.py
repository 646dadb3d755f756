"""The decision table: from failed rules to accept, hold or reject."""

import pytest

from quality.ruleset import load_rules
from quality.verdicts import decide


@pytest.mark.parametrize(
    ("failed", "outcome", "reasons"),
    [
        ([], "accept", []),
        (["page_skew", "document_required_fields"], "accept", []),
        (["page_focus"], "accept", []),
        (["page_focus", "page_focus", "page_skew"], "accept", []),
        (["page_focus", "document_institution"], "hold", ["document_institution", "page_focus"]),
        (["document_type_unsure"], "hold", ["document_type_unsure"]),
        (["document_type_unsure", "page_focus"], "hold", ["document_type_unsure"]),
        (["batch_institution"], "hold", ["batch_institution"]),
        (["document_type_unsure", "page_scan_unreadable"], "reject", ["page_scan_unreadable"]),
    ],
)
def test_table(failed: list[str], outcome: str, reasons: list[str]) -> None:
    """The first row that matches decides, and names the rules it matched by; repeats count once."""
    verdict = decide("d-1", failed, load_rules())

    assert (verdict.document_id, verdict.outcome) == ("d-1", outcome)
    assert list(verdict.reasons) == reasons

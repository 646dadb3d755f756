"""A rule file with a mistake is refused by name, before any page is judged."""

from pathlib import Path

import pytest

from quality import ruleset
from records.errors import SetupError
from records.taxonomy import load_taxonomy


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the rule files, read instead of the real ones."""
    for file in ruleset.RULES.glob("*.yaml"):
        tmp_path.joinpath(file.name).write_text(file.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(ruleset, "RULES", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "subject"),
    [
        ("page", "severity: minor", "severity: trifling", "page_resolution_declared"),
        (
            "page",
            "expect_column_values_to_be_between",
            "expect_column_max_to_be_between",
            "page_resolution",
        ),
        ("page", "id: page_skew", "id: page_focus", "page_focus"),
        ("document", "reason: practical", "reason: taste", "document_type_unknown"),
        ("verdicts", "[page_scan_unreadable]", "[page_no_such_rule]", "verdicts"),
        ("verdicts", "- {outcome: accept}", "", "verdicts"),
        ("verdicts", "outcome: reject", "outcome: burn", "verdicts"),
    ],
)
def test_mistakes_are_named(rules: Path, file: str, old: str, new: str, subject: str) -> None:
    """Unknown words, a repeated id, and a table that does not end are named."""
    path = rules / f"{file}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(SetupError) as caught:
        ruleset.load_rules.__wrapped__()

    assert (caught.value.code, caught.value.subject) == ("rules_invalid", subject)


def test_kinds_are_of_the_taxonomy() -> None:
    """Every kind that the rules speak of is one of the taxonomy."""
    rules = ruleset.load_rules()

    assert set(rules.kinds) | rules.not_documents <= set(load_taxonomy().kinds)

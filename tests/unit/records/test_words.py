"""Taxonomy, reasons and the log: data that people and programs rely on."""

import ast
import logging
import pickle
import re
from pathlib import Path

import pytest
import yaml

from records.errors import IntegrityError
from records.reasons import load_reasons
from records.redacted_logging import event, safe
from records.taxonomy import load_taxonomy

ROOT = Path(__file__).parents[3]
ROOMS = ("records", "intake", "ocr", "classifiers", "quality", "archive", "pipeline", "workbench")


def test_seventeen_issuable_kinds() -> None:
    """The portal issues 17 kinds; the number stands here and nowhere else."""
    assert len(load_taxonomy().issuable) == 17


def test_every_reason_speaks_both_languages() -> None:
    """Every code has words in Korean and in English."""
    for reason in load_reasons().values():
        assert re.search("[가-힣]", reason.korean), reason.code
        assert re.search("[A-Za-z]", reason.english), reason.code


def test_no_reason_is_cut_at_a_comma() -> None:
    """A comma in words without quotes would begin another key."""
    for file in (ROOT / "records" / "reasons").glob("*.yaml"):
        for code, words in yaml.safe_load(file.read_text("utf-8")).items():
            assert set(words) <= {"ko", "en", "do_ko", "do_en"}, code


def test_every_error_code_is_explained() -> None:
    """Whatever code the house raises as an error, a person finds words for it."""
    family = {"TransientError", "RejectedInput", "IntegrityError", "SetupError"}
    raised = {
        call.args[0].value
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in family
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert raised
    assert raised - set(load_reasons()) == set()


def test_errors_travel_between_processes() -> None:
    """An error keeps its code and subject when it is pickled."""
    error = pickle.loads(pickle.dumps(IntegrityError("unbalanced", "b")))
    assert (error.code, error.subject) == ("unbalanced", "b")


@pytest.mark.parametrize("content", ["홍길동", "800101-1234567", "Hong Gildong", "a b", "진단서"])
def test_log_masks_content(caplog: pytest.LogCaptureFixture, content: str) -> None:
    """What could be content never reaches the log."""
    with caplog.at_level(logging.INFO):
        event(logging.getLogger("giroksil.test"), "page_read", name=content, words=3)
    assert content not in caplog.text
    assert "words=3" in caplog.text
    assert safe(content) == "‹masked›"

"""Every code that decides something has words in both languages."""

import ast
import re
from pathlib import Path

import pytest

from classifiers.evidence import evidence_lines, rule_text
from classifiers.ruleset import load_kinds
from records.reasons import load_reasons

CLASSIFIERS = Path(__file__).parents[3] / "classifiers"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_speaks_for_a_kind_has_words(language: str) -> None:
    """Titles, labels, text and each sign of every kind, with the kind or the phrase in them."""
    for kind, rules in load_kinds().items():
        codes = [f"title.{kind}", *(sign.id for sign in rules.signs), f"text.{kind}"]
        lines = list(evidence_lines([*codes, f"labels.{kind}"], language))

        assert len(lines) == 4 - (not rules.signs), kind
        assert all(sign.phrase in " ".join(lines) for sign in rules.signs)
        assert not any("{" in line or f".{kind}" in line for line in lines)


def test_signs_of_a_kind_are_one_line_in_the_place_of_the_first() -> None:
    """What a person reads is as short as it can be, in the order of the codes."""
    codes = ("sign.prescription.dose", "text.prescription", "sign.prescription.days", "cut.title")

    assert list(evidence_lines(codes, "en")) == [
        "It bears phrases of this kind: Prescription (‘1회 투약량’, ‘총 투약일수’ or the like).",
        "Its text as a whole reads as this kind: Prescription.",
        "It bears a title.",
    ]


def test_every_code_in_the_rules_has_words() -> None:
    """Whatever evidence is written out in the source is explained, besides signs of boundaries."""
    families = ("form.", "institution.", "page.", "patient.", "separator.", "column.", "kind.")
    sources = [*CLASSIFIERS.glob("*.py"), *(CLASSIFIERS.parent / "pipeline").glob("*.py")]
    said = {
        node.value
        for file in sources
        if file.name not in {"boundary_signs.py"}
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith(families)
        and node.value.replace(".", "").replace("_", "").isalpha()
    }

    assert {"form.before_its_time", "kind.twin", "page.maybe_duplicate"} <= said
    assert said - set(load_reasons()) == set()


@pytest.mark.parametrize(
    ("rule", "korean", "english"),
    [
        ("birth_date.right", "항목 이름의 오른쪽", "right of its label"),
        (
            "resident_number.right+repair+check",
            "항목 이름의 오른쪽, 잘못 읽은 글자를 고침, 검증 숫자가 맞음",
            "right of its label, a misreading mended, check digit right",
        ),
        ("patient_name.Patient.name", "전산 기록의 요소 Patient.name",
         "element Patient.name of the record"),
    ],
)  # fmt: skip
def test_a_rule_is_told_in_words(rule: str, korean: str, english: str) -> None:
    """Way and notes of a field; an element of a standard keeps its name."""
    assert (rule_text(rule), rule_text(rule, "en")) == (korean, english)


def test_every_note_of_a_field_has_words() -> None:
    """What the rules write behind a way is explained, however they write it."""
    rooms = (CLASSIFIERS, CLASSIFIERS / "fields")
    text = "\n".join(file.read_text("utf-8") for room in rooms for file in room.glob("*.py"))
    behind = re.findall(r'rule=f?"[^"+]*\+([a-z_+]+)"', text)
    notes = {note for found in behind for note in found.split("+")}
    notes |= {*re.findall(r'confirmed\([^()]*(?:\([^()]*\))?[^()]*, "([a-z_]+)"\)', text)}
    notes |= {*re.findall(r'\(\*notes, "([a-z_]+)"\)', text)}

    assert {"repair", "completed", "sum", "again", "number", "agrees", "check"} <= notes
    assert {f"note.{note}" for note in notes} - set(load_reasons()) == set()

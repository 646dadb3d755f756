"""Fields and values as people read them."""

from records.emr_mapping import FIELDS
from records.field_names import field_name, field_text


def test_every_field_has_a_name_in_both_languages() -> None:
    """No field of a mapping is shown by its key; what is unknown is."""
    assert [key for key in FIELDS if field_name(key) == key] == []
    assert field_name("patient_name") == "성명 name"
    assert field_name("shoe_size") == "shoe_size"


def test_values_are_lines_of_text() -> None:
    """Lists have commas, rows of a table semicolons; nothing looks like a program's value."""
    drugs = [{"name": "타이레놀", "days": 3}, {"name": "아목시실린", "days": None}]

    assert field_text(["M79.1", "J00"]) == "M79.1, J00"
    assert field_text(drugs) == "타이레놀 3; 아목시실린"
    assert field_text(12000) == "12000"

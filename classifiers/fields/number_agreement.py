"""The day of birth and the resident number of one document say the same day in two ways.

A doubted day of birth is believed where a number whose check digit is right begins with it; a
masked number where the day and the sex that the document prints besides are all that it shows.
"""

from collections.abc import Mapping

from classifiers import grammar
from classifiers.fields.said_again import confirmed
from records.values import Field

_CHECKED = "check"
_DERIVED = "from_resident_number"
_HIDDEN = "******"


def told_by_number(fields: Mapping[str, Field], least: float) -> dict[str, Field]:
    """Return the day of birth or the masked number that the other one confirms.

    Args:
        fields: what was read of the document.
        least: the confidence from which a field is not doubted.
    """
    number, birth = fields.get("resident_number"), fields.get("birth_date")
    if number is None or birth is None or birth.rule.endswith(_DERIVED):
        return {}
    said = grammar.parse_resident(str(number.value))
    if said is None or said.birth is None or said.birth.isoformat() != birth.value:
        return {}
    sure, born = number.confidence or 0.0, birth.confidence or 0.0
    if born < least <= sure and _CHECKED in number.rule.split("+"):
        return {"birth_date": confirmed(birth, sure, "number")}
    shown = str(number.value).endswith(_HIDDEN) and "cut" not in number.rule.split("+")
    if sure < least <= born and shown and _sex_agrees(said, fields.get("sex"), least):
        return {"resident_number": confirmed(number, born, "birth")}
    return {}


def _sex_agrees(number: grammar.ResidentNumber, sex: Field | None, least: float) -> bool:
    if sex is None or sex.rule.endswith(_DERIVED):
        return False
    return sex.value == number.sex and (sex.confidence or 0.0) >= least

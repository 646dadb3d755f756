"""The kind of a document by the code of its type; the table is `document_types.yaml`."""

import functools
from collections.abc import Mapping
from importlib import resources
from typing import Any

import yaml


def kind_of_template(root: str) -> str:
    """The kind of a CDA document by its template's OID, else ""."""
    return _table("templates").get(root, "")


def kind_of_loinc(code: str) -> str:
    """The kind of a document by its LOINC code, else ""."""
    return _table("loinc").get(code, "")


def kind_of_hl7v2(code: str) -> str:
    """The kind of a document by its code of HL7 table 0270, else ""."""
    return _table("hl7v2").get(code.upper(), "")


def is_imaging_section(code: str) -> bool:
    """Tell whether a diagnostic service section makes pictures."""
    return code.upper() in _data()["imaging_sections"]


def _table(name: str) -> Mapping[str, str]:
    table: Mapping[str, str] = _data()[name]
    return table


@functools.cache
def _data() -> Mapping[str, Any]:
    text = resources.files("intake.emr").joinpath("document_types.yaml").read_text("utf-8")
    data: Mapping[str, Any] = yaml.safe_load(text)
    return data

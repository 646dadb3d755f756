"""The table of document types names kinds of the taxonomy, by codes that mean one thing."""

from importlib import resources

import yaml

from intake.emr.document_types import (
    is_imaging_section,
    kind_of_hl7v2,
    kind_of_loinc,
    kind_of_template,
)
from intake.emr.fhir import records as fhir
from intake.emr.hl7v2 import records as hl7v2
from records.taxonomy import load_taxonomy


def test_every_kind_is_one_of_the_taxonomy() -> None:
    """No reader names a kind that nobody knows."""
    text = resources.files("intake.emr").joinpath("document_types.yaml").read_text("utf-8")
    tables = yaml.safe_load(text)
    named = {kind for name in ("templates", "loinc", "hl7v2") for kind in tables[name].values()} | {
        *fhir._KINDS.values(),
        *hl7v2._KINDS.values(),
    }

    assert named <= set(load_taxonomy().kinds)


def test_codes_are_looked_up() -> None:
    """The Korean referral, a discharge summary, an operation, a CT; and what is not there."""
    assert kind_of_template("1.2.410.100110.40.2.1.1") == "referral_letter"
    assert kind_of_loinc("18842-5") == "discharge_summary"
    assert kind_of_hl7v2("op") == "surgery_record"
    assert is_imaging_section("ct")
    assert (kind_of_template("1"), kind_of_loinc("x"), kind_of_hl7v2("")) == ("", "", "")

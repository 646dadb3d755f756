"""The boxes and charts that a delivery declares before it is scanned."""

from pathlib import Path

import pytest

from intake.boxes import declared_boxes
from records.errors import RejectedInput

_HEAD = 'institution: {code: "31234567", name: 가람내과의원}\nreference: 2026-117\n'


def test_boxes_of_the_declaration_and_the_manifest_are_joined(tmp_path: Path) -> None:
    """Both papers count, in their order, each chart once; numbers keep their zeros."""
    declared = "declared: {boxes: {상자01: [00123456], 상자02: }}\n"
    (tmp_path / "delivery.yaml").write_text(_HEAD + declared, "utf-8")
    rows = "file,box,chart_no\na.tif,상자01,00123456\nb.tif,상자01,00123457\nc.tif,,9\nd.tif,,\n"
    (tmp_path / "manifest.csv").write_text(rows, "utf-8")

    delivery, boxes = declared_boxes(str(tmp_path))

    assert delivery.reference == "2026-117"
    assert boxes == {"상자01": ("00123456", "00123457"), "상자02": (), "": ("9",)}


def test_a_box_that_is_no_list_is_refused(tmp_path: Path) -> None:
    """A box holds chart numbers, nothing else; the key is named."""
    declared = "declared: {boxes: {1: {a: b}}}\n"
    (tmp_path / "delivery.yaml").write_text(_HEAD + declared, "utf-8")

    with pytest.raises(RejectedInput) as refused:
        declared_boxes(str(tmp_path))

    assert (refused.value.code, refused.value.subject) == ("declaration_wrong", "declared.boxes")

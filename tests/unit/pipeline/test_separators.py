"""`giroksil separators`: which sheets a delivery gets."""

import json
from pathlib import Path

import pikepdf
import pytest

from pipeline.command_line import main
from pipeline.separators import sheets_for
from records.errors import RejectedInput
from records.reasons import explain
from records.values import Delivery, Institution

_DELIVERY = Delivery(Institution("31234567", "가람내과의원"), reference="2026-1")


def test_sheets_come_in_the_order_in_which_they_are_laid() -> None:
    """A box before its charts, then the next box; sheets for any document last."""
    sheets = sheets_for(_DELIVERY, {"1": ("0007", "0008"), "2": (), "": ("0009",)}, 2)

    assert [(s.kind, s.code.box, s.code.chart_no) for s in sheets] == [
        ("box", "1", ""),
        ("chart", "1", "0007"),
        ("chart", "1", "0008"),
        ("box", "2", ""),
        ("chart", "", "0009"),
        ("document", "", ""),
        ("document", "", ""),
    ]


def test_a_number_too_long_for_a_bar_code_is_refused() -> None:
    """What could not be read back is not printed."""
    with pytest.raises(RejectedInput) as refused:
        list(sheets_for(_DELIVERY, {"상" * 30: ()}, 0))

    assert refused.value.code == "separator_too_long"


def test_a_delivery_without_a_reference_gets_no_sheets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sheets of an earlier delivery of the institution would be taken for its own."""
    monkeypatch.setenv("GIROKSIL_HOME", str(tmp_path / "home"))
    (tmp_path / "delivery.yaml").write_text(
        'institution: {code: "31234567", name: 가람내과의원}\n', "utf-8"
    )
    out = tmp_path / "sheets.pdf"

    code = main(["separators", "--for", str(tmp_path), "--out", str(out)])

    assert code == RejectedInput.exit_code
    assert explain("separator_no_reference") in capsys.readouterr().err
    assert not out.exists()


def test_the_command_writes_a_pdf_before_anything_is_scanned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A declaration alone is enough; the PDF has a page a sheet."""
    monkeypatch.setenv("GIROKSIL_HOME", str(tmp_path / "home"))
    (tmp_path / "delivery.yaml").write_text(
        'institution: {code: "31234567", name: 가람내과의원}\n'
        "reference: 2026-1\ndeclared: {boxes: {상자01: [00123456]}}\n",
        "utf-8",
    )
    out = tmp_path / "sheets.pdf"

    code = main(["separators", "--for", str(tmp_path), "--out", str(out), "--json"])

    assert code == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sheets"] == {"box": 1, "chart": 1, "document": 1}
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 3

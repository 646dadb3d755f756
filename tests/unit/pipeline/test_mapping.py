"""`giroksil map`: a proposal that the readers accept, and a preview by it."""

import argparse
import json
from pathlib import Path

import pytest

from intake.emr.mapping_file import read_mapping
from intake.limits import Limits
from pipeline.commands import mapping as command
from pipeline.mapping import propose
from records.errors import RejectedInput, SetupError
from tests.unit.classifiers.test_column_guess import ROWS

HEADER = (
    "환자번호",
    "환자명",
    "주민번호",
    "성별",
    "생년월일",
    "내원일",
    "상병코드",
    "수납액",
    "보호자성명",
)


def sample(folder: Path, encoding: str = "cp949", delimiter: str = "\t") -> Path:
    """A table of three visits."""
    path = folder / "visits.txt"
    lines = [delimiter.join(row) for row in (HEADER, *ROWS)]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_a_proposal_reads_its_own_sample(tmp_path: Path, encoding: str) -> None:
    """The proposed file is a mapping, and by it the first rows become documents with fields."""
    proposal = propose(sample(tmp_path, encoding), Limits())
    first = {key: field.value for key, field in proposal.documents[0].fields.items()}

    assert read_mapping(proposal.text.encode()) == proposal.mapping
    assert proposal.mapping.delimiter == "\t"
    assert first == {
        "chart_no": "00123", "patient_name": "김가나", "resident_number": "800101-1234560",
        "sex": "M", "birth_date": "1980-01-01", "visit_date": "2019-03-05",
        "disease_codes": ["M54.5"], "patient_amount": 12000,
    }  # fmt: skip
    assert propose(sample(tmp_path, encoding), Limits()) == proposal


def test_a_given_mapping_is_checked_on_the_sample(tmp_path: Path) -> None:
    """The key that is wrong is named; a good one gives the preview by its codes and its kind."""
    given = tmp_path / "m.yaml"
    text = "version: 1\nkind: prescription\ncolumns: {성별: {field: sex, codes: {1: F, 2: M}}}\n"
    given.write_text(text, "utf-8")
    documents = propose(sample(tmp_path), Limits(), given).documents

    assert [d.fields["sex"].value for d in documents] == ["F", "M", "F"]
    assert {(d.type, d.evidence) for d in documents} == {("prescription", ("mapping.kind",))}

    given.write_text(text.replace("field: sex", "field: sax"), "utf-8")
    with pytest.raises(RejectedInput) as refused:
        propose(sample(tmp_path), Limits(), given)
    assert refused.value.subject == "columns.성별.field"


def test_no_value_of_the_sample_stands_in_the_mapping(tmp_path: Path) -> None:
    """A mapping travels: names and numbers of patients do not go with it."""
    text = propose(sample(tmp_path), Limits()).text

    assert not [value for row in ROWS for value in row if len(value) > 2 and value in text]


def run(*arguments: str) -> int:
    """Run the command as the command line does."""
    parser = argparse.ArgumentParser()
    command.add(parser.add_subparsers())
    options = parser.parse_args(["map", *arguments])
    return int(options.run(options))


def test_the_command_shows_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Guesses have their reasons in both languages, the file is written, and never over another."""
    path, to = str(sample(tmp_path)), tmp_path / "visits.txt.mapping.yaml"

    assert run(path, "--to", str(to)) == 0
    said = capsys.readouterr().out
    assert "환자명 → patient_name (0.98)" in said
    assert "열 이름이 이 필드의 이름입니다. / The column's name" in said
    assert read_mapping(to.read_bytes()).columns
    with pytest.raises(SetupError, match="mapping_exists"):
        run(path, "--to", str(to))

    assert run(path, "--json") == 0
    view = json.loads(capsys.readouterr().out)
    told = {column["column"]: column["taken"] for column in view["columns"]}
    assert told == dict.fromkeys(HEADER[:-1], True) | {"보호자성명": False}
    assert len(view["documents"]) == 3


def test_a_sample_without_rows_is_refused(tmp_path: Path) -> None:
    """Nothing can be guessed from a header alone, and a sample must be there."""
    path = tmp_path / "t.csv"
    path.write_text("a,b\n", "utf-8")

    with pytest.raises(RejectedInput, match="sample_without_rows"):
        propose(path, Limits())
    with pytest.raises(RejectedInput, match="path_missing"):
        propose(tmp_path / "none.csv", Limits())

"""Names, numbers and texts of patients reach neither Great Expectations' output nor any file."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from quality.check import check
from quality.suites import Table
from tests.unit.quality.samples import NAME, NUMBER, TEXT, make_batch, make_document, make_page

ROOT = Path(__file__).parents[3]
# Words that the rules themselves are made of prove nothing.
COMMON = {"진단서", "성명", "주민등록번호", "위와", "같이"}
PLANTED = {NAME, NUMBER, NUMBER.replace("-", ""), "800101", "1980-01-01", *TEXT.split()} - COMMON
World = tuple[Path, subprocess.CompletedProcess[str]]

RUN = """
import socket, sys
from pathlib import Path

def refuse(*_):
    print("NETWORK")
    raise OSError("no network here")

socket.socket.connect = refuse
socket.create_connection = refuse
import quality.check, quality.balance, quality.report
assert not {"great_expectations", "pandas"} & set(sys.modules), "imported too early"

from tests.unit.quality.samples import make_batch, make_document, make_page
wrong = {"sex": "F", "birth_date": "1981-01-01", "institution_name": "새봄의원"}
pages = [make_page(f"p-{n}", dpi=100) for n in range(7)]
documents = [make_document(f"d-{n}", (f"p-{n}",), wrong) for n in range(7)]
report = quality.check.check(make_batch(), pages, documents, 0.99, Path("docs/data_docs"))
assert {v.outcome for v in report.verdicts} == {"hold"}
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A fresh interpreter whose home, temporary and working folders are one empty folder."""
    folder = tmp_path_factory.mktemp("world")
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(RUN)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return folder, done


def test_nothing_is_printed_or_sent(world: World) -> None:
    """A check prints nothing and opens no connection; nothing heavy is imported before it."""
    _, done = world

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_nothing_planted_is_written(world: World) -> None:
    """Everything that is left behind is Data Docs, and no planted word stands in any of it."""
    folder, _ = world
    files = [file for file in folder.rglob("*") if file.is_file()]
    written = {file: file.read_bytes() for file in files}

    assert {file.suffix for file in files} == {".html"}
    assert {file.relative_to(folder).parts[0] for file in files} == {"docs"}
    assert [w for w in PLANTED for raw in written.values() if w.encode() in raw] == []


def test_data_docs_say_what_failed(world: World) -> None:
    """The pages give rule texts in both languages and how many failed, and lead to each other."""
    folder, _ = world
    site = folder / "docs" / "data_docs"
    pages = "".join(file.read_text("utf-8") for file in site.rglob("*.html"))

    assert "해상도가 200 dpi 이상이다. / The resolution is at least 200 dpi." in pages
    assert "7 unexpected values found" in pages
    assert site.joinpath("index.html").read_text("utf-8").count("<li>") == 3


def test_data_docs_load_nothing(world: World) -> None:
    """No page runs a script or refers to another host."""
    folder, _ = world
    pages = "".join(file.read_text("utf-8") for file in folder.rglob("*.html"))

    assert "<script" not in pages
    assert "http://" not in pages
    assert "https://" not in pages


def test_data_docs_are_replaced(tmp_path: Path) -> None:
    """A second check leaves its own pages only, and nothing beside them."""
    docs = tmp_path / "data_docs"
    docs.mkdir()
    docs.joinpath("stale.html").write_text("before")

    for _ in range(2):
        check(make_batch(), [make_page("p-1")], [make_document("d-1", ("p-1",))], 0.8, docs)

    assert [entry.name for entry in tmp_path.iterdir()] == ["data_docs"]
    assert not docs.joinpath("stale.html").exists()
    assert len(list(docs.joinpath("validations").rglob("*.html"))) == 3


def test_tables_hold_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Great Expectations is given: numbers, flags and nulls under ids, nothing else."""
    given: list[Table] = []
    monkeypatch.setattr("quality.check.run_suites", lambda _n, tables, _p, _d: given.extend(tables))

    with pytest.raises(TypeError):
        check(make_batch(), [make_page("p-1")], [make_document("d-1", ("p-1",))], 0.8)

    columns = [kind for table in given for kind in table.rows.frame().dtypes.items()]
    assert len(given) == 3
    assert {str(kind) for name, kind in columns if name != "id"} == {"float64", "boolean"}

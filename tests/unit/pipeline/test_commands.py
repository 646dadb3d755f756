"""Commands given what they cannot use: a reason in both languages, and no work begun."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.assembly import Workshop
from pipeline.command_line import main
from records.reasons import load_reasons
from records.settings import Settings
from tests.unit.classifiers import papers
from tests.unit.pipeline.judged_batch import CODE
from tests.unit.pipeline.labelled_batches import make_labelled_batches

CHECKOUT = Path(__file__).parents[3]
ROOMS = ("archive", "classifiers", "intake", "ocr", "pipeline", "quality", "records", "workbench")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of our own to run in, with a text, a declaration and a house."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIROKSIL_HOME", str(tmp_path / "house"))
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "page.txt").write_text(papers.DIAGNOSIS, "utf-8")
    (tmp_path / "delivery").mkdir()
    (tmp_path / "delivery" / "delivery.yaml").write_text(
        f'institution: {{code: "{CODE}", name: 가람내과의원}}\nreference: 2026-117\n', "utf-8"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("command", "code", "exit_code"),
    [
        (["classify", "scans"], "path_is_folder", 65),
        (["classify", "absent.txt"], "path_missing", 65),
        (["classify", "scans/page.txt/more.txt"], "path_missing", 65),
        (["read", "scans", "--pdf", "scans/page.txt"], "target_is_file", 78),
        (["read", "scans", "--pdf", "scans/page.txt/more"], "target_is_file", 78),
        (["separators", "--for", "delivery", "--out", "scans"], "target_is_folder", 78),
        (["separators", "--for", "delivery", "--out", "no/a.pdf"], "target_folder_missing", 78),
        (["separators", "--for", "delivery", "--documents", "0"], "separator_count", 65),
        (["separators", "--for", "delivery", "--documents", "-1"], "separator_count", 65),
        (["separators", "--for", "delivery", "--documents", "5001"], "separator_count", 65),
        (["overview", "--to", "scans"], "target_is_folder", 78),
    ],
)
def test_what_cannot_be_used_is_named(
    command: list[str], code: str, exit_code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reason is the operator's mistake itself, never a disk that failed."""
    assert main(command) == exit_code

    told = capsys.readouterr().err
    assert told.startswith(code)
    assert load_reasons()[code].korean in told
    assert load_reasons()[code].english in told


@pytest.mark.parametrize("folder", [".", ""])
def test_the_folder_one_stands_in_can_be_read(
    folder: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A path without a name of its own is a folder like any other."""
    monkeypatch.chdir(place / "scans")

    assert main(["read", folder, "--json"]) == 1

    (failure,) = json.loads(capsys.readouterr().out)["failures"]
    assert failure["file"] == "page.txt"


def test_retrain_runs_as_it_is_installed(place: Path) -> None:
    """`giroksil` finds the makers beside the rooms, which alone are installed from a checkout."""
    make_labelled_batches(Workshop(Settings(home=str(place / "house"))), 2, 1)
    rooms = place / "rooms"
    rooms.mkdir()
    for room in ROOMS:
        (rooms / room).symlink_to(CHECKOUT / room)

    done = subprocess.run(
        [
            Path(sys.executable).parent / "giroksil",
            "retrain",
            "labels",
            "--institution",
            CODE,
            "--json",
        ],
        env=os.environ | {"PYTHONPATH": str(rooms)},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert (done.returncode, json.loads(done.stdout)["labels"]) == (0, 3), done.stdout

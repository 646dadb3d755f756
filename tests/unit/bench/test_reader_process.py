"""Readers run in processes of their own, which are measured and never left behind."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from bench.readers import ROOT, run_reader


def written(folder: Path, *words: str) -> list[Path]:
    """A picture of each word, large enough to be read."""
    files = []
    for word in words:
        image = Image.new("L", (600, 300), 255)
        ImageDraw.Draw(image).text((80, 90), word, fill=0, font_size=90)
        files.append(folder / f"{word}.png")
        image.save(files[-1], dpi=(300, 300))
    return files


def members(group: int) -> list[int]:
    """The living processes of a process group."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, _, process_group = (
                    (folder / "stat").read_text().rpartition(")")[2].split()[:3]
                )
            except OSError:
                continue
            if int(process_group) == group and state != "Z":
                found.append(int(folder.name))
    return found


@pytest.mark.parametrize("reader", ["ours", "tesseract"])
def test_pages_come_back_in_order_and_measured(tmp_path: Path, reader: str) -> None:
    """Each page's text is at its file's place, with what the reader has used of the machine."""
    files = written(tmp_path, "HOSPITAL", "RECORD", "PATIENT")

    run = run_reader(reader, "tesseract", files, tmp_path)

    assert [page.text.strip() for page in run.pages] == ["HOSPITAL", "RECORD", "PATIENT"]
    assert [page.failure for page in run.pages] == [None] * 3
    assert 0 < run.in_turn[0].cpu <= run.in_turn[-1].cpu <= run.cpu
    assert run.peak > 20 * 1024 * 1024  # more than an interpreter alone: the reader is seen


@pytest.mark.parametrize("reader", ["ours", "tesseract"])
def test_a_file_that_cannot_be_read_is_a_failure(tmp_path: Path, reader: str) -> None:
    """A broken file has a reason and no text, and its neighbours are read."""
    files = [tmp_path / "broken.png", *written(tmp_path, "RECORD")]
    files[0].write_bytes(b"not a picture")

    broken, whole = run_reader(reader, "tesseract", files, tmp_path).pages

    assert broken.failure is not None
    assert (whole.failure, whole.text.strip()) == (None, "RECORD")


@pytest.mark.parametrize(
    "module", [("bench.peers", "tesseract"), ("bench.own_reading", "tesseract")]
)
def test_nothing_outlives_the_measurement(tmp_path: Path, module: tuple[str, str]) -> None:
    """When the measuring process goes away, the reader goes too, with all that it started."""
    files = [str(file) for file in written(tmp_path, "HOSPITAL")] * 200
    with subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        start_new_session=True,
        text=True,
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        reader.stdin.write(json.dumps(files) + "\n")
        reader.stdin.flush()
        json.loads(reader.stdout.readline())
        assert len(members(reader.pid)) > 1

        reader.stdin.close()
        reader.wait(60)

    for _ in range(100):
        if not members(reader.pid):
            break
        time.sleep(0.1)
    assert members(reader.pid) == []

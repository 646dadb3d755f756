"""Plain Tesseract and OCRmyPDF, as programs: `python -m bench.peers tesseract | ocrmypdf`.

Each reads the file as it lies there, with the resolution noted in it; OCRmyPDF refuses images that
note none, or one that it does not believe, and is then told 300 dpi.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from bench.reader_process import Answer, read_by_program, serve

OCRMYPDF = Path(__file__).parents[1] / ".venv-peers" / "bin" / "ocrmypdf"
LANGUAGES = "kor+eng"
TESSERACT_FLAGS = ("-l", LANGUAGES, "--psm", "3")
# Not PDF/A and not optimised: its text is the same, and it takes the least time.
OCRMYPDF_FLAGS = (
    *("--rotate-pages", "--deskew", "--clean", "-l", LANGUAGES),
    *("--jobs", "1", "--output-type", "pdf", "--optimize", "0"),
)
_MAX_SECONDS = 600
_INPUT_REFUSED = "exit 2"


def read_by_tesseract(file: str) -> Answer:
    """Read one file with Tesseract alone."""
    text, failure = _run(["tesseract", file, "stdout", *TESSERACT_FLAGS])
    return {"text": text, "failure": failure}


def read_by_ocrmypdf(file: str) -> Answer:
    """Make one file a searchable PDF; its sidecar is the text."""
    with tempfile.TemporaryDirectory(prefix="ocrmypdf-") as folder:
        sidecar = Path(folder) / "text.txt"
        pdf = str(Path(folder) / "page.pdf")
        flags = ["-q", *OCRMYPDF_FLAGS, "--sidecar", str(sidecar)]
        _, failure = _run([str(OCRMYPDF), *flags, file, pdf])
        if failure == _INPUT_REFUSED:
            _, failure = _run([str(OCRMYPDF), *flags, "--image-dpi", "300", file, pdf])
        text = sidecar.read_text("utf-8") if sidecar.is_file() else ""
    return {"text": text, "failure": failure}


def version_of(program: str) -> str:
    """Return the first line of what a program says of its version."""
    done = subprocess.run(
        [program, "--version"],
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout.splitlines()[0]


def _run(command: list[str]) -> tuple[str, str | None]:
    try:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_MAX_SECONDS,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired:
        return "", "too slow"
    failure = f"exit {done.returncode}" if done.returncode else None
    return done.stdout.decode("utf-8", "replace"), failure


PEERS: Mapping[str, Callable[[str], Answer]] = {
    "tesseract": read_by_tesseract,
    "ocrmypdf": read_by_ocrmypdf,
}

if __name__ == "__main__":
    serve(partial(read_by_program, PEERS[sys.argv[1]]))

"""Where Tesseract's models lie, and which are installed."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from records.errors import SetupError

_PROGRAM = "tesseract"
_FOLDER = re.compile(r'"(?P<folder>[^"]+)"')


def model_folder(languages: Sequence[str]) -> Path:
    """Return the folder of the installed models.

    Raises:
        SetupError: `ocr_engine_missing`; `ocr_language_missing`: one of `languages` is not there.
    """
    try:
        listed = subprocess.run(
            [_PROGRAM, "--list-langs"], capture_output=True, text=True, check=False
        ).stdout
    except FileNotFoundError as error:
        raise SetupError("ocr_engine_missing", _PROGRAM) from error
    folder = _FOLDER.search(listed)
    if folder is None:
        raise SetupError("ocr_engine_missing", _PROGRAM)
    installed = set(listed.splitlines()[1:])
    for language in languages:
        if language not in installed:
            raise SetupError("ocr_language_missing", language)
    return Path(folder["folder"])

"""Nothing heavy is loaded before a page is read."""

import subprocess
import sys


def test_importing_the_room_does_not_load_spacy() -> None:
    """A process that only imports the stations pays nothing for spaCy."""
    code = (
        "import sys, classifiers.stack, classifiers.rows, classifiers.text;"
        "sys.exit('spacy' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""A SoftHSM token for tests: the real driver, a token of its own in a folder."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

LIBRARIES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
)
PIN, OFFICER_PIN = "654321", "12345678"


def softhsm_or_skip() -> Path:
    """The driver's file; where CI is set it must be there, elsewhere the test says it is not."""
    found = next((path for path in LIBRARIES if path.exists()), None)
    if found and shutil.which("softhsm2-util"):
        return found
    if os.environ.get("CI") == "true":
        pytest.fail("SoftHSM is missing (Debian package softhsm2), and CI promises it")
    pytest.skip("SoftHSM is not installed here (Debian package softhsm2)")


def make_token(folder: Path) -> None:
    """Make the token `giroksil`; a driver sees the tokens that were there at its start."""
    softhsm_or_skip()
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    make = ["softhsm2-util", "--init-token", "--free", "--label", "giroksil"]
    pins = ["--so-pin", OFFICER_PIN, "--pin", PIN]
    subprocess.run([*make, *pins], check=True, capture_output=True)


def key_address(pin: Path, label: str) -> str:
    """The address of a key in the token; its PIN is written into a file of its own."""
    pin.write_text(PIN + "\n")
    pin.chmod(0o600)
    library = softhsm_or_skip()
    return f"pkcs11:token=giroksil;object={label}?module-path={library}&pin-source=file:{pin}"

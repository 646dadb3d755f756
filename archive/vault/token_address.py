"""The address of a key in a token: `pkcs11:token=…;object=…?module-path=…&pin-source=…`.

A PKCS #11 URI (RFC 7512) of these four parts. The PIN itself never stands in an address: settings
are read aloud, copied and committed.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from records.errors import SetupError

_PARTS = {"token", "object", "module-path", "pin-source"}


@dataclass(frozen=True, slots=True)
class TokenAddress:
    """Which driver, which token, which key, and the file that holds the PIN."""

    module: str
    token: str
    label: str
    pin_file: Path

    def pin(self) -> str:
        """Read the PIN.

        Raises:
            SetupError: others may read the file (`token_pin_exposed`), or it cannot be read.
        """
        try:
            if self.pin_file.stat().st_mode & 0o077:
                raise SetupError("token_pin_exposed")
            return self.pin_file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SetupError("token_pin_unreadable") from error


def parse_token_address(address: str) -> TokenAddress:
    """Read an address.

    Raises:
        SetupError: a part is missing, unknown or twice there (`token_address_invalid`).
    """
    path, _, query = address.removeprefix("pkcs11:").partition("?")
    pairs = [part.partition("=") for part in (*path.split(";"), *query.split("&")) if part]
    parts = {name: unquote(value) for name, _, value in pairs}
    if parts.keys() != _PARTS or len(pairs) != len(_PARTS) or not all(parts.values()):
        raise SetupError("token_address_invalid")
    pin_file = Path(parts["pin-source"].removeprefix("file:"))
    return TokenAddress(parts["module-path"], parts["token"], parts["object"], pin_file)

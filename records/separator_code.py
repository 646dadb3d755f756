"""What the codes of our own separator sheets say: whose delivery, which box, which chart.

    GRK1/<institution>/<reference>/<box>/<chart number>/<check>

ASCII only, so that QR and Code 128 hold the same text; see docs/formats/separator-sheet.md.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

MARK = "GRK1"
LONGEST = 72
"""Characters of a code: a longer Code 128 would have bars too thin for a 200 dpi scan."""

_PLAIN = re.compile(r"[0-9A-Za-z.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class SeparatorCode:
    """One sheet: of a chart, of a box (`chart_no` empty), or of any document (both empty)."""

    institution: str
    reference: str = ""
    box: str = ""
    chart_no: str = ""

    @property
    def text(self) -> str:
        """The code as printed."""
        parts = (self.institution, self.reference, self.box, self.chart_no)
        body = "/".join((MARK, *map(_written, parts)))
        return f"{body}/{_check(body)}"


def parse_separator_code(text: str) -> SeparatorCode | None:
    """Read a code; None where it is none of ours or its check does not hold."""
    body, _, check = text.rpartition("/")
    mark, *parts = body.split("/")
    if mark != MARK or len(parts) != 4 or check != _check(body):
        return None
    try:
        return SeparatorCode(*map(_read, parts))
    except (binascii.Error, UnicodeDecodeError):
        return None


def _written(part: str) -> str:
    if _PLAIN.fullmatch(part):
        return part
    return "_" + base64.urlsafe_b64encode(part.encode()).decode().rstrip("=")


def _read(part: str) -> str:
    if not part.startswith("_"):
        return part
    raw = part[1:]
    return base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)).decode()


def _check(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:4].upper()

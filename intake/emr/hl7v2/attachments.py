"""Files inside HL7 v2 messages: OBX of type ED with Base64."""

import base64
import binascii
import re

from intake.emr.hl7v2.batches import find_messages, in_bytes
from intake.emr.message import SUFFIXES
from records.errors import RejectedInput

# OBX-5: source^type of data^subtype^encoding^data, whatever the message's separators.
_INSIDE = re.compile(
    rb"(?:\A|(?<=[\r\n]))OBX(?P<bar>[^A-Za-z0-9\s])(?P<set>[^\r\n]{0,16}?)(?P=bar)ED(?P=bar)"
    rb"[^\r\n]*?\^(?P<major>[A-Za-z]*)\^(?P<minor>[A-Za-z+.-]*)\^Base64\^(?P<data>[A-Za-z0-9+/=]*)",
    re.IGNORECASE,
)
_STEP = re.compile(r"message\[(\d+)\]\.ED\[(\d+)\]\.[a-z]+")


def attachments_of(raw: bytes, message: int) -> list[str]:
    """Name the pages that lie inside a message, as steps of a scan's member."""
    named = []
    for number, match in enumerate(_INSIDE.finditer(raw)):
        major, minor = match["major"].decode().lower(), match["minor"].decode().lower()
        suffix = SUFFIXES.get(f"{major}/{minor}") or (minor if minor in SUFFIXES.values() else "")
        if suffix and match["data"]:
            named.append(f"message[{message}].ED[{number}].{suffix}")
    return named


def attached(data: bytes, step: str) -> bytes:
    """The bytes of one.

    Raises:
        RejectedInput: `attachment_damaged`.
    """
    data = in_bytes(data)
    spans, _ = find_messages(data)
    match = _STEP.fullmatch(step)
    if match is None or int(match[1]) >= len(spans):
        raise RejectedInput("attachment_damaged")
    span = spans[int(match[1])]
    found = list(_INSIDE.finditer(data[span.start : span.end]))
    try:
        return base64.b64decode(found[int(match[2])]["data"], validate=True)
    except (IndexError, binascii.Error) as error:
        raise RejectedInput("attachment_damaged") from error

"""The address of a key in a KMS: `kms:NAME?endpoint=…&region=…&profile=…`, all but NAME optional.

Credentials never stand in an address: they come from the usual AWS places, or the profile named.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from records.errors import SetupError

_PARTS = {"endpoint", "region", "profile"}
_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
_REGION_OF_A_GATEWAY = "us-east-1"


@dataclass(frozen=True, slots=True)
class KmsAddress:
    """Which key of which service. `endpoint`: empty for AWS's own; `region`: empty as AWS says."""

    name: str
    endpoint: str
    region: str
    profile: str


def parse_kms_address(address: str) -> KmsAddress:
    """Read an address.

    Raises:
        SetupError: a part is unknown, empty or twice there (`kms_address_invalid`).
    """
    name, _, query = address.removeprefix("kms:").partition("?")
    pairs = [part.partition("=") for part in query.split("&") if part]
    parts = {part: unquote(value) for part, _, value in pairs}
    endpoint = parts.get("endpoint", "")
    if (
        not _NAME.fullmatch(name)
        or not parts.keys() <= _PARTS
        or len(parts) != len(pairs)
        or not all(parts.values())
        or (endpoint and urlsplit(endpoint).scheme not in {"http", "https"})
    ):
        raise SetupError("kms_address_invalid")
    region = parts.get("region", _REGION_OF_A_GATEWAY if endpoint else "")
    return KmsAddress(name, endpoint, region, parts.get("profile", ""))

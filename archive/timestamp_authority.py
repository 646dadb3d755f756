"""Asks an RFC 3161 time-stamping authority over HTTP, and believes only what it has checked."""

from pathlib import Path

import httpx
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from archive.ledger.check_proof import ProofRefused, Stamp, verify_stamp
from records.errors import IntegrityError, SetupError, TransientError

_SECONDS = 10.0
_MAX_BYTES = 65_536
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


class TimestampAuthority:
    """One authority at an address, and the certificates (PEM) by which its stamps are believed."""

    def __init__(self, url: str, certificates: bytes) -> None:
        self._url = url
        self._certificates = certificates
        self._client = httpx.Client(timeout=_SECONDS)

    def stamp(self, message: bytes) -> tuple[bytes, Stamp]:
        """A checked stamp of a message: the authority's answer as it came, and what it says.

        Raises:
            TransientError: it does not answer (`timestamp_unreachable`).
            IntegrityError: its answer is none, or not to this question, or not signed by whom we
                believe (`timestamp_wrong`).
        """
        request = TimestampRequestBuilder(message, HashAlgorithm.SHA512).build()
        response = self._ask(request.as_bytes())
        return response, self.check(response, message, request.nonce)

    def check(self, response: bytes, message: bytes, nonce: int | None = None) -> Stamp:
        """What a stamp of this message says.

        Raises:
            IntegrityError: it does not hold (`timestamp_wrong`).
        """
        try:
            return verify_stamp(response, message, self._certificates, nonce)
        except ProofRefused as error:
            raise IntegrityError("timestamp_wrong") from error

    def _ask(self, query: bytes) -> bytes:
        answer = b""
        try:
            headers = {"Content-Type": _QUERY, "Accept": _REPLY}
            with self._client.stream("POST", self._url, content=query, headers=headers) as reply:
                if reply.status_code != httpx.codes.OK:
                    raise TransientError("timestamp_unreachable", str(reply.status_code))
                for part in reply.iter_bytes():
                    answer += part
                    if len(answer) > _MAX_BYTES:
                        raise IntegrityError("timestamp_wrong")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TransientError("timestamp_unreachable", type(error).__name__) from error
        return answer


def open_authority(url: str, certificates: str) -> TimestampAuthority | None:
    """The authority that the settings name; None where they name none.

    Raises:
        SetupError: no address of HTTP (`timestamp_url`), or no certificates
            (`timestamp_certificates`).
    """
    if not url:
        return None
    if not url.startswith(("https://", "http://")):
        raise SetupError("timestamp_url")
    try:
        pem = Path(certificates).read_bytes()
    except OSError as error:
        raise SetupError("timestamp_certificates") from error
    if b"-----BEGIN CERTIFICATE-----" not in pem:
        raise SetupError("timestamp_certificates")
    return TimestampAuthority(url, pem)

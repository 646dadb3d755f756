"""Requests for single objects of a bucket, sent by urllib3.

boto3's own calls cost several times the processor time, hide whether an earlier try may have been
carried out, and wait for a slow answer without end (docs/adr/0021-requests-to-the-store.md).
"""

import hashlib
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO

import botocore.session
import urllib3
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import NoCredentialsError
from botocore.httpsession import get_cert_path
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, TimeoutError

from archive.vault.patience import AskAgain, Patience
from archive.vault.s3_connections import JoiningHTTP, JoiningHTTPS
from archive.vault.s3_signature import Signer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CONNECTIONS = 32
_PART = 1024 * 1024
_PIECE = 256 * 1024
_CODE = re.compile(rb"<Code>(\w{1,40})</Code>")
_LATER = {408, 429, 500, 502, 503, 504}
DAMAGED_ON_THE_WAY = {"BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody"}
BUSY = {"RequestTimeout", "SlowDown", "OperationAborted", "ConditionalRequestConflict"}
DIGEST = "x-amz-meta-sha256"
"""Metadata of every object written here: its bytes' SHA-256, by which an answer is checked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bucket answered. `unsure`: an earlier try of the same may have been carried out."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    unsure: bool = False

    @property
    def code(self) -> str:
        """The error's name, or its status where it has none (an answer to HEAD has no body)."""
        found = _CODE.search(self.body[:4096])
        return found[1].decode() if found else str(self.status)


class S3Requests:
    """Requests to one bucket; safe from many threads."""

    def __init__(
        self, session: botocore.session.Session, client: "S3Client", bucket: str, patience: Patience
    ) -> None:
        self._session = session
        self._client = client
        self._bucket = bucket
        self._patience = patience

    def put(
        self,
        key: str,
        body: bytes | memoryview,
        headers: Mapping[str, str] | None = None,
        digest: str = "",
    ) -> Answer:
        """Write an object. The signature covers the digest, so the store refuses other bytes."""
        digest = digest or hashlib.sha256(body).hexdigest()
        named = {"Content-Length": str(len(body)), DIGEST: digest, **(headers or {})}

        def attempt(deadline: float) -> Answer:
            return self._once("PUT", key, body, named, digest, deadline)

        answer, unsure = self._patience.ask(attempt, len(body))
        return Answer(answer.status, answer.headers, answer.body, unsure)

    def get(self, key: str) -> Answer:
        """Read an object. Bytes that differ from their digest are read again.

        Those that come twice alike are what is stored: whoever knows them by key names the damage.
        """
        wrong: list[bytes] = []

        def attempt(deadline: float) -> Answer:
            answer = self._once("GET", key, b"", {}, _NOTHING, deadline)
            if answer.status == 200 and not _is_whole(answer) and answer.body not in wrong:
                wrong.append(answer.body)
                raise AskAgain("store_garbled")
            return answer

        return self._patience.ask(attempt)[0]

    def get_into(self, key: str, file: BinaryIO) -> Answer:
        """Read an object into a file, which begins anew with each try."""
        begin = file.tell()

        def attempt(deadline: float) -> Answer:
            file.seek(begin)
            file.truncate()
            return self._once("GET", key, b"", {}, _NOTHING, deadline, file)

        return self._patience.ask(attempt)[0]

    def ask(self, method: str, key: str) -> Answer:
        """Send what carries nothing: HEAD or DELETE."""
        return self._patience.ask(lambda end: self._once(method, key, b"", {}, _NOTHING, end))[0]

    def _once(
        self,
        method: str,
        key: str,
        body: bytes | memoryview,
        headers: Mapping[str, str],
        digest: str,
        deadline: float,
        file: BinaryIO | None = None,
    ) -> Answer:
        path = self._path + urllib.parse.quote(key, safe="/-_.~")
        signed = self._signer.signed(method, path, headers, digest, self._credentials())
        patience, left = self._patience, max(0.001, deadline - time.monotonic())
        timeout = urllib3.Timeout(
            connect=min(patience.connect, left), read=min(patience.read, left)
        )
        # urllib3 sends whatever is a buffer; its types know bytes only.
        sent: Any = _pieces(body, deadline) if len(body) > _PIECE else body
        try:
            found = self._pool.urlopen(
                method,
                self._origin + path,
                body=sent,
                headers=signed,
                timeout=timeout,
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            try:
                whole = _read(found, deadline, file if found.status == 200 else None)
            except BaseException:
                found.close()
                raise
            found.release_conn()
        except (NewConnectionError, ConnectTimeoutError) as error:
            raise AskAgain("store_unreachable", unsure=False) from error
        except TimeoutError as error:
            raise AskAgain("store_slow") from error
        except (HTTPError, OSError) as error:
            raise AskAgain("store_unreachable") from error
        answer = Answer(found.status, found.headers, whole)
        if answer.code in DAMAGED_ON_THE_WAY:
            raise AskAgain("store_garbled", answer.code, unsure=False)
        if answer.status in _LATER or answer.code in BUSY:
            raise AskAgain("store_failing", answer.code)
        return answer

    def _credentials(self) -> ReadOnlyCredentials:
        found = self._session.get_credentials()
        if found is None:
            raise NoCredentialsError
        return found.get_frozen_credentials()

    @cached_property
    def _base(self) -> str:
        """The bucket's address and `/`: where boto3 would send a request for it."""
        url = self._client.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": "k"}
        )
        return url.partition("?")[0].removesuffix("k")

    @cached_property
    def _path(self) -> str:
        return urllib.parse.urlsplit(self._base).path

    @cached_property
    def _signer(self) -> Signer:
        host = urllib.parse.urlsplit(self._base).netloc
        return Signer(host, self._client.meta.region_name)

    @cached_property
    def _origin(self) -> str:
        """What a request's line begins with: nothing but where a proxy must know it."""
        return self._base.removesuffix(self._path) if self._proxy else ""

    @cached_property
    def _proxy(self) -> str:
        parts = urllib.parse.urlsplit(self._base)
        proxy = urllib.request.getproxies().get(parts.scheme, "")
        return "" if proxy and urllib.request.proxy_bypass(parts.hostname or "") else proxy

    @cached_property
    def _pool(self) -> urllib3.ProxyManager | urllib3.HTTPConnectionPool:
        bundle = self._session.get_config_variable("ca_bundle") or get_cert_path(True)
        if self._proxy:
            return urllib3.ProxyManager(self._proxy, maxsize=_CONNECTIONS, ca_certs=bundle)
        # Not asked for by each request: to find the pool of an address cost 0.15 ms.
        manager = urllib3.PoolManager(maxsize=_CONNECTIONS, ca_certs=bundle)
        pool = manager.connection_from_url(self._base)
        pool.ConnectionCls = JoiningHTTPS if pool.scheme == "https" else JoiningHTTP
        return pool


_NOTHING = hashlib.sha256(b"").hexdigest()


def _pieces(body: bytes | memoryview, deadline: float) -> Iterator[memoryview]:
    """The body piece by piece: a socket's time-out is for all that it is given at once."""
    for at in range(0, len(body), _PIECE):
        if time.monotonic() > deadline:
            raise AskAgain("store_slow")
        yield memoryview(body)[at : at + _PIECE]


def _is_whole(answer: Answer) -> bool:
    said = answer.headers.get(DIGEST)
    return said is None or hashlib.sha256(answer.body).hexdigest() == said


def _read(found: urllib3.BaseHTTPResponse, deadline: float, file: BinaryIO | None) -> bytes:
    """The whole body, or its way into a file; fewer bytes than were announced are an error."""
    deadline += int(found.headers.get("content-length") or 0) / 1e6
    parts, digest = [], hashlib.sha256()
    while part := found.read1(_PART):
        if time.monotonic() > deadline:
            raise AskAgain("store_slow")
        if file is None:
            parts.append(part)
        else:
            file.write(part)
            digest.update(part)
    if file is not None and found.headers.get(DIGEST, digest.hexdigest()) != digest.hexdigest():
        raise AskAgain("store_garbled")
    return parts[0] if len(parts) == 1 else b"".join(parts)

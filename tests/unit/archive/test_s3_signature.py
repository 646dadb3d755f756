"""Our signature of a request to S3 is botocore's, character by character."""

import datetime as dt
import hashlib

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from archive.vault import s3_signature
from archive.vault.s3_signature import Signer

NOON = dt.datetime(2026, 11, 26, 12, 0, 5, tzinfo=dt.UTC)
KEYS = (ReadOnlyCredentials("AK", "secret", None), ReadOnlyCredentials("AK2", "other", "to/ken=="))
HOSTS = ("127.0.0.1:7480", "bucket.s3.ap-northeast-2.amazonaws.com", "[::1]:7480")


class _ByDigest(botocore.auth.S3SigV4Auth):
    def payload(self, request: AWSRequest) -> str:
        return str(request.context["digest"])


@pytest.mark.parametrize("host", HOSTS)
def test_it_is_botocores(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """Any method, path, header, secret, token and day, one signer after the other's secret."""
    ours = Signer(host, "ap-northeast-2")
    digest = hashlib.sha256(b"x").hexdigest()
    for days, credentials in enumerate(KEYS * 2):
        now = NOON + dt.timedelta(days=days // 2)
        monkeypatch.setattr(s3_signature, "now", lambda now=now: now)
        monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *_, now=now, **__: now)
        for method, path, headers in (
            ("GET", "/bucket/a%20b/~c", {}),
            ("PUT", "/k/0_-.x", {"If-None-Match": "*", "Content-Length": "1", "x-amz-meta-a": "b"}),
        ):
            request = AWSRequest(method, f"http://{host}{path}", headers=dict(headers))
            request.context["digest"] = digest
            _ByDigest(credentials, "s3", "ap-northeast-2").add_auth(request)

            signed = ours.signed(method, path, headers, digest, credentials)

            assert signed == {**dict(request.headers.items()), "Host": host}

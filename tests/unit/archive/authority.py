"""A real RFC 3161 authority on 127.0.0.1, with a certificate of its own, and its ways to fail."""

import datetime as dt
import hashlib
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = dt.timedelta(days=1)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    ends: dt.datetime,
    stamps: bool,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - 4000 * DAY)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=not stamps, path_length=None), critical=True)
    )
    if stamps:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(signer, hashes.SHA256())


@dataclass
class Authority:
    """An authority; `fault` and `offset` may be changed while it runs."""

    ends: dt.datetime = field(default_factory=lambda: _now() + 3000 * DAY)
    offset: dt.timedelta = dt.timedelta()
    fault: str = ""
    asked: int = 0
    url: str = ""

    def __post_init__(self) -> None:
        root_key = ec.generate_private_key(ec.SECP256R1())
        root = _name(f"시험 인증기관 {secrets.token_hex(4)}")
        self._root = _certificate(root, root, root_key, root_key, _now() + 4000 * DAY, False)
        self._key = ec.generate_private_key(ec.SECP256R1())
        name = _name(f"시험 시점확인 {secrets.token_hex(4)}")
        self._own = _certificate(name, root, self._key, root_key, self.ends, True)
        self._last: bytes = b""

    @property
    def certificates(self) -> bytes:
        """The root's certificate, PEM."""
        return self._root.public_bytes(Encoding.PEM)

    def answer(self, query: bytes) -> bytes:
        """The TimeStampResp to a TimeStampReq, as `fault` will have it."""
        self.asked += 1
        request = tsp.TimeStampReq.load(query)
        if self.fault == "replays" and self._last:
            return self._last
        if self.fault == "garbage":
            return b"<html>please log in</html>"
        if self.fault == "large":
            return bytes(200_000)
        if self.fault == "refuses":
            return bytes.fromhex("30053003020102")  # status 2, no token
        self._last = self._stamp(request)
        return self._last

    def _stamp(self, request: tsp.TimeStampReq) -> bytes:
        imprint = request["message_imprint"].copy()
        if self.fault == "other message":
            imprint["hashed_message"] = hashlib.sha512(b"another").digest()
        nonce = request["nonce"].native + (self.fault == "other nonce")
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.3.6.1.4.1.99999.1",
                "message_imprint": imprint,
                "serial_number": secrets.randbits(64),
                "gen_time": (_now() + self.offset).replace(microsecond=0),
                "nonce": nonce,
            }
        ).dump()
        own = asn1_x509.Certificate.load(self._own.public_bytes(Encoding.DER))
        certificate_id = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(own.dump()).digest()})
        signed = cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
                cms.CMSAttribute(
                    {"type": "message_digest", "values": [hashlib.sha256(info).digest()]}
                ),
                cms.CMSAttribute(
                    {
                        "type": "signing_certificate_v2",
                        "values": [tsp.SigningCertificateV2({"certs": [certificate_id]})],
                    }
                ),
            ]
        )
        key = ec.generate_private_key(ec.SECP256R1()) if self.fault == "forged" else self._key
        signature = key.sign(signed.dump(force=True), ec.ECDSA(hashes.SHA256()))
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    {
                        "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                            {"issuer": own.issuer, "serial_number": own.serial_number}
                        )
                    }
                ),
                "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "signed_attrs": signed,
                "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
                "signature": signature,
            }
        )
        content = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
                "encap_content_info": {
                    "content_type": "tst_info",
                    "content": core.ParsableOctetString(info),
                },
                "certificates": [cms.CertificateChoices("certificate", own)],
                "signer_infos": [signer],
            }
        )
        answer: bytes = tsp.TimeStampResp(
            {
                "status": {"status": "granted"},
                "time_stamp_token": {"content_type": "signed_data", "content": content},
            }
        ).dump()
        return answer


@contextmanager
def serving(authority: Authority) -> Iterator[Authority]:
    """The authority answers at its `url` meanwhile."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            if authority.fault == "hangs up":
                self.close_connection = True
                return
            answer = authority.answer(query)
            self.send_response(503 if authority.fault == "503" else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    authority.url = f"http://127.0.0.1:{server.server_port}/tsa"
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()

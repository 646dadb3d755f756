"""Check a proof offline: no archive, no key of ours, only the file that was handed out.

This module stands alone: with Python and `cryptography` it checks proofs and published heads, with
`rfc3161-client` the time stamps in them too. `python check_proof.py FILE` runs it by itself.
The bytes it reads are described in `docs/formats/ledger.md`.
"""

import argparse
import base64
import datetime as dt
import hashlib
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MAGIC = b"GRPF"
VERSION = 2
INCLUSION, EXTENSION, RENEWED = 1, 2, 3
NUMBER_BYTES = 5
"""Bytes of an index, a size or a time; big-endian."""
PACKED = 255
"""In place of a text's length: an id follows, its letter and 130 bits in 17 bytes."""
ALGORITHMS = {1: "sha512", 2: "sha3_512"}
"""What a hash renewal may hash by: numbers of the format, names of hashlib. All give 64 bytes."""
RENEWED_HASH = 64
DISPOSED, WITH_CONTENT, NOT_OPENED = 0, 1, 2
"""What was hashed of an object besides its leaf and evidence."""
OF_THE_LEAF, OF_THE_RENEWAL = 1, 2
"""What a hash renewal in a proof covers: the proof before it, or the renewal before it."""
_HASH = 32


class ProofRefused(Exception):  # noqa: N818  (what the checker says, not what went wrong in it)
    """What does not hold; `code` is stable, `subject` an id."""

    def __init__(self, code: str, subject: str = "") -> None:
        super().__init__(f"{code} {subject}".strip())
        self.code = code
        self.subject = subject


@dataclass(frozen=True, slots=True)
class Leaf:
    """What the ledger says of one object."""

    kind: str
    institution: str
    batch: str
    id: str
    commitment: str

    def hash(self) -> bytes:
        """Its hash in the tree: of its canonical JSON."""
        return leaf_hash(_canonical({name: getattr(self, name) for name in self.__slots__}))


@dataclass(frozen=True, slots=True)
class Head:
    """A signed tree head: leaves covered, hex root, time (RFC 3339, UTC), key, hex signature."""

    size: int
    root: str
    time: str
    key_id: str
    signature: str

    def to_bytes(self, signed: bool = True) -> bytes:
        """The head as it is stored and stamped; `signed=False`: what its signature is over."""
        plain = {name: getattr(self, name) for name in self.__slots__} | {"version": 1}
        return _canonical({k: v for k, v in plain.items() if signed or k != "signature"})


@dataclass(frozen=True, slots=True)
class HeadSigning:
    """How a head of a size was signed, all but its root: that is computed."""

    size: int
    seconds: int
    public: bytes
    signature: bytes

    def of(self, root: bytes) -> Head:
        """The head with this root."""
        time = dt.datetime.fromtimestamp(self.seconds, dt.UTC).isoformat()
        return Head(self.size, root.hex(), time, key_id_of(self.public), self.signature.hex())


@dataclass(frozen=True, slots=True)
class Renewal:
    """A later stamp that covers an earlier one: the earlier one's leaf in a later stamped head."""

    index: int
    path: tuple[bytes, ...]
    head: HeadSigning
    stamp: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """An inclusion proof as its file holds it. `stamp`: a TimeStampResp, or empty."""

    leaf: Leaf
    salt: bytes
    index: int
    path: tuple[bytes, ...]
    head: HeadSigning
    stamp: bytes = b""
    renewals: tuple[Renewal, ...] = ()


@dataclass(frozen=True, slots=True)
class HashRenewal:
    """A place in a tree of another hash function, and the stamp of its root (RFC 4998, 5.3).

    `covers`: one of `OF_THE_LEAF`, `OF_THE_RENEWAL`. `number`, `first`, `size`: which renewal, of
    which leaves of the log. `index`: the covered leaf's number in the log. `digest`: of the
    content, where the leaf is covered, else of the evidence.
    """

    covers: int
    algorithm: int
    number: int
    first: int
    size: int
    index: int
    state: int
    digest: bytes
    path: tuple[bytes, ...]
    stamp: bytes

    def root(self, evidence: bytes, content: bytes) -> bytes | None:
        """The root that the path leads to; None where it is no path.

        `evidence`: what the digest of it is over, or of a renewal the digest; `content` likewise.
        """
        record = evidence + bytes([self.state]) + content
        node = renewed_leaf(self.algorithm, record)
        place, size = self.index - self.first, self.size - self.first
        join = joining(self.algorithm)
        return root_of_path(node, place, size, self.path, join)

    def statement(self, root: bytes) -> bytes:
        """What the stamp is over."""
        return renewal_statement(self.number, self.algorithm, self.first, self.size, root)


@dataclass(frozen=True, slots=True)
class RenewedProof:
    """An inclusion proof, and the hash renewals since with what each of them covers.

    `evidence`: of each renewal of the leaf, the bytes that it has hashed; else empty.
    """

    proof: Proof
    renewals: tuple[HashRenewal, ...]
    evidence: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Extension:
    """A consistency proof as its file holds it: the tree of `first` leaves grew into the head's."""

    first: int
    path: tuple[bytes, ...]
    head: HeadSigning


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a time stamp says: when, and until when its certificate is good."""

    time: dt.datetime
    expires: dt.datetime


@dataclass(frozen=True, slots=True)
class CheckedProof:
    """What a good proof says: this leaf was in the ledger when this head was signed.

    `stamped`: none | unchecked (no certificates given) | expired (needs renewal) | holds;
    `stamped_at`: since when the leaf has been there, by the authority's clock. `renewed`: the same
    of hash renewals, which hold where SHA-256 does not: since `renewed_at`, the last of the leaf
    by `renewed_by`; `renewed_content`: they cover the content too.
    """

    leaf: Leaf
    head: Head
    document_checked: bool
    head_published: bool
    stamped: str = "none"
    stamped_at: str = ""
    renewed: str = "none"
    renewed_at: str = ""
    renewed_by: str = ""
    renewed_content: bool = False


def check_proof(
    proof: bytes,
    document: bytes | None = None,
    key_id: str | None = None,
    published: bytes | None = None,
    certificates: bytes | None = None,
    at: dt.datetime | None = None,
    sha256_broken: bool = False,
) -> CheckedProof:
    """Check a proof file, and with it whatever the reader has to hold against it.

    Args:
        proof: the file's bytes.
        document: the bytes it is said to prove.
        key_id: the archive's key that the reader trusts; without it (and without `published`) a
            good answer only says that the proof agrees with the key inside it.
        published: a head that was published, as it lies in `ledger/heads/`.
        certificates: PEM of the time-stamping authorities that the reader trusts.
        at: when it is checked; now.
        sha256_broken: believe nothing that rests on SHA-256 alone: a hash renewal must hold, and
            cover the document.

    Raises:
        ProofRefused: `proof_malformed`, `proof_key`, `proof_signature`, `proof_head`,
            `proof_stamp`, `proof_renewal` or `proof_document`: the first thing that does not hold.
    """
    whole = read_renewed_proof(proof)
    read, at = whole.proof, at or dt.datetime.now(dt.UTC)
    root = root_of_path(read.leaf.hash(), read.index, read.head.size, read.path)
    head = _checked_head(read.head, root, key_id)
    if published is not None and read_head(published) != head:
        raise ProofRefused("proof_head", read.leaf.id)
    if document is not None:
        digest = hashlib.sha256(read.salt + document).hexdigest()
        if digest != read.leaf.commitment:
            raise ProofRefused("proof_document", read.leaf.id)
    renewed, since = _check_renewals(whole, document, certificates, at)
    # What a renewal has hashed needs to have held until then, no longer.
    until = since if since and renewed == "holds" else at
    stamped, stamped_at = _check_stamps(read, head, certificates, until)
    of_leaf = [one for one in whole.renewals if one.covers == OF_THE_LEAF]
    with_content = any(one.state == WITH_CONTENT for one in of_leaf)
    if sha256_broken and (renewed != "holds" or (document is not None and not with_content)):
        raise ProofRefused("proof_renewal", read.leaf.id)
    return CheckedProof(
        read.leaf,
        head,
        document is not None,
        published is not None,
        stamped,
        stamped_at,
        renewed,
        since.isoformat() if since else "",
        ALGORITHMS[of_leaf[-1].algorithm] if of_leaf else "",
        with_content,
    )


def check_extension(proof: bytes, published: bytes, key_id: str | None = None) -> tuple[Head, Head]:
    """Check that the log of a published head only grew; return that head and the later one.

    Raises:
        ProofRefused: `proof_malformed`, `proof_head` (another log's, or rewritten), `proof_key`,
            `proof_signature`.
    """
    read, old = read_extension(proof), read_head(published)
    before = bytes.fromhex(old.root)
    roots = roots_of_extension(old.size, read.head.size, read.path, before)
    if read.first != old.size or roots is None or roots[0] != before:
        raise ProofRefused("proof_head", str(old.size))
    head = _checked_head(read.head, roots[1], key_id)
    if key_id is None and head.key_id != old.key_id:
        raise ProofRefused("proof_key", head.key_id)
    return old, head


def _checked_head(signing: HeadSigning, root: bytes | None, key_id: str | None) -> Head:
    if root is None:
        raise ProofRefused("proof_malformed")
    try:
        head = signing.of(root)
    except (ValueError, OverflowError, OSError) as error:
        raise ProofRefused("proof_malformed") from error
    if key_id not in {None, head.key_id}:
        raise ProofRefused("proof_key", head.key_id)
    message = b"giroksil tree head\x00" + head.to_bytes(signed=False)
    try:
        Ed25519PublicKey.from_public_bytes(signing.public).verify(signing.signature, message)
    except (InvalidSignature, ValueError) as error:
        raise ProofRefused("proof_signature", head.key_id) from error
    return head


def _check_stamps(
    proof: Proof, head: Head, certificates: bytes | None, at: dt.datetime
) -> tuple[str, str]:
    """Every stamp of the chain: each good when the next was made, the last one good now."""
    if not proof.stamp:
        return "none", ""
    if certificates is None:
        return "unchecked", ""
    first = stamp = verify_stamp(proof.stamp, head.to_bytes(), certificates)
    response = proof.stamp
    size = head.size
    for renewal in proof.renewals:
        leaf = stamp_leaf(size, response)
        root = root_of_path(leaf.hash(), renewal.index, renewal.head.size, renewal.path)
        later = _checked_head(renewal.head, root, None)
        newer = verify_stamp(renewal.stamp, later.to_bytes(), certificates)
        if not stamp.time <= newer.time <= stamp.expires:
            raise ProofRefused("proof_stamp", str(later.size))
        stamp, response, size = newer, renewal.stamp, later.size
    return "holds" if at <= stamp.expires else "expired", first.time.isoformat()


def _check_renewals(
    whole: RenewedProof, document: bytes | None, certificates: bytes | None, at: dt.datetime
) -> tuple[str, dt.datetime | None]:
    """Every hash renewal: its root stamped while the one before was good, the last one good now."""
    before, since, lapsed = b"", None, False
    stamp: Stamp | None = None
    for renewal, covered in zip(whole.renewals, whole.evidence, strict=True):
        evidence, content = renewal.digest, renewed_hash(renewal.algorithm, before)
        if renewal.covers == OF_THE_LEAF:
            evidence, content = renewed_hash(renewal.algorithm, covered), renewal.digest
            if renewal.index != whole.proof.index:
                raise ProofRefused("proof_renewal", str(renewal.number))
            salted = whole.proof.salt + (document or b"")
            is_another = renewed_hash(renewal.algorithm, salted) != content
            if document is not None and renewal.state == WITH_CONTENT and is_another:
                raise ProofRefused("proof_document", whole.proof.leaf.id)
        root = renewal.root(evidence, content)
        if root is None:
            raise ProofRefused("proof_malformed")
        before = renewal.statement(root) + renewal.stamp
        if certificates is None:
            continue
        try:
            newer = verify_stamp(renewal.stamp, renewal.statement(root), certificates)
        except ProofRefused as refused:
            raise ProofRefused("proof_renewal", str(renewal.number)) from refused
        if stamp and newer.time < stamp.time:
            raise ProofRefused("proof_renewal", str(renewal.number))
        lapsed = lapsed or (stamp is not None and newer.time > stamp.expires)
        stamp, since = newer, since or newer.time
    if not whole.renewals:
        return "none", None
    if stamp is None:
        return "unchecked", None
    return "expired" if lapsed or at > stamp.expires else "holds", since


def verify_stamp(
    response: bytes, message: bytes, certificates: bytes, nonce: int | None = None
) -> Stamp:
    """Check an RFC 3161 answer: imprint, nonce, signature, certificate chain at its own time.

    Raises:
        ProofRefused: `proof_stamp`.
    """
    # Here, so that proofs can be checked where rfc3161-client is not installed.
    from rfc3161_client import VerifierBuilder, decode_timestamp_response  # noqa: PLC0415
    from rfc3161_client.errors import VerificationError  # noqa: PLC0415

    try:
        answer = decode_timestamp_response(response)
        roots = x509.load_pem_x509_certificates(certificates)
        VerifierBuilder(roots=roots, nonce=nonce).build().verify_message(answer, message)
    except (VerificationError, ValueError, TypeError) as error:
        raise ProofRefused("proof_stamp") from error
    return read_stamp(response)


def read_stamp(response: bytes) -> Stamp:
    """What a stamp says of itself; nothing of it is checked.

    Raises:
        ProofRefused: `proof_stamp`.
    """
    from rfc3161_client import decode_timestamp_response  # noqa: PLC0415  (as above)

    try:
        answer = decode_timestamp_response(response)
        (signer,) = answer.signed_data.signer_infos
        found = map(x509.load_der_x509_certificate, answer.signed_data.certificates)
        names = (signer.issuer, signer.serial_number)
        own = next(one for one in found if (one.issuer, one.serial_number) == names)
        return Stamp(answer.tst_info.gen_time, own.not_valid_after_utc)
    except (ValueError, TypeError, StopIteration) as error:
        raise ProofRefused("proof_stamp") from error


def stamp_leaf(size: int, response: bytes) -> Leaf:
    """The leaf that a head's stamp has in the ledger."""
    return Leaf("stamp", "", "", f"{size:012d}", hashlib.sha256(response).hexdigest())


# Hash renewals: a tree as that of RFC 6962, by another hash function.


def renewed_hash(algorithm: int, data: bytes) -> bytes:
    """The digest of a hash renewal's algorithm."""
    return hashlib.new(ALGORITHMS[algorithm], data).digest()


def renewed_leaf(algorithm: int, record: bytes) -> bytes:
    """Hash of a leaf of a hash renewal's tree."""
    return renewed_hash(algorithm, b"\x00" + record)


def joining(algorithm: int) -> Callable[[bytes, bytes], bytes]:
    """The hash of an inner node of a hash renewal's tree."""
    return lambda left, right: renewed_hash(algorithm, b"\x01" + left + right)


def renewal_statement(number: int, algorithm: int, first: int, size: int, root: bytes) -> bytes:
    """What is stamped of a hash renewal."""
    plain = {"number": number, "algorithm": ALGORITHMS[algorithm], "first": first, "size": size}
    return _canonical(plain | {"root": root.hex(), "what": "giroksil hash renewal", "version": 1})


def renewal_leaf(number: int, statement: bytes, response: bytes) -> Leaf:
    """The leaf that a hash renewal has in the ledger."""
    commitment = hashlib.sha256(statement + response).hexdigest()
    return Leaf("renewal", "", "", f"{number:012d}", commitment)


# The tree of RFC 6962, section 2.1.


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of a leaf's bytes."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of_path(
    node: bytes,
    index: int,
    size: int,
    path: Sequence[bytes],
    join: Callable[[bytes, bytes], bytes] = node_hash,
) -> bytes | None:
    """The root that an inclusion path leads to from a leaf's hash; None where it is no path.

    RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    position, last = index, size - 1
    for sibling in path:
        if last == 0:
            return None
        if position % 2 or position == last:
            node = join(sibling, node)
            while position % 2 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            node = join(node, sibling)
        position, last = position >> 1, last >> 1
    return node if last == 0 else None


def roots_of_extension(
    first: int, second: int, path: Sequence[bytes], old: bytes
) -> tuple[bytes, bytes] | None:
    """The old and new roots that a consistency path leads to; None where it is no path.

    RFC 9162, section 2.1.4.2. `old`: the old root, which the path leaves out where it can.
    """
    if not 0 < first <= second:
        return None
    if first == second:
        return None if path else (old, old)
    nodes = list(path) if first & (first - 1) else [old, *path]
    position, last = first - 1, second - 1
    while position % 2:
        position, last = position >> 1, last >> 1
    if not nodes:
        return None
    smaller = larger = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return None
        if position % 2 or position == last:
            smaller, larger = node_hash(node, smaller), node_hash(node, larger)
            while position % 2 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            larger = node_hash(larger, node)
        position, last = position >> 1, last >> 1
    return (smaller, larger) if last == 0 else None


def key_id_of(public: bytes) -> str:
    """The short name of a public key: 16 hex digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def _canonical(plain: object) -> bytes:
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


# The bytes of proofs.


def read_head(raw: bytes) -> Head:
    """Read a published head.

    Raises:
        ProofRefused: not a head in its one form (`proof_head`).
    """
    try:
        plain = json.loads(raw)
        head = Head(**{name: plain[name] for name in Head.__slots__})
        same = head.to_bytes() == raw.strip() and len(bytes.fromhex(head.root)) == _HASH
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ProofRefused("proof_head") from error
    if not same or not isinstance(head.size, int):
        raise ProofRefused("proof_head")
    return head


def is_extension(raw: bytes) -> bool:
    """Whether these bytes say of themselves that they are a consistency proof."""
    return raw[:6] == MAGIC + bytes([VERSION, EXTENSION])


def read_renewed_proof(raw: bytes) -> RenewedProof:
    """Read an inclusion proof with its hash renewals, or one without; only its form is checked.

    Raises:
        ProofRefused: `proof_malformed`.
    """
    if raw[:6] != MAGIC + bytes([VERSION, RENEWED]):
        return RenewedProof(read_proof(raw), (), ())
    file = _File(raw, RENEWED)
    inclusion = file.take(int.from_bytes(file.take(3), "big"))
    proof = read_proof(inclusion)
    salt_at = _salt_at(inclusion)
    evidence = inclusion[:salt_at] + inclusion[salt_at + _HASH :]
    renewals: list[HashRenewal] = []
    covered: list[bytes] = []
    for _ in range(file.byte()):
        before = file.rest
        renewals.append(file.hash_renewal())
        covered.append(evidence if renewals[-1].covers == OF_THE_LEAF else b"")
        evidence += before[: len(before) - len(file.rest)]
    file.end()
    if not renewals or renewals[0].covers != OF_THE_LEAF:
        raise ProofRefused("proof_malformed")
    return RenewedProof(proof, tuple(renewals), tuple(covered))


def _salt_at(inclusion: bytes) -> int:
    file = _File(inclusion, INCLUSION)
    for _ in range(4):
        file.text()
    file.take(_HASH)
    return len(inclusion) - len(file.rest)


def read_proof(raw: bytes) -> Proof:
    """Read an inclusion proof; nothing of it is checked but its form.

    Raises:
        ProofRefused: `proof_malformed`.
    """
    file = _File(raw, INCLUSION)
    kind, institution, batch, id = (file.text() for _ in range(4))
    leaf = Leaf(kind, institution, batch, id, file.take(_HASH).hex())
    proof = Proof(
        leaf,
        file.take(_HASH),
        file.number(),
        file.path(),
        file.signing(),
        file.take(int.from_bytes(file.take(3), "big")),
        tuple(
            Renewal(
                file.number(),
                file.path(),
                file.signing(),
                file.take(int.from_bytes(file.take(3), "big")),
            )
            for _ in range(file.byte())
        ),
    )
    file.end()
    return proof


def read_extension(raw: bytes) -> Extension:
    """Read a consistency proof; nothing of it is checked but its form.

    Raises:
        ProofRefused: `proof_malformed`.
    """
    file = _File(raw, EXTENSION)
    found = Extension(file.number(), file.path(), file.signing())
    file.end()
    return found


class _File:
    """A proof's bytes, taken from the front."""

    def __init__(self, raw: bytes, kind: int) -> None:
        self.rest = raw
        if self.take(6) != MAGIC + bytes([VERSION, kind]):
            raise ProofRefused("proof_malformed")

    def take(self, count: int) -> bytes:
        if len(self.rest) < count:
            raise ProofRefused("proof_malformed")
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        return int.from_bytes(self.take(NUMBER_BYTES), "big")

    def text(self) -> str:
        length = self.byte()
        if length == PACKED:
            letter, bits = self.take(1), self.take(17)
            digits = base64.b32encode(bits).decode().lower()[:26]
            if bits[-1] & 0x3F or not letter.isalpha():
                raise ProofRefused("proof_malformed")
            return f"{letter.decode('ascii')}-{digits}"
        text = self.take(length)
        if not re.fullmatch(rb"[A-Za-z0-9_/-]*", text):
            raise ProofRefused("proof_malformed")
        return text.decode("ascii")

    def path(self, width: int = _HASH) -> tuple[bytes, ...]:
        return tuple(self.take(width) for _ in range(self.byte()))

    def hash_renewal(self) -> HashRenewal:
        renewal = HashRenewal(
            self.byte(),
            self.byte(),
            self.number(),
            self.number(),
            self.number(),
            self.number(),
            self.byte(),
            self.take(RENEWED_HASH),
            self.path(RENEWED_HASH),
            self.take(int.from_bytes(self.take(3), "big")),
        )
        known = renewal.covers in {OF_THE_LEAF, OF_THE_RENEWAL} and renewal.algorithm in ALGORITHMS
        whole = renewal.state == WITH_CONTENT or (
            renewal.covers == OF_THE_LEAF
            and renewal.state in {DISPOSED, NOT_OPENED}
            and renewal.digest == bytes(RENEWED_HASH)
        )
        if not known or not whole:
            raise ProofRefused("proof_malformed")
        return renewal

    def signing(self) -> HeadSigning:
        return HeadSigning(self.number(), self.number(), self.take(32), self.take(64))

    def end(self) -> None:
        if self.rest:
            raise ProofRefused("proof_malformed")


# By itself.

_WORDS = {
    "proof_malformed": "증명 파일이 아니거나 손상되었습니다. / Not a proof, or damaged.",
    "proof_key": "믿는 열쇠의 서명이 아닙니다. / Not signed by the key you trust.",
    "proof_signature": "서명 또는 경로가 맞지 않습니다. / Signature or path does not hold.",
    "proof_head": "공표된 머리와 맞지 않습니다. / Does not fit the published head.",
    "proof_stamp": "시점확인이 맞지 않습니다. / The time stamp does not hold.",
    "proof_renewal": "다시 해시한 증거가 맞지 않습니다. / The hash renewal does not hold.",
    "proof_document": "이 파일은 증명된 기록이 아닙니다. / This file is not the proven one.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the proof named on the command line; 0 only if it holds."""
    parser = argparse.ArgumentParser(description="기록실 증명 확인 / check a proof of Giroksil")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--document", type=Path, help="받은 파일 / the file it is said to prove")
    parser.add_argument("--key", metavar="ID", help="공개된 서명 열쇠 / the published key's id")
    parser.add_argument("--head", type=Path, help="공표된 머리 / the published head")
    parser.add_argument("--certificates", type=Path, help="시점확인기관 인증서 / PEM you trust")
    parser.add_argument(
        "--sha256-broken",
        action="store_true",
        help="SHA-256만으로 된 것은 믿지 않음 / believe nothing that rests on SHA-256 alone",
    )
    given = parser.parse_args(arguments)
    proof, head = given.file.read_bytes(), given.head.read_bytes() if given.head else None
    try:
        if is_extension(proof) and head is not None:
            old, new = check_extension(proof, head, given.key)
            answer: dict[str, object] = {"from": old.size, "to": new.size, "time": new.time}
        else:
            checked = check_proof(
                proof,
                given.document.read_bytes() if given.document else None,
                given.key,
                head,
                given.certificates.read_bytes() if given.certificates else None,
                sha256_broken=given.sha256_broken,
            )
            answer = {"kind": checked.leaf.kind, "id": checked.leaf.id, "head": checked.head.size}
            answer |= {"time": checked.head.time, "key": checked.head.key_id}
            answer |= {"stamped": checked.stamped, "stamped_at": checked.stamped_at}
            answer |= {"document_checked": checked.document_checked, "renewed": checked.renewed}
            answer |= {"renewed_at": checked.renewed_at, "renewed_by": checked.renewed_by}
    except ProofRefused as refused:
        sys.stdout.write(f"{refused.code}: {_WORDS[refused.code]}\n")
        return 1
    sys.stdout.write("증명이 맞습니다. / The proof holds.\n")
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

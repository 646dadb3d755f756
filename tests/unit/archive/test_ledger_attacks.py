"""Attacks on the ledger by who can write to the store, each found by who kept one old head."""

import datetime as dt
import secrets
from pathlib import Path

import pytest

from archive.ledger.audit import audit
from archive.ledger.check_proof import ProofRefused, check_extension, check_proof
from archive.ledger.heads import head_key, public_key_bytes, public_key_key, sign
from archive.ledger.segments import segment_key
from archive.opening import Archive
from archive.vault.signing import SigningKey
from records.errors import IntegrityError

from .conftest import open_at
from .test_ledger import leaves


@pytest.fixture
def published(opened: Archive) -> bytes:
    """Six leaves, a head after each three; the one of six was published and kept elsewhere."""
    for start in (0, 3):
        opened.ledger.append(leaves(start, start + 3))
        opened.ledger.sign_head()
    return opened.store.get(head_key(6)) or b""


def codes(archive: Archive) -> set[str]:
    return {found.code for found in audit(archive.store, archive.signing_key().key_id).problems}


def test_a_truncated_log(opened: Archive, published: bytes, tmp_path: Path) -> None:
    """Leaves cut from the end: the head that covers them says so."""
    opened.store.delete(segment_key(1))

    assert codes(open_at(tmp_path)) == {"ledger_truncated"}


def test_a_replayed_old_log(opened: Archive, published: bytes, tmp_path: Path) -> None:
    """The store as it was yesterday agrees with itself; the published head does not fit it."""
    opened.store.delete(segment_key(1))
    opened.store.delete(head_key(6))
    again = open_at(tmp_path)
    assert codes(again) == set()

    with pytest.raises(IntegrityError, match="head_missing"):
        again.ledger.prove_extension(6)
    again.ledger.append(leaves(50, 57))
    again.ledger.sign_head()
    with pytest.raises(ProofRefused, match="proof_head"):
        check_extension(again.ledger.prove_extension(6), published)


def test_a_replayed_old_head(opened: Archive, published: bytes, tmp_path: Path) -> None:
    """The head of three, laid where that of six was: it is not of this size."""
    old = opened.store.get(head_key(3)) or b""
    opened.store.put(head_key(6), old)

    assert codes(open_at(tmp_path)) == {"head_damaged"}
    with pytest.raises(IntegrityError, match="head_damaged"):
        open_at(tmp_path).ledger.newest_head()


def test_a_forged_head(opened: Archive, published: bytes, tmp_path: Path) -> None:
    """A head by a key of the attacker's own, published beside ours, is nobody's we know."""
    stranger = SigningKey(secrets.token_bytes(32))
    opened.store.put(public_key_key(stranger.key_id), public_key_bytes(stranger.public))
    forged = sign(stranger, 6, opened.ledger.root(6))
    opened.store.put(head_key(6), forged.to_bytes())

    assert codes(open_at(tmp_path)) == {"head_key_unknown"}
    proof = open_at(tmp_path).ledger.prove(
        "document", leaves(0, 1)[0].institution, leaves(4, 5)[0].id
    )
    with pytest.raises(ProofRefused, match="proof_key"):
        check_proof(proof, key_id=opened.signing_key().key_id)
    with pytest.raises(ProofRefused, match="proof_head"):
        check_proof(proof, published=published)


def test_a_second_writer(opened: Archive, published: bytes, tmp_path: Path) -> None:
    """Who has our key and writes another history beside ours is caught by two heads of one size."""
    (tmp_path / "fork").mkdir()
    for name in ("keys", "store"):
        _copy(tmp_path / name, tmp_path / "fork" / name)
    fork = open_at(tmp_path / "fork")
    opened.ledger.append(leaves(6, 9))
    fork.ledger.append(leaves(70, 73))
    ours, theirs = opened.ledger.sign_head(), fork.ledger.sign_head()

    assert (ours.size, ours.key_id) == (theirs.size, theirs.key_id)
    assert codes(opened) == codes(fork) == set()
    check_extension(opened.ledger.prove_extension(6), published)
    check_extension(fork.ledger.prove_extension(6), published)
    opened.ledger.append(leaves(9, 12))
    opened.ledger.sign_head()
    with pytest.raises(ProofRefused):
        check_extension(opened.ledger.prove_extension(9), theirs.to_bytes())


def test_segments_of_two_histories_mixed(opened: Archive, published: bytes, tmp_path: Path) -> None:
    """A segment of another log in place of ours is not what its root says after ours."""
    other = open_at(tmp_path / "other")
    for start in (10, 13):
        other.ledger.append(leaves(start, start + 3))
    opened.store.put(segment_key(1), other.store.get(segment_key(1)) or b"")

    assert codes(open_at(tmp_path)) == {"segment_damaged"}


def test_a_rewritten_history_with_our_own_key(
    opened: Archive, published: bytes, tmp_path: Path
) -> None:
    """The holder of every key makes a new log and signs it: the old head does not fit it."""
    key = opened.signing_key()
    for name in list(opened.store.list("ledger/")):
        opened.store.delete(name)
    again = open_at(tmp_path)
    again.ledger.append(leaves(20, 29))
    again.ledger.sign_head()

    assert again.signing_key().key_id == key.key_id
    assert codes(again) == set()
    with pytest.raises(ProofRefused, match="proof_head"):
        check_extension(again.ledger.prove_extension(6), published, key.key_id)


def test_a_head_dated_back(opened: Archive, published: bytes, tmp_path: Path) -> None:
    """The time in a head cannot be changed without its signature."""
    head = opened.ledger.head(6)
    assert head
    early = (dt.datetime.fromisoformat(head.time) - dt.timedelta(days=400)).isoformat()
    opened.store.put(head_key(6), published.replace(head.time.encode(), early.encode()))

    assert codes(open_at(tmp_path)) == {"head_damaged"}


def test_a_forged_future(opened: Archive, published: bytes, tmp_path: Path) -> None:
    """Heads of the year 2099, forged or damaged, do not set the time of the heads we sign."""
    stranger = SigningKey(secrets.token_bytes(32))
    forged = sign(stranger, 6, opened.ledger.root(6), "2099-01-01T00:00:00+00:00")
    opened.store.put(head_key(6), forged.to_bytes())
    opened.store.put(head_key(99), published)
    again = open_at(tmp_path)
    again.ledger.append(leaves(6, 7))

    assert again.ledger.sign_head().time < "2099"


def _copy(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
            place.chmod(0o600)

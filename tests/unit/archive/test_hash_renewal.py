"""Promises of hash renewal: what SHA-256 held yesterday, another hash function holds tomorrow."""

import dataclasses
import datetime as dt
import functools
import itertools
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import hash_renewal, renewed_contents
from archive.hash_renewal import HashRenewing
from archive.ledger import check_proof as checker
from archive.ledger import renewals
from archive.ledger.audit import audit
from archive.ledger.check_proof import (
    CheckedProof,
    ProofRefused,
    check_proof,
    read_proof,
    read_renewed_proof,
)
from archive.ledger.proofs import hash_renewal_bytes, proof_bytes, renewed_bytes
from archive.ledger.renewals import PREFIX, portion_key, read_portion, read_root, root_key
from archive.ledger.stamping import Stamping
from archive.opening import Archive
from archive.problem import Problem
from archive.replica import replicate
from archive.retention.disposal import dispose
from archive.timestamp_authority import TimestampAuthority
from archive.vault.folder_store import FolderStore
from archive.vault.names import RENEWAL_ORDER, ObjectName, institution_keys
from archive.vault.tombstone import Tombstone
from archive.verify import verify
from records.archived import LedgerLeaf
from records.errors import IntegrityError, SetupError, TransientError
from tests.damage import flipped

from .authority import DAY, Authority, serving
from .conftest import ONE, TEXTS, TWO, an_id, killed_at, open_at
from .test_disposal import TABLE, TODAY, agreed

VECTOR = json.loads(Path(__file__).with_name("renewal_vector.json").read_text("utf-8"))
DOCUMENT = an_id("d", ONE, 0)
CONTENT = f"document 0 {TEXTS[0]}".encode()


@pytest.fixture(scope="module")
def authority() -> Iterator[Authority]:
    with serving(Authority()) as running:
        yield running


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four leaves a portion, so that a small archive has several."""
    for module in (renewals, hash_renewal):
        monkeypatch.setattr(module, "PORTION_LEAVES", 4)


# Making a client of HTTP takes a third of a second; each answer of the authority closes its line.
asking = functools.lru_cache(TimestampAuthority)


def renewing(
    archive: Archive, *authorities: Authority, ahead: dt.timedelta = dt.timedelta()
) -> HashRenewing:
    """Renewal by the last of these authorities, `ahead` of now; all of them are believed."""
    asks = asking(authorities[-1].url, believed(*authorities))
    now = dt.datetime.now(dt.UTC) + ahead
    return HashRenewing(archive, Stamping(archive.ledger, asks, lambda: now), lambda: now)


def believed(*authorities: Authority) -> bytes:
    return b"".join(one.certificates for one in authorities)


def faults(archive: Archive) -> list[tuple[str, str]]:
    return [(found.subject, found.code) for found in audit(archive.store, None).problems]


def checked(
    archive: Archive, *authorities: Authority, document: str = DOCUMENT, content: bytes = CONTENT
) -> CheckedProof:
    """A proof as an outsider checks it who believes nothing that rests on SHA-256 alone."""
    proof = archive.ledger.prove("document", ONE, document)
    certificates = believed(*authorities)
    key = archive.signing_key().key_id
    return check_proof(proof, content, key, None, certificates, sha256_broken=True)


def test_a_renewal_covers_every_leaf(filled: Archive, authority: Authority, tmp_path: Path) -> None:
    """Leaf, content and evidence of all that was stamped; every document's proof takes it along."""
    before = filled.ledger.prove("document", ONE, DOCUMENT)

    report = renewing(filled, authority).renew()

    stamped = filled.ledger.stamp_sizes()[0]
    assert (report.number, report.first, report.size) == (0, 0, stamped)
    assert (report.opened, report.disposed, report.unopened) == (stamped, 0, 0)
    assert report.problems == ()
    assert verify(open_at(tmp_path)).problems == ()
    assert not filled.store.exists(RENEWAL_ORDER)
    assert "renewal" in {leaf.kind for leaf in filled.ledger.leaves()}
    for number, text in enumerate(TEXTS):
        said = checked(
            open_at(tmp_path),
            authority,
            document=an_id("d", ONE, number),
            content=f"document {number} {text}".encode(),
        )
        assert (said.stamped, said.renewed, said.renewed_by) == ("holds", "holds", "sha512")
        assert said.renewed_content
    with pytest.raises(ProofRefused, match="proof_renewal"):
        check_proof(before, CONTENT, certificates=authority.certificates, sha256_broken=True)
    state = renewing(filled, authority).state()
    assert (state.renewals, state.waiting, state.unopened, state.problems) == (1, 0, 0, ())


def test_only_what_is_new_is_renewed(filled: Archive, authority: Authority) -> None:
    """The next one begins where the last ended, another algorithm at the first leaf; or nothing."""
    hashed = renewing(filled, authority)
    first = hashed.renew()
    assert hashed.renew().number is None
    filled.access.record(ONE, "auditor", "127.0.0.1", "view", "시험")

    second = hashed.renew()
    third = hashed.renew("sha3_512")

    assert (second.number, second.first) == (1, first.size)
    assert (third.number, third.first) == (2, 0)
    assert hashed.renew("sha3_512").number is None
    assert hashed.renew("sha3_512", everything=True).first == 0
    said = checked(filled, authority)
    assert (said.renewed, said.renewed_by) == ("holds", "sha3_512")
    proof = read_renewed_proof(filled.ledger.prove("document", ONE, DOCUMENT))
    assert [one.number for one in proof.renewals] == [0, 2, 3]
    assert faults(filled) == []


def test_without_a_renewal_a_proof_is_as_ever(filled: Archive, authority: Authority) -> None:
    """What no renewal covers, or is asked for to a head of its own, has the bytes it always had."""
    renewing(filled, authority).renew()
    late = filled.access.record(ONE, "auditor", "127.0.0.1", "view", "시험").id
    head = filled.ledger.sign_head()

    assert read_proof(filled.ledger.prove("access", ONE, late)).stamp == b""
    assert read_proof(filled.ledger.prove("document", ONE, DOCUMENT, head.size)).head.size
    with pytest.raises(ProofRefused, match="proof_malformed"):
        read_proof(filled.ledger.prove("document", ONE, DOCUMENT))


def test_no_bit_of_a_renewed_proof_may_differ(filled: Archive, authority: Authority) -> None:
    """Leaf, evidence, old stamp, path, root, signature: one bit flipped anywhere is refused."""
    renewing(filled, authority).renew()
    proof = filled.ledger.prove("document", ONE, DOCUMENT)
    key = filled.signing_key().key_id
    stamp_at = len(proof) - len(read_renewed_proof(proof).renewals[0].stamp)
    old = read_renewed_proof(proof).proof.stamp
    within = (proof.index(old) + 40, proof.index(old) + len(old) - 40)
    believed_at = []
    for place in (*range(within[0]), *range(*within, 13), *range(within[1], stamp_at + 40)):
        flipped = bytearray(proof)
        flipped[place] ^= 1 << place % 8
        try:
            check_proof(bytes(flipped), CONTENT, key, None, authority.certificates)
        except ProofRefused:
            continue
        believed_at.append(place)

    signature = bytearray(proof)
    signature[-9] ^= 1
    with pytest.raises(ProofRefused, match="proof_renewal"):
        check_proof(bytes(signature), CONTENT, key, None, authority.certificates)

    # The outermost bytes of an authority's answer say how it was granted, not what.
    assert [place for place in believed_at if place < stamp_at] == []
    for other in (CONTENT[:-1], CONTENT + b" "):
        with pytest.raises(ProofRefused, match="proof_document"):
            check_proof(proof, other, certificates=authority.certificates)


def test_a_leaf_forged_under_the_old_head_is_refused(
    filled: Archive, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another leaf of the same SHA-256 has head, signature and stamp with it, but no renewal."""
    renewing(filled, authority).renew()
    good = filled.ledger.prove("document", ONE, DOCUMENT)
    plain = read_renewed_proof(good)
    forged = dataclasses.replace(plain.proof, leaf=dataclasses.replace(plain.proof.leaf, batch="x"))
    # SHA-256 broken: the checker sees the forged leaf's hash where the true one's stands.
    true, false = plain.proof.leaf.hash(), forged.leaf.hash()
    real = checker.leaf_hash
    monkeypatch.setattr(checker, "leaf_hash", lambda x: true if real(x) == false else real(x))
    bare = proof_bytes(forged)
    whole = renewed_bytes(forged, list(map(hash_renewal_bytes, plain.renewals)))
    key, certificates = filled.signing_key().key_id, authority.certificates

    def check(proof: bytes, broken: bool) -> CheckedProof:
        return check_proof(proof, CONTENT, key, None, certificates, sha256_broken=broken)

    assert check(bare, broken=False).stamped == "holds"
    for proof, broken in ((bare, True), (whole, False), (whole, True)):
        with pytest.raises(ProofRefused, match="proof_renewal"):
            check(proof, broken)
    assert check(good, broken=True).leaf == plain.proof.leaf


def test_killed_anywhere_and_run_again(authority: Authority, tmp_path: Path) -> None:
    """Killed at any system call of the store and begun again, the same renewal is there, once."""
    begun = open_at(tmp_path / "begun")
    stored = begun.vault(ONE).put("document", DOCUMENT, CONTENT)
    begun.ledger.append([LedgerLeaf("document", ONE, "", DOCUMENT, stored.commitment)])
    for _ in range(4):
        begun.access.record(ONE, "auditor", "127.0.0.1", "view", "시험")
    Stamping(begun.ledger, asking(authority.url, authority.certificates)).make_up()
    for step in itertools.count(1, 11):
        folder = tmp_path / str(step)
        shutil.copytree(tmp_path / "begun", folder)
        archive = open_at(folder)
        killed = killed_at(step, lambda archive=archive: renewing(archive, authority).renew())

        again = open_at(folder)
        assert {code for _, code in faults(again)} == set()
        renewing(again, authority).renew()
        (root,) = again.ledger.committed_renewals()
        assert (root.number, root.unopened) == (0, 0)
        assert checked(again, authority).renewed == "holds"
        assert not again.store.exists(RENEWAL_ORDER)
        assert faults(again) == []
        shutil.rmtree(folder)
        if not killed:
            break
    assert step > 50


def test_a_run_goes_on_after_the_portions_that_are_there(
    filled: Archive, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was hashed is not opened again; a portion that no run of ours has left is made anew."""
    hashed = renewing(filled, authority)
    Stamping(filled.ledger, asking(authority.url, authority.certificates)).make_up()
    monkeypatch.setattr(authority, "fault", "503")
    with pytest.raises(TransientError, match="timestamp_unreachable"):
        hashed.renew()
    monkeypatch.setattr(authority, "fault", "")
    good = filled.store.get(portion_key(0, 1)) or b""
    filled.store.put(portion_key(0, 0), bytes(len(good)))
    filled.store.put(root_key(0), b"{}")
    opened: list[str] = []
    real = renewed_contents.RenewedContents.digest

    def counted(self: renewed_contents.RenewedContents, leaf: LedgerLeaf) -> tuple[int, bytes]:
        opened.append(leaf.id)
        return real(self, leaf)

    monkeypatch.setattr(renewed_contents.RenewedContents, "digest", counted)

    report = hashed.renew()

    assert (report.resumed, report.unopened) == (True, 0)
    assert sorted(opened) == sorted(leaf.id for leaf in filled.ledger.leaves_between(0, 4))
    assert filled.store.get(portion_key(0, 1)) == good
    assert faults(filled) == []


def test_what_is_damaged_is_named_and_harms_no_other(filled: Archive, authority: Authority) -> None:
    """One flipped bit of a content is found and named; once mended, all is hashed anew."""
    vault = filled.vault(ONE)
    blob = ObjectName(ONE, "document", DOCUMENT).blob(
        vault.stored("document", DOCUMENT).ciphertext_sha256
    )
    good = filled.store.get(blob) or b""
    filled.store.put(blob, flipped(good))
    hashed = renewing(filled, authority)

    report = hashed.renew()

    assert report.problems == (Problem("document", DOCUMENT, "ciphertext_damaged"),)
    assert (report.unopened, hashed.state().unopened) == (1, 1)
    filled.store.put(blob, good)
    with pytest.raises(ProofRefused, match="proof_renewal"):
        checked(filled, authority)
    assert hashed.renew(everything=True).problems == ()
    assert hashed.state().unopened == 0
    assert checked(filled, authority).renewed_content


def test_lost_keys_harm_one_institution(
    filled: Archive, authority: Authority, tmp_path: Path
) -> None:
    """The keys of one are lost: its leaves and evidence are covered, the other's content too."""
    filled.store.put(institution_keys(TWO), b"lost")

    report = renewing(open_at(tmp_path), authority).renew()

    assert [(found.kind, found.subject) for found in report.problems] == [
        ("secret", institution_keys(TWO))
    ]
    theirs = sum(leaf.institution == TWO for leaf in filled.ledger.leaves())
    assert report.unopened == theirs
    assert checked(open_at(tmp_path), authority).renewed_content


def test_a_disposed_object_keeps_its_leaf(filled: Archive, authority: Authority) -> None:
    """Its leaf and evidence are renewed, its content is gone; a forged tombstone is no disposal."""
    dispose(filled, TABLE, agreed(filled), None, TODAY)
    name = ObjectName(TWO, "document", an_id("d", TWO, 0))
    stored = filled.vault(TWO).stored("document", name.id)
    forged = Tombstone(name, stored.commitment, stored.ciphertext_sha256, an_id("a"))
    filled.store.put(name.record, forged.to_bytes())

    report = renewing(filled, authority).renew()

    assert (report.disposed, report.unopened) == (2, 1)
    assert report.problems == (Problem("document", name.id, "disposal_unproven"),)
    proof = filled.ledger.prove("document", ONE, DOCUMENT)
    said = check_proof(proof, certificates=authority.certificates, sha256_broken=True)
    assert (said.renewed, said.renewed_content) == ("holds", False)


def test_a_later_renewal_carries_the_stamp_of_an_earlier_one(
    filled: Archive, authority: Authority
) -> None:
    """Before a renewal's certificate ends the next one covers it, directly, not through SHA-256."""
    ending = Authority(ends=dt.datetime.now(dt.UTC) + 200 * DAY)
    in_two_years = dt.datetime.now(dt.UTC) + 700 * DAY
    with serving(ending) as running:
        renewing(filled, running).renew()
    later = renewing(filled, ending, authority, ahead=30 * DAY)
    alone = filled.ledger.prove("document", ONE, DOCUMENT)

    assert later.renew().first > 0

    both = believed(ending, authority)
    assert check_proof(alone, certificates=both, at=in_two_years).renewed == "expired"
    proof = filled.ledger.prove("document", ONE, DOCUMENT)
    said = check_proof(proof, CONTENT, certificates=both, at=in_two_years, sha256_broken=True)
    assert (said.stamped, said.renewed) == ("holds", "holds")
    for renewal in read_renewed_proof(proof).renewals[1:]:
        for part in (renewal.digest, renewal.path[0]):
            flipped = bytearray(proof)
            flipped[proof.rindex(part)] ^= 1
            with pytest.raises(ProofRefused, match="proof_renewal"):
                check_proof(bytes(flipped), certificates=both, at=in_two_years)
    assert later.renew().number is None


def test_every_changed_byte_of_a_renewal_is_named(filled: Archive, authority: Authority) -> None:
    """A bit flipped anywhere in its files, a file that is gone, one too many: all are found."""
    renewing(filled, authority).renew()
    missed = []
    keys = list(filled.store.list(PREFIX))
    for key in keys:
        raw = filled.store.get(key) or b""
        for place in range(0, len(raw), 41):
            changed = raw[:place] + bytes([raw[place] ^ 1 << place % 8]) + raw[place + 1 :]
            filled.store.put(key, changed)
            if (key, "renewal_damaged") not in faults(filled):
                missed.append((key, place))
        filled.store.delete(key)
        assert (key, "renewal_damaged") in faults(filled)
        filled.store.put(key, raw)
    assert missed == []
    filled.store.put(portion_key(0, len(keys)), b"strange")
    assert [found.code for found in verify(filled).problems] == ["store_file_unknown"]


def test_the_second_site_has_the_renewals(
    filled: Archive, authority: Authority, tmp_path: Path
) -> None:
    """They are copied with the ledger, and are proven there."""
    renewing(filled, authority).renew()
    second = FolderStore(tmp_path / "second")

    assert replicate(filled, second).problems == ()
    assert replicate(filled, second).problems == ()

    assert list(second.list(PREFIX)) == list(filled.store.list(PREFIX))


def test_without_an_authority_nothing_is_renewed(filled: Archive) -> None:
    """A root that nobody stamps would prove nothing; nor is anything hashed by an unknown name."""
    with pytest.raises(SetupError, match="renewal_unstamped"):
        HashRenewing(filled).renew()
    with pytest.raises(SetupError, match="settings_value"):
        HashRenewing(filled).renew("md5")
    assert HashRenewing(filled).state().renewals == 0


def test_evidence_that_does_not_hold_is_not_renewed(filled: Archive, authority: Authority) -> None:
    """A stamp of a stranger beside a head stops it before anything is hashed."""
    head = filled.ledger.sign_head()
    with serving(Authority()) as other:
        response, _ = asking(other.url, other.certificates).stamp(head.to_bytes())
    filled.ledger.keep_stamp(head.size, response)

    with pytest.raises(IntegrityError, match="stamps_damaged"):
        renewing(filled, authority).renew()
    assert list(filled.store.list(PREFIX)) == []


def test_what_was_renewed_checks_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proof of once, without renewals and with two by two functions, and their files read on."""
    monkeypatch.setattr(renewals, "PORTION_LEAVES", 1_024)
    at = dt.datetime.fromisoformat(VECTOR["checked_at"])
    document, certificates = bytes.fromhex(VECTOR["document"]), VECTOR["certificates"].encode()
    plain, renewed = (bytes.fromhex(VECTOR[name]) for name in ("proof", "renewed_proof"))

    assert check_proof(plain, document, VECTOR["key_id"], None, certificates, at).renewed == "none"
    said = check_proof(renewed, document, VECTOR["key_id"], None, certificates, at, True)

    assert (said.stamped, said.renewed, said.renewed_content) == ("holds", "holds", True)
    whole = read_renewed_proof(renewed)
    assert [one.algorithm for one in whole.renewals] == [1, 2]
    assert proof_bytes(whole.proof) == plain
    assert renewed_bytes(whole.proof, list(map(hash_renewal_bytes, whole.renewals))) == renewed
    root, portion = (bytes.fromhex(VECTOR[name]) for name in ("root", "portion"))
    hashes = read_portion(portion, portion_key(1, 0)).hashes(2)
    assert renewals.tree_root(hashes, 2) == read_root(root, 1).portions[0]

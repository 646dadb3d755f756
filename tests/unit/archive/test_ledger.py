"""Promises of the ledger and its proofs: each leaf once, heads signed, checked by outsiders."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from archive.ledger import segments
from archive.ledger.check_proof import check_proof
from archive.ledger.heads import head_key
from archive.ledger.merkle import MerkleTree
from archive.opening import Archive
from records.codec import canonical, encode
from records.errors import IntegrityError, RejectedInput
from records.values import LedgerLeaf

from .conftest import ONE, TWO, an_id, in_processes, open_at

DOCUMENT = "진단서: 김가상".encode()


def leaves(start: int, end: int) -> list[LedgerLeaf]:
    return [
        LedgerLeaf("document", ONE, an_id("b"), an_id("d", number), f"{number:064x}")
        for number in range(start, end)
    ]


def proof_of(archive: Archive) -> dict[str, object]:
    """The proof of DOCUMENT, among other leaves."""
    stored = archive.vault(ONE).put("document", "d-1", DOCUMENT)
    archive.ledger.append(leaves(0, 5))
    archive.ledger.append([LedgerLeaf("document", ONE, an_id("b"), "d-1", stored.commitment)])
    archive.ledger.append(leaves(5, 9))
    return archive.ledger.prove("document", ONE, "d-1")


def test_a_leaf_stands_once(opened: Archive, tmp_path: Path) -> None:
    """Leaves that are there, or twice in one call, are not added again; order is kept."""
    ledger = opened.ledger

    assert ledger.append(leaves(0, 3)) == 3
    assert ledger.append(leaves(0, 3)) == 0
    assert ledger.append([*leaves(1, 5), *leaves(3, 5)]) == 2
    assert ledger.append([]) == 0

    assert list(ledger.leaves()) == leaves(0, 5)
    assert list(open_at(tmp_path).ledger.leaves()) == leaves(0, 5)
    assert list(opened.store.list("ledger/")) == [
        "ledger/segments/00000000",
        "ledger/segments/00000001",
    ]


def test_a_leaf_is_never_another(opened: Archive) -> None:
    """The same name with another commitment is refused, and nothing of the call is added."""
    opened.ledger.append(leaves(0, 1))
    other = LedgerLeaf("document", ONE, an_id("b"), an_id("d", 0), "f" * 64)

    with pytest.raises(IntegrityError, match="leaf_differs"):
        opened.ledger.append([*leaves(1, 2), other])
    assert list(opened.ledger.leaves()) == leaves(0, 1)


def test_a_leaf_names_an_object(opened: Archive) -> None:
    """A leaf that could be no object's is refused, and the ledger goes on as before."""
    with pytest.raises(RejectedInput, match="object_id_invalid"):
        opened.ledger.append([*leaves(0, 2), LedgerLeaf("document", ONE, "", "김가상", "0" * 64)])

    assert opened.ledger.append(leaves(0, 2)) == 2


def test_the_root_is_that_of_the_leaves(opened: Archive) -> None:
    """What is signed is RFC 6962 over the leaves' canonical JSON."""
    tree = MerkleTree()
    for leaf in leaves(0, 7):
        tree.append(encode(leaf))
    opened.ledger.append(leaves(0, 3))
    opened.ledger.append(leaves(3, 7))

    head = opened.ledger.sign_head()

    assert (head.size, head.root) == (7, tree.root(7).hex())
    assert opened.ledger.root(3) == tree.root(3)


def test_large_appends_are_cut(opened: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """No segment holds more than its share."""
    monkeypatch.setattr("archive.ledger.ledger.MAX_LEAVES", 4)

    assert opened.ledger.append(leaves(0, 10)) == 10
    assert list(opened.ledger.leaves()) == leaves(0, 10)
    assert len(list(opened.store.list(segments.PREFIX))) == 3


def test_appenders_at_once_lose_nothing(tmp_path: Path) -> None:
    """Five processes append overlapping leaves: each leaf once, and the counts add up."""
    open_at(tmp_path)

    def append(number: int) -> str:
        ledger = open_at(tmp_path).ledger
        counts = [ledger.append(leaves(at, at + 6)) for at in range(number, number + 40, 3)]
        return str(sum(counts))

    added = in_processes(5, append)

    there = list(open_at(tmp_path).ledger.leaves())
    assert sum(map(int, added)) == len(there)
    assert sorted(there, key=encode) == sorted(leaves(0, 49), key=encode)


def test_one_ledger_follows_another(opened: Archive, tmp_path: Path) -> None:
    """Two open ledgers see each other's leaves."""
    other = open_at(tmp_path).ledger
    opened.ledger.append(leaves(0, 2))
    other.append(leaves(2, 4))

    assert list(opened.ledger.leaves()) == leaves(0, 4)
    assert opened.ledger.append(leaves(0, 4)) == 0


def test_a_size_is_signed_once(opened: Archive, tmp_path: Path) -> None:
    """Signing again what is signed writes nothing; a new size has its own head."""
    opened.ledger.append(leaves(0, 2))
    first = opened.ledger.sign_head()

    assert open_at(tmp_path).ledger.sign_head() == first
    opened.ledger.append(leaves(2, 3))
    second = opened.ledger.sign_head()

    assert opened.ledger.newest_head() == second
    assert list(opened.store.list("ledger/heads/")) == [head_key(2), head_key(3)]


def test_a_damaged_segment_stops_the_ledger(opened: Archive, tmp_path: Path) -> None:
    """Nothing is appended after a segment that is not what was written."""
    opened.ledger.append(leaves(0, 2))
    key = "ledger/segments/00000000"
    raw = opened.store.get(key) or b""
    opened.store.put(key, raw.replace(b'"document"', b'"original"', 1))

    with pytest.raises(IntegrityError, match="segment_damaged ledger/segments/00000000"):
        open_at(tmp_path).ledger.append(leaves(2, 3))


def test_a_proof_holds(opened: Archive) -> None:
    """A proof is checked with its document and the published key's id."""
    proof = canonical(proof_of(opened))
    key_id = opened.signing_key().key_id

    checked = check_proof(proof, DOCUMENT, key_id)

    assert (checked.leaf.id, checked.document_checked) == ("d-1", True)
    assert checked.head.size == 10
    assert not check_proof(proof).document_checked


def test_a_proof_under_an_older_head_holds(opened: Archive) -> None:
    """What was signed stays provable when the ledger has grown since."""
    proof_of(opened)
    opened.ledger.append(leaves(9, 20))

    proof = opened.ledger.prove("document", ONE, "d-1")

    assert check_proof(canonical(proof), DOCUMENT).head.size == 10
    assert (
        check_proof(canonical(opened.ledger.prove("document", ONE, an_id("d", 19)))).head.size == 21
    )


def test_no_proof_without_a_leaf(opened: Archive) -> None:
    """What the ledger does not hold is not proven."""
    opened.ledger.append(leaves(0, 2))

    with pytest.raises(IntegrityError, match="leaf_missing"):
        opened.ledger.prove("document", TWO, an_id("d", 0))


def test_a_proof_is_checked_without_the_archive(opened: Archive, tmp_path: Path) -> None:
    """In a fresh interpreter the checker needs neither Tink nor boto3 nor the index."""
    file = tmp_path / "proof.json"
    file.write_bytes(canonical(proof_of(opened)))
    program = (
        "import sys; from pathlib import Path\n"
        "from archive.ledger.check_proof import check_proof\n"
        "print(check_proof(Path(sys.argv[1]).read_bytes()).leaf.id)\n"
        "print(sorted({'tink', 'boto3', 'sqlcipher3', 'google'} & set(sys.modules)))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(file)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    )

    assert done.stdout.split("\n")[:2] == ["d-1", "[]"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda p: p["leaf"].update(id="d-2"), "proof_path"),
        (lambda p: p["leaf"].update(commitment="0" * 64), "proof_path"),
        (lambda p: p.update(index=p["index"] + 1), "proof_path"),
        (lambda p: p["path"].pop(), "proof_path"),
        (lambda p: p["path"].append("00" * 32), "proof_path"),
        (lambda p: p["head"].update(size=p["head"]["size"] + 1), "proof_signature"),
        (lambda p: p["head"].update(time="2020-01-01T00:00:00+00:00"), "proof_signature"),
        (lambda p: p["head"].update(root="00" * 32), "proof_signature"),
        (lambda p: p["head"].update(signature=p["head"]["signature"].upper()), "proof_signature"),
        (lambda p: p.update(public_key="00" * 32), "proof_key"),
        (lambda p: p.update(salt="00" * 32), "proof_document"),
        (lambda p: p.update(version=2), "proof_malformed"),
        (lambda p: p.pop("head"), "proof_malformed"),
        (lambda p: p.update(path=["x"]), "proof_malformed"),
        (lambda p: p.update(leaf=["a"]), "proof_malformed"),
        (lambda p: p["head"].update(extra=1), "proof_malformed"),
    ],
)
def test_a_changed_proof_does_not_hold(opened: Archive, change: object, code: str) -> None:
    """Whatever part of a proof is changed, the check says which."""
    proof = json.loads(canonical(proof_of(opened)))
    change(proof)  # type: ignore[operator]

    with pytest.raises(IntegrityError, match=f"^{code}"):
        check_proof(canonical(proof), DOCUMENT, opened.signing_key().key_id)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"\xff", b"null", b"[" * 100_000])
def test_what_is_no_proof_is_refused(raw: bytes) -> None:
    """Any other file is called malformed, whatever is in it."""
    with pytest.raises(IntegrityError, match="proof_malformed"):
        check_proof(raw)


def test_another_document_is_not_the_proven_one(opened: Archive) -> None:
    """One byte more or less, or another document, does not match the commitment."""
    proof = canonical(proof_of(opened))

    for other in (DOCUMENT + b" ", DOCUMENT[:-1], b""):
        with pytest.raises(IntegrityError, match="proof_document"):
            check_proof(proof, other)


def test_a_proof_by_another_key_is_not_believed(opened: Archive) -> None:
    """A proof that agrees with itself is refused where its key is not the published one."""
    proof = canonical(proof_of(opened))

    with pytest.raises(IntegrityError, match="proof_key"):
        check_proof(proof, DOCUMENT, "0123456789abcdef")

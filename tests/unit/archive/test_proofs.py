"""Promises of proofs: small files that outsiders check alone, and of which no bit may differ."""

import dataclasses
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.ledger.check_proof import (
    Proof,
    ProofRefused,
    check_extension,
    check_proof,
    main,
    read_extension,
    read_proof,
)
from archive.ledger.heads import head_key
from archive.ledger.proofs import extension_bytes, proof_bytes
from archive.opening import Archive
from records.archived import LedgerLeaf
from records.errors import IntegrityError

from .conftest import ONE, TWO, an_id, open_at
from .test_ledger import leaves

DOCUMENT = "진단서: 김가상".encode()
ID = an_id("d", "proven")


def proof_of(archive: Archive) -> bytes:
    """The proof of DOCUMENT, among other leaves."""
    stored = archive.vault(ONE).put("document", ID, DOCUMENT)
    archive.ledger.append(leaves(0, 5))
    archive.ledger.append([LedgerLeaf("document", ONE, an_id("b"), ID, stored.commitment)])
    archive.ledger.append(leaves(5, 9))
    return archive.ledger.prove("document", ONE, ID)


def test_a_proof_holds(opened: Archive) -> None:
    """A proof is checked with its document, the published key's id and the published head."""
    proof = proof_of(opened)
    key_id = opened.signing_key().key_id
    head = opened.store.get(head_key(10))

    checked = check_proof(proof, DOCUMENT, key_id, head)

    assert (checked.leaf.id, checked.document_checked, checked.head_published) == (ID, True, True)
    assert checked.head.to_bytes() == head
    assert (checked.stamped, checked.stamped_at) == ("none", "")
    assert not check_proof(proof).document_checked


def test_a_proof_under_an_older_head_holds(opened: Archive) -> None:
    """What was signed stays provable when the ledger has grown since, to any head over it."""
    proof_of(opened)
    newer = opened.ledger.append(leaves(9, 20)) and opened.ledger.sign_head()

    assert check_proof(opened.ledger.prove("document", ONE, ID)).head.size == newer.size == 21
    assert check_proof(opened.ledger.prove("document", ONE, ID, 10)).head.size == 10
    last = opened.ledger.prove("document", ONE, an_id("d", 19))
    assert check_proof(last).head.size == 21


def test_no_proof_without_a_leaf_or_a_head(opened: Archive) -> None:
    """What the ledger, or the tree of the head asked for, does not hold is not proven."""
    proof_of(opened)
    opened.ledger.append(leaves(9, 12))

    with pytest.raises(IntegrityError, match="leaf_missing"):
        opened.ledger.prove("document", TWO, an_id("d", 0))
    for size in (7, 10, 99):
        with pytest.raises(IntegrityError, match="head_missing"):
            opened.ledger.prove("document", ONE, an_id("d", 11), size)


def test_a_proof_is_checked_without_the_archive(opened: Archive, tmp_path: Path) -> None:
    """The checker, copied out alone, runs beside nothing of ours and says whether it holds."""
    source = Path(__file__).parents[3] / "archive" / "ledger" / "check_proof.py"
    (tmp_path / "away").mkdir()
    alone = tmp_path / "away" / "check_proof.py"
    alone.write_bytes(source.read_bytes())
    proof, document = tmp_path / "d.proof", tmp_path / "d"
    proof.write_bytes(proof_of(opened))
    document.write_bytes(DOCUMENT)
    command = [sys.executable, "-I", str(alone), str(proof), "--document", str(document)]

    def run() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command, cwd=tmp_path / "away", capture_output=True, text=True, check=False
        )

    good = run()
    document.write_bytes(DOCUMENT + b" ")
    bad = run()

    assert (good.returncode, good.stderr) == (0, "")
    assert ID in good.stdout
    assert bad.returncode == 1
    assert bad.stdout.startswith("proof_document")


def test_the_checker_imports_little() -> None:
    """In a fresh interpreter it needs neither Tink nor boto3 nor a line of ours."""
    program = (
        "import sys; import archive.ledger.check_proof\n"
        "ours = {'records', 'archive.vault', 'tink', 'boto3', 'sqlcipher3', 'httpx'}\n"
        "print(sorted(ours & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert done.stdout == "[]\n"


def test_no_bit_of_a_proof_may_differ(opened: Archive) -> None:
    """Every single bit of the file, flipped: the proof is refused."""
    proof = proof_of(opened)
    key_id = opened.signing_key().key_id
    believed = []
    for place in range(len(proof) * 8):
        flipped = bytearray(proof)
        flipped[place // 8] ^= 1 << place % 8
        try:
            check_proof(bytes(flipped), DOCUMENT, key_id)
        except ProofRefused:
            continue
        believed.append(place)

    assert believed == []


def _change(proof: Proof, **leaf: str) -> Proof:
    return dataclasses.replace(proof, leaf=dataclasses.replace(proof.leaf, **leaf))


def _head(proof: Proof, **head: Any) -> Proof:
    return dataclasses.replace(proof, head=dataclasses.replace(proof.head, **head))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda p: _change(p, id="d-2"), "proof_signature"),
        (lambda p: _change(p, commitment="0" * 64), "proof_signature"),
        (lambda p: dataclasses.replace(p, index=p.index + 1), "proof_signature"),
        (lambda p: dataclasses.replace(p, path=p.path[:-1]), "proof_malformed"),
        (lambda p: dataclasses.replace(p, path=(*p.path, bytes(32))), "proof_malformed"),
        (lambda p: dataclasses.replace(p, path=p.path[::-1]), "proof_signature"),
        (lambda p: _head(p, size=p.head.size - 1), "proof_signature"),
        (lambda p: _head(p, size=5), "proof_malformed"),
        (lambda p: _head(p, seconds=1), "proof_signature"),
        (lambda p: _head(p, signature=bytes(64)), "proof_signature"),
        (lambda p: _head(p, public=bytes(32)), "proof_key"),
        (lambda p: dataclasses.replace(p, salt=bytes(32)), "proof_document"),
        (lambda p: dataclasses.replace(p, stamp=b"none"), "proof_stamp"),
    ],
)
def test_a_changed_proof_does_not_hold(
    opened: Archive, change: Callable[[Proof], Proof], code: str
) -> None:
    """Whatever part of a proof is changed, the check says which kind of thing does not hold."""
    proof = proof_bytes(change(read_proof(proof_of(opened))))

    with pytest.raises(ProofRefused, match=f"^{code}"):
        check_proof(proof, DOCUMENT, opened.signing_key().key_id, certificates=b"")


def test_a_cut_or_longer_file_is_no_proof(opened: Archive) -> None:
    """Every shorter file, one with something after its end, and any other file is malformed."""
    proof = proof_of(opened)
    cut = [proof[:length] for length in range(len(proof))]

    for raw in [*cut, proof + b"\0", b"{}", b"\xff" * 2000, b"[" * 100_000]:
        with pytest.raises(ProofRefused, match=r"^proof_malformed$"):
            check_proof(raw)


def test_another_document_is_not_the_proven_one(opened: Archive) -> None:
    """One byte more or less, or another document, does not match the commitment."""
    proof = proof_of(opened)

    for other in (DOCUMENT + b" ", DOCUMENT[:-1], b""):
        with pytest.raises(ProofRefused, match="proof_document"):
            check_proof(proof, other)


def test_a_proof_by_another_key_or_to_another_head_is_not_believed(opened: Archive) -> None:
    """A proof that agrees with itself is refused where key or head are not the published ones."""
    proof = proof_of(opened)
    opened.ledger.append(leaves(9, 11))
    opened.ledger.sign_head()

    with pytest.raises(ProofRefused, match="proof_key"):
        check_proof(proof, DOCUMENT, "0123456789abcdef")
    with pytest.raises(ProofRefused, match="proof_head"):
        check_proof(proof, DOCUMENT, published=opened.store.get(head_key(12)))
    for strange in (b"", b"{}", b"[]", (opened.store.get(head_key(10)) or b"")[:-2]):
        with pytest.raises(ProofRefused, match="proof_head"):
            check_proof(proof, published=strange)


def test_growth_is_proven_from_every_head(opened: Archive) -> None:
    """From each published head to the newest: nothing was rewritten, no byte may differ."""
    for number in range(1, 14):
        opened.ledger.append(leaves(number, number + 1))
        opened.ledger.sign_head()

    for size in range(1, 14):
        published = opened.store.get(head_key(size)) or b""
        proof = opened.ledger.prove_extension(size)
        old, new = check_extension(proof, published, opened.signing_key().key_id)
        assert (old.size, new.size) == (size, 13)
        assert extension_bytes(read_extension(proof)) == proof
        for place in range(len(proof)):
            flipped = bytearray(proof)
            flipped[place] ^= 1 << place % 8
            with pytest.raises(ProofRefused):
                check_extension(bytes(flipped), published)

    for size in (0, 14):
        with pytest.raises(IntegrityError, match="head_missing"):
            opened.ledger.prove_extension(size)


def test_growth_out_of_another_log_is_refused(opened: Archive, tmp_path: Path) -> None:
    """A head of the same size of another history, or by another key, is not what this log grew."""
    other = open_at(tmp_path / "other")
    for archive, first in ((opened, 0), (other, 100)):
        for number in range(first, first + 6):
            archive.ledger.append(leaves(number, number + 1))
            archive.ledger.sign_head()
    proof = opened.ledger.prove_extension(4)

    with pytest.raises(ProofRefused, match="proof_signature"):
        check_extension(proof, other.store.get(head_key(4)) or b"")
    with pytest.raises(ProofRefused, match="proof_head"):
        check_extension(opened.ledger.prove_extension(3), other.store.get(head_key(3)) or b"")
    with pytest.raises(ProofRefused, match="proof_head"):
        check_extension(proof, opened.store.get(head_key(5)) or b"")
    with pytest.raises(ProofRefused, match="proof_key"):
        check_extension(proof, opened.store.get(head_key(4)) or b"", "0123456789abcdef")


def test_the_checker_answers_on_the_command_line(
    opened: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By itself it checks both kinds of proofs, and says in both languages what does not hold."""
    proof, grown, head = (tmp_path / name for name in ("p", "g", "h"))
    proof.write_bytes(proof_of(opened))
    head.write_bytes(opened.store.get(head_key(10)) or b"")
    opened.ledger.append(leaves(9, 12))
    opened.ledger.sign_head()
    grown.write_bytes(opened.ledger.prove_extension(10))

    assert main([str(proof), "--head", str(head)]) == 0
    assert main([str(grown), "--head", str(head)]) == 0
    assert "증명이 맞습니다" in capsys.readouterr().out
    assert main([str(head)]) == 1
    assert main([str(proof), "--key", "0" * 16]) == 1
    assert "Not signed by the key you trust" in capsys.readouterr().out

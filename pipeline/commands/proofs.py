"""`giroksil verify`, `prove DOC`, `check-proof FILE`: trust us only with evidence."""

import argparse
import dataclasses
from pathlib import Path

from archive.ledger.check_proof import (
    CheckedProof,
    Head,
    ProofRefused,
    check_extension,
    check_proof,
    is_extension,
    read_head,
)
from archive.opening import Archive
from archive.problem import Problem
from archive.verify import verify
from pipeline.assembly import open_workshop
from pipeline.commands import file_to_write, print_json, say, say_problems, with_json
from records.codec import to_plain
from records.errors import IntegrityError, RejectedInput

_STAMPED = {
    "none": "없음 none",
    "unchecked": "있음, --certificates로 확인 there, check with --certificates",
    "expired": "인증서 만료, 증명을 다시 받으세요 certificate ended, ask for a new proof",
    "holds": "맞음 holds",
}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    parser = commands.add_parser("verify", help="보관소 전체 검증 / verify the whole archive")
    parser.add_argument(
        "--per-second",
        type=float,
        metavar="N",
        help="초당 N개까지 열기 / open at most N a second",
    )
    parser.add_argument(
        "--head", type=Path, metavar="FILE", help="공표했던 머리 / a head that was published"
    )
    with_json(parser)
    parser.set_defaults(run=run_verify)
    parser = commands.add_parser("prove", help="문서의 증명 쓰기 / write a document's proof")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("document", metavar="DOC", nargs="?")
    what.add_argument(
        "--extends",
        type=Path,
        metavar="HEAD",
        help="이 머리 뒤로 늘어나기만 했음을 / that the ledger only grew since this head",
    )
    parser.add_argument("--to", type=Path, required=True, metavar="FILE")
    parser.add_argument(
        "--head", type=Path, metavar="FILE", help="이 공표된 머리까지 / up to this published head"
    )
    with_json(parser)
    parser.set_defaults(run=run_prove)
    parser = commands.add_parser("check-proof", help="증명 확인(오프라인) / check a proof, offline")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--document", type=Path, metavar="F", help="받은 원본 / the original file")
    parser.add_argument("--key", metavar="ID", help="공개된 서명 열쇠 / the published key's id")
    parser.add_argument(
        "--head", type=Path, metavar="FILE", help="공표된 머리 / the published head"
    )
    parser.add_argument(
        "--certificates",
        type=Path,
        metavar="PEM",
        help="믿는 시점확인기관의 인증서 / of the time-stamping authorities you trust",
    )
    parser.add_argument(
        "--sha256-broken",
        action="store_true",
        help="SHA-256만으로 된 것은 믿지 않음 / believe nothing that rests on SHA-256 alone",
    )
    with_json(parser)
    parser.set_defaults(run=run_check)


def run_verify(options: argparse.Namespace) -> int:
    """Every object opens and matches the ledger and the index, or 1."""
    archive = open_workshop().archive
    published = _head(options.head) if options.head else None
    report = verify(archive, per_second=options.per_second)
    if published and (problem := _rolled_back(archive, published)):
        report = dataclasses.replace(report, problems=(*report.problems, problem))
    if options.json:
        print_json(to_plain(report))
    else:
        say_problems("✗", report.problems)
        say_problems("!", report.warnings)
        say(f"객체 objects {report.objects}  잎 leaves {report.leaves}")
        say(f"문제 problems {len(report.problems)}")
    return 1 if report.problems else 0


def _rolled_back(archive: Archive, head: Head) -> Problem | None:
    """What is wrong where the ledger is not one that grew out of a published head."""
    try:
        check_extension(archive.ledger.prove_extension(head.size), head.to_bytes())
    except ProofRefused:
        return Problem("ledger", str(head.size), "head_differs")
    except IntegrityError as error:
        code = "ledger_truncated" if error.code == "head_missing" else error.code
        return Problem("ledger", str(head.size), code)
    return None


def run_prove(options: argparse.Namespace) -> int:
    """Write a proof of a document, an original, a seal or a disposal, or that the ledger grew."""
    archive = open_workshop().archive
    if options.extends:
        since = _head(options.extends).size
        return _written(options, archive.ledger.prove_extension(since))
    size = _head(options.head).size if options.head else None
    opened, shut = archive.vaults()
    for vault in opened:
        for kind in ("document", "original", "seal", "disposal"):
            if vault.has(kind, options.document):
                ledger, institution = archive.ledger, vault.institution
                proof = ledger.prove(kind, institution, options.document, size)
                return _written(options, proof)
    for error in shut:
        raise error
    raise RejectedInput("document_unknown", options.document)


def _written(options: argparse.Namespace, proof: bytes) -> int:
    file_to_write(options.to).write_bytes(proof)
    if options.json:
        print_json({"proof": str(options.to), "bytes": len(proof)})
    else:
        say(str(options.to))
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Check a proof offline; 0 only if it holds."""
    proof, published = _read(options.file) or b"", _read(options.head)
    try:
        if is_extension(proof):
            if published is None:
                raise RejectedInput("proof_needs_head")
            _say_extension(options, *check_extension(proof, published, options.key))
        else:
            checked = check_proof(
                proof,
                _read(options.document),
                options.key,
                published,
                _read(options.certificates),
                sha256_broken=options.sha256_broken,
            )
            _say_proof(options, checked)
    except ProofRefused as refused:
        raise IntegrityError(refused.code, refused.subject) from refused
    return 0


def _say_extension(options: argparse.Namespace, old: Head, new: Head) -> None:
    if options.json:
        print_json({"holds": True, "from": to_plain(old), "to": to_plain(new)})
        return
    say("원장은 그 머리 뒤로 늘어나기만 했습니다. / The ledger only grew since that head.")
    say(f"머리 heads  {old.size} {old.time} → {new.size} {new.time}")


def _say_proof(options: argparse.Namespace, checked: CheckedProof) -> None:
    if options.json:
        print_json({"holds": True} | to_plain(checked))
        return
    head = checked.head
    say("증명이 맞습니다. / The proof holds.")
    say(f"잎 leaf  {checked.leaf.kind} {checked.leaf.id}")
    say(f"머리 head  {head.size} {head.time} {head.key_id}")
    say(f"시점확인 time stamp  {_STAMPED[checked.stamped]} {checked.stamped_at}".rstrip())
    renewed = " ".join([_STAMPED[checked.renewed], checked.renewed_by, checked.renewed_at])
    say(f"SHA-256 너머 beyond SHA-256  {renewed}".rstrip())
    if checked.renewed_by and not checked.renewed_content:
        say("다시 해시할 때 내용은 없었습니다(폐기). / Hashed anew without its content (disposed).")
    if not options.key and not options.head:
        say("서명 열쇠가 기록실의 것인지는 --key나 --head로 확인하세요.")
        say("Whether the signing key is the archive's: check with --key or --head.")


def _head(path: Path) -> Head:
    try:
        return read_head(_read(path) or b"")
    except ProofRefused as refused:
        raise RejectedInput(refused.code) from refused


def _read(path: Path | None) -> bytes | None:
    try:
        return path.read_bytes() if path else None
    except OSError as error:
        raise RejectedInput("path_missing") from error

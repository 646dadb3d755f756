"""`giroksil verify`, `prove DOC`, `check-proof FILE`: trust us only with evidence."""

import argparse
import json
from pathlib import Path

from archive.ledger.check_proof import check_proof
from archive.verify import verify
from pipeline.assembly import open_workshop
from pipeline.commands import print_json, say, with_json
from records.codec import to_plain
from records.errors import RejectedInput
from records.reasons import explain


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    parser = commands.add_parser("verify", help="보관소 전체 검증 / verify the whole archive")
    parser.add_argument(
        "--per-second",
        type=float,
        metavar="N",
        help="초당 N개까지 열기 / open at most N a second",
    )
    with_json(parser)
    parser.set_defaults(run=run_verify)
    parser = commands.add_parser("prove", help="문서의 증명 쓰기 / write a document's proof")
    parser.add_argument("document", metavar="DOC")
    parser.add_argument("--to", type=Path, required=True, metavar="FILE")
    with_json(parser)
    parser.set_defaults(run=run_prove)
    parser = commands.add_parser("check-proof", help="증명 확인(오프라인) / check a proof, offline")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--document", type=Path, metavar="F", help="받은 원본 / the original file")
    parser.add_argument("--key", metavar="ID", help="공개된 서명 열쇠 / the published key's id")
    with_json(parser)
    parser.set_defaults(run=run_check)


def run_verify(options: argparse.Namespace) -> int:
    """Every object opens and matches the ledger and the index, or 1."""
    report = verify(open_workshop().archive, per_second=options.per_second)
    if options.json:
        print_json(to_plain(report))
    else:
        for mark, found in (("✗", report.problems), ("!", report.warnings)):
            for problem in found:
                say(f"{mark} {problem.kind} {problem.subject}  {explain(problem.code)}")
                say(f"  {explain(problem.code, 'en')}")
        say(f"객체 objects {report.objects}  잎 leaves {report.leaves}")
        say(f"문제 problems {len(report.problems)}")
    return 1 if report.problems else 0


def run_prove(options: argparse.Namespace) -> int:
    """Write the proof of a document, an original, a seal or a certificate of disposal."""
    archive = open_workshop().archive
    opened, shut = archive.vaults()
    for vault in opened:
        for kind in ("document", "original", "seal", "disposal"):
            if vault.has(kind, options.document):
                proof = archive.ledger.prove(kind, vault.institution, options.document)
                options.to.write_text(
                    json.dumps(proof, ensure_ascii=False, indent=1) + "\n", "utf-8"
                )
                if options.json:
                    print_json({"proof": str(options.to)})
                else:
                    say(str(options.to))
                return 0
    for error in shut:
        raise error
    raise RejectedInput("document_unknown", options.document)


def run_check(options: argparse.Namespace) -> int:
    """Check a proof offline; 0 only if it holds."""
    try:
        proof = options.file.read_bytes()
        document = options.document.read_bytes() if options.document else None
    except OSError as error:
        raise RejectedInput("path_missing") from error
    checked = check_proof(proof, document, options.key)
    if options.json:
        print_json({"holds": True} | to_plain(checked))
    else:
        head = checked.head
        say("증명이 맞습니다. / The proof holds.")
        say(f"잎 leaf  {checked.leaf.kind} {checked.leaf.id}")
        say(f"머리 head  {head.size} {head.time} {head.key_id}")
        if not options.key:
            say("서명 열쇠가 기록실의 것인지는 --key로 확인하세요.")
            say("Whether the signing key is the archive's: check with --key.")
    return 0

"""`giroksil head`, `stamp`, `renew-hashes`: what is published, its time stamps, new hashes."""

import argparse
from pathlib import Path

from archive.hash_renewal import HashRenewing, RenewalReport, RenewalState
from archive.ledger.check_proof import ALGORITHMS
from archive.ledger.stamping import StampState
from pipeline.assembly import open_workshop
from pipeline.commands import file_to_write, print_json, say, say_problems, with_json
from records.codec import to_plain
from records.errors import IntegrityError
from records.reasons import explain


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    parser = commands.add_parser("head", help="공표할 원장 머리 / the ledger's head, to publish")
    parser.add_argument("--size", type=int, metavar="N", help="이 크기의 / of this size")
    parser.add_argument("--to", type=Path, metavar="FILE")
    with_json(parser)
    parser.set_defaults(run=run_head)
    parser = commands.add_parser("stamp", help="원장 시점확인 / time stamps of the ledger")
    parser.add_argument("--look", action="store_true", help="보기만 / change nothing")
    with_json(parser)
    parser.set_defaults(run=run_stamp)
    parser = commands.add_parser(
        "renew-hashes", help="SHA-256 너머의 증거 / hash everything anew, beyond SHA-256"
    )
    parser.add_argument(
        "--algorithm",
        choices=list(ALGORITHMS.values()),
        default=ALGORITHMS[1],
        help="다시 해시할 함수 / the hash function",
    )
    parser.add_argument(
        "--everything",
        action="store_true",
        help="새것만이 아니라 처음부터 / all leaves, not only the new ones",
    )
    parser.add_argument(
        "--per-second", type=float, metavar="N", help="초당 N개까지 열기 / open at most N a second"
    )
    parser.add_argument("--look", action="store_true", help="보기만 / change nothing")
    with_json(parser)
    parser.set_defaults(run=run_renew_hashes)


def run_head(options: argparse.Namespace) -> int:
    """Print the newest head, signed now where it is not, or the one of a size."""
    ledger = open_workshop().archive.ledger
    head = ledger.sign_head() if options.size is None else ledger.head(options.size)
    if head is None:
        raise IntegrityError("head_missing", str(options.size))
    if options.to:
        file_to_write(options.to).write_bytes(head.to_bytes())
    if options.json:
        print_json(head.to_plain())
    else:
        say(f"머리 head  {head.size} {head.time}")
        say(f"뿌리 root  {head.root}")
        say(f"열쇠 key   {head.key_id}")
    return 0


def run_stamp(options: argparse.Namespace) -> int:
    """Make up missing stamps and renew; 0 only if nothing waits and every stamp holds."""
    stamps = open_workshop().archive.stamps
    state = stamps.state() if options.look else stamps.make_up()
    if options.json:
        print_json(to_plain(state))
    else:
        _tell(state)
    return 1 if state.problems or (state.configured and state.waiting) else 0


def _tell(state: StampState) -> None:
    if not state.configured:
        say("시점확인기관이 설정되지 않았습니다 (timestamp_url). / No authority is configured.")
    for problem in state.problems:
        say(f"✗ {problem.subject}  {explain(problem.code)}")
        say(f"  {explain(problem.code, 'en')}")
    say(f"시점확인된 머리 stamped heads {state.heads}  기다리는 잎 waiting leaves {state.waiting}")
    if state.newest:
        say(f"마지막 newest {state.newest}  인증서 만료 certificate ends {state.expires}")


def run_renew_hashes(options: argparse.Namespace) -> int:
    """Hash anew what no renewal covers; 0 only if everything opened and every stamp holds."""
    hashing = HashRenewing(open_workshop().archive)
    report: RenewalReport | None = None
    if not options.look:
        report = hashing.renew(options.algorithm, options.everything, options.per_second)
    state = hashing.state()
    if options.json:
        print_json({"run": to_plain(report) if report else None, "state": to_plain(state)})
    else:
        _tell_renewal(report, state)
    return 1 if state.problems or (report and report.problems) else 0


def _tell_renewal(report: RenewalReport | None, state: RenewalState) -> None:
    if report:
        say_problems("✗", report.problems)
        if report.resumed:
            say("끝나지 않은 갱신을 이어서 마쳤습니다. 요청한 것은 다시 실행하세요.")
            say("Finished a renewal that was under way; for the one asked for, run it again.")
        say(f"다시 해시한 것 hashed anew {report.opened}  폐기된 것 disposed {report.disposed}")
        say(f"열리지 않은 것 not opened {report.unopened}")
    say_problems("✗", state.problems)
    say(f"갱신 renewals {state.renewals}  {state.algorithm}  잎 leaves {state.size}".rstrip())
    say(f"기다리는 잎 waiting leaves {state.waiting}")
    if state.newest:
        say(f"마지막 newest {state.newest}  인증서 만료 certificate ends {state.expires}")

"""`giroksil keys …`: which keys there are, rotation, shares of the master key."""

import argparse
from pathlib import Path

from archive import key_use
from archive.escrow import recover_master_key, secrets_that_open, split_master_key
from archive.rotation import RENEWALS, RotationReport, rotate_keys
from archive.vault.shares import Share, read_share
from pipeline.assembly import open_workshop
from pipeline.commands import print_json, say, say_problems, with_json
from records.codec import to_plain
from records.errors import RejectedInput, SetupError

_SHARE = """\
기록실 마스터 키 조각 · Giroksil master key share

모음 set    {set_id}
키 key      {key_id}
조각 share  {count}개 중 {number}번 · number {number} of {count}
            {threshold}개가 모이면 키가 복구됩니다 · any {threshold} restore the key

혼자 보관하고 아무에게도 보이지 마세요. 옮겨 적을 때 띄어쓰기와 대소문자는 상관없습니다.
Keep it alone and show it to nobody. In copying, spaces and case do not matter.

{code}
"""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its own commands."""
    parser = commands.add_parser("keys", help="키 관리 / keys: rotation, escrow")
    own = parser.add_subparsers(dest="keys_command", required=True, metavar="WHAT")
    one = own.add_parser("list", help="키와 거기 달린 것의 수 / keys and how much depends on each")
    with_json(one)
    one.set_defaults(run=run_list)
    one = own.add_parser("dependents", help="이 키로만 열리는 것 / what opens only with a key")
    one.add_argument("key", metavar="KEY", help="키 번호 / the key's id")
    with_json(one)
    one.set_defaults(run=run_dependents)
    one = own.add_parser("rotate", help="키 교체 / replace keys, prove that everything opens")
    one.add_argument(
        "--renew",
        choices=RENEWALS,
        default="institutions",
        help="새로 만들 키; master 뒤에는 escrow도 다시 / which keys; after master, escrow anew",
    )
    one.add_argument(
        "--open-per-second",
        type=float,
        metavar="N",
        help="내용까지 초당 N개씩 열어 봄 / open contents too, N a second",
    )
    with_json(one)
    one.set_defaults(run=run_rotate)
    one = own.add_parser("drop", help="쓰이지 않는 옛 키 없애기 / destroy a former key")
    one.add_argument("key", metavar="KEY", help="키 번호 / the key's id")
    with_json(one)
    one.set_defaults(run=run_drop)
    one = own.add_parser("escrow", help="마스터 키 나누기 / split the master key into shares")
    one.add_argument("--shares", type=int, default=5, metavar="N", help="조각 수 / how many")
    one.add_argument("--threshold", type=int, default=3, metavar="K", help="필요한 수 / needed")
    one.add_argument("--to", type=Path, required=True, metavar="DIR", help="새 폴더 / a new folder")
    with_json(one)
    one.set_defaults(run=run_escrow)
    one = own.add_parser("recover", help="조각으로 마스터 키 복구 / restore the master key")
    one.add_argument(
        "shares", type=Path, nargs="+", metavar="SHARE", help="조각 파일 / share files"
    )
    one.add_argument(
        "--to", required=True, metavar="PLACE", help="새 파일 또는 / a new file, pkcs11:…"
    )
    with_json(one)
    one.set_defaults(run=run_recover)


def run_list(options: argparse.Namespace) -> int:
    """Every key, which of them wraps, and how much opens only with it."""
    archive = open_workshop().archive
    counts = key_use.count_dependents(archive)
    for key in [to_plain(k) | {"dependents": counts[k.key_id]} for k in key_use.keys(archive)]:
        if options.json:
            print_json(key)
        else:
            use = "쓰는 키 in use" if key["wraps"] else "옛 키 former"
            say(f"{key['of']:16} {key['key_id']:>10}  {use}  의존 dependents {key['dependents']}")
    return 0


def run_dependents(options: argparse.Namespace) -> int:
    """What opens only with this key, one a line."""
    archive = open_workshop().archive
    if options.key not in {key.key_id for key in key_use.keys(archive)}:
        raise SetupError("key_unknown", options.key)
    count = 0
    for found in key_use.dependents(archive, options.key):
        count += 1
        if options.json:
            print_json(to_plain(found))
        else:
            say(f"{found.institution or '-':16} {found.kind} {found.id}")
    if not options.json:
        say(f"의존하는 것 dependents {count}")
    return 0


def run_rotate(options: argparse.Namespace) -> int:
    """Replace keys; 0 only if everything was proven to open with the new ones."""
    report = rotate_keys(open_workshop().archive, options.renew, options.open_per_second)
    if options.json:
        print_json(to_plain(report))
    else:
        _tell_rotation(report)
    return 1 if report.problems else 0


def _tell_rotation(report: RotationReport) -> None:
    say_problems("✗", report.problems)
    if report.resumed:
        say("끝나지 않은 키 교체를 이어서 마쳤습니다. 요청한 교체는 다시 실행하세요.")
        say("Finished a rotation that was under way; for the one asked for, run it again.")
    say(f"다시 감싼 것 re-wrapped: 비밀 secrets {report.secrets}  객체 objects {report.objects}")
    say(f"열림 확인 proven {report.proven}  내용까지 in full {report.opened}")
    say(f"문제 problems {len(report.problems)}")


def run_drop(options: argparse.Namespace) -> int:
    """Destroy a former key on which nothing depends."""
    key_use.drop_key(open_workshop().archive, options.key)
    if options.json:
        print_json({"dropped": options.key})
    else:
        say(f"없앴습니다 / dropped {options.key}")
    return 0


def run_escrow(options: argparse.Namespace) -> int:
    """Write one file a share; the key itself is not written."""
    if options.to.exists() and any(options.to.iterdir()):
        raise SetupError("shares_folder_not_empty")
    shares = split_master_key(open_workshop().archive, options.shares, options.threshold)
    options.to.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = [_written(options.to, share) for share in shares]
    if options.json:
        print_json({"set": shares[0].set_id, "key": shares[0].key_id, "files": files})
    else:
        say("\n".join(files))
        say("한 사람에게 하나씩 인쇄해 주고 이 폴더를 지우세요. 한 곳에 모이면 나눈 뜻이 없습니다.")
        say("Print one for each person, then remove this folder: kept together they are the key.")
    return 0


def _written(folder: Path, share: Share) -> str:
    path = folder / f"share-{share.number}-of-{share.count}.txt"
    path.touch(mode=0o600)
    path.write_text(_SHARE.format(**_openly(share), code=share.code()), "utf-8")
    return str(path)


def _openly(share: Share) -> dict[str, object]:
    """What a share says openly: whose it is, not what it holds."""
    return {
        "set_id": share.set_id,
        "key_id": share.key_id,
        "count": share.count,
        "number": share.number,
        "threshold": share.threshold,
    }


def run_recover(options: argparse.Namespace) -> int:
    """Restore the key into a new place and tell how much of the store it opens."""
    shares = [_read(path) for path in options.shares]
    key_id = recover_master_key(shares, options.to)
    settings = open_workshop().settings
    opened, there = secrets_that_open(settings.store, settings.s3_endpoint, options.to)
    if options.json:
        print_json({"key": key_id, "place": options.to, "opened": opened, "there": there})
    else:
        say(f"복구한 키 restored key {key_id}: {options.to}")
        say(f"저장소의 비밀 중 열린 것 secrets of the store that open: {opened} / {there}")
        say("설정의 master_key를 이 자리로 바꾸고 giroksil verify를 실행하세요.")
        say("Set master_key to this place and run giroksil verify.")
    return 0 if opened == there else 1


def _read(path: Path) -> Share:
    try:
        return read_share(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RejectedInput("path_missing") from error
    except RejectedInput as error:
        raise RejectedInput(error.code, path.name) from error

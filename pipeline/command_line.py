"""`giroksil`: the command line. Each command is a module of `pipeline.commands`."""

import argparse
import errno
import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version

from pipeline.commands import (
    access,
    completeness,
    digitize,
    export,
    heads,
    inspectors,
    keys,
    mapping,
    overview,
    patients,
    proofs,
    reading,
    recovery,
    report,
    retention,
    retrain,
    review,
    sample,
    search,
    separators,
)
from records.errors import GiroksilError, TransientError
from records.reasons import explain

COMMANDS = (
    separators, mapping, digitize, reading, search, report, patients, review, sample,
    inspectors, completeness, overview, export, proofs, heads, access, keys, recovery, retention,
    retrain,
)  # fmt: skip

DESCRIPTION = """기록실 Giroksil: the record room for hospitals that have closed.
문 닫은 병원의 기록을 읽고, 분류하고, 검사하고, 암호화해 보관하고, 찾고, 증명합니다."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 only if all is well, otherwise the error family's exit code."""
    parser = argparse.ArgumentParser(
        prog="giroksil", description=DESCRIPTION, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--version", action="version", version=version("giroksil"))
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in COMMANDS:
        module.add(commands)
    options = parser.parse_args(arguments)
    os.umask(0o077)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except GiroksilError as error:
        return _refuse(error, as_json=bool(getattr(options, "json", False)))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        name = errno.errorcode.get(error.errno or 0, "")
        as_json = bool(getattr(options, "json", False))
        return _refuse(TransientError("machine_failed", name), as_json=as_json)
    except KeyboardInterrupt:
        sys.stderr.write(
            "\n중단했습니다. 다시 실행하면 이어서 합니다. / Stopped; run again to go on.\n"
        )
        return 130


def _refuse(error: GiroksilError, *, as_json: bool) -> int:
    korean, english = explain(error.code), explain(error.code, "en")
    if as_json:
        body = {"error": error.code, "subject": error.subject, "ko": korean, "en": english}
        sys.stdout.write(json.dumps(body, ensure_ascii=False) + "\n")
    else:
        subject = f" ({error.subject})" if error.subject else ""
        sys.stderr.write(f"{error.code}{subject}\n  {korean}\n  {english}\n")
    return error.exit_code

"""`giroksil map SAMPLE`: propose a mapping for an EMR table, and show what it makes of it."""

import argparse
from pathlib import Path

from pipeline.assembly import open_workshop
from pipeline.commands import file_to_write, print_json, say, with_json
from pipeline.mapping import Proposal, propose
from pipeline.views import document_view
from records.errors import SetupError
from records.reasons import explain
from records.taxonomy import load_taxonomy


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "map", help="EMR 표의 매핑 제안 / propose a mapping of an EMR table"
    )
    parser.add_argument("sample", metavar="SAMPLE", type=Path)
    parser.add_argument(
        "--to", type=Path, metavar="FILE", help="매핑 파일 쓰기 / write the mapping file"
    )
    parser.add_argument(
        "--mapping",
        type=Path,
        metavar="FILE",
        help="제안 대신 이 매핑을 확인 / check this mapping instead of proposing one",
    )
    parser.add_argument(
        "--sheet", default="", metavar="NAME", help="엑셀 시트 / sheet of a workbook"
    )
    with_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print guesses with their reasons, and the first rows as documents; write the file."""
    limits = open_workshop().limits
    proposal = propose(options.sample, limits, options.mapping, options.sheet)
    if options.to is not None:
        if options.to.exists():
            raise SetupError("mapping_exists")
        file_to_write(options.to).write_text(proposal.text, "utf-8")
    if options.json:
        print_json(_view(proposal, options))
    else:
        _say(proposal, options)
    return 0


def _view(proposal: Proposal, options: argparse.Namespace) -> dict[str, object]:
    return {
        "file": str(options.sample),
        "mapping": proposal.text,
        "columns": [
            {
                "column": guess.column,
                "field": guess.field or None,
                "taken": guess.taken,
                "confidence": guess.confidence,
                "reasons": list(guess.reasons),
                "date": guess.date or None,
                "codes": dict(guess.codes),
            }
            for guess in proposal.guesses
        ],
        "documents": [
            document_view(document, {document.pages[0]: number})
            for number, document in enumerate(proposal.documents, 1)
        ],
        "failures": [
            {"row": failure.page, "code": failure.code, "column": failure.column}
            for failure in proposal.failures
        ],
        "other_sheets": list(proposal.others),
    }


def _say(proposal: Proposal, options: argparse.Namespace) -> None:
    say(f"■ {options.sample}")
    for guess in proposal.guesses:
        if guess.taken:
            more = f"  {guess.date}" if guess.date else ""
            more += f"  {dict(guess.codes)}" if guess.codes else ""
            say(f"  {guess.column} → {guess.field} ({guess.confidence:.2f}){more}")
        else:
            maybe = f" {guess.field}?" if guess.field else ""
            say(f"  {guess.column} →{maybe} 알 수 없음 not told ({guess.confidence:.2f})")
        for reason in guess.reasons:
            say(f"    · {explain(reason)} / {explain(reason, 'en')}")
    say("미리보기 preview")
    for number, document in enumerate(proposal.documents, 1):
        sure = document.type_confidence
        score = "—" if sure is None else f"{sure:.2f}"
        say(f"  {number}행 row {number}: {load_taxonomy().name(document.type)} ({score})")
        for key, field in document.fields.items():
            say(f"    {key:20} {field.value}")
    for failure in proposal.failures:
        say(f"  ✗ {failure.page} {failure.column or ''} {explain(failure.code)}")
        say(f"    {explain(failure.code, 'en')}")
    for sheet in proposal.others:
        say(f"다른 시트 another sheet: {sheet}")
    if options.to is not None:
        say(f"매핑 mapping {options.to}")
    elif not options.mapping:
        say(f"\n{proposal.text}")

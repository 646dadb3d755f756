"""`giroksil replicate`, `drill`, `rebuild`: the second site, restored from before it is needed."""

import argparse
import tempfile
from pathlib import Path

from archive.vault.names import is_institution
from pipeline.assembly import open_workshop
from pipeline.commands import print_json, say, say_problems, with_json
from pipeline.drill import drill
from pipeline.drill_report import drill_text, write_drill_report
from pipeline.recovery import bring_up_to_date
from pipeline.upkeep import rebuild_index
from records.codec import to_plain
from records.errors import RejectedInput


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    parser = commands.add_parser(
        "replicate",
        help="둘째 보관소로 복사, 같은지 증명 / copy to the second site, prove it",
    )
    parser.add_argument(
        "--due",
        action="store_true",
        help="차례가 된 것만 끝까지 읽음 / read only the contents whose turn it is",
    )
    with_json(parser)
    parser.set_defaults(run=run_replicate)
    parser = commands.add_parser(
        "drill", help="둘째 보관소에서 복구해 보기 / restore from the second site, to try it"
    )
    parser.add_argument("--sample", type=int, metavar="N", help="무작위로 N개 / N at random")
    parser.add_argument(
        "--institution", default="", metavar="CODE", help="한 기관 전체 / all of one"
    )
    parser.add_argument(
        "--to", type=Path, metavar="DIR", help="빈 폴더; 남겨 둠 / an empty folder, kept afterwards"
    )
    with_json(parser)
    parser.set_defaults(run=run_drill)
    parser = commands.add_parser(
        "rebuild", help="색인을 보관소에서 다시 만들기 / rebuild the index from the vault"
    )
    with_json(parser)
    parser.set_defaults(run=run_rebuild)


def run_replicate(options: argparse.Namespace) -> int:
    """Bring the second site up to date; 0 only if both are equal."""
    report = bring_up_to_date(open_workshop(), everything=not options.due)
    if options.json:
        print_json(to_plain(report))
    else:
        say_problems("✗", report.problems)
        say_problems("!", report.warnings)
        say(f"객체 objects {report.objects}  잎 leaves {report.leaves}  {report.root[:16]}")
        say(f"복사 copied {report.copied}  {report.bytes / 2**20:.1f} MiB")
        say(f"키 교체 반영 renewed {report.renewed}  고침 mended {report.mended}")
        say(f"폐기 반영 disposed {report.buried}  끝까지 같음 proven equal {report.proven}")
        say(f"문제 problems {len(report.problems)}")
    return 0 if report.equal else 1


def run_drill(options: argparse.Namespace) -> int:
    """Restore and check; 0 only if everything came back."""
    workshop = open_workshop()
    if options.institution and not is_institution(options.institution):
        raise RejectedInput("institution_code_invalid")
    sample = options.sample or workshop.settings.drill_sample
    if options.to:
        options.to.mkdir(mode=0o700, parents=True, exist_ok=True)
        report = drill(workshop, options.to, sample, options.institution)
    else:
        workshop.settings.home_path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=workshop.settings.home_path, prefix="drill-") as place:
            report = drill(workshop, Path(place), sample, options.institution)
    path = write_drill_report(workshop.settings.reports, report)
    if options.json:
        print_json(to_plain(report) | {"report": str(path)})
    else:
        say(drill_text(report))
        say(str(path))
    return 1 if report.problems else 0


def run_rebuild(options: argparse.Namespace) -> int:
    """Bring the index to what the vault holds."""
    counts = rebuild_index(open_workshop()).counts
    if options.json:
        print_json(dict(counts))
    else:
        say(f"색인 항목 entries {counts['entries']}  새로 씀 written {counts['written']}")
    return 0

"""`giroksil inspectors`: how well people inspect, over all decided lots."""

import argparse
import dataclasses
from typing import Any

from pipeline.assembly import open_workshop
from pipeline.commands import print_json, say, with_json
from pipeline.inspectors import record_of_inspectors
from quality.sampling.inspectors import Agreement, Inspector


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "inspectors", help="검사원의 재현율과 일치도 / recall and agreement"
    )
    parser.add_argument("--institution", default="", metavar="C", help="이 기관만 / this one only")
    with_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Recall of each, agreement of each two, both with the bounds of 95 %."""
    record = record_of_inspectors(open_workshop(), options.institution)
    if options.json:
        print_json(
            {
                "lots": record.lots,
                "inspectors": [inspector_view(one) for one in record.inspectors],
                "agreements": [dataclasses.asdict(one) for one in record.agreements],
            }
        )
        return 0
    say(f"결정된 로트 decided lots {record.lots}")
    for person in record.inspectors:
        say_inspector(person)
    for pair in record.agreements:
        say_agreement(pair)
    return 0


def say_inspector(person: Inspector) -> None:
    """One line of how many known defects somebody found."""
    low, high = person.recall_within
    within = f" ({low:.2f} – {high:.2f})" if person.known else ""
    known = f"{person.found}/{person.known}{within}" if person.known else "–"
    say(f"  {person.who}: {person.judged} · 알려진 결함 known defects found {known}")


def say_agreement(pair: Agreement) -> None:
    """One line of how far two people agree."""
    known = pair.kappa is not None
    kappa = f"{pair.kappa:.2f} ({pair.low:.2f} – {pair.high:.2f})" if known else "–"
    say(f"  {pair.first} · {pair.second}: {pair.items} · κ {kappa}")


def inspector_view(person: Inspector) -> dict[str, Any]:
    """One person as JSON."""
    within = person.recall_within if person.known else None
    return dataclasses.asdict(person) | {"recall": person.recall, "recall_within": within}

"""`giroksil sample BATCH`: draw the sample, see its plans, its result and who inspects how well."""

import argparse
import dataclasses
from typing import Any

from pipeline.assembly import open_workshop
from pipeline.commands import print_json, say, with_json
from pipeline.commands.inspectors import inspector_view, say_agreement, say_inspector
from pipeline.sampling import Inspection, draw_sample
from quality.sampling.inspection_rules import load_inspection_rules
from quality.sampling.inspectors import agreements, inspectors
from quality.sampling.lot_result import OPEN, REJECTED, Judgement
from quality.sampling.words import OUTCOMES, STAGES, plan_sentences


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("sample", help="표본 검사 / sampling inspection")
    parser.add_argument("batch", metavar="BATCH")
    parser.add_argument(
        "--resubmit",
        action="store_true",
        help="불합격 배치를 고친 뒤 다시 제출 / the lot was put right: draw again",
    )
    parser.add_argument(
        "--remedied",
        action="store_true",
        help="중지된 팀의 대책을 확인함 / the discontinued team's remedy is accepted",
    )
    with_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Draw (or find) the sample and say where it stands; 1 where the lot did not pass."""
    inspection = draw_sample(
        open_workshop(), options.batch, resubmit=options.resubmit, remedied=options.remedied
    )
    if options.json:
        print_json(_view(inspection))
    else:
        _say(inspection)
    return 1 if inspection.result.outcome == REJECTED else 0


def _say(inspection: Inspection) -> None:
    sample, result = inspection.sample, inspection.result
    rules = load_inspection_rules()
    say(f"제출 submission {sample.submission} · 쪽 pages {sample.lot} · 표본 items {result.items}")
    for one, row in zip(rules.classes, result.classes, strict=True):
        plan = row.plan
        stage = " ".join(STAGES[plan.stage])
        say(f"\n{one.korean} {one.english} · {stage} · {plan.level}, AQL {plan.aql}")
        say(f"  n {plan.size}  Ac {plan.accept}  Re {plan.reject}")
        outcome = " ".join(OUTCOMES[row.outcome])
        say(f"  검사 inspected {row.inspected}  불량 bad {row.bad}  {outcome}")
        for sentence in plan_sentences(plan, sample.lot):
            say(f"  {sentence}")
    say(f"\n{' '.join(OUTCOMES[result.outcome])} · {result.judged}/{result.items}")
    told = _told(inspection)
    for person in inspectors(sample.items, told):
        say_inspector(person)
    for pair in agreements(told, rules):
        say_agreement(pair)
    if result.judged < result.items:
        say("giroksil review --sample")


def _told(inspection: Inspection) -> tuple[Judgement, ...]:
    """The answers by which people are measured, once that gives no known defect away."""
    return inspection.judgements if inspection.result.outcome != OPEN else ()


def _view(inspection: Inspection) -> dict[str, Any]:
    """Ids and counts; the seed only once the lot is decided: it would tell the known defects."""
    sample, result = inspection.sample, inspection.result
    rows = [
        {
            "class": row.defect_class,
            **dataclasses.asdict(row.plan),
            "inspected": row.inspected,
            "bad": row.bad,
            "outcome": row.outcome,
        }
        for row in result.classes
    ]
    decided = result.judged == result.items
    return {
        "batch": sample.batch,
        "submission": sample.submission,
        "lot": sample.lot,
        "frame": sample.frame,
        "seed": sample.seed if decided else None,
        "items": result.items,
        "judged": result.judged,
        "outcome": result.outcome,
        "classes": rows,
        "inspectors": [inspector_view(row) for row in inspectors(sample.items, _told(inspection))],
        "agreements": [
            dataclasses.asdict(row)
            for row in agreements(_told(inspection), load_inspection_rules())
        ],
    }

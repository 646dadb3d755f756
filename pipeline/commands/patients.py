"""`giroksil patients BATCH`: whose documents a batch holds, and what contradicts itself."""

import argparse
import dataclasses

from pipeline.assembly import open_workshop
from pipeline.commands import print_json, say, with_json
from pipeline.patients import BatchPatients, patients_of
from records.reasons import explain


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "patients", help="배치의 문서를 환자별로 / a batch's documents by patient"
    )
    parser.add_argument("batch", metavar="BATCH")
    with_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print keys, ids and counts, no value; 0 only if nothing contradicts itself."""
    found = patients_of(open_workshop(), options.batch)
    if options.json:
        print_json(dataclasses.asdict(found))
        return 1 if found.conflicts else 0
    say(counted(found))
    for patient in found.patients:
        batches = sorted(set(patient.elsewhere.values()))
        also = f"  이전 배치 other batches {', '.join(batches)}" if batches else ""
        sure = "" if patient.confidence is None else f"  신뢰도 confidence {patient.confidence:.2f}"
        say(f"■ {patient.key}  문서 documents {len(patient.documents)}{also}{sure}")
        for code in patient.evidence:
            say(f"    {explain(code)} / {explain(code, 'en')}")
    for conflict in found.conflicts:
        say(f"✗ {conflict.document} ↔ {', '.join(conflict.others)}")
        say(f"    {explain('patient.conflict')}")
        say(f"    {explain('patient.conflict', 'en')}")
    return 1 if found.conflicts else 0


def counted(found: BatchPatients) -> str:
    """One line: how many patients, how many known from other batches, how many contradictions."""
    known = sum(bool(patient.elsewhere) for patient in found.patients)
    return (
        f"환자 {len(found.patients)}명 (다른 배치에도 있는 환자 {known}명), "
        f"어긋나는 문서 {len(found.conflicts)}건, 환자를 알 수 없는 문서 {found.nameless}건\n"
        f"{len(found.patients)} patients ({known} also in other batches), "
        f"{len(found.conflicts)} contradictions, {found.nameless} documents of nobody"
    )

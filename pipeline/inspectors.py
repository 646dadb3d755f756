"""How well people inspect, over all batches: one batch has too few second looks to tell."""

from dataclasses import dataclass

from pipeline.assembly import Workshop
from pipeline.sampling import inspections_of
from quality.sampling.inspection_rules import load_inspection_rules
from quality.sampling.inspectors import Agreement, Inspector, agreements, inspectors
from quality.sampling.lot_result import OPEN


@dataclass(frozen=True, slots=True)
class InspectionRecord:
    """Everybody who inspected, every two who judged the same items, and over how many lots."""

    lots: int
    inspectors: tuple[Inspector, ...]
    agreements: tuple[Agreement, ...]


def record_of_inspectors(workshop: Workshop, institution: str = "") -> InspectionRecord:
    """Pool the decided lots of an institution, or of all that open.

    Lots that are still being inspected are left out: they would give their known defects away.
    """
    opened, _ = workshop.archive.vaults()
    decided = [
        inspection
        for vault in opened
        if not institution or vault.institution == institution
        for batch in vault.ids("batch")
        for inspection in inspections_of(workshop, batch)
        if inspection.result.outcome != OPEN
    ]
    items = [item for one in decided for item in one.sample.items]
    judgements = [judgement for one in decided for judgement in one.judgements]
    return InspectionRecord(
        len(decided),
        inspectors(items, judgements),
        agreements(judgements, load_inspection_rules()),
    )

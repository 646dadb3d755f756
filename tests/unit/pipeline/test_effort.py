"""What the machine's work costs is kept with the work: once a piece, without a word of content."""

from pathlib import Path

from pipeline import stages
from pipeline.assembly import Workshop
from pipeline.effort import efforts
from records.settings import Settings
from tests.unit.intake.samples import deliver

ROWS = "환자명,진료일\n이다라,2019-03-06\n김가나,2019-03-05\n".encode()


def test_each_piece_leaves_what_it_cost(tmp_path: Path) -> None:
    """Units, CPU seconds and hours of each stage are kept; done again, the first ones stand."""
    workshop = Workshop(Settings(home=str(tmp_path / "home"), ocr_engine="null"))
    delivery = str(deliver(tmp_path / "d", {"emr/a.csv": ROWS}))

    def run() -> str:
        batch = stages.register(workshop, delivery).batch
        triaged = stages.triage(workshop, batch)
        for chunk in triaged.chunks["read"]:
            stages.read(workshop, batch, chunk)
        return batch

    first = list(efforts(workshop.work(run())))
    again = list(efforts(workshop.work(run())))

    counted = [(stage, effort.units) for stage, effort in first]
    assert counted == [("register", 1), ("triage", 2), ("read", 2)]
    assert all(effort.begun_at <= effort.ended_at for _, effort in first)
    assert sum(effort.cpu_seconds for _, effort in first) > 0
    assert again == first

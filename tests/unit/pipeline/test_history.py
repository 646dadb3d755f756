"""Earlier batches as a later one sees them: in order, judged ones only, newest first."""

from pathlib import Path

from pipeline.assembly import Workshop
from pipeline.history import history_of
from records.settings import Settings
from tests.unit.pipeline.judged_batch import make_judged_batch


def test_only_what_came_before(tmp_path: Path) -> None:
    """The first batch has no history, the third has the two before it, newest first."""
    workshop = Workshop(Settings(home=str(tmp_path)))
    batches = [
        make_judged_batch(workshop, name, documents=count)
        for name, count in (("one", 3), ("two", 5), ("three", 4))
    ]
    seen = [history_of(workshop, workshop.work(batch)) for batch in batches]

    assert [[p.documents for p in history.institution] for history in seen] == [[], [3], [5, 3]]
    assert [[p.documents for p in history.scanner] for history in seen] == [[], [3], [5, 3]]

"""A sealed batch that was tampered with: every gap is named by file and page."""

from pathlib import Path

from pipeline import stages
from pipeline.assembly import Workshop
from pipeline.counting import balance_of
from pipeline.outcomes import Outcomes
from pipeline.reports import make_report, report_path
from quality.balance_text import as_text
from records.settings import Settings
from tests.unit.pipeline.judged_batch import CODE, make_judged_batch


def test_what_was_taken_from_a_sealed_batch_is_found(tmp_path: Path) -> None:
    """A document and an original gone from the store: the recount names both by file and page."""
    workshop = Workshop(Settings(home=str(tmp_path)))
    batch = make_judged_batch(workshop, documents=3)
    stages.index(workshop, batch)
    stages.seal(workshop, batch)
    work = workshop.work(batch)
    document = list(Outcomes(work).documents)[1]
    assert balance_of(workshop, batch).gaps == ()

    records = tmp_path / "store" / CODE / "records"
    for kind, id in (("document", document), ("original", work.batch.files[0].id)):
        (records / kind / id).unlink()
    sheet = make_report(Workshop(workshop.settings), batch)

    found = {(gap.code, gap.file, gap.pages) for gap in sheet.gaps}
    assert found == {
        ("accepted_object_missing", "scans/상자1.tif", (4, 5)),
        ("original_object_missing", "scans/상자1.tif", ()),
    }
    assert not sheet.balanced
    for told in (as_text(sheet), report_path(workshop, batch).read_text("utf-8")):
        assert f"{document}  scans/▇▇▇1.tif  4, 5쪽 p." in told

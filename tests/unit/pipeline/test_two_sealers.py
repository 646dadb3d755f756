"""Two runs of the last stages at once: Airflow may try a task again while the first one lives."""

from collections import Counter
from pathlib import Path

from archive.verify import verify
from pipeline import stages
from pipeline.assembly import Workshop
from records.settings import Settings
from tests.unit.archive.conftest import in_processes
from tests.unit.pipeline.judged_batch import CODE, make_judged_batch


def test_two_sealers_make_one_seal(tmp_path: Path) -> None:
    """Two processes store, index and seal one batch at once: all agree, nothing stands twice."""
    batch = make_judged_batch(Workshop(Settings(home=str(tmp_path))), documents=4)

    def sealed(_: int) -> str:
        own = Workshop(Settings(home=str(tmp_path)))
        stages.index(own, batch)
        return str(sorted(stages.seal(own, batch).counts.items()))

    answers = in_processes(2, sealed)

    workshop = Workshop(Settings(home=str(tmp_path)))
    assert answers == [str(sorted(stages.seal(workshop, batch).counts.items()))] * 2
    vault = workshop.vault(CODE)
    leaves = Counter((leaf.kind, leaf.id) for leaf in workshop.archive.ledger.leaves())
    documents = set(vault.ids("document"))
    assert len(documents) == 4
    assert set(leaves.values()) == {1}
    assert {id for kind, id in leaves if kind == "document"} == documents
    assert [id for kind, id in leaves if kind == "seal"] == list(vault.ids("seal"))
    assert len(list(vault.ids("seal"))) == 1
    assert workshop.archive.index.document_ids(CODE, batch) == documents
    assert verify(workshop.archive).problems == ()
    assert workshop.archive.sweep(0) == 0

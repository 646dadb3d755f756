"""An export says of every page and document where it was received."""

import json
from pathlib import Path

from pipeline.assembly import Workshop
from pipeline.exporting import export
from pipeline.outcomes import Outcomes
from pipeline.reader import Reader
from pipeline.running import digitize_here
from records.settings import Settings
from tests.unit.intake.samples import deliver

ROWS = "서식,환자명,진료일\n진료기록부,김가나,2019-03-05\n진료기록부,이다라,2019-03-06\n"
MORE = "서식,환자명,진료일\n진료기록부,박마바,2019-03-07\n"


def test_pages_and_documents_name_their_files_and_what_they_repeat(tmp_path: Path) -> None:
    """Rows of several tables keep file and number; those received twice name the first ones."""
    files = {"emr/a.csv": ROWS, "emr/b.csv": MORE, "emr/c.csv": ROWS}
    workshop = Workshop(Settings(home=str(tmp_path / "house")))
    delivery = deliver(tmp_path / "in", {name: text.encode() for name, text in files.items()})
    batch = digitize_here(workshop, str(delivery), lambda *_: None, 1).batch

    done = export(workshop, batch, tmp_path / "out", Reader("centre", "127.0.0.1", "민원"))

    pages, documents = (
        [json.loads(line) for line in (tmp_path / "out" / name).read_text("utf-8").splitlines()]
        for name in ("pages.jsonl", "documents.jsonl")
    )
    assert (done.pages, done.documents, done.files) == (len(pages), len(documents), 3)
    first, second, other, *again = pages
    assert [(p["file"], p["page"]) for p in pages] == [
        ("emr/a.csv", 1), ("emr/a.csv", 2), ("emr/b.csv", 1), ("emr/c.csv", 1), ("emr/c.csv", 2),
    ]  # fmt: skip
    assert [page["duplicate_of"] for page in again] == [first["id"], second["id"]]
    assert "김가나" in first["text"]
    assert not again[0]["text"]
    assert [one["id"] for one in documents] == list(Outcomes(workshop.work(batch)).stack_of)
    told = {
        one["fields"]["patient_name"]["value"]: (one["files"], one["pages"], one["page_ids"])
        for one in documents
    }
    assert told == {
        "김가나": (["emr/a.csv"], [1], [first["id"]]),
        "이다라": (["emr/a.csv"], [2], [second["id"]]),
        "박마바": (["emr/b.csv"], [1], [other["id"]]),
    }
    assert {one["fields"]["visit_date"]["page"] for one in documents} == {1, 2}

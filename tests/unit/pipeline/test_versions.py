"""Sheets scanned again and documents that wait: both versions stay, and waiting has an age."""

import datetime as dt
import json
from pathlib import Path

import pytest

from archive.ledger.ledger import Ledger
from archive.verify import verify
from pipeline.assembly import Workshop
from pipeline.batches import list_batches
from pipeline.command_line import main
from pipeline.outcomes import Outcomes
from pipeline.reader import Reader
from pipeline.rescanning import print_rescan_list, rescan_list
from pipeline.reviewing import decide
from pipeline.scanned_again import declare_scanned_again, scanned_again
from records.errors import RejectedInput
from records.judgements import Decision
from records.settings import Settings
from tests.unit.pipeline.judged_batch import make_judged_batch

KIM = Reader("kim", "127.0.0.1", "시험")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An empty house."""
    return Workshop(Settings(home=str(tmp_path)))


def pages(workshop: Workshop, batch: str) -> list[str]:
    return [page.id for page in workshop.work(batch).triaged().each_page()]


def test_a_sheet_scanned_again_replaces_nothing(workshop: Workshop) -> None:
    """Both versions stay and open; the newest of three is current, and the list ticks it off."""
    names = ("one", "two", "three")
    old, newer, newest = (make_judged_batch(workshop, n, 3, worse=frozenset({1})) for n in names)
    (held,) = Outcomes(workshop.work(old)).by_outcome()["held"]
    decide(workshop, old, Decision(held, "reject", "kim", "흐림"), KIM)
    (page, _) = Outcomes(workshop.work(old)).documents[held].pages
    declare_scanned_again(workshop, old, page, pages(workshop, newer)[3], KIM)
    declare_scanned_again(workshop, newer, pages(workshop, newer)[3], pages(workshop, newest)[3],
                          KIM)  # fmt: skip

    current = pages(workshop, newest)[3]
    assert scanned_again(workshop, workshop.work(old)) == {page: current}
    rows = {row.page_id: row for row in rescan_list(workshop, old)}
    assert rows[page].scanned_again == current
    assert rows[page].reasons[0] == "rejected_by_person"
    assert current in print_rescan_list(workshop, old)
    assert workshop.work(old).page(page).text == workshop.work(old).page(page).text is not None
    assert verify(workshop.archive).problems == ()


def test_what_is_no_new_scan_is_refused(workshop: Workshop) -> None:
    """A page of the same or an earlier batch is none, nor is a second one; unknown ones neither."""
    old, newer = (make_judged_batch(workshop, name, 3) for name in ("one", "two"))
    here, there = pages(workshop, old), pages(workshop, newer)

    for batch, page, new, code in (
        (old, here[1], here[2], "page_not_newer"),
        (newer, there[1], here[1], "page_not_newer"),
        (old, there[1], there[2], "page_not_in_batch"),
    ):
        with pytest.raises(RejectedInput, match=code):
            declare_scanned_again(workshop, batch, page, new, KIM)
    declare_scanned_again(workshop, old, here[1], there[1], KIM)
    with pytest.raises(RejectedInput, match="page_scanned_again"):
        declare_scanned_again(workshop, old, here[1], there[2], KIM)


def test_held_documents_have_an_age(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Counted from the first signed head over the batch; a batch without held ones has none."""
    held = make_judged_batch(workshop, "one", 3, worse=frozenset({1}))
    make_judged_batch(workshop, "two", 3)
    ledger = workshop.archive.ledger
    assert ledger.signed_since(0) == ""
    head = ledger.sign_head()
    assert ledger.signed_since(0) == ledger.signed_since(1) == head.time
    long_ago = (dt.datetime.now(dt.UTC) - dt.timedelta(days=10, hours=1)).isoformat()
    monkeypatch.setattr(Ledger, "signed_since", lambda *_: long_ago)
    monkeypatch.setenv("GIROKSIL_HOME", workshop.settings.home)

    assert {line.batch: line.held_days for line in list_batches(workshop)}[held] == 10
    assert [line.held_days for line in list_batches(workshop) if not line.held] == [None]
    assert main(["review", "--json"]) == 0
    (waiting,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (waiting["batch"], waiting["held"], waiting["days"]) == (held, 1, 10)

"""Disposal over the real line: an EMR delivery digitized, due, disposed of, and still balanced."""

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.retention.disposal import answer
from archive.verify import verify
from pipeline import stages
from pipeline.assembly import Workshop
from pipeline.command_line import main
from pipeline.counting import balance_of
from pipeline.disposing import carry_out, heed_answers, make_proposal, proposal_path
from pipeline.outcomes import Outcomes
from pipeline.reader import Reader
from pipeline.recovery import replicate_archive
from pipeline.retention import due_bundles, expiry_list
from pipeline.running import digitize_here
from pipeline.sampling import draw_sample, judge
from pipeline.searching import Query, search
from pipeline.upkeep import rebuild_index, rotate_keys
from quality.sampling.lot_result import Judgement
from records.errors import RejectedInput
from records.settings import Settings
from tests.makers.delivery import make_delivery

FAR = dt.date(2099, 1, 1)
AUDITOR = Reader("auditor", "127.0.0.1", "시험")


@pytest.fixture(scope="module")
def digitized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house in which the tables of a small made-up delivery are archived on two sites."""
    folder = tmp_path_factory.mktemp("digitized")
    make_delivery(folder / "made", seed=11, size="small")
    box = folder / "box"
    box.mkdir()
    about = (folder / "made" / "delivery.yaml").read_text("utf-8")
    assert "health_centre" in about
    (box / "delivery.yaml").write_text(about.replace("health_centre", "owner"), "utf-8")
    shutil.copytree(folder / "made" / "emr", box / "emr")
    workshop = _open(folder / "house")
    digitize_here(workshop, str(box), lambda *_: None, 1)
    replicate_archive(workshop)
    workshop.archive.index.close()
    return folder / "house"


def _open(house: Path) -> Workshop:
    return Workshop(Settings(home=str(house), replica_url=(house / "second").as_uri()))


@pytest.fixture
def workshop(digitized: Path, tmp_path: Path) -> Workshop:
    shutil.copytree(digitized, tmp_path / "house")
    return _open(tmp_path / "house")


def _institution(workshop: Workshop) -> str:
    return next(iter(workshop.archive.institutions()))


def _agree(workshop: Workshop, proposal: str) -> None:
    from archive.retention.disposal import load_proposal  # noqa: PLC0415

    made = load_proposal(workshop.archive, _institution(workshop), proposal)
    for person in ("kim", "lee"):
        answer(workshop.archive, made, person, "here", "만료", agrees=True)


def _label_one(workshop: Workshop, code: str) -> str:
    """Inspect one page of the batch; the id of what is kept of it as labelled data."""
    (batch,) = workshop.vault(code).ids("batch")
    item = next(x for x in draw_sample(workshop, batch).sample.items if x.document and not x.known)
    judge(workshop, batch, Judgement(item.id, "kim", ("defect_wrong_field",)))
    replicate_archive(workshop)
    (label,) = workshop.vault(code).ids("label")
    return label


def _words(house: Path) -> list[bytes]:
    """Every file of both sites."""
    return [path.read_bytes() for path in house.rglob("*") if path.is_file()]


def test_what_is_due_is_a_list(workshop: Workshop) -> None:
    """Each document with its class, law and last day; by its own kind; nothing is changed."""
    code = _institution(workshop)
    now = expiry_list(workshop, code, dt.date(2026, 11, 26))
    later = expiry_list(workshop, code, FAR)

    assert {one.document.id for one in now} == set(workshop.vault(code).ids("document"))
    assert all(one.basis for one in now)
    assert {one.state for one in later} <= {"due", "permanent", "undated"}
    assert any(one.state == "due" for one in later)
    assert verify(workshop.archive).ok


def test_disposed_of_it_opens_from_no_copy(workshop: Workshop) -> None:
    """Not document, row, original, label or index entry; the batch balances and is sealed again."""
    code = _institution(workshop)
    label = _label_one(workshop, code)
    before = balance_of(workshop, next(iter(workshop.vault(code).ids("batch"))))
    batch = next(iter(workshop.vault(code).ids("batch")))
    documents = set(workshop.vault(code).ids("document"))
    proposal = make_proposal(workshop, code, "kim", FAR)
    assert proposal
    listed = proposal_path(workshop, proposal.id).read_text("utf-8")
    _agree(workshop, proposal.id)

    certificate = carry_out(workshop, code, proposal.id, FAR)

    gone = {one.id for one in proposal.documents}
    assert gone
    assert certificate.sites == 2
    assert certificate.objects == len(gone) * 2 + 3  # rows, a table, a stack, a label
    assert ("label", label) in {(one.kind, one.id) for one in proposal.objects}
    assert all(id in listed for id in gone)
    again = _open(Path(workshop.settings.home))
    for site in (again.archive, Workshop(_second(workshop)).archive):
        vault = site.vault(code)
        assert set(vault.ids("document")) == documents - gone
        for one in proposal.objects:
            with pytest.raises(RejectedInput, match="object_disposed"):
                vault.get(one.kind, one.id)
    assert {hit.document for hit in search(again, Query(""), AUDITOR)}.isdisjoint(gone)
    assert balance_of(again, batch).balanced == before.balanced is True
    assert stages.seal(again, batch).counts
    assert stages.index(again, batch).counts["added"] == 0
    assert rebuild_index(again).counts["written"] == 0
    rotate_keys(again)
    assert replicate_archive(again).counts["buried"] == 0
    assert verify(again.archive).ok
    assert [one for one in expiry_list(again, code, FAR) if one.document.id in gone] == []
    assert not any(doc.fields for doc in Outcomes(again.work(batch)).documents.values()
                   if doc.id in gone)  # fmt: skip


def _second(workshop: Workshop) -> Settings:
    settings = workshop.settings
    return Settings(
        home=settings.home + "-second",
        store_url=settings.replica_url,
        master_key=settings.master_key_place,
    )


def test_the_same_delivery_again_does_not_bring_it_back(
    workshop: Workshop, digitized: Path
) -> None:
    """Put into the inbox once more, it is refused: its originals were disposed of."""
    code = _institution(workshop)
    proposal = make_proposal(workshop, code, "kim", FAR)
    assert proposal
    _agree(workshop, proposal.id)
    carry_out(workshop, code, proposal.id, FAR)

    with pytest.raises(RejectedInput, match="object_disposed"):
        stages.register(workshop, str(digitized.parent / "box"))
    assert verify(workshop.archive).ok


def test_an_original_waits_for_all_its_documents(workshop: Workshop) -> None:
    """A document that shares its file with one that is not due cannot go alone."""
    code = _institution(workshop)
    vault = workshop.vault(code)
    whole, _ = due_bundles(workshop, code, FAR)
    shared = next(b for b in whole if len(b.documents) > 1)
    one = min(shared.documents)

    with pytest.raises(RejectedInput, match="disposal_shares_file"):
        due_bundles(workshop, code, FAR, [one])
    with pytest.raises(RejectedInput, match="disposal_not_due"):
        due_bundles(workshop, code, dt.date(1999, 1, 1), [one])
    chosen, due = due_bundles(workshop, code, FAR, shared.documents)
    assert [b.documents for b in chosen] == [shared.documents]
    assert {d.id for d in due} == shared.documents
    assert all(vault.has(*item) for item in shared.objects)
    assert make_proposal(workshop, code, "kim", dt.date(1999, 1, 1)) is None


def test_answers_of_the_web_are_heeded(workshop: Workshop) -> None:
    """One person twice is refused and nothing goes; two persons end it."""
    code = _institution(workshop)
    proposal = make_proposal(workshop, code, "kim", FAR)
    assert proposal
    twice = [{"by": "steward", "agrees": True, "why": "만료"}] * 2

    with pytest.raises(RejectedInput, match="disposal_not_agreed"):
        heed_answers(workshop, code, proposal.id, twice)
    assert all(workshop.vault(code).has(one.kind, one.id) for one in proposal.objects)
    # By today's date nothing of a clinic that has just closed is due: two persons change no law.
    with pytest.raises(RejectedInput, match="disposal_not_due"):
        heed_answers(
            workshop, code, proposal.id, [*twice, {"by": "operator", "agrees": True, "why": "만료"}]
        )


@pytest.fixture
def giroksil(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """The command line in that house: what it says, after checking its exit code."""
    monkeypatch.setenv("GIROKSIL_HOME", workshop.settings.home)
    monkeypatch.setenv("GIROKSIL_REPLICA_URL", workshop.settings.replica_url)

    def run(line: str, code: int = 0) -> str:
        assert main(line.split()) == code
        out = capsys.readouterr()
        return out.out + out.err

    return run


def test_the_commands_of_retention(
    workshop: Workshop, giroksil: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """List, hold, release, propose, refuse and agree, show, run: in two languages and in JSON."""
    code = f"--institution {_institution(workshop)}"
    monkeypatch.setattr("pipeline.commands.retention._today", lambda: FAR)
    listed = [json.loads(line) for line in giroksil(f"retention list {code} --json").splitlines()]
    held = giroksil(f"retention hold {code} --reason lawsuit").strip()
    assert held in giroksil(f"retention holds {code}")
    assert "Nothing can be disposed of." in giroksil(f"dispose propose {code}")
    giroksil(f"retention release {held} {code} --reason over")
    assert giroksil(f"retention holds {code}") == ""
    made = json.loads(giroksil(f"dispose propose {code} --json"))["proposal"]
    assert listed
    assert all(one["state"] == "due" for one in listed)

    monkeypatch.setattr("pipeline.commands.retention.account_here", lambda: "kim")
    giroksil(f"dispose agree {made} {code} --reason due")
    assert "disposal_not_agreed" in giroksil(f"dispose run {made} {code}", code=65)
    monkeypatch.setattr("pipeline.commands.retention.account_here", lambda: "lee")
    giroksil(f"dispose agree {made} {code} --reason due")
    assert giroksil(f"dispose show {made} {code}").count("동의 agrees") == 2
    done = giroksil(f"dispose run {made} {code}")
    assert "보관소 sites 2" in done
    certificate = next(word for word in done.split() if word.startswith("z-"))
    proof = str(Path(workshop.settings.home) / "proof.json")
    giroksil(f"prove {certificate} --to {proof}")
    assert "The proof holds." in giroksil(f"check-proof {proof}")

    assert "만료 due 0" in giroksil(f"retention list {code} --all")
    assert "문제 problems 0" in giroksil("replicate")
    assert "문제 problems 0" in giroksil("verify")

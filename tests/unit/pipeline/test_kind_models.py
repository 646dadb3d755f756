"""A kind classifier is used when a person accepted it, and only if it is the one accepted."""

from importlib import resources
from pathlib import Path

import pytest

from archive.verify import verify
from classifiers.kind_classifier import figures_digest, shipped_digest
from classifiers.kind_model import CARD
from classifiers.kind_text import MODEL
from classifiers.stack import assemble
from pipeline.assembly import Workshop
from pipeline.command_line import main
from pipeline.kind_models import (
    Comparison,
    ModelProposal,
    accepted_model,
    answer_proposal,
    classifier_of,
    keep_proposal,
    model_in_use,
)
from records.errors import IntegrityError, RejectedInput
from records.ids import derive_id
from records.settings import Settings
from records.values import Institution
from tests.unit.classifiers import papers
from tests.unit.pipeline.judged_batch import CODE

_FILES = resources.files("classifiers").joinpath("models")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An empty house."""
    return Workshop(Settings(home=str(tmp_path)))


def propose(workshop: Workshop, name: str, replaces: str = "") -> ModelProposal:
    """A proposal of a classifier that answers as the shipped one does and is another."""
    figures = _FILES.joinpath(CARD).read_bytes() + f"# {name}\n".encode()
    digest = figures_digest(figures)
    rows = (Comparison("macro_f1", 0.9, 0.95),)
    proposal = ModelProposal(
        derive_id("mp", name), CODE, digest, replaces or shipped_digest(), "2026-11-26T09:00Z",
        30, 10, 20, False, True, rows, rows, (),
    )  # fmt: skip
    keep_proposal(workshop, proposal, _FILES.joinpath(MODEL).read_bytes(), figures)
    return proposal


def test_what_a_person_accepts_is_in_use(workshop: Workshop) -> None:
    """Pinned by its digest in the ledger, put into the home, named by what it decides."""
    proposal = propose(workshop, "one")
    assert model_in_use(workshop, CODE) == shipped_digest()

    answer_proposal(workshop, proposal, "kim", "the table", accepted=True)

    assert model_in_use(workshop, CODE) == proposal.digest
    assert model_in_use(workshop, "98765432") == shipped_digest()
    assert (workshop.settings.models / proposal.digest / CARD).is_file()
    classifier = classifier_of(workshop, CODE, model_in_use(workshop, CODE))
    page = papers.page(papers.PRESCRIPTION)
    nobody = Institution("", "")
    (own,) = assemble("b", "t", [page], nobody, classifier=classifier).documents
    (shipped,) = assemble("b", "t", [page], nobody).documents
    assert (own.type, own.model) == (shipped.type, proposal.digest)
    assert shipped.model == shipped_digest()
    back = Workshop(Settings(home=workshop.settings.home, kind_model="shipped"))
    assert model_in_use(back, CODE) == shipped_digest()
    assert verify(workshop.archive).problems == ()


def test_what_a_person_refuses_changes_nothing(workshop: Workshop) -> None:
    """The shipped one stays in use, nothing lies in the home, and the answer stands."""
    proposal = propose(workshop, "one")
    answer_proposal(workshop, proposal, "kim", "no better", accepted=False)

    assert accepted_model(workshop, CODE) == shipped_digest()
    assert not workshop.settings.models.exists()
    with pytest.raises(RejectedInput, match="model_answered"):
        answer_proposal(workshop, proposal, "lee", "still", accepted=True)
    with pytest.raises(RejectedInput, match="model_answer_invalid"):
        answer_proposal(workshop, propose(workshop, "two"), "", "why", accepted=True)


def test_a_proposal_is_good_for_what_it_was_compared_with(workshop: Workshop) -> None:
    """Two proposals beside the shipped one: after the first is accepted, the second is outdated."""
    one, two = propose(workshop, "one"), propose(workshop, "two")
    answer_proposal(workshop, one, "kim", "the table", accepted=True)

    with pytest.raises(RejectedInput, match="model_outdated"):
        answer_proposal(workshop, two, "kim", "the table", accepted=True)
    assert accepted_model(workshop, CODE) == one.digest


def test_the_home_is_not_believed(workshop: Workshop) -> None:
    """A changed file is refused; one that is gone comes back from the vault."""
    proposal = propose(workshop, "one")
    answer_proposal(workshop, proposal, "kim", "the table", accepted=True)
    file = workshop.settings.models / proposal.digest / CARD
    figures = file.read_bytes()

    file.write_bytes(figures.replace(b"least: 0.9\n", b"least: 0.1\n"))
    classifier_of.__globals__["_from_folder"].cache_clear()  # another process
    with pytest.raises(IntegrityError, match="kind_model_differs"):
        classifier_of(workshop, CODE, proposal.digest)
    file.unlink()
    assert classifier_of(workshop, CODE, proposal.digest).digest == proposal.digest
    assert file.read_bytes() == figures


def test_the_commands(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Count, show, accept; too few decisions are no ground to learn on."""
    proposal = propose(workshop, "one")
    monkeypatch.setenv("GIROKSIL_HOME", workshop.settings.home)
    of = ["--institution", CODE]

    assert main(["retrain", "labels", *of]) == 0
    assert main(["retrain", "propose", *of]) == 65
    assert "labels_too_few" in capsys.readouterr().err
    assert main(["retrain", "show", proposal.id, *of]) == 0
    assert "macro-F1 | 0.9 | 0.95" in capsys.readouterr().out
    assert main(["retrain", "accept", proposal.id, *of, "--reason", "the table"]) == 0
    assert proposal.digest in capsys.readouterr().out

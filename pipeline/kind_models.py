"""Which kind classifier an institution uses: proposed by training, accepted by a person, pinned.

Proposals and answers are objects of an institution's vault, each with its leaf in the ledger; the
newest accepted one is in use. The classifier itself is kept in the vault too, so that the second
site has it, and lies in the operator's home, from where it is loaded if its digest is the pinned.
"""

import base64
import datetime as dt
import functools
from dataclasses import dataclass
from pathlib import Path

from classifiers.kind_classifier import (
    KindClassifier,
    figures_digest,
    kind_classifier,
    shipped_classifier,
    shipped_digest,
)
from classifiers.kind_model import CARD
from classifiers.kind_text import MODEL
from pipeline.assembly import Workshop
from pipeline.documents import leaf_of
from pipeline.work import load
from records.codec import encode
from records.errors import IntegrityError, RejectedInput
from records.ids import derive_id

# Of the kind of people's decisions: every object of it has a leaf.
KIND = "decision"
PROPOSAL, ANSWER = "mp", "ma"
_MODEL = "model"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure of the classifier in use beside the new one's, over the same documents."""

    what: str
    now: float
    new: float


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind: documents, and how many each accepted and how many of these wrongly."""

    kind: str
    documents: int
    now_right: int
    new_right: int
    now_accepted: int
    new_accepted: int
    now_wrong: int
    new_wrong: int


@dataclass(frozen=True, slots=True)
class ModelProposal:
    """A classifier that was learned, and how it compares; `digest` names it, `replaces` the other.

    `taught`, `risk`, `held_out`: labelled documents of each part. `measured`: on the held-out ones;
    `made`: on made ones. `across`: other institutions' documents were learned from too.
    """

    id: str
    institution: str
    digest: str
    replaces: str
    at: str
    taught: int
    risk: int
    held_out: int
    across: bool
    better: bool
    measured: tuple[Comparison, ...]
    made: tuple[Comparison, ...]
    kinds: tuple[KindRow, ...]


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What a person answered to a proposal, once."""

    id: str
    proposal: str
    digest: str
    accepted: bool
    by: str
    at: str
    why: str


@dataclass(frozen=True, slots=True)
class KeptModel:
    """The two files of a classifier, base64."""

    packed: str
    figures: str


def keep_proposal(
    workshop: Workshop, proposal: ModelProposal, packed: bytes, figures: bytes
) -> None:
    """Keep a proposal and the classifier it is about; nothing uses it yet."""
    vault = workshop.vault(proposal.institution)
    files = KeptModel(base64.b64encode(packed).decode(), base64.b64encode(figures).decode())
    vault.put(_MODEL, _model_id(proposal.digest), encode(files))
    _keep(workshop, proposal.institution, proposal.id, proposal)


def load_proposal(workshop: Workshop, institution: str, id: str) -> ModelProposal:
    """A proposal that was made.

    Raises:
        RejectedInput: `proposal_unknown`.
    """
    vault = workshop.vault(institution)
    if not id.startswith(f"{PROPOSAL}-") or not vault.has(KIND, id):
        raise RejectedInput("proposal_unknown", id)
    return load(vault, KIND, id, ModelProposal)


def answer_of(workshop: Workshop, institution: str, proposal: str) -> ModelAnswer | None:
    """What was answered to a proposal; None while nobody has."""
    vault, id = workshop.vault(institution), derive_id(ANSWER, proposal)
    return load(vault, KIND, id, ModelAnswer) if vault.has(KIND, id) else None


def answer_proposal(
    workshop: Workshop, proposal: ModelProposal, by: str, why: str, *, accepted: bool
) -> ModelAnswer:
    """Keep a person's answer; an accepted classifier is put in the home, and is in use from now on.

    Batches that are registered already keep the classifier they were registered with.

    Raises:
        RejectedInput: no name or no reason (`model_answer_invalid`); answered otherwise before
            (`model_answered`); another classifier is in use than it was compared with
            (`model_outdated`).
    """
    if not by.strip() or not why.strip():
        raise RejectedInput("model_answer_invalid")
    code = proposal.institution
    stands = answer_of(workshop, code, proposal.id)
    if stands is None:
        if accepted and accepted_model(workshop, code) != proposal.replaces:
            raise RejectedInput("model_outdated", proposal.id)
        id, now = derive_id(ANSWER, proposal.id), dt.datetime.now(dt.UTC)
        at = now.isoformat(timespec="seconds")
        given = ModelAnswer(id, proposal.id, proposal.digest, accepted, by, at, why)
        workshop.vault(code).put(KIND, id, encode(given))
        stands = load(workshop.vault(code), KIND, id, ModelAnswer)
    if stands.accepted != accepted:
        raise RejectedInput("model_answered", proposal.id)
    if accepted:
        classifier_of(workshop, code, proposal.digest)
    _keep(workshop, code, stands.id, stands)
    return stands


def accepted_model(workshop: Workshop, institution: str) -> str:
    """Digest of the classifier that a person accepted last; the shipped one's where none was."""
    accepted = [one.digest for one in _answers(workshop, institution) if one.accepted]
    return accepted[-1] if accepted else shipped_digest()


def model_in_use(workshop: Workshop, institution: str) -> str:
    """Digest of the classifier that a batch registered now is to be classified with."""
    if workshop.settings.kind_model == "shipped":
        return shipped_digest()
    return accepted_model(workshop, institution)


def classifier_of(workshop: Workshop, institution: str, digest: str) -> KindClassifier:
    """The classifier of a digest: shipped, or an institution's own, from the home or the vault.

    A shipped one that the program no longer has is replaced by the one it has; a document bears
    the digest of what was really asked.

    Raises:
        IntegrityError: the file in the home is another one (`kind_model_differs`); an accepted one
            is gone (`object_missing`).
    """
    vault = workshop.vault(institution)
    if digest in ("", shipped_digest()):
        return shipped_classifier()
    if not vault.has(_MODEL, _model_id(digest)):
        if any(given.digest == digest for given in _answers(workshop, institution)):
            raise IntegrityError("object_missing", _model_id(digest))
        return shipped_classifier()
    folder = workshop.settings.models / digest
    if not (folder / CARD).is_file():
        kept = load(vault, _MODEL, _model_id(digest), KeptModel)
        _put(folder, base64.b64decode(kept.packed), base64.b64decode(kept.figures))
    return _from_folder(folder, digest)


@functools.lru_cache(maxsize=4)
def _from_folder(folder: Path, digest: str) -> KindClassifier:
    packed, figures = (folder / MODEL).read_bytes(), (folder / CARD).read_bytes()
    if figures_digest(figures) != digest:
        raise IntegrityError("kind_model_differs", digest)
    return kind_classifier(packed, figures)


def _put(folder: Path, packed: bytes, figures: bytes) -> None:
    """Write the two files, the figures last: where they are, the other one is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, data in ((MODEL, packed), (CARD, figures)):
        new = folder / f"{name}.new"
        new.write_bytes(data)
        new.replace(folder / name)


def _answers(workshop: Workshop, institution: str) -> list[ModelAnswer]:
    """Every answer, in the order of the ledger."""
    ids = [
        leaf.id
        for leaf in workshop.archive.ledger.leaves()
        if leaf.kind == KIND
        and leaf.institution == institution
        and leaf.id.startswith(f"{ANSWER}-")
    ]
    return [load(workshop.vault(institution), KIND, id, ModelAnswer) for id in ids]


def _model_id(digest: str) -> str:
    return derive_id("m", digest)


def _keep(workshop: Workshop, institution: str, id: str, value: object) -> None:
    stored = workshop.vault(institution).put(KIND, id, encode(value), same=True)
    workshop.archive.ledger.append([leaf_of(stored, "")])
    workshop.archive.ledger.sign_head()

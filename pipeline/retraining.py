"""Learning from stewards: gather what they said, train, compare, propose; a person accepts."""

import datetime as dt
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from classifiers.kind_classifier import figures_digest
from pipeline.assembly import Workshop
from pipeline.kind_models import (
    PROPOSAL,
    Comparison,
    KindRow,
    ModelProposal,
    accepted_model,
    answer_proposal,
    classifier_of,
    keep_proposal,
    load_proposal,
)
from pipeline.teaching import gather
from pipeline.telling import tells_ids_only
from records.errors import SetupError
from records.ids import derive_id
from records.taxonomy import load_taxonomy
from records.values import StageReceipt

if TYPE_CHECKING:
    from classifiers.training.fitting import Rounds
    from classifiers.training.measures import Measures

_CHECKOUT = Path(__file__).resolve().parents[1]

ROUNDS: "Rounds | None" = None
"""How many made documents are learned from; None: as many as for the shipped classifier."""

_FIGURES = {
    "documents": ("문서", "documents"),
    "macro_f1": ("macro-F1", "macro-F1"),
    "accepted_share": ("사람 없이 수락한 비율", "share accepted without a person"),
    "wrong": ("수락한 것 가운데 오류", "errors among accepted"),
    "wrong_at_most": ("수락 오류율 상한(95 %)", "share of these errors at most (95 %)"),
    "calibration_error": ("ECE", "ECE"),
}
_TEXT = """\
# 종류 분류기 제안 · Proposal of a kind classifier `{id}`

기관 institution {institution} · {at}

새 분류기 new `{digest}`
지금 쓰는 것 in use `{replaces}`
배운 문서 learned from {taught} · 기준을 잡은 문서 thresholds {risk}
떼어 둔 문서 held out {held_out}
다른 기관의 문서 other institutions' documents: {across}

{advice}

## 사람이 정한, 배우지 않은 문서 · Held-out documents that people named

{measured}

검토된 문서는 기계가 모르겠다고 한 것이 많아, 이 수치는 전체 문서보다 나쁩니다.
Reviewed documents are mostly those the machine was unsure of: over all it does better.

## 만든 문서 · Made documents

{made}

## 종류별 · By kind

| 종류 kind | 문서 documents | 맞음 right | 수락 accepted | 수락 오류 wrong |
| --- | --- | --- | --- | --- |
{kinds}
"""
_ADVICE = {
    True: "권고: 받아들일 만합니다. 수락 오류가 늘지 않고 더 많이 맞히거나 수락합니다.\n"
    "Advice: it may be accepted. It errs no more where it accepts, and names or accepts more.",
    False: "권고: 받아들이지 마세요. 더 낫다는 증거가 없습니다.\n"
    "Advice: do not accept it. Nothing shows that it is better.",
}


def propose_model(
    workshop: Workshop, institution: str, tell: Callable[[str], None] = lambda _: None
) -> ModelProposal | None:
    """Train and compare; keep the proposal with its table; None where the same one came out.

    Raises:
        RejectedInput: `labels_too_few`, `institution_unknown`.
        SetupError: training is not part of this installation (`training_absent`).
    """
    require_training()
    from classifiers.training.retraining import retrain  # noqa: PLC0415 (not in every house)

    examples = gather(workshop, institution).examples
    replaces = accepted_model(workshop, institution)
    in_use = classifier_of(workshop, institution, replaces)
    made = retrain(examples, in_use, ROUNDS, tell)
    digest = figures_digest(made.fitted.figures)
    if digest == replaces:
        return None
    old = {row.kind: row for row in made.now.kinds}
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    proposal = ModelProposal(
        id=derive_id(PROPOSAL, institution, digest, at),
        institution=institution,
        digest=digest,
        replaces=replaces,
        at=at,
        taught=made.taught,
        risk=made.risk,
        held_out=made.held_out,
        across=any(one.institution.code != institution for one in examples),
        better=made.is_better,
        measured=_compared(made.now, made.new),
        made=_compared(made.now_made, made.new_made),
        kinds=tuple(
            KindRow(
                row.kind,
                row.documents,
                old[row.kind].right,
                row.right,
                old[row.kind].accepted,
                row.accepted,
                old[row.kind].wrong,
                row.wrong,
            )
            for row in made.new.kinds
        ),
    )
    keep_proposal(workshop, proposal, made.fitted.packed, made.fitted.figures)
    path = proposal_path(workshop, proposal.id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(proposal_text(proposal), "utf-8")
    return proposal


def require_training() -> None:
    """Raise SetupError `training_absent` where the makers or the training are not installed.

    The makers lie beside the rooms in a checkout; no installation has them among its packages.
    """
    if (_CHECKOUT / "tests" / "makers").is_dir() and str(_CHECKOUT) not in sys.path:
        sys.path.insert(0, str(_CHECKOUT))
    try:
        import classifiers.training.retraining  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise SetupError("training_absent", error.name or "") from error
    assert classifiers.training.retraining


def proposal_path(workshop: Workshop, proposal: str) -> Path:
    """Where the table of a proposal lies."""
    return workshop.settings.reports / "models" / f"{proposal}.md"


def proposal_text(proposal: ModelProposal) -> str:
    """The table of a proposal, for who decides: counts and shares, nothing of a patient."""
    names = load_taxonomy()
    rows = [
        f"| {names.name(row.kind)} {names.name(row.kind, 'en')} | {row.documents} "
        f"| {row.now_right} → {row.new_right} | {row.now_accepted} → {row.new_accepted} "
        f"| {row.now_wrong} → {row.new_wrong} |"
        for row in proposal.kinds
    ]
    return _TEXT.format(
        id=proposal.id,
        institution=proposal.institution,
        at=proposal.at,
        digest=proposal.digest,
        replaces=proposal.replaces,
        taught=proposal.taught,
        risk=proposal.risk,
        held_out=proposal.held_out,
        across="배움 yes" if proposal.across else "없음 none",
        advice=_ADVICE[proposal.better],
        measured=_table(proposal.measured),
        made=_table(proposal.made),
        kinds="\n".join(rows),
    )


def _compared(now: "Measures", new: "Measures") -> tuple[Comparison, ...]:
    def figures(of: "Measures") -> dict[str, float]:
        return {
            "documents": of.documents,
            "macro_f1": of.macro_f1,
            "accepted_share": round(of.accepted / max(of.documents, 1), 4),
            "wrong": of.wrong,
            "wrong_at_most": of.wrong_at_most,
            "calibration_error": of.calibration_error,
        }

    before, after = figures(now), figures(new)
    return tuple(Comparison(name, before[name], after[name]) for name in _FIGURES)


def _table(rows: tuple[Comparison, ...]) -> str:
    lines = ["| | 지금 in use | 새것 new |", "| --- | --- | --- |"]
    lines += [f"| {' '.join(dict.fromkeys(_FIGURES[r.what]))} | {r.now:g} | {r.new:g} |"
              for r in rows]  # fmt: skip
    return "\n".join(lines)


@tells_ids_only
def count_labels(workshop: Workshop, institution: str) -> StageReceipt:
    """How many labelled documents there are to learn from and to measure by."""
    require_training()
    found = gather(workshop, institution)
    held_out = sum(one.held_out for one in found.examples)
    counts = {
        "labels": found.labels,
        "learned": len(found.examples) - held_out,
        "held_out": held_out,
        "disputed": found.disputed,
        "unnamed": found.unnamed,
    }
    return StageReceipt("gather", "", counts)


@tells_ids_only
def propose_retrained(workshop: Workshop, institution: str) -> StageReceipt:
    """Train and propose; the receipt's batch is the proposal's id, empty where nothing is new.

    Shares are told in hundredths of a percent.
    """
    made = propose_model(workshop, institution)
    if made is None:
        return StageReceipt("train", "", {})
    counts = {"better": int(made.better), "held_out_documents": made.held_out}
    for row in made.measured:
        hundredths = 1 if row.what in ("documents", "wrong") else 10_000
        counts[f"{row.what}_now"] = round(row.now * hundredths)
        counts[f"{row.what}_new"] = round(row.new * hundredths)
    return StageReceipt("train", made.id, counts)


@tells_ids_only
def heed_model_answer(
    workshop: Workshop, institution: str, id: str, answer: Mapping[str, Any]
) -> StageReceipt:
    """Keep what a person answered (`by`, `accepts`, `why`); an accepted classifier is in use then.

    Raises:
        RejectedInput: nobody known answered, or without a reason (`model_answer_invalid`).
    """
    proposal = load_proposal(workshop, institution, id)
    given = answer_proposal(
        workshop, proposal, answer["by"], answer["why"], accepted=answer["accepts"]
    )
    return StageReceipt("heed", id, {"accepted": int(given.accepted)})

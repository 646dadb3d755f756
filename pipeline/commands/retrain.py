"""`giroksil retrain …`: an institution's kind classifier learned anew; a person accepts it."""

import argparse
import sys

from pipeline.assembly import open_workshop
from pipeline.commands import print_json, say, with_json
from pipeline.kind_models import answer_of, answer_proposal, load_proposal, model_in_use
from pipeline.reader import account_here
from pipeline.retraining import count_labels, proposal_path, proposal_text, propose_model
from records.codec import to_plain


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its own commands."""
    parser = commands.add_parser(
        "retrain", help="결정에서 배우는 종류 분류기 / learn kinds from what stewards decided"
    )
    own = parser.add_subparsers(dest="retrain_command", required=True, metavar="WHAT")
    for name, words, run in (
        ("labels", "배울 수 있는 결정의 수 / what there is to learn from", run_labels),
        ("propose", "훈련하고 비교해 제안 / train, compare, propose", run_propose),
        ("show", "제안과 답 / a proposal and its answer", run_show),
        ("accept", "받아들임 / use the new one from now on", run_answer),
        ("refuse", "거절 / nothing changes", run_answer),
    ):
        one = own.add_parser(name, help=words)
        if run in (run_show, run_answer):
            one.add_argument("proposal", metavar="PROPOSAL")
        if run is run_answer:
            one.add_argument("--reason", required=True, help="이유 / why")
        one.add_argument("--institution", required=True, metavar="C", help="기관 / institution")
        with_json(one)
        one.set_defaults(run=run, accepts=name == "accept")


def run_labels(options: argparse.Namespace) -> int:
    """Count; nothing is shown of any document."""
    workshop = open_workshop()
    counts = dict(count_labels(workshop, options.institution).counts)
    digest = model_in_use(workshop, options.institution)
    if options.json:
        print_json(counts | {"model": digest})
    else:
        say(f"기록된 결정 labels {counts['labels']}")
        say(f"배울 문서 to learn from {counts['learned']}  떼어 둔 문서 held out "
            f"{counts['held_out']}")  # fmt: skip
        say(f"의견이 갈림 disputed {counts['disputed']}  종류 없음 no kind {counts['unnamed']}")
        say(f"지금 쓰는 분류기 in use {digest}")
    return 0


def run_propose(options: argparse.Namespace) -> int:
    """Train and propose; 0 also where the same classifier came out."""
    workshop = open_workshop()
    made = propose_model(workshop, options.institution, lambda part: print(part, file=sys.stderr))
    if made is None:
        print_json({"proposal": None}) if options.json else say(
            "지금 쓰는 것과 같은 분류기입니다. / It is the one that is in use."
        )
    elif options.json:
        print_json({"proposal": made.id, "table": str(proposal_path(workshop, made.id)),
                    "better": made.better})  # fmt: skip
    else:
        say(proposal_text(made))
        say(f"giroksil retrain accept|refuse {made.id} --institution {made.institution} "
            "--reason …")  # fmt: skip
    return 0


def run_show(options: argparse.Namespace) -> int:
    """A proposal and what was answered."""
    workshop = open_workshop()
    proposal = load_proposal(workshop, options.institution, options.proposal)
    given = answer_of(workshop, options.institution, proposal.id)
    if options.json:
        print_json({"proposal": to_plain(proposal), "answer": to_plain(given)})
        return 0
    say(proposal_text(proposal))
    if given:
        say(f"{'받아들임 accepted' if given.accepted else '거절 refused'}  {given.by}  {given.at}")
    return 0


def run_answer(options: argparse.Namespace) -> int:
    """Accept or refuse, in the name of the account that runs this."""
    workshop = open_workshop()
    proposal = load_proposal(workshop, options.institution, options.proposal)
    given = answer_proposal(
        workshop, proposal, account_here(), options.reason, accepted=options.accepts
    )
    digest = model_in_use(workshop, options.institution)
    if options.json:
        print_json({"accepted": given.accepted, "model": digest})
    else:
        say(f"지금 쓰는 분류기 in use {digest}")
    return 0

"""`giroksil retention …`, `dispose …`: what is due, what is held, disposal by two persons."""

import argparse
import datetime as dt
import socket
from collections import Counter

from archive.retention.disposal import answer, answers, load_proposal
from archive.retention.expiry import Expiry
from archive.retention.orders import give_order, standing
from pipeline.assembly import Workshop, open_workshop
from pipeline.commands import print_json, say, with_json
from pipeline.disposing import carry_out, make_proposal, proposal_path, proposal_text
from pipeline.reader import account_here
from pipeline.retention import expiry_list, table_of
from records.codec import to_plain
from records.taxonomy import load_taxonomy

_STATES = {
    "due": "만료 due",
    "held": "보존 명령 held",
    "kept": "보존 중 kept",
    "permanent": "영구 permanent",
    "undated": "기산일 모름 undated",
}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands and their own commands."""
    parser = commands.add_parser("retention", help="보존기간 / periods, holds, extensions")
    own = parser.add_subparsers(dest="retention_command", required=True, metavar="WHAT")
    one = _of_institution(own.add_parser("list", help="보존기간이 끝난 문서 / what is due"))
    one.add_argument("--all", action="store_true", help="모든 문서 / every document")
    one.set_defaults(run=run_list)
    one = _of_institution(own.add_parser("holds", help="보존 명령과 연장 / holds and extensions"))
    one.set_defaults(run=run_holds)
    for action, words in (("hold", "보존 명령 / hold"), ("extend", "한 번 연장 / extend once")):
        one = _of_institution(own.add_parser(action, help=words))
        one.add_argument(
            "documents", nargs="*", metavar="DOC", help="비우면 기관 전체 / none: all of it"
        )
        one.add_argument("--reason", required=True, help="이유 / why")
        one.add_argument("--years", type=int, default=0, help="연장할 햇수 / years, of extend")
        one.set_defaults(run=run_order, action=action)
    one = _of_institution(own.add_parser("release", help="보존 명령 풀기 / end a hold"))
    one.add_argument("hold", metavar="HOLD")
    one.add_argument("--reason", required=True, help="이유 / why")
    one.set_defaults(run=run_release)

    parser = commands.add_parser("dispose", help="폐기(두 사람) / disposal, by two persons")
    own = parser.add_subparsers(dest="dispose_command", required=True, metavar="WHAT")
    one = _of_institution(own.add_parser("propose", help="폐기 제안 / propose what is due"))
    one.add_argument("documents", nargs="*", metavar="DOC", help="비우면 모두 / none: all due")
    one.set_defaults(run=run_propose)
    for name, words, run in (
        ("show", "제안과 답 / a proposal and its answers", run_show),
        ("agree", "동의 / agree", run_answer),
        ("refuse", "거절 / refuse", run_answer),
        ("run", "두 사람이 동의한 폐기 실행 / carry out what two agreed to", run_dispose),
    ):
        one = _of_institution(own.add_parser(name, help=words))
        one.add_argument("proposal", metavar="PROPOSAL")
        if run is run_answer:
            one.add_argument("--reason", required=True, help="이유 / why")
        one.set_defaults(run=run, agrees=name == "agree")


def _of_institution(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--institution", required=True, metavar="C", help="기관 / institution")
    with_json(parser)
    return parser


def _today() -> dt.date:
    return dt.datetime.now(dt.timezone(dt.timedelta(hours=9))).date()


def run_list(options: argparse.Namespace) -> int:
    """What is due, or where every document stands."""
    found = expiry_list(open_workshop(), options.institution, _today())
    for one in found:
        if options.all or one.state == "due":
            _tell(one, as_json=options.json)
    if not options.json:
        counts = Counter(one.state for one in found)
        say("  ".join(f"{words} {counts[state]}" for state, words in _STATES.items()))
    return 0


def _tell(one: Expiry, *, as_json: bool) -> None:
    if as_json:
        print_json(to_plain(one))
        return
    kinds, kind = load_taxonomy(), one.document.kind
    say(f"{one.document.id}  {_STATES[one.state]}  {one.due or '-'}  "
        f"{kinds.name(kind)} {kinds.name(kind, 'en')}  {one.basis}")  # fmt: skip


def run_holds(options: argparse.Namespace) -> int:
    """The holds and extensions that stand."""
    now = standing(open_workshop().archive, options.institution)
    for order in (*now.holds, *now.extensions):
        if options.json:
            print_json(to_plain(order))
        else:
            whom = f"문서 documents {len(order.documents)}" if order.documents else "전체 all"
            years = f"  {order.years}년 years" if order.years else ""
            say(f"{order.id}  {order.action}{years}  {whom}  {order.by}  {order.time[:10]}")
    return 0


def run_order(options: argparse.Namespace) -> int:
    """Place a hold, or extend once."""
    order = give_order(
        open_workshop().archive,
        options.institution,
        options.action,
        account_here(),
        socket.gethostname(),
        options.reason,
        options.documents,
        options.years,
    )
    print_json(to_plain(order)) if options.json else say(order.id)
    return 0


def run_release(options: argparse.Namespace) -> int:
    """End a hold."""
    archive, where = open_workshop().archive, socket.gethostname()
    order = give_order(
        archive,
        options.institution,
        "release",
        account_here(),
        where,
        options.reason,
        releases=options.hold,
    )
    print_json(to_plain(order)) if options.json else say(order.id)
    return 0


def run_propose(options: argparse.Namespace) -> int:
    """Propose; 0 also where nothing is due."""
    workshop = open_workshop()
    made = make_proposal(workshop, options.institution, account_here(), _today(), options.documents)
    if made is None:
        print_json({"proposal": None}) if options.json else say(
            "폐기할 수 있는 문서가 없습니다. / Nothing can be disposed of."
        )
        return 0
    if options.json:
        print_json({"proposal": made.id, "list": str(proposal_path(workshop, made.id))})
    else:
        say(proposal_text(made, table_of(workshop)))
        say(f"서로 다른 두 사람이: giroksil dispose agree {made.id} --institution "
            f"{options.institution} --reason …")  # fmt: skip
        say("by two different persons, then: giroksil dispose run …")
    return 0


def run_show(options: argparse.Namespace) -> int:
    """A proposal and what was answered."""
    workshop = open_workshop()
    proposal = load_proposal(workshop.archive, options.institution, options.proposal)
    given = answers(workshop.archive, proposal)
    if options.json:
        print_json({"proposal": to_plain(proposal), "answers": to_plain(given)})
    else:
        say(proposal_text(proposal, table_of(workshop)))
        for one in given:
            say(f"{'동의 agrees' if one.agrees else '거절 refuses'}  {one.by}  {one.time}")
    return 0


def run_answer(options: argparse.Namespace) -> int:
    """Agree or refuse, in the name of the account that runs this."""
    workshop: Workshop = open_workshop()
    proposal = load_proposal(workshop.archive, options.institution, options.proposal)
    given = answer(
        workshop.archive,
        proposal,
        account_here(),
        socket.gethostname(),
        options.reason,
        agrees=options.agrees,
    )
    print_json(to_plain(given)) if options.json else say(given.id)
    return 0


def run_dispose(options: argparse.Namespace) -> int:
    """Carry it out; 0 only when it is certified."""
    done = carry_out(open_workshop(), options.institution, options.proposal, _today())
    if options.json:
        print_json(to_plain(done))
    else:
        say(f"폐기 증명 certificate {done.id}")
        say(f"문서 documents {done.documents}  객체 objects {done.objects}")
        say(f"보관소 sites {done.sites}")
    return 0

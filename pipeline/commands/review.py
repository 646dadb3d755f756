"""`giroksil review BATCH`: decide held documents in the terminal, keyboard only; or its sample."""

import argparse
import sys

from pipeline.assembly import Workshop, open_workshop
from pipeline.batches import list_batches
from pipeline.commands import flag_words, print_json, say, with_json
from pipeline.commands.asking import ask_kind
from pipeline.commands.inspecting import inspect
from pipeline.outcomes import Outcomes
from pipeline.reader import Reader, reader_here
from pipeline.reviewing import conclude, decide, held
from quality.balance_text import padded
from records.errors import RejectedInput
from records.field_names import field_name, field_text
from records.judgements import Decision
from records.reasons import explain
from records.taxonomy import load_taxonomy
from records.values import Document, PageText

ASK = (
    "[a] 승인 accept  [r] 반려 reject  [t] 종류 고치고 승인 correct kind  "
    "[s] 다음 skip  [q] 끝 quit  (뒤에 이유 then why) > "
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("review", help="보류 문서 결정 / decide held documents")
    parser.add_argument(
        "batch",
        nargs="?",
        metavar="BATCH",
        help="비우면 기다리는 배치 / none: what waits, how long",
    )
    parser.add_argument("--purpose", default="review", help="열람 목적 / why, for the access log")
    parser.add_argument("--document", metavar="ID", help="이 문서만, 묻지 않고 / this one, unasked")
    parser.add_argument("--decide", choices=("accept", "reject"), help="--document의 결정 / for it")
    parser.add_argument("--type", metavar="T", help="고친 종류 / corrected kind")
    parser.add_argument("--reason", default="", help="이유 / why so decided")
    parser.add_argument("--sample", action="store_true", help="표본의 쪽 검사 / its sampled pages")
    parser.add_argument(
        "--second",
        action="store_true",
        help="--sample에서 다른 사람이 본 쪽을 한 번 더 / pages that another person has judged",
    )
    with_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Decide one by one (or the one named), then store, index and seal again."""
    workshop, reader = open_workshop(), reader_here(options.purpose)
    if not options.batch:
        return _say_waiting(workshop, as_json=options.json)
    if options.sample:
        return inspect(workshop, options)
    if options.decide and not options.document:
        raise RejectedInput("document_not_named")
    if options.document:
        if not options.decide:
            raise RejectedInput("decision_unknown")
        decided = 1
        decide(
            workshop,
            options.batch,
            Decision(options.document, options.decide, reader.who, options.reason, options.type),
            reader,
        )
    else:
        decided = _ask_all(workshop, options.batch, reader)
    receipt = conclude(workshop, options.batch)
    if options.json:
        print_json({"decided": decided, "counts": dict(receipt.counts) if receipt else {}})
    else:
        say(f"결정 decided {decided}")
        if receipt is None:
            say("배치가 아직 봉인되지 않았습니다. 결정은 배치가 이어질 때 반영됩니다.")
            say("The batch has no seal yet; the decisions are heeded when its run goes on.")
    return 0


def _say_waiting(workshop: Workshop, *, as_json: bool) -> int:
    """Every batch with held documents, and for how many days they have waited."""
    waiting = [line for line in list_batches(workshop) if line.held]
    for line in sorted(waiting, key=lambda line: -(line.held_days or 0)):
        if as_json:
            row = {"batch": line.batch, "institution": line.institution}
            print_json(row | {"held": line.held, "days": line.held_days})
        else:
            say(f"{line.batch}  {line.institution}  보류 held {line.held}  {line.held_days}일 days")
    return 0


def _ask_all(workshop: Workshop, batch: str, reader: Reader) -> int:
    decided = 0
    verdicts = Outcomes(workshop.work(batch)).verdicts
    for document, pages in held(workshop, batch, reader):
        _show(document, pages, verdicts[document.id].reasons)
        if (decision := _ask(document, reader.who)) is None:
            continue
        if not decision.outcome:
            break
        decide(workshop, batch, decision, reader)
        decided += 1
    return decided


def _show(document: Document, pages: list[PageText], reasons: tuple[str, ...]) -> None:
    say("─" * 72)
    confidence = "—" if document.type_confidence is None else f"{document.type_confidence:.2f}"
    say(f"{document.id}  {load_taxonomy().name(document.type)} ({confidence})")
    for reason in reasons:
        say(f"  · {explain(reason)} / {explain(reason, 'en')}")
    for number, page in enumerate(pages, 1):
        say(f"  ── {number}쪽 p.{number}  {flag_words(page.flags)}".rstrip())
        for line in page.lines[:14]:
            say(f"     {line.text}")
    for key, field in document.fields.items():
        say(f"  {padded(field_name(key), 32)} {field_text(field.value)}")


def _ask(document: Document, who: str) -> Decision | None:
    """Ask until there is an answer; an empty outcome means quit, None means skip."""
    while True:
        sys.stdout.write(ASK)
        sys.stdout.flush()
        answer = sys.stdin.readline()
        first, *why = (answer or "q").split(maxsplit=1) or [""]
        choice, reason = first.lower(), " ".join(why).strip() or "terminal"
        if choice == "q":
            return Decision(document.id, "", who, "")
        if choice == "s":
            return None
        if choice in ("a", "r"):
            outcome = "accept" if choice == "a" else "reject"
            return Decision(document.id, outcome, who, reason)
        if choice == "t" and (kind := ask_kind()):
            return Decision(document.id, "accept", who, reason, kind)

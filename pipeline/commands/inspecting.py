"""`giroksil review BATCH --sample`: look at the sampled pages one by one, keyboard only."""

import argparse
import datetime as dt
import sys

from pipeline.assembly import Workshop
from pipeline.commands import flag_words, print_json, say
from pipeline.commands.asking import ask_kind
from pipeline.reader import reader_here
from pipeline.reports import refresh_report
from pipeline.sample_pages import SamplePage, pages_to_judge
from pipeline.sampling import judge
from pipeline.separate_duties import require_other_person
from quality.balance_text import padded
from quality.sampling.inspection_rules import load_inspection_rules
from quality.sampling.lot_result import REJECTED, Judgement
from quality.sampling.words import OUTCOMES
from records.field_names import field_name, field_text
from records.reasons import explain, load_reasons
from records.taxonomy import load_taxonomy

ASK = (
    "[0] 이상 없음 good  [번호 numbers] 결함 defects, 예 e.g. 2 6  "
    "[?] 결함 목록 list  [s] 다음 skip  [q] 끝 quit > "
)
LINES_SHOWN = 20
WRONG_KIND = "defect_wrong_kind"


def inspect(workshop: Workshop, options: argparse.Namespace) -> int:
    """Show every page that this person has still to judge; 1 where the lot does not pass."""
    reader = reader_here(options.purpose)
    require_other_person(workshop.work(options.batch).batch.delivery, reader.who)
    pages = pages_to_judge(workshop, options.batch, reader, second=options.second)
    judged, outcome = 0, ""
    inspection = None
    if pages:
        _say_defects()
    for number, page in enumerate(pages, 1):
        _show(page, number, len(pages))
        defects = _ask()
        if defects is None:
            continue
        if defects == ("quit",):
            break
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        kind = ask_kind() if WRONG_KIND in defects else ""
        judgement = Judgement(page.item, reader.who, defects, now, kind=kind)
        inspection = judge(workshop, options.batch, judgement, inspection)
        judged, outcome = judged + 1, inspection.result.outcome
    if judged:
        refresh_report(workshop, options.batch)
    if options.json:
        print_json({"judged": judged, "left": len(pages) - judged, "outcome": outcome})
    else:
        say(f"검사 judged {judged}  남음 left {len(pages) - judged}")
        if outcome:
            say(" ".join(OUTCOMES[outcome]))
    return 1 if outcome == REJECTED else 0


def _say_defects() -> None:
    reasons = load_reasons()
    rules = load_inspection_rules()
    words = {one.id: f"{one.korean} {one.english}" for one in rules.classes}
    for number, defect in enumerate(rules.defects, 1):
        reason = reasons[defect.id]
        say(f"  {number:2}  {reason.korean} / {reason.english}  ({words[defect.defect_class]})")


def _show(page: SamplePage, number: int, of: int) -> None:
    say("─" * 72)
    box = f"  상자 box {page.box}" if page.box else ""
    say(f"{number}/{of}  {page.path}  {page.number_in_file}쪽 p.{page.number_in_file}{box}")
    names = load_taxonomy()
    kind = explain(f"flag.{page.kind}") if not page.fields and not _is_kind(page.kind) else ""
    say(f"  {kind or names.name(page.kind)} / {names.name(page.kind, 'en')}")
    say(f"  문서의 {page.number}/{page.pages}쪽 page of its document  {page.page}")
    for key, field in page.fields.items():
        say(f"  {padded(field_name(key), 32)} {field_text(field.value)}")
    if page.text is None:
        return
    say(f"  {flag_words(page.text.flags)}".rstrip())
    for line in page.text.lines[:LINES_SHOWN]:
        say(f"     {line.text}")


def _is_kind(code: str) -> bool:
    return code in load_taxonomy().kinds


def _ask() -> tuple[str, ...] | None:
    """Defects, none of them for a good page; None: skip; `("quit",)`: no more."""
    defects = load_inspection_rules().defects
    while True:
        sys.stdout.write(ASK)
        sys.stdout.flush()
        answer = sys.stdin.readline()
        words = answer.split()
        if not answer or words == ["q"]:
            return ("quit",)
        if words == ["s"]:
            return None
        if words == ["?"]:
            _say_defects()
        elif words == ["0"]:
            return ()
        elif words and all(w.isdigit() and 0 < int(w) <= len(defects) for w in words):
            return tuple(sorted({defects[int(word) - 1].id for word in words}))

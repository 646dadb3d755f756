"""`giroksil access …`: who looked at what, the monthly review, alarms and their answers."""

import argparse

from archive.access_rules import load_rules
from pipeline.access_reports import (
    WORDS,
    answer,
    entries_of,
    last_month,
    open_alarms,
    write_review,
)
from pipeline.assembly import open_workshop
from pipeline.commands import print_json, say, with_json
from pipeline.reader import reader_here
from records.codec import to_plain


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its own commands."""
    parser = commands.add_parser("access", help="접속기록 / the access log")
    own = parser.add_subparsers(dest="access_command", required=True, metavar="WHAT")
    one = own.add_parser("list", help="한 달의 기록 / a month's entries")
    one.add_argument("--institution", required=True, metavar="C", help="요양기관기호 / code")
    one.add_argument("--month", metavar="M", help="2026-11; 없으면 지난달 / else the last one")
    one.add_argument("--purpose", required=True, help="열람 목적 / why, for the access log")
    with_json(one)
    one.set_defaults(run=run_list)
    one = own.add_parser("report", help="월 점검 보고서 쓰기 / write the monthly review")
    one.add_argument("--institution", metavar="C", help="이 기관만 / only this one")
    one.add_argument("--month", metavar="M", help="2026-11; 없으면 지난달 / else the last one")
    with_json(one)
    one.set_defaults(run=run_report)
    one = own.add_parser("alarms", help="이상 접속 / unusual access; 0 where all is answered")
    with_json(one)
    one.set_defaults(run=run_alarms)
    one = own.add_parser("answer", help="경보에 답하기 / answer for an alarm")
    one.add_argument("alarm", metavar="ALARM")
    one.add_argument("--why", required=True, help="원인과 조치 / cause and what was done")
    with_json(one)
    one.set_defaults(run=run_answer)


def run_list(options: argparse.Namespace) -> int:
    """Every entry of a month, one a line."""
    workshop = open_workshop()
    month = options.month or last_month(workshop)
    reader = reader_here(options.purpose)
    for entry in entries_of(workshop, options.institution, month, reader):
        if options.json:
            print_json(to_plain(entry))
        else:
            found = "" if entry.found else "  (없음 not there)"
            say(f"{entry.time}  {entry.who}  {entry.where}  {WORDS.get(entry.what, entry.what)}")
            documents, persons = len(entry.documents), len(entry.persons)
            say(f"    문서 documents {documents}  환자 patients {persons}{found}")
            say(f"    {entry.why}")
    return 0


def run_report(options: argparse.Namespace) -> int:
    """Write the reviews; print where they lie."""
    workshop = open_workshop()
    month = options.month or last_month(workshop)
    codes = [options.institution] if options.institution else workshop.archive.institutions()
    for code in codes:
        counted, path = write_review(workshop, code, month)
        if options.json:
            plain = {"institution": code, "month": month, "entries": counted.total}
            print_json(plain | {"alarms": len(counted.alarms), "report": str(path)})
        else:
            say(f"{code}  접속 accesses {counted.total}  경보 alarms {len(counted.alarms)}  {path}")
    return 0


def run_alarms(options: argparse.Namespace) -> int:
    """Every alarm of the last five weeks; 0 only if each is answered."""
    workshop = open_workshop()
    rules, found = load_rules(workshop.settings.access_rules), open_alarms(workshop)
    for alarm in found:
        if options.json:
            print_json(to_plain(alarm))
            continue
        rule = rules.rule(alarm.rule)
        say(f"{'✓' if alarm.answered else '✗'} {alarm.id}  {rule.korean}")
        say(f"    {rule.english}")
        say(f"    {alarm.who}  {', '.join(alarm.where)}  {alarm.first} – {alarm.last}")
        say(f"    수 count {alarm.count}  기관 institutions {', '.join(alarm.institutions)}")
    if not options.json:
        say(f"경보 alarms {len(found)}")
    return 1 if any(not alarm.answered for alarm in found) else 0


def run_answer(options: argparse.Namespace) -> int:
    """Answer for an alarm; the answer stands in the log."""
    alarm = answer(open_workshop(), options.alarm, reader_here(options.why))
    if options.json:
        print_json({"answered": alarm.id})
    else:
        say(f"답했습니다 / answered {alarm.id}")
    return 0

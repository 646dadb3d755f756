"""The access log looked over: alarms as they arise, a report each month, people's answers."""

import datetime as dt
import functools
import logging
from collections.abc import Sequence
from pathlib import Path

import jinja2

from archive.access_entry import ANSWERED, AccessEntry
from archive.access_review import AccessReview, month_bounds, review
from archive.access_rules import Alarm, Rules, alarms, load_rules
from pipeline.assembly import Workshop
from pipeline.reader import Reader
from pipeline.telling import tells_ids_only
from records.errors import IntegrityError, RejectedInput
from records.redacted_logging import event
from records.values import StageReceipt

log = logging.getLogger(__name__)

LOOKED_BACK = dt.timedelta(days=35)
_SETTLED = dt.timedelta(days=1)
"""A stretch that ends this near to the beginning of what was read may have begun before it."""
WORDS = {
    "search": "찾기 search",
    "review": "보류 문서 열람 review",
    "thumbnail": "쪽 그림 page image",
    "export": "내보내기 export",
    "view": "열람 view",
    "decide_accept": "승인 accept",
    "decide_reject": "반려 reject",
    "access_log": "접속기록 열람 access log",
    ANSWERED: "경보에 답함 alarm answered",
}


@tells_ids_only
def review_access(workshop: Workshop) -> StageReceipt:
    """Look through the last five weeks of every institution's log for unusual access.

    Raises:
        IntegrityError: `access_unusual` with the number of alarms that nobody has answered for.
        SetupError: the rules cannot be read.
    """
    found, entries = _alarms(workshop)
    unanswered = [alarm for alarm in found if not alarm.answered]
    for alarm in unanswered:
        event(log, "access_alarm", logging.WARNING, alarm=alarm.id, rule=alarm.rule)
    if unanswered:
        raise IntegrityError("access_unusual", str(len(unanswered)))
    return StageReceipt("review_access", "", {"entries": entries, "alarms": len(found)})


@tells_ids_only
def report_access(workshop: Workshop, month: str = "") -> StageReceipt:
    """Write every institution's review of a month (2026-11); the last full one where none is named.

    Raises:
        IntegrityError: an institution's keys do not open; all others were written first.
    """
    opened, shut = workshop.archive.vaults()
    month = month or last_month(workshop)
    total = 0
    for vault in opened:
        counted, _ = write_review(workshop, vault.institution, month)
        total += counted.total
    for error in shut:
        raise error
    return StageReceipt("report_access", "", {"reports": len(opened), "entries": total})


def open_alarms(workshop: Workshop) -> tuple[Alarm, ...]:
    """Every alarm of the last five weeks, answered or not."""
    return _alarms(workshop)[0]


def answer(workshop: Workshop, alarm: str, reader: Reader) -> Alarm:
    """Answer for an alarm: the answer is an entry of the log of every institution concerned.

    Raises:
        RejectedInput: `alarm_unknown`, `purpose_missing`.
    """
    if not reader.why.strip():
        raise RejectedInput("purpose_missing")
    for found in open_alarms(workshop):
        if found.id == alarm:
            for institution in found.institutions:
                workshop.log_access(reader, ANSWERED, institution, [alarm], persons=())
            return found
    raise RejectedInput("alarm_unknown", alarm)


def entries_of(
    workshop: Workshop, institution: str, month: str, reader: Reader
) -> list[AccessEntry]:
    """A month of an institution's log, purposes and all; that it is read is logged first.

    Raises:
        RejectedInput: `institution_unknown`, `month_unknown`.
    """
    archive = workshop.archive
    if institution not in set(archive.institutions()):
        raise RejectedInput("institution_unknown", institution)
    begin, end = _bounds(workshop, month)
    workshop.log_access(reader, "access_log", institution, persons=())
    entries = archive.access.entries(institution, begin)
    return [entry for entry in entries if dt.datetime.fromisoformat(entry.time) < end]


def write_review(workshop: Workshop, institution: str, month: str) -> tuple[AccessReview, Path]:
    """Count a month of one institution and write its page, Korean and English."""
    rules, access = _rules(workshop), workshop.archive.access
    begin, _ = _bounds(workshop, month)
    entries = access.entries(institution)
    near = [e for e in entries if dt.datetime.fromisoformat(e.time) >= begin - LOOKED_BACK]
    whole = access.without_leaf(institution) == 0
    oldest = min((entry.time for entry in entries), default="")
    counted = review(institution, month, near, alarms(near, rules), rules, whole, oldest)
    path = workshop.settings.reports / "access" / month / f"{institution}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(render(counted, rules), "utf-8")
    new.replace(path)
    return counted, path


def render(counted: AccessReview, rules: Rules) -> str:
    """The page of a review."""

    def local(time: str) -> str:
        return f"{dt.datetime.fromisoformat(time).astimezone(rules.zone):%Y-%m-%d %H:%M}"

    made_at = f"{dt.datetime.now(rules.zone):%Y-%m-%d %H:%M}"
    return _template().render(
        review=counted, rules=rules, local=local, zone=rules.zone.key, words=WORDS, made_at=made_at
    )


def last_month(workshop: Workshop) -> str:
    """The last month that is over, where the rules keep their time."""
    now = dt.datetime.now(_rules(workshop).zone)
    return f"{now.replace(day=1) - dt.timedelta(days=1):%Y-%m}"


def _alarms(workshop: Workshop) -> tuple[tuple[Alarm, ...], int]:
    rules, archive = _rules(workshop), workshop.archive
    since = dt.datetime.now(dt.UTC) - LOOKED_BACK
    opened, _ = archive.vaults()
    codes = [vault.institution for vault in opened]
    entries: Sequence[AccessEntry] = archive.access.entries_of_all(codes, since)
    settled = (since + _SETTLED).isoformat()
    found = tuple(alarm for alarm in alarms(entries, rules) if alarm.last >= settled)
    return found, len(entries)


def _bounds(workshop: Workshop, month: str) -> tuple[dt.datetime, dt.datetime]:
    try:
        return month_bounds(month, _rules(workshop).zone)
    except ValueError as error:
        raise RejectedInput("month_unknown") from error


def _rules(workshop: Workshop) -> Rules:
    return load_rules(workshop.settings.access_rules)


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("access_review.html")

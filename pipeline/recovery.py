"""The second site in the house's hands: kept equal, and proven by restoring from it."""

import datetime as dt
import tempfile
from pathlib import Path

from archive.replica import ReplicaReport, replicate
from archive.vault.names import is_institution
from archive.vault.store import ObjectStore
from pipeline.assembly import Workshop
from pipeline.drill import drill
from pipeline.drill_report import write_drill_report
from pipeline.findings import write_findings
from pipeline.telling import tells_ids_only
from pipeline.turns import Turns
from records.errors import IntegrityError
from records.values import StageReceipt

_SEOUL = dt.timezone(dt.timedelta(hours=9))


def bring_up_to_date(workshop: Workshop, *, everything: bool) -> ReplicaReport:
    """Replicate; read every byte on both sites, or only of the objects whose turn it is."""
    settings, second = workshop.settings, workshop.require_second_site()
    pace = settings.verify_per_second or None
    if everything:
        return replicate(workshop.archive, second, per_second=pace)
    turns = Turns(settings.home_path / "upkeep" / "replicate.json", settings.verify_period_days)
    unequal = None
    for part in turns.due():
        report = replicate(workshop.archive, second, content=turns.portion(part), per_second=pace)
        if report.equal:  # else the part stays due
            turns.done(part)
        else:
            unequal = unequal or report
    return unequal or report


@tells_ids_only
def replicate_archive(workshop: Workshop) -> StageReceipt:
    """Bring the second site up to date and prove it equal; of contents those that are due.

    Raises:
        IntegrityError: `replica_incomplete` with the number of problems.
    """
    report = bring_up_to_date(workshop, everything=False)
    names = ("objects", "copied", "renewed", "mended", "buried", "proven", "leaves")
    counts = {name: getattr(report, name) for name in names}
    title = "둘째 보관소 · The second site"
    reports = workshop.settings.reports
    write_findings(reports, "replicate", title, counts, report.problems, report.warnings)
    if report.problems:
        raise IntegrityError("replica_incomplete", str(len(report.problems)))
    return StageReceipt("replicate", "", counts)


@tells_ids_only
def restore_drill(workshop: Workshop, whole: bool | None = False) -> StageReceipt:
    """Restore from the second site to an empty place, check it, write a report, remove the place.

    `whole`: one institution, each in its turn from month to month; else a random sample. None: an
    institution, unless one has come back whole this month: what failed or was missed stays due.

    Raises:
        IntegrityError: `drill_failed` with the number of problems.
    """
    settings, today = workshop.settings, _today()
    month, done = f"{today:%Y-%m}", settings.home_path / "upkeep" / "whole-drill"
    if whole is None:
        whole = not done.exists() or done.read_text("utf-8") != month
    institution = _of_the_month(workshop.require_second_site(), today) if whole else ""
    home = settings.home_path
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix="drill-") as place:
        report = drill(workshop, Path(place), settings.drill_sample, institution)
    write_drill_report(settings.reports, report)
    if report.problems:
        raise IntegrityError("drill_failed", str(len(report.problems)))
    if institution:
        done.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        done.write_text(month, "utf-8")
    counts = {name: getattr(report, name) for name in ("there", "restored", "opened", "documents")}
    return StageReceipt("drill", "", counts)


def _of_the_month(second: ObjectStore, today: dt.date) -> str:
    codes = [code for code in second.roots() if is_institution(code)]
    return codes[(today.year * 12 + today.month) % len(codes)] if codes else ""


def _today() -> dt.date:
    return dt.datetime.now(_SEOUL).date()

"""Where the gaps of a balance are on paper: which file, which of its pages."""

from dataclasses import replace

from pipeline.outcomes import Outcomes
from pipeline.work import WorkArea
from quality.balance import BalanceSheet, Gap
from records.ids import page_id

Place = tuple[str, tuple[int, ...]]


def with_places(work: WorkArea, sheet: BalanceSheet) -> BalanceSheet:
    """The sheet, each of its gaps with file and pages (from 1), as far as they are known."""
    if not sheet.gaps:
        return sheet
    outcomes = Outcomes(work)
    batch = work.batch
    subjects = {gap.subject for gap in sheet.gaps}
    owned = {d.id: d.pages for d in outcomes.each_document() if d.id in subjects}
    wanted = subjects | {page for pages in owned.values() for page in pages}
    paths = [(one.id, one.path) for one in batch.files] + [(m.id, m.path) for m in batch.missing]
    pages = {page: (path, (number,)) for page, path, number in outcomes.each_place(wanted)}
    # Pages that triage knows of and could not even list.
    lost = {
        page_id(failure.subject, failure.page - 1): (failure.path, (failure.page,))
        for failure in work.triaged().failures
        if failure.page and failure.path
    }
    known: dict[str, Place] = {id: (path, ()) for id, path in paths}
    known.update(lost)
    known.update(pages)

    def placed(gap: Gap) -> Gap:
        own = owned.get(gap.subject, ())
        if own and own[0] in pages:
            path = pages[own[0]][0]
            there = [pages[page] for page in own if page in pages]
            numbers = tuple(number for file, (number,) in there if file == path)
            return replace(gap, file=path, pages=numbers)
        file, numbers = known.get(gap.subject, ("", ()))
        return replace(gap, file=file, pages=numbers)

    return replace(sheet, gaps=tuple(placed(gap) for gap in sheet.gaps))

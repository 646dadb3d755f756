"""The list of sheets to scan again, as a page that a scanning team prints and ticks off.

It names files as the deliverer did, so that the paper can be found: it is for the team's hands,
not for a log or a report.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2

from quality.display_times import display_moment
from records.reasons import Reason, load_reasons

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Rescan:
    """One sheet or file to scan again: where it lies, which page (1-based; None = all), why.

    `page_id` names the page's thumbnail on the workbench; empty for a whole file. `scanned_again`:
    the page's current version, where a new scan of it has come; both stay.
    """

    path: str
    page: int | None
    box: str | None
    reasons: tuple[str, ...]
    page_id: str = ""
    scanned_again: str = ""


def as_html(
    batch: str, institution: str, made_at: str, rows: Sequence[Rescan], *, whole_lot: bool
) -> str:
    """One A4 page or more, box by box; `whole_lot`: the lot did not pass and goes back whole."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    boxes: dict[str, list[Rescan]] = {}
    for row in rows:
        boxes.setdefault(row.box or "", []).append(row)
    return environment.get_template("rescan.html").render(
        batch=batch,
        institution=institution,
        made_at=display_moment(made_at),
        boxes=sorted(boxes.items()),
        total=len(rows),
        whole_lot=whole_lot,
        reason=lambda code: load_reasons().get(code, Reason(code, code, code)),
    )

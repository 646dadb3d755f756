"""The management page as HTML: one page that stands by itself, in Korean and English."""

from dataclasses import dataclass
from pathlib import Path

import jinja2

from quality.display_times import display_moment
from quality.overview import AGES, Overview, Week

TEMPLATES = Path(__file__).parent / "templates"
OPEN_SHOWN = 60
REJECTED_SHOWN = 30
WARDS_SHOWN = 200
_WIDTH, _HEIGHT = 960, 130


@dataclass(frozen=True, slots=True)
class Column:
    """One week's column of the picture of throughput, in SVG user units."""

    week: Week
    x: float
    y: float
    width: float
    height: float


def render_overview(found: Overview, links: bool = False) -> str:
    """Return the page; no script, nothing loaded.

    `links`: batches lead to `batches/<batch>/report.html`, as the workbench serves them.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["number"] = "{:,}".format
    environment.filters["moment"] = display_moment
    return environment.get_template("overview.html").render(
        it=found,
        links=links,
        ages=AGES,
        columns=_columns(found.weeks),
        most_pages=max((week.pages for week in found.weeks), default=0),
        open_shown=found.open[:OPEN_SHOWN],
        rejected_shown=found.lots_rejected[:REJECTED_SHOWN],
        wards_shown=WARDS_SHOWN,
    )


def _columns(weeks: tuple[Week, ...]) -> list[Column]:
    most = max((week.pages for week in weeks), default=0) or 1
    step = _WIDTH / max(len(weeks), 8)
    return [
        Column(
            week,
            round(n * step + 2, 1),
            round(_HEIGHT * (1 - week.pages / most), 1),
            round(step - 4, 1),
            round(_HEIGHT * week.pages / most, 1),
        )
        for n, week in enumerate(weeks)
    ]

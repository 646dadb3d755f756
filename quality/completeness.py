"""What of an institution is here and what is not: so that "not found" can be said honestly.

The statement names boxes and chart numbers. It is for the health centre that answers for the
institution, and is written to the access log.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2

from quality.display_times import display_moment

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class BoxState:
    """One box over all deliveries; an empty name: what lies in no named box.

    `charts_missing`: declared charts of which no document was found. `damaged`: files and pages
    that came and could not be used. `held`, `rejected`: documents that nobody has accepted.
    """

    box: str
    pages: int = 0
    documents: int = 0
    charts_found: tuple[str, ...] = ()
    charts_missing: tuple[str, ...] = ()
    files_missing: int = 0
    damaged: int = 0
    held: int = 0
    rejected: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing of the box is known to be missing, damaged or undecided."""
        lacking = (self.files_missing, self.damaged, self.held, self.rejected)
        return not any(lacking) and not self.charts_missing


@dataclass(frozen=True, slots=True)
class Completeness:
    """The statement of one institution.

    `unfinished`: batches that are still worked on or have no seal. `undeclared`: batches that came
    without a manifest, so that nobody can say what should have come. `sheets_open`: declared sheets
    that did not come and that no file explains.
    """

    institution: str
    name: str
    batches: int
    unfinished: tuple[str, ...]
    undeclared: tuple[str, ...]
    sheets_open: int
    boxes: tuple[BoxState, ...]

    @property
    def whole(self) -> bool:
        """Whether "not found" means that there never was such a record among what was deposited."""
        open_ends = (self.unfinished, self.undeclared, self.sheets_open)
        return bool(self.batches) and not any(open_ends) and all(box.whole for box in self.boxes)


def ranges(charts: Iterable[str]) -> tuple[str, ...]:
    """Chart numbers, those that follow each other as `first–last`; others by themselves."""
    numbers = sorted({chart for chart in charts if re.fullmatch(r"\d{1,12}", chart)}, key=_number)
    found: list[list[str]] = []
    for chart in numbers:
        if found and _number(chart) == (len(chart), _number(found[-1][-1])[1] + 1):
            found[-1].append(chart)
        else:
            found.append([chart])
    words = sorted({chart for chart in charts if not re.fullmatch(r"\d{1,12}", chart)})
    return (*(_range(run) for run in found), *words)


def _number(chart: str) -> tuple[int, int]:
    return len(chart), int(chart)


def _range(run: Sequence[str]) -> str:
    return run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}"


def as_html(statement: Completeness, made_at: str) -> str:
    """The statement as one page, Korean and English, to print."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("completeness.html").render(
        it=statement, made_at=display_moment(made_at), ranges=ranges
    )

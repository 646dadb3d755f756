"""How well pages were scanned, by box and by hour: where it went wrong, and when."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from quality.display_names import display_box

# More rows are no picture any more; the worst stay, the others are told together.
ROWS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One scanned page: its box, the hour by the scanner's clock (2026-11-20T09), how it came out.

    `faulty`: the scan shows a fault (`quality.page_facts.SCAN_FAULTS`).
    """

    box: str
    hour: str
    confidence: float | None
    sharpness: float | None
    faulty: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """Where most values lie: a tenth is below `low`, a tenth above `high`."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Group:
    """The pages of one box or hour; an empty name: of no named box, of an hour nobody wrote down.

    `others`: how many groups stand together here; 0 for a group by itself.
    """

    name: str
    pages: int
    faulty: int
    confidence: Spread | None
    sharpness: Spread | None
    others: int = 0

    @property
    def fault_share(self) -> float:
        """Share of its pages whose scan shows a fault."""
        return self.faulty / self.pages


@dataclass(frozen=True, slots=True)
class PageQuality:
    """The scanned pages of a batch, by box and by hour; `all`: all of them together."""

    all: Group
    boxes: tuple[Group, ...]
    hours: tuple[Group, ...]

    @property
    def timed(self) -> bool:
        """Whether any file says when it was scanned."""
        return any(hour.name or hour.others for hour in self.hours)


def page_quality(pages: Sequence[ScannedPage]) -> PageQuality | None:
    """Group the scanned pages of a batch; None where nothing was scanned."""
    if not pages:
        return None
    shown = display_boxes(page.box for page in pages)
    boxes = _grouped(pages, lambda page: shown[page.box])
    hours = sorted(_grouped(pages, lambda page: page.hour), key=lambda g: (not g.name, g.name))
    return PageQuality(_group("", pages), _worst(boxes), _worst(hours))


def display_boxes(boxes: Iterable[str]) -> dict[str, str]:
    """Names of boxes as a report may show them, in order; those that look alike are numbered."""
    shown: dict[str, str] = {}
    for box in dict.fromkeys(boxes):
        name = display_box(box)
        like = sum(other == name or other.startswith(f"{name} #") for other in shown.values())
        shown[box] = f"{name} #{like + 1}" if like else name
    return shown


def spread(values: Iterable[float | None]) -> Spread | None:
    """The middle of some values and where eight tenths of them lie; None where there are none."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    last = len(known) - 1
    low, median, high = (known[round(share * last)] for share in (0.1, 0.5, 0.9))
    return Spread(low, median, high)


def _grouped(pages: Iterable[ScannedPage], key: Callable[[ScannedPage], str]) -> list[Group]:
    members: dict[str, list[ScannedPage]] = {}
    for page in pages:
        members.setdefault(key(page), []).append(page)
    return [_group(name, group) for name, group in members.items()]


def _group(name: str, pages: Sequence[ScannedPage]) -> Group:
    return Group(
        name,
        len(pages),
        sum(page.faulty for page in pages),
        spread(page.confidence for page in pages),
        spread(page.sharpness for page in pages),
    )


def _worst(groups: Sequence[Group]) -> tuple[Group, ...]:
    """All groups in order; of too many the worst, and the others as one."""
    if len(groups) <= ROWS_SHOWN:
        return tuple(groups)
    ranked = sorted(groups, key=lambda g: (-g.fault_share, _middle(g.confidence), -g.pages))
    kept = set(ranked[: ROWS_SHOWN - 1])
    rest = [group for group in groups if group not in kept]
    together = Group(
        "",
        sum(group.pages for group in rest),
        sum(group.faulty for group in rest),
        _together([group.confidence for group in rest]),
        _together([group.sharpness for group in rest]),
        len(rest),
    )
    return (*(group for group in groups if group in kept), together)


def _middle(found: Spread | None) -> float:
    return 1.0 if found is None else found.median


def _together(spreads: Sequence[Spread | None]) -> Spread | None:
    """About where the values of several groups lie: the mean of their medians between the ends."""
    known = [one for one in spreads if one]
    if not known:
        return None
    middle = fmean(one.median for one in known)
    return Spread(min(one.low for one in known), middle, max(one.high for one in known))

"""Geometry of the report's pictures: the flow of pages, and the confidence histogram.

Pure arithmetic, in SVG user units; `templates/flow.svg` and `templates/histogram.svg` draw it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FLOW_WIDTH = 960
COLUMNS = (0, 330, 690)
NODE_WIDTH = 10
TALLEST = 190
THINNEST = 2.0
SLOT = 40
ABSENT_HEIGHT = 28.0
BINS = 20


@dataclass(frozen=True, slots=True)
class Node:
    """A bar of the flow picture: what it stands for, how many pages, where it stands."""

    code: str
    count: int
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Band:
    """A curved band from one bar to another, as an SVG path; `code` is that of its end."""

    code: str
    path: str


@dataclass(frozen=True, slots=True)
class Flow:
    """The flow picture: bars, bands, and the height it needs."""

    nodes: tuple[Node, ...]
    bands: tuple[Band, ...]
    height: float


def flow(
    received: int, absent: int, classes: Mapping[str, int], outcomes: Mapping[str, int]
) -> Flow:
    """Lay out received pages → classes → outcomes; all counts are pages.

    The first class continues into the outcomes. `absent`: sheets that never came, a bar of its own.
    """
    scale = TALLEST / max(received, 1)
    first = _column(0, {"received": received}, scale)
    middle = _column(1, classes, scale)
    last = _column(2, outcomes, scale)
    bands = [*_bands(first, middle), *_bands(middle[:1], last)]
    nodes = [*first, *middle, *last]
    if absent:
        below = max((node.y for node in middle[1:]), default=TALLEST if received else 0.0)
        nodes.append(Node("absent", absent, COLUMNS[0], below, ABSENT_HEIGHT))
    bottom = max((node.y + max(node.height, SLOT) for node in nodes), default=0.0)
    return Flow(tuple(nodes), tuple(bands), bottom)


def _column(column: int, counts: Mapping[str, int], scale: float) -> list[Node]:
    nodes: list[Node] = []
    y = 0.0
    for code, count in counts.items():
        if count:
            height = min(max(count * scale, THINNEST), TALLEST)
            nodes.append(Node(code, count, COLUMNS[column], round(y, 1), round(height, 1)))
            y += max(height + 12, SLOT)
    return nodes


def _bands(sources: Sequence[Node], targets: Sequence[Node]) -> list[Band]:
    bands: list[Band] = []
    total = sum(target.count for target in targets)
    for source in sources:
        top = source.y
        for target in targets:
            bottom = top + source.height * target.count / total
            bands.append(Band(target.code, _path(source.x, top, bottom, target)))
            top = bottom
    return bands


def _path(left: int, top: float, bottom: float, target: Node) -> str:
    x0, x1, end = left + NODE_WIDTH, target.x, target.y + target.height
    middle = (x0 + x1) / 2
    return (
        f"M{x0},{top:.1f} C{middle},{top:.1f} {middle},{target.y:.1f} {x1},{target.y:.1f} "
        f"V{end:.1f} C{middle},{end:.1f} {middle},{bottom:.1f} {x0},{bottom:.1f} Z"
    )


def histogram(confidences: Sequence[float]) -> tuple[int, ...]:
    """Count confidences (0..1) in `BINS` bins of equal width; 1.0 falls into the last."""
    counts = [0] * BINS
    for confidence in confidences:
        counts[min(int(confidence * BINS), BINS - 1)] += 1
    return tuple(counts)

"""Geometry of a scanner's history: one dot a batch, this one last, in SVG user units."""

from dataclasses import dataclass

from quality.drift import Trend

WIDTH, HEIGHT = 440, 120
_ROOM = 0.15


@dataclass(frozen=True, slots=True)
class TrendChart:
    """Places of the batches before (oldest first) and of this one; heights of the two lines.

    `ticks`: (y, value) of the axis. `lowest`, `usual`: None where there is too little to compare.
    """

    before: tuple[tuple[float, float], ...]
    now: tuple[float, float]
    usual: float | None
    lowest: float | None
    ticks: tuple[tuple[float, float], ...]

    @property
    def path(self) -> str:
        """The line through all of them."""
        return "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in (*self.before, self.now))


def trend_chart(trend: Trend) -> TrendChart | None:
    """Lay a trend out; None where this batch or everything before it has no value."""
    if trend.now is None or not trend.before:
        return None
    lines = [line for line in (trend.usual, trend.lowest) if line is not None]
    values = [*trend.before, trend.now, *lines]
    room = max((max(values) - min(values)) * _ROOM, 0.005)
    bottom, top = min(values) - room, max(values) + room
    step = WIDTH / len(trend.before)

    def height(value: float) -> float:
        return round(HEIGHT * (top - value) / (top - bottom), 1)

    return TrendChart(
        tuple((round(n * step, 1), height(value)) for n, value in enumerate(trend.before)),
        (float(WIDTH), height(trend.now)),
        None if trend.usual is None else height(trend.usual),
        None if trend.lowest is None else height(trend.lowest),
        tuple((height(value), value) for value in (min(values), max(values))),
    )

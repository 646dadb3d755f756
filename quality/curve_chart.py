"""Geometry of the operating characteristic: one line a class, in SVG user units."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quality.sampling.operating_characteristic import CurvePoint

WIDTH, HEIGHT = 960, 230
LINE_ENDS_AT = 0.02


@dataclass(frozen=True, slots=True)
class CurveLine:
    """One class's curve as an SVG path."""

    code: str
    path: str


@dataclass(frozen=True, slots=True)
class CurveChart:
    """The lines, and the ticks of the axis of bad shares: (x, share)."""

    lines: tuple[CurveLine, ...]
    ticks: tuple[tuple[float, float], ...]


def curve_chart(curves: Mapping[str, Sequence[CurvePoint]]) -> CurveChart:
    """Lay out the curves over one axis that ends where the last of them has fallen."""
    end = max((_fallen(points) for points in curves.values()), default=1.0) or 1.0
    step = _step(end)
    top = step * math.ceil(end / step)
    ticks = tuple((WIDTH * n * step / top, n * step) for n in range(round(top / step) + 1))
    lines = []
    for code, points in curves.items():
        places = [(WIDTH * p.bad / top, HEIGHT * (1 - p.passes)) for p in points if p.bad <= top]
        lines.append(CurveLine(code, "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in places)))
    return CurveChart(tuple(lines), ticks)


def _fallen(points: Sequence[CurvePoint]) -> float:
    return next((p.bad for p in points if p.passes < LINE_ENDS_AT), points[-1].bad)


def _step(end: float) -> float:
    return next((step for step in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2) if end / step <= 10), 0.2)

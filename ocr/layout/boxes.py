"""Rectangles on a prepared page, and how two of them lie to each other."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """Left, top, right, bottom in pixels of the prepared page; right and bottom are outside."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.y1 - self.y0

    def overlap_y(self, other: "Area") -> int:
        """Return how many rows both share; negative where a gap lies between."""
        return min(self.y1, other.y1) - max(self.y0, other.y0)

    def overlap_x(self, other: "Area") -> int:
        """Return how many columns both share; negative where a gap lies between."""
        return min(self.x1, other.x1) - max(self.x0, other.x0)

    def widened(self, other: "Area") -> "Area":
        """Return this area, as wide as to hold the other's columns too."""
        return Area(min(self.x0, other.x0), self.y0, max(self.x1, other.x1), self.y1)


def around(areas: Iterable[Area]) -> Area:
    """Return the smallest area that holds all of at least one."""
    kept = list(areas)
    return Area(
        min(area.x0 for area in kept),
        min(area.y0 for area in kept),
        max(area.x1 for area in kept),
        max(area.y1 for area in kept),
    )

"""Frames of ruled forms: one that grows with a page's blocks, one around a stamp."""

from tests.makers.fonts import Face
from tests.makers.layouts.flow import Flow, draw_lines, leading


class Frame:
    """Draws the frame's lines, one millimetre apart.

    Args:
        weights: of the lines in millimetres, from the inner to the outer one.
    """

    def __init__(self, weights: tuple[float, ...]) -> None:
        self._lines = [(weight, number * 1.0) for number, weight in enumerate(weights)]

    def open(self, flow: Flow) -> None:
        """Draw the upper edge where the page is filled to; a full page will have its lower edge."""
        self._across(flow, -1)
        flow.before_turn = lambda: self.close(flow)

    def close(self, flow: Flow) -> None:
        """Draw the lower edge where the page is filled to."""
        self._across(flow, 1)

    def sides(self, flow: Flow, top: float) -> None:
        """Draw both sides from a height to where the page is filled to."""
        for weight, out in self._lines:
            for x in (flow.left - out, flow.right + out):
                flow.canvas.rule(x, top - out, x, flow.y + out, weight)

    def _across(self, flow: Flow, outwards: int) -> None:
        for weight, out in self._lines:
            y = flow.y + outwards * out
            flow.canvas.rule(flow.left - out, y, flow.right + out, y, weight)


def draw_stamp(flow: Flow, text: str, face: Face) -> None:
    """Draw a text in a box of its own at the right, and move the flow below it."""
    width, height = face.width(text) + 5, leading(face) + 2
    left, top, bottom = flow.right - width, flow.y, flow.y + height
    for x in (left, flow.right):
        flow.canvas.rule(x, top, x, bottom, 0.4)
    for y in (top, bottom):
        flow.canvas.rule(left, y, flow.right, y, 0.4)
    flow.canvas.begin_line()
    draw_lines(flow.canvas, [text], face, (left, top, flow.right, bottom), "centre")
    flow.y = bottom

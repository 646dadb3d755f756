"""The parts of an EMR's screen: title bar, tabs and tools, heading bars, boxes, status line."""

import random
from dataclasses import dataclass

from tests.makers.canvas import Canvas
from tests.makers.content import Fields
from tests.makers.fonts import Face
from tests.makers.layouts.flow import Flow, Style, draw_lines, leading, shrink
from tests.makers.layouts.print_day import printed_on
from tests.makers.layouts.topics import Topic, topic_of

LABEL = 56  # grey of labels
_HAIR = 0.12  # weight of light rules, millimetres
_HEADINGS: dict[Topic, str] = {
    "patient": "환자정보",
    "disease": "상병정보",
    "clinic": "기관정보",
    "visit": "진료정보",
    "surgery": "수술정보",
    "exam": "검사정보",
    "dispensing": "조제정보",
    "fees": "수납정보",
    "": "기본정보",
}
_TABS = ("접수", "진료", "처방", "검사", "수납", "서식", "기록조회", "통계")
_TOOLS = ("조회", "신규", "저장", "삭제", "미리보기", "출력", "닫기")
_PROGRAMS = ("통합의무기록", "진료지원시스템", "챠트관리", "OCS", "e-Chart")


@dataclass(frozen=True, slots=True)
class Skin:
    """How a program looks; greys from 0 black to 255 white.

    Attributes:
        bar: of the title bar. heading: of heading bars. titles: of a table's titles. zebra: of
            every second row. grid: of light rules. label_grey: behind labels. label_right: labels
            stand at the right of their cells. boxed: values stand in boxes. side: the first block
            stands at the left of all. numbered: rows are counted. cursor: one row is marked.
            tabs: tabs, else tools.
    """

    bar: int
    heading: int
    titles: int
    zebra: int
    grid: int
    label_grey: int
    label_right: bool
    boxed: bool
    side: bool
    numbered: bool
    cursor: bool
    tabs: bool


def heading_of(block: Fields) -> str:
    """The heading of a panel that has none of its own; empty for a panel of one row."""
    return _HEADINGS[topic_of(block)] if len(block.rows) > 1 else ""


def box(canvas: Canvas, cell: tuple[float, float, float, float], grey: int) -> None:
    """Draw the four light sides of a cell (left, top, right, bottom)."""
    left, top, right, bottom = cell
    for y in (top, bottom):
        canvas.fill(left, y, right, y + _HAIR, grey)
    for x in (left, right):
        canvas.fill(x, top, x + _HAIR, bottom, grey)


def heading_bar(
    canvas: Canvas, text: str, face: Face, place: tuple[float, float, float], skin: Skin
) -> float:
    """Draw a bar with a heading at (left, right, top), and return where it ends."""
    left, right, top = place
    bold = shrink(text, face.at(face.size, bold=True), right - left - 3)
    bottom = top + leading(face) * 1.12
    canvas.fill(left, top, right, bottom, skin.heading)
    canvas.begin_line()
    ink = 255 if skin.heading < 128 else 0
    draw_lines(canvas, [text], bold, (left + 1.5, top, right, bottom), grey=ink)
    return bottom


def title_bar(
    flow: Flow, title: str, name: str, style: Style, skin: Skin, rng: random.Random
) -> None:
    """Draw program and title at the left, the institution at the right, three buttons beside it."""
    left, right, canvas = flow.left, flow.right, flow.canvas
    height = leading(style.title) * 1.15
    top, bottom, ink = flow.y, flow.y + height, 255 if skin.bar < 128 else 0
    canvas.fill(left, top, right, bottom, skin.bar)
    program = f"[{rng.choice(_PROGRAMS)}]"
    small = style.body
    canvas.begin_line()
    draw_lines(canvas, [program], small, (left + 1.5, top, right, bottom), grey=ink)
    start = left + 1.5 + small.width(program) + 2.5
    end = right - 14 - (small.width(name) + 4 if name else 0)
    face = shrink(title, style.title, end - start)
    draw_lines(canvas, [title], face, (start, top, end, bottom), grey=ink)
    if name:
        draw_lines(canvas, [name], small, (end, top, right - 15, bottom), "right", grey=ink)
    side, middle = 2.2, (top + bottom) / 2
    for number in range(3):
        x = right - 3.5 - number * 3.6
        button = (x, middle - side / 2, x + side, middle + side / 2)
        canvas.fill(*button, 225 if skin.bar < 128 else 120)
        canvas.fill(x + 0.5, middle - 0.15, x + side - 0.5, middle + 0.15, skin.bar)
    flow.y = bottom + 0.8


def tool_line(flow: Flow, face: Face, skin: Skin, rng: random.Random) -> None:
    """Draw tabs, one of them open, or tools in boxes."""
    names = _TABS if skin.tabs else _TOOLS
    shown = sorted(rng.sample(range(len(names)), rng.randrange(4, len(names))))
    opened = rng.choice(shown)
    top, bottom = flow.y, flow.y + leading(face) * 1.1
    x = flow.left
    flow.canvas.begin_line()
    for number in shown:
        wide = face.width(names[number]) + 4
        active = skin.tabs and number == opened
        flow.canvas.fill(x, top, x + wide, bottom, 255 if active else skin.titles)
        box(flow.canvas, (x, top, x + wide, bottom), 110)
        own = face.at(face.size, bold=active)
        draw_lines(flow.canvas, [names[number]], own, (x, top, x + wide, bottom), "centre")
        x += wide + (0.4 if skin.tabs else 1.2)
    if skin.tabs:
        flow.canvas.fill(flow.left, bottom, flow.right, bottom + 0.3, 110)
    flow.y = bottom + 1.2


def status_line(flow: Flow, face: Face, seed: str) -> None:
    """Draw the page's last line: when and by whom it was printed, and which page it is."""
    canvas, small = flow.canvas, face.at(max(6.8, face.size * 0.9))
    rng = random.Random(f"{seed}/printed")
    day = printed_on(flow.content, rng)
    clock = f"{rng.randrange(9, 19):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}"
    user = f"{rng.choice(('OCS', 'USER', 'admin', 'DR'))}{rng.randrange(1, 30):02d}"
    number = rng.choice(("{} / {}", "{}/{}", "Page {} of {}", "{}/{} 쪽")).format(
        len(flow.pages), flow.total
    )
    top = canvas.height - flow.style.margin - leading(small)
    bottom = top + leading(small)
    canvas.fill(flow.left, top - 0.4, flow.right, top - 0.2, 120)
    canvas.begin_line()
    when = f"출력일시 : {day} {clock}"
    draw_lines(canvas, [when], small, (flow.left, top, flow.right, bottom), grey=LABEL)
    draw_lines(
        canvas,
        [f"출력자 : {user}"],
        small,
        (flow.left, top, flow.right, bottom),
        "centre",
        grey=LABEL,
    )
    draw_lines(canvas, [number], small, (flow.left, top, flow.right, bottom), "right", grey=LABEL)

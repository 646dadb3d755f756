"""The head and the foot of a large hospital's form: crest and address, title, codes, last line."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.makers.canvas import Canvas
from tests.makers.content import Closing, Content, Facts, Fields, Item
from tests.makers.fonts import Face
from tests.makers.layouts.bilingual import name_in_english, title_in_english
from tests.makers.layouts.code_box import bar_width, draw_bars, draw_qr
from tests.makers.layouts.flow import Flow, draw_lines, leading, shrink, spaced, ticked, wrap
from tests.makers.layouts.print_day import printed_on
from tests.makers.layouts.topics import Topic

HEADINGS: dict[Topic, str] = {
    "patient": "환자 정보",
    "disease": "진단 정보",
    "clinic": "의료기관 정보",
    "visit": "진료 정보",
    "surgery": "수술 정보",
    "exam": "검사 정보",
    "dispensing": "조제 관련 사항",
    "fees": "진료비 정보",
    "": "",
}
GROUPS = {
    ("본인부담금", "공단부담금", "전액 본인부담"): "급여",
    ("체온(℃)", "맥박", "호흡", "혈압"): "활력징후",
    ("섭취량(mL)", "배설량(mL)"): "I / O",
    ("외래 진료비", "입원 진료비", "합계"): "진료비 납입금액(원)",
    ("1회 투약량", "1일 투여횟수", "총 투약일수"): "투약",
}
_CREST = 10.0  # side of the crest, millimetres
_QR = 17.0
_BAR = (0.25, 6.5)  # width of a thin bar, height of a bar code
_DESKS = ("원무팀", "원무과", "의무기록팀", "제증명창구", "무인발급기")
_WARNING = "※ 위·변조 여부는 발급일로부터 90일간 문서확인번호로 확인하실 수 있습니다."


@dataclass(frozen=True, slots=True)
class Look:
    """How a hospital's forms look; greys from 0 black to 255 white, lengths in millimetres.

    Attributes:
        crest: `disc`, `square` or `bars`. ink: grey of the crest. english: labels and titles have
            their English below. title_left: the title stands at the left. heavy: weight of the
            rules that begin and end a block. open_sides: tables have no rule at either side.
            uprights: there is a rule between a label and its value. label_width: of label cells.
            label_left: labels begin at the left of their cells. above: a text's label stands
            above it. headed: blocks get headings. signed_grid: the signers stand in a grid.
            code: `bar`, `qr` or nothing. code_top: a bar code stands at the right of the head.
            repeated: later pages name institution and title. marks: of a choice that is ticked
            and of one that is not.
    """

    crest: str
    ink: int
    english: bool
    title_left: bool
    heavy: float
    open_sides: bool
    uprights: bool
    label_width: float
    label_left: bool
    above: bool
    headed: bool
    signed_grid: bool
    code: str
    code_top: bool
    repeated: bool
    marks: tuple[str, str]


def draw_head(flow: Flow, look: Look) -> None:
    """Crest, name and address, a bar code at their right; a rule; form line, title and stamp."""
    content, small = flow.content, flow.style.body.at(7)
    name, facts = _institution(content)
    if name:
        _masthead(flow, look, name)
        flow.state(facts)
    flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, look.heavy)
    flow.y += 1.4
    if content.form_line:
        single(flow, content.form_line, small.at(7.5), "left")
    flow.y += 1.8
    _title(flow, look)
    flow.y += 2.4


def draw_running_head(flow: Flow, look: Look) -> None:
    """Institution and title small over a rule, where they are repeated."""
    name, facts = _institution(flow.content)
    if not look.repeated:
        return
    small = flow.style.body.at(8)
    box = (flow.left, flow.y, flow.right, flow.y + leading(small))
    flow.canvas.begin_line()
    draw_lines(flow.canvas, [name] if name else [], small, box)
    draw_lines(flow.canvas, [flow.content.title], small, box, "right")
    flow.state(facts)
    flow.y = box[3] + 0.8
    flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, look.heavy)
    flow.y += 2


def _masthead(flow: Flow, look: Look, name: str) -> None:
    canvas, top = flow.canvas, flow.y
    left = flow.left + _CREST + 2.5
    coded = look.code_top and bool(_chart_no(flow.content))
    _crest(canvas, look, flow.left, top)
    big = shrink(name, flow.style.title.at(flow.style.title.size * 0.72), 78)
    english = name_in_english(name) if look.english else ""
    contacts = _contacts(flow.content)
    alone = not english and not (coded and contacts)
    start = top + (_CREST - leading(big)) / 2 if alone else top
    y = _written(canvas, name, big, (left, start, flow.right))
    if english:
        y = _written(canvas, english, flow.style.body.at(6.8), (left, y - 0.4, flow.right))
    tiny = flow.style.body.at(7)
    if coded and contacts:
        line = "  ".join(contacts)
        y = _written(canvas, line, shrink(line, tiny, 95), (left, y, flow.right))
    if coded:
        y = max(y, _bar_box(flow, _chart_no(flow.content), top))
    else:
        below = top + 1.0
        for line in contacts:
            below = _written(canvas, line, tiny, (left, below, flow.right), "right")
        y = max(y, below)
    flow.y = max(y, top + _CREST) + 1.6


def _bar_box(flow: Flow, number: str, top: float) -> float:
    text, face = f"등록번호 {number}", flow.style.body.at(7)
    wide = bar_width(number, _BAR[0])
    left = flow.right - wide
    draw_bars(flow.canvas, number, left, top, _BAR)
    flow.state((("chart_no", number),))
    return _written(flow.canvas, text, face, (left, top + _BAR[1], flow.right), "centre")


def _crest(canvas: Canvas, look: Look, x: float, y: float) -> None:
    side = _CREST
    if look.crest == "disc":
        for step in range(50):
            at = (step + 0.5) / 50
            half = (0.25 - (at - 0.5) ** 2) ** 0.5 * side
            middle = x + side / 2
            top = y + at * side
            canvas.fill(middle - half, top - 0.1, middle + half, top + 0.1, look.ink)
    elif look.crest == "square":
        canvas.fill(x, y, x + side, y + side, look.ink)
    else:
        for number in range(3):
            left = x + number * side * 0.36
            canvas.fill(left, y + (2 - number) * 2.2, left + side * 0.26, y + side, look.ink)
        return
    arm, middle, centre = side * 0.09, y + side / 2, x + side / 2
    canvas.fill(centre - arm, middle - side * 0.3, centre + arm, middle + side * 0.3, 255)
    canvas.fill(centre - side * 0.3, middle - arm, centre + side * 0.3, middle + arm, 255)


def _title(flow: Flow, look: Look) -> None:
    content, style = flow.content, flow.style
    stamp, face = content.stamp, style.body.at(8.5)
    kept = (face.width(stamp) + 8) if stamp else 0.0
    title = spaced(ticked(content.title, look.marks), style.spacing)
    own = shrink(title, style.title, flow.right - flow.left - 2 * kept)
    side, top = "left" if look.title_left else "centre", flow.y
    flow.y = _written(flow.canvas, title, own, (flow.left, top, flow.right), side)
    english = title_in_english(content.kind) if look.english and not title.isascii() else ""
    if english:
        small = style.body.at(9)
        flow.y = _written(flow.canvas, english, small, (flow.left, flow.y, flow.right), side)
    if stamp:
        height = leading(face) + 2.4
        box = (flow.right - kept + 3, top + 0.5, flow.right, top + 0.5 + height)
        outline(flow.canvas, box, 0.3)
        flow.canvas.begin_line()
        draw_lines(flow.canvas, [stamp], face, box, "centre")
        flow.y = max(flow.y, box[3])


def draw_foot(flow: Flow, look: Look, seed: str) -> None:
    """Small lines, and beside them the code by which the paper can be checked."""
    code = look.code if _institution(flow.content)[0] and not look.code_top else ""
    number = _checked_number(seed) if code else ""
    face = flow.style.body.at(7.5)
    wide = {"": 0.0, "qr": _QR + 2, "bar": bar_width(number, _BAR[0]) + 4}[code]
    texts = [*flow.content.foot, *((_WARNING,) if code else ())]
    lines = [part for text in texts for part in wrap(text, face, flow.right - flow.left - wide)]
    if code == "qr":
        lines.append(f"문서확인번호 : {number}")
    step = leading(face)
    height = max(len(lines) * step, {"": 0.0, "qr": _QR, "bar": _BAR[1] + step}[code])
    flow.need(height + 1)
    flow.y = max(flow.y, flow.y + flow.room - height - 1)
    top = flow.y
    for line in lines:
        single(flow, line, face, "left")
    if code == "qr":
        draw_qr(flow.canvas, f"https://cert.example/{number}", flow.right - _QR, top, _QR)
    elif code:
        left = flow.right - wide + 4
        draw_bars(flow.canvas, number, left, top, _BAR)
        _written(flow.canvas, number, face, (left, top + _BAR[1], flow.right), "centre")
    flow.y = top + height


def draw_last_line(flow: Flow, seed: str) -> None:
    """Below a rule: when and where the page was printed, its number, the form's number."""
    canvas, face = flow.canvas, flow.style.body.at(7)
    rng = random.Random(f"{seed}/printed")
    day = printed_on(flow.content, rng)
    when = f"출력일시 : {day} {rng.randrange(9, 18):02d}:{rng.randrange(60):02d}"
    place = rng.choice(_DESKS)
    form = f"{rng.choice(('MR', 'AD', 'GF'))}-{rng.randrange(101, 640)}"
    bottom = canvas.height - flow.style.margin
    box = (flow.left, bottom - leading(face), flow.right, bottom)
    canvas.rule(flow.left, box[1] - 0.6, flow.right, box[1] - 0.6, 0.15)
    canvas.begin_line()
    draw_lines(canvas, [f"{when}  {place}"], face, box)
    draw_lines(canvas, [f"{len(flow.pages)} / {flow.total}"], face, box, "centre")
    draw_lines(canvas, [form], face, box, "right")


def _checked_number(seed: str) -> str:
    rng = random.Random(f"{seed}/checked")
    return "-".join(f"{rng.randrange(10**4):04d}" for _ in range(3))


def outline(canvas: Canvas, box: tuple[float, float, float, float], weight: float) -> None:
    """Draw the four sides of a box (left, top, right, bottom)."""
    left, top, right, bottom = box
    for y in (top, bottom):
        canvas.rule(left, y, right, y, weight)
    for x in (left, right):
        canvas.rule(x, top, x, bottom, weight)


def single(flow: Flow, text: str, face: Face, align: str) -> None:
    """Draw one line over the whole width, and move the flow below it."""
    flow.y = _written(flow.canvas, text, face, (flow.left, flow.y, flow.right), align)


def _written(
    canvas: Canvas,
    text: str,
    face: Face,
    place: tuple[float, float, float],
    align: str = "left",
) -> float:
    """Draw one line at (left, top, right), and return where it ends."""
    left, top, right = place
    canvas.begin_line()
    draw_lines(canvas, [text], face, (left, top, right, top + leading(face)), align)
    return top + leading(face)


def _institution(content: Content) -> tuple[str, Facts]:
    """The name that a form is headed by: the letterhead's, else one that the document states."""
    if content.letterhead:
        return content.letterhead.partition("   ")[0], content.letterhead_facts
    for item in _items(content):
        facts = tuple(fact for fact in item.facts if fact[0] == "institution_name")
        if facts:
            return item.value, facts
    return "", ()


def _contacts(content: Content) -> list[str]:
    """The institution's address where the document states it, and its telephone and fax."""
    labels = ("주소", "소재지", "사업장 소재지")
    signers = [item for item in _items(content, signers=True) if item.label in labels]
    stated = [item for item in _items(content) if item.label == labels[2]]
    address = [item.value for item in (*signers, *stated)][:1]
    return [*address, *re.split(" {3,}", content.letterhead)[1:]]


def _chart_no(content: Content) -> str:
    found = (str(v) for item in _items(content) for key, v in item.facts if key == "chart_no")
    return next(found, "")


def _items(content: Content, *, signers: bool = False) -> Iterator[Item]:
    """The items of a document's fields, or those of its signers."""
    for block in content.blocks:
        if isinstance(block, Closing if signers else Fields):
            for row in block.signers if isinstance(block, Closing) else block.rows:
                yield from row

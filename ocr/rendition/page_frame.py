"""What stands on every page around the form: that it is no original, and of what it is made."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ocr.rendition.flow import Area, Colour, Page, Patch, Text
from ocr.rendition.paragraphs import Style, TextLine, lines_of, measure

_INK: Colour = (0.13, 0.24, 0.4)
_NOTICE = Style(size=8.0, leading=11.5, weight="bold", colour=_INK)
_ORIGIN = Style(size=6.5, leading=9.2, colour=(0.3, 0.33, 0.38))
_RUNNING = Style(size=7.5, leading=10.0, colour=(0.35, 0.38, 0.43))
_TAG = Style(size=7.5, leading=10.0, weight="bold", colour=(1.0, 1.0, 1.0))

_MARGIN = 42.0
_HEAD = 34.0  # from the top edge to the rule below the running head
_FOOT_GAP = 10.0

NOTICE = "이 문서는 원본이 아니라, 아래 원본을 읽기 쉽게 옮긴 것입니다."
NOTICE_ENGLISH = "This is a rendition made for reading, not the original."
TAG = "원본 아님  RENDITION"


@dataclass(frozen=True, slots=True)
class Origin:
    """Of what a rendition is made, and by what: told on every page.

    `file`: the received file's name, with the member of a zip and the sheet of a workbook.
    `place`: row or path of the record in it. `sha256`: of the received file.
    """

    file: str
    place: str
    sha256: str
    made: dt.date
    program: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The page's size in points, and what is told around the form."""

    width: float
    height: float
    foot: tuple[TextLine, ...]

    @property
    def area(self) -> Area:
        """Where the form may stand."""
        foot = sum(line.style.leading for line in self.foot) + _FOOT_GAP
        return Area(_MARGIN, _HEAD + 12, self.width - 2 * _MARGIN, self.height - 30 - foot)


def frame_of(origin: Origin, ids: Iterable[str], width: float, height: float) -> Frame:
    """Return the frame of all pages; a long file name takes more lines, none is cut."""
    room = width - 2 * _MARGIN
    told = [
        f"원본 파일 Original  {origin.file}",
        f"위치 Place  {origin.place}",
        f"원본의 SHA-256  {origin.sha256}",
        f"옮긴 날 Made  {origin.made.isoformat()}   {origin.program}   " + "   ".join(ids),
    ]
    lines = [line for text in told for line in lines_of(text, _ORIGIN, room)]
    notice = lines_of(f"{NOTICE}  {NOTICE_ENGLISH}", _NOTICE, room)
    return Frame(width, height, (*notice, *lines))


def framed(pages: Sequence[Page], frame: Frame, running: str) -> list[Page]:
    """Add head and foot to every page; `running` names the document from the second page on."""
    made = []
    for number, page in enumerate(pages, 1):
        patches, texts = list(page.patches), list(page.texts)
        right = frame.width - _MARGIN
        tag = measure(TAG, _TAG)
        patches.append(Patch(right - tag - 14, _HEAD - 17, tag + 14, 14.5, _INK))
        texts.append(Text(right - tag - 7, _HEAD - 7.2, TextLine(TAG, tag, _TAG)))
        count = f"{number} / {len(pages)}"
        style = replace(_RUNNING, weight="bold")
        texts.append(Text(_MARGIN, _HEAD - 7.2, TextLine(count, measure(count, style), style)))
        if number > 1:
            room = right - tag - 30 - (_MARGIN + 40)
            for line in lines_of(running, _RUNNING, room)[:1]:
                texts.append(Text(_MARGIN + 40, _HEAD - 7.2, line))
        patches.append(Patch(_MARGIN, _HEAD, right - _MARGIN, 0.6, _INK))
        y = frame.area.bottom + _FOOT_GAP - 4
        patches.append(Patch(_MARGIN, y, right - _MARGIN, 0.6, _INK))
        y += 4
        for line in frame.foot:
            style = line.style
            texts.append(Text(_MARGIN, y + style.leading / 2 + style.size * 0.34, line))
            y += style.leading
        made.append(Page(patches, texts))
    return made

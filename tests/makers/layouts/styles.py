"""Which layouts exist, and how each may vary from one clinic's printer to the next."""

import random
from collections.abc import Mapping

from tests.makers.fonts import FAMILIES, Face
from tests.makers.layouts.chart_card import ChartCard
from tests.makers.layouts.dense import Dense
from tests.makers.layouts.emr_print import EmrPrint, Slip
from tests.makers.layouts.flow import Layout, Style
from tests.makers.layouts.hospital_form import HospitalForm
from tests.makers.layouts.hospital_parts import Look
from tests.makers.layouts.letter import Letter
from tests.makers.layouts.line_print import LinePrint
from tests.makers.layouts.old_form import OldForm, Press
from tests.makers.layouts.panelled import Paint, Panelled
from tests.makers.layouts.record_card import record_card
from tests.makers.layouts.screen_parts import Skin
from tests.makers.layouts.screen_print import ScreenPrint
from tests.makers.layouts.statutory import Statutory
from tests.makers.layouts.word_document import WordDocument
from tests.makers.layouts.word_items import Hand
from tests.makers.parts import Part

_FORMAL = (
    "nanum_myeongjo",
    "un_batang",
    "baekmuk_batang",
    "noto_serif",
    "nanum_gothic",
    "noto_sans",
    "baekmuk_gulim",
)
_PRINTER = (
    "nanum_gothic",
    "nanum_barun",
    "un_dotum",
    "baekmuk_dotum",
    "noto_sans",
    "baekmuk_gulim",
)
_NARROW = ("nanum_coding", "nanum_gothic", "baekmuk_gulim")
_CARD = ("un_shinmun", "un_shinmun", "un_gungseo", "lexi_gulim")
_HANJA = ("un_shinmun", "un_gungseo")  # nanum_square maps Hanja to empty glyphs
_MODERN = ("nanum_gothic", "nanum_barun", "noto_sans", "un_dotum")
_PITCHED = ("nanum_coding", "noto_mono")
_BOOK = ("lexi_saebom", "un_shinmun", "lexi_gulim", "un_graphic", "un_taza", "d2coding")
_HOSPITAL = ("nanum_square", "nanum_square", "un_graphic", "lexi_gulim")
_WORD = ("lexi_saebom", "lexi_saebom", "un_shinmun", "lexi_gulim", "un_graphic")
_NEEDLED = frozenset({"line_print", "old_form"})
LAYOUTS: Mapping[Part, tuple[str, ...]] = {
    "tuning": (
        "statutory",
        "emr_print",
        "slip",
        "line_print",
        "dense",
        "panelled",
        "letter",
        "screen_print",
        "record_card",
    ),
    "test": ("old_form", "chart_card", "hospital_form", "word_document"),
}


def make_layout(name: str, rng: random.Random, *, embeddable: bool = False) -> Layout:
    """Return a layout in one of its styles.

    Raises:
        KeyError: no layout has that name.
    """
    families, build = {
        "statutory": (_FORMAL, _statutory),
        "emr_print": (_PRINTER, _emr_print),
        "slip": (_NARROW, _slip),
        "line_print": (_PITCHED, _line_print),
        "chart_card": (_CARD, _chart_card),
        "letter": (_FORMAL, _letter),
        "dense": (_MODERN, _dense),
        "panelled": (_MODERN, _panelled),
        "old_form": (_BOOK, _old_form),
        "screen_print": (_MODERN, _screen_print),
        "record_card": (_FORMAL, record_card),
        "hospital_form": (_HOSPITAL, _hospital_form),
        "word_document": (_WORD, _word_document),
    }[name]
    usable = [family for family in families if FAMILIES[family].embeddable or not embeddable]
    return build(rng, rng.choice(usable))


def is_needled(layout: Layout) -> bool:
    """True where a printer with needles, or one with heat, may have printed it: in one pitch."""
    return layout.name in _NEEDLED and FAMILIES[layout.style.body.family].pitched


def _statutory(rng: random.Random, family: str) -> Layout:
    size = rng.choice((9.5, 10.0, 10.5))
    return Statutory(
        Style(
            width=210,
            height=297,
            margin=rng.uniform(15, 20),
            body=Face(family, size),
            title=Face(family, rng.uniform(18, 22), bold=True),
            label_bold=rng.random() < 0.4,
            label_grey=rng.choice((255, 255, 236, 224)),
            rule=rng.choice((0.15, 0.2, 0.3)),
            pad=rng.uniform(1.0, 1.7),
            gap=rng.choice((0.0, 0.0, 1.5)),
            spacing=rng.choice((1, 2, 3)),
        )
    )


def _emr_print(rng: random.Random, family: str) -> Layout:
    size = rng.choice((9.5, 10.0, 10.5))
    return EmrPrint(
        Style(
            width=210,
            height=297,
            margin=rng.uniform(13, 20),
            body=Face(family, size),
            title=Face(family, rng.uniform(15, 18), bold=True),
            label_bold=rng.random() < 0.5,
            label_grey=rng.choice((255, 226, 208)),
            rule=rng.choice((0.15, 0.25)),
            pad=rng.uniform(0.6, 1.2),
            gap=0.0,
            spacing=rng.choice((0, 0, 1, 2)),
        )
    )


def _slip(rng: random.Random, family: str) -> Layout:
    return Slip(
        Style(
            width=148,
            height=255,
            margin=rng.uniform(10, 14),
            body=Face(family, rng.choice((8.5, 9.0))),
            title=Face(family, rng.uniform(12, 14), bold=True),
            label_bold=False,
            label_grey=255,
            rule=0.15,
            pad=rng.uniform(0.3, 0.7),
            gap=0.0,
            spacing=rng.choice((0, 1)),
        )
    )


def _line_print(rng: random.Random, family: str) -> Layout:
    return LinePrint(
        Style(
            width=rng.choice((210, 216)),
            height=rng.choice((279, 297)),
            margin=rng.uniform(10, 16),
            body=Face(family, rng.choice((9.0, 9.5, 10.0))),
            title=Face(family, 10),
            label_bold=False,
            label_grey=255,
            rule=0.2,
            pad=0.0,
            gap=0.0,
            spacing=rng.choice((0, 1)),
        )
    )


def _chart_card(rng: random.Random, family: str) -> Layout:
    hand = rng.random() < 0.3
    size = rng.choice((8.5, 9.0))
    title = "un_gungseo" if rng.random() < 0.5 else family
    hanja = rng.random() < 0.75 and family in _HANJA
    style = Style(
        width=182,
        height=257,
        margin=rng.uniform(12, 15),
        body=Face(family, size),
        title=Face(title, rng.uniform(16, 20)),
        label_bold=False,
        label_grey=255,
        rule=rng.choice((0.25, 0.35)),
        pad=rng.uniform(0.7, 1.1),
        gap=0.0,
        spacing=rng.choice((2, 3)),
    )
    values = Face("nanum_pen", size * 1.55) if hand else Face("un_taza", size)
    return ChartCard(style, values, str(rng.random()), hanja=hanja, hand=hand)


def _letter(rng: random.Random, family: str) -> Layout:
    return Letter(
        Style(
            width=210,
            height=297,
            margin=rng.uniform(17, 23),
            body=Face(family, rng.choice((10.0, 10.5, 11.0))),
            title=Face(rng.choice((family, "un_batang")), rng.uniform(17, 21)),
            label_bold=False,
            label_grey=255,
            rule=rng.choice((0.2, 0.3)),
            pad=rng.uniform(0.9, 1.4),
            gap=rng.uniform(1.0, 2.5),
            spacing=rng.choice((1, 2)),
        )
    )


def _dense(rng: random.Random, family: str) -> Layout:
    return Dense(
        Style(
            width=210,
            height=297,
            margin=rng.uniform(9, 13),
            body=Face(family, rng.choice((8.0, 8.5, 9.0))),
            title=Face(family, rng.uniform(13, 16), bold=True),
            label_bold=False,
            label_grey=rng.choice((214, 226, 236)),
            rule=rng.choice((0.08, 0.12)),
            pad=rng.uniform(0.8, 1.4),
            gap=rng.uniform(1.0, 2.0),
            spacing=0,
        ),
        rng.choice((("■", "□"), ("▣", "□"), ("●", "○"), ("[√]", "[ ]"))),
    )


def _panelled(rng: random.Random, family: str) -> Layout:
    style = Style(
        width=210,
        height=297,
        margin=rng.uniform(10, 16),
        body=Face(family, rng.choice((8.5, 9.0, 9.5, 10.0))),
        title=Face(family, rng.uniform(13, 18), bold=True),
        label_bold=rng.random() < 0.4,
        label_grey=255,
        rule=rng.choice((0.12, 0.18, 0.25)),
        pad=rng.uniform(1.2, 2.2),
        gap=rng.uniform(2.0, 4.0),
        spacing=0,
    )
    paint = Paint(
        title=rng.choice((0, 30, 55, 80, 120)),
        heading=rng.choice((20, 50, 85, 110, 140, 190, 215, 235)),
        columns=rng.choice((35, 65, 100, 130, 200, 225)),
        label=rng.choice((60, 105, 145, 220, 240, 255)),
        framed=rng.random() < 0.6,
        beside=rng.random() < 0.6,
        ruled=rng.random() < 0.4,
    )
    return Panelled(style, paint)


def _old_form(rng: random.Random, family: str) -> Layout:
    size = rng.choice((9.5, 10.0, 10.5, 11.0))
    pitched = FAMILIES[family].pitched
    title = rng.choice((family, family, "un_gungseo", "un_shinmun"))
    style = Style(
        width=210,
        height=297,
        margin=rng.uniform(17, 22),
        body=Face(family, size),
        title=Face(family if pitched else title, rng.uniform(17, 22)),
        label_bold=False,
        label_grey=255,
        rule=rng.choice((0.12, 0.18, 0.25)),
        pad=rng.uniform(1.1, 1.8),
        gap=0.0,
        spacing=rng.choice((2, 3, 4)),
    )
    typed = rng.choice((family, family, family, "un_taza", "d2coding"))
    press = Press(
        values=Face(family if pitched else typed, size),
        frame=rng.choice(((0.25, 0.25), (0.2, 0.7), (0.7, 0.2), (0.8,), (1.1,))),
        dotted=rng.random() < 0.4,
        stacked=rng.random() < 0.8,
        narrow=rng.uniform(19, 25),
        underlines=rng.choice((1, 1, 2)),
        below=rng.random() < 0.5,
        tall=rng.random() < 0.6,
    )
    return OldForm(style, press)


def _screen_print(rng: random.Random, family: str) -> Layout:
    wide = rng.random() < 0.35
    style = Style(
        width=297 if wide else 210,
        height=210 if wide else 297,
        margin=rng.uniform(8, 12),
        body=Face(family, rng.choice((7.5, 8.0, 8.5, 9.0))),
        title=Face(family, rng.uniform(10, 12.5), bold=True),
        label_bold=rng.random() < 0.2,
        label_grey=255,
        rule=0.12,
        pad=rng.uniform(0.6, 1.3),
        gap=rng.uniform(1.2, 2.2),
        spacing=0,
    )
    skin = Skin(
        bar=rng.choice((40, 70, 90, 205)),
        heading=rng.choice((60, 95, 195, 210, 222)),
        titles=rng.choice((205, 218, 228)),
        zebra=rng.choice((255, 244, 238, 232)),
        grid=rng.choice((150, 170, 185)),
        label_grey=rng.choice((255, 238, 228)),
        label_right=rng.random() < 0.3,
        boxed=rng.random() < 0.65,
        side=rng.random() < 0.5,
        numbered=rng.random() < 0.4,
        cursor=rng.random() < 0.35,
        tabs=rng.random() < 0.6,
    )
    return ScreenPrint(style, skin, str(rng.random()))


def _hospital_form(rng: random.Random, family: str) -> Layout:
    style = Style(
        width=210,
        height=297,
        margin=rng.uniform(12, 18),
        body=Face(family, rng.choice((9.0, 9.5, 10.0))),
        title=Face(family, rng.uniform(17, 22), bold=True),
        label_bold=rng.random() < 0.4,
        label_grey=rng.choice((222, 232, 240, 246, 255)),
        rule=rng.choice((0.1, 0.13, 0.18)),
        pad=rng.uniform(0.9, 1.5),
        gap=rng.choice((0.0, 1.5, 2.5)),
        spacing=rng.choice((0, 1, 2)),
    )
    look = Look(
        crest=rng.choice(("disc", "square", "bars")),
        ink=rng.choice((40, 80, 110, 135)),
        english=rng.random() < 0.45,
        title_left=rng.random() < 0.25,
        heavy=rng.choice((0.35, 0.5, 0.7)),
        open_sides=rng.random() < 0.55,
        uprights=rng.random() < 0.6 or style.label_grey == 255,
        label_width=rng.uniform(23, 31),
        label_left=rng.random() < 0.35,
        above=rng.random() < 0.35,
        headed=rng.random() < 0.5,
        signed_grid=rng.random() < 0.5,
        code=rng.choice(("bar", "qr", "qr", "")),
        code_top=rng.random() < 0.35,
        repeated=rng.random() < 0.5,
        marks=rng.choice((("☑", "☐"), ("■", "□"), ("[√]", "[ ]"))),
    )
    return HospitalForm(style, look, str(rng.random()))


def _word_document(rng: random.Random, family: str) -> Layout:
    style = Style(
        width=210,
        height=297,
        margin=rng.uniform(19, 26),
        body=Face(family, rng.choice((10.0, 10.5, 11.0, 11.5))),
        title=Face(rng.choice((family, family, "un_gungseo")), rng.uniform(17, 23), bold=True),
        label_bold=rng.random() < 0.6,
        label_grey=rng.choice((217, 230, 242)),
        rule=rng.choice((0.12, 0.15)),
        pad=rng.uniform(0.7, 1.8),
        gap=rng.uniform(0.8, 2.2),
        spacing=rng.choice((1, 2, 3)),
    )
    hand = Hand(
        title=rng.choice(("boxed", "double", "underlined", "bracketed")),
        brackets=rng.choice((("【", "】"), ("<", ">"), ("[", "]"), ("《", "》"))),
        number=rng.choice(("{}.", "{}.", "{}.", "{})", "({})", "○", "■")),
        spread=rng.random() < 0.6,
        tabbed=rng.random() < 0.5,
        indent=rng.uniform(0, 6),
        border=rng.choice(((), (), (), (0.4,), (0.15, 0.5))),
        contact_below=rng.random() < 0.4,
        header=rng.choice(("grey", "double", "plain")),
        dashed=rng.random() < 0.4,
        signed_at=rng.uniform(0.3, 0.5),
        large=rng.random() < 0.5,
        marks=rng.choice((("■", "□"), ("[√]", "[ ]"), ("(√)", "( )"))),
    )
    return WordDocument(style, hand)

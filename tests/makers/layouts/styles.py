"""Which layouts exist, and how each may vary from one clinic's printer to the next."""

import random
from collections.abc import Mapping

from tests.makers.fonts import FAMILIES, Face
from tests.makers.layouts.emr_print import EmrPrint, Slip
from tests.makers.layouts.flow import Layout, Style
from tests.makers.layouts.line_print import LinePrint
from tests.makers.layouts.statutory import Statutory
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
_PITCHED = ("d2coding", "un_taza")
LAYOUTS: Mapping[Part, tuple[str, ...]] = {
    "tuning": ("statutory", "emr_print", "slip"),
    "test": ("line_print",),
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
    }[name]
    usable = [family for family in families if FAMILIES[family].embeddable or not embeddable]
    return build(rng, rng.choice(usable))


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

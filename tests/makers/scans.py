"""What scanning does to paper: seeded faults that compose, in three levels.

A fault takes a sheet and returns another one. Geometry is remembered in the sheet's moves, so that
the boxes of the printed words can follow.
"""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from tests.makers.faults import FAULTS
from tests.makers.sheet import Level, Sheet

_DOTTED = 0.6  # share of the pages in letters of one pitch that needles have printed
_STEP = {"clean": 0, "mild": 1, "medium": 2, "severe": 3}
_ORDER = {name: place for place, name in enumerate(FAULTS)}


def scan(sheet: Sheet, faults: Sequence[str], level: Level, seed: int | str) -> Sheet:
    """Apply named faults in the order in which they happen to paper.

    Raises:
        KeyError: no fault has that name.
    """
    for name in sorted(faults, key=lambda name: _ORDER[name]):
        rng = np.random.default_rng(list(f"{seed}/{name}".encode()))
        faulty = FAULTS[name](sheet, rng, _STEP[level])
        sheet = dataclasses.replace(faulty, faults=(*sheet.faults, name))
    return sheet


def choose_faults(
    level: Level, seed: int | str, *, sealed: bool, needled: bool = False
) -> tuple[str, ...]:
    """Faults that go together at a level; rotation, JPEG and G4 are the caller's choice.

    A page that needles or heat may have printed (`needled`) has its dots in three of five cases;
    others of them fade as in the test part, those that are lit unevenly do not.
    """
    if level == "clean":
        return ()
    rng = np.random.default_rng(list(f"{seed}/choice".encode()))
    share = {"mild": 0.25, "medium": 0.5, "severe": 0.7}[level]
    some = ("borders", "punch_holes", "fold", "uneven_light", "dust_streak")
    chosen = ["skew", "gaussian_noise", *(name for name in some if rng.random() < share)]
    if rng.random() < share / 3:
        chosen.append("blue_stamp")
    if sealed and rng.random() < 0.8:
        chosen.append("red_seal")
    if level != "mild":
        chosen.append("blur")
    if level == "severe" or rng.random() < 0.15:
        chosen.append("speckle")
    if needled:
        fading = _SHARES["thermal_fade"][_STEP[level] - 1]
        dotted, fades = rng.random() < _DOTTED, rng.random() < fading
        if dotted:
            chosen.append("dot_matrix")
        elif fades and "uneven_light" not in chosen:
            chosen.append("thermal_fade")
    return tuple(chosen)


# What may happen to a page of the test part, and how often at each level.
_SHARES: Mapping[str, tuple[float, float, float]] = {
    # paper and ink
    "toner_streaks": (0.04, 0.10, 0.15),
    "thermal_fade": (0.06, 0.15, 0.25),
    "blue_stamp": (0.08, 0.15, 0.20),
    "highlighter": (0.05, 0.10, 0.12),
    "pen_marks": (0.10, 0.25, 0.40),
    "stain": (0.02, 0.10, 0.20),
    "bleed_through": (0.08, 0.20, 0.30),
    "fold": (0.15, 0.30, 0.45),
    "punch_holes": (0.20, 0.25, 0.30),
    # how it was captured
    "wave": (0.03, 0.10, 0.15),
    "perspective": (0.03, 0.12, 0.22),
    "cut_off": (0.00, 0.05, 0.10),
    "borders": (0.20, 0.40, 0.55),
    "low_resolution": (0.10, 0.15, 0.10),
    "coarse": (0.00, 0.05, 0.12),
    "uneven_light": (0.15, 0.30, 0.45),
    "out_of_focus": (0.00, 0.05, 0.10),
    "blur": (0.20, 0.80, 0.90),
    "speckle": (0.10, 0.30, 0.60),
    "dust_streak": (0.10, 0.30, 0.45),
    # the file
    "bilevel": (0.06, 0.08, 0.06),
    "halftone": (0.01, 0.04, 0.06),
    "g4": (0.04, 0.10, 0.15),
    "fax": (0.01, 0.04, 0.08),
    "jpeg": (0.30, 0.40, 0.45),
    "wrong_dpi": (0.05, 0.10, 0.15),
}
# Of each group a page has at most one; two of them would leave nothing to read, or cannot be.
_ONE_OF = (
    ("coarse", "fax", "halftone", "g4", "out_of_focus", "thermal_fade", "bilevel", "dot_matrix"),
    ("perspective", "wave", "borders"),
    ("perspective", "fax", "halftone", "g4", "bilevel", "dust_streak"),
    ("coarse", "fax", "low_resolution"),
    ("out_of_focus", "blur"),
    ("fax", "halftone", "g4", "bilevel", "jpeg"),
    ("thermal_fade", "bleed_through", "toner_streaks"),
    ("thermal_fade", "perspective", "uneven_light", "stain"),
    ("halftone", "uneven_light", "stain"),
    # Two tones of a shaded sheet are black in its dark corner: nobody can read that.
    ("fax", "g4", "bilevel", "uneven_light"),
)
_ON_PAPER = frozenset({"blue_stamp", "highlighter", "pen_marks", "bleed_through"})


def choose_test_faults(
    level: Level, seed: int | str, *, sealed: bool, needled: bool = False, blank: bool = False
) -> tuple[str, ...]:
    """Faults for a page of the test part, drawn from all there are.

    Every page is skewed and has noise. Each other fault is drawn with its share in `_SHARES` (mild,
    medium, severe), with the strength of the level; a sealed page has its seal in four of five
    cases, a page that needles or heat may have printed (`needled`) its dots in three of five; no
    other page fades. Of faults that exclude each other (`_ONE_OF`) one is kept, whichever the seed
    likes. So the rarer ones come less often than they are drawn; counted over 2,000 pages, mild,
    medium and severe: photographs 3, 6 and 9 percent, G4 3, 6 and 7, fax 1, 2 and 2, borders 18,
    34 and 43. A blank page gets nothing that anybody writes or prints.

    Mild is a good office scan: one page in three has a mark, a photograph or a hard file, and a
    page has five faults in the mean, noise, skew and seal included. Medium is a careless scan (two
    in three; seven), severe a bad one (six in seven; eight); a person can still read both, apart
    from what `cut_off` took.
    """
    if level == "clean":
        return ()
    rng = np.random.default_rng(list(f"{seed}/choice".encode()))
    column = {"mild": 0, "medium": 1, "severe": 2}[level]
    chosen = [name for name, shares in _SHARES.items() if rng.random() < shares[column]]
    dotted, stamped = rng.random() < _DOTTED, rng.random() < 0.8
    if needled and dotted:
        chosen.append("dot_matrix")
    if not needled:
        chosen = [name for name in chosen if name != "thermal_fade"]
    if blank:
        chosen = [name for name in chosen if name not in _ON_PAPER]
    for name in rng.permutation(chosen):
        rivals = {rival for group in _ONE_OF if name in group for rival in group} - {name}
        if rivals & set(chosen):
            chosen.remove(str(name))
    if sealed and stamped:
        chosen.append("red_seal")
    return ("skew", "gaussian_noise", *chosen)

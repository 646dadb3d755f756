"""What scanning does to paper: seeded faults that compose, in three levels.

A fault takes a sheet and returns another one. Geometry is remembered in the sheet's moves, so that
the boxes of the printed words can follow.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

from tests.makers.faults import FAULTS
from tests.makers.sheet import Level, Sheet

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


def choose_faults(level: Level, seed: int | str, *, sealed: bool) -> tuple[str, ...]:
    """Faults that go together at a level; rotation, JPEG and G4 are the caller's choice."""
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
    return tuple(chosen)

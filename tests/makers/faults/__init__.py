"""Everything that can happen to a sheet; each file for where it happens."""

from collections.abc import Mapping

from tests.makers.faults.file import bilevel, jpeg, turn
from tests.makers.faults.ink import blue_stamp, red_seal
from tests.makers.faults.paper import fold, punch_holes
from tests.makers.faults.scanner import (
    blur,
    borders,
    dust_streak,
    gaussian_noise,
    low_resolution,
    skew,
    speckle,
    uneven_light,
)
from tests.makers.sheet import Fault

# In the order in which they happen: ink and wear, the scanner, the file.
FAULTS: Mapping[str, Fault] = {
    "red_seal": red_seal,
    "blue_stamp": blue_stamp,
    "fold": fold,
    "skew": skew,
    "punch_holes": punch_holes,
    "borders": borders,
    "low_resolution": low_resolution,
    "uneven_light": uneven_light,
    "blur": blur,
    "speckle": speckle,
    "gaussian_noise": gaussian_noise,
    "dust_streak": dust_streak,
    "bilevel": bilevel,
    "turn_90": turn(90),
    "turn_180": turn(180),
    "turn_270": turn(270),
    "jpeg": jpeg,
}

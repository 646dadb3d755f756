"""Everything that can happen to a sheet; each file for where it happens."""

from collections.abc import Mapping

from tests.makers.faults.camera import out_of_focus, perspective, wave
from tests.makers.faults.file import bilevel, fax, g4, halftone, jpeg, turn, wrong_dpi
from tests.makers.faults.ink import (
    blue_stamp,
    dot_matrix,
    red_seal,
    thermal_fade,
    toner_streaks,
)
from tests.makers.faults.marks import highlighter, pen_marks
from tests.makers.faults.paper import bleed_through, fold, punch_holes, stain
from tests.makers.faults.scanner import (
    blur,
    borders,
    coarse,
    cut_off,
    dust_streak,
    gaussian_noise,
    low_resolution,
    skew,
    speckle,
    uneven_light,
)
from tests.makers.sheet import Fault

# In the order in which they happen: ink and wear, the scanner or the camera, the file.
FAULTS: Mapping[str, Fault] = {
    "dot_matrix": dot_matrix,
    "toner_streaks": toner_streaks,
    "thermal_fade": thermal_fade,
    "red_seal": red_seal,
    "blue_stamp": blue_stamp,
    "highlighter": highlighter,
    "pen_marks": pen_marks,
    "stain": stain,
    "bleed_through": bleed_through,
    "fold": fold,
    "wave": wave,
    "skew": skew,
    "punch_holes": punch_holes,
    "perspective": perspective,
    "cut_off": cut_off,
    "borders": borders,
    "low_resolution": low_resolution,
    "coarse": coarse,
    "uneven_light": uneven_light,
    "out_of_focus": out_of_focus,
    "blur": blur,
    "speckle": speckle,
    "gaussian_noise": gaussian_noise,
    "dust_streak": dust_streak,
    "bilevel": bilevel,
    "halftone": halftone,
    "g4": g4,
    "fax": fax,
    "turn_90": turn(90),
    "turn_180": turn(180),
    "turn_270": turn(270),
    "jpeg": jpeg,
    "wrong_dpi": wrong_dpi,
}
# After these a picture has two tones, and a TIFF holds it as G4.
TWO_TONES = frozenset({"bilevel", "halftone", "g4", "fax"})

"""How often a word is right, given how Tesseract read it and how sure it said to be.

Tesseract's own certainty crowds between 0.95 and 1 and means another thing for each way of
reading, so each way has a curve of its own, fitted on made pages of the tuning part.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import numpy as np

Look: TypeAlias = Literal[
    "hangul", "sign", "agreed", "differed", "recognizer", "seconded", "doubted", "overruled"
]
"""By Tesseract, read once: a word with Hangul, a single sign; read twice: both models agreed, or
they did not. By the recognizer: a word, as certain as its signs together. By both, where the
recognizer was not sure: Tesseract read the same, or another word, and then each of the two words.
"""

# Tesseract's certainty of a word, and the share of words of that certainty that were right, on
# 68 pages of the tuning part at all levels of damage: 5,455 words, 1,491 signs, 2,133 and 1,201.
_CURVES: Mapping[Look, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "hangul": (
        (0.78, 0.917, 0.955, 0.975, 0.9815, 0.9868, 0.989, 0.9917, 0.9952, 0.9957),
        (0.04, 0.185, 0.28, 0.63, 0.73, 0.855, 0.905, 0.92, 0.94, 0.95),
    ),
    "sign": (
        (0.915, 0.935, 0.96, 0.977, 0.9825, 0.987, 0.9893, 0.992),
        (0.06, 0.125, 0.27, 0.34, 0.61, 0.785, 0.873, 0.935),
    ),
    "agreed": (
        (0.95, 0.978, 0.985, 0.992, 0.9952, 0.9957),
        (0.5, 0.71, 0.85, 0.95, 0.98, 0.997),
    ),
    "differed": (
        (0.89, 0.945, 0.965, 0.975, 0.984, 0.988, 0.991, 0.994, 0.9951, 0.9957),
        (0.0, 0.01, 0.08, 0.18, 0.3, 0.44, 0.52, 0.68, 0.81, 0.97),
    ),
    # 18,741 words of 128 tuning pages.
    "recognizer": (
        (0.0, 0.075, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.82, 0.88, 0.94, 0.96, 0.98, 1.0),
        (0.0, 0.04, 0.06, 0.19, 0.24, 0.37, 0.46, 0.57, 0.66, 0.76, 0.8, 0.89, 0.94, 0.96, 0.995),
    ),
    # 2,325 words of 70 of these pages; certainty is the confidence of the one engine alone.
    "seconded": ((0.0, 0.2, 0.4, 0.5, 0.6, 0.8), (0.68, 0.7, 0.74, 0.84, 0.88, 0.94)),
    "doubted": (
        (0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.78),
        (0.005, 0.07, 0.12, 0.22, 0.3, 0.43, 0.58),
    ),
    "overruled": (
        (0.02, 0.2, 0.45, 0.6, 0.75, 0.86, 0.94, 1.0),
        (0.01, 0.04, 0.115, 0.17, 0.22, 0.48, 0.72, 0.8),
    ),
}


def confidence(look: Look, certainty: float) -> float:
    """Return the probability, 0..1, that a word is right to the letter."""
    certainties, rights = _CURVES[look]
    return round(float(np.interp(certainty, certainties, rights)), 4)

"""The bits of a page's look: near for two scans of one sheet, far for two sheets."""

import numpy as np
import pytest

from ocr.imaging.colour import grey_without_seals
from ocr.imaging.light import even_light
from ocr.imaging.page_hash import page_hash
from tests.makers.pages import MadePage, make_page
from tests.unit.ocr import sheets
from tests.unit.ocr.sheets import Pixels

_SPREAD = 48


def _look(pixels: Pixels, dpi: int, rotation: int = 0, skew: float = 0.0) -> str:
    return page_hash(even_light(grey_without_seals(pixels), dpi), pixels, dpi, rotation, skew)


def _made(seed: int, level: str, dpi: int, faults: tuple[str, ...], turn: int = 0) -> MadePage:
    return make_page(
        "diagnosis_certificate",
        None,
        seed,
        level,  # type: ignore[arg-type]
        dpi,
        faults=faults,
        rotation=turn,  # type: ignore[arg-type]
    )[0]


def _of(made: MadePage, dpi: int) -> str:
    return _look(np.asarray(made.image), dpi, made.truth.rotation, made.truth.skew)


def _distance(one: str, other: str) -> int:
    return (int(one[:_SPREAD], 16) ^ int(other[:_SPREAD], 16)).bit_count()


@pytest.mark.parametrize("turn", [0, 90, 180])
def test_a_second_scan_has_nearly_the_same_bits(turn: int) -> None:
    """Skew, grain, light, blur, resolution and turn change few of them; another sheet, many."""
    first = _of(_made(31, "mild", 300, ("skew", "gaussian_noise")), 300)
    faults = ("skew", "gaussian_noise", "uneven_light", "blur")
    second = _of(_made(31, "medium", 200, faults, turn), 200)
    another = _of(_made(32, "mild", 300, ("skew",)), 300)

    assert len(first) == len(second) == 64
    assert _distance(first, second) <= 28
    assert _distance(first, another) >= 48


def test_coloured_ink_is_told_apart() -> None:
    """A copy in grey and its sealed original differ in the last bits and only there."""
    plain = np.asarray(_made(33, "clean", 300, ()).image.convert("L"))
    sealed = sheets.stamped(plain, 5, (196, 38, 44))

    assert _look(plain, 300)[_SPREAD:] == "0" * 16
    assert _look(sealed, 300)[_SPREAD:] != "0" * 16
    assert _distance(_look(plain, 300), _look(sealed, 300)) <= 28


def test_an_empty_page_has_no_look() -> None:
    """Where there is no ink there is nothing to compare."""
    assert not _look(np.full((400, 300), 255, np.uint8), 100)

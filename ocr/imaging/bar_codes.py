"""Whether a sheet is a separator: by our own code, or by a large code and hardly any print."""

import math
from collections.abc import Iterable
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from ocr.imaging.pixels import Grey, Mask, Pixels, as_mask, box_kernel, reduced
from records.separator_code import parse_separator_code

_WORKING_DPI = 75
_INK = 170
_DENSE_WINDOW_INCHES = 0.4
_DENSE = 0.3  # share of ink in a window; codes have a half, lines of text and titles a quarter
_DENSE_SQUARE_INCHES = 0.8
_LETTER_INCHES = (0.03, 0.5)
_NEARLY_EMPTY = 300  # pieces of ink of a letter's size, a code's own among them; a form has 400 up
_MOST_LETTERS = 120  # such pieces outside the code; a Hangul syllable has one to three
_LINEAR_INCHES = 2.5  # a label's bars are 1 to 2 inches long
_SQUARE_INCHES = 1.3  # a prescription's QR code has 0.6 to 1 inch
_GRAIN = 1.5  # pixels at 150 dpi
_PATCH_BARS = 4
_PATCH_WIDE = 1.7  # a wide bar of a patch code is 2.5 times a narrow one
_PATCH_INCHES = 1.5
_PATCH_GAP_INCHES = 0.12
_SQUARE = frozenset({zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix})
_FORMATS = zxingcpp.barcode_formats_from_str("Code128,Code39,Code93,PDF417,QRCode,DataMatrix")
_OURS = zxingcpp.barcode_formats_from_str("Code128,QRCode")


def separator_codes(
    cleaned: Grey, reduced_page: Grey, scan: Pixels, dpi: int
) -> tuple[str, ...] | None:
    """Return the codes of our own separator sheet; none, but no None, for another system's.

    A sheet of ours is one by a large code that `records.separator_code` can read, however grainy
    the scan is. Another's carries a large code that can be decoded, and little else: Code 128,
    Code 39, Code 93, PDF417, QR, Data Matrix, and patch codes (four bars, two of them wide). What
    another's code says is not told: it may be a patient's number.

    Args:
        cleaned: the page, in which codes are read.
        reduced_page: the same page at 150 dpi or less, in which they are looked for.
        scan: the page as stored, in the size of `reduced_page`.
        dpi: resolution of `cleaned`.
    """
    seen_dpi = round(dpi * reduced_page.shape[1] / cleaned.shape[1])
    ink = as_mask(reduced(reduced_page, seen_dpi, _WORKING_DPI) < _INK)
    if not _has_dense_area(ink):
        return None
    is_busy = _letters(ink) > _NEARLY_EMPTY
    large: list[zxingcpp.Barcode] = []
    if not is_busy:
        read = zxingcpp.read_barcodes(cleaned, formats=_FORMATS)
        large = [code for code in read if _is_large(code, dpi)]
    if ours := _ours(large) or _ours_in_a_poor_scan(reduced_page, scan, seen_dpi):
        return ours
    if is_busy:
        return None
    scale = min(_WORKING_DPI / dpi, 1.0)
    if any(_letters(ink, _area(_corners(code) * scale, ink)) <= _MOST_LETTERS for code in large):
        return ()
    has_patch = any(
        _letters(rest) <= _MOST_LETTERS and is_patch_code(block, _WORKING_DPI)
        for block, rest in _blocks(ink)
    )
    return () if has_patch else None


def _ours_in_a_poor_scan(page: Grey, scan: Pixels, dpi: int) -> tuple[str, ...]:
    """Return our codes as they are read without grain, or where faded print is thickened.

    Of a severe scan whose toner had gone along two edges, only the last two could be read.
    """
    grey = scan if scan.ndim == 2 else np.asarray(cv2.cvtColor(scan, cv2.COLOR_RGB2GRAY), np.uint8)
    thick = np.asarray(cv2.erode(grey, box_kernel(3, 3)), np.uint8)
    for seen in (page, grey, _smooth(page), _smooth(grey), thick):
        read = zxingcpp.read_barcodes(np.ascontiguousarray(seen), formats=_OURS)
        if ours := _ours([code for code in read if _is_large(code, dpi)]):
            return ours
    return ()


def _smooth(seen: Grey) -> Grey:
    return np.asarray(cv2.GaussianBlur(seen, (0, 0), _GRAIN), np.uint8)


def _ours(codes: Iterable[zxingcpp.Barcode]) -> tuple[str, ...]:
    """Return the different texts of our own codes."""
    return tuple(dict.fromkeys(code.text for code in codes if parse_separator_code(code.text)))


def _is_large(code: zxingcpp.Barcode, dpi: int) -> bool:
    sides = [math.dist(one, two) for one, two in pairwise(_corners(code))]
    least = _SQUARE_INCHES if code.format in _SQUARE else _LINEAR_INCHES
    return max(sides) >= least * dpi


def _corners(code: zxingcpp.Barcode) -> npt.NDArray[np.float64]:
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return np.array([(corner.x, corner.y) for corner in corners], np.float64)


def _has_dense_area(ink: Mask) -> bool:
    window = round(_DENSE_WINDOW_INCHES * _WORKING_DPI)
    density = cv2.blur(ink, (window, window))
    dense = cv2.threshold(density, 255 * _DENSE, 255, cv2.THRESH_BINARY)[1]
    _, _, stats, _ = cv2.connectedComponentsWithStats(dense, connectivity=8)
    largest = int(stats[1:, cv2.CC_STAT_AREA].max(initial=0))
    return largest >= _DENSE_SQUARE_INCHES * _WORKING_DPI**2


def _letters(ink: Mask, code: Mask | None = None) -> int:
    """Count the pieces of ink of a letter's size; those that reach into a code are its own."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    size = stats[:, (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)].max(axis=1)
    least, most = (inches * _WORKING_DPI for inches in _LETTER_INCHES)
    letter = (size >= least) & (size <= most)
    letter[0] = False
    if code is not None:
        letter[labels[code > 0]] = False
    return int(letter.sum())


def _area(corners: npt.NDArray[np.float64], ink: Mask) -> Mask:
    """Return where a code lies."""
    area = np.zeros_like(ink)
    cv2.fillConvexPoly(area, np.rint(corners).astype(np.int32), 255)
    return area


def _blocks(ink: Mask) -> list[tuple[Mask, Mask]]:
    """Return, for each large block of bars, the ink within it and the ink outside it."""
    gap, length = (round(inches * _WORKING_DPI) for inches in (_PATCH_GAP_INCHES, _PATCH_INCHES))
    solid = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, box_kernel(gap, gap))
    _, _, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    found = []
    for x, y, width, height in stats[1:, : cv2.CC_STAT_AREA].tolist():
        if max(width, height) >= length:
            rest = ink.copy()
            rest[y : y + height, x : x + width] = 0
            found.append((ink[y : y + height, x : x + width], rest))
    return found


def is_patch_code(ink: Mask, dpi: int) -> bool:
    """Tell whether there are four long bars and nothing else, two of them wide and two narrow."""
    for turned in (ink, ink.T):
        bars = _bars(turned)
        if len(bars) != _PATCH_BARS or turned.shape[1] < _PATCH_INCHES * dpi:
            continue
        thinnest, second, third, thickest = sorted(end - start for start, end in bars)
        gaps = [after[0] - before[1] for before, after in pairwise(bars)]
        two_and_two = third >= _PATCH_WIDE * second
        alike = second <= 1.4 * thinnest and thickest <= 1.4 * third
        if two_and_two and alike and max(gaps) <= 2 * thickest:
            return True
    return False


def _bars(ink: Mask) -> list[tuple[int, int]]:
    """Return the first row of each bar that runs along most of the width, and the row after it."""
    filled = (ink > 0).mean(axis=1) > 0.5
    edges = np.flatnonzero(np.diff(filled.astype(np.int8), prepend=0, append=0))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]

"""What resolution a page really has."""

_LONG_SIDE = 11.5  # inches: A4 has 11.7, Letter 11
_PAGE_RATIOS = (1.25, 1.5)  # long side by short side: A4 1.41, Letter 1.29
_SHEETS = (3.0, 24.0)  # a scanned sheet's long side, in inches
_SMALLEST_DPI = 50
UNKNOWN_DPI = 200


def believed_dpi(width: int, height: int, dpi: int | None) -> int:
    """Return the tagged resolution where it is plausible, else a guess.

    A tag is plausible if it makes the sheet 3 to 24 inches long (a photograph's 72 dpi does not).
    The guess takes what has a page's proportions for a page, and gives 200 for all else.
    """
    long_side, short_side = max(width, height), min(width, height)
    if dpi is not None and dpi >= _SMALLEST_DPI and _SHEETS[0] <= long_side / dpi <= _SHEETS[1]:
        return dpi
    if _PAGE_RATIOS[0] <= long_side / short_side <= _PAGE_RATIOS[1]:
        return max(round(long_side / _LONG_SIDE), _SMALLEST_DPI)
    return UNKNOWN_DPI

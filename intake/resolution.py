"""Which resolutions can be believed."""

_LOWEST, _HIGHEST = 72, 1200
_LARGEST_SHEET_INCHES = 24  # cameras write 72 into a photograph "a metre wide"


def plausible(dpi: float, size: tuple[int, int]) -> int | None:
    """Return the resolution as a whole number where a sheet of that size is possible."""
    if not _LOWEST <= dpi <= _HIGHEST or max(size) > dpi * _LARGEST_SHEET_INCHES:
        return None
    return round(dpi)

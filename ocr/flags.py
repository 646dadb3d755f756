"""What is noteworthy about a page's look, each with the threshold that decides it."""

LOW_RESOLUTION_DPI = 150
OUT_OF_FOCUS = 0.17
FADED = 0.35
DARK = 0.4  # brightness of the paper; coloured paper has 0.7 and more


def flags_of_turn(rotation: int) -> tuple[str, ...]:
    """Flags of a stored page that is not upright."""
    return {90: ("rotated",), 180: ("upside_down",), 270: ("rotated",)}.get(rotation, ())


def flags_of_look(dpi: int, sharpness: float | None, depth: float) -> tuple[str, ...]:
    """Flags of a page that was scanned too coarsely, out of focus, or too faint."""
    found = {
        "low_resolution": dpi < LOW_RESOLUTION_DPI,
        "out_of_focus": sharpness is not None and sharpness < OUT_OF_FOCUS,
        "faded": depth < FADED,
    }
    return tuple(flag for flag, holds in found.items() if holds)

"""Pieces of lines by which it is told which way up a page is."""

import cv2
import numpy as np

from ocr.upright import sample_lines

_DPI = 300


def test_a_label_beside_two_lines_makes_them_no_single_one() -> None:
    """A high label beside each pair of lines bridges the gap between them; pieces are of one."""
    page = np.full((3000, 2000), 255, np.uint8)
    for pair in range(8):
        top = 200 + 320 * pair
        cv2.rectangle(page, (100, top), (130, top + 130), 0, -1)
        for line in (0, 90):
            for x in range(250, 1900, 50):
                cv2.rectangle(page, (x, top + line), (x + 30, top + line + 40), 0, 4)

    pieces = sample_lines(page, _DPI)

    assert len(pieces) == 4
    assert max(len(piece) for piece in pieces) < 90

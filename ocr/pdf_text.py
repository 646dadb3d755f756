"""The text layer of a born-digital PDF page, believed only where the page's look agrees.

A text layer can be invisible, come from a poorer recogniser, or spell nonsense through a broken
character map. The look is what the patient was given, so the look decides.
"""

import io
import logging
import struct
import unicodedata
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import pdfplumber
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException
from rapidfuzz.distance import Indel

from ocr.engine import OcrEngine
from ocr.imaging.ink import ink_mask
from ocr.imaging.pixels import Grey, Mask
from ocr.imaging.rules import find_rules, without_rules
from ocr.line_order import in_reading_order
from records.redacted_logging import event
from records.values import Box, Line, PageImage, Word

TEXT_LAYER_ENGINE = f"pdfplumber {pdfplumber.__version__}"

_log = logging.getLogger(__name__)

# What pdfminer lets through on damaged files, besides its own.
_DAMAGED = (
    PdfminerException,
    MalformedPDFException,
    PSException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)

_FEWEST_LETTERS = 10
_SCAN_COVERS = 0.5  # a picture over more than half the page is a scan, its text a recogniser's
_COVERED_INK = 0.8  # share of the ink outside pictures that lies under words
_VISIBLE_WORDS = 0.9  # share of words that have ink under them
_LEAST_INK = 0.03  # share of a visible word's box that is dark
_ODD_LETTERS = 0.02
_COMMON_SYLLABLES = 0.9  # share of Hangul within KS X 1001; a shuffled character map gives 0.21
_SAMPLE_LINES = 3
_SAMPLE_LETTERS = 40
_AGREEMENT = 0.6  # likeness of a sample as read; true layers reach 0.8, others stay below 0.3


def text_layer(
    image: PageImage, page: Grey, dpi: int, engine: OcrEngine
) -> tuple[Line, ...] | None:
    """Return the page's text layer as lines with boxes in its pixels; None where not believed.

    Args:
        image: the page, with its PDF's bytes.
        page: its pixels, cleaned.
        dpi: their resolution.
        engine: reads a few lines, to compare.
    """
    if image.pdf is None:
        return None
    try:
        words, pictures = _words_and_pictures(image.pdf, image)
    except _DAMAGED as error:
        event(_log, "text_layer_damaged", page=image.page_id, error=type(error).__name__.lower())
        return None
    lines = in_reading_order([Line((word,)) for word in words])
    reason = (
        _why_not_spelled("".join(word.text for word in words))
        or _why_not_drawn(
            words, pictures, ink_mask(without_rules(page, find_rules(page, dpi), dpi))
        )
        or _why_not_read(lines, page, dpi, engine)
    )
    if reason:
        event(_log, "text_layer_refused", page=image.page_id, reason=reason)
        return None
    return lines


def _words_and_pictures(pdf: bytes, image: PageImage) -> tuple[list[Word], list[Box]]:
    """Return a PDF page's words and pictures with boxes in the rendered page's pixels."""
    with pdfplumber.open(io.BytesIO(pdf), pages=[image.pdf_index + 1]) as document:
        page = document.pages[0]
        scale_x, scale_y = image.width / float(page.width), image.height / float(page.height)
        left, top = float(page.bbox[0]), float(page.bbox[1])

        def box(found: dict[str, Any]) -> Box:
            return Box(
                min(max(int((found["x0"] - left) * scale_x), 0), image.width),
                min(max(int((found["top"] - top) * scale_y), 0), image.height),
                min(max(int((found["x1"] - left) * scale_x) + 1, 0), image.width),
                min(max(int((found["bottom"] - top) * scale_y) + 1, 0), image.height),
            )

        words = [Word(found["text"], box(found)) for found in page.extract_words()]
        return words, [box(found) for found in page.images]


def _why_not_spelled(letters: str) -> str | None:
    if len(letters) < _FEWEST_LETTERS:
        return "too_few_letters"
    odd = sum(unicodedata.category(letter) in ("Co", "Cn", "Cc", "Cs") for letter in letters)
    odd += letters.count("\ufffd") + len("(cid:") * letters.count("(cid:")
    if odd > _ODD_LETTERS * len(letters):
        return "odd_letters"
    syllables = [letter for letter in letters if "가" <= letter <= "힣"]
    common = sum(_in_ks_x_1001(syllable) for syllable in syllables)
    if common < _COMMON_SYLLABLES * len(syllables):
        return "odd_syllables"
    return None


def _in_ks_x_1001(syllable: str) -> bool:
    try:
        syllable.encode("euc_kr")
    except UnicodeEncodeError:
        return False
    return True


def _why_not_drawn(words: list[Word], pictures: list[Box], ink: Mask) -> str | None:
    height, width = ink.shape
    outside = ink.copy()
    for picture in pictures:
        if (picture.x1 - picture.x0) * (picture.y1 - picture.y0) > _SCAN_COVERS * height * width:
            return "scan"
        outside[picture.y0 : picture.y1, picture.x0 : picture.x1] = 0
    under_words = np.zeros_like(ink)
    visible = 0
    for box in (word.box for word in words):
        inside = ink[box.y0 : box.y1, box.x0 : box.x1]
        visible += bool(inside.size and inside.mean() / 255 >= _LEAST_INK)
        under_words[box.y0 : box.y1, box.x0 : box.x1] = 255
    if visible < _VISIBLE_WORDS * len(words):
        return "invisible"
    covered = cv2.countNonZero(cv2.bitwise_and(outside, under_words))
    if covered < _COVERED_INK * cv2.countNonZero(outside):
        return "incomplete"
    return None


def _why_not_read(lines: tuple[Line, ...], grey: Grey, dpi: int, engine: OcrEngine) -> str | None:
    """Compare the beginnings of the longest lines with what the engine reads there.

    An engine that reads nothing (`null`) has nothing to say against them.
    """
    longest = sorted(lines, key=lambda line: -len(line.text))[:_SAMPLE_LINES]
    beginnings = [_beginning(line) for line in longest]
    pieces = []
    for words in beginnings:
        top, bottom = min(word.box.y0 for word in words), max(word.box.y1 for word in words)
        pieces.append(grey[top:bottom, words[0].box.x0 : words[-1].box.x1])
    read = engine.recognise(pieces, dpi)
    if not any(read):
        return None
    likeness = Indel.normalized_similarity(_letters(beginnings), _letters(read))
    return None if likeness >= _AGREEMENT else "reads_otherwise"


def _letters(lines: Sequence[tuple[Word, ...]]) -> str:
    return "".join(word.text for line in lines for word in line)


def _beginning(line: Line) -> tuple[Word, ...]:
    """Return a line's first words, as many as make a sample."""
    letters = 0
    for place, word in enumerate(line.words):
        letters += len(word.text)
        if letters >= _SAMPLE_LETTERS:
            return line.words[: place + 1]
    return line.words

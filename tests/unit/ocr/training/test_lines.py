"""The lines that the recognizer is trained on."""

import random
import re

import numpy as np
import pytest

from ocr.engines.line_shape import HEIGHT, fitted
from ocr.training.alphabet import alphabet, ks_syllables, letters_of
from ocr.training.faces import korean_faces, latin_faces
from ocr.training.line_images import LineMaker
from ocr.training.texts import Texts
from tests.makers.fonts import FAMILIES


@pytest.fixture(scope="module")
def maker() -> LineMaker:
    """The maker, its dictionary and fonts read once."""
    return LineMaker()


def test_every_sign_has_one_class() -> None:
    """No sign comes twice; the syllables of KS X 1001, figures and letters are all there."""
    signs = alphabet()

    assert len(signs) == len(set(signs))
    assert (signs[0], signs[1]) == ("", " ")
    assert len(ks_syllables()) == 2350
    assert set(ks_syllables()) | set("0123456789AZaz℃㎎診") <= set(signs)


@pytest.mark.parametrize(
    ("sign", "letters"), [("가", (0, 0, 0)), ("힣", (18, 20, 27)), ("A", None), ("", None)]
)
def test_syllables_are_taken_apart(sign: str, letters: tuple[int, int, int] | None) -> None:
    """A syllable is known by its first, middle and last letter; other signs have none."""
    assert letters_of(sign) == letters


def test_no_face_for_measuring_is_learned_from() -> None:
    """Families of the test part lend no font file, of whatever weight, to training lines."""
    learned = {face.path.stem for face in (*korean_faces(), *latin_faces())}
    kept = [family for family in FAMILIES.values() if family.part == "test"]
    stems = {re.sub(r"(R|Bold|B)$", "", family.file(bold=False).stem) for family in kept}

    assert len(kept) >= 9
    assert not [name for name in learned if any(name.startswith(stem) for stem in stems)]


def test_texts_come_from_many_registers_in_one_alphabet() -> None:
    """Words, figures, codes, Latin and Hanja are drawn; what is drawn can be told apart."""
    texts, rng = Texts(), random.Random(4)
    drawn = [texts.draw(rng) for _ in range(2000)]
    known = set(alphabet())

    for pattern in (
        r"^[가-힣 ]{2,}$",
        r"\d{6}-\d",
        r"[A-Z]\d\d",
        r"[a-z]{4,}",
        r"[一-龥]{2}",
        r"\d,\d{3}",
    ):
        assert sum(bool(re.search(pattern, text)) for text in drawn) > 10, pattern
    strange = [text for text in drawn if not set(text) <= known]
    assert len(strange) < 0.01 * len(drawn)


@pytest.mark.parametrize("pattern", [r"(bid|tid|qd)( [ap]c)? x \d", r"^[SOAP]\) ?\S"])
def test_doses_and_heads_of_notes_are_drawn(pattern: str) -> None:
    """A recognizer that saw no such line dropped the x of a dose and read O) as 0)."""
    texts, rng = Texts(), random.Random(5)

    assert sum(bool(re.search(pattern, texts.draw(rng))) for _ in range(4000)) > 5


def test_a_seed_makes_one_line(maker: LineMaker) -> None:
    """The same seed gives the same line, another seed another; its text is of the alphabet."""
    first, again, other = maker.make(7), LineMaker().make(7), maker.make(8)

    assert first.text == again.text
    assert np.array_equal(first.image, again.image)
    assert first.text != other.text
    assert set(first.text) <= set(alphabet())


def test_lines_have_ink_where_the_recognizer_looks(maker: LineMaker) -> None:
    """Every line is as high as the network wants it, ink bright on dark, in nearly every one."""
    lines = [maker.make(seed) for seed in range(100, 160)]

    assert {line.image.shape[0] for line in lines} == {HEIGHT}
    assert all(line.image.max() > 100 for line in lines)
    assert np.median([np.median(line.image) for line in lines]) < 60


def test_a_blank_line_has_no_shape() -> None:
    """White, and paper's grain too pale for ink, is no line."""
    assert fitted(np.full((40, 200), 255, np.uint8)) is None
    assert fitted(np.full((40, 200), 240, np.uint8)) is None


def test_places_on_the_shaped_line_lead_back_to_the_line() -> None:
    """By `left` and `scale`, a bar's column in the recognizer's image is the bar's in the line."""
    line = np.full((60, 400), 255, np.uint8)
    line[10:50, 100:104] = 0
    line[10:50, 300:304] = 0

    shaped = fitted(line)

    assert shaped is not None
    columns = np.flatnonzero(shaped.image[HEIGHT // 2] > 128)
    there = shaped.left + columns / shaped.scale
    assert abs(there.min() - 100) < 3
    assert abs(there.max() - 303) < 3


def test_a_very_flat_line_stays_small() -> None:
    """A rule taken for a line, two pixels high across a large page, costs no more than a line."""
    line = np.full((14, 20_000), 255, np.uint8)
    line[6:8, 10:-10] = 0

    shaped = fitted(line)

    assert shaped is not None
    assert shaped.image.shape[0] == HEIGHT
    assert shaped.image.shape[1] <= 6100

"""One contract for every engine, and what each refuses."""

import hashlib
import multiprocessing
import os
import signal
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.engine import OcrEngine, make_engine
from ocr.engines.combined import surer
from ocr.engines.recognizer import MODEL
from ocr.engines.tesseract import TesseractEngine
from records.errors import RejectedInput, SetupError, TransientError
from records.values import Box, Word

_FONT = "/usr/share/fonts/truetype/nanum/NanumGothic.ttf"


LANGUAGES = "Hangul+eng"


@pytest.fixture(scope="module")
def line() -> np.ndarray:
    """A printed Korean sentence at 300 dpi, cut close."""
    return _printed("위와 같이 진단합니다 2019")


def _printed(text: str) -> np.ndarray:
    font = ImageFont.truetype(_FONT, 46)
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (round(right - left) + 12, round(bottom - top) + 12), 255)
    ImageDraw.Draw(image).text((6 - left, 6 - top), text, 0, font)
    return np.asarray(image)


@pytest.fixture(params=["combined", "recognizer", "tesseract", "null"])
def engine(request: pytest.FixtureRequest) -> OcrEngine:
    """Each engine in turn."""
    return make_engine(request.param, LANGUAGES)


def test_an_engine_tells_its_name_version_and_languages(engine: OcrEngine) -> None:
    """What goes into a page's settings digest is told, and the same each time."""
    again = make_engine(engine.name, LANGUAGES)

    assert engine.version
    assert (again.name, again.version, again.languages) == (
        engine.name,
        engine.version,
        LANGUAGES,
    )


def test_an_engine_answers_each_line_and_leaves_the_images_alone(
    engine: OcrEngine, line: np.ndarray
) -> None:
    """One answer a line, in order; words have text, a box in their line, a confidence of 0 to 1."""
    lines = [line, np.full((40, 300), 255, np.uint8), _printed("TEL 051-858-5901")]
    before = [image.copy() for image in lines]

    found = engine.recognise(lines, 300)

    assert all(np.array_equal(old, new) for old, new in zip(before, lines, strict=True))
    assert len(found) == len(lines)
    assert found[1] == ()
    for image, words in zip(lines, found, strict=True):
        for word in words:
            assert word.text == word.text.strip() != ""
            assert 0 <= word.box.x0 < word.box.x1 <= image.shape[1]
            assert 0 <= word.box.y0 < word.box.y1 <= image.shape[0]
            assert word.confidence is not None
            assert 0 <= word.confidence <= 1


def test_an_engine_gives_the_same_words_again(engine: OcrEngine, line: np.ndarray) -> None:
    """What was read before does not change how a line is read."""
    alone = engine.recognise([line], 300)
    engine.recognise([_printed("진료비 계산서 31,200")], 300)

    assert engine.recognise([line], 300) == alone


def test_a_line_is_read_the_same_among_others(engine: OcrEngine, line: np.ndarray) -> None:
    """The lines of a page come in one call; which they are does not change how each is read."""
    others = [_printed(text) for text in ("발급일", "진료비 계산서 31,200원 TEL 051-858-5901 확인")]

    assert (
        engine.recognise([others[1], line, others[0]], 300)[1] == engine.recognise([line], 300)[0]
    )


def test_an_engine_takes_no_lines_and_tiny_ones(engine: OcrEngine) -> None:
    """No line has no answer; a tiny image is no trap."""
    assert engine.recognise([], 300) == []
    assert engine.recognise([np.full((4, 4), 255, np.uint8)], 300) == [()]
    assert len(engine.recognise([np.zeros((1, 1), np.uint8)], 300)) == 1


def test_a_forked_copy_reads_beside_its_owner(line: np.ndarray) -> None:
    """A worker that forks after reading does not take its owner's reader along."""
    engine = make_engine("tesseract", LANGUAGES)
    before = engine.recognise([line], 300)
    told = multiprocessing.SimpleQueue()

    copy = multiprocessing.get_context("fork").Process(
        target=lambda: told.put(engine.recognise([line], 300))
    )
    copy.start()
    copied = told.get()
    copy.join()

    assert before == copied == engine.recognise([line], 300)


@pytest.mark.parametrize(
    "text",
    [
        "위와 같이 진단합니다 2019",
        "TEL 051-858-5901 FAX 051-858-5902",
        "주민등록번호 430505-1240522",
        "K21.9 식도염을 동반한 위식도역류병",
        "Hemoglobin 13.9 g/dL",
    ],
)
@pytest.mark.parametrize("name", ["combined", "recognizer", "tesseract"])
def test_hangul_latin_and_figures_of_one_line_are_read(name: str, text: str) -> None:
    """Each word is read in its script, and stands apart as printed."""
    (words,) = make_engine(name, LANGUAGES).recognise([_printed(text)], 300)

    assert " ".join(word.text for word in words) == text


def test_tesseract_leaves_nothing_on_disk(
    line: np.ndarray, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Images and text travel by pipe: a killed worker leaves no page behind."""
    folder = tmp_path_factory.mktemp("watched")
    folder.chmod(0o500)
    monkeypatch.setenv("TMPDIR", str(folder))

    assert make_engine("tesseract", LANGUAGES).recognise([line], 300)
    assert list(folder.iterdir()) == []


def test_the_version_names_every_model() -> None:
    """A changed model file changes the version."""
    version = make_engine("tesseract", LANGUAGES).version

    assert version.startswith("tesseract ")
    assert [part.split(":")[0] for part in version.split()[2:]] == ["Hangul", "eng"]


def test_tesseract_reads_a_hyphen_between_hangul() -> None:
    """The recognizer leaves it out as yet; Tesseract, alone, does not."""
    text = "K21.9 식도염을 동반한 위-식도역류병"
    (words,) = make_engine("tesseract", LANGUAGES).recognise([_printed(text)], 300)

    assert " ".join(word.text for word in words) == text


@pytest.mark.parametrize("name", ["combined", "recognizer"])
def test_the_version_names_the_recognizer_s_model(name: str) -> None:
    """The digest of the shipped file stands in the version, and so in every page's settings."""
    digest = hashlib.sha256(MODEL.read_bytes()).hexdigest()[:12]

    assert digest in make_engine(name, LANGUAGES).version


def test_rare_syllables_hanja_and_signs_are_known() -> None:
    """What Tesseract's Hangul model does not know: Hanja of forms, units, marks."""
    engine = make_engine("recognizer", LANGUAGES)

    read = engine.recognise([_printed("㎎ ℃ ± ■ ○"), _printed("뷁 뎠 쾡")], 300)

    assert ["".join(word.text for word in words) for words in read] == ["㎎℃±■○", "뷁뎠쾡"]


def test_full_width_signs_are_read_as_plain_ones() -> None:
    """Whoever searches types the plain ones, and print does not tell them apart."""
    (words,) = make_engine("recognizer", LANGUAGES).recognise([_printed("환자：성명（가）")], 300)

    assert "".join(word.text for word in words) == "환자:성명(가)"


def test_figures_that_are_misread_are_doubted() -> None:
    """Of the wrong figures of blurred, grainy numbers most are doubted, the right ones named."""
    engine, rng = make_engine("recognizer", LANGUAGES), np.random.default_rng(3)
    wrong = named = 0
    for _ in range(60):
        figures = "".join(map(str, rng.integers(0, 10, 13)))
        number = f"{figures[:6]}-{figures[6:]}"
        blurred = cv2.GaussianBlur(_printed(number), (0, 0), rng.uniform(3, 5)).astype(float)
        grainy = (blurred + rng.normal(0, 25, blurred.shape)).clip(0, 255).astype(np.uint8)
        (words,) = engine.recognise([grainy], 300)
        if len(words) != 1 or len(words[0].text) != len(number):
            continue
        doubts = {(doubt.place, doubt.sign) for doubt in words[0].doubts}
        places = [n for n, (a, b) in enumerate(zip(words[0].text, number, strict=True)) if a != b]
        wrong += len(places)
        named += sum((place, number[place]) in doubts for place in places)

    assert wrong >= 3
    assert named > wrong / 2


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("I41219-4257841", "141219-4257841"),
        ("8403O1-1O62738", "840301-1062738"),
        ("740824-132454.1", "740824-1324541"),
        ("740824-1324541.", "740824-1324541."),
        ("I10.9", "I10.9"),
    ],
)
def test_a_person_s_number_has_figures_only(printed: str, read: str) -> None:
    """One or two letters like figures are figures there, a stop is a speck; codes keep theirs."""
    (words,) = make_engine("recognizer", LANGUAGES).recognise([_printed(printed)], 300)

    assert [word.text for word in words] == [read]


def test_words_without_figures_are_not_doubted(line: np.ndarray) -> None:
    """No grammar could choose."""
    (words,) = make_engine("recognizer", LANGUAGES).recognise([line], 300)

    assert all(not word.doubts for word in words if not any(s.isdigit() for s in word.text))


@pytest.mark.parametrize(
    ("first", "again", "kept"),
    [
        ("I10", "110", "I10"),
        ("(J00.1)", "(JOO.1)", "(J00.1)"),
        ("2017/07/O1", "2017/07/01", "2017/07/01"),
        ("I10", "I70", "I70"),
        ("가숨", "가슴", "가슴"),
    ],
)
def test_the_surer_word_stands_but_a_code_keeps_its_letter(
    first: str, again: str, kept: str
) -> None:
    """Tesseract, surer, overrules; not where it only takes a code's letter for a figure."""
    box = Box(0, 0, 90, 30)

    word = surer(Word(first, box, 0.5), [Word(again, box, 0.98)])

    assert word.text == kept
    assert (word.confidence or 1.0) < 0.8


@pytest.mark.parametrize(
    ("again", "kept"),
    [("G43.9", "G43.9"), ("643.9", "G43.9"), ("C43.9", "C43.9"), ("G48.9", "C43.9")],
)
def test_a_code_s_c_is_a_g_where_a_bar_was_seen(again: str, kept: str) -> None:
    """However sure of it; it is doubted then. Whatever else is read again changes nothing."""
    sure = Word("C43.9", Box(0, 0, 90, 30), 0.97)

    word = surer(sure, [Word(again, sure.box, 0.3)])

    assert word.text == kept
    if kept == "C43.9":
        assert word == sure
    else:
        assert (word.confidence or 1.0) < 0.8
        assert [(doubt.place, doubt.sign) for doubt in word.doubts] == [(0, "C")]


def test_a_page_that_takes_too_long_is_refused(line: np.ndarray) -> None:
    """Time runs out: the page is rejected, the error holds none of its text, the next is read."""
    with pytest.raises(RejectedInput) as caught:
        make_engine("tesseract", "Hangul", max_seconds=0).recognise([line], 300)

    assert caught.value.code == "page_too_slow"
    assert caught.value.__cause__ is None


def test_a_killed_reader_is_tried_again(line: np.ndarray) -> None:
    """A child that was killed from outside is the machine's fault; the next call starts another."""
    engine = TesseractEngine(LANGUAGES)
    before = engine.recognise([line], 300)
    child = _newest_reader()
    os.kill(child, signal.SIGSTOP)
    killer = threading.Timer(0.5, os.kill, (child, signal.SIGKILL))
    killer.start()

    with pytest.raises(TransientError) as caught:
        engine.recognise([line], 300)

    assert caught.value.code == "ocr_engine_killed"
    assert engine.recognise([line], 300) == before


def _newest_reader() -> int:
    """The process id of the reader that this process started last."""
    readers = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = process.joinpath("cmdline").read_bytes()
            state = process.joinpath("stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if b"tesseract_child" in command and int(state[1]) == os.getpid():
            readers.append(int(process.name))
    return max(readers)


@pytest.mark.parametrize(
    ("name", "languages", "code"),
    [
        ("abbyy", "Hangul", "ocr_engine_unknown"),
        ("tesseract", "Hangul+xxx", "ocr_language_missing"),
    ],
)
def test_what_is_not_there_stops_work_before_it_starts(
    name: str, languages: str, code: str
) -> None:
    """An unknown engine or a missing language is for the operator."""
    with pytest.raises(SetupError) as caught:
        make_engine(name, languages)

    assert caught.value.code == code


def test_missing_models_stop_work_before_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Tesseract's models the operator is told so."""
    monkeypatch.setenv("PATH", "/nonexistent")

    with pytest.raises(SetupError) as caught:
        make_engine("tesseract", "Hangul")

    assert caught.value.code == "ocr_engine_missing"

"""One contract for every engine, and what each refuses."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.engine import OcrEngine, make_engine
from records.errors import RejectedInput, SetupError

_FONT = "/usr/share/fonts/truetype/nanum/NanumGothic.ttf"


@pytest.fixture(scope="module")
def line() -> np.ndarray:
    """A printed Korean sentence at 300 dpi."""
    image = Image.new("L", (1500, 200), 255)
    ImageDraw.Draw(image).text(
        (60, 70), "위와 같이 진단합니다 2019", 0, ImageFont.truetype(_FONT, 46)
    )
    return np.asarray(image)


@pytest.fixture(params=["tesseract", "null"])
def engine(request: pytest.FixtureRequest) -> OcrEngine:
    """Each engine in turn."""
    return make_engine(request.param, "kor+eng")


def test_an_engine_tells_its_name_version_and_languages(engine: OcrEngine) -> None:
    """What goes into a page's settings digest is told, and the same each time."""
    again = make_engine(engine.name, "kor+eng")

    assert engine.version
    assert (again.name, again.version, again.languages) == (
        engine.name,
        engine.version,
        "kor+eng",
    )


def test_an_engine_gives_sound_lines_and_leaves_the_image_alone(
    engine: OcrEngine, line: np.ndarray
) -> None:
    """Words have text, a box inside the image and a confidence between 0 and 1."""
    before = line.copy()

    lines = engine.recognise(line, 300)

    assert np.array_equal(before, line)
    for word in (word for found in lines for word in found.words):
        assert word.text == word.text.strip() != ""
        assert 0 <= word.box.x0 < word.box.x1 <= line.shape[1]
        assert 0 <= word.box.y0 < word.box.y1 <= line.shape[0]
        assert word.confidence is not None
        assert 0 <= word.confidence <= 1


def test_an_engine_gives_the_same_lines_again(engine: OcrEngine, line: np.ndarray) -> None:
    """The same image gives the same lines."""
    assert engine.recognise(line, 300, "block") == engine.recognise(line, 300, "block")


def test_an_engine_takes_an_empty_image(engine: OcrEngine) -> None:
    """White paper has no lines; a tiny image is no trap."""
    assert engine.recognise(np.full((400, 400), 255, np.uint8), 300) == []
    assert engine.recognise(np.full((4, 4), 255, np.uint8), 300) == []


def test_tesseract_reads_korean_words_whole(line: np.ndarray) -> None:
    """Syllables that the engine cuts apart are one word again."""
    (found,) = make_engine("tesseract", "kor+eng").recognise(line, 300)

    assert found.text == "위와 같이 진단합니다 2019"


def test_tesseract_leaves_nothing_on_disk(
    line: np.ndarray, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Image and text travel by pipe: a killed worker leaves no page behind."""
    folder = tmp_path_factory.mktemp("watched")
    folder.chmod(0o500)
    monkeypatch.setenv("TMPDIR", str(folder))

    assert make_engine("tesseract", "kor+eng").recognise(line, 300)
    assert list(folder.iterdir()) == []


def test_the_version_names_every_model() -> None:
    """A changed model file changes the version."""
    version = make_engine("tesseract", "kor+eng").version

    assert version.startswith("tesseract 5")
    assert [part.split(":")[0] for part in version.split()[2:]] == ["kor", "eng"]


def test_a_page_that_takes_too_long_is_refused(line: np.ndarray) -> None:
    """Time runs out: the page is rejected, and the error holds none of its text."""
    with pytest.raises(RejectedInput) as caught:
        make_engine("tesseract", "kor", max_seconds=0).recognise(line, 300)

    assert caught.value.code == "page_too_slow"
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("name", "languages", "code"),
    [
        ("abbyy", "kor", "ocr_engine_unknown"),
        ("tesseract", "kor+xxx", "ocr_language_missing"),
    ],
)
def test_what_is_not_there_stops_work_before_it_starts(
    name: str, languages: str, code: str
) -> None:
    """An unknown engine or a missing language is for the operator."""
    with pytest.raises(SetupError) as caught:
        make_engine(name, languages)

    assert caught.value.code == code


def test_a_missing_program_stops_work_before_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Tesseract on the path the operator is told so."""
    monkeypatch.setenv("PATH", "/nonexistent")

    with pytest.raises(SetupError) as caught:
        make_engine("tesseract", "kor")

    assert caught.value.code == "ocr_engine_missing"

"""Settings enter once, typed, and say what is wrong with them."""

from pathlib import Path

import pytest

from records.errors import SetupError
from records.settings import load_settings


def test_file_then_environment(tmp_path: Path) -> None:
    """The environment overrides the file, and the file the defaults."""
    file = tmp_path / "giroksil.toml"
    file.write_text('chunk_pages = 8\nocr_languages = "kor"\n', "utf-8")
    settings = load_settings(file, {"GIROKSIL_CHUNK_PAGES": "24"})
    assert (settings.chunk_pages, settings.ocr_languages) == (24, "kor")


def test_home_is_meant_from_the_file(tmp_path: Path) -> None:
    """A relative home lies beside the settings file, wherever the program was started."""
    file = tmp_path / "giroksil.toml"
    file.write_text('home = "data"\n', "utf-8")
    assert load_settings(file, {}).home_path == tmp_path / "data"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nonsense = 1\n", "settings_unknown"),
        ("chunk_pages = 'many'\n", "settings_value"),
        ("release = 'never'\n", "settings_value"),
        ("chunk_pages = \n", "settings_unreadable"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, code: str) -> None:
    """An unknown name, a wrong shape or a broken file is a SetupError with its code."""
    file = tmp_path / "giroksil.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(SetupError) as caught:
        load_settings(file, {})
    assert caught.value.code == code

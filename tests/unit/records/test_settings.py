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
        ("sampling = 'never'\n", "settings_value"),
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


def test_a_master_key_is_a_file_or_a_tokens_address(tmp_path: Path) -> None:
    """A path is meant from the settings file's folder, a `pkcs11:` address stays as it is."""
    address = "pkcs11:token=t;object=o?module-path=/lib/p.so&pin-source=file:/run/pin"
    file = tmp_path / "giroksil.toml"
    file.write_text(f'master_key = "{address}"\nformer_master_key = "old.key"\n')

    settings = load_settings(file, {})

    assert settings.master_key_place == address
    assert settings.former_master_key == str(tmp_path / "old.key")
    default = load_settings(tmp_path / "none.toml", {"GIROKSIL_HOME": str(tmp_path)})
    assert default.master_key_place == str(tmp_path / "keys" / "master.key")
    assert default.former_master_key == ""

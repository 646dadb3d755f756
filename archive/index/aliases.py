"""Other writings of one thing, as data: Hanja by their reading, drugs and English by lists."""

import functools
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

import yaml

_HANJA = "\u3400-\u4dbf\u4e00-\u9fff"
_RUN = re.compile(rf"[{_HANJA}]+")
_FIRST, _VOWELS, _FINALS = 0xAC00, 21, 28
_N, _R, _SILENT = 2, 5, 11
# ㅑ ㅕ ㅖ ㅛ ㅠ ㅣ: before these an initial ㄴ or ㄹ is silent.
_NARROW = frozenset({2, 6, 7, 12, 17, 20})


def hangul(text: str) -> str:
    """Text with every Hanja that is known read in Hangul, character for character."""
    return _RUN.sub(lambda run: _read(run[0]), text)


def spelled(text: str) -> str:
    """Text in lower case with units written one way: 500밀리그람 becomes 500mg."""
    for written, one in _spellings():
        text = text.replace(written, one)
    return text


def others(word: str) -> tuple[str, ...]:
    """The other writings of a word (lower case, Hangul without spaces); none for most words."""
    return _groups().get(word, ())


def _read(run: str) -> str:
    words, readings = _hanja()
    if run in words:
        return words[run]
    read = "".join(readings.get(character, character) for character in run)
    return _initial(read[0]) + read[1:] if read[0] != run[0] else read


def _initial(syllable: str) -> str:
    """A syllable as it sounds at a word's beginning: 녀 becomes 여, 로 becomes 노."""
    lead, rest = divmod(ord(syllable) - _FIRST, _VOWELS * _FINALS)
    if lead in {_N, _R} and rest // _FINALS in _NARROW:
        lead = _SILENT
    elif lead == _R:
        lead = _N
    return chr(_FIRST + lead * _VOWELS * _FINALS + rest)


@functools.cache
def _hanja() -> tuple[Mapping[str, str], Mapping[str, str]]:
    raw = _data("hanja.yaml")
    return raw["words"], {one: read for read, all_ in raw["readings"].items() for one in all_}


@functools.cache
def _spellings() -> tuple[tuple[str, str], ...]:
    return tuple((written, one) for written, one in _data("aliases.yaml")["spellings"])


@functools.cache
def _groups() -> Mapping[str, tuple[str, ...]]:
    raw = _data("aliases.yaml")
    found: dict[str, tuple[str, ...]] = {}
    for group in (*raw["tests"], *raw["diseases"], *raw["drugs"]):
        words = [str(word).lower() for word in group]
        for word in words:
            found[word] = tuple(other for other in words if other != word)
    return found


def _data(name: str) -> Any:
    return yaml.safe_load(resources.files("archive.index").joinpath(name).read_text("utf-8"))

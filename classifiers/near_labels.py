"""Labels that the reader got slightly wrong: "진료비 종액" still announces the total."""

import functools
from collections.abc import Iterable, Iterator
from itertools import takewhile

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Hamming

from classifiers.letters import compact, strokes
from classifiers.ruleset import load_labels

# Least likeness of jamo (0..100) by the label's syllables: one stroke may be wrong, and no more. In
# one word a whole syllable may be ("환째성명"), where one key alone is so near; several words are
# words of their own ("처방 검사" of a program's menu is no 처방의사).
_LEAST = {4: 90.0, 5: 88.0}
_SHORTEST = 4
LONGEST = 12
_MOST_WORDS = 3


def near_label(words: tuple[str, ...]) -> tuple[str, int] | None:
    """Name the label that the first words nearly spell.

    Args:
        words: the words from here to the next label or value of the line.

    Returns:
        The label's key and how many of the words it takes; None where none is near.
    """
    spaced = len(list(takewhile(_is_one_letter, words[:LONGEST])))
    for count in range(max(min(len(words), _MOST_WORDS), spaced), 0, -1):
        letters = compact("".join(words[:count]))
        one_word = count <= max(spaced, 1)
        if (
            _SHORTEST <= len(letters) <= LONGEST
            and (key := _nearest(letters, one_word=one_word)) is not None
            and not _is_label("".join(words[1:count]), key)
        ):
            return key, count
    return None


def _is_one_letter(word: str) -> bool:
    """Whether a word is a single letter, as of a label printed with space between its letters."""
    return len(compact(word)) == 1


def _is_label(said: str, key: str) -> bool:
    """Whether these words alone are that label: of "자 주민동록번호" the first ends a name."""
    letters = compact(said)
    return len(letters) >= _SHORTEST and _nearest(letters, one_word=True) == key


@functools.lru_cache(maxsize=4096)
def _nearest(letters: str, *, one_word: bool) -> str | None:
    if "一" <= letters[0] <= "鿿" or "一" <= letters[-1] <= "鿿":
        return _nearest_hanja(letters)
    keys, spelled, lengths = _labels()
    found = process.extractOne(
        strokes(letters), spelled, scorer=fuzz.ratio, score_cutoff=min(_LEAST.values())
    )
    if found is None or found[1] < _LEAST.get(lengths[found[2]], min(_LEAST.values())):
        alike = _ending_alike(letters) if one_word and _is_hangul(letters) else ()
        return _one_sign_apart(letters, alike)
    return keys[found[2]]


def _nearest_hanja(letters: str) -> str | None:
    """The one key whose label has a single sign other than these: a whole sign is misread at once.

    The reader knows few of Hanja's thousands of signs, and puts its nearest in their place.
    """
    return _one_sign_apart(letters, _hanja_labels())


def _one_sign_apart(letters: str, labels: Iterable[tuple[str, str]]) -> str | None:
    near = {
        key
        for key, label in labels
        if len(label) == len(letters) and Hamming.distance(label, letters) == 1
    }
    return near.pop() if len(near) == 1 else None


def _ending_alike(letters: str) -> Iterator[tuple[str, str]]:
    """Labels whose last syllable begins alike: the last one says what it is, 진료일 or 진료비."""
    initial = strokes(letters[-1])[0]
    for key, label in _hangul_labels():
        if strokes(label[-1])[0] == initial:
            yield key, label


def _is_hangul(letters: str) -> bool:
    return all("가" <= letter <= "힣" for letter in letters)


@functools.cache
def _hangul_labels() -> tuple[tuple[str, str], ...]:
    """Labels of Hangul alone, long enough to be recognised with a wrong syllable."""
    return tuple(
        (key, letters)
        for key, phrases in load_labels().items()
        for letters in map(compact, phrases)
        if len(letters) >= _SHORTEST and _is_hangul(letters)
    )


@functools.cache
def _hanja_labels() -> tuple[tuple[str, str], ...]:
    return tuple(
        (key, letters)
        for key, phrases in load_labels().items()
        for letters in map(compact, phrases)
        if len(letters) >= _SHORTEST and all("一" <= letter <= "鿿" for letter in letters)
    )


@functools.cache
def _labels() -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]]:
    """Keys, jamo and syllable counts of the labels long enough to be recognised when misread."""
    rows = [
        (key, letters)
        for key, phrases in load_labels().items()
        for letters in map(compact, phrases)
        if len(letters) >= _SHORTEST and "가" <= letters[0] <= "힣"
    ]
    return (
        tuple(key for key, _ in rows),
        tuple(strokes(letters) for _, letters in rows),
        tuple(len(letters) for _, letters in rows),
    )

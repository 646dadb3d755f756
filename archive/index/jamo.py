"""Syllables that differ in one letter (jamo): what a reader most often takes for another."""

import functools

_FIRST, _LEADS, _VOWELS, _FINALS = 0xAC00, 19, 21, 28


@functools.lru_cache(4096)
def neighbours(syllable: str) -> tuple[str, ...]:
    """The syllables with one other letter than this one; none of what is no Hangul syllable."""
    number = ord(syllable) - _FIRST
    if not 0 <= number < _LEADS * _VOWELS * _FINALS:
        return ()
    lead, rest = divmod(number, _VOWELS * _FINALS)
    vowel, final = divmod(rest, _FINALS)
    near = [(other, vowel, final) for other in range(_LEADS) if other != lead]
    near += [(lead, other, final) for other in range(_VOWELS) if other != vowel]
    near += [(lead, vowel, other) for other in range(_FINALS) if other != final]
    return tuple(chr(_FIRST + (a * _VOWELS + b) * _FINALS + c) for a, b, c in near)

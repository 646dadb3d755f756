"""A day behind a label of three syllables that was read with a wrong stroke: 지료일 for 진료일.

So short a word is near to many others; but with a day right behind it, ending in 일 as only labels
of days do, it can be nothing else than the one label of a day that is a stroke apart. So can one
that lost this syllable: "진료 : 2019-03-04".
"""

import functools
from collections.abc import Collection, Iterator, Sequence

from rapidfuzz.distance import Levenshtein

from classifiers.fields.readers import Found, Setting, read_date, span
from classifiers.fields.table_rows import middle
from classifiers.form import Form
from classifiers.letters import compact, strokes
from classifiers.ruleset import load_labels
from records.values import Word

DAYS_OF_CARE = frozenset({"visit_date", "admission_date", "discharge_date"})
"""The keys that are read so."""
_SYLLABLES = 3
_ENDS = "일"
_GAP = 8.0  # heights between a label and its day, as between the words of a label set apart
_SAME_HEIGHT = 0.5


def days_behind_short_labels(
    form: Form, setting: Setting, wanted: Collection[str]
) -> Iterator[tuple[str, Found]]:
    """Yield the days of these keys that stand behind such a label; none without boxes."""
    for piece in form.values if form.placed else ():
        if piece.key != "date":
            continue
        key = _label_before(form, form.words[form.word_of[piece.start]])
        found = read_date(form, span(piece), setting) if key in wanted else None
        if key is not None and found is not None:
            yield key, found


def _label_before(form: Form, day: Word) -> str | None:
    """The key of the label that the words on the left of a day nearly spell."""
    spelled = ""
    for word in _leftwards(form.words, day):
        spelled = "".join(sign for sign in compact(word.text) if sign.isalnum()) + spelled
        if len(spelled) >= _SYLLABLES:
            break
    spelled = spelled.lstrip("0123456789")
    if len(spelled) == _SYLLABLES and spelled.endswith(_ENDS):
        near = {
            key
            for label, key in _short_labels()
            if Levenshtein.distance(strokes(label), strokes(spelled), score_cutoff=1) <= 1
        }
    else:
        near = {key for label, key in _short_labels() if label.removesuffix(_ENDS) == spelled}
    return near.pop() if len(near) == 1 else None


def _leftwards(words: Sequence[Word], day: Word) -> Iterator[Word]:
    """Yield the words at the height of a day from it to the left, as far as they stand close."""
    height = day.box.y1 - day.box.y0
    edge = day.box.x0
    for word in sorted(words, key=lambda word: -word.box.x1):
        level = abs(middle(word) - middle(day)) <= _SAME_HEIGHT * height
        if word is day or not level or word.box.x1 > edge + height / 2:
            continue
        if edge - word.box.x1 > _GAP * height:
            return
        edge = word.box.x0
        yield word


@functools.cache
def _short_labels() -> tuple[tuple[str, str], ...]:
    """Labels of days of three syllables, all keys, with their keys."""
    return tuple(
        (letters, key)
        for key, phrases in load_labels().items()
        for letters in map(compact, phrases)
        if len(letters) == _SYLLABLES and letters.endswith(_ENDS)
    )

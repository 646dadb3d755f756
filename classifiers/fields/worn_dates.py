"""A day of issue in words some of whose signs were lost: "2023 年 2 A 7", "2022 年 10 4 日".

It stands for itself at the foot of a paper, so its three figures can be nothing else; how sure it
is, their own reading says. One of its signs must have been read, or what such a sign is read as.
"""

from collections.abc import Iterator, Sequence

from classifiers import grammar
from classifiers.fields.place import Places
from classifiers.fields.readers import Found, Setting
from classifiers.form import Form

# The sign behind year, month and day, and what readers make of it.
_SIGNS = ("년年", "월月", "일日")
_LOOKS_LIKE = ("", "AHR目", "BEH目")
_FIT = 0.95
_GUESSED = 0.88
_BETWEEN = 1  # signs that may stand between two figures, and behind the last
_SAME_ROW = 0.5


def worn_date(form: Form, places: Places, setting: Setting) -> Found | None:
    """Return the lowest such day of a page's later lines, or None."""
    for tokens in _rows(form, places):
        found = _in_row(form, tokens, setting)
        if found is not None:
            return found
    return None


def _rows(form: Form, places: Places) -> Iterator[Sequence[int]]:
    """Yield the later half of the lines, the lowest first, each also with one beside it."""
    for index in range(len(form.lines) - 1, len(form.lines) // 2, -1):
        tokens = places.line(index)
        above = places.line(index - 1)
        yield tokens
        if form.placed and tokens and above and _side_by_side(form, above, tokens):
            yield sorted((*above, *tokens), key=lambda one: (_left(form, one), one))


def _in_row(form: Form, tokens: Sequence[int], setting: Setting) -> Found | None:
    """The day, where a row says nothing but year, month and day with what is left of its signs."""
    figures = [place for place, one in enumerate(tokens) if form.tokens[one].isdigit()]
    if len(figures) != len(_SIGNS) or figures[0] != 0:
        return None
    ends = (*figures[1:], len(tokens))
    behind = [tokens[place + 1 : end] for place, end in zip(figures, ends, strict=True)]
    if any(len(signs) > _BETWEEN or _is_long(form, signs) for signs in behind):
        return None
    said = ["".join(form.tokens[one] for one in signs) for signs in behind]
    read = any(one and one in signs for one, signs in zip(said, _SIGNS, strict=True))
    alike = any(one and one in signs for one, signs in zip(said, _LOOKS_LIKE, strict=True))
    year, month, day = (form.tokens[tokens[place]] for place in figures)
    if len(year) != len("2019") or not (read or alike):
        return None
    date = grammar.parse_date(f"{year}년{month}월{day}일", setting.latest_year)
    if date is None or not _in_time(date.day.year, setting):
        return None
    taken = tuple(tokens[place] for place in figures)
    return Found(date.iso, taken, _FIT if read else _GUESSED, ("worn",))


def _is_long(form: Form, signs: Sequence[int]) -> bool:
    return any(len(form.tokens[one]) > 1 or form.tokens[one] in "/.-~:" for one in signs)


def _in_time(year: int, setting: Setting) -> bool:
    opened = setting.institution.opened
    return (opened.year if opened else 0) <= year <= setting.latest_year


def _side_by_side(form: Form, above: Sequence[int], tokens: Sequence[int]) -> bool:
    ours, theirs = form.box(above), form.box(tokens)
    if ours is None or theirs is None:
        return False
    shared = min(ours.y1, theirs.y1) - max(ours.y0, theirs.y0)
    return shared >= _SAME_ROW * min(ours.y1 - ours.y0, theirs.y1 - theirs.y0)


def _left(form: Form, token: int) -> int:
    box = form.box((token,))
    return 0 if box is None else box.x0

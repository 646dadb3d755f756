"""The days on which a record's entries were made, and whether one page's go on where others end.

A chart, a nursing record, a list of fees has a day at the head of each entry or row, in order.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from classifiers.fields.readers import Setting, read_dates
from classifiers.form import Form
from classifiers.ruleset import load_page_marks

_LETTERS_BEFORE = 8  # at most, labels not counted: "진찰료 2019-03-05"
_AN_ENTRY_LABEL = "visit_date"
_SOON = dt.timedelta(days=45)


def entry_days(form: Form, setting: Setting) -> tuple[dt.date, ...]:
    """The days of a page's entries, from top to bottom.

    An entry's day stands at the head of its line, labelled as a day of a visit or not at all; what
    a program prints at the edge is none.
    """
    return tuple(
        day
        for line, tokens in enumerate(_lines(form))
        if not any(mark in form.lines[line].letters for mark in load_page_marks()["print_stamp"])
        for day in _first_day(form, line, tokens, setting)
    )


def follow(before: Sequence[dt.date], after: Sequence[dt.date]) -> str | None:
    """Whether entries `go_on` where others end, `later` by weeks, or step `back`; None: no days.

    Entries that stand with the newest first go on downwards.
    """
    if not before or not after:
        return None
    step = after[0] - before[-1]
    if before[0] > before[-1]:
        step = -step
    if step < dt.timedelta():
        return "back"
    return "go_on" if step <= _SOON else "later"


def _lines(form: Form) -> list[list[int]]:
    """The tokens of each line."""
    lines: list[list[int]] = [[] for _ in form.lines]
    for token, line in enumerate(form.line_of):
        if line >= 0:
            lines[line].append(token)
    return lines


def _first_day(form: Form, line: int, tokens: Sequence[int], setting: Setting) -> Iterator[dt.date]:
    """Yield the day that heads a line, if one does."""
    labels = [label for label in form.labels if form.line_of[label.start] == line]
    if any(label.key != _AN_ENTRY_LABEL and "date" in label.key for label in labels):
        return
    found = next(read_dates(form, tokens, setting), None)
    if found is None:
        return
    named = {token for label in labels for token in range(label.start, label.end)}
    before = [token for token in tokens if token < found.tokens[0] and token not in named]
    if sum(len(form.tokens[token]) for token in before) <= _LETTERS_BEFORE:
        yield dt.date.fromisoformat(str(found.value))

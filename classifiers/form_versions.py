"""Whether what a form shows existed on the day that its paper bears."""

import datetime as dt
from collections.abc import Collection, Sequence

from classifiers.ruleset import FormVersion, load_form_versions

BEFORE_ITS_TIME = "form.before_its_time"
NEWER, OLDER = "form.newer_words", "form.older_words"


def version_evidence(
    kind: str, signs: Collection[str], pages: Sequence[str], issued: str, visited: str = ""
) -> tuple[str, ...]:
    """Say how a paper's form and its day of issue disagree.

    Args:
        kind: the document's kind.
        signs: ids of the signs that were found.
        pages: the letters of each page.
        issued: the day of issue, ISO; where it is empty nothing is before its time.
        visited: a day of care, which is not after that of issue: what charts have in its place.

    Returns:
        `BEFORE_ITS_TIME` is for a person; `NEWER` and `OLDER` are only said.
    """
    versions = [one for one in load_form_versions() if not one.kinds or kind in one.kinds]
    found: set[str] = set()
    if issued:
        day = dt.date.fromisoformat(issued)
        early = (one for one in versions if day < one.since and _is_on(one, signs, pages))
        found.update(BEFORE_ITS_TIME if one.holds else NEWER for one in early)
    if issued or visited:
        day = dt.date.fromisoformat(issued or visited)
        found.update(OLDER for one in versions if day >= one.since and _is_old(one, pages))
    return tuple(sorted(found))


def _is_on(version: FormVersion, signs: Collection[str], pages: Sequence[str]) -> bool:
    return not version.signs.isdisjoint(signs) or _says(version.words, pages)


def _is_old(version: FormVersion, pages: Sequence[str]) -> bool:
    return _says(version.former, [_without(version.words, page) for page in pages])


def _says(words: Sequence[str], pages: Sequence[str]) -> bool:
    return any(word in page for word in words for page in pages)


def _without(words: Sequence[str], page: str) -> str:
    """A new name may hold the former one: 심장혈관흉부외과."""
    for word in words:
        page = page.replace(word, " ")
    return page

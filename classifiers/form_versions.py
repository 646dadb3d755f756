"""Whether a form existed on the day that its paper bears."""

import datetime as dt
from collections.abc import Iterable

from classifiers.ruleset import load_form_versions


def is_before_its_time(signs: Iterable[str], issued: str) -> bool:
    """Tell whether a paper bears the sign of a form that came later than its day of issue.

    Args:
        signs: ids of the signs that were found.
        issued: the day of issue, ISO; an empty one is before nothing.
    """
    if not issued:
        return False
    day, since = dt.date.fromisoformat(issued), load_form_versions()
    return any(sign in since and day < since[sign] for sign in signs)

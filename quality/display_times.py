"""Moments as people read them: to the minute, in one zone, which is named."""

import datetime as dt

# Korea keeps one time all year round.
KST = dt.timezone(dt.timedelta(hours=9), "KST")


def display_moment(moment: str) -> str:
    """An ISO 8601 moment in Korean time; one without a zone, or no moment at all, as it stands."""
    try:
        read = dt.datetime.fromisoformat(moment)
    except ValueError:
        return moment
    if read.tzinfo is None:
        return f"{read:%Y-%m-%d %H:%M}"
    return f"{read.astimezone(KST):%Y-%m-%d %H:%M} KST"

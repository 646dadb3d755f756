"""Times as HL7 v2 and CDA write them: digits, as long as they are known."""

import datetime as dt
import re

_TIME = re.compile(
    r"(?P<day>\d{8})(?:(?P<hour>\d{2})(?P<minute>\d{2})?(?P<second>\d{2})?(?:\.\d+)?)?"
    r"(?P<zone>[+-]\d{4})?"
)


def written_out(text: str) -> str:
    """`201203141259-0215` becomes `2012-03-14 12:59 -0215`; what is no such time stays."""
    bare = text.strip()
    match = _TIME.fullmatch(bare)
    if match is None:
        return bare
    try:
        day = dt.datetime.strptime(match["day"], "%Y%m%d").date().isoformat()  # noqa: DTZ007
    except ValueError:
        return bare
    clock = ":".join(match[part] for part in ("hour", "minute", "second") if match[part])
    clock = f"{clock}:00" if len(clock) == 2 else clock
    return " ".join(part for part in (day, clock, match["zone"] or "") if part)

"""Whose turn it is: the archive in as many parts as the period has days, the oldest part first.

What has been done stands in a file of the house, so that a run that was killed goes on and missed
days are made up for. Without the file everything has its turn anew.
"""

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from archive.portion import Portion

_LATE = dt.timedelta(hours=1)
"""A daily run that starts a little earlier than the last one counts as a day."""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Turns:
    """Parts of the archive and when each was last done."""

    def __init__(self, file: Path, days: int, now: Callable[[], dt.datetime] = _now) -> None:
        self._file = file
        self._days = days
        self._now = now

    def portion(self, part: int) -> Portion:
        """The objects of a part."""
        return Portion(frozenset({part}), self._days)

    def due(self) -> Iterator[int]:
        """The parts to be done now: one for each day since the last, at least one."""
        done = self._read()
        oldest = sorted(range(self._days), key=lambda part: (done.get(part, ""), part))
        last = max(done.values(), default="")
        days = (self._now() - dt.datetime.fromisoformat(last) + _LATE).days if last else 1
        yield from oldest[: max(1, days)]

    def done(self, part: int) -> None:
        """A part was found whole."""
        done = self._read() | {part: self._now().isoformat()}
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = self._file.with_suffix(".new")
        aside.write_text(json.dumps({"days": self._days, "done": done}), "utf-8")
        os.replace(aside, self._file)  # noqa: PTH105  (as everywhere: atomic)

    def _read(self) -> dict[int, str]:
        """When each part was done; nothing where the period was another one, or is not readable."""
        try:
            kept = json.loads(self._file.read_text("utf-8"))
            if kept["days"] != self._days:
                return {}
            done = {int(part): str(time) for part, time in kept["done"].items()}
            for time in done.values():
                dt.datetime.fromisoformat(time)
            return done
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

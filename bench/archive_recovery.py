"""How long the second site takes: to be filled, to be compared, and to take the first one's place.

The figures stand in `docs/runbooks/first-site-loss.md` too.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from archive.replica import replicate
from archive.verify import verify
from bench.archive_page import ROOT, put_section
from bench.archive_sample import INSTITUTIONS, fill, open_house
from pipeline.assembly import Workshop
from pipeline.drill import drill
from pipeline.upkeep import rebuild_index, rotate_keys

T = TypeVar("T")

SEED = 20261126
_SIZES = (20_000, 60_000)


def main() -> int:
    """Measure, write the page, print it; 1 where something did not come back."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=3_000)
    parser.add_argument("--folder", type=Path, help="on the disk to measure")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "benchmarks" / "archive.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        page, whole = measure(Path(folder), options.documents)
    put_section(options.to, "The second site", page)
    sys.stdout.write(page)
    return 0 if whole else 1


def measure(folder: Path, documents: int) -> tuple[str, bool]:
    """Fill, copy, compare, rotate, drill, lose, switch."""
    workshop = open_house(folder)
    fill(workshop, documents, random.Random(SEED), _SIZES)
    rebuild_index(workshop)
    second = workshop.require_second_site()
    first, filled = _timed(lambda: replicate(workshop.archive, second))
    again, compared = _timed(lambda: replicate(workshop.archive, second))
    rotate_keys(workshop)
    renewed, wrapped = _timed(lambda: replicate(workshop.archive, second))
    drilled, whole = _timed(lambda: drill(workshop, folder / "place", 0, INSTITUTIONS[0]))
    workshop.archive.index.close()
    shutil.rmtree(folder / "house")
    settings = replace(workshop.settings, store_url=workshop.settings.replica_url, replica_url="")
    switched = Workshop(settings)
    rebuilt, entries = _timed(lambda: rebuild_index(switched))
    verified, report = _timed(lambda: verify(switched.archive))
    mebibytes = filled.bytes / 2**20
    rows = [
        ("filled: copied and read back", first, filled.objects),
        ("compared, every byte of both", again, compared.objects),
        ("after a rotation: records replaced, every byte compared", renewed, wrapped.objects),
        ("drill of a whole institution: copied, indexed, opened", drilled, whole.restored),
        ("first site lost: index rebuilt (`giroksil rebuild`)", rebuilt, entries.counts["entries"]),
        ("first site lost: everything opened (`giroksil verify`)", verified, report.objects),
    ]
    table = "\n".join(
        f"| {what} | {count:,} | {seconds:.1f} | {count / seconds:,.0f} |"
        for what, seconds, count in rows
    )
    problems = [
        *filled.problems, *compared.problems, *wrapped.problems, *whole.problems, *report.problems,
    ]  # fmt: skip
    text = (
        f"`python -m bench.archive_recovery`: {documents:,} documents with their originals and "
        f"work, {mebibytes:,.0f} MiB of ciphertext, two folders on one disk, seed {SEED}.\n"
        f"{len(os.sched_getaffinity(0))} cores, load average {os.getloadavg()[0]:.1f} at the end; "
        f"problems {len(problems)}.\n\n"
        "| what | objects | seconds | a second |\n| --- | --- | --- | --- |\n"
        f"{table}\n"
    )
    return text, not problems


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    begun = time.monotonic()
    done = work()
    return time.monotonic() - begun, done


if __name__ == "__main__":
    sys.exit(main())

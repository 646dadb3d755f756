"""`make bench-archive`: how fast keys rotate on a folder, and that no content byte changes.

A rotation waits for the disk: every new record is durable before the next thousand begin. So what
the same disk grants sixteen threads that only replace files is measured before and after, and the
same rotation in a folder in memory beside it.
"""

import argparse
import hashlib
import itertools
import os
import random
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from archive.key_use import dependents, keys
from archive.opening import Archive, open_archive
from archive.rotation import rotate_keys
from archive.vault.names import parse_blob_key
from bench.archive_page import ROOT, put_section

SEED = 20261126
INSTITUTIONS = ("31234567", "9876ABCD")
AIM = 2_000
_SMALL, _LARGE = 1_000, 40_000  # bytes of an object: page texts and thumbnails


@dataclass(frozen=True)
class Rotated:
    """One rotation: objects, seconds of wrapping and of proving, CPU seconds of both."""

    objects: int
    wrapping: float
    proving: float
    cpu: float
    unchanged: bool
    depending: int
    problems: int

    @property
    def rate(self) -> float:
        """Objects wrapped anew a second."""
        return self.objects / self.wrapping


def main() -> int:
    """Measure, write the page, print it; 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--objects", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="on the disk to measure")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "benchmarks" / "archive.md")
    options = parser.parse_args()
    memory = Path("/dev/shm")  # noqa: S108  (to be compared with a disk)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        before = durable_writes(Path(folder))
        on_disk = measure(Path(folder), options.objects)
        after = durable_writes(Path(folder))
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        in_memory = measure(Path(folder), options.objects)
    page = render(on_disk, in_memory, (before, after))
    put_section(options.to, "Rotation of keys", page)
    sys.stdout.write(page)
    whole = all(x.unchanged and not x.problems and not x.depending for x in (on_disk, in_memory))
    return 0 if whole and on_disk.rate >= AIM else 1


def measure(folder: Path, objects: int) -> Rotated:
    """Fill an archive of two institutions, rotate all its keys, compare every ciphertext."""
    archive = open_archive(
        (folder / "store").as_uri(), folder / "keys" / "master.key", folder / "search.db"
    )
    chance = random.Random(SEED)
    for institution in INSTITUTIONS:
        sizes = [chance.randint(_SMALL, _LARGE) for _ in range(objects // len(INSTITUTIONS))]
        items = ((f"p-{number}", chance.randbytes(size)) for number, size in enumerate(sizes))
        archive.vault(institution).put_all("page", items)
    content, former = _content(archive), [key.key_id for key in keys(archive)]
    marks: list[tuple[float, int, int]] = []
    cpu, begun = time.process_time(), time.monotonic()
    report = rotate_keys(
        archive, "all", progress=lambda done, proven: marks.append((time.monotonic(), done, proven))
    )
    seconds, cpu = time.monotonic() - begun, time.process_time() - cpu
    proving = _proving(marks)
    return Rotated(
        report.objects,
        seconds - proving,
        proving,
        cpu,
        _content(archive) == content,
        sum(1 for key in former for _ in dependents(archive, key)),
        len(report.problems) + (report.proven != len(content)),
    )


def _proving(marks: list[tuple[float, int, int]]) -> float:
    """Seconds between marks at which only the number of proven objects grew."""
    pairs = itertools.pairwise(marks)
    return sum(later[0] - earlier[0] for earlier, later in pairs if later[2] > earlier[2])


def _content(archive: Archive) -> dict[str, str]:
    return {
        key: hashlib.sha256(archive.store.get(key) or b"").hexdigest()
        for key in archive.store.list()
        if parse_blob_key(key)
    }


def durable_writes(folder: Path, count: int = 2_000) -> float:
    """Files of a record's size replaced a second: written, fsynced, renamed by sixteen threads."""
    place = folder / "durable"
    place.mkdir()
    data = os.urandom(502)
    for number in range(count):
        (place / str(number)).write_bytes(data)

    def replace(number: int) -> None:
        aside = f"{place}/.{number}"
        file = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(file, data)
        os.fsync(file)
        os.close(file)
        os.replace(aside, f"{place}/{number}")  # noqa: PTH105  (text, as the store does it)

    begun = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(replace, range(count)))
    seconds = time.monotonic() - begun
    shutil.rmtree(place)
    return count / seconds


def render(on_disk: Rotated, in_memory: Rotated, writes: tuple[float, float]) -> str:
    """The section of `docs/benchmarks/archive.md`."""
    load = os.getloadavg()[0]
    rows = [
        ("objects wrapped anew a second", f"≥ {AIM:,} on disk", "{0.rate:,.0f}"),
        ("objects proven a second", "", "{1:,.0f}"),
        ("CPU microseconds an object, both together", "", "{2:.0f}"),
        ("ciphertexts byte for byte the same", "all", "{3}"),
        ("objects and secrets that still need a former key", "0", "{0.depending}"),
        ("problems", "0", "{0.problems}"),
    ]

    def cell(form: str, run: Rotated) -> str:
        same = "all" if run.unchanged else "NO"
        return form.format(run, run.objects / run.proving, run.cpu / run.objects * 1e6, same)

    table = "\n".join(
        f"| {name} | {aim} | {cell(form, on_disk)} | {cell(form, in_memory)} |"
        for name, aim, form in rows
    )
    return (
        f"`make bench-archive`: {on_disk.objects:,} objects of {_SMALL:,} to {_LARGE:,} bytes, "
        f"two institutions, every key renewed, seed {SEED}.\n"
        f"{len(os.sched_getaffinity(0))} cores, load average {load:.1f} at the end.\n"
        "Small files replaced durably on the same disk by system calls alone, sixteen threads: "
        f"{writes[0]:,.0f} a second before, {writes[1]:,.0f} after.\n"
        '"In memory" is the same rotation on a file system without a disk (`/dev/shm`).\n\n'
        "| what | aim | on disk | in memory |\n| --- | --- | --- | --- |\n"
        f"{table}\n"
    )


if __name__ == "__main__":
    sys.exit(main())

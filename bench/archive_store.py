"""What storing costs on S3: our store and vault against plain boto3, and a large object's memory.

Both put the same bytes with the same concurrency to the same gateway in the same run, in turn.
"""

import argparse
import hashlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import boto3
from botocore.config import Config

from archive.opening import open_archive
from bench.archive_page import ROOT, put_section
from bench.gateway import BUCKET, running_gateway

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SEED = 20261126
AIM = 0.8
INSTITUTION = "31234567"
_AT_ONCE = 8  # as many as `put_all` puts at once
_KIB, _MIB = 1024, 1024 * 1024
_SIZES = ((20 * _KIB, 300), (200 * _KIB, 150), (20 * _MIB, 8))
_SMALL_MIB, _LARGE_MIB = 20, 2_048
_FLAT = 1.25
"""A process that stores and opens the large object may need so much of what the small one needs."""

_Objects = list[tuple[str, bytes]]


@dataclass(frozen=True)
class Rates:
    """MiB a second of each round."""

    size: int
    plain: tuple[float, ...]
    ours: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Ours against plain, medians."""
        return statistics.median(self.ours) / statistics.median(self.plain)


def main() -> int:
    """Measure, write the page, print it; 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--large", type=int, default=_LARGE_MIB, metavar="MIB")
    parser.add_argument("--memory-of", type=int, metavar="MIB", help=argparse.SUPPRESS)
    parser.add_argument("--endpoint", default="", help=argparse.SUPPRESS)
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "benchmarks" / "archive.md")
    options = parser.parse_args()
    if options.memory_of:
        sys.stdout.write(f"{_store_and_open(options.endpoint, options.memory_of)}\n")
        return 0
    with running_gateway() as endpoint:
        rates = [_rates(endpoint, size, count, options.rounds) for size, count in _SIZES]
        peaks = [_peak(endpoint, mebibytes) for mebibytes in (_SMALL_MIB, options.large)]
    page = _render(rates, peaks, options.large)
    put_section(options.to, "Storing on S3", page)
    sys.stdout.write(page)
    flat = peaks[1] <= _FLAT * peaks[0]
    return 0 if flat and all(one.ratio >= AIM for one in rates) else 1


def _rates(endpoint: str, size: int, count: int, rounds: int) -> Rates:
    """Plain and ours in turn, a warm-up before; each round puts objects of its own."""
    chance = random.Random(SEED)
    objects = [(f"p-{number}", chance.randbytes(size)) for number in range(count)]
    pool_of = Config(max_pool_connections=_AT_ONCE)
    s3 = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", config=pool_of)
    plain: list[float] = []
    ours: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        place, prefix = Path(folder), uuid.uuid4().hex
        url = f"s3://{BUCKET}/{prefix}/ours"
        archive = open_archive(url, place / "master.key", place / "search.db", endpoint)
        vault = archive.vault(INSTITUTION)
        for turn in range(rounds + 1):

            def put_plain(items: _Objects, prefix: str = f"{prefix}/plain/{turn}") -> None:
                def put(item: tuple[str, bytes]) -> None:
                    s3.put_object(Bucket=BUCKET, Key=f"{prefix}/{item[0]}", Body=item[1])

                with ThreadPoolExecutor(_AT_ONCE) as threads:
                    list(threads.map(put, items))

            def put_ours(items: _Objects, turn: int = turn) -> None:
                vault.put_all("page", ((f"{id}-{turn}", data) for id, data in items))

            runs: list[tuple[Callable[[_Objects], None], list[float]]]
            runs = [(put_plain, plain), (put_ours, ours)]
            for put_all, rates in runs if turn % 2 else runs[::-1]:
                begun = time.monotonic()
                put_all(objects if turn else objects[:_AT_ONCE])
                if turn:
                    rates.append(size * count / _MIB / (time.monotonic() - begun))
            _remove(s3, f"{prefix}/plain/")
            _remove(s3, f"{prefix}/ours/{INSTITUTION}/objects/")
    return Rates(size, tuple(plain), tuple(ours))


def _remove(s3: "S3Client", prefix: str) -> None:
    """Make room: the gateway keeps all in memory."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix):
        keys: list[Any] = [{"Key": entry["Key"]} for entry in page["Contents"]]
        s3.delete_objects(Bucket=BUCKET, Delete={"Objects": keys})


def _peak(endpoint: str, mebibytes: int) -> int:
    """Peak bytes in memory of a process that stores one object of this size and opens it again."""
    command = [sys.executable, "-m", "bench.archive_store", "--memory-of", str(mebibytes)]
    done = subprocess.run(
        [*command, "--endpoint", endpoint], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return int(done.stdout)


def _store_and_open(endpoint: str, mebibytes: int) -> int:
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        place, prefix = Path(folder), uuid.uuid4().hex
        archive = open_archive(
            f"s3://{BUCKET}/{prefix}", place / "master.key", place / "search.db", endpoint
        )
        vault, put = archive.vault(INSTITUTION), hashlib.sha256()
        with (place / "large").open("w+b") as file:
            for _ in range(mebibytes):
                put.update(part := chance.randbytes(_MIB))
                file.write(part)
            file.seek(0)
            vault.put_file("original", "f-large", file)
        (place / "large").unlink()
        got = _Digest()
        vault.get_into("original", "f-large", cast(BinaryIO, got))
    if got.digest.digest() != put.digest():
        raise SystemExit("the object came back as another one")
    # Not `getrusage`: its peak includes that of the process this one was started by.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


class _Digest:
    """Takes bytes and keeps their digest alone."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def write(self, part: bytes) -> int:
        self.digest.update(part)
        return len(part)


def _render(rates: list[Rates], peaks: list[int], large: int) -> str:
    """The section of `docs/benchmarks/archive.md`."""
    rows = [
        f"| {_named(one.size)} | ≥ {AIM} | {statistics.median(one.ours):,.1f} |"
        f" {statistics.median(one.plain):,.1f} | {one.ratio:.2f} |"
        f" {min(one.ours):,.1f} to {max(one.ours):,.1f} |"
        f" {min(one.plain):,.1f} to {max(one.plain):,.1f} |"
        for one in rates
    ]
    table = "\n".join(rows)
    small, most = (peak / _MIB for peak in peaks)
    return (
        f"`python -m bench.archive_store`: {len(rates[0].ours)} rounds in turn, medians, "
        f"{_AT_ONCE} at once; random bytes, seed {SEED}.\n"
        "A Ceph RADOS gateway (`infra/gateway`, in memory) on the same cores: its work, "
        "our own and boto3's compete for them.\n"
        "An object of ours is encrypted, committed to and put by two requests, ciphertext and "
        "record; plain boto3 puts it by one.\n"
        f"{len(os.sched_getaffinity(0))} cores, load average {os.getloadavg()[0]:.1f} at the end.\n"
        "\n| objects of | aim | ours, MiB/s | plain boto3, MiB/s | ratio | ours, range |"
        " plain, range |\n| --- | --- | --- | --- | --- | --- | --- |\n"
        f"{table}\n\n"
        "Memory of a process that stores one object from a file (`put_file`) and opens it again "
        "(`get_into`), all of Python and its libraries included; it came back the same:\n\n"
        "| object | peak, MiB |\n| --- | --- |\n"
        f"| {_SMALL_MIB} MiB | {small:,.0f} |\n"
        f"| {large:,} MiB (aim: ≤ {_FLAT} × the one above) | {most:,.0f} |\n"
    )


def _named(size: int) -> str:
    return f"{size // _MIB} MiB" if size >= _MIB else f"{size // _KIB} KiB"


if __name__ == "__main__":
    sys.exit(main())

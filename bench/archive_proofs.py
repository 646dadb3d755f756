"""`make bench-archive`: the proof of one leaf in a log of ten million, made of tiles, checked.

The leaves are made up; leaf hashes, tiles, heads, proofs and their checking are the real ones.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rfc3161_client import TimestampRequestBuilder

from archive.ledger.check_proof import Leaf, Proof, check_proof, leaf_hash, node_hash
from archive.ledger.heads import sign
from archive.ledger.proofs import proof_bytes, signing_of
from archive.ledger.segments import plain_leaf
from archive.ledger.tiles import PREFIX, WIDTH, TileTree, hash_tile_key
from archive.opening import open_archive
from archive.vault.commitment import commitment_of
from archive.vault.signing import SigningKey
from bench.archive_page import ROOT, put_section
from records.archived import LedgerLeaf
from records.codec import canonical
from records.ids import derive_id
from tests.unit.archive.authority import Authority

SEED = 20261126
AIM_BYTES, AIM_MILLISECONDS = 1_024, 5.0
_DOCUMENT, _SALT = bytes(20_000), bytes(32)


@dataclass(frozen=True)
class Proofs:
    """Proofs of a log: bytes and milliseconds of each, and how much was read to make one."""

    leaves: int
    sizes: list[int]
    making: list[float]
    tiles_read: list[int]
    checking: list[float]
    stamped_sizes: list[int]
    stamped_checking: list[float]


def main() -> int:
    """Measure, write the page, print it; 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leaves", type=int, default=10_000_000)
    parser.add_argument("--proofs", type=int, default=500)
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "benchmarks" / "archive.md")
    options = parser.parse_args()
    proofs = measure(options.leaves, options.proofs)
    memory = Path("/dev/shm")  # noqa: S108  (what is compared is reads, not a disk)
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        opening = measure_opening(Path(folder), 20 * WIDTH)
    page = render(proofs, opening)
    put_section(options.to, "Proofs", page)
    sys.stdout.write(page)
    return 0 if max(proofs.sizes) <= AIM_BYTES and _p95(proofs.checking) <= AIM_MILLISECONDS else 1


def _leaf(number: int) -> LedgerLeaf:
    commitment = commitment_of(_SALT, _DOCUMENT)
    batch = derive_id("b", number // 1_000)
    return LedgerLeaf("document", "31234567", batch, derive_id("d", number), commitment)


def measure(leaves: int, count: int) -> Proofs:
    """Simulate a log, prove random leaves of it, the first and the last, and check each proof."""
    chosen = sorted({0, leaves - 1, *random.Random(SEED).choices(range(leaves), k=count)})
    tiles, beyond = simulate(leaves)
    tree = TileTree(tiles.get, leaves // WIDTH, beyond)
    key = SigningKey(bytes(32))
    head = sign(key, leaves, tree.root(leaves))
    cut = (leaves // WIDTH, beyond)
    signing, key_id = signing_of(head, key.public), key.key_id
    authority = Authority()
    query = TimestampRequestBuilder(head.to_bytes()).build().as_bytes()
    stamp, certificates = authority.answer(query), authority.certificates
    found = Proofs(leaves, [], [], [], [], [], [])
    for index in chosen:
        read: list[str] = []
        cold = TileTree(lambda key, read=read: read.append(key) or tiles.get(key), *cut)  # type: ignore[misc]
        begun = time.thread_time()
        leaf = Leaf(**plain_leaf(_leaf(index)))
        path = tuple(cold.path(index, leaves))
        proof = Proof(leaf, _SALT, index, path, signing)
        raw = proof_bytes(proof)
        found.making.append((time.thread_time() - begun) * 1e3)
        found.tiles_read.append(len(read))
        found.sizes.append(len(raw))
        found.checking.append(_checked(raw, key_id, None))
        stamped = proof_bytes(Proof(leaf, _SALT, index, path, signing, stamp))
        found.stamped_checking.append(_checked(stamped, key_id, certificates))
        found.stamped_sizes.append(len(stamped))
    return found


def _checked(raw: bytes, key_id: str, certificates: bytes | None) -> float:
    begun = time.thread_time()
    checked = check_proof(raw, _DOCUMENT, key_id, certificates=certificates)
    milliseconds = (time.thread_time() - begun) * 1e3
    if not checked.document_checked or checked.stamped != ("holds" if certificates else "none"):
        raise SystemExit("a proof does not hold")
    return milliseconds


def simulate(leaves: int) -> tuple[dict[str, bytes], list[bytes]]:
    """The tiles of hashes of so many leaves, and the hashes beyond the last tile."""
    batch, commitment = "", commitment_of(_SALT, _DOCUMENT)
    tiles: dict[str, bytes] = {}
    hashes: list[bytes] = []
    roots: dict[int, list[bytes]] = {}
    for number in range(leaves):
        if number % 1_000 == 0:
            batch = derive_id("b", number // 1_000)
        # As `leaf_bytes` writes it, which takes three times as long.
        text = (
            f'{{"batch":"{batch}","commitment":"{commitment}","id":"{derive_id("d", number)}",'
            '"institution":"31234567","kind":"document"}'
        )
        hashes.append(leaf_hash(text.encode()))
        if len(hashes) == WIDTH:
            _keep(tiles, roots, 0, number // WIDTH, hashes)
            hashes = []
    if canonical(plain_leaf(_leaf(leaves - 1))) != text.encode():
        raise SystemExit("the simulated leaves are not as the ledger writes them")
    return tiles, hashes


def _keep(
    tiles: dict[str, bytes],
    roots: dict[int, list[bytes]],
    level: int,
    number: int,
    hashes: list[bytes],
) -> None:
    tiles[hash_tile_key(level, number)] = b"".join(hashes)
    while len(hashes) > 1:
        hashes = [node_hash(a, b) for a, b in zip(hashes[::2], hashes[1::2], strict=True)]
    above = roots.setdefault(level + 1, [])
    above.append(hashes[0])
    if len(above) == WIDTH:
        roots[level + 1] = []
        _keep(tiles, roots, level + 1, number // WIDTH, above)


def measure_opening(folder: Path, leaves: int) -> tuple[int, float, float]:
    """Open a log of one leaf a segment by its tiles, and without: leaves, seconds of each."""
    place = ((folder / "store").as_uri(), folder / "keys" / "master.key", folder / "search.db")
    archive = open_archive(*place)
    for number in range(leaves):
        archive.ledger.append([_leaf(number)])

    def seconds() -> float:
        ledger = open_archive(*place).ledger
        begun = time.perf_counter()
        if sum(1 for _ in ledger.leaves()) != leaves:
            raise SystemExit("the log did not open")
        return time.perf_counter() - begun

    by_tiles = seconds()
    for key in list(archive.store.list(PREFIX)):
        archive.store.delete(key)
    return leaves, by_tiles, seconds()


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def render(proofs: Proofs, opening: tuple[int, float, float]) -> str:
    """The section of `docs/benchmarks/archive.md`."""
    load, median = os.getloadavg()[0], statistics.median
    leaves, by_tiles, by_segments = opening
    rows = [
        ("leaves", "10,000,000", f"{proofs.leaves:,}"),
        ("bytes of a proof, largest", f"≤ {AIM_BYTES:,}", f"{max(proofs.sizes):,}"),
        ("the same with a time stamp", "", f"{max(proofs.stamped_sizes):,}"),
        (
            "milliseconds of one core to check one, document included, p50 / p95",
            f"≤ {AIM_MILLISECONDS:g} (p95)",
            f"{median(proofs.checking):.2f} / {_p95(proofs.checking):.2f}",
        ),
        (
            "the same with its time stamp",
            "",
            f"{median(proofs.stamped_checking):.2f} / {_p95(proofs.stamped_checking):.2f}",
        ),
        (
            "milliseconds of one core to make one, nothing read before, p50 / p95",
            "",
            f"{median(proofs.making):.1f} / {_p95(proofs.making):.1f}",
        ),
        ("tiles of 8 KiB read for it, p50", "", f"{median(proofs.tiles_read):.0f}"),
        (
            f"opening a log of {leaves:,} segments: by tiles, by segments",
            "",
            f"{by_tiles:.2f} s, {by_segments:.2f} s",
        ),
    ]
    table = "\n".join(f"| {name} | {aim} | {value} |" for name, aim, value in rows)
    return (
        f"{len(proofs.sizes)} leaves of a simulated log, the first, the last and others by chance, "
        f"seed {SEED}; documents of {len(_DOCUMENT):,} bytes.\n"
        f"One process; load average {load:.1f} at the end.\n\n"
        f"| what | aim | value |\n| --- | --- | --- |\n{table}\n"
    )


if __name__ == "__main__":
    sys.exit(main())

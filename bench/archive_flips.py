"""Single bits flipped at random in every file of a small archive: is each found and named?

A flip is found where `verify` names the very file (of an object: the object), or the archive does
not open at all and says why. It is harmless where `verify` finds nothing and every object still
opens to the same bytes: then the bit meant nothing.
"""

import argparse
import datetime as dt
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from archive.ledger.renewals import PREFIX as RENEWALS
from archive.ledger.stamps import PREFIX as STAMPS
from archive.opening import Archive
from archive.retention.disposal import answer, dispose, propose
from archive.retention.expiry import Kept
from archive.retention.orders import give_order
from archive.retention.periods import load_table
from archive.vault.names import parse_blob_key, parse_disposed_key, parse_record_key
from archive.verify import verify
from bench.archive_page import ROOT, put_section
from bench.archive_sample import INSTITUTIONS, fill, open_house
from pipeline.stamping import renew_hashes, stamp_heads
from pipeline.upkeep import rebuild_index
from records.errors import GiroksilError
from records.ids import derive_id
from tests.unit.archive.authority import Authority, serving

SEED = 20261126
_TODAY = dt.date(2026, 11, 26)


def main() -> int:
    """Flip, write the page, print it; 1 where a flip was neither found nor harmless."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flips", type=int, default=10_000)
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "benchmarks" / "archive.md")
    options = parser.parse_args()
    memory = Path("/dev/shm")  # noqa: S108  (every flip opens the archive anew)
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        begun = time.monotonic()
        found, missed, files = flip(Path(folder), options.flips)
        seconds = time.monotonic() - begun
    page = render(found, missed, files, seconds)
    put_section(options.to, "Flipped bits", page)
    sys.stdout.write(page)
    return 1 if missed else 0


def flip(folder: Path, flips: int) -> tuple[dict[str, Counter[str]], list[tuple[str, int]], int]:
    """Flip so many bits, one at a time; what became of them by kind of file, and those missed."""
    chance = random.Random(SEED)
    _make(folder, chance)
    store = folder / "house" / "store"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    files = [path for path in files if ".tmp" not in path.parts]
    content = _content(open_house(folder).archive)
    found: dict[str, Counter[str]] = {}
    missed: list[tuple[str, int]] = []
    for turn in range(flips):
        path = files[turn % len(files)]
        raw = path.read_bytes()
        bit = chance.randrange(len(raw) * 8)
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        kind, subject = _what(path, store)
        outcome = _outcome(folder, kind, subject, content)
        path.write_bytes(raw)
        found.setdefault(kind, Counter())[outcome] += 1
        if outcome == "missed":
            missed.append((subject, bit))
    return found, missed, len(files)


def _make(folder: Path, chance: random.Random) -> None:
    """Every kind of file: secrets, objects, ledger, an order, a disposal, a stamp, a renewal."""
    workshop = open_house(folder)
    fill(workshop, 8, chance, (500, 3_000))
    code = INSTITUTIONS[0]
    document, original = derive_id("d", code, 0), derive_id("f", code, 0)
    give_order(workshop.archive, code, "hold", "kim", "bench", "bench", ["d-other"])
    table = load_table()
    kept = Kept(document, code, "certificate", "owner", dt.date(2000, 1, 1))
    objects = [("document", document), ("original", original)]
    proposal = propose(workshop.archive, table, [kept], objects, "kim", _TODAY)
    for person in ("kim", "lee"):
        answer(workshop.archive, proposal, person, "bench", "bench", agrees=True)
    rebuild_index(workshop)
    dispose(workshop.archive, table, proposal, None, _TODAY)
    workshop.archive.index.close()
    _stamp(folder)
    shutil.rmtree(folder / "second", ignore_errors=True)


def _stamp(folder: Path) -> None:
    """Have the ledger stamped and its hashes renewed by an authority on this machine."""
    with serving(Authority()) as authority:
        certificates = folder / "safe" / "authority.pem"
        certificates.write_bytes(authority.certificates)
        workshop = open_house(
            folder,
            timestamp_url=authority.url,
            timestamp_certificates=str(certificates),
        )
        stamp_heads(workshop)
        renew_hashes(workshop)
        certificates.unlink()


def _what(path: Path, store: Path) -> tuple[str, str]:
    """Which kind of file, and the name that a problem with it must bear."""
    if not path.is_relative_to(store):
        return ("index", "") if path.name == "search.db" else ("master key", "")
    key = path.relative_to(store).as_posix()
    if name := parse_disposed_key(key):
        return "tombstone's copy", name.id
    if parsed := parse_blob_key(key):
        return "ciphertext", parsed[0].id
    if name := parse_record_key(key):
        return "record or tombstone", name.id
    for kind, prefix in (("stamp", STAMPS), ("hash renewal", RENEWALS), ("ledger", "ledger/")):
        if key.startswith(prefix):
            return kind, key
    return "secret", key


def _outcome(folder: Path, kind: str, subject: str, content: dict[str, str]) -> str:
    try:
        archive = open_house(folder).archive
        problems = verify(archive).problems
    except GiroksilError:
        return "refused to open"
    if kind == "index":
        named = any(problem.kind == "index" for problem in problems)
    elif kind == "master key":
        named = any(problem.kind == "secret" for problem in problems)
    else:
        named = any(problem.subject == subject for problem in problems)
    archive.index.close()
    if named:
        return "named"
    try:
        return "harmless" if not problems and _content(archive) == content else "missed"
    except GiroksilError:
        return "missed"


def _content(archive: Archive) -> dict[str, str]:
    """The commitment of every object, computed from what it opens to."""
    opened = {}
    for code in INSTITUTIONS:
        vault = archive.vault(code)
        for kind in ("original", "document", "work/page", "access", "disposal", "retention"):
            for id in vault.ids(kind):
                opened[f"{code} {kind} {id}"] = vault.commitment(kind, id, vault.get(kind, id))
    return opened


def render(
    found: dict[str, Counter[str]], missed: list[tuple[str, int]], files: int, seconds: float
) -> str:
    """The section of `docs/benchmarks/archive.md`."""
    outcomes = ("named", "refused to open", "harmless", "missed")
    rows = "\n".join(
        f"| {kind} | {sum(found[kind].values()):,} | "
        + " | ".join(f"{found[kind][outcome]:,}" for outcome in outcomes)
        + " |"
        for kind in sorted(found)
    )
    total = sum(sum(one.values()) for one in found.values())
    return (
        f"`python -m bench.archive_flips`: {total:,} single bits, one at a time, in turn over all "
        f"{files} files of a small archive, its index and its master key, seed {SEED}; "
        f"{seconds / total * 1000:.0f} ms each.\n"
        "Aim: every one named, refused, or harmless by proof (everything verifies and every object "
        f"opens to the same bytes); missed: {len(missed)}.\n\n"
        "| file | flips | " + " | ".join(outcomes) + " |\n| --- | --- | --- | --- | --- | --- |\n"
        f"{rows}\n"
    )


if __name__ == "__main__":
    sys.exit(main())

"""`make bench-archive`, second part: search over misread documents, beside pairs alone.

The makers write documents as words, errors of reading are put in, the index gets what was read.
Queries are words of the true text; an answer is right where the true text holds all of them.
"""

import argparse
import itertools
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from archive.index.index import Index
from archive.index.jamo import neighbours
from archive.index.matching import Filters, condition, matched
from archive.index.morphemes import make_morphemes
from archive.index.queries import parse, phrase
from archive.index.tokens import normalised
from bench.archive_page import ROOT, put_section
from pipeline.documents import ENTRIES_AT_ONCE
from records.archived import IndexEntry
from records.ids import derive_id
from records.values import Field
from tests.makers.documents import MAKERS
from tests.makers.pages import make_words

SEED = 20261126
_KINDS = tuple(sorted(MAKERS.keys() - {"cover_or_separator"}))
_FIRST_SEED = 100
_ERRORS = (0.02, 0.06)  # of a document's characters, as pages of this house's makers are read
_BATCH = 1_000  # documents
_LOOKALIKE = {"0": "O", "O": "0", "1": "l", "l": "1", "5": "S", "8": "B", "6": "b", ",": "."}


@dataclass(frozen=True)
class Made:
    """A document's true pages and what was read of them."""

    number: int
    id: str
    true: tuple[str, ...]
    read: tuple[str, ...]


@dataclass(frozen=True)
class Searched:
    """One arm: recall@10 by kind of query, milliseconds by query, of the wall and of one core."""

    recall: dict[str, float]
    wall: list[float]
    cpu: list[float]


@dataclass(frozen=True)
class Filled:
    """An index that was filled: documents, seconds of the wall and of one core, bytes."""

    documents: int
    wall: float
    cpu: float
    size: int
    text: int


def main() -> int:
    """Measure, write the section, print it; 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--morphemes", type=int, default=20_000, help="documents split by Kiwi")
    parser.add_argument("--queries", type=int, default=600)
    parser.add_argument("--made", type=Path, help="file that keeps the documents for another run")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "benchmarks" / "archive.md")
    options = parser.parse_args()
    documents = [*itertools.islice(made(options.made), options.documents)]
    few = documents[: options.morphemes]
    with tempfile.TemporaryDirectory() as folder:
        plain, split = (Path(folder) / name for name in ("plain.db", "split.db"))
        rows = []
        for place, name, some in ((plain, "none", documents), (split, "kiwi", few)):
            index = Index(place, lambda: bytes(32), make_morphemes(name))
            filled = fill(index, place, some)
            queries = ask(some, options.queries)
            arms = {
                "ours": search(queries, partial(ours, index)),
                "pairs alone": search(queries, partial(pairs_alone, index)),
            }
            rows.append((name, filled, arms))
            index.close()
    page, met = render(rows, options.queries)
    put_section(options.to, "Search", page)
    sys.stdout.write(page)
    return 0 if met else 1


def made(keep: Path | None) -> Iterator[Made]:
    """Made documents without end; those that a file keeps come first, new ones are added to it."""
    kept = keep.read_text("utf-8").splitlines() if keep and keep.exists() else []
    for number, line in enumerate(kept):
        yield _misread(number, json.loads(line)["texts"])
    names = ((seed, kind) for seed in itertools.count(_FIRST_SEED) for kind in _KINDS)
    for number, (seed, kind) in enumerate(names):
        if number < len(kept):
            continue
        texts = [page.text for page in make_words(kind, None, seed, part="test")]
        if keep:
            with keep.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"texts": texts}, ensure_ascii=False) + "\n")
        yield _misread(number, texts)


def _misread(number: int, texts: Sequence[str]) -> Made:
    chance = random.Random(f"{SEED}/{number}")
    rate = chance.uniform(*_ERRORS)
    read = tuple("".join(_character(c, rate, chance) for c in text) for text in texts)
    return Made(number, derive_id("d", number), tuple(texts), read)


def _character(character: str, rate: float, chance: random.Random) -> str:
    """A character as it is read: of ten errors six look alike, two are anything, two are lost."""
    if chance.random() >= rate:
        return character
    if character.isspace():
        return "" if character == " " else character
    kind = chance.random()
    if kind < 0.6:
        return chance.choice(neighbours(character) or (_LOOKALIKE.get(character, "·"),))
    if kind < 0.8:
        return chr(chance.randrange(0xAC00, 0xD7A4))
    return "" if kind < 0.9 else character + " "


def fill(index: Index, place: Path, documents: Sequence[Made]) -> Filled:
    """Index documents as many at once as the line does; the clock starts after the first."""
    index.add([_entry(documents[0])])
    wall = cpu = 0.0
    for start in range(1, len(documents), ENTRIES_AT_ONCE):
        entries = [_entry(one) for one in documents[start : start + ENTRIES_AT_ONCE]]
        begun, used = time.monotonic(), time.process_time()
        index.add(entries)
        wall += time.monotonic() - begun
        cpu += time.process_time() - used
    text = sum(len(page.encode()) for one in documents for page in one.read)
    return Filled(len(documents), wall, cpu, place.stat().st_size, text)


def _entry(one: Made) -> IndexEntry:
    """What the line hands to the index: ids and fields as long as real ones, a batch of 1,000."""
    pages = tuple(derive_id("p", one.id, number) for number in range(len(one.read)))
    batch = derive_id("b", one.number // _BATCH)
    about = {
        "chart_no": f"{one.number:06d}",
        "patient_name": one.id[-3:],
        "resident_number": f"{one.number:013d}",
        "birth_date": f"{1930 + one.number % 90}-01-{one.number % 28 + 1:02d}",
        "visit_date": f"{2000 + one.number % 25}-03-{one.number % 28 + 1:02d}",
    }
    fields = {name: Field(value, value, 1.0, None, None) for name, value in about.items()}
    return IndexEntry(one.id, "31234567", batch, "none", pages, one.read, fields, one.id)


@dataclass(frozen=True)
class Asked:
    """A query, how many words of the text it has, and the documents that truly hold them all."""

    words: str
    kind: str
    right: frozenset[str]


def ask(documents: Sequence[Made], count: int) -> list[Asked]:
    """Queries of one to four words that stand together in the true text of random documents."""
    chance = random.Random(SEED)
    true = [(one.id, normalised("\n".join(one.true))) for one in documents]
    asked: list[Asked] = []
    while len(asked) < count:
        lines = [line.split() for line in chance.choice(documents).true[0].splitlines()]
        number = len(asked) % 4 + 1
        lines = [line for line in lines if len(line) >= number]
        if not lines:
            continue
        line = chance.choice(lines)
        start = chance.randrange(len(line) - number + 1)
        words = line[start : start + number]
        # What a person would ask for: words of two signs at least, not numbers alone.
        if not all(sum(c.isalnum() for c in word) > 1 for word in words) or not any(
            sum(c.isalpha() for c in word) > 1 for word in words
        ):
            continue
        query = " ".join(words)
        parts = [re.sub(r"^\W+|\W+$", "", normalised(word)) for word in words]
        right = frozenset(id for id, text in true if all(_holds(text, part) for part in parts))
        asked.append(Asked(query, f"{number} word{'s' * (number > 1)}", right))
    return [one for one in asked if one.right]


def _holds(text: str, word: str) -> bool:
    """Whether a true text has a word; one that begins with a digit or Latin letter begins there."""
    if word not in text:
        return False
    return not word[0].isascii() or bool(re.search(rf"(?<![0-9a-z]){re.escape(word)}", text))


def ours(index: Index, query: str) -> list[str]:
    """What a search answers: the first ten."""
    return [hit.document_id for hit in index.search(query, limit=10)]


def pairs_alone(index: Index, query: str) -> list[str]:
    """The same table asked for all words as pairs of characters, nothing forgiven."""
    expression = " AND ".join(phrase(word) for word in parse(query).words)
    with index._read() as (database, hashes):
        where = condition(database, hashes, Filters())
        return [row[0] for row in matched(database, expression, where, 10)]


def search(queries: Sequence[Asked], answer: Callable[[str], list[str]]) -> Searched:
    """Ask every query once. Recall@10: of ten right documents, or of all where fewer are right."""
    answer(queries[0].words)  # the first one opens the file
    recall: dict[str, list[float]] = {}
    wall, cpu = [], []
    for query in queries:
        begun, used = time.monotonic(), time.process_time()
        found = answer(query.words)
        wall.append((time.monotonic() - begun) * 1e3)
        cpu.append((time.process_time() - used) * 1e3)
        share = len(query.right & set(found)) / min(10, len(query.right))
        recall.setdefault(query.kind, []).append(share)
    by_kind = {kind: statistics.fmean(shares) for kind, shares in sorted(recall.items())}
    every = statistics.fmean(itertools.chain.from_iterable(recall.values()))
    return Searched({**by_kind, "all": every}, wall, cpu)


def render(rows: list[tuple[str, Filled, dict[str, Searched]]], queries: int) -> tuple[str, bool]:
    """The section, and whether every aim is met."""
    lines, met = [], True
    for name, filled, arms in rows:
        ours_, plain = arms["ours"], arms["pairs alone"]
        rate, asked = filled.documents / filled.cpu, 60 if name == "kiwi" else 1_500
        ratio, p95 = filled.size / filled.text, _p95(ours_.cpu)
        met &= rate >= asked and ratio <= 2 and p95 <= 50 and ours_.recall["all"] >= 0.9
        lines += [
            f"| `{name}`: documents | 100,000 | {filled.documents:,} | |",
            f"| `{name}`: indexed a second of one core (of the wall) | ≥ {asked:,} "
            f"| {rate:,.0f} ({filled.documents / filled.wall:,.0f}) | |",
            f"| `{name}`: index against the text's bytes | ≤ 2 × | {ratio:.2f} × | |",
            *(
                f"| `{name}`: recall@10, {kind} | {'≥ 0.9' if kind == 'all' else ''} "
                f"| {ours_.recall[kind]:.3f} | {plain.recall[kind]:.3f} |"
                for kind in ours_.recall
            ),
            f"| `{name}`: milliseconds a query, p50 / p95 of one core | ≤ 50 (p95) "
            f"| {statistics.median(ours_.cpu):.1f} / {p95:.1f} "
            f"| {statistics.median(plain.cpu):.1f} / {_p95(plain.cpu):.1f} |",
            f"| `{name}`: the same on the wall | "
            f"| {statistics.median(ours_.wall):.1f} / {_p95(ours_.wall):.1f} "
            f"| {statistics.median(plain.wall):.1f} / {_p95(plain.wall):.1f} |",
        ]
    text = (
        f"{queries} queries of one to four words that stand together in a true text, seed {SEED}; "
        "documents of the makers' test part, written as words, "
        f"{_ERRORS[0]:.0%} to {_ERRORS[1]:.0%} of their characters misread "
        "(of ten errors six by one letter of the syllable, two by anything, one lost, one parted), "
        "as many spaces lost; ids and fields as long as real ones, a batch of 1,000.\n"
        '"Pairs alone" asks the same table for all words as pairs of characters, '
        "nothing forgiven.\n"
        "`none` and `kiwi` are the two values of `index_morphemes`.\n"
        f"One process; load average {os.getloadavg()[0]:.1f} at the end.\n\n"
        "| what | aim | ours | pairs alone |\n| --- | --- | --- | --- |\n"
    )
    return text + "\n".join(lines) + "\n", met


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    sys.exit(main())

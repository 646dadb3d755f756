"""The search index: which page holds these words, which document is this person's."""

import hashlib
import hmac
import itertools
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archive.index.database import open_database, translated
from archive.index.hashes import FIELDS, PersonHashes
from archive.index.matching import (
    Condition,
    Filters,
    Found,
    Hit,
    condition,
    institutions,
    listed,
    matched,
)
from archive.index.morphemes import Morphemes, NoMorphemes
from archive.index.queries import Step, parse, steps
from archive.index.tokens import VERSION, tokens
from records.archived import IndexEntry
from records.errors import IntegrityError

_AT_ONCE = 1_000


class Index:
    """The index in one encrypted file; derived, so it may be removed and filled again.

    Opened when first used. Every call may raise IntegrityError `index_damaged`, TransientError
    `index_busy` or `index_full`, SetupError `index_forbidden`. Safe from threads and processes.
    """

    def __init__(
        self, file: Path, secret: Callable[[], bytes], morphemes: Morphemes | None = None
    ) -> None:
        self._file = file
        self._morphemes = morphemes or NoMorphemes()
        self._secret = secret
        self._lock = threading.RLock()
        self._open: tuple[Any, PersonHashes] | None = None

    def add(self, entries: Sequence[IndexEntry]) -> int:
        """Add documents, all or none; one that is there is replaced. Return how many were new."""
        # Cut up first: whoever else writes waits for the transaction, and Kiwi takes its time.
        cut = [[self._all_tokens(text) for text in entry.texts] for entry in entries]
        with self._write() as (database, hashes):
            there = _numbers(database, [entry.document_id for entry in entries])
            _remove(database, there.values())
            batches: dict[tuple[str, str], int] = {}
            for entry, pages in zip(entries, cut, strict=True):
                place = (entry.institution, entry.batch)
                if place not in batches:
                    batches[place] = _batch(database, place)
                self._insert(database, hashes, entry, pages, batches[place])
        return len({entry.document_id for entry in entries} - there.keys())

    def remove(self, document_ids: Iterable[str]) -> None:
        """Remove documents; nothing happens for those that are not there."""
        with self._write() as (database, _):
            _remove(database, _numbers(database, document_ids).values())

    def search(
        self,
        query: str = "",
        institution: str | None = None,
        patient_name: str | None = None,
        birth_date: str | None = None,
        resident_number: str | None = None,
        type: str | None = None,
        batch: str | None = None,
        since: str | None = None,
        until: str | None = None,
        chart_no: str | None = None,
        limit: int = 20,
    ) -> list[Hit]:
        """Documents that hold all the query's words on one page and fit every filter, best first.

        Hanja, drugs and abbreviations find their other writings (`aliases.yaml`). Where fewer than
        `limit` are found, those with one misread syllable in a word follow; where nothing is found,
        those with one in each, then, of three words and more, those without one of the words. A
        query without a word in it, beside a filter, lists what the filter gives. Of equals, what
        was indexed last comes first. `since`, `until`: ISO dates, both included.
        """
        filters = Filters(
            institution,
            type,
            batch,
            since,
            until,
            chart_no,
            patient_name,
            birth_date,
            resident_number,
        )
        terms = parse(query)
        hits: dict[str, Hit] = {}
        with self._read() as (database, hashes):
            where = condition(database, hashes, filters)
            if not terms.words:
                return listed(database, where, limit) if where[0] and not query else []
            morphemes = self._morpheme_tokens(query)
            for step in steps(terms, morphemes):
                if len(hits) >= limit or (step.last and hits):
                    break
                for row in _rarest_first(database, step, where, limit):
                    hits.setdefault(row[0], Hit(*row, step.degree + 1 / (2 + len(hits))))
        return list(hits.values())[:limit]

    def _all_tokens(self, text: str) -> str:
        return " ".join((tokens(text), *self._morpheme_tokens(text)))

    def _morpheme_tokens(self, text: str) -> list[str]:
        # No pair of characters and no Latin word looks like this, so neither is found by it.
        # Once each: whether one stands there is asked, not where or how often.
        forms = dict.fromkeys(self._morphemes.of(text))
        return [f"m{form}" for form in forms if not form.isascii()]

    def document_ids(self, institution: str, batch: str | None = None) -> set[str]:
        """Ids of an institution's (or one batch's) documents."""
        sql = "SELECT document_id FROM filed WHERE institution = ?"
        with self._read() as (database, _):
            if batch is None:
                return {row[0] for row in database.execute(sql, (institution,))}
            return {
                row[0] for row in database.execute(sql + " AND batch = ?", (institution, batch))
            }

    def each_document_id(self, institution: str, batch: str) -> Iterator[str]:
        """As `document_ids` of one batch, some at a time: a batch may have a million."""
        sql = (
            "SELECT document_id FROM filed WHERE institution = ? AND batch = ? "
            "AND document_id > ? ORDER BY document_id LIMIT ?"
        )
        last = ""
        while True:
            with self._read() as (database, _):
                rows = database.execute(sql, (institution, batch, last, _AT_ONCE)).fetchall()
            yield from (row[0] for row in rows)
            if len(rows) < _AT_ONCE:
                return
            last = rows[-1][0]

    def those_there(self, institution: str, document_ids: Iterable[str]) -> set[str]:
        """Which of some documents of an institution are here."""
        sql = "SELECT 1 FROM filed WHERE institution = ? AND document_id = ?"
        with self._read() as (database, _):
            return {
                document_id
                for document_id in document_ids
                if database.execute(sql, (institution, document_id)).fetchone()
            }

    def sources(self, institution: str) -> dict[str, str]:
        """What each document of an institution was indexed from (see `source`), by its id."""
        sql = "SELECT document_id, source FROM filed WHERE institution = ?"
        with self._read() as (database, _):
            rows = database.execute(sql, (institution,)).fetchall()
        return {document_id: source.hex() for document_id, source in rows}

    def source(self, content: str) -> str:
        """A name of content and of how this index cuts it up: equal where nothing is to be done."""
        how = f"{VERSION} {self._morphemes.version} {content}"
        return hashlib.sha256(how.encode()).hexdigest()[:32]

    def institutions(self) -> set[str]:
        """Codes of the institutions that have documents here."""
        with self._read() as (database, _):
            return institutions(database)

    def is_there(self) -> bool:
        """Whether the file exists; unlike every other call, this one does not make it."""
        return self._file.exists()

    def count(self) -> int:
        """How many documents there are."""
        with self._read() as (database, _):
            return int(database.execute("SELECT count(*) FROM documents").fetchone()[0])

    def person_hash(self, institution: str, field: str, value: str) -> str:
        """The keyed hash of a person's `patient_name`, `resident_number` or such, in hex.

        For the access log. Empty where nothing is left of the value.
        """
        with self._read() as (_, hashes):
            return (hashes.of(institution, field, value) or b"").hex()

    def persons(
        self, institution: str, documents: Sequence[str] = (), pages: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Keyed hashes, sorted, of those whose documents these are, or whose pages.

        By resident number, else by name, else by chart number; for the access log.
        """
        of_page = (
            "SELECT documents.document_id FROM pages JOIN documents "
            "ON documents.number = pages.document WHERE pages.page_id = ?"
        )
        one = (
            "SELECT coalesce(resident_number, patient_name, chart_no) FROM filed "
            "WHERE document_id = ? AND institution = ?"
        )
        with self._read() as (database, _):
            named = [row[0] for page in pages for row in database.execute(of_page, (page,))]
            found = {
                bytes(row[0]).hex()
                for document in {*documents, *named}
                for row in database.execute(one, (document, institution))
                if row[0]
            }
        return tuple(sorted(found))

    def check(self) -> list[str]:
        """What is wrong with the file, as codes: every encrypted page, tables and words."""
        problems: list[str] = []
        self.close()  # what this process has in memory is not what lies on the disk
        try:
            with self._read() as (database, _):
                if database.execute("PRAGMA cipher_integrity_check").fetchall():
                    problems.append("index_page_damaged")
                if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                    problems.append("index_damaged")
                database.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        except IntegrityError as error:
            problems.append(error.code)
        return problems

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        with self._lock:
            if self._open:
                self._open[0].close()
            self._open = None

    def _insert(
        self,
        database: Any,
        hashes: PersonHashes,
        entry: IndexEntry,
        pages: Sequence[str],
        batch: int,
    ) -> None:
        values = {key: str(field.value) for key, field in entry.fields.items()}
        persons = [hashes.of(entry.institution, name, values.get(name, "")) for name in FIELDS]
        date = values.get("visit_date") or values.get("issue_date")
        about = (entry.document_id, batch, entry.type, date)
        number = database.execute(
            "INSERT INTO documents (document_id, batch, type, date, source, "
            "chart_no, patient_name, resident_number, birth_date) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*about, bytes.fromhex(self.source(entry.content)), *persons),
        ).lastrowid
        for page_id, words in zip(entry.page_ids, pages, strict=True):
            page = database.execute(
                "INSERT INTO pages (document, page_id) VALUES (?, ?)", (number, page_id)
            ).lastrowid
            database.execute("INSERT INTO words (rowid, tokens) VALUES (?, ?)", (page, words))

    @contextmanager
    def _read(self) -> Iterator[tuple[Any, PersonHashes]]:
        with self._lock, translated():
            if self._open is None:
                secret = self._secret()
                database = open_database(self._file, _derived(secret, b"file"))
                self._open = database, PersonHashes(_derived(secret, b"persons"))
            yield self._open

    @contextmanager
    def _write(self) -> Iterator[tuple[Any, PersonHashes]]:
        with self._read() as (database, hashes):
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database, hashes
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return hmac.new(secret, b"giroksil index " + purpose, hashlib.sha256).digest()


def _batch(database: Any, place: tuple[str, str]) -> int:
    database.execute("INSERT OR IGNORE INTO batches (institution, batch) VALUES (?, ?)", place)
    sql = "SELECT number FROM batches WHERE institution = ? AND batch = ?"
    return int(database.execute(sql, place).fetchone()[0])


def _numbers(database: Any, document_ids: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for document_id in document_ids:
        sql = "SELECT number FROM documents WHERE document_id = ?"
        if row := database.execute(sql, (document_id,)).fetchone():
            found[document_id] = row[0]
    return found


def _remove(database: Any, numbers: Iterable[int]) -> None:
    for number in numbers:
        pages = "SELECT number FROM pages WHERE document = ?"
        database.execute(f"DELETE FROM words WHERE rowid IN ({pages})", (number,))  # noqa: S608
        database.execute("DELETE FROM pages WHERE document = ?", (number,))
        database.execute("DELETE FROM documents WHERE number = ?", (number,))


def _rarest_first(database: Any, step: Step, where: Condition, limit: int) -> Iterator[Found]:
    """What a step finds: exact ways in order, of others first the way that finds least."""
    ways = [way for way in dict.fromkeys(step.ways) if way]
    if step.degree < 2:
        every = [matched(database, way, where, limit) for way in ways]
        every.sort(key=len)
        yield from itertools.chain.from_iterable(every)
        return
    for way in ways:
        found = matched(database, way, where, limit)
        yield from found
        if len(found) >= limit:
            return
